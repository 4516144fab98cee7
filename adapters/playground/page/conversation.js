// One conversation on the page: a channel or a thread, kept up to date in place.

import { announce, clockTime, complain, counted, element, icon, iconButton } from "./elements.js";
import { openLightbox } from "./lightbox.js";
import { get, pictureUrl } from "./link.js";
import { fillParts } from "./parts.js";

const NEAR_PX = 120;
const HIDDEN_PX = 24;
const TOGETHER_S = 300;
const DRAWABLE = new Set(["image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"]);

export class Conversation {
  /** `onthread(ref)`: somebody wants to see the thread below a message; null inside a thread. */
  constructor(name, { onthread = null, empty = null } = {}) {
    this.name = name;
    this.onthread = onthread;
    this.items = new Map();
    this.pending = new Map();
    this.list = element("ol.messages");
    this.earlier = element("button.button.earlier", { type: "button", hidden: true, onclick: () => this.loadEarlier() }, "Show earlier messages");
    this.empty = empty;
    const further = () => this.box.scrollBy({ top: 0.8 * this.box.clientHeight, behavior: "smooth" });
    this.further = element("button.bare.further", { type: "button", tabIndex: -1, "aria-hidden": "true", title: "More below", hidden: true, onclick: further }, icon("down"));
    this.box = element("div.scroll", { tabIndex: 0, role: "region", "aria-label": onthread ? "Messages" : "Thread", onscroll: () => this.look() }, this.earlier, empty, this.list, this.further);
    new ResizeObserver(() => this.look()).observe(this.list);
    if (empty) empty.hidden = true;
  }

  async load() {
    const page = await get(`/conversations/${this.name}`);
    if (page.above) this.put(page.above, true);
    for (const message of page.messages) this.put(message, true);
    this.earlier.hidden = !page.earlier;
    this.loaded = true;
    this.arrange();
    this.toEnd();
  }

  async loadEarlier() {
    const first = [...this.items.values()].map((item) => item.message).find((message) => message.ref !== this.name);
    const from = this.box.scrollHeight - this.box.scrollTop;
    try {
      const page = await get(`/conversations/${this.name}?before=${first.number}`);
      for (const message of page.messages) this.put(message, true);
      this.earlier.hidden = !page.earlier;
    } catch (error) {
      complain(error.message);
    }
    this.arrange();
    this.box.scrollTop = this.box.scrollHeight - from;
  }

  /** True when a message belongs here. */
  holds(message) {
    return message.conversation === this.name || message.ref === this.name;
  }

  /** A message is new or has changed. */
  hear(message) {
    const stick = this.atEnd();
    const isNew = this.put(message);
    if (!isNew && !this.items.has(message.ref)) return;
    this.arrange();
    const item = this.items.get(message.ref);
    if (stick && item) this.follow(item.row);
  }

  /** Draw a message where it belongs by number; true when it was not there before. */
  put(message, quietly = false) {
    const stands = this.items.get(message.ref);
    if (stands && stands.message.change >= message.change) return false;
    this.settle(message.id);
    if (message.gone && !(message.replies > 0)) {
      stands?.row.remove();
      this.items.delete(message.ref);
      return false;
    }
    const row = stands?.row || this.drawRow(message);
    this.fillRow(row, message);
    const words = spoken(message);
    if (!quietly && message.author === "" && words !== (stands && spoken(stands.message))) announce(`Headroom: ${words}`);
    this.items.set(message.ref, { row, message });
    if (!stands) {
      this.items = new Map([...this.items].sort(([, a], [, b]) => a.message.number - b.message.number));
      const after = [...this.items.values()].find((item) => item.message.number > message.number);
      this.list.insertBefore(row, after ? after.row : [...this.pending.values()][0] || null);
    }
    return !stands;
  }

  drawRow(message) {
    const bot = message.author === "";
    const face = bot
      ? element("img.face", { src: "/mark.svg", alt: "", width: 36, height: 36 })
      : element("span.face", { "aria-hidden": "true", data: { user: message.author } }, message.name[0]);
    const head = element("div.head", {},
      element("b", {}, message.name),
      bot ? element("span.tag", {}, "App") : null,
      element("time", { dateTime: new Date(message.at * 1000).toISOString() }, clockTime(message.at)),
      element("span.only", { hidden: true }, "Only visible to you"));
    const replies = element("button.replies", { type: "button", hidden: true, onclick: () => this.onthread(message.ref) });
    const tools = this.onthread
      ? element("div.tools", {}, iconButton("thread", "Reply in a thread", () => this.onthread(message.ref)))
      : null;
    return element("li.message", { tabIndex: -1, data: { ref: message.ref, author: message.author || "bot" } },
      face, element("div.body", {}, head, element("div.said"), element("div.parts"), replies), tools);
  }

