// Runs the browser's verifier outside a browser: questions as JSON lines on the way in, answers on the way out.
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { unbase64 } from "../../frontend/src/js/ledger/bytes.js";
import { verifyBundle } from "../../frontend/src/js/ledger/bundle.js";
import { includes, includesInSubtree, isConsistent, onlyGrew } from "../../frontend/src/js/ledger/merkle.js";
import { readKeys } from "../../frontend/src/js/ledger/note.js";
import { verifyProof } from "../../frontend/src/js/ledger/proof.js";

const bits = (text) => unbase64(text ?? "");
const path = (steps) => (steps ?? []).map(bits);
const acts = {
  inclusion: (ask) => includes(bits(ask.leafHash), BigInt(ask.leafIdx), BigInt(ask.treeSize), path(ask.proof), bits(ask.root)),
  subtreeinclusion: (ask) =>
    includesInSubtree(bits(ask.leafHash), BigInt(ask.leafIdx), BigInt(ask.start), BigInt(ask.end), path(ask.proof), bits(ask.root)),
  consistency: (ask) => onlyGrew(BigInt(ask.size1), BigInt(ask.size2), path(ask.proof), bits(ask.root1), bits(ask.root2)),
  subtreeconsistency: (ask) =>
    isConsistent(BigInt(ask.start), BigInt(ask.end), BigInt(ask.size), path(ask.proof), bits(ask.root1), bits(ask.root2)),
  bundle: async (ask) => verifyBundle(new Blob([await readFile(ask.file)]), await readKeys(ask.keys), { since: ask.since ?? "", until: ask.until ?? "", seenSince: ask.seenSince ?? "" }),
  proof: async (ask) => verifyProof(ask.text, await readKeys(ask.keys)),
};

for await (const line of createInterface({ input: process.stdin })) {
  const ask = JSON.parse(line);
  let answer;
  try {
    answer = { found: await acts[ask.act](ask) };
  } catch (error) {
    answer = error.kind ? { kind: error.kind, code: error.code, values: error.values } : { kind: "error", code: String(error.stack) };
  }
  process.stdout.write(`${JSON.stringify(answer, (_, value) => (typeof value === "bigint" ? Number(value) : value))}\n`);
}
