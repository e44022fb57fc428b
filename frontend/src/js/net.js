// One place for what every htmx request needs: the CSRF header, the 422 swap, and a word when something fails.
import { say } from "./strings.js";
import { toast } from "./toast.js";

export function csrf() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrf();
  // What a page asks by itself, by the clock, is no use of the session (core/session_life.py).
  if (!event.detail.triggeringEvent) event.detail.headers["X-Unattended"] = "1";
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.xhr.status === 422) event.detail.target.querySelector(".errors")?.focus();
});

document.addEventListener("htmx:responseError", (event) => {
  toast(reason(event.detail.xhr));
  if (event.detail.xhr.status === 401) document.dispatchEvent(new Event("carloan:signed-out"));
});
document.addEventListener("htmx:sendError", () => toast(navigator.onLine ? say("unreachable") : say("offline")));
document.addEventListener("htmx:timeout", () => toast(say("unreachable")));

// The server's own words where it gave any; a page or stack of markup is never shown.
export function reason(xhr) {
  const type = xhr.getResponseHeader("Content-Type") ?? "";
  try {
    if (type.includes("json")) return JSON.parse(xhr.responseText).error?.message || say("failed");
  } catch { /* falls through to the general words */ }
  if (xhr.status >= 500 || xhr.status === 0) return say("failed");
  if (xhr.status === 413) return say("too_large");
  const parsed = new DOMParser().parseFromString(xhr.responseText, "text/html");
  const words = parsed.querySelector("[data-message]")?.textContent.trim().replace(/\s+/g, " ");
  return words || say("failed");
}

function offline() {
  const banner = document.getElementById("offline");
  if (banner) banner.hidden = navigator.onLine;
}
addEventListener("online", offline);
addEventListener("offline", offline);
offline();
