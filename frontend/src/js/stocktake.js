// A stock-take ([data-scan]): codes from the keyboard, a hand scanner or the camera. What was scanned waits in the browser
// until the server has it, so that neither a reload nor a warehouse without a signal loses a scan.
import { decodeQR } from "qr/decode.js";
import { csrf } from "./net.js";

const card = document.querySelector("[data-scan]");
const part = (name) => card.querySelector(`[data-scan-${name}]`);
const form = part("form"), input = form.elements.code, said = part("said"), video = part("video");
const KEPT = `carloan-stocktake-${card.dataset.scan}`;
const PAUSE = 3000, AGAIN = 2500;

function waiting() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? [];
  } catch {
    return [];
  }
}

function keep(scans) {
  if (scans.length) localStorage.setItem(KEPT, JSON.stringify(scans));
  else localStorage.removeItem(KEPT);
  part("waiting").hidden = !scans.length;
  part("waiting").textContent = `${scans.length} ${said.dataset.scanQueued}`;
}

function tell(words, tone = "") {
  said.textContent = words;
  said.className = `st ${tone}`;
}

function list(code, words) {
  const line = document.createElement("li"), number = document.createElement("span");
  number.className = "mono";
  number.textContent = code;
  line.append(number, ` ${words}`);
  part("list").prepend(line);
  while (part("list").children.length > 12) part("list").lastElementChild.remove();
}

function show(answer) {
  tell(`${answer.code} ${answer.message}`, answer.tone);
  list(answer.code, answer.message);
  for (const name of ["found", "expected", "others"]) part(name).textContent = answer[name];
  if (answer.place_name) {
    part("where").textContent = answer.place_name;
    card.dataset.scanPlace = form.elements.place.value = answer.place;
  }
}

let sending = false;

// One after the other: a box that was scanned decides where the next ones lie, and its answer says which box that is.
async function send() {
  if (sending) return;
  sending = true;
  while (waiting().length) {
    const [scan, ...rest] = waiting();
    const body = new URLSearchParams({ code: scan.code, place: card.dataset.scanPlace });
    let response;
    try {
      response = await fetch(form.action, {
        method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": csrf() },
      });
    } catch {
      break; // no signal: the clock below tries again
    }
    if (response.status >= 500 || response.status === 401 || response.status === 429) break;
    const answer = await response.json().catch(() => ({}));
    keep(rest);
    if (response.ok) show(answer);
    else tell(`${scan.code} ${Object.values(answer.error?.fields ?? {}).flat()[0] ?? answer.error?.message ?? ""}`, "st-red");
  }
  sending = false;
}

function take(code) {
  keep([...waiting(), { code }]);
  send();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (input.value.trim()) take(input.value.trim());
  input.value = "";
  input.focus();
});

// The camera: the browser's own reader where it has one, ours where it has none.
let stream = null, last = "", lastAt = 0;

async function reader() {
  if ("BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
    const own = new BarcodeDetector({ formats: ["qr_code"] });
    return async () => (await own.detect(video)).map((each) => each.rawValue);
  }
  const canvas = document.createElement("canvas"), context = canvas.getContext("2d", { willReadFrequently: true });
  return async () => {
    const scale = Math.min(1, 960 / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    try {
      return [decodeQR(context.getImageData(0, 0, canvas.width, canvas.height))];
    } catch {
      return []; // no code in this picture
    }
  };
}

async function look(read) {
  if (!stream) return;
  if (video.readyState >= 2) {
    for (const code of await read()) {
      const now = performance.now();
      if (code !== last || now - lastAt > AGAIN) take(code);
      [last, lastAt] = [code, now];
    }
  }
  setTimeout(look, 120, read);
}

async function toggle() {
  if (stream) {
    stream.getTracks().forEach((track) => track.stop());
    stream = null;
    video.hidden = true;
    return;
  }
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    return tell(said.dataset.scanRefused, "st-red");
  }
  video.srcObject = stream;
  video.hidden = false;
  await video.play();
  look(await reader());
}

if (navigator.mediaDevices?.getUserMedia) {
  part("camera").hidden = false;
  part("camera").addEventListener("click", toggle);
}
addEventListener("online", send);
setInterval(send, PAUSE);
keep(waiting());
send();
