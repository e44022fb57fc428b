// Bulk upload. A form marked data-upload holds a real <input type=file multiple> inside its label; without this
// script it is an ordinary multipart form. Attributes of the form:
//   data-upload-url    where each file is posted (default: the form's action)
//   data-upload-list   selector of the <ul class="uploads"> that shows the files
//   data-upload-done   event of this name is sent on document.body after each stored file (htmx: hx-trigger="… from:body")
// A button marked data-camera takes a photo as one more file. Every other field of the form goes along with each file. The server answers JSON {id, state, label, url, poll, message}
// or one HTML <li>; with "poll" the line asks again until the state is settled.
const MOST = 3;
const RETRIES = 2;
const BUSY = ["received", "recognising", "queued", "running"];
const strings = JSON.parse(document.getElementById("strings")?.textContent ?? "{}");
const say = (key, values = {}) => (strings[key] ?? key).replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "").replaceAll("%%", "%");
const waiting = [];
let active = 0;

const size = (bytes) => (bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`);

function make(tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

function show(job, tone, text) {
  job.tag.className = `st st-${tone}${tone === "blue" ? " st-busy" : ""}`;
  job.tag.textContent = text;
}

// As lib/file_names.py shows names: what cannot be seen by its number, no space lost, apart from the words beside it.
const shown = (name) =>
  name
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (sign) => `[U+${sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}]`)
    .replace(/ {2,}|^ | $/g, (spaces) => "\u00a0".repeat(spaces.length));

function add(form, file) {
  const line = document.createElement("li");
  const name = make("bdi", "name", shown(file.name));
  name.title = name.textContent;
  name.append(" ", make("span", "size", size(file.size)));
  const tag = make("span", "st", say("upload_waiting"));
  line.append(name, tag);
  document.querySelector(form.dataset.uploadList).append(line);
  const job = { form, file, line, name, tag, tries: 0 };
  waiting.push(job);
}

function pump() {
  while (active < MOST && waiting.length) {
    active += 1;
    send(waiting.shift());
  }
}

function send(job) {
  const { form, file } = job;
  const body = new FormData(form);
  const field = form.querySelector('input[type="file"]').name;
  body.delete(field);
  body.append(field, file, file.name);
  const request = new XMLHttpRequest();
  request.open("POST", form.dataset.uploadUrl || form.action);
  request.setRequestHeader("X-CSRFToken", document.querySelector('meta[name="csrf-token"]')?.content ?? "");
  request.setRequestHeader("Accept", "application/json");
  const bar = document.createElement("progress");
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", say("upload_progress", { name: shown(file.name) }));
  job.line.querySelectorAll("progress, .why, button").forEach((old) => old.remove());
  job.line.append(bar);
  show(job, "blue", say("uploading", { percent: 0 }));
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    bar.value = (event.loaded / event.total) * 100;
    // All bytes sent is not stored: only the server's answer is.
    show(job, "blue", bar.value < 100 ? say("uploading", { percent: Math.floor(bar.value) }) : say("upload_processing"));
  });
  request.addEventListener("loadend", () => {
    active -= 1;
    bar.remove();
    settle(job, request);
    pump();
  });
  request.send(body);
}

function settle(job, request) {
  const transient = request.status === 0 || request.status === 429 || request.status >= 502;
  if (transient && job.tries < RETRIES) {
    job.tries += 1;
    show(job, "grey", say("upload_waiting"));
    setTimeout(() => { waiting.push(job); pump(); }, 800 * 2 ** job.tries);
    return;
  }
  if (request.status < 200 || request.status >= 300) return fail(job, request, transient || request.status >= 500);
  if ((request.getResponseHeader("Content-Type") ?? "").includes("json")) paint(job, JSON.parse(request.responseText));
  else {
    const holder = document.createElement("ul");
    holder.innerHTML = request.responseText;
    const line = holder.firstElementChild;
    job.line.replaceWith(line);
    window.htmx?.process(line);
  }
  document.body.dispatchEvent(new CustomEvent(job.form.dataset.uploadDone || "uploaded", { bubbles: true }));
}

function paint(job, answer) {
  const busy = BUSY.includes(answer.state);
  const tone = { filed: "green", review: "orange", refused: "red" }[answer.state] ?? (busy ? "blue" : "green");
  show(job, tone, answer.label || (busy ? say("upload_processing") : say("upload_done")));
  if (answer.url && !job.line.querySelector("a")) {
    const link = document.createElement("a");
    link.href = answer.url;
    link.append(...job.name.childNodes);
    job.name.append(link);
  }
  job.line.querySelector(".why")?.remove();
  if (answer.loan && !job.line.querySelector(".loan")) {
    const loan = make("a", "loan mono", answer.loan);
    loan.href = answer.loan_url;
    job.tag.after(loan);
  }
  if (answer.message) job.line.append(make("span", tone === "red" ? "why" : "why soft", answer.message));
  if (busy && answer.poll) watch(job, answer.poll, 1200);
  else if (job.watched) document.body.dispatchEvent(new CustomEvent(job.form.dataset.uploadDone || "uploaded", { bubbles: true }));
}

function watch(job, url, pause) {
  job.watched = true;
  setTimeout(async () => {
    if (!job.line.isConnected) return;
    try {
      const response = await fetch(url, { headers: { Accept: "application/json", "X-Unattended": "1" } });
      if (response.ok) return paint(job, { ...(await response.json()), poll: url });
    } catch { /* the next round asks again */ }
    watch(job, url, Math.min(pause * 1.5, 8000));
  }, pause);
}

function fail(job, request, again) {
  let words = say("upload_failed");
  try {
    words = JSON.parse(request.responseText).error.message || words;
  } catch {
    if (request.status === 413) words = say("too_large");
    else if (request.status === 0) words = say("unreachable");
  }
  show(job, "red", say("upload_refused"));
  job.line.append(make("span", "why", words));
  if (!again) return;
  const button = make("button", "btn btn-sm", say("retry"));
  button.type = "button";
  button.addEventListener("click", () => { job.tries = 0; waiting.push(job); pump(); });
  job.line.append(button);
}

function take(form, files) {
  for (const file of files) add(form, file);
  pump();
}

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-upload]");
  if (!form || event.target.type !== "file") return;
  take(form, [...event.target.files]);
  event.target.value = "";
});
// Held here: a browser may forget an input that stands nowhere before its photo is taken.
let camera = null;
document.addEventListener("click", (event) => {
  const form = event.target.closest?.("form[data-upload] [data-camera]")?.form;
  if (!form) return;
  camera = Object.assign(document.createElement("input"), { type: "file", accept: "image/*" });
  camera.setAttribute("capture", "environment");
  camera.addEventListener("change", () => take(form, camera.files));
  camera.click();
});
document.addEventListener("submit", (event) => {
  if (event.target.matches?.("form[data-upload]")) event.preventDefault();
});

// The page itself is a drop zone when it has exactly one upload form.
const zone = (event) => event.target.closest?.("form[data-upload]") ?? onlyForm();
const onlyForm = () => {
  const forms = document.querySelectorAll("form[data-upload]");
  return forms.length === 1 ? forms[0] : null;
};
const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const form = carriesFiles(event) && zone(event);
    if (!form) return;
    event.preventDefault();
    form.querySelector(".drop")?.classList.toggle("over", kind === "dragover");
    if (kind === "drop") take(form, [...event.dataTransfer.files]);
  });
}
addEventListener("beforeunload", (event) => {
  if (active || waiting.length) event.preventDefault();
});
for (const button of document.querySelectorAll("form[data-upload] [data-without-script]")) button.hidden = true;
