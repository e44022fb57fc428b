// A whole bundle: every event hashed, every tile and checkpoint held against the tree that they give.
import { hex, joined, same, text, unbase64, utf8 } from "./bytes.js";
import { whatChanged } from "./changes.js";
import { Growing, includes, leafHash } from "./merkle.js";
import { openCheckpoint, seenAt, treeOf } from "./note.js";
import { refused, unreadable } from "./refusals.js";
import { EVENTS, LONGEST_LINE, Zip } from "./zip.js";

const FORMATS = ["carloan-ledger-bundle/1"];
const TILE = /^tiles?\/(\d+)\/((?:x\d{3}\/)*\d{1,3}|\d+)(?:\.p\/(\d+))?$/;
const CHECKPOINT = /^checkpoints\/[^/]+$/;
const WITNESSED = /^(checkpoint\.txt|witnesses\/[^/]+)$/;
const DAY = { checkpoint: "day/checkpoint.txt", body: "day/body.txt", proof: "day/proof.json" };

async function about(zip) {
  let said;
  try {
    said = JSON.parse(await zip.text("bundle.json"));
  } catch (error) {
    throw error.kind ? error : unreadable("no_bundle");
  }
  if (!FORMATS.includes(said?.format)) throw unreadable("no_bundle");
}

// "0/x001/067" and "0/1067" are tile 1067 of level 0.
function tilesOf(zip) {
  const tiles = new Map();
  for (const name of zip.entries.keys()) {
    const match = TILE.exec(name);
    if (match) tiles.set(`${match[1]}/${Number(match[2].replace(/[x/]/g, ""))}`, { name, width: Number(match[3] ?? 256) });
  }
  return tiles;
}

// Checkpoints that the tree must have passed through, each with the code of what is wrong where it did not.
async function otherCheckpoints(zip, ledger) {
  const found = [];
  for (const name of zip.entries.keys()) {
    if (CHECKPOINT.test(name)) found.push({ ...(await openCheckpoint(await zip.text(name), ledger)), code: "forked_inside" });
  }
  return found;
}

// The newest checkpoint that each witness co-signed.
async function witnessed(zip, { ledger, witnesses }, seenSince) {
  const found = [];
  for (const witness of witnesses) {
    let newest = null;
    for (const name of zip.entries.keys()) {
      if (!WITNESSED.test(name)) continue;
      const note = await zip.text(name);
      const seconds = await seenAt(note, witness);
      if (seconds === null) continue;
      const seen = { ...(await openCheckpoint(note, ledger)), seconds };
      if (!newest || seen.size > newest.size || (seen.size === newest.size && seen.seconds > newest.seconds)) newest = seen;
    }
    if (!newest) throw refused("not_witnessed", { witness: witness.name });
    if (seenSince && Number(newest.seconds) * 1000 < Date.parse(seenSince)) throw refused("seen_long_ago", { witness: witness.name });
    found.push({ ...newest, code: "forked_witness", witness: witness.name });
  }
  return found;
}

// What the last stamped day says of this ledger; null where the bundle has none.
async function stampedDay(zip, ledger) {
  if (!zip.entries.has(DAY.body)) return null;
  const [note, body, proof] = await Promise.all([DAY.checkpoint, DAY.body, DAY.proof].map((name) => zip.text(name)));
  const [checkpoint, day] = [await openCheckpoint(note, ledger), treeOf(body)];
  let index;
  let path;
  try {
    const said = JSON.parse(proof);
    [index, path] = [BigInt(said.index), said.proof.map(unbase64)];
  } catch {
    throw unreadable("no_proof");
  }
  const leaf = await leafHash(utf8(checkpoint.body));
  if (!(await includes(leaf, index, day.size, path, day.root))) throw refused("other_day");
  return { ...checkpoint, code: "forked_day", day: day.origin };
}

