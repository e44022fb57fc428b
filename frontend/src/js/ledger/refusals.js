// What does not hold, by a code for which the page has words: `refused` proves nothing, `unreadable` is no bundle at all.
export class Refusal extends Error {
  constructor(code, values = {}, kind = "refused") {
    super(code);
    this.code = code;
    this.values = values;
    this.kind = kind;
  }
}

export const refused = (code, values) => new Refusal(code, values);
export const unreadable = (code, values) => new Refusal(code, values, "unreadable");
