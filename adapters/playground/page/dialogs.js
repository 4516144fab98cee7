// Dialogs: a question before something counts, and forms. The browser keeps the focus inside and gives it back.

import { complain, element, iconButton } from "./elements.js";
import { exampleUrl, post, upload } from "./link.js";

const CARDS_UP_TO = 40;
let made = 0;

/** Show a dialog until it closes; resolves with its return value. */
export function shown(dialog) {
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
}

/** Ask before something counts. */
export async function confirmed(question, yes, danger) {
  const id = `question-${++made}`;
  const dialog = element("dialog.ask", { "aria-labelledby": id, role: "alertdialog" });
  const form = element("form", { method: "dialog" },
    element("p", { id }, question),
    element("div.row.end", {},
      element("button.button", { value: "no", autofocus: true }, "Cancel"),
      element("button.button", { value: "yes", data: { look: danger ? "danger-full" : "primary" } }, yes)));
  dialog.append(form);
  return (await shown(dialog)) === "yes";
}

/** A form of the bot. The same one again changes nothing while it is open. */
export function openForm(form) {
  if (document.querySelector(`dialog[data-form="${CSS.escape(form.form)}"]`)) return;
  const titleId = `form-${++made}`;
  const fields = form.fields.map(drawField);
  const problem = element("p.problem", { role: "alert" });
  const submit = element("button.button", { data: { look: "primary" } }, form.submit);
  const dialog = element("dialog.form", { "aria-labelledby": titleId, data: { form: form.form } });
  const body = element("form", { method: "dialog", autocomplete: "off" },
    element("header", {}, element("h2", { id: titleId }, form.title), iconButton("close", "Close", () => dialog.close())),
    element("div.fields", {}, ...fields.map((field) => field.box)),
    problem,
    element("div.row.end", {}, element("button.button", { type: "button", onclick: () => dialog.close() }, "Cancel"), submit));
  const id = crypto.randomUUID();
  body.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    problem.textContent = "";
    try {
      const filled = { values: {}, files: {} };
      for (const field of fields) {
        if (field.files) filled.files[field.name] = await field.files();
        else filled.values[field.name] = field.value();
      }
      await post("/forms", { trigger: form.trigger, conversation: form.conversation, form: form.form, ...filled }, id);
      dialog.close();
    } catch (error) {
      problem.textContent = error.message;
    }
    submit.disabled = false;
  });
  dialog.append(body);
  shown(dialog).catch((error) => complain(error.message));
}

function drawField(blank) {
  const id = `field-${++made}`;
  if (blank.kind === "choice" || blank.kind === "channel") return drawChoice(blank, id);
  if (blank.kind === "photos") return drawPhotos(blank, id);
  const hint = blank.hint ? element("small", { id: `${id}-hint` }, blank.hint) : null;
  const options = { id, name: blank.name, value: blank.value, required: !blank.optional };
  if (hint) options["aria-describedby"] = hint.id;
  const input = blank.kind === "number"
    ? element("input", { ...options, type: "number", step: 1, min: blank.least, max: blank.most, inputMode: "numeric" })
    : element("input", { ...options, type: "text", maxLength: blank.longest });
  const label = element("label", { htmlFor: id }, blank.label, blank.optional ? element("i", {}, "optional") : null);
  const box = element(`div.field.${blank.kind}`, {}, label, blank.kind === "number" ? stepper(input) : input, hint);
  return { name: blank.name, box, value: () => input.value.trim() };
}

function drawPhotos(blank, id) {
  const hint = element("small", { id: `${id}-hint` }, blank.hint);
  const input = element("input", {
    id, type: "file", multiple: true, accept: "image/*,.heic,.heif,.avif", required: !blank.optional, "aria-describedby": hint.id,
    onchange: () => input.setCustomValidity(input.files.length > blank.most ? `Choose ${blank.most} photos at most.` : ""),
  });
  const label = element("label", { htmlFor: id }, blank.label, blank.optional ? element("i", {}, "optional") : null);
  const files = async () => {
    const answers = [];
    for (const file of input.files) answers.push(await upload(file, () => {}));
    return answers.map((answer) => answer.artifact);
  };
  return { name: blank.name, box: element("div.field.photos", {}, label, input, hint), files };
}

function stepper(input) {
  const step = (by) => () => (by > 0 ? input.stepUp() : input.stepDown());
  return element("div.stepper", {},
    element("button.button", { type: "button", "aria-label": "One less", onclick: step(-1) }, "−"),
    input,
    element("button.button", { type: "button", "aria-label": "One more", onclick: step(1) }, "+"));
}

function drawChoice(blank, id) {
  const asCards = blank.options.length <= CARDS_UP_TO;
  const hint = blank.hint ? element("small", {}, blank.hint) : null;
  if (!asCards) {
    const select = element("select", { id, name: blank.name, required: !blank.optional },
      ...blank.options.map((option) => element("option", { value: option.value, selected: option.value === blank.value }, option.label)));
    const box = element("div.field", {}, element("label", { htmlFor: id }, blank.label), select, hint);
    return { name: blank.name, box, value: () => select.value };
  }
  const cards = blank.options.map((option) =>
    element("label.option", {},
      element("input", { type: "radio", name: blank.name, value: option.value, checked: option.value === blank.value, required: !blank.optional }),
      option.picture ? element("img", { src: exampleUrl(option.picture), alt: "", width: 320, height: 320, loading: "lazy" }) : null,
      element("b", {}, option.label),
      option.text ? element("span", {}, option.text) : null));
  for (const image of cards.flatMap((card) => [...card.querySelectorAll("img")])) image.addEventListener("error", () => image.remove());
  const rich = blank.options.some((option) => option.text);
  const box = element("fieldset.field", {}, element("legend", {}, blank.label),
    element(`div.options.${rich ? "rich" : "brief"}`, {}, ...cards), hint);
  return { name: blank.name, box, value: () => box.querySelector("input:checked")?.value ?? "" };
}
