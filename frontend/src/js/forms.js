import { say } from "./strings.js";

// Forms: focus goes to the error summary, a select can send its form, typed data survives a stray click.
document.querySelector(".errors")?.focus();

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".errors a[href^='#']");
  const field = link && document.getElementById(link.getAttribute("href").slice(1));
  if (!field) return;
  event.preventDefault();
  const control = field.matches("input, select, textarea") ? field : field.querySelector("input, select, textarea");
  (control ?? field).focus();
});

// On phones a query form shows its first field; all of them when asked, or when one of the others is in use.
for (const form of document.querySelectorAll(".filters")) {
  const others = [...form.querySelectorAll(".field ~ .field :is(input, select)")];
  form.classList.toggle("open", others.some((control) => (control.type === "checkbox" ? control.checked : control.value)));
  form.querySelector("[data-filters-more]")?.addEventListener("click", () => {
    form.classList.add("open");
    others[0]?.focus();
  });
}

// On phones the current tab may stand outside: it is brought into sight.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const bar = tab.closest(".tabs");
  bar.scrollLeft = tab.offsetLeft - bar.offsetLeft - (bar.clientWidth - tab.clientWidth) / 2;
}

document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-autosubmit]")) event.target.form.requestSubmit();
});

// A second click on the same button must not send the form twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.matches("[hx-get], [hx-post], [data-upload], [data-passkey], dialog form[method=dialog]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 4000);
});

const dirty = new Set();
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-guard]");
  if (form) dirty.add(form);
});
document.addEventListener("submit", (event) => dirty.delete(event.target));
addEventListener("beforeunload", (event) => {
  if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
});

// Selects that know what they were (data-was): changed ones are marked and counted.
document.addEventListener("change", (event) => {
  const select = event.target.closest?.("select[data-was]");
  if (!select) return;
  select.dataset.now = select.value;
  select.parentElement.classList.toggle("changed", select.value !== select.dataset.was);
  const form = select.form;
  const count = [...form.querySelectorAll("select[data-was]")].filter((each) => each.value !== each.dataset.was).length;
  const line = form.querySelector("[data-changes]");
  if (!line) return;
  line.hidden = count === 0;
  line.textContent = say("changes", { count });
});

// A grid of selects (data-grid) goes by keys like a spreadsheet; up and down still choose in the cell.
document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.("[data-grid] select");
  if (!cell || event.altKey || event.ctrlKey || event.metaKey) return;
  const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], Enter: [0, event.shiftKey ? -1 : 1] }[event.key];
  if (!by) return;
  event.preventDefault();
  const column = cell.closest("td").cellIndex;
  const rows = [...cell.closest("[data-grid]").querySelectorAll("tr")].filter((row) => row.querySelector("select"));
  const row = rows[rows.indexOf(cell.closest("tr")) + by[1]];
  row?.cells[column + by[0]]?.querySelector("select")?.focus();
});

// What was not changed need not be sent: a large matrix has more cells than one request may have fields.
document.addEventListener("formdata", (event) => {
  for (const select of event.target.querySelectorAll("[data-grid] select[data-was]")) {
    if (select.value === select.dataset.was) event.formData.delete(select.name);
  }
});
