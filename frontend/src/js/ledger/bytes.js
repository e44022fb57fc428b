// Bytes and their texts, strictly: what is not exactly base64 is none.
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export function unbase64(text) {
  if (!BASE64.test(text)) throw new RangeError("no base64");
  const found = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  if (base64(found) !== text) throw new RangeError("no base64");
  return found;
}

export function base64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
export const utf8 = (text) => new TextEncoder().encode(text);

// Raises for bytes that are no UTF-8: replaced characters would be another text. A mark at the beginning stays.
export const text = (bytes) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const same = (one, two) => one.length === two.length && one.every((byte, at) => byte === two[at]);
