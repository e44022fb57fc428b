// Page image and recognised boxes in one SVG. Markup:
//   <div class="viewer" data-viewer> … [data-viewer-act="in|out|rotate|fit"] … <div class="viewer-stage" data-viewer-stage></div>
//   <a data-viewer-page="1" data-src="…" data-width="1686" data-height="1192" href="…">1</a>
//   fields anywhere: <div data-box="x0,y0,x1,y1" data-page="1" [data-doubt]><input …></div>   (fractions of the upright page)
// A box and its field find each other on focus and click. Enter accepts a doubtful field and goes to the next one.
const SVG = "http://www.w3.org/2000/svg";

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function viewer(host) {
  const stage = host.querySelector("[data-viewer-stage]");
  const pages = [...host.querySelectorAll("[data-viewer-page]")];
  const fields = [...document.querySelectorAll("[data-box]")];
  const view = { page: 1, zoom: 0, turn: 0 };
  let boxes = new Map();

  // The stage is as high as the page needs, up to its limit.
  const room = () => parseFloat(getComputedStyle(stage).maxHeight) || stage.clientHeight;

  function draw() {
    if (!stage.clientWidth) return; // not laid out yet: the observer calls again
    const link = pages.find((page) => Number(page.dataset.viewerPage) === view.page) ?? pages[0];
    if (!link) return;
    for (const page of pages) page.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    const [width, height] = [Number(link.dataset.width), Number(link.dataset.height)];
    const lying = view.turn % 180 !== 0;
    const [w, h] = lying ? [height, width] : [width, height];
    // Zoom 0 fits the whole page; other values are CSS pixels per image pixel.
    const scale = view.zoom || Math.min((stage.clientWidth - 2) / w, (room() - 2) / h);
    const svg = element("svg", {
      viewBox: `0 0 ${w} ${h}`, width: Math.round(w * scale), height: Math.round(h * scale), role: "img",
      "aria-label": link.dataset.label ?? "",
    });
    const spin = { 0: "", 90: `translate(${height} 0) rotate(90)`, 180: `translate(${width} ${height}) rotate(180)`, 270: `translate(0 ${width}) rotate(270)` };
    const sheet = element("g", { transform: spin[view.turn] });
    sheet.append(element("image", { href: link.dataset.src, width, height }));
    boxes = new Map();
    for (const field of fields) {
      if (Number(field.dataset.page || 1) !== view.page) continue;
      const [x0, y0, x1, y1] = field.dataset.box.split(",").map(Number);
      if (!(x1 > x0 && y1 > y0)) continue;
      const box = element("rect", {
        class: field.hasAttribute("data-doubt") ? "box doubt" : "box",
        x: x0 * width - 4, y: y0 * height - 4, width: (x1 - x0) * width + 8, height: (y1 - y0) * height + 8, rx: 4,
      });
      box.addEventListener("click", () => control(field)?.focus());
      sheet.append(box);
      boxes.set(field, box);
    }
    svg.append(sheet);
    stage.replaceChildren(svg);
    view.scale = scale;
  }

  const control = (field) => field.querySelector("input:not([type=hidden]):not([type=checkbox]), textarea, select");

  function light(field) {
    const page = Number(field.dataset.page || 1);
    if (field.dataset.box && page !== view.page) {
      view.page = page;
      draw();
    }
    document.querySelectorAll(".desk-field.on").forEach((other) => other.classList.remove("on"));
    boxes.forEach((box) => box.classList.remove("on"));
    field.classList.add("on");
    const box = boxes.get(field);
    box?.classList.add("on");
    if (box && view.zoom) {
      const [at, frame] = [box.getBoundingClientRect(), stage.getBoundingClientRect()];
      stage.scrollBy({ left: at.left - frame.left - frame.width / 2, top: at.top - frame.top - frame.height / 2, behavior: "smooth" });
    }
  }

  function accept(field) {
    const tick = field.querySelector("[data-accept]");
    if (tick) tick.checked = true;
    field.removeAttribute("data-doubt");
    boxes.get(field)?.classList.remove("doubt");
    const next = fieldsInOrder().find((each) => each.hasAttribute("data-doubt"));
    const target = next ? control(next) : document.querySelector("[data-desk-done]");
    target?.focus();
    target?.select?.();
  }
  const fieldsInOrder = () => [...document.querySelectorAll("[data-box], [data-doubt]")];

  const acts = {
    in: () => { view.zoom = Math.min(4, view.scale * 1.3); },
    out: () => { view.zoom = Math.max(0.1, view.scale / 1.3); },
    rotate: () => { view.turn = (view.turn + 90) % 360; },
    fit: () => { view.zoom = 0; },
  };
  host.addEventListener("click", (event) => {
    const act = event.target.closest("[data-viewer-act]")?.dataset.viewerAct;
    const page = event.target.closest("[data-viewer-page]");
    if (!act && !page) return;
    event.preventDefault();
    if (act) acts[act]();
    else view.page = Number(page.dataset.viewerPage);
    draw();
  });
  document.addEventListener("focusin", (event) => {
    const field = event.target.closest?.("[data-box], .desk-field");
    if (field) light(field);
  });
  document.addEventListener("keydown", (event) => {
    const field = event.key === "Enter" && !event.isComposing && event.target.matches?.("input") && event.target.closest("[data-doubt]");
    if (!field) return;
    event.preventDefault();
    accept(field);
  });
  new ResizeObserver(draw).observe(stage);
}

document.querySelectorAll("[data-viewer]").forEach(viewer);
