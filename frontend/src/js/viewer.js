// Page images with boxes. The markup is templates/components/viewer.html; fields stand anywhere on the page:
//   <div data-box="x0,y0,x1,y1" data-page="1" [data-doubt]><input …></div>   (fractions of the upright page)
// Box and field find each other on hover, focus and click. Wheel, pinch, keys and buttons zoom (at most 4 CSS pixels per
// image pixel), dragging moves; close up the whole picture is fetched in place of the smaller one.
// Events on document: "desk:shown" (another paper stands here), "desk:preload" (detail: addresses of pictures to hold
// ready), "desk:changed" (doubts have changed); "viewer:ready" is sent when the picture is there, "viewer:held" when
// those of "desk:preload" are. The stage says data-ready when its picture is there, data-broken when it cannot be had.
const SVG = "http://www.w3.org/2000/svg";
const MOST = 4;
const SMALL = 1600;
const held = new Map();
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
let current = null;

function picture(address) {
  const known = held.get(address);
  held.delete(address);
  if (known) return known;
  const image = new Image();
  image.src = address;
  return image;
}

function vector(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

const control = (field) => field.querySelector("input:not([type=hidden]):not([type=checkbox]), textarea, select");
const pageOf = (field) => Number(field.dataset.page || 1);

// One stage with one page on it.
function pane(stage, sheets, fields, marks, start = 1) {
  const view = { page: start, scale: 1, fitted: true, x: 0, y: 0, turn: 0 };
  let boxes = new Map();
  let sheet, image, data;

  const lying = () => view.turn % 180 !== 0;
  const size = () => (lying() ? [data.height, data.width] : [data.width, data.height]);
  const room = () => parseFloat(getComputedStyle(stage).maxHeight) || stage.clientHeight;
  const fit = () => { const [w, h] = size(); return Math.min(stage.clientWidth / w, room() / h); };

  function place(glide) {
    if (!sheet || !stage.clientWidth) return;
    const [w, h] = size();
    if (view.fitted) view.scale = fit();
    const s = view.scale;
    stage.style.height = `${Math.round(Math.min(room(), Math.max(h * fit(), 120)))}px`;
    const keep = (at, length, frame) => (length <= frame ? (frame - length) / 2 : Math.min(0, Math.max(frame - length, at)));
    view.x = keep(view.x, w * s, stage.clientWidth);
    view.y = keep(view.y, h * s, stage.clientHeight);
    const shift = { 0: [0, 0], 90: [data.height, 0], 180: [data.width, data.height], 270: [0, data.width] }[view.turn];
    sheet.classList.toggle("glide", Boolean(glide) && !still);
    sheet.style.width = `${data.width * s}px`;
    sheet.style.height = `${data.height * s}px`;
    sheet.style.transform = `translate(${view.x + shift[0] * s}px, ${view.y + shift[1] * s}px) rotate(${view.turn}deg)`;
    stage.classList.toggle("near", !view.fitted);
    stage.dispatchEvent(new CustomEvent("scaled", { bubbles: true, detail: s }));
    if (data.whole && image.src.includes("small") && s * devicePixelRatio * data.width > SMALL * 1.1) sharpen();
  }

  function sharpen() {
    const whole = picture(data.whole);
    const before = image;
    image = whole;
    whole.alt = "";
    whole.decode().then(() => before.replaceWith(whole), () => {});
  }

  // A picture that cannot be had: said in its place, and nobody has seen it.
  function fail() {
    delete stage.dataset.ready;
    stage.dataset.broken = "yes";
    stage.append(stage.closest("[data-viewer]").querySelector("[data-viewer-broken]").content.cloneNode(true));
    stage.querySelector("[data-viewer-again]").addEventListener("click", draw);
  }

  function draw() {
    const found = sheets.find((each) => Number(each.dataset.viewerSheet) === view.page) ?? sheets[0];
    if (!found) return;
    data = { width: Number(found.dataset.width), height: Number(found.dataset.height), whole: found.dataset.whole !== found.dataset.src && found.dataset.whole };
    const { width, height } = data;
    sheet = document.createElement("div");
    sheet.className = "viewer-sheet";
    image = picture(found.dataset.src);
    image.alt = "";
    image.draggable = false;
    const mine = image;
    delete stage.dataset.broken;
    image.decode().then(() => {
      stage.dataset.ready = "yes";
      document.dispatchEvent(new Event("viewer:ready"));
    }, () => { if (mine === image) fail(); });
    const svg = vector("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": found.dataset.label ?? "" });
    boxes = new Map();
    const draws = (box, name) => {
      const [x0, y0, x1, y1] = box.split(",").map(Number);
      if (!(x1 > x0 && y1 > y0)) return null;
      const rect = vector("rect", { class: name, x: x0 * width - 4, y: y0 * height - 4, width: (x1 - x0) * width + 8, height: (y1 - y0) * height + 8, rx: 4 });
      svg.append(rect);
      return rect;
    };
    for (const mark of marks) if (Number(mark.dataset.viewerMark) === view.page) draws(mark.dataset.at, "mark");
    for (const field of fields) {
      const box = pageOf(field) === view.page && field.dataset.box && draws(field.dataset.box, "box");
      if (!box) continue;
      boxes.set(field, box);
      box.addEventListener("click", () => control(field)?.focus());
      for (const [kind, on] of [["pointerenter", true], ["pointerleave", false]]) box.addEventListener(kind, () => field.classList.toggle("near", on));
    }
    sheet.append(image, svg);
    stage.replaceChildren(sheet);
    doubts();
    place();
  }

  const doubts = () => boxes.forEach((box, field) => box.classList.toggle("doubt", field.hasAttribute("data-doubt")));

  function zoom(factor, at) {
    const [px, py] = at ?? [stage.clientWidth / 2, stage.clientHeight / 2];
    const least = Math.min(fit(), 1);
    const scale = Math.min(MOST, Math.max(least, view.scale * factor));
    view.x = px - ((px - view.x) * scale) / view.scale;
    view.y = py - ((py - view.y) * scale) / view.scale;
    view.scale = scale;
    view.fitted = scale <= fit() * 1.001;
    place();
  }

  // A value too small to read is brought close; what can be read stays where it is, so that the eye need not search.
  function bring(field) {
    const page = pageOf(field);
    if (page !== view.page) { view.page = page; draw(); }
    const box = boxes.get(field);
    if (!box) return;
    const [x, y, w, h] = ["x", "y", "width", "height"].map((name) => Number(box.getAttribute(name)));
    const wanted = Math.min(Math.max(view.scale, 26 / h), (stage.clientWidth * 0.9) / (lying() ? h : w), 2);
    if (wanted > view.scale * 1.05 && h * view.scale < 20) {
      view.scale = wanted;
      view.fitted = false;
    }
    const frame = stage.getBoundingClientRect();
    const turned = { 0: [x + w / 2, y + h / 2], 90: [data.height - y - h / 2, x + w / 2], 180: [data.width - x - w / 2, data.height - y - h / 2], 270: [y + h / 2, data.width - x - w / 2] }[view.turn];
    view.x = frame.width / 2 - turned[0] * view.scale;
    view.y = frame.height / 2 - turned[1] * view.scale;
    place(true);
  }

  const fingers = new Map();
  let moved = false;
  stage.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
    moved = false;
  });
  stage.addEventListener("pointermove", (event) => {
    const was = fingers.get(event.pointerId);
    if (!was) return;
    const now = [event.clientX, event.clientY];
    if (!moved && Math.hypot(now[0] - was[0], now[1] - was[1]) < 4) return;
    if (!moved) {
      moved = true;
      // From here on it is a drag and no click on a box.
      if (fingers.size === 1 && !view.fitted) stage.setPointerCapture(event.pointerId);
    }
    if (fingers.size === 2) {
      const [other] = [...fingers].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
      const apart = (one) => Math.hypot(one[0] - other[0], one[1] - other[1]);
      const frame = stage.getBoundingClientRect();
      zoom(apart(now) / apart(was), [(now[0] + other[0]) / 2 - frame.left, (now[1] + other[1]) / 2 - frame.top]);
    } else if (!view.fitted) {
      view.x += now[0] - was[0];
      view.y += now[1] - was[1];
      place();
    }
    fingers.set(event.pointerId, now);
  });
  for (const kind of ["pointerup", "pointercancel", "pointerleave"]) stage.addEventListener(kind, (event) => fingers.delete(event.pointerId));
  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    const frame = stage.getBoundingClientRect();
    zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), [event.clientX - frame.left, event.clientY - frame.top]);
  }, { passive: false });
  stage.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: [80, 0], ArrowRight: [-80, 0], ArrowUp: [0, 80], ArrowDown: [0, -80] }[event.key];
    if (!by || view.fitted || event.altKey) return;
    event.preventDefault();
    view.x += by[0];
    view.y += by[1];
    place();
  });
  new ResizeObserver(() => place()).observe(stage);
  draw();
  return {
    stage, boxes: () => boxes, view, bring, doubts, place,
    show: (page) => { view.page = page; draw(); },
    acts: {
      in: () => zoom(1.3), out: () => zoom(1 / 1.3), fit: () => { view.fitted = true; place(); },
      rotate: () => { view.turn = (view.turn + 90) % 360; place(); },
    },
  };
}

