// Puts the page together: who one is, which conversation is open, what arrives.

import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { openForm } from "./dialogs.js";
import { complain, element, icon, iconButton, point } from "./elements.js";
import { get, listen, user } from "./link.js";
import { pressedNow } from "./parts.js";

const WRITING_MS = 30000;
const ANSWERED_MS = 30000;
const startedAt = Date.now();
const page = Object.fromEntries(["frame", "side", "places", "cast", "room", "panel", "veil", "drop", "theme", "reach"].map((id) => [id, document.getElementById(id)]));
const channels = new Map();
let state;
let open = null;
let thread = null;

const me = () => state.cast.find((each) => each.user === user);
const titleOf = (channel) => (channel.kind === "channel" ? `#${channel.title}` : channel.title);

// ---- places

function build(channel) {
  const direct = channel.kind === "direct";
  const conversation = new Conversation(channel.name, { onthread: (ref) => (location.hash = ref), empty: direct ? welcome() : hush(channel) });
  const composer = new Composer(conversation, {
    placeholder: direct ? "Message Headroom, or type / for commands" : `Message ${titleOf(channel)}`,
    styles: state.styles, limits: state.limits,
  });
  const writing = element("p.writing", { role: "status" });
  const head = element("header.top", {},
    iconButton("menu", "Show conversations", () => showSide(true), "button.bare.menu-opener"),
    element("h1", {}, titleOf(channel)),
    element("p", {}, direct ? "Only you and Headroom can read this" : "Everybody reads along"),
    element("span.offline", { role: "status" }));
  const place = { channel, conversation, composer, writing, head, unread: 0, seen: new Set() };
  if (direct) conversation.empty.wire(composer);
  return place;
}

function hush(channel) {
  return element("div.empty", {}, element("h2", {}, titleOf(channel)),
    element("p", {}, "Alex, Sam, Hanna and Gus are here, and Headroom listens. For your own photos, use the direct message: nobody else sees them there."));
}

function welcome() {
  const sample = element("button.button", { type: "button" }, "Use the sample sitter");
  const choose = element("button.button", { type: "button", data: { look: "primary" } }, "Choose photos");
  const camera = element("button.button", { type: "button" }, "Take one now");
  const box = element("div.empty", {},
    element("p.hello", {}, `Hello ${me().name}`),
    element("h2", {}, "Headshots from the photos you already have"),
    element("ol.steps", {},
      element("li", {}, element("b", {}, "Send photos of yourself"), element("span", {}, "One to twelve. Drop them anywhere, paste them, or take one now.")),
      element("li", {}, element("b", {}, "Ask for a style"), element("span", {}, "Type ", element("code", {}, "/headshot corporate"), " and watch the stages.")),
      element("li", {}, element("b", {}, "Pick your favourites"), element("span", {}, "Ranked, with the reason beside each, and buttons for more."))),
    element("div.row", {}, choose, camera, sample),
    element("p.small", {}, "No photo at hand? The sample sitter is the astronaut Eileen Collins, in NASA’s public-domain portrait. Photos are kept encrypted and expire by themselves."));
  box.wire = (composer) => {
    choose.onclick = () => composer.files.click();
    camera.onclick = () => composer.camera();
    sample.onclick = async () => {
      sample.disabled = true;
      try {
        const answer = await fetch("/sample.png");
        if (!answer.ok) throw new Error("The sample sitter is not installed here. Choose a photo of your own.");
        await composer.sendFile(new File([await answer.blob()], "sample.png", { type: "image/png" }));
      } catch (error) {
        complain(error.message);
      }
      sample.disabled = false;
    };
  };
  return box;
}

function drawCast() {
  page.cast.replaceChildren(...state.cast.map((each) =>
    element("li", {}, element("a", { href: `/?as=${each.user}`, "aria-current": each.user === user ? "true" : null },
      element("span.face", { "aria-hidden": "true", data: { user: each.user } }, each.name[0]),
      element("span", {}, each.name), element("small", {}, each.role)))));
}

function drawPlaces() {
  page.places.replaceChildren(...state.channels.map((channel) =>
    element("li", {}, element("a", { href: `#${channel.name}` },
      channel.kind === "channel" ? icon("channel") : element("img", { src: "/mark.svg", alt: "", width: 22, height: 22 }),
      element("span", {}, channel.title), element("span.count", { hidden: true })))));
}

