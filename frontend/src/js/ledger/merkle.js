// Trees of RFC 6962, after the words of RFC 9162 (2.1.3.2, 2.1.4.2) and their extension to subtrees: a walk over the bits
// of an index, not over the tree. Numbers are BigInt: a tree may have more leaves than a double counts.
import { joined, same } from "./bytes.js";

const LARGEST = 2n ** 63n;
const WIDTH = 256;
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}
export const leafHash = (data) => sha256(joined(LEAF, data));
export const nodeHash = (left, right) => sha256(joined(NODE, left, right));
export const emptyRoot = () => sha256(new Uint8Array());

function isSubtree(start, end) {
  if (!(start >= 0n && start < end)) return false;
  let width = 1n;
  while (width < end - start) width <<= 1n;
  return start % width === 0n;
}

// Whether the subtree [start, end) with its root lies in the tree of `size` leaves with its.
export async function isConsistent(start, end, size, proof, subtreeRoot, treeRoot) {
  if (!(start >= 0n && start <= end && end <= size && size < LARGEST)) return false;
  if (proof.some((hash) => hash.length !== 32)) return false;
  if (start === end) return proof.length === 0 && same(subtreeRoot, await emptyRoot());
  if (!isSubtree(start, end)) return false;
  let [first, last, top] = [start, end - 1n, size - 1n];
  const up = () => [first, last, top] = [first >> 1n, last >> 1n, top >> 1n];
  if (last === top) while (first !== last) up();
  else while (first !== last && last & 1n) up();
  const rest = [...proof];
  let inner = subtreeRoot;
  if (first !== last) {
    if (!rest.length) return false;
    inner = rest.shift();
  }
  let outer = inner;
  for (const step of rest) {
    if (top === 0n) return false;
    if (last & 1n || last === top) {
      if (first < last) inner = await nodeHash(step, inner);
      outer = await nodeHash(step, outer);
      while (last !== 0n && !(last & 1n)) up();
    } else {
      outer = await nodeHash(outer, step);
    }
    up();
  }
  return top === 0n && same(inner, subtreeRoot) && same(outer, treeRoot);
}

// Whether the leaf hash stands at `index` of the tree.
export async function includes(leaf, index, size, proof, root) {
  return leaf.length === 32 && isConsistent(index, index + 1n, size, proof, leaf, root);
}

export async function includesInSubtree(leaf, index, start, end, proof, subtreeRoot) {
  return isSubtree(start, end) && includes(leaf, index - start, end - start, proof, subtreeRoot);
}

// Whether the tree of `size` leaves goes on from the one of `oldSize`; what goes on from nothing shows nothing.
export async function onlyGrew(oldSize, size, proof, oldRoot, root) {
  return oldSize > 0n && isConsistent(0n, oldSize, size, proof, oldRoot, root);
}

// The root over neighbours, the last of which may stand for fewer leaves than the others.
async function over(hashes) {
  let row = hashes;
  while (row.length > 1) {
    const pairs = [];
    for (let at = 0; at + 1 < row.length; at += 2) pairs.push(nodeHash(row[at], row[at + 1]));
    const next = await Promise.all(pairs);
    if (row.length % 2) next.push(row[row.length - 1]);
    row = next;
  }
  return row[0];
}

// A tree that grows by rows of 256: of each level what is not full yet. `onTile(level, number, hashes)` gets full ones.
export class Growing {
  constructor(onTile = () => {}) {
    this.size = 0;
    this.levels = [[]];
    this.filled = [0];
    this.onTile = onTile;
  }

  // How many leaves may be taken at once.
  get room() {
    return WIDTH - this.levels[0].length;
  }

  async take(leaves) {
    this.size += leaves.length;
    let level = 0;
    let fresh = leaves;
    while (fresh.length) {
      this.levels[level] ??= [];
      this.filled[level] ??= 0;
      const row = this.levels[level];
      row.push(...fresh);
      if (row.length < WIDTH) return;
      await this.onTile(level, this.filled[level], row);
      this.filled[level] += 1;
      this.levels[level] = [];
      fresh = [await over(row)];
      level += 1;
    }
  }

  // The rows that are not full, for whoever compares them with a tile.
  async partials() {
    for (const [level, row] of this.levels.entries()) if (row.length) await this.onTile(level, this.filled[level], row);
  }

  async root() {
    let carry = null;
    for (const row of this.levels) {
      const whole = carry ? [...row, carry] : row;
      carry = whole.length ? await over(whole) : null;
    }
    return carry ?? emptyRoot();
  }
}
