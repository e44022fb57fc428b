// What was done to the events of a bundle, where their leaves lie beside them as the checkpoint signs them.
import { hex, same, text } from "./bytes.js";
import { Growing, leafHash } from "./merkle.js";
import { refused } from "./refusals.js";
import { EVENTS, LONGEST_LINE } from "./zip.js";

const WIDTH = 256;
const MOST_SHOWN = 300;

// The leaves in the bundle's tiles, if they give the signed root; null where they do not.
async function sealedLeaves(zip, tiles, { size, root }) {
  const [tree, found] = [new Growing(), []];
  for (let number = 0; BigInt(found.length) < size; number += 1) {
    const tile = tiles.get(`0/${number}`);
    const width = Math.min(WIDTH, Number(size) - found.length);
    const held = tile ? await zip.bytes(tile.name, WIDTH * 32) : new Uint8Array();
    if (held.length !== width * 32) return null;
    const leaves = Array.from({ length: width }, (_, at) => held.slice(at * 32, at * 32 + 32));
    await tree.take(leaves);
    found.push(...leaves);
  }
  return same(await tree.root(), root) ? found : null;
}

// An event in few words: its id, its act and its time, or its first signs where it is none any more.
function told(line) {
  try {
    const event = JSON.parse(text(line));
    const words = [event.id, event.action, event.at].filter(Boolean).join(" ");
    if (words) return words.slice(0, MOST_SHOWN);
  } catch {
    // It is shown as it stands.
  }
  return new TextDecoder().decode(line.slice(0, MOST_SHOWN));
}

// What became of the first event that differs, judged by the one behind it.
function difference(sealed, [first, second], count) {
  const { number, leaf } = first;
  const [own, following] = [sealed[number], sealed[number + 1]];
  const behind = own && second?.number === number + 1 && same(second.leaf, own);
  const moved = following !== undefined && same(leaf, following);
  if (!own || (behind && !moved)) return refused("event_added", { number, told: told(first.line) });
  if (moved && behind) return refused("events_swapped", { number, next: number + 1 });
  if (moved) return refused("event_dropped", { number, sealed: hex(own) });
  return refused("event_changed", { number, found: hex(leaf), sealed: hex(own), told: told(first.line), count, events: sealed.length });
}

// The first event that is not the one that was sealed, and how it differs. Null where the bundle holds no leaves that give
// the signed root, and where all events are those.
export async function whatChanged(zip, tiles, signed) {
  const sealed = await sealedLeaves(zip, tiles, signed);
  if (!sealed) return null;
  const wrong = [];
  let [number, count] = [0, 0];
  for await (const line of zip.lines(EVENTS, LONGEST_LINE)) {
    if (line === null || number > sealed.length) break;
    const leaf = await leafHash(line);
    if (number >= sealed.length || !same(leaf, sealed[number])) {
      count += 1;
      if (wrong.length < 2) wrong.push({ number, leaf, line: line.slice() });
    }
    number += 1;
  }
  if (wrong.length) return difference(sealed, wrong, count);
  return number < sealed.length ? refused("end_dropped", { number, count: sealed.length - number, sealed: hex(sealed[number]) }) : null;
}
