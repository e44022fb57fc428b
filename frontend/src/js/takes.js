// A form that brings a file once (data-takes): the file is kept, and the page says at once what became of the thing.
// The browser alone would leave the page as it was, with a button that is refused from now on.
import { show } from "./send.js";
import { say } from "./strings.js";
import { toast } from "./toast.js";

function nameIn(disposition) {
  if (!disposition.startsWith("attachment")) return "";
  const [, whole] = /filename\*=UTF-8''([^;]+)/i.exec(disposition) ?? [];
  return whole ? decodeURIComponent(whole) : (/filename="([^"]+)"/.exec(disposition)?.[1] ?? "file");
}

function keep(file, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
}

async function take(form) {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
  if (answer.redirected) return location.assign(answer.url);
  const name = nameIn(answer.headers.get("Content-Disposition") ?? "");
  if (!name) return show(await answer.text());
  keep(await answer.blob(), name);
  show(await (await fetch(location.href)).text());
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-takes]")) return;
  event.preventDefault();
  const buttons = form.querySelectorAll("button");
  for (const button of buttons) button.disabled = true;
  try {
    await take(form);
  } catch {
    toast(navigator.onLine ? say("unreachable") : say("offline"));
  } finally {
    for (const button of buttons) button.disabled = false;
  }
});
