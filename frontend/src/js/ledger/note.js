// Signed notes, checkpoints and cosignatures of witnesses (C2SP), Ed25519 by the browser itself.
import { joined, hex, same, unbase64, utf8 } from "./bytes.js";
import { sha256 } from "./merkle.js";
import { refused, unreadable } from "./refusals.js";

const LEDGER = 1;
const WITNESS = 4;
const LONGEST = 64 * 1024;
const LINE = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/;

// Whether this browser can check signatures at all; older ones cannot, and must not pretend to.
export async function canVerify() {
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32).fill(1, 0, 1), { name: "Ed25519" }, false, ["verify"]);
    return true;
  } catch {
    return false;
  }
}

export async function readKey(line) {
  const [name, id, blob, ...more] = line.trim().split("+");
  try {
    const whole = unbase64([blob, ...more].join("+"));
    const digest = (await sha256(joined(utf8(`${name}\n`), whole))).slice(0, 4);
    if (!name || whole.length !== 33 || ![LEDGER, WITNESS].includes(whole[0]) || hex(digest) !== id) throw new RangeError();
    return { name, id: digest, kind: whole[0], raw: whole.slice(1), text: line.trim() };
  } catch {
    throw unreadable("no_key", { key: line.trim().slice(0, 80) });
  }
}

// What a person pasted: one key a line, that of the ledger and any number of witnesses'.
export async function readKeys(pasted) {
  const lines = pasted.split("\n").filter((line) => line.trim());
  const keys = await Promise.all(lines.map(readKey));
  const ledgers = keys.filter((key) => key.kind === LEDGER);
  if (ledgers.length !== 1) throw unreadable("one_ledger_key");
  return { ledger: ledgers[0], witnesses: keys.filter((key) => key.kind === WITNESS) };
}

function parts(note) {
  const gap = note.lastIndexOf("\n\n");
  // eslint-disable-next-line no-control-regex
  if (gap < 0 || !note.endsWith("\n") || note.length > LONGEST || /[\u0000-\u0009\u000b-\u001f]/.test(note)) {
    throw unreadable("no_checkpoint");
  }
  const lines = note.slice(gap + 2, -1).split("\n").map((line) => LINE.exec(line));
  if (lines.some((line) => !line)) throw unreadable("no_checkpoint");
  return { body: note.slice(0, gap + 1), lines };
}

function signaturesBy(lines, key) {
  return lines.filter(([, name]) => name === key.name).map(([, , blob]) => {
    try {
      return unbase64(blob);
    } catch {
      throw unreadable("no_checkpoint");
    }
  }).filter((blob) => same(blob.slice(0, 4), key.id)).map((blob) => blob.slice(4));
}

async function holds(key, signature, message) {
  if (signature.length !== 64) return false;
  try {
    const known = await crypto.subtle.importKey("raw", key.raw, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, known, signature, message);
  } catch {
    return false;
  }
}

// {origin, size, root, body} of a checkpoint that the ledger's key signed.
export async function openCheckpoint(note, ledger) {
  const { body, lines } = parts(note);
  const found = { ...treeOf(body), body };
  if (found.origin !== ledger.name) throw refused("other_ledger", { found: found.origin, wanted: ledger.name });
  const answers = await Promise.all(signaturesBy(lines, ledger).map((each) => holds(ledger, each, utf8(body))));
  if (!answers.some(Boolean)) throw refused("not_signed", { ledger: ledger.name });
  return found;
}

// What the body of a checkpoint says: whose tree, how many leaves, their root.
export function treeOf(body) {
  const [origin, size, root] = body.split("\n");
  try {
    const found = { origin, size: BigInt(/^(0|[1-9]\d*)$/.test(size) ? size : "x"), root: unbase64(root) };
    if (found.root.length !== 32 || found.size >= 2n ** 63n) throw new RangeError();
    return found;
  } catch {
    throw unreadable("no_checkpoint");
  }
}

// Until when (seconds since 1970) a witness saw nothing against a checkpoint; null where it did not sign it.
export async function seenAt(note, witness) {
  const { body, lines } = parts(note);
  let latest = null;
  for (const blob of signaturesBy(lines, witness)) {
    if (blob.length !== 72) continue;
    const seconds = new DataView(blob.buffer, blob.byteOffset, 8).getBigUint64(0);
    const seen = utf8(`cosignature/v1\ntime ${seconds}\n${body}`);
    if ((await holds(witness, blob.slice(8), seen)) && (latest === null || seconds > latest)) latest = seconds;
  }
  return latest;
}
