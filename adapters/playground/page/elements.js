// Makes elements. Text always arrives as text, never as markup.

/** `element("p.small", {title: "…", onclick: …}, "words", child, …)`; what is null or false is left out. */
export function element(kind, options = {}, ...children) {
  const [tag, ...classes] = kind.split(".");
  const made = document.createElement(tag || "div");
  if (classes.length) made.className = classes.join(" ");
  for (const [name, value] of Object.entries(options)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(made.dataset, value);
    else if (name in made && !name.includes("-") && name !== "list" && name !== "form") made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export function icon(name) {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(namespace, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** A button that shows nothing but an icon. */
export function iconButton(name, label, onclick, kind = "button.bare") {
  return element(kind, { type: "button", "aria-label": label, title: label, onclick }, icon(name));
}

export function clockTime(seconds) {
  const then = new Date(seconds * 1000);
  const time = then.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  if (then.toDateString() === new Date().toDateString()) return time;
  return `${then.toLocaleDateString([], { day: "numeric", month: "short" })}, ${time}`;
}

export const counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

let hiding;
/** Something went wrong: said at the bottom, and by screen readers at once. */
export function complain(sentence) {
  const toast = document.getElementById("toast");
  toast.textContent = sentence;
  clearTimeout(hiding);
  hiding = setTimeout(() => (toast.textContent = ""), 8000);
}

/** Something came elsewhere on the page: said at the bottom, with a way to get there. */
export function point(sentence, label, go) {
  complain(sentence);
  const open = element("button.link", { type: "button", onclick: () => (complain(""), go()) }, label);
  document.getElementById("toast").append(" ", open);
}

/** Said by screen readers when they are done with what they are reading. */
export function announce(sentence) {
  const log = document.getElementById("log");
  log.append(element("p", {}, sentence));
  while (log.childElementCount > 20) log.firstElementChild.remove();
}