/** What is open and what is new; the links themselves stay, and with them the focus. */
function drawSide() {
  state.channels.forEach((channel, at) => {
    const link = page.places.children[at].firstElementChild;
    if (open?.channel.name === channel.name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    const { unread } = channels.get(channel.name);
    const count = link.lastElementChild;
    count.hidden = !unread;
    count.textContent = unread ? `${unread} new` : "";
  });
  const unread = [...channels.values()].reduce((sum, place) => sum + place.unread, 0);
  document.title = `${unread ? `(${unread}) ` : ""}${open ? titleOf(open.channel) : "Headroom"} – Headroom playground`;
}

// ---- what is open

async function route() {
  const name = decodeURIComponent(location.hash.slice(1)) || state.channels[0].name;
  const [channel, number] = name.split(":");
  if (!channels.has(channel)) return (location.hash = state.channels[0].name);
  showSide(false);
  await openChannel(channels.get(channel));
  if (number) await openThread(name);
  else closeThread();
}

async function openChannel(place) {
  place.unread = 0;
  if (open !== place) {
    open = place;
    page.room.replaceChildren(place.head, place.conversation.box, place.writing, place.composer.box);
    if (!place.conversation.loaded) await place.conversation.load().catch((error) => complain(error.message));
    else place.conversation.toEnd();
    if (matchMedia("(hover: hover)").matches) place.composer.focus();
  }
  drawSide();
}

async function openThread(name) {
  if (thread?.conversation.name === name) return;
  const conversation = new Conversation(name);
  const composer = new Composer(conversation, { placeholder: "Reply", styles: state.styles, limits: state.limits });
  const place = { conversation, composer };
  thread = place;
  try {
    await conversation.load();
  } catch {
    return closeThread(true);
  }
  if (thread !== place) return;
  open.conversation.items.get(name)?.row.querySelector(".replies").removeAttribute("data-news");
  page.panel.replaceChildren(
    element("header.top", {}, element("h2", {}, "Thread"), element("p", {}, titleOf(open.channel)), iconButton("close", "Close the thread", () => closeThread(true))),
    conversation.box, composer.box);
  page.panel.hidden = false;
  page.frame.dataset.thread = "open";
  conversation.toEnd();
  composer.focus();
}

function closeThread(goBack = false) {
  const was = thread?.conversation.name;
  thread = null;
  page.panel.hidden = true;
  delete page.frame.dataset.thread;
  if (!goBack) return;
  location.hash = open.channel.name;
  open.conversation.items.get(was)?.row.querySelector(".replies").focus({ preventScroll: true });
}

function showSide(shown) {
  page.frame.dataset.side = shown ? "open" : "";
  page.veil.hidden = !shown;
  if (shown) page.side.querySelector("a").focus();
}

// ---- what arrives

const HEAR = {
  message(message) {
    const [channel, below] = message.conversation.split(":");
    const place = channels.get(channel);
    if (!place) return;
    if (place.conversation.loaded && place.conversation.holds(message)) place.conversation.hear(message);
    if (thread?.conversation.holds(message)) thread.conversation.hear(message);
    const row = thread && open.conversation.items.get(thread.conversation.name)?.row;
    row?.querySelector(".replies").removeAttribute("data-news");
    const fresh = message.author !== user && !message.gone && message.at * 1000 > startedAt && !place.seen.has(message.ref);
    place.seen.add(message.ref);
    if (fresh && message.author === "") answered(message.conversation);
    if (fresh && !below && (place !== open || document.hidden)) place.unread += 1;
    drawSide();
  },
  writing({ channel, on }) {
    const place = channels.get(channel);
    if (!place) return;
    clearTimeout(place.quiet);
    place.writing.replaceChildren(...(on ? [element("span.dots", { "aria-hidden": "true" }, element("i"), element("i"), element("i")), "Headroom is writing…"] : []));
    if (on) place.quiet = setTimeout(() => HEAR.writing({ channel, on: false }), WRITING_MS);
  },
  form: openForm,
  online(on) {
    for (const { head } of channels.values()) head.querySelector(".offline").textContent = on ? "" : "Headroom does not answer. Trying again…";
  },
};

/** Whoever pressed a button high up in a gallery does not see that there is an answer in the thread below it. */
function answered(above) {
  const since = Date.now() - (pressedNow.get(above) || 0);
  pressedNow.delete(above);
  if (since > ANSWERED_MS || thread?.conversation.name === above) return;
  point("Headroom answered in the thread.", "Open it", () => (location.hash = above));
}

// ---- photos from anywhere

function target() {
  return thread && page.panel.contains(document.activeElement) ? thread.composer : open.composer;
}

function wirePhotos() {
  let depth = 0;
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragenter", (event) => carries(event) && ++depth && page.drop.classList.add("on"));
  addEventListener("dragleave", (event) => carries(event) && --depth <= 0 && page.drop.classList.remove("on"));
  addEventListener("dragover", (event) => carries(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    depth = 0;
    page.drop.classList.remove("on");
    target().add(event.dataTransfer.files);
  });
  addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files || [])];
    if (!files.length) return;
    event.preventDefault();
    target().add(files);
  });
}

function wireRest() {
  page.theme.onclick = () => {
    const dark = getComputedStyle(document.documentElement).colorScheme === "dark" || (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
    document.documentElement.dataset.theme = dark ? "light" : "dark";
    localStorage.setItem("headroom-theme", document.documentElement.dataset.theme);
  };
  page.veil.onclick = () => showSide(false);
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || document.querySelector("dialog[open], :popover-open")) return;
    if (page.frame.dataset.side === "open") showSide(false);
    else if (thread) closeThread(true);
  });
  addEventListener("visibilitychange", () => {
    if (!document.hidden && open) open.unread = 0;
    if (state) drawSide();
  });
  addEventListener("hashchange", route);
}

async function start() {
  try {
    state = await get("/state");
  } catch (error) {
    return complain(error.message);
  }
  for (const channel of state.channels) channels.set(channel.name, build(channel));
  drawPlaces();
  drawCast();
  page.reach.textContent = state.local ? "On this machine only" : "Whoever opens this page can be anybody";
  wirePhotos();
  wireRest();
  listen(state, (name, data) => HEAR[name](data));
  await route();
  document.body.dataset.ready = "true";
}

start();
