// The result screen: picture and text point at each other, zoom, pan, keys.

const viewer = document.querySelector("#viewer");
const picture = document.querySelector("#picture");
const frame = document.querySelector("#picture-frame");
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
let current = text?.querySelector(".line");

function outlinesOf(line) {
  return line.dataset.indices.split(" ").flatMap((index) => outlines.get(index) ?? []);
}

function mark(line, className, on) {
  line.classList.toggle(className, on);
  for (const outline of outlinesOf(line)) outline.classList.toggle(className, on);
}

// The chosen line stays marked, and the keys go on from it.
function choose(line) {
  mark(current, "is-chosen", false);
  current.tabIndex = -1;
  current = line;
  current.tabIndex = 0;
  mark(current, "is-chosen", true);
}

function show(outline) {
  const box = outline.getBoundingClientRect();
  const view = viewer.getBoundingClientRect();
  if (box.top < view.top || box.bottom > view.bottom) {
    viewer.scrollTop += box.top - view.top - Math.max(20, (view.height - box.height) / 3);
  }
  if (box.left < view.left || box.left > view.right) {
    viewer.scrollLeft += box.left - view.left - 20;
  }
}

// Blocks: an outline and a label on the picture, and a label beside the text.

const blocks = new Map();
for (const block of text?.querySelectorAll(".block") ?? []) blocks.set(block.dataset.block, { block });
for (const outline of picture?.querySelectorAll(".block-outline") ?? []) {
  blocks.get(outline.dataset.block).outline = outline;
}
let currentBlock = blocks.values().next().value;

// Each label is placed where it covers no block and no other label, without its kind if there is
// no such place for all of it.
const CLOSE = 4;

function placeLabels() {
  const labels = [...frame.querySelectorAll(".block-label")];
  for (const label of labels) label.classList.remove("is-short");
  const sizes = labels.map((label) => ({
    full: label.offsetWidth,
    short: label.offsetWidth - label.lastElementChild.offsetWidth,
    height: label.offsetHeight,
  }));
  const page = { left: 0, top: 0, right: frame.clientWidth, bottom: frame.clientHeight };
  const areas = labels.map((label) => {
    const { outline } = blocks.get(label.dataset.block);
    const [left, top, width, height] = ["x", "y", "width", "height"].map(
      (name) => outline[name].baseVal.value * scale,
    );
    return { left, top, right: left + width, bottom: top + height };
  });
  const taken = [...areas];
  labels.forEach((label, number) => {
    const { full, short, height } = sizes[number];
    const isFree = (spot) => isWithin(spot, page) && !taken.some((other) => overlap(spot, other));
    const spots = [full, short].flatMap((width) => spotsFor(areas[number], width, height));
    const spot = spots.find(isFree) ?? { ...spots[4], left: Math.max(0, spots[4].left) };
    taken.push(spot);
    label.classList.toggle("is-short", spot.right - spot.left < full);
    label.style.left = `${spot.left}px`;
    label.style.top = `${Math.max(0, spot.top)}px`;
  });
}

// In the margins and above.
function spotsFor(area, width, height) {
  const at = (left, top) => ({ left, top, right: left + width, bottom: top + height });
  return [
    at(area.left - width, area.top),
    at(area.right, area.top),
    at(area.left, area.top - height),
    at(area.right - width, area.top - height),
  ];
}

function isWithin(one, other) {
  return (
    one.left >= other.left &&
    one.top >= other.top &&
    one.right <= other.right &&
    one.bottom <= other.bottom
  );
}

// A few pixels are the space above and below the letters.
function overlap(one, other) {
  return (
    one.left < other.right &&
    other.left < one.right &&
    one.top + CLOSE < other.bottom &&
    other.top + CLOSE < one.bottom
  );
}

function markBlock({ block, outline }, className, on) {
  block.classList.toggle(className, on);
  outline?.classList.toggle(className, on);
}

