// The result screen: picture and text point at each other, zoom, pan, keys.

const viewer = document.querySelector("#viewer");
const picture = document.querySelector("#picture");
const zoomLevel = document.querySelector("#zoom-level");
const text = document.querySelector("#text");

// Lines: what is marked in the text is marked on the picture, and the other way round.

const outlines = new Map();
const lines = new Map();
for (const outline of picture?.querySelectorAll(".outline") ?? []) {
  outlines.set(outline.dataset.index, outline);
}
for (const line of text?.querySelectorAll(".line") ?? []) {
  for (const index of line.dataset.indices.split(" ")) lines.set(index, line);
}
let current = null;

function outlinesOf(line) {
  return line.dataset.indices.split(" ").flatMap((index) => outlines.get(index) ?? []);
}

function mark(line, className, on) {
  line.classList.toggle(className, on);
  for (const outline of outlinesOf(line)) outline.classList.toggle(className, on);
}

// The chosen line stays marked, and the keys go on from it.
function choose(line) {
  if (current) {
    mark(current, "is-chosen", false);
    current.tabIndex = -1;
  }
  current = line;
  current.tabIndex = 0;
  mark(current, "is-chosen", true);
}

function showOnPicture(line) {
  const [outline] = outlinesOf(line);
  if (!outline) return;
  const box = outline.getBoundingClientRect();
  const view = viewer.getBoundingClientRect();
  if (box.top < view.top || box.bottom > view.bottom) {
    viewer.scrollTop += box.top - view.top - view.height / 3;
  }
  if (box.left < view.left || box.left > view.right) {
    viewer.scrollLeft += box.left - view.left - 20;
  }
}

if (text) {
  const lineAt = (event) => event.target.closest(".line");
  text.addEventListener("pointerover", (event) => lineAt(event) && mark(lineAt(event), "is-near", true));
  text.addEventListener("pointerout", (event) => lineAt(event) && mark(lineAt(event), "is-near", false));
  text.addEventListener("click", (event) => lineAt(event)?.focus());
  text.addEventListener("focusin", (event) => {
    const line = lineAt(event);
    if (!line) return;
    choose(line);
    showOnPicture(line);
  });
  text.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !lineAt(event)) return;
    event.preventDefault();
    const all = [...text.querySelectorAll(".line")];
    all[all.indexOf(lineAt(event)) + step]?.focus();
  });
  // One stop for the Tab key; the arrow keys move within.
  const first = text.querySelector(".line");
  if (first) first.tabIndex = 0;
}

if (picture) {
  const lineAt = (event) => lines.get(event.target.dataset?.index);
  picture.addEventListener("pointerover", (event) => lineAt(event) && mark(lineAt(event), "is-near", true));
  picture.addEventListener("pointerout", (event) => lineAt(event) && mark(lineAt(event), "is-near", false));
  picture.addEventListener("click", (event) => {
    const line = lineAt(event);
    if (!line || panned) return;
    line.focus({ preventScroll: true });
    line.scrollIntoView({ block: "nearest" });
  });
}

// Zoom: 1 is one pixel of the picture to one of the screen.

const STEP = 1.25;
const SMALLEST = 0.05;
const LARGEST = 8;
let scale = 1;

function naturalSize() {
  const { width, height } = picture.viewBox.baseVal;
  return { width, height };
}

function zoomTo(wanted) {
  const before = scale;
  scale = Math.min(LARGEST, Math.max(SMALLEST, wanted));
  // What is in the middle stays in the middle.
  const x = (viewer.scrollLeft + viewer.clientWidth / 2) / before;
  const y = (viewer.scrollTop + viewer.clientHeight / 2) / before;
  picture.style.width = `${naturalSize().width * scale}px`;
  viewer.scrollLeft = x * scale - viewer.clientWidth / 2;
  viewer.scrollTop = y * scale - viewer.clientHeight / 2;
  zoomLevel.textContent = `${Math.round(100 * scale)}%`;
}

const zooms = {
  in: () => zoomTo(scale * STEP),
  out: () => zoomTo(scale / STEP),
  width: () => zoomTo(viewer.clientWidth / naturalSize().width),
  page: () =>
    zoomTo(
      Math.min(
        viewer.clientWidth / naturalSize().width,
        viewer.clientHeight / naturalSize().height,
      ),
    ),
};

let panned = false;
if (viewer) {
  zooms.width();
  let fits = true;
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => {
      fits = button.dataset.zoom === "width";
      zooms[button.dataset.zoom]();
    });
  }
  new ResizeObserver(() => fits && zooms.width()).observe(viewer);

  viewer.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      fits = false;
      zoomTo(scale * (event.deltaY < 0 ? 1.1 : 1 / 1.1));
    },
    { passive: false },
  );

  // Drag with the mouse; a finger scrolls by itself.
  let start = null;
  viewer.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button !== 0) return;
    panned = false;
    start = { x: event.clientX, y: event.clientY, left: viewer.scrollLeft, top: viewer.scrollTop };
  });
  addEventListener("pointermove", (event) => {
    if (!start) return;
    const [dx, dy] = [event.clientX - start.x, event.clientY - start.y];
    if (Math.hypot(dx, dy) > 4) panned = true;
    if (!panned) return;
    viewer.classList.add("is-panning");
    viewer.scrollLeft = start.left - dx;
    viewer.scrollTop = start.top - dy;
  });
  addEventListener("pointerup", () => {
    start = null;
    viewer.classList.remove("is-panning");
  });
  viewer.addEventListener("dragstart", (event) => event.preventDefault());
}

// Keys

const pressing = (selector) => () => document.querySelector(selector)?.click();
const keys = {
  ArrowLeft: pressing("#previous"),
  k: pressing("#previous"),
  ArrowRight: pressing("#next"),
  j: pressing("#next"),
  "+": pressing('[data-zoom="in"]'),
  "=": pressing('[data-zoom="in"]'),
  "-": pressing('[data-zoom="out"]'),
  0: pressing('[data-zoom="width"]'),
  9: pressing('[data-zoom="page"]'),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
  if (event.target.closest("input, textarea, select, [contenteditable], .dropdown-menu")) {
    if (event.target.type !== "checkbox") return;
  }
  // A picture wider than its pane is moved sideways by the arrow keys.
  const sideways = event.target === viewer && viewer.scrollWidth > viewer.clientWidth;
  if (sideways && event.key.startsWith("Arrow")) return;
  event.preventDefault();
  keys[event.key]();
});

// What the reader set stays set on the next page.

function remember(box, key, apply) {
  if (!box) return;
  const kept = localStorage.getItem(key);
  if (kept !== null) box.checked = kept === "yes";
  apply(box.checked);
  box.addEventListener("change", () => {
    localStorage.setItem(key, box.checked ? "yes" : "no");
    apply(box.checked);
  });
}

remember(document.querySelector("#keep-lines"), "keep-lines", (on) => {
  text?.classList.toggle("keeps-lines", on);
  document.querySelector("#copy").dataset.copyKey = on ? "kept" : "joined";
});
remember(document.querySelector("#mark-doubt"), "mark-doubt", (on) => {
  text?.classList.toggle("marks-doubt", on);
  document.querySelector(".legend")?.toggleAttribute("hidden", !on);
});