  fillRow(row, message) {
    const said = row.querySelector(".said");
    const drawn = JSON.stringify([message.gone, message.text, message.photos]);
    if (said.drawn !== drawn) {
      said.drawn = drawn;
      said.replaceChildren(...(message.gone ? [element("p.small", {}, "This message was removed.")] : drawSaid(message)));
    }
    fillParts(row.querySelector(".parts"), message.ref, message.parts);
    row.querySelector(".only").hidden = !message.onlyYou;
    const replies = row.querySelector(".replies");
    if (replies && this.onthread) {
      const more = message.replies > Number(replies.dataset.count || message.replies);
      replies.dataset.count = message.replies;
      replies.hidden = !message.replies;
      replies.replaceChildren(icon("thread"), counted(message.replies, "reply").replace("replys", "replies"));
      if (more) replies.dataset.news = "true";
    } else if (replies) replies.hidden = true;
    row.dataset.above = String(message.ref === this.name);
  }

  /** Messages of one author that follow one another closely show the name once. */
  arrange() {
    let last = null;
    for (const { row, message } of this.items.values()) {
      const together = last && last.author === message.author && message.at - last.at < TOGETHER_S && last.ref !== this.name && !message.onlyYou;
      row.dataset.together = String(Boolean(together));
      last = message;
    }
    if (this.empty) this.empty.hidden = !this.loaded || this.items.size + this.pending.size > 0;
  }

  /** What somebody just sent, until it is there. */
  expect(id, text, photos, again) {
    const row = element("li.message.pending", { data: { author: "me" } }, element("span.face"),
      element("div.body", {},
        element("div.said", {}, ...(text ? [element("p.plain", {}, text)] : []),
          ...(photos.length ? [element("div.photos", {}, ...photos.map((src) => element("img.photo", { src, alt: "" })))] : [])),
        element("p.small.fate", {}, "Sending…")));
    row.again = again;
    this.pending.set(id, row);
    this.list.append(row);
    this.arrange();
    this.toEnd();
  }

  /** It is there, or was thrown away. */
  settle(id) {
    this.pending.get(id)?.remove();
    this.pending.delete(id);
  }

  /** It did not arrive: the person decides. */
  fail(id, sentence) {
    const row = this.pending.get(id);
    if (!row) return complain(sentence);
    const discard = () => (this.settle(id), this.arrange());
    row.querySelector(".fate").replaceChildren(element("span.problem", { role: "alert" }, `Not sent. ${sentence} `),
      element("button.link", { type: "button", onclick: () => row.again() }, "Try again"), " ",
      element("button.link", { type: "button", onclick: discard }, "Throw away"));
  }

  atEnd(near = NEAR_PX) {
    return this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < near;
  }

  /** Whether there is more below than can be seen, such as the buttons of a long message. */
  look() {
    this.further.hidden = this.atEnd(HIDDEN_PX);
  }

  toEnd() {
    this.box.scrollTop = this.box.scrollHeight;
  }

  /** Keep the end in view; of what is higher than the window, its beginning. */
  follow(row) {
    if (row.offsetHeight > this.box.clientHeight - 40) this.box.scrollTop = row.offsetTop - 16;
    else this.toEnd();
  }
}

/** What a screen reader says of it: each stage once, not every picture that is counted. */
function spoken(message) {
  const counts = message.parts.some((part) => part.part === "bar");
  return counts ? message.summary.replace(/,? \d+ of \d+/, "") : message.summary;
}

function drawSaid(message) {
  if (message.author === "") return [];
  const said = [];
  if (message.text) {
    const command = message.text.startsWith("/");
    said.push(element(command ? "code.command" : "p.plain", {}, message.text));
  }
  const photos = message.photos || [];
  const pictures = photos.filter((photo) => DRAWABLE.has(photo.mediaType)).map((photo, at) => ({
    artifact: photo.artifact, alt: `Photo ${at + 1} from ${message.name}`, raw: true, buttons: [],
  }));
  const tiles = photos.map((photo) => {
    const at = pictures.findIndex((picture) => picture.artifact === photo.artifact);
    if (at < 0) return element("span.tile", {}, icon("photo"), photo.mediaType.split("/")[1].toUpperCase().replace("OCTET-STREAM", "File"));
    const image = element("img.photo", { src: pictureUrl(photo.artifact), alt: pictures[at].alt, decoding: "async" });
    const open = element("button.open", { type: "button", "aria-label": `Open ${pictures[at].alt}`, onclick: () => openLightbox(message.ref, pictures, at) }, image);
    image.addEventListener("error", () => open.replaceWith(element("span.tile", {}, icon("photo"), "Gone")));
    return open;
  });
  if (tiles.length) said.push(element("div.photos", {}, ...tiles));
  return said;
}
