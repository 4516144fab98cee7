// Draws the parts of a message, and puts a changed message in the place of the one that stands there without touching what
// stayed the same: focus, scrolling and pictures that are loaded already survive an edit.

import { element, icon, iconButton, complain } from "./elements.js";
import { confirmed } from "./dialogs.js";
import { openLightbox } from "./lightbox.js";
import { fileUrl, pictureUrl, post } from "./link.js";

const SHOWN_BUTTONS = 3;
const WORDS = { good: "Good", fair: "Fair", bad: "Poor", open: "" };
/** Messages in which a button was pressed a moment ago: what is answered below them is pointed out. */
export const pressedNow = new Map();
const verbOf = (button) => button.action.split(":")[0];

/** Press a button of a message. */
export async function press(ref, button, pressedOn) {
  if (button.link) {
    open(button.link, "_blank", "noopener,noreferrer");
    return;
  }
  if (button.confirm && !(await confirmed(button.confirm, button.label, button.look === "danger"))) return;
  pressedOn.setAttribute("aria-busy", "true");
  pressedNow.set(ref, Date.now());
  const pause = new Promise((resolve) => setTimeout(resolve, 500));
  try {
    await post("/presses", { ref, action: button.action });
  } catch (error) {
    complain(error.message);
  }
  await pause;
  pressedOn.removeAttribute("aria-busy");
}

export function drawButton(ref, button, kind = "button.button") {
  const label = button.hint ? `${button.label} – ${button.hint}` : null;
  const onclick = (event) => {
    const pressedOn = event.currentTarget;
    if (!pressedOn.hasAttribute("aria-busy")) press(ref, button, pressedOn);
  };
  return element(
    kind,
    { type: "button", "aria-label": label, data: { look: button.look, keep: button.action }, onclick },
    element("span", {}, button.label),
  );
}

let menus = 0;
/** A row of buttons; those that are too many for a card move into a menu. */
function drawRow(ref, buttons, most = Infinity) {
  const row = element("div.row");
  const shown = buttons.length > most ? buttons.slice(0, most - 1) : buttons;
  row.append(...shown.map((button) => drawButton(ref, button)));
  if (shown.length < buttons.length) {
    const id = `menu-${++menus}`;
    const menu = element("div.menu", { id, popover: "auto" });
    menu.append(...buttons.slice(shown.length).map((button) => drawButton(ref, button, "button.choice")));
    menu.addEventListener("click", () => menu.hidePopover());
    const opener = iconButton("more", "More to do", null, "button.button.dots");
    opener.setAttribute("popovertarget", id);
    opener.dataset.keep = `menu:${buttons[0].action}`;
    menu.addEventListener("beforetoggle", (event) => {
      if (event.newState !== "open") return;
      const place = opener.getBoundingClientRect();
      const height = 44 * menu.childElementCount + 16;
      const top = place.bottom + height > innerHeight ? place.top - height - 4 : place.bottom + 4;
      menu.style.top = `${Math.max(8, top)}px`;
      menu.style.left = `${Math.max(8, Math.min(place.left, innerWidth - 216))}px`;
    });
    row.append(opener, menu);
  }
  return row;
}

