// Takes a still with the camera of this device. Nothing is recorded, and the camera is off as soon as the dialog closes.

import { element, iconButton } from "./elements.js";
import { shown } from "./dialogs.js";

const WISHED = { video: { facingMode: "user", width: { ideal: 2560 }, height: { ideal: 1920 } }, audio: false };
const WHY = {
  NotAllowedError: "This page may not use the camera. Allow it in the address bar, or choose a photo instead.",
  NotFoundError: "There is no camera on this device. Choose a photo instead.",
  NotReadableError: "Another program uses the camera. Close it there, or choose a photo instead.",
};
const OTHERWISE = "The camera does not work here. Choose a photo instead.";

/** A photo as a file, or null. */
export async function takePhoto() {
  let photo = null;
  let stream = null;
  const video = element("video", { autoplay: true, muted: true, playsInline: true, "aria-label": "What the camera sees" });
  const still = element("img", { alt: "The photo that you took", hidden: true });
  const tip = element("p.small", {}, "Face a window, hold the camera at the height of your eyes, and step back until your shoulders are in the picture.");
  const problem = element("p.problem", { role: "alert" });
  const take = element("button.button", { type: "button", disabled: true, data: { look: "primary" }, onclick: () => snap() }, "Take the photo");
  const again = element("button.button", { type: "button", hidden: true, onclick: () => retake() }, "Once more");
  const use = element("button.button", { type: "button", hidden: true, data: { look: "primary" }, onclick: () => dialog.close("use") }, "Use this photo");
  const file = element("input", { type: "file", accept: "image/*", className: "unseen", tabIndex: -1, "aria-label": "A photo from this device",
    onchange: () => { photo = file.files[0] || null; dialog.close("use"); } });
  const choose = element("button.button", { type: "button", hidden: true, onclick: () => file.click() }, "Choose a photo");
  const dialog = element("dialog.camera", { "aria-label": "Take a photo" },
    element("header", {}, element("h2", {}, "Take a photo"), iconButton("close", "Close", () => dialog.close())),
    element("div.finder", {}, video, still),
    tip,
    problem,
    element("div.row.end", {}, file, choose, again, take, use));

  async function snap() {
    const canvas = element("canvas", { width: video.videoWidth, height: video.videoHeight });
    canvas.getContext("2d").drawImage(video, 0, 0);
    photo = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.95));
    still.src = URL.createObjectURL(photo);
    settle(true);
    use.focus();
  }

  function retake() {
    URL.revokeObjectURL(still.src);
    photo = null;
    settle(false);
    take.focus();
  }

  function settle(taken) {
    video.hidden = take.hidden = taken;
    still.hidden = again.hidden = use.hidden = !taken;
  }

  const over = shown(dialog);
  try {
    stream = await navigator.mediaDevices.getUserMedia(WISHED);
    if (!dialog.open) stream.getTracks().forEach((track) => track.stop());
    video.srcObject = stream;
    await video.play();
    take.disabled = false;
    take.focus();
  } catch (error) {
    problem.textContent = WHY[error.name] || OTHERWISE;
    take.hidden = video.hidden = tip.hidden = true;
    choose.hidden = false;
    choose.focus();
  }
  const how = await over;
  stream?.getTracks().forEach((track) => track.stop());
  return how === "use" ? photo : null;
}