function eventOf(line, at, tenant) {
  let said;
  try {
    said = JSON.parse(text(line));
  } catch {
    throw refused("no_event", { number: at });
  }
  if (said?.tenant !== tenant) throw refused("other_tenant", { number: at });
  return said;
}

// What a bundle proves. Throws a Refusal. `since` is the text of an earlier checkpoint, '' for none; `until` the moment
// (ISO 8601) when the ledger's key ended, '' while it did not; `seenSince` the moment at or after which the witnesses must
// have seen it; `onProgress(done, total)` is called on the way.
export async function verifyBundle(file, keys, { since = "", until = "", seenSince = "" } = {}, onProgress = () => {}) {
  const zip = await Zip.open(file);
  await about(zip);
  const last = await openCheckpoint(await zip.text("checkpoint.txt"), keys.ledger);
  const earlier = since.trim() ? { ...(await openCheckpoint(`${since.trim()}\n`, keys.ledger)), code: "forked" } : null;
  const inside = await otherCheckpoints(zip, keys.ledger);
  const [seen, day] = [await witnessed(zip, keys, seenSince), await stampedDay(zip, keys.ledger)];
  const passed = [earlier, ...inside, ...seen, day].filter(Boolean);
  for (const each of passed) if (each.size > last.size) throw refused("older", { before: each.size, now: last.size });

  const tiles = tilesOf(zip);
  let compared = 0;
  let oddTile = null;
  const tree = new Growing(async (level, number, hashes) => {
    const tile = tiles.get(`${level}/${number}`);
    if (!tile) return;
    const held = await zip.bytes(tile.name, 256 * 32);
    // A tile that was not full is one of an earlier time: what it holds must still begin this one.
    const width = Math.min(tile.width, hashes.length);
    if (same(held, joined(...hashes.slice(0, width)))) compared += 1;
    else oddTile ??= refused("tile", { name: tile.name });
  });
  const wanted = new Map();
  for (const each of passed) wanted.set(Number(each.size), [...(wanted.get(Number(each.size)) ?? []), each]);
  // The first thing that does not hold. Whoever can say what was done to which event says that instead.
  let problem = null;
  const answer = async () => {
    for (const each of wanted.get(tree.size) ?? []) {
      if (!same(await tree.root(), each.root)) problem ??= refused(each.code, { size: each.size, witness: each.witness });
    }
  };
  const tenant = last.origin.slice(last.origin.lastIndexOf("/t/") + 3);
  let [row, first, latest] = [[], "", ""];
  const flush = async () => {
    await tree.take(await Promise.all(row.map(leafHash)));
    row = [];
    await answer();
  };
  await answer();
  for await (const line of zip.lines(EVENTS, LONGEST_LINE)) {
    const number = tree.size + row.length;
    if (line === null) throw refused("cut", { number });
    if (BigInt(number) >= last.size) {
      problem = refused("too_many", { signed: last.size });
      break;
    }
    const event = eventOf(line, number, tenant);
    first ||= String(event.at ?? "");
    latest = String(event.at ?? "");
    row.push(line.slice());
    if (row.length === tree.room || wanted.has(number + 1)) {
      await flush();
      onProgress(tree.size, Number(last.size));
    }
  }
  await flush();
  await tree.partials();
  if (BigInt(tree.size) !== last.size) problem ??= refused("too_few", { signed: last.size, found: tree.size });
  else if (!same(await tree.root(), last.root)) problem ??= refused("changed");
  if (problem) throw (await whatChanged(zip, tiles, last)) ?? problem;
  if (oddTile) throw oddTile;
  if (until && latest && Date.parse(latest) > Date.parse(until)) throw refused("key_ended", { at: latest });
  return {
    ledger: last.origin, events: last.size, root: hex(last.root), first, last: latest, since: earlier?.size ?? null,
    checkpoints: inside.length + 1, tiles: compared, day: day?.day ?? null,
    witnesses: seen.map(({ witness, size, seconds }) => ({ name: witness, events: size, at: new Date(Number(seconds) * 1000).toISOString() })),
  };
}
