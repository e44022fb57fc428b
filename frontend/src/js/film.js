// The segments of a film become lines `SHA-256, bytes, from, to, file name` of the form: <div data-film> holds the chooser,
// the progress and the field. Nothing of the film is sent anywhere.
import { sha256OfFile } from "./sha256.js";

const film = document.querySelector("[data-film]");
const chooser = film.querySelector("[data-film-chooser]");
const files = chooser.querySelector("input");
const progress = film.querySelector("[data-film-progress]");
const status = film.querySelector("[data-film-status]");
const lines = film.querySelector("[name=film]");
const began = document.querySelector("[name=began_at]");

// A moment as the form's own fields write it: in the time of this machine.
const local = (moment) => new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);

async function hash(chosen) {
  const total = chosen.reduce((sum, file) => sum + file.size, 0);
  const found = [];
  let before = 0;
  // A camera writes a segment's file until its end; the next one begins there.
  let from = began.value ? new Date(began.value) : null;
  for (const file of chosen) {
    status.textContent = file.name;
    const sha256 = await sha256OfFile(file, (done) => { progress.value = (before + done) / total; });
    before += file.size;
    const to = new Date(file.lastModified);
    found.push([sha256, file.size, local(from && from < to ? from : to), local(to), file.name].join(", "));
    from = to;
  }
  return found;
}

files.addEventListener("change", async () => {
  const chosen = [...files.files];
  if (!chosen.length) return;
  files.disabled = true;
  progress.hidden = false;
  progress.value = 0;
  try {
    const found = await hash(chosen);
    lines.value = [...lines.value.split("\n").filter((line) => line.trim()), ...found].join("\n");
    status.textContent = film.dataset.filmDone;
    lines.dispatchEvent(new Event("input", { bubbles: true }));
  } catch {
    status.textContent = film.dataset.filmFailed;
  }
  files.disabled = false;
  files.value = "";
  progress.hidden = true;
});
chooser.hidden = false;
