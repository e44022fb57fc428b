// Row selection of tables marked data-select, and the bulk bar that shows the count.
import { say } from "./strings.js";

let last = null;

function scope(element) {
  return element.closest("[data-select]");
}

function refresh(table) {
  const boxes = [...table.querySelectorAll("[data-select-row]")];
  const picked = boxes.filter((box) => box.checked);
  for (const box of boxes) box.closest("tr").setAttribute("aria-selected", String(box.checked));
  const all = table.querySelector("[data-select-all]");
  if (all) {
    all.checked = picked.length > 0 && picked.length === boxes.length;
    all.indeterminate = picked.length > 0 && picked.length < boxes.length;
  }
  const bar = table.querySelector("[data-bulk]");
  if (!bar) return;
  bar.hidden = picked.length === 0;
  const count = bar.querySelector("[data-bulk-count]");
  if (count) count.textContent = say("selected", { count: picked.length });
}

document.addEventListener("change", (event) => {
  const box = event.target;
  if (!box.matches?.("[data-select-row], [data-select-all]")) return;
  const table = scope(box);
  if (box.matches("[data-select-all]")) {
    for (const row of table.querySelectorAll("[data-select-row]")) row.checked = box.checked;
  }
  refresh(table);
});

// The whole cell is the box's target: beside it the row would open, and a finger needs more than the box.
document.addEventListener("click", (event) => {
  if (event.target.matches?.(".pick")) event.target.querySelector("input")?.click();
});

// Shift extends from the last box to this one.
document.addEventListener("click", (event) => {
  const box = event.target.closest?.("[data-select-row]");
  if (!box) {
    if (event.target.closest?.("[data-select-none]")) {
      const table = scope(event.target);
      for (const row of table.querySelectorAll("[data-select-row]")) row.checked = false;
      refresh(table);
    }
    return;
  }
  if (event.shiftKey && last && last !== box && scope(last) === scope(box)) {
    const boxes = [...scope(box).querySelectorAll("[data-select-row]")];
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((one, two) => one - two);
    for (const each of boxes.slice(from, to + 1)) each.checked = box.checked;
    refresh(scope(box));
  }
  last = box;
});

// A list that renews itself waits while rows are chosen: the choice would be lost with the rows.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches?.("[data-select]") && event.target.querySelector("[data-select-row]:checked")) event.preventDefault();
});

// A page may come with rows chosen: what was sent and refused, or the way back from confirming who one is.
const scan = () => document.querySelectorAll("[data-select]").forEach(refresh);
document.addEventListener("htmx:afterSwap", scan);
scan();
