// Before a session ends for want of use the page asks whether somebody is there; whoever typed meanwhile is. After the
// end a page with typed text stays, covered, until its person has signed in again on another; any other leads to sign-in.
import { csrf } from "./net.js";

const meta = document.querySelector('meta[name="session-life"]');
const box = document.getElementById("session-end");
const WARN = 120;
let ends, limit, timer;
let active = false;
let over = false;
let showing = ""; // which case of the box; "age" stays so when it was read and closed

const left = () => Math.ceil((ends - Date.now()) / 1000);
const lasts = (seconds) => { ends = Date.now() + seconds * 1000; };

// GET is asked by the page itself and uses nothing; POST says that somebody is there.
async function ask(method) {
  const headers = { Accept: "application/json", ...(method === "POST" ? { "X-CSRFToken": csrf() } : { "X-Unattended": "1" }) };
  active = false;
  let told;
  try {
    const response = await fetch(meta.dataset.url, { method, headers });
    over = response.status === 401 || (over && !response.ok);
    if (!response.ok) return;
    told = await response.json();
  } catch {
    return; // no line: asked again later
  }
  if (told.who !== meta.dataset.who) return location.reload();
  ({ limit } = told);
  lasts(told.left);
  // Signing in again has changed the token of every form.
  document.querySelector('meta[name="csrf-token"]').content = told.token;
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = told.token;
}

async function look(method = active && limit === "idle" ? "POST" : "GET") {
  clearTimeout(timer);
  await ask("GET"); // and with it the form token that counts now
  if (method === "POST" && !over) await ask("POST");
  clearTimeout(timer);
  if (over) return leave();
  if (left() > WARN) {
    hide();
    timer = setTimeout(look, (left() - WARN) * 1000);
  } else {
    show(limit);
    tick();
  }
}

function tick() {
  const seconds = Math.max(0, left());
  box.querySelector("[data-session-clock]").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  timer = seconds ? setTimeout(tick, 1000) : setTimeout(look, 3000, "GET");
}

function show(which) {
  if (showing === which) return;
  showing = which;
  for (const part of box.querySelectorAll("[data-session-case]")) part.hidden = !part.dataset.sessionCase.includes(which);
  box.classList.toggle("over", which === "over");
  if (!box.open) box.showModal();
  box.querySelector("[data-session-case]:not([hidden]) .btn-primary").focus();
}

function hide() {
  showing = "";
  if (box.open) box.close();
}

function changed(control) {
  if (control.matches("select")) {
    return control.selectedIndex !== Math.max(0, [...control.options].findIndex((option) => option.defaultSelected));
  }
  return control.matches("[type=checkbox], [type=radio]") ? control.checked !== control.defaultChecked : control.value !== control.defaultValue;
}

function typed() {
  // What came back with errors is in the page as if it had always stood there.
  // So would files be that were dropped and are not stored yet (upload.js).
  if (document.querySelector("main .errors, main [data-unsent]")) return true;
  const controls = ":is(form[method=post], form[hx-post]) :is(input:not([type=hidden]), textarea, select)";
  return [...document.querySelectorAll(controls)].some(changed);
}

function leave() {
  over = true;
  if (typed()) show("over");
  else location.assign(location.pathname + location.search);
}

if (meta && box) {
  ({ limit } = meta.dataset);
  lasts(Number(meta.content));
  for (const kind of ["keydown", "pointerdown", "input"]) {
    document.addEventListener(kind, () => { active = true; }, { capture: true, passive: true });
  }
  // However it is closed, by key, by button or beside it, somebody is there. What is over stays covered.
  box.addEventListener("close", () => {
    if (showing !== "idle" && showing !== "over") return;
    const method = showing === "idle" ? "POST" : "GET";
    showing = "";
    look(method);
  });
  // Timers sleep with the laptop; and whoever comes back may have signed in on another page.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && (over || left() <= WARN)) look("GET");
  });
  document.addEventListener("carloan:signed-out", leave);
  timer = setTimeout(look, Math.max(0, left() - WARN) * 1000);
}
