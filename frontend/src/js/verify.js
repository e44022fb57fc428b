// Proofs are checked here, in the reader's own browser: <div data-verifier> holds what is to be checked (a file that is
// chosen, or the text of a proof in the page), the keys, and the place for the verdict. Nothing is sent anywhere.
import { verifyBundle } from "./ledger/bundle.js";
import { canVerify, readKeys } from "./ledger/note.js";
import { readProof, verifyProof } from "./ledger/proof.js";
import { base64 } from "./ledger/bytes.js";

const words = JSON.parse(document.getElementById("verify-words").textContent);
const say = (code, values = {}) => (words[code] ?? code).replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "").replaceAll("%%", "%");
const verifier = document.querySelector("[data-verifier]");
const verdict = verifier.querySelector("[data-verdict]");
const keys = verifier.querySelector("[name=keys]");
const since = verifier.querySelector("[name=since]");
const until = verifier.querySelector("[name=until]");
const seenSince = verifier.querySelector("[name=seen]");
const keep = verifier.querySelector("[name=keep]");
const file = verifier.querySelector("input[type=file]");
const given = document.getElementById("proof-text");
const SMALL = 2 << 20;

function make(tag, className, content = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = content;
  return element;
}

function show(tone, head, text, facts = []) {
  const note = make("div", `note ${tone}`);
  note.append(make("strong", "", head), make("p", "", text));
  verdict.replaceChildren(note);
  if (!facts.length) return;
  const list = make("dl", "facts");
  for (const [label, value, mono] of facts) {
    list.append(make("dt", "", say(label)));
    const said = make("dd", mono ? "mono small" : "", String(value));
    list.append(said);
  }
  verdict.append(list);
}

const moment = (text) => (text ? new Date(text).toLocaleString(document.documentElement.lang, { timeZoneName: "short" }) : "—");
const number = (value) => value.toLocaleString(document.documentElement.lang);

function facts(found) {
  const lines = [["ledger", found.ledger, true], ["events", number(found.events)], ["root", found.root, true]];
  if (found.leaf) {
    lines.push(["index", number(found.index)], ["leaf", found.leaf, true], ["steps", number(found.steps)]);
    lines.push(["event_id", found.event.id, true], ["act", found.event.action, true], ["at", moment(found.event.at)]);
  } else {
    lines.push(["first", moment(found.first)], ["last", moment(found.last)], ["checkpoints", number(found.checkpoints)]);
    if (found.tiles) lines.push(["tiles", number(found.tiles)]);
    if (found.since !== null) lines.push(["goes_on", number(found.since)]);
    lines.push(["day", found.day ? say("day_elsewhere", { day: found.day }) : say("no_day")]);
    if (!found.witnesses.length) lines.push(["witness", say("no_witness")]);
  }
  for (const witness of found.witnesses) lines.push(["witness", `${witness.name}: ${number(witness.events)}, ${moment(witness.at)}`]);
  return lines;
}

function said(error) {
  const values = Object.fromEntries(Object.entries(error.values ?? {}).map(([name, value]) => [name, typeof value === "bigint" ? number(value) : value]));
  if (error.kind === "refused") show("note-bad", say("not_proven"), say(error.code, values));
  else if (error.kind === "unreadable") show("note-warn", say("not_read"), say(error.code, values));
  else show("note-warn", say("not_read"), say("failed"));
}

async function check(pinned) {
  const chosen = file?.files[0];
  const text = given ? JSON.parse(given.textContent) : chosen && chosen.size <= SMALL ? await chosen.text() : "";
  if (given || readProof(text)) return verifyProof(text, pinned);
  let told = 0;
  return verifyBundle(chosen, pinned, { since: since.value, until: until.value, seenSince: seenSince.value }, (done, total) => {
    if (performance.now() - told < 200) return;
    told = performance.now();
    show("", say("at_work"), say("progress", { done: number(done), total: number(total) }));
  });
}

async function run() {
  if (!given && !file.files[0]) return show("note-warn", say("not_read"), say("no_file"));
  if (!keys.value.trim()) return show("note-warn", say("not_read"), say("no_key_given"));
  if (!crypto.subtle || !(await canVerify())) return show("note-warn", say("not_read"), say("old_browser"));
  show("", say("at_work"), "");
  verifier.setAttribute("aria-busy", "true");
  try {
    const pinned = await readKeys(keys.value);
    const found = await check(pinned);
    if (keep.checked) localStorage.setItem(`ledger-keys ${found.ledger}`, keys.value);
    const own = !keys.dataset.offered || keys.value.trim() !== keys.dataset.offered || kept() === keys.value;
    show("note-ok", say("proven"), say(own ? (found.leaf ? "event_stands" : "bundle_holds") : "servers_key"), facts(found));
  } catch (error) {
    said(error);
  } finally {
    verifier.removeAttribute("aria-busy");
  }
}

// A key that this browser was told to keep is asked before the one that the page offers.
function kept() {
  const ledger = keys.dataset.offered?.split("+")[0];
  return ledger ? localStorage.getItem(`ledger-keys ${ledger}`) : null;
}

function draw() {
  const path = document.querySelector("[data-proof-path]");
  if (!path) return;
  for (const step of readProof(JSON.parse(given.textContent)).path) path.append(make("li", "", base64(step)));
}

verifier.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
file?.addEventListener("change", run);
if (given) {
  draw();
  keys.value = kept() ?? keys.dataset.offered ?? "";
  run();
}
