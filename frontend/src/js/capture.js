// The capture page of the borrower's door: take a picture with a hint or two, look at it, send it in pieces, take it again.
import { advice, frameOf, greys } from "./looks.js";
import { send } from "./sending.js";

const root = document.querySelector("[data-capture]");
const words = JSON.parse(document.getElementById("capture-words").textContent);
const say = (key, values = {}) => (words[key] ?? key).replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "").replaceAll("%%", "%");
const shot = document.querySelector("[data-shot]");
const video = shot.querySelector("[data-video]");
const still = shot.querySelector("[data-still]");
const frame = shot.querySelector("[data-frame]");
const hint = shot.querySelector("[data-hint]");
const button = (name) => shot.querySelector(`[data-${name}]`);
const LOOKED_AT = 320, EVERY = 300, LARGEST_SIDE = 4096;

// One file after the other: a slow line is not shared.
let line = Promise.resolve();
let underway = 0;
addEventListener("beforeunload", (leaving) => { if (underway) { leaving.preventDefault(); leaving.returnValue = say("leave"); } });

function looked(source, width, height, shape = null) {
  const scale = LOOKED_AT / Math.max(width, height);
  const small = document.createElement("canvas");
  small.width = Math.max(1, Math.round(width * scale));
  small.height = Math.max(1, Math.round(height * scale));
  const brush = small.getContext("2d", { willReadFrequently: true });
  brush.drawImage(source, 0, 0, small.width, small.height);
  const grey = greys(brush.getImageData(0, 0, small.width, small.height).data);
  return advice(grey, small.width, small.height, shape === null ? null : frameOf(small.width, small.height, shape));
}

// The frame lies over the picture as it is shown, also when the phone was turned.
function place(shape) {
  const { offsetLeft, offsetTop, offsetWidth: w, offsetHeight: h } = video;
  const at = frameOf(w, h, shape);
  Object.assign(frame.style, { left: `${offsetLeft + at.x0}px`, top: `${offsetTop + at.y0}px`, width: `${at.x1 - at.x0}px`, height: `${at.y1 - at.y0}px` });
}

// The dialog: a live camera (with `stream`) or a chosen picture; resolves to a Blob or File, null when it was called off.
function preview({ stream = null, picture = null, file = null, shape = 0 }) {
  return new Promise((resolve) => {
    let timer = 0, taken = file;
    const stop = () => { clearInterval(timer); for (const track of stream?.getTracks() ?? []) track.stop(); video.srcObject = null; };
    const end = (value) => { stop(); shot.oncancel = null; shot.close(); resolve(value); };
    const show = (live) => {
      video.hidden = !live; still.hidden = live; frame.hidden = !live;
      button("snap").hidden = !live; button("use").hidden = live; button("retake").hidden = live;
    };
    const tell = (key, fine) => { const text = say(key || fine); if (hint.textContent !== text) hint.textContent = text; hint.classList.toggle("is-bad", Boolean(key)); };
    const live = () => {
      show(true);
      clearInterval(timer);
      timer = setInterval(() => { if (!video.videoWidth) return; place(shape); tell(looked(video, video.videoWidth, video.videoHeight, shape), "good"); }, EVERY);
    };
    const draw = (source, w, h) => {
      const scale = Math.min(1, LARGEST_SIDE / Math.max(w, h));
      still.width = Math.round(w * scale); still.height = Math.round(h * scale);
      still.getContext("2d").drawImage(source, 0, 0, still.width, still.height);
      show(false);
      tell(looked(still, still.width, still.height), "looks_good");
      button("use").focus();
    };
    button("cancel").onclick = () => end(null);
    shot.oncancel = () => end(null);
    button("snap").onclick = () => {
      clearInterval(timer);
      draw(video, video.videoWidth, video.videoHeight);
      still.toBlob((blob) => { taken = blob; }, "image/jpeg", 0.92);
    };
    button("retake").onclick = () => (stream ? live() : end("again"));
    button("use").onclick = () => { if (taken) end(taken); };
    hint.textContent = "";
    shot.showModal();
    if (stream) {
      video.srcObject = stream;
      video.onloadedmetadata = () => { video.play(); live(); };
      show(true);
    } else draw(picture, picture.width, picture.height);
  });
}

class Want {
  constructor(card) {
    this.card = card;
    this.code = card.dataset.want;
    this.shape = Number(card.dataset.shape);
    this.kept = Number(card.dataset.kept);
    for (const input of card.querySelectorAll("input[type=file]")) input.addEventListener("change", () => this.chosen(input));
    this.live = card.querySelector("[data-live]");
    this.take = card.querySelector("[data-take]");
    this.live.addEventListener("click", () => this.camera());
    this.withHints(Boolean(navigator.mediaDevices?.getUserMedia));
  }

  // The camera in the page gives hints; the phone's own takes its place where the page may not use it.
  withHints(may) { this.live.hidden = !may; this.take.hidden = may; }

  async camera() {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: { ideal: "environment" }, width: { ideal: 3840 }, height: { ideal: 2160 } } });
    } catch { this.withHints(false); this.line(say("no_camera")).classList.add("is-bad"); return; }
    const blob = await preview({ stream, shape: this.shape });
    if (blob) this.queue(blob);
  }

  async chosen(input) {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    if (file.size > Number(root.dataset.most)) { this.line(say("too_large")).classList.add("is-bad"); return; }
    // What the browser cannot draw (PDF, HEIC elsewhere than on a Mac) is sent as it is.
    const picture = file.type.startsWith("image/") ? await createImageBitmap(file).catch(() => null) : null;
    if (!picture) { this.queue(file); return; }
    const answer = await preview({ picture, file });
    picture.close();
    if (answer === "again") input.click();
    else if (answer) this.queue(answer);
  }

  line(text) {
    const item = document.createElement("li");
    item.append(document.createElement("span"));
    item.firstChild.textContent = text;
    this.card.querySelector("[data-sends]").append(item);
    return item;
  }

  queue(file) {
    const item = this.line(say("reading"));
    const bar = document.createElement("progress");
    bar.max = 1; bar.value = 0;
    item.append(bar);
    underway += 1;
    line = line.then(() => this.send(file, item, bar)).finally(() => { underway -= 1; });
  }

  async send(file, item, bar) {
    const label = item.firstChild;
    bar.setAttribute("aria-label", say("picture", { number: this.kept + 1 }));
    try {
      await send(root.dataset.url, this.code, file, (share, waiting) => {
        bar.value = share;
        label.textContent = say(waiting ? "waiting" : "sending", { percent: Math.floor(share * 100) });
        item.classList.toggle("is-waiting", waiting);
      });
    } catch (error) {
      this.failed(file, item, bar, error);
      return;
    }
    this.kept += 1;
    bar.remove();
    item.classList.remove("is-waiting");
    item.classList.add("is-done");
    label.textContent = say("received");
    const state = this.card.querySelector("[data-state]");
    state.textContent = say("count", { count: this.kept });
    state.classList.add("st-green");
  }

  failed(file, item, bar, error) {
    bar.remove();
    item.classList.add("is-bad");
    item.firstChild.textContent = error.code === "visit_over" ? say("away") : error.message || say("failed");
    const again = document.createElement("button");
    again.type = "button";
    again.className = "btn";
    again.textContent = say("retry");
    again.addEventListener("click", () => { item.remove(); this.queue(file); });
    item.append(again);
  }
}

for (const card of root.querySelectorAll("[data-want]")) new Want(card);
