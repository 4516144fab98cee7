// Talks to the server. Whatever a person does gets an id here, so that trying again never does it twice.

const HEADERS = { "X-Headroom-Page": "1" };
const PAUSES_MS = [400, 1200, 3000];

export const user = new URLSearchParams(location.search).get("as") || "alex";
export const tab = crypto.randomUUID();
const root = `/as/${encodeURIComponent(user)}`;

/** What the server answered when it could not do it; `message` is a sentence for the person. */
export class Refused extends Error {
  constructor(sentence, status) {
    super(sentence);
    this.status = status;
  }
}

const AWAY = "Headroom does not answer. Is it still running?";

async function answerOf(response) {
  if (response.ok) return response.json();
  const document = await response.json().catch(() => ({}));
  throw new Refused(document.sentence || AWAY, response.status);
}

export async function get(path) {
  return answerOf(await fetch(root + path, { headers: HEADERS }));
}

/** Post and try again for a while; raises Refused. */
export async function post(path, document, id = crypto.randomUUID()) {
  const body = JSON.stringify({ id, tab, ...document });
  const headers = { ...HEADERS, "Content-Type": "application/json" };
  for (const pause of [...PAUSES_MS, null]) {
    try {
      return await answerOf(await fetch(root + path, { method: "POST", headers, body }));
    } catch (error) {
      const hopeless = error instanceof Refused && error.status < 500;
      if (hopeless || pause === null) throw error instanceof Refused ? error : new Refused(AWAY, 0);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** Upload one photo; `onshare` hears how much is there, from 0 to 1. */
export function upload(photo, onshare) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${root}/photos`);
    for (const [name, value] of Object.entries(HEADERS)) request.setRequestHeader(name, value);
    request.responseType = "json";
    request.upload.onprogress = (event) => onshare(event.total ? event.loaded / event.total : 0);
    request.onload = () => {
      if (request.status === 200) resolve(request.response);
      else reject(new Refused(request.response?.sentence || AWAY, request.status));
    };
    request.onerror = () => reject(new Refused(AWAY, 0));
    request.send(photo);
  });
}

export const pictureUrl = (artifact, width) =>
  `${root}/pictures/${encodeURIComponent(artifact)}${width ? `?w=${width}` : ""}`;
export const exampleUrl = (style) => `/examples/${encodeURIComponent(style)}`;
export const fileUrl = (artifact) => `${root}/files/${encodeURIComponent(artifact)}`;

/** Live updates; the browser comes back by itself and says how far it was. */
export function listen(state, hear) {
  const source = new EventSource(`${root}/live?tab=${tab}&since=${state.change}`);
  source.addEventListener("hello", (event) => {
    if (JSON.parse(event.data).history !== state.history) location.reload();
    hear("online", true);
  });
  for (const name of ["message", "writing", "form"])
    source.addEventListener(name, (event) => hear(name, JSON.parse(event.data)));
  source.onerror = () => {
    hear("online", false);
    if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000);
  };
}
