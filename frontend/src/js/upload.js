// Bulk upload. A form marked data-upload holds a real <input type=file multiple> inside its label; without this
// script it is an ordinary multipart form. Attributes of the form:
//   data-upload-url    where each file is posted (default: the form's action)
//   data-upload-list   selector of the <ul class="uploads"> that shows the files
//   data-upload-done   event of this name is sent on document.body after each stored file (htmx: hx-trigger="… from:body")
// A button marked data-camera takes a photo as one more file; a folder that is dropped is the files in it. Every other field of the form goes along with each file.
// An element marked data-upload-with ("name=value&…") sends what is dropped on it with these fields more, by the page's only form.
// The server answers JSON {id, state, label, url, poll, message} or one HTML <li>; the address "poll" is asked with the ids of
// all lines that are not settled, some at once, and answers {papers: [the same as above]}.
// Above the list [data-upload-sum] tells how far all of them are.
const MOST = 3;
// An address holds so many ids, with room to spare (a web server takes 4,094 signs).
const AT_ONCE = 50;
const FIRST_PAUSE = 1200;
const LONGEST_PAUSE = 8000;
const RETRIES = 2;
const BUSY = ["received", "recognising", "queued", "running"];
const SETTLED = ["filed", "review", "refused"];
// What systems put beside people's files without telling them.
const LITTER = /^(\.ds_store|thumbs\.db|desktop\.ini)$/i;
const strings = JSON.parse(document.getElementById("strings")?.textContent ?? "{}");
const say = (key, values = {}) => (strings[key] ?? key).replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "").replaceAll("%%", "%");
const waiting = [];
const jobs = [];
const watched = new Map();
let active = 0;
let telling = 0;

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

function add(form, file, more) {
  const line = document.createElement("li");
  const name = make("bdi", "name", shown(file.name));
  name.title = name.textContent;
  name.append(" ", make("span", "size", size(file.size)));
  const tag = make("span", "st", say("upload_waiting"));
  line.append(name, tag);
  document.querySelector(form.dataset.uploadList).append(line);
  const job = { form, file, more: [...more], line, name, tag, tries: 0, at: "sent" };
  jobs.push(job);
  waiting.push(job);
}

// Where a file stands: sent (not stored yet), failed, reading, filed, review, refused or done.
function now(job, at) {
  job.at = at;
  job.line.toggleAttribute("data-unsent", at === "sent" || (at === "failed" && job.again));
  telling ||= setTimeout(() => { telling = 0; tell(); }, 300);
}

function tell() {
  for (const sum of document.querySelectorAll("[data-upload-sum]")) {
    const own = jobs.filter((job) => job.line.parentNode?.id === sum.dataset.uploadSum);
    const count = (...at) => own.filter((job) => at.includes(job.at)).length;
    const open = count("sent", "reading");
    const told = ["failed", "reading", "filed", "review", "refused"].filter((at) => count(at)).map((at) => say(`uploads_${at}`, { count: count(at) }));
    sum.hidden = !own.length;
    // The line of a single file says it already; it is read aloud all the same.
    sum.classList.toggle("visually-hidden", own.length === 1);
    Object.assign(sum.querySelector("progress"), { max: own.length || 1, value: own.length - open });
    sum.querySelector("[role=status]").textContent = [say("uploads_stored", { stored: own.length - count("sent", "failed"), all: own.length }), ...told].join(" · ");
    sum.querySelector("button").hidden = own.filter((job) => job.again).length < 2;
  }
}

function retry(job) {
  job.tries = 0;
  job.again = false;
  now(job, "sent");
  waiting.push(job);
  pump();
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
  for (const [name, value] of job.more) body.set(name, value);
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
  if (request.status === 401) {
    // Kept, and sent by hand once its person has signed in again.
    fail(job, request, true);
    return document.dispatchEvent(new Event("carloan:signed-out"));
  }
  if (request.status < 200 || request.status >= 300) return fail(job, request, transient || request.status >= 500);
  now(job, "done");
  if ((request.getResponseHeader("Content-Type") ?? "").includes("json")) paint(job, JSON.parse(request.responseText));
  else {
    const holder = document.createElement("ul");
    holder.innerHTML = request.responseText;
    const line = holder.firstElementChild;
    job.line.replaceWith(line);
    job.line = line;
    window.htmx?.process(line);
  }
  document.body.dispatchEvent(new CustomEvent(job.form.dataset.uploadDone || "uploaded", { bubbles: true }));
}

