// Ctrl/⌘ K: one box for pages, loans, people, vehicles and papers. Pages are matched here, the rest by the server.
import htmx from "htmx.org/dist/htmx.esm.js";

const dialog = document.getElementById("palette");
const input = dialog?.querySelector("input");
const results = dialog?.querySelector("[data-hits]");
const pages = dialog?.querySelector("[data-pages]");
let timer = 0;
let asked = "";

function hits() {
  return [...dialog.querySelectorAll(".hit")].filter((hit) => !hit.closest("[hidden]"));
}

function choose(at) {
  const all = hits();
  for (const hit of dialog.querySelectorAll('.hit[aria-selected="true"]')) hit.setAttribute("aria-selected", "false");
  const hit = all[(at + all.length) % all.length];
  if (!hit) {
    input.removeAttribute("aria-activedescendant");
    return;
  }
  hit.id ||= `hit-${all.indexOf(hit)}-${Date.now()}`;
  hit.setAttribute("aria-selected", "true");
  input.setAttribute("aria-activedescendant", hit.id);
  hit.scrollIntoView({ block: "nearest" });
}

function chosen() {
  return hits().findIndex((hit) => hit.getAttribute("aria-selected") === "true");
}

function matchPages(text) {
  let any = false;
  for (const item of pages.querySelectorAll("li")) {
    item.hidden = Boolean(text) && !item.textContent.toLowerCase().includes(text.toLowerCase());
    any ||= !item.hidden;
  }
  pages.hidden = !any;
}

async function ask() {
  const text = input.value.trim();
  matchPages(text);
  if (text === asked) return;
  asked = text;
  if (text) {
    await htmx.ajax("GET", `${dialog.dataset.url}?q=${encodeURIComponent(text)}`, { target: results, swap: "innerHTML" });
  } else {
    results.replaceChildren();
  }
  if (text === asked) choose(0);
}

function openPalette() {
  if (dialog.open) return;
  for (const other of document.querySelectorAll("dialog[open]")) other.close();
  asked = "";
  input.value = "";
  results.replaceChildren();
  matchPages("");
  dialog.showModal();
  input.focus();
  choose(0);
}

if (dialog) {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openPalette();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-palette]")) openPalette();
  });
  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(ask, 180);
  });
  input.addEventListener("compositionend", () => { clearTimeout(timer); timer = setTimeout(ask, 180); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") choose(chosen() + 1);
    else if (event.key === "ArrowUp") choose(chosen() - 1);
    else if (event.key === "Enter") {
      // Without a hit the form goes to the full page of results.
      const hit = hits()[chosen()];
      if (!hit || input.value.trim() !== asked) return;
      event.preventDefault();
      hit.click();
      return;
    } else return;
    event.preventDefault();
  });
}
