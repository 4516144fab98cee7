// Where one writes: text, photos, and hints for `/headshot`.

import { takePhoto } from "./camera.js";
import { complain, element, icon, iconButton } from "./elements.js";
import { post, upload } from "./link.js";

const COMMANDS = [
  ["", "choose in a form"],
  ["styles", "all styles"],
  ["status", "what is under way"],
  ["help", "what can be typed"],
  ["cancel", "stop what is under way"],
  ["export", "everything kept of you"],
  ["forget", "destroy everything kept of you"],
];
let made = 0;

export class Composer {
  constructor(conversation, { placeholder, styles, limits }) {
    this.conversation = conversation;
    this.limits = limits;
    this.photos = new Map();
    this.hints = [
      ...styles.map(({ name, title }) => [`/headshot ${name}`, title]),
      ...COMMANDS.map(([word, title]) => [`/headshot ${word}`.trim(), title]),
    ];
    const id = ++made;
    this.field = element("textarea", {
      rows: 1, placeholder, maxLength: limits.typed, "aria-label": placeholder, "aria-autocomplete": "list",
      "aria-controls": `hints-${id}`, enterKeyHint: "send",
      oninput: () => this.typed(), onkeydown: (event) => this.key(event), onblur: () => setTimeout(() => this.showHints([]), 150),
    });
    if (id === 1) this.field.id = "write";
    this.hintList = element("ul.hints", { id: `hints-${id}`, role: "listbox", "aria-label": "Commands", hidden: true });
    this.tray = element("ul.tray", { "aria-label": "Photos to send", hidden: true });
    this.files = element("input", {
      type: "file", multiple: true, accept: "image/*,.heic,.heif,.avif", className: "unseen", tabIndex: -1, "aria-label": "Photos from this device",
      onchange: () => { this.add(this.files.files); this.files.value = ""; },
    });
    this.sender = iconButton("send", "Send", null, "button.send");
    this.sender.type = "submit";
    this.box = element("form.composer", { onsubmit: (event) => { event.preventDefault(); this.send(); } },
      this.hintList,
      element("div.sheet", {},
        this.tray, this.field, this.files,
        element("div.tools", {},
          iconButton("photo", "Add photos", () => this.files.click()),
          iconButton("camera", "Take a photo", () => this.camera()),
          element("span.keys", { "aria-hidden": "true" }, "Enter sends · Shift + Enter for a new line"),
          this.sender)));
    this.typed();
  }

  focus() {
    this.field.focus();
  }

  async camera() {
    const photo = await takePhoto();
    if (photo) this.add([photo]);
    this.focus();
  }

  /** Photos join the tray and go up at once, so that sending is quick. */
  add(files) {
    for (const file of files) {
      if (this.photos.size >= this.limits.photosAtOnce) {
        complain(`${this.limits.photosAtOnce} photos fit into one message. Send these first.`);
        break;
      }
      if (file.size > this.limits.photoBytes) {
        complain(`One of these files is larger than ${this.limits.photoBytes / 1e6} MB. Send it smaller, for example as a JPEG.`);
        continue;
      }
      this.addOne(file);
    }
    this.typed();
    this.focus();
  }

  addOne(file) {
    const key = crypto.randomUUID();
    const photo = { src: URL.createObjectURL(file), artifact: null };
    const image = element("img", { src: photo.src, alt: "" });
    const bar = element("progress", { max: 1, value: 0, "aria-label": "Uploading" });
    const row = element("li", {}, image, bar, iconButton("close", "Remove this photo", () => this.drop(key), "button.bare.remove"));
    image.addEventListener("error", () => image.replaceWith(element("span.tile", {}, icon("photo"), file.name.split(".").pop().slice(0, 5).toUpperCase())));
    photo.row = row;
    photo.done = upload(file, (share) => (bar.value = share)).then(
      (answer) => { photo.artifact = answer.artifact; bar.remove(); },
      (error) => { complain(error.message); this.drop(key); },
    );
    this.photos.set(key, photo);
    this.tray.append(row);
  }

  drop(key) {
    this.photos.get(key)?.row.remove();
    this.photos.delete(key);
    this.typed();
    this.focus();
  }

  typed() {
    this.tray.hidden = !this.photos.size;
    this.sender.disabled = !this.field.value.trim() && !this.photos.size;
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 200)}px`;
    const words = this.field.value.toLowerCase();
    const open = words.startsWith("/") && !words.includes("\n");
    this.showHints(open ? this.hints.filter(([text]) => text.startsWith(words) && text !== words) : []);
  }

  showHints(hints) {
    const rows = hints.map(([text, title], at) =>
      element("li", { role: "option", id: `${this.hintList.id}-${at}`, "aria-selected": "false", data: { text }, onmousedown: (event) => { event.preventDefault(); this.take(text); } },
        element("code", {}, text), element("span", {}, title)));
    this.hintList.replaceChildren(...rows);
    this.hintList.hidden = !rows.length;
    this.select(-1);
  }

  select(at) {
    const rows = [...this.hintList.children];
    this.selected = rows.length && at >= 0 ? at % rows.length : -1;
    rows.forEach((row, index) => row.setAttribute("aria-selected", String(index === this.selected)));
    const row = rows[this.selected];
    if (row) row.scrollIntoView({ block: "nearest" });
    if (row) this.field.setAttribute("aria-activedescendant", row.id);
    else this.field.removeAttribute("aria-activedescendant");
  }

  take(text) {
    this.field.value = text;
    this.typed();
    this.showHints([]);
    this.focus();
  }

  key(event) {
    const hinting = !this.hintList.hidden;
    const chosen = this.hintList.children[this.selected]?.dataset.text;
    if (event.isComposing) return;
    if (hinting && event.key === "ArrowDown") this.select(this.selected + 1);
    else if (hinting && event.key === "ArrowUp") this.select(this.selected <= 0 ? this.hintList.childElementCount - 1 : this.selected - 1);
    else if (hinting && event.key === "Tab" && !event.shiftKey) this.take(chosen || this.hintList.firstElementChild.dataset.text);
    else if (hinting && event.key === "Enter" && chosen) this.take(chosen);
    else if (hinting && event.key === "Escape") this.showHints([]);
    else if (event.key === "Enter" && !event.shiftKey) this.send();
    else return;
    event.preventDefault();
  }

  /** Send what is there; it stands in the conversation at once and settles when it arrived. */
  async send() {
    const text = this.field.value.trim();
    const photos = [...this.photos.values()];
    if (!text && !photos.length) return;
    this.photos.clear();
    this.tray.replaceChildren();
    this.field.value = "";
    this.typed();
    const id = crypto.randomUUID();
    const go = async () => {
      await Promise.all(photos.map((photo) => photo.done));
      const attachments = photos.map((photo) => photo.artifact).filter(Boolean);
      if (!text && !attachments.length) return this.conversation.settle(id);
      try {
        await post("/messages", { conversation: this.conversation.name, text, attachments }, id);
        photos.forEach((photo) => setTimeout(() => URL.revokeObjectURL(photo.src), 60000));
      } catch (error) {
        this.conversation.fail(id, error.message);
      }
    };
    this.conversation.expect(id, text, photos.map((photo) => photo.src), go);
    await go();
  }

  /** As if somebody had dropped this file and pressed Send. */
  async sendFile(file) {
    this.add([file]);
    await this.send();
  }
}
