// Frame of the page: phone menu, narrow navigation, theme, printing, dialogs.
import { cookie, remember } from "./cookies.js";

const root = document.documentElement;

function menu(open) {
  const side = document.querySelector(".side");
  side?.classList.toggle("open", open);
  side?.querySelector(".nav-toggle")?.setAttribute("aria-expanded", String(open));
  showPlace();
}

// The line of this page, also where the navigation is longer than the window.
function showPlace() {
  document.querySelector(".side [aria-current]")?.scrollIntoView({ block: "nearest" });
}


function markTheme() {
  for (const button of document.querySelectorAll("[data-set-theme]")) {
    button.setAttribute("aria-pressed", String(button.dataset.setTheme === root.dataset.theme));
  }
}

const acts = {
  "data-nav-toggle": (button) => menu(button.getAttribute("aria-expanded") !== "true"),
  "data-side-toggle": () => {
    const narrow = root.dataset.side !== "narrow";
    if (narrow) root.dataset.side = "narrow";
    else delete root.dataset.side;
    remember("side", narrow ? "narrow" : "wide");
  },
  // The next page comes with the groups open that somebody opened. At this moment the group is as it was before.
  "data-nav-group": (group, clicked) => {
    if (!clicked.closest("summary")) return;
    const opened = new Set(cookie("groups")?.split(".").filter(Boolean));
    if (group.open) opened.delete(group.dataset.navGroup);
    else opened.add(group.dataset.navGroup);
    remember("groups", [...opened].join("."));
  },
  "data-set-theme": (button) => {
    remember("theme", button.dataset.setTheme);
    document.dispatchEvent(new Event("carloan:theme"));
    markTheme();
  },
  "data-print": () => print(),
  "data-dismiss": (button) => button.closest(".note, .card, dialog")?.remove(),
  "data-open-dialog": (button) => document.getElementById(button.dataset.openDialog)?.showModal(),
  "data-close-dialog": (button) => button.closest("dialog")?.close(),
};

document.addEventListener("click", (event) => {
  if (event.target instanceof HTMLDialogElement) event.target.close(); // a click on the backdrop
  for (const [name, act] of Object.entries(acts)) {
    const button = event.target.closest?.(`[${name}]`);
    if (button) act(button, event.target);
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const toggle = document.querySelector('.nav-toggle[aria-expanded="true"]');
  if (toggle) {
    menu(false);
    toggle.focus();
  }
});

// A fragment that was loaded into the sheet opens it; an empty one closes it.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "sheet-body") return;
  const sheet = event.detail.target.closest("dialog");
  if (!event.detail.target.childElementCount) sheet.close();
  else if (!sheet.open) sheet.showModal();
});

markTheme();
showPlace();