function paint(job, answer) {
  const busy = BUSY.includes(answer.state);
  const tone = { filed: "green", review: "orange", refused: "red" }[answer.state] ?? (busy ? "blue" : "green");
  show(job, tone, answer.label || (busy ? say("upload_processing") : say("upload_done")));
  now(job, busy ? "reading" : SETTLED.includes(answer.state) ? answer.state : "done");
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
  if (busy && answer.poll) watch(job, answer);
  else if (watched.delete(answer.id)) document.body.dispatchEvent(new CustomEvent(job.form.dataset.uploadDone || "uploaded", { bubbles: true }));
}

function watch(job, answer) {
  // The same file dropped twice is one paper with two lines.
  const watch = watched.get(answer.id) ?? { jobs: new Set(), url: answer.poll, state: answer.state };
  watch.jobs.add(job);
  watched.set(answer.id, watch);
  look(FIRST_PAUSE);
}

let looking = 0;
let pausing = 0;

// One question for many lines; those that waited longest come first.
function look(pause) {
  if (looking && pause >= pausing) return;
  clearTimeout(looking);
  pausing = pause;
  looking = setTimeout(async () => {
    for (const [id, { jobs: lines }] of watched) if (![...lines].some((job) => job.line.isConnected)) watched.delete(id);
    const asked = [...watched].slice(0, AT_ONCE);
    let moved = false;
    if (asked.length) {
      const { url } = asked[0][1];
      try {
        const response = await fetch(`${url}?${new URLSearchParams(asked.map(([id]) => ["id", id]))}`, { headers: { Accept: "application/json", "X-Unattended": "1" } });
        if (response.ok) for (const answer of (await response.json()).papers) moved = told(answer) || moved;
      } catch { /* the next round asks again */ }
      for (const [id, watch] of asked) if (watched.delete(id)) watched.set(id, watch);
    }
    looking = 0;
    if (watched.size) look(moved || watched.size > asked.length ? FIRST_PAUSE : Math.min(pause * 1.5, LONGEST_PAUSE));
  }, pause);
}

// Whether the state of a watched line is another one now.
function told(answer) {
  const watch = watched.get(answer.id);
  if (!watch || watch.state === answer.state) return false;
  watch.state = answer.state;
  for (const job of watch.jobs) paint(job, { ...answer, poll: watch.url });
  return true;
}

function fail(job, request, again) {
  let words = say("upload_failed");
  try {
    const { code, message, fields = {} } = JSON.parse(request.responseText).error;
    const lines = Object.values(fields).flat().filter((line) => line !== message);
    // That something is wrong says less than what it is.
    words = [code === "invalid" && lines.length ? "" : message, ...lines].filter(Boolean).join(" ") || words;
  } catch {
    if (request.status === 413) words = say("too_large");
    else if (request.status === 0) words = say("unreachable");
  }
  show(job, "red", say("upload_refused"));
  job.line.append(make("span", "why", words));
  job.again = again;
  now(job, "failed");
  job.line.parentNode.prepend(job.line);
  if (!again) return;
  const button = make("button", "btn btn-sm", say("retry"));
  button.type = "button";
  button.addEventListener("click", () => retry(job));
  job.line.append(button);
}

function take(form, files, more = []) {
  for (const file of files) add(form, file, more);
  pump();
  tell();
}

document.addEventListener("click", (event) => {
  const sum = event.target.closest?.("[data-upload-again]")?.closest("[data-upload-sum]");
  if (sum) jobs.filter((job) => job.again && job.line.parentNode?.id === sum.dataset.uploadSum).forEach(retry);
});

// The files of a drop, those in folders too. Entries are only there while the event is.
async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return [...transfer.files];
  const found = [];
  const walk = async (entry) => {
    // One that cannot be read is sent empty: what is wrong then stands in its line.
    if (entry.isFile) return found.push(await new Promise((done) => entry.file(done, () => done(new File([], entry.name)))));
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((done) => reader.readEntries(done, () => done([])));
      if (!some.length) return;
      for (const each of some) await walk(each);
    }
  };
  for (const entry of entries) await walk(entry);
  return found.filter((file) => !LITTER.test(file.name)).sort((one, two) => one.name.localeCompare(two.name));
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
    const target = event.target.closest?.("[data-upload-with]");
    (target ?? form.querySelector(".drop"))?.classList.toggle("over", kind === "dragover");
    const more = new URLSearchParams(target?.dataset.uploadWith);
    if (kind === "drop") dropped(event.dataTransfer).then((files) => take(form, files, more));
  });
}
addEventListener("beforeunload", (event) => {
  if (active || waiting.length) event.preventDefault();
});
for (const button of document.querySelectorAll("form[data-upload] [data-without-script]")) button.hidden = true;
