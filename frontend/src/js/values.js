// Copy buttons, and revealed values that hide again by themselves.
import { say } from "./strings.js";
import { toast } from "./toast.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy], [data-copy-from]");
  if (!button) return;
  const source = button.dataset.copyFrom && document.querySelector(button.dataset.copyFrom);
  try {
    await navigator.clipboard.writeText(source ? source.textContent.trim() : button.dataset.copy);
    toast(say("copied"), "ok");
  } catch {
    toast(say("copy_failed"));
  }
});

// <span data-revealed="30" data-masked="138****1234">13800001234</span>
function watch(element) {
  if (element.dataset.watched) return;
  element.dataset.watched = "yes";
  setTimeout(() => hide(element), Number(element.dataset.revealed || 30) * 1000);
}

function hide(element) {
  if (!element.isConnected) return;
  element.textContent = element.dataset.masked ?? "••••";
  element.className = "masked";
  element.removeAttribute("data-revealed");
  // Who does not look at the screen hears it; who stood on the button goes on from the next one.
  const place = element.closest("[data-revealing]");
  const note = place?.querySelector("[data-revealed-note]");
  if (note) note.textContent = note.dataset.revealedNote;
  const button = place?.querySelector("[data-hide-revealed]");
  if (button) {
    const next = button.nextElementSibling;
    if (document.activeElement === button) next?.focus();
    button.remove();
  }
}

document.addEventListener("click", (event) => {
  const place = event.target.closest?.("[data-hide-revealed]")?.closest("[data-revealing]");
  place?.querySelectorAll("[data-revealed]").forEach(hide);
});

const scan = () => document.querySelectorAll("[data-revealed]").forEach(watch);
document.addEventListener("htmx:afterSettle", scan);
addEventListener("pagehide", () => document.querySelectorAll("[data-revealed]").forEach(hide));
scan();