function viewer(host) {
  const sheets = [...host.querySelectorAll("[data-viewer-sheet]")];
  const fields = [...document.querySelectorAll("[data-box]")];
  const marks = [...host.querySelectorAll("[data-viewer-mark]")];
  const links = [...host.querySelectorAll("[data-viewer-page]")];
  const scale = host.querySelector("[data-viewer-scale]");
  const ending = new AbortController();
  const { signal } = ending;
  host.addEventListener("scaled", (event) => { if (scale) scale.value = `${Math.round(event.detail * 100)}%`; });
  const start = Math.min(Number(host.dataset.start) || 1, sheets.length || 1);
  const panes = [pane(host.querySelector("[data-viewer-stage]"), sheets, fields, marks, start)];
  let active = panes[0];

  function at() {
    for (const link of links) {
      if (Number(link.dataset.viewerPage) === active.view.page) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }
  function use(one) {
    active = one;
    for (const each of panes) each.stage.classList.toggle("active", panes.length > 1 && each === active);
    at();
  }
  function show(page) {
    if (page < 1 || page > sheets.length) return;
    active.show(page);
    at();
  }
  function compare() {
    const button = host.querySelector('[data-viewer-act="compare"]');
    if (panes.length > 1) {
      panes.pop().stage.remove();
    } else {
      const stage = panes[0].stage.cloneNode(false);
      stage.removeAttribute("style");
      stage.setAttribute("aria-label", `${stage.getAttribute("aria-label")} 2`);
      panes[0].stage.after(stage);
      panes.push(pane(stage, sheets, fields, marks));
      const other = panes[0].view.page < sheets.length ? panes[0].view.page + 1 : panes[0].view.page - 1;
      panes[1].show(other);
    }
    button.setAttribute("aria-pressed", String(panes.length > 1));
    panes[0].place();
    use(panes[0]);
  }

  function light(field, follow) {
    document.querySelectorAll(".desk-field.on").forEach((each) => each.classList.remove("on"));
    field.classList.add("on");
    if (follow && field.dataset.box) {
      active = panes.find((each) => each.view.page === pageOf(field)) ?? panes[0];
      active.bring(field);
      use(active);
    }
    for (const each of panes) each.boxes().forEach((box, whose) => box.classList.toggle("on", whose === field));
  }

  host.addEventListener("click", (event) => {
    const act = event.target.closest("[data-viewer-act]")?.dataset.viewerAct;
    const page = event.target.closest("[data-viewer-page]");
    if (!act && !page) return;
    event.preventDefault();
    if (page) show(Number(page.dataset.viewerPage));
    else if (act === "compare") compare();
    else active.acts[act]();
  });
  const chosen = (event) => { const one = panes.find((each) => each.stage.contains(event.target)); if (one && one !== active) use(one); };
  host.addEventListener("pointerdown", chosen);
  host.addEventListener("focusin", chosen);
  document.addEventListener("focusin", (event) => {
    const field = event.target.closest?.("[data-box], .desk-field");
    if (field) light(field, true);
  }, { signal });
  for (const field of fields) {
    const near = (on) => { for (const each of panes) each.boxes().get(field)?.classList.toggle("near", on); };
    field.addEventListener("pointerenter", () => near(true));
    field.addEventListener("pointerleave", () => near(false));
  }
  document.addEventListener("desk:changed", () => panes.forEach((each) => each.doubts()), { signal });
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
    const typing = event.target.closest?.("input, textarea, select");
    const turn = { PageUp: -1, PageDown: 1 }[event.key];
    const name = { "+": "in", "=": "in", "-": "out", 0: "fit", t: "rotate", c: "compare" }[event.key?.toLowerCase()]
      ?? (event.altKey && { Equal: "in", Minus: "out", Digit0: "fit", KeyT: "rotate", KeyC: "compare" }[event.code]);
    const single = !event.altKey && !typing && document.documentElement.dataset.keys !== "off";
    if (turn && sheets.length > 1) show(active.view.page + turn);
    else if (name && (event.altKey || single)) host.querySelector(`[data-viewer-act="${name}"]`)?.click();
    else return;
    event.preventDefault();
  }, { signal });
  at();
  const first = document.activeElement?.closest?.("[data-box], .desk-field");
  if (first) light(first, true);
  return () => ending.abort();
}

function mount() {
  current?.();
  const host = document.querySelector("[data-viewer]");
  current = host ? viewer(host) : null;
}

document.addEventListener("desk:shown", mount);
document.addEventListener("desk:preload", (event) => {
  held.clear();
  const coming = event.detail.map((address) => {
    const image = new Image();
    image.src = address;
    held.set(address, image);
    // One that could not be had is asked for anew when its paper is shown.
    return image.decode().catch(() => held.delete(address));
  });
  Promise.allSettled(coming).then(() => document.dispatchEvent(new Event("viewer:held")));
});
mount();
