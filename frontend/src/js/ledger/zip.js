// A zip as it lies on the reader's disk: read piece by piece where it is, nothing of it is copied or sent anywhere.
import { text } from "./bytes.js";
import { unreadable } from "./refusals.js";

export const EVENTS = "events.jsonl";
export const LONGEST_LINE = 1 << 20;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const FULL = 0xffffffff;
const MOST_ENTRIES = 1_000_000;
const LONGEST_TEXT = 64 * 1024;

const view = async (file, from, size) => {
  if (from < 0 || size < 0 || from + size > file.size) throw unreadable("no_zip");
  return new DataView(await file.slice(from, from + size).arrayBuffer());
};

async function directory(file) {
  const from = Math.max(0, file.size - 22 - 65535);
  const tail = await view(file, from, file.size - from);
  let at = tail.byteLength - 22;
  while (at >= 0 && tail.getUint32(at, true) !== END) at -= 1;
  if (at < 0) throw unreadable("no_zip");
  let [count, size, start] = [tail.getUint16(at + 10, true), tail.getUint32(at + 12, true), tail.getUint32(at + 16, true)];
  const locator = at - 20;
  if (locator >= 0 && tail.getUint32(locator, true) === LOCATOR_64) {
    const end = await view(file, Number(tail.getBigUint64(locator + 8, true)), 56);
    if (end.getUint32(0, true) !== END_64) throw unreadable("no_zip");
    [count, size, start] = [24, 40, 48].map((place) => Number(end.getBigUint64(place, true)));
  }
  if (count > MOST_ENTRIES) throw unreadable("no_zip");
  return { count, listed: await view(file, start, size) };
}

// Sizes and place that do not fit into 32 bits stand in an extra field, in this order.
function wide(listed, at, length, values) {
  for (let place = at; place + 4 <= at + length;) {
    const [kind, size] = [listed.getUint16(place, true), listed.getUint16(place + 2, true)];
    if (kind === 1) {
      let next = place + 4;
      return values.map((value) => {
        if (value !== FULL) return value;
        next += 8;
        return Number(listed.getBigUint64(next - 8, true));
      });
    }
    place += 4 + size;
  }
  return values;
}

export class Zip {
  constructor(file, entries) {
    this.file = file;
    this.entries = entries;
  }

  static async open(file) {
    try {
      return await Zip.read(file);
    } catch (error) {
      if (error.kind) throw error;
      throw unreadable("no_zip");
    }
  }

  static async read(file) {
    const { count, listed } = await directory(file);
    const entries = new Map();
    let at = 0;
    for (let number = 0; number < count; number += 1) {
      if (listed.getUint32(at, true) !== CENTRAL) throw unreadable("no_zip");
      const [name, extra, comment] = [28, 30, 32].map((place) => listed.getUint16(at + place, true));
      const called = text(new Uint8Array(listed.buffer, listed.byteOffset + at + 46, name));
      const [whole, packed, start] = wide(
        listed, at + 46 + name, extra, [24, 20, 42].map((place) => listed.getUint32(at + place, true)),
      );
      // Two files of one name: another reader might take the other one.
      if (entries.has(called)) throw unreadable("twice", { name: called });
      entries.set(called, { method: listed.getUint16(at + 10, true), whole, packed, start });
      at += 46 + name + extra + comment;
    }
    return new Zip(file, entries);
  }

  async stream(name) {
    const entry = this.entries.get(name);
    if (!entry) throw unreadable("missing", { name });
    const head = await view(this.file, entry.start, 30);
    if (head.getUint32(0, true) !== LOCAL) throw unreadable("no_zip");
    const from = entry.start + 30 + head.getUint16(26, true) + head.getUint16(28, true);
    const packed = this.file.slice(from, from + entry.packed).stream();
    if (entry.method === 0) return packed;
    if (entry.method !== 8) throw unreadable("no_zip");
    if (typeof DecompressionStream === "undefined") throw unreadable("old_browser");
    return packed.pipeThrough(new DecompressionStream("deflate-raw"));
  }

  // A short text, such as a checkpoint.
  async text(name) {
    const entry = this.entries.get(name);
    if (entry && entry.whole > LONGEST_TEXT) throw unreadable("too_long", { name });
    const bytes = await this.bytes(name, LONGEST_TEXT);
    try {
      return text(bytes);
    } catch {
      throw unreadable("no_text", { name });
    }
  }

  async bytes(name, most) {
    const stream = await this.stream(name);
    const held = [];
    let size = 0;
    try {
      for (const reader = stream.getReader(); ;) {
        const { done, value } = await reader.read();
        if (done) break;
        size += value.length;
        if (size > most) throw unreadable("too_long", { name });
        held.push(value);
      }
    } catch (error) {
      if (error.kind) throw error;
      throw unreadable("no_zip");
    }
    return new Uint8Array(await new Blob(held).arrayBuffer());
  }

  // The lines of a long text without their ends, as bytes; the last one must end too.
  async *lines(name, longest) {
    const reader = (await this.stream(name)).getReader();
    let rest = new Uint8Array();
    for (;;) {
      let piece;
      try {
        piece = await reader.read();
      } catch {
        throw unreadable("no_zip");
      }
      if (piece.done) break;
      let from = 0;
      for (let to = piece.value.indexOf(10); to >= 0; to = piece.value.indexOf(10, from)) {
        const end = piece.value.subarray(from, to);
        yield rest.length ? new Uint8Array(await new Blob([rest, end]).arrayBuffer()) : end;
        rest = new Uint8Array();
        from = to + 1;
      }
      const left = piece.value.subarray(from);
      rest = rest.length ? new Uint8Array(await new Blob([rest, left]).arrayBuffer()) : left.slice();
      if (rest.length > longest) throw unreadable("too_long", { name });
    }
    if (rest.length) yield null;
  }
}
