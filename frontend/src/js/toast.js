import { say } from "./strings.js";

// Errors stay until dismissed; good news leaves by itself.
export function toast(text, kind = "bad") {
  let region = document.querySelector(".toasts");
  if (!region) return;
  const line = document.createElement("div");
  line.className = `toast-line ${kind}`;
  const words = document.createElement("p");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "×";
  close.setAttribute("aria-label", say("close"));
  close.addEventListener("click", () => line.remove());
  line.append(words, close);
  region.append(line);
  while (region.children.length > 4) region.firstElementChild.remove();
  if (kind !== "bad") setTimeout(() => line.remove(), 4000);
}
