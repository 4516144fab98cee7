// One picture, as large as the window, with what can be done with it. Arrow keys go on to its neighbours, Escape closes.

import { element, iconButton } from "./elements.js";
import { shown } from "./dialogs.js";
import { pictureUrl } from "./link.js";
import { drawButton } from "./parts.js";

/** `pictures`: those of a message; `at`: the one to begin with. */
export function openLightbox(ref, pictures, at) {
  const image = element("img", { alt: "" });
  const gone = element("p.missing", { hidden: true }, "This picture is not here any more.");
  image.addEventListener("error", () => (gone.hidden = !(image.hidden = true)));
  const words = element("div.words", { "aria-live": "polite" });
  const doing = element("div.row");
  const close = iconButton("close", "Close", () => dialog.close(), "button.bare.close");
  const many = pictures.length > 1;
  const dialog = element("dialog.lightbox", { "aria-label": "Picture" },
    element("div.stage", { onclick: (event) => event.target === event.currentTarget && dialog.close() },
      many ? iconButton("left", "Previous picture", () => show(at - 1), "button.bare.turn") : null,
      image, gone,
      many ? iconButton("right", "Next picture", () => show(at + 1), "button.bare.turn") : null),
    element("footer", {}, words, doing),
    close);

  function show(next) {
    at = (next + pictures.length) % pictures.length;
    const picture = pictures[at];
    image.hidden = !(gone.hidden = true);
    image.src = picture.src || pictureUrl(picture.artifact, picture.raw ? 0 : 1600);
    image.alt = picture.alt;
    words.replaceChildren(
      element("b", {}, picture.title || picture.alt, many ? element("small", {}, `${at + 1} of ${pictures.length}`) : null),
      picture.text ? element("p", {}, picture.text) : "");
    doing.replaceChildren(...(picture.buttons || []).map((button) => drawButton(ref, button)));
  }

  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft" && many) show(at - 1);
    else if (event.key === "ArrowRight" && many) show(at + 1);
  });
  show(at);
  return shown(dialog);
}
