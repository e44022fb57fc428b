// The review desk: accepting values from doubt to doubt, filing, and the next paper, which is held ready meanwhile.
// Markup: templates/archives/_paper_body.html and _correct.html. Everything here has a visible control; without this
// script the forms and links of the page do the same, one page at a time.
import { say } from "./strings.js";
import { toast } from "./toast.js";

const BEAT = 45_000; // leases last two minutes
const IDLE = 180_000; // who does nothing for so long holds nothing
const FRESH = 100_000; // a paper held ready longer than this may be somebody else's by now
const LOOK = 300; // nobody has seen a paper that came a moment ago: a key that was held down must not file it

const csrf = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";
const root = () => document.querySelector("[data-desk]");
const form = () => root()?.querySelector("[data-check]");
const done = () => document.querySelector("[data-desk-done]");
const control = (field) => field.querySelector("input:not([type=hidden]):not([type=checkbox]), textarea, select");
const fieldOf = (element) => element?.closest?.(".desk-field");
const doubts = () => [...document.querySelectorAll(".desk-field[data-doubt]")];

let steps = [];
let ready = null; // a promise of the next paper, or of null when nothing waits
let shownAt = 0;
let last = null;
let active = Date.now();
let busy = false;

// Doubts ------------------------------------------------------------------------------------------------------------

function mark(field, doubtful) {
  field.toggleAttribute("data-doubt", doubtful);
  for (const [name, hide] of [[".please", !doubtful], [".accepted", doubtful], ["[data-accept-field]", !doubtful]]) {
    const part = field.querySelector(name);
    if (part) part.hidden = hide;
  }
  const tick = field.querySelector("input[type=checkbox][data-accept]");
  if (tick) tick.checked = !doubtful;
  document.dispatchEvent(new Event("desk:changed"));
  const left = document.querySelector("[data-left]");
  const count = doubts().length;
  if (left) left.textContent = count ? `${left.dataset.words} ${count}` : left.dataset.wordsNone;
  const undo = document.querySelector("[data-desk-undo]");
  if (undo) undo.disabled = !steps.length;
}

function focus(element, preventScroll = false) {
  if (!element) return;
  element.focus({ preventScroll });
  element.select?.();
}

function onward(from, preventScroll = false) {
  const left = doubts();
  const next = left.find((each) => from && from.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING) ?? left[0];
  focus(next ? control(next) : done(), preventScroll);
}

function accept(field) {
  const input = control(field);
  const doubtful = field.hasAttribute("data-doubt");
  if (doubtful || input.value !== input.dataset.at) steps.push({ field, value: input.dataset.at ?? input.value, doubtful });
  input.dataset.at = input.value;
  mark(field, false);
  onward(field);
}

function undo() {
  const step = steps.pop();
  if (!step) return document.querySelector("[data-unfile]")?.click();
  const input = control(step.field);
  input.value = input.dataset.at = step.value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  mark(step.field, step.doubtful);
  focus(input);
}

function restore(field) {
  if (!field?.dataset.machine) return;
  const input = control(field);
  if (input.value === field.dataset.machine) return;
  steps.push({ field, value: input.value, doubtful: field.hasAttribute("data-doubt") });
  input.value = input.dataset.at = field.dataset.machine;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  mark(field, field.hasAttribute("data-doubt"));
  focus(input);
}

// From paper to paper -----------------------------------------------------------------------------------------------