function chooseBlock(chosen) {
  markBlock(currentBlock, "is-chosen", false);
  labelOf(currentBlock).tabIndex = -1;
  currentBlock = chosen;
  labelOf(currentBlock).tabIndex = 0;
  markBlock(currentBlock, "is-chosen", true);
}

function labelOf({ block }) {
  return block.querySelector(".block-label");
}

function blockOf(element) {
  return blocks.get(element.closest("[data-block]")?.dataset.block);
}

if (text) {
  const lineAt = (event) => event.target.closest(".line");
  const labelAt = (event) => event.target.closest(".block-label");
  const near = (on) => (event) => {
    if (lineAt(event)) mark(lineAt(event), "is-near", on);
    const block = blockOf(event.target);
    if (block) markBlock(block, "is-near", on);
  };
  text.addEventListener("pointerover", near(true));
  text.addEventListener("pointerout", near(false));
  text.addEventListener("click", (event) => (lineAt(event) ?? labelAt(event))?.focus());
  text.addEventListener("focusin", (event) => {
    const line = lineAt(event);
    if (line) {
      choose(line);
      const [outline] = outlinesOf(line);
      if (outline) show(outline);
    } else if (labelAt(event)) {
      if (current) mark(current, "is-chosen", false);
      const { outline } = blockOf(event.target);
      if (outline) show(outline);
    }
    const block = blockOf(event.target);
    if (block) chooseBlock(block);
  });
  text.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const from = lineAt(event) ?? labelAt(event);
    if (!step || !from) return;
    event.preventDefault();
    const all = [...text.querySelectorAll(lineAt(event) ? ".line" : ".block-label")];
    all[all.indexOf(from) + step]?.focus();
  });
  // One stop for the Tab key in the lines and one in the labels; the arrow keys move within.
  if (current) current.tabIndex = 0;
  labelOf(currentBlock).tabIndex = 0;
}

if (frame) {
  const lineAt = (event) => lines.get(event.target.dataset?.index);
  const near = (on) => (event) => {
    const line = lineAt(event);
    if (line) mark(line, "is-near", on);
    const block = blockOf(line ?? event.target);
    if (block) markBlock(block, "is-near", on);
  };
  frame.addEventListener("pointerover", near(true));
  frame.addEventListener("pointerout", near(false));
  frame.addEventListener("click", (event) => {
    const line = lineAt(event);
    const block = blockOf(event.target);
    if (panned || !(line || block)) return;
    (line ?? labelOf(block)).focus({ preventScroll: true });
    (line ?? block.block).scrollIntoView({ block: "nearest" });
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
  frame.style.width = `${naturalSize().width * scale}px`;
  viewer.scrollLeft = x * scale - viewer.clientWidth / 2;
  viewer.scrollTop = y * scale - viewer.clientHeight / 2;
  if (frame.classList.contains("shows-blocks")) placeLabels();
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
  b: pressing("#show-blocks"),
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
  frame?.classList.toggle("hides-doubt", !on);
  text?.classList.toggle("marks-doubt", on);
  document.querySelector(".legend")?.toggleAttribute("hidden", !on);
});
// A link to a doubt names its place: #place- and the key of a line, a cell, a field or an area.

function goToPlace() {
  const [, key] = location.hash.match(/^#place-(.+)$/) ?? [];
  const line = lines.get(key);
  if (line) {
    line.focus({ preventScroll: true });
    line.scrollIntoView({ block: "center" });
    return;
  }
  const outline = outlines.get(key) ?? picture?.querySelector(`[data-place="${CSS.escape(key)}"]`);
  outline?.classList.add("is-chosen");
  if (outline) show(outline);
}

addEventListener("hashchange", goToPlace);

remember(document.querySelector("#show-blocks"), "show-blocks", (on) => {
  frame.classList.toggle("shows-blocks", on);
  text.classList.toggle("shows-blocks", on);
  if (on) placeLabels();
});
goToPlace();
