// A form with one large file (data-progress): its name and size as soon as it is chosen, and how far it is while it is sent.
import htmx from "htmx.org/dist/htmx.esm.js";
import { csrf, reason } from "./net.js";
import { say } from "./strings.js";
import { toast } from "./toast.js";

function size(bytes) {
  const [unit, by] = bytes < 1024 ** 2 ? ["KB", 1024] : ["MB", 1024 ** 2];
  return `${(bytes / by).toFixed(1)} ${unit}`;
}

document.addEventListener("change", (event) => {
  const chosen = event.target.closest?.(".drop")?.querySelector("[data-chosen]");
  const file = event.target.files?.[0];
  if (chosen && file) chosen.textContent = `${file.name} · ${size(file.size)}`;
});

for (const drop of document.querySelectorAll("form[data-progress] .drop")) {
  drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    const input = drop.querySelector("input[type=file]");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// The page in an answer takes the place of this one.
export function show(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const main = page.getElementById("main");
  if (!main) return location.reload();
  document.getElementById("main").replaceWith(main);
  document.title = page.title;
  htmx.process(main);
  (main.querySelector(".errors") ?? main).focus();
  scrollTo(0, 0);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-progress]") || !form.querySelector("input[type=file]")?.files.length) return;
  event.preventDefault();
  const line = form.querySelector("[data-sending]");
  const button = form.querySelector("button[type=submit]");
  const xhr = new XMLHttpRequest();
  const over = (words) => { line.hidden = true; button.disabled = false; removeEventListener("beforeunload", stay); if (words) toast(words); };
  const stay = (leaving) => leaving.preventDefault();
  xhr.upload.addEventListener("progress", ({ loaded, total }) => {
    line.querySelector("progress").value = total ? loaded / total : 0;
    line.querySelector("[data-percent]").textContent = loaded < total ? `${Math.floor((loaded / total) * 100)}%` : say("upload_processing");
  });
  xhr.addEventListener("load", () => {
    const fine = xhr.status < 400 || xhr.status === 422;
    over(fine ? "" : reason(xhr));
    if (!fine) return;
    // Another page is gone to, so that Back leads from it.
    if (xhr.responseURL === location.href) show(xhr.responseText);
    else location.assign(xhr.responseURL);
  });
  xhr.addEventListener("error", () => over(navigator.onLine ? say("unreachable") : say("offline")));
  xhr.open("POST", form.action);
  xhr.setRequestHeader("X-CSRFToken", csrf());
  xhr.send(new FormData(form));
  line.hidden = false;
  button.disabled = true;
  addEventListener("beforeunload", stay);
});
