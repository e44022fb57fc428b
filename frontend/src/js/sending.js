// One file through a one-time link, in pieces: what the server has is never sent again. After a break it asks where to go on.
import { csrf } from "./net.js";
import { Sha256 } from "./sha256.js";

const PATIENCE = 20000;
const PAUSES = [1000, 2000, 4000, 8000, 15000];

export class Refused extends Error {
  constructor(message, code) { super(message); this.code = code; }
}
class Broken extends Error {}

async function digest(file) {
  const hash = new Sha256();
  const step = 1 << 20;
  for (let at = 0; at < file.size; at += step) hash.update(new Uint8Array(await file.slice(at, at + step).arrayBuffer()));
  return hash.hex();
}

async function ask(method, url, { body, headers = {} } = {}) {
  let answer;
  try {
    answer = await fetch(url, {
      method, body, headers: { Accept: "application/json", "X-CSRFToken": csrf(), ...headers },
      signal: AbortSignal.timeout(PATIENCE), credentials: "same-origin", redirect: "error",
    });
  } catch { throw new Broken(); }
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) return told;
  // Where the server is ahead or behind, its answer says from where to go on.
  if (answer.status === 409 && "received" in told) return told;
  if (answer.status >= 500 || answer.status === 408 || answer.status === 429) throw new Broken();
  throw new Refused(told.error?.message ?? "", told.error?.code ?? "");
}

const rest = (attempt) => new Promise((go) => {
  const pause = PAUSES[Math.min(attempt, PAUSES.length - 1)];
  const timer = setTimeout(done, pause);
  function done() { clearTimeout(timer); removeEventListener("online", done); go(); }
  addEventListener("online", done);
});

// Asks until it is answered. `broken` is told each time the line is down.
async function insist(work, broken) {
  for (let attempt = 0; ; attempt += 1) {
    try { return await work(); } catch (error) {
      if (!(error instanceof Broken)) throw error;
      broken();
      await rest(attempt);
    }
  }
}

// Resolves when the file is kept; raises Refused with the server's words. `tell(share, waiting)` says how far it is.
export async function send(url, want, file, tell) {
  const sha256 = await digest(file);
  const form = () => new URLSearchParams({ want, name: file.name ?? "", size: String(file.size), sha256 });
  let share = 0;
  const broken = () => tell(share, true);
  let state = await insist(() => ask("POST", url, { body: form() }), broken);
  const place = `${url}${state.id}/`;
  while (state.state === "coming") {
    share = state.received / state.size;
    tell(share, false);
    const start = state.received;
    const piece = await file.slice(start, start + state.piece).arrayBuffer();
    state = await insist(async () => {
      try {
        return await ask("PUT", place, { body: piece, headers: { "X-Start": String(start), "Content-Type": "application/octet-stream" } });
      } catch (error) {
        if (!(error instanceof Broken)) throw error;
        broken();
        await rest(0);
        // The piece may have arrived and its answer not: the server knows.
        const now = await ask("GET", place);
        if (now.received === start && now.state === "coming") throw error;
        return now;
      }
    }, broken);
  }
  if (state.state !== "kept") throw new Refused("", state.state);
  return state;
}