const DRAW = {
  text: (ref, part) => {
    const kind = { heading: "h2.heading", plain: "p.plain", small: "p.small" }[part.look];
    return element(kind, {}, part.text);
  },
  buttons: (ref, part) => drawRow(ref, part.buttons),
  items: (ref, part) => element("ul.items", {}, ...part.items.map((item) => drawItem(ref, item))),
  file: (ref, part) =>
    element(
      "a.file",
      { href: fileUrl(part.artifact), download: part.name, data: { keep: part.artifact } },
      icon("file"),
      element("span", {}, element("b", {}, part.name), element("small", {}, "Download")),
    ),
  bar: (ref, part) => {
    const track = element("div.track", { role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100" }, element("i"));
    return fillBar(element("div.bar", {}, element("p", {}), track), part);
  },
  gallery: (ref, part) => {
    const grid = element("div.gallery");
    return fillGallery(grid, ref, part);
  },
};

function drawItem(ref, item) {
  const mark = element("span.mark", { data: { outcome: item.outcome } });
  if (item.outcome !== "open") mark.append(icon(item.outcome), element("span", {}, WORDS[item.outcome]));
  const words = element("div.words", {}, element("b", {}, item.title));
  if (item.text) words.append(element("p", {}, item.text));
  if (item.buttons.length) words.append(drawRow(ref, item.buttons));
  return element("li", { data: { outcome: item.outcome } }, mark, words);
}

function fillBar(bar, part) {
  const [label, track] = bar.children;
  const percent = Math.round(part.share * 100);
  if (label.textContent !== part.label) label.textContent = part.label;
  track.setAttribute("aria-valuenow", percent);
  track.setAttribute("aria-valuetext", part.label);
  track.setAttribute("aria-label", "Progress");
  track.firstElementChild.style.width = `${percent}%`;
  return bar;
}

function fillGallery(grid, ref, part) {
  grid.dataset.count = part.pictures.length;
  const old = new Map([...grid.children].map((card) => [card.dataset.artifact, card]));
  const cards = part.pictures.map((picture, at) => {
    const card = old.get(picture.artifact) || drawCard(picture);
    old.delete(picture.artifact);
    const drawn = JSON.stringify([ref, at, picture]);
    if (card.dataset.drawn !== drawn) fillCard(card, ref, part.pictures, at);
    card.dataset.drawn = drawn;
    return card;
  });
  for (const gone of old.values()) gone.remove();
  cards.forEach((card, at) => grid.children[at] !== card && grid.insertBefore(card, grid.children[at] || null));
  return grid;
}

function drawCard(picture) {
  const image = element("img", { src: pictureUrl(picture.artifact, 960), alt: picture.alt, decoding: "async" });
  if (picture.width) Object.assign(image, { width: picture.width, height: picture.height });
  const open = element("button.print", { type: "button", data: { keep: `open:${picture.artifact}` } }, image);
  image.addEventListener("error", () => open.replaceChildren(element("span.missing", {}, "This picture is not here any more.")));
  return element("figure.card", { data: { artifact: picture.artifact } }, open, element("figcaption"));
}

function fillCard(card, ref, pictures, at) {
  const picture = pictures[at];
  const [open, caption] = card.children;
  if (picture.width) card.style.setProperty("--frame", Math.min(Math.max(picture.width / picture.height, 0.6), 2.4));
  open.setAttribute("aria-label", `Open large: ${picture.alt}`);
  open.onclick = () => openLightbox(ref, pictures, at);
  card.querySelector(".star")?.remove();
  const star = picture.buttons.find((button) => verbOf(button) === "favourite");
  if (star) card.append(drawStar(ref, star, picture.marked));
  else if (picture.marked) card.append(element("span.star", { role: "img", "aria-label": "Favourite", data: { marked: "true" } }, icon("star")));
  const rest = picture.buttons.filter((button) => button !== star);
  caption.replaceChildren(
    ...(picture.title ? [element("b.title", {}, picture.title)] : []),
    ...(picture.text ? [element("p.why", {}, picture.text)] : []),
    ...(rest.length ? [drawRow(ref, rest, SHOWN_BUTTONS)] : []),
  );
}

export function drawStar(ref, button, marked) {
  const star = iconButton("star", button.label, null, "button.star");
  star.dataset.keep = button.action.split(".").slice(0, -1).join(".");
  star.dataset.marked = marked;
  if (button.hint) star.setAttribute("aria-label", `${button.label} – ${button.hint}`);
  star.addEventListener("click", () => star.hasAttribute("aria-busy") || press(ref, button, star));
  return star;
}

/** Pictures that follow one another stand side by side. */
function grouped(parts) {
  const groups = [];
  for (const part of parts) {
    const last = groups.at(-1);
    if (part.part !== "picture") groups.push(part);
    else if (last?.part === "gallery") last.pictures.push(part);
    else groups.push({ part: "gallery", pictures: [part] });
  }
  return groups;
}

/** Draw the parts into `box`, or put them in the place of those that stand there. */
export function fillParts(box, ref, parts) {
  const active = box.contains(document.activeElement) ? document.activeElement : null;
  const kept = active?.dataset.keep;
  grouped(parts).forEach((group, at) => {
    const stands = box.children[at];
    const drawn = JSON.stringify(group);
    if (stands?.drawn === drawn) return;
    const same = stands?.dataset.part === group.part;
    let made = stands;
    if (same && group.part === "bar") fillBar(stands, group);
    else if (same && group.part === "gallery") fillGallery(stands, ref, group);
    else {
      made = DRAW[group.part](ref, group);
      if (stands) stands.replaceWith(made);
      else box.append(made);
    }
    made.drawn = drawn;
    made.dataset.part = group.part;
  });
  while (box.childElementCount > grouped(parts).length) box.lastElementChild.remove();
  if (active && !active.isConnected) {
    const again = kept && [...box.querySelectorAll("[data-keep]")].find((each) => each.dataset.keep === kept);
    (again || box.closest("[tabindex]"))?.focus({ preventScroll: true });
  }
}