async function load(url) {
  const answer = await fetch(url, { headers: { "X-Desk": "1" } });
  if (answer.status === 204) return null;
  if (!answer.ok || answer.redirected) throw new Error(`next paper: ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const sources = [...page.querySelectorAll("[data-viewer-sheet]")].slice(0, 4).map((sheet) => sheet.dataset.src);
  document.dispatchEvent(new CustomEvent("desk:preload", { detail: sources }));
  return { page, id: page.querySelector("[data-desk]")?.dataset.paper, at: Date.now() };
}

function hold() {
  const url = root()?.dataset.next;
  ready = url ? load(url).catch(() => undefined) : null;
}
document.addEventListener("viewer:held", () => root()?.setAttribute("data-held", "yes"));

// What was held ready, unless it is too old or could not be had: then it is asked for now.
async function following() {
  const held = await ready;
  if (held === null || (held && Date.now() - held.at < FRESH)) return held;
  return load(root().dataset.next);
}

function put(page, { notice = "", url = "", push = true } = {}) {
  const main = document.getElementById("main");
  main.querySelector(".page-top").replaceWith(page.querySelector(".page-top"));
  main.querySelector(".content").replaceWith(page.querySelector(".content"));
  document.title = page.title || document.title;
  if (notice) root().insertAdjacentHTML("afterbegin", notice);
  if (push) history.pushState({ desk: true }, "", url || root().dataset.url);
  scrollTo(0, 0);
  document.dispatchEvent(new Event("desk:shown"));
  start();
}

async function advance(notice = "", filed = "") {
  const here = root();
  let next;
  try {
    next = await following();
  } catch {
    next = null;
  }
  if (!next) {
    const was = notice.includes("to_desk") ? "&was=desk" : "";
    location.assign(here.dataset.next + (filed ? `&filed=${filed}${was}` : ""));
    return;
  }
  if (!filed) release([here.dataset.paper]);
  put(next.page, { notice });
}

function back() {
  if (history.state?.desk) history.back();
  else document.querySelector("[data-desk-back]")?.click();
}

function release(ids) {
  const url = root()?.dataset.claims;
  if (!url || !ids.length) return;
  const body = new FormData();
  body.append("csrfmiddlewaretoken", csrf());
  for (const id of ids) body.append("drop", id);
  navigator.sendBeacon(url, body);
}

async function beat() {
  const here = root();
  if (!here?.dataset.claims || document.hidden || Date.now() - active > IDLE) return;
  const held = await ready;
  const body = new FormData();
  body.append("keep", here.dataset.paper);
  if (held) body.append("keep", held.id);
  try {
    const answer = await fetch(here.dataset.claims, { method: "POST", body, headers: { "X-CSRFToken": csrf(), Accept: "application/json" } });
    const { mine } = await answer.json();
    if (held && mine.includes(held.id)) held.at = Date.now();
  } catch { /* the lease ends by itself */ }
}

// What was accepted as it stood, by name: when the form comes back refused, nobody need look at that again.
const vouched = () => new Map([...document.querySelectorAll(".desk-field:not([data-doubt])")]
  .filter((field) => field.querySelector(".please") && control(field).value === control(field).defaultValue)
  .map((field) => [control(field).name, control(field).value]));

// The form goes out whole: to file the paper, or as a draft, whose answer is the same form with other fields or another loan.
async function send(name, value = "1") {
  const sent = form();
  const body = new FormData(sent);
  body.set(name, value);
  const held = name === "draft" ? new Map() : vouched();
  busy = true;
  sent.setAttribute("aria-busy", "true");
  // What is typed meanwhile would be lost.
  sent.inert = name !== "file";
  try {
    const answer = await fetch(sent.action, { method: "POST", body, headers: { "X-Desk": "1", "X-CSRFToken": csrf(), Accept: "application/json" } });
    if (answer.redirected) return location.reload();
    const text = await answer.text();
    if (answer.ok && name === "file") await advance(text, root().dataset.paper);
    else if (answer.ok || answer.status === 422) {
      put(new DOMParser().parseFromString(text, "text/html"), { push: false });
      for (const field of doubts()) if (held.get(control(field).name) === control(field).value) mark(field, false);
    } else toast(JSON.parse(text).error.message);
  } catch {
    toast(navigator.onLine ? say("unreachable") : say("offline"));
  } finally {
    busy = sent.inert = false;
    sent.removeAttribute("aria-busy");
    if (name !== "file") focus(form()?.elements[name === "draft" ? "kind" : "loan"]);
  }
}

// Seen: its picture is there, and there was time for a look.
const pictured = () => [...document.querySelectorAll("[data-viewer-stage]")].every((stage) => stage.dataset.ready);
const broken = () => document.querySelector("[data-viewer-stage][data-broken]");
const seen = () => Date.now() - shownAt >= LOOK && pictured();
const looked = () => seen() && root()?.setAttribute("data-seen", "yes");
document.addEventListener("viewer:ready", looked);

// Keys and clicks ---------------------------------------------------------------------------------------------------

const acts = {
  n: () => document.querySelector("[data-desk-next]")?.click(),
  p: back,
  u: undo,
  o: () => restore(last),
  r: () => {
    const part = document.querySelector("[data-return]");
    if (!part) return;
    part.open = true;
    part.scrollIntoView({ block: "nearest" });
    focus(part.querySelector("select"));
  },
};

document.addEventListener("keydown", (event) => {
  active = Date.now();
  const { target } = event;
  if (!root() || event.defaultPrevented || event.isComposing || event.keyCode === 229 || document.querySelector("dialog[open]")) return;
  const typing = target.matches?.("input, textarea, select");
  const inside = form()?.contains(target);
  if (event.key === "Enter" && !event.ctrlKey && !event.altKey && !event.metaKey) {
    if (event.repeat) return event.preventDefault();
    if (target.closest?.("a, button, summary") || (typing && !inside)) return;
    event.preventDefault();
    const field = fieldOf(target);
    if (field) accept(field);
    else if (target.matches?.("[name=why], [name=reason]")) done()?.click();
    else if (doubts().length || inside) onward(null);
    else done()?.click();
    return;
  }
  if (event.key === "Escape" && typing) {
    document.querySelector("[data-viewer-stage]")?.focus({ preventScroll: true });
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.shiftKey) {
    // While something is typed, undoing belongs to the field.
    if (typing && target.value !== target.dataset.at) return;
    event.preventDefault();
    undo();
    return;
  }
  if (event.ctrlKey || event.metaKey) return;
  const single = !typing && document.documentElement.dataset.keys !== "off";
  const act = event.altKey ? acts[event.code.slice(3).toLowerCase()] : single && acts[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

document.addEventListener("click", (event) => {
  active = Date.now();
  const button = event.target.closest?.("[data-accept-field], [data-restore], [data-desk-undo], [data-desk-next]");
  if (!button) return;
  if (button.matches("[data-accept-field]")) accept(fieldOf(button));
  else if (button.matches("[data-restore]")) restore(fieldOf(button));
  else if (button.matches("[data-desk-undo]")) undo();
  else if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    advance();
  }
});

document.addEventListener("focusin", (event) => {
  const field = fieldOf(event.target);
  if (!field || control(field) !== event.target) return;
  last = field;
  event.target.dataset.at ??= event.target.value;
});
document.addEventListener("input", (event) => {
  const field = fieldOf(event.target);
  const line = field?.querySelector(".machine");
  if (line) line.hidden = control(field).value === field.dataset.machine;
});
document.addEventListener("change", (event) => {
  if (!busy && event.target === form()?.elements.kind) return send("draft");
  const field = fieldOf(event.target);
  const input = field && control(field);
  if (input !== event.target || input.dataset.at === undefined || input.value === input.dataset.at) return;
  steps.push({ field, value: input.dataset.at, doubtful: field.hasAttribute("data-doubt") });
  input.dataset.at = input.value;
  mark(field, false);
});

// Before the frame's own guard against sending twice, which would hold the next paper's form as well.
document.addEventListener("submit", (event) => {
  const { name, value } = event.submitter ?? {};
  if (event.target !== form() || (name !== "file" && name !== "use_loan")) return;
  if (name === "file" && pictured() && !root().dataset.next) return;
  event.preventDefault();
  if (busy) return;
  if (name === "use_loan" || seen()) send(name, value);
  else if (!pictured()) toast(say(broken() ? "not_picturable" : "not_pictured"), "info");
}, true);

addEventListener("popstate", () => location.reload());
addEventListener("pagehide", () => {
  const here = root()?.dataset.paper;
  Promise.resolve(ready).then((held) => release([here, held?.id].filter(Boolean)));
});
setInterval(beat, BEAT);

function start() {
  steps = [];
  last = null;
  ready = null;
  shownAt = Date.now();
  const here = root();
  if (!here) return;
  setTimeout(looked, LOOK);
  const note = here.querySelector("[data-fades]");
  if (note) setTimeout(() => note.querySelector("form")?.remove(), Number(note.dataset.fades) * 1000);
  const wrong = here.querySelector(".invalid :is(select, input:not([type=hidden]))");
  if (wrong) focus(wrong);
  // Who came from a search looks at the marked words first.
  else if (here.dataset.next && !document.querySelector("[data-viewer-mark]") && matchMedia("(pointer: fine)").matches) {
    // What is said above the values (why it came back, what was saved) is read first: the page stays at its top.
    onward(null, !!document.querySelector(".content > .stack:not([data-desk]) .note, [data-desk] > .note:not([data-filed])"));
  }
  // The picture of this paper goes before the next one.
  const held = () => { clearTimeout(late); if (root() === here && !ready) hold(); };
  const late = setTimeout(held, 2500);
  document.addEventListener("viewer:ready", held, { once: true });
}

start();
