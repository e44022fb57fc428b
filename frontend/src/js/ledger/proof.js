// The proof of one event: that its bytes stand at their index in the tree which the ledger's checkpoint signs.
import { hex, unbase64, utf8 } from "./bytes.js";
import { includes, leafHash } from "./merkle.js";
import { openCheckpoint } from "./note.js";
import { refused, unreadable } from "./refusals.js";

const FORMAT = "carloan-ledger-proof/1";

// {event, index, path, note} of a proof's text; null for what is none.
export function readProof(text) {
  try {
    const said = JSON.parse(text);
    if (said.format !== FORMAT || typeof said.event !== "string" || !Number.isSafeInteger(said.index)) return null;
    return { event: said.event, index: BigInt(said.index), path: said.proof.map(unbase64), note: String(said.checkpoint) };
  } catch {
    return null;
  }
}

// What a proof proves. Throws a Refusal.
export async function verifyProof(text, { ledger }) {
  const proof = readProof(text);
  if (!proof) throw unreadable("no_proof");
  const checkpoint = await openCheckpoint(proof.note, ledger);
  const leaf = await leafHash(utf8(proof.event));
  if (!(await includes(leaf, proof.index, checkpoint.size, proof.path, checkpoint.root))) throw refused("not_in_tree");
  let event;
  try {
    event = JSON.parse(proof.event);
  } catch {
    throw refused("no_event", { number: proof.index });
  }
  if (event?.tenant !== checkpoint.origin.slice(checkpoint.origin.lastIndexOf("/t/") + 3)) throw refused("other_tenant", { number: proof.index });
  return {
    ledger: checkpoint.origin, events: checkpoint.size, root: hex(checkpoint.root), index: proof.index, leaf: hex(leaf),
    steps: proof.path.length, event, witnesses: [],
  };
}
