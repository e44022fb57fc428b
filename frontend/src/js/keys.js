// Single-key shortcuts. They do nothing while typing, while an input method composes, or when switched off in the profile.
const root = document.documentElement;
let waitingForPlace = 0;

const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog[open]");
const rows = () => [...document.querySelectorAll("tr[data-href]")].filter((row) => row.offsetParent);

function step(by) {
  const all = rows();
  if (!all.length) return false;
  const at = all.findIndex((row) => row.classList.contains("at"));
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  all[at]?.classList.remove("at");
  next.classList.add("at");
  (next.querySelector("a") ?? next).focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function current() {
  return document.querySelector("tr.at[data-href]");
}

// Where somebody stands in a list stays where it was when the list renews itself.
let at = "";
// What somebody has folded or unfolded stays so, by its id.
let folds = [];
document.addEventListener("htmx:beforeSwap", ({ target }) => {
  const row = current();
  at = row && target.contains(row) ? row.dataset.href : "";
  folds = [...target.querySelectorAll("details[id]")].map((each) => [each.id, each.open]);
});
document.addEventListener("htmx:afterSwap", () => {
  for (const [id, open] of folds) document.getElementById(id)?.toggleAttribute("open", open);
  folds = [];
  const row = at && rows().find((each) => each.dataset.href === at);
  at = "";
  if (!row) return;
  row.classList.add("at");
  if (document.activeElement === document.body) (row.querySelector("a") ?? row).focus({ preventScroll: true });
});

// The button of the row at hand, or of the first row that has one.
const rowButton = (key) => (current() ?? document).querySelector(`[data-row-key="${key}"]`);

const places = () => [...document.querySelectorAll("[data-go]")];

export const keyActs = [
  { key: "/", valid: () => document.querySelector("[data-filter]"), act: (found) => found.focus() },
  { key: "j", valid: () => rows().length, act: () => step(1) },
  { key: "k", valid: () => rows().length, act: () => step(-1) },
  { key: "Enter", valid: () => rows().length, act: () => current() && location.assign(current().dataset.href) },
  { key: "x", valid: () => document.querySelector("[data-select-row]"), act: () => current()?.querySelector("[data-select-row]")?.click() },
  { key: "y", valid: () => rowButton("y"), act: (found) => found.click() },
  { key: "e", valid: () => document.querySelector("[data-edit]"), act: (found) => found.click() },
  { key: "g", valid: () => places().length, act: () => { waitingForPlace = Date.now(); } },
  { key: "?", valid: () => document.getElementById("keys"), act: () => help() },
];

// Lists only what works on this page.
function help() {
  const dialog = document.getElementById("keys");
  for (const line of dialog.querySelectorAll("[data-key]")) {
    const known = keyActs.find(({ key }) => key === line.dataset.key);
    line.hidden = Boolean(known) && !known.valid();
    if (line.nextElementSibling) line.nextElementSibling.hidden = line.hidden;
  }
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if (root.dataset.keys === "off" || event.isComposing || event.keyCode === 229) return;
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (Date.now() - waitingForPlace < 1500) {
    waitingForPlace = 0;
    const link = places().find((place) => place.dataset.go === event.key);
    if (link) {
      event.preventDefault();
      link.click();
      return;
    }
  }
  // Enter on a link or button does what that link or button says.
  if (event.key === "Enter" && event.target.closest?.("a, button, summary")) return;
  const found = keyActs.find(({ key }) => key === event.key);
  const valid = found?.valid();
  if (!valid) return;
  event.preventDefault();
  found.act(valid);
});

// A click anywhere on a row opens it, unless it was meant for something inside or for selecting text.
document.addEventListener("click", (event) => {
  const row = event.target.closest?.("tr[data-href]");
  if (!row || event.target.closest("a, button, input, label, select, summary, .pick") || getSelection().toString()) return;
  if (event.ctrlKey || event.metaKey) open(row.dataset.href, "_blank", "noopener");
  else location.assign(row.dataset.href);
});
