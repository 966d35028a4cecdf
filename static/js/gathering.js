// Gathers files for the upload page: chosen, photographed, dropped or pasted, alone or in
// folders. Each time a "files-gathered" event passes the files to submit.js, each with its
// display name.

const form = document.querySelector("#submit-form");
const words = form.dataset;

// Created in folders by operating systems, not by users.
const CLUTTER = /^(\..*|thumbs\.db|desktop\.ini|__macosx)$/i;
// Characters that are invisible or reorder the displayed name.
const UNSHOWN = /[\p{C}\p{Zl}\p{Zp}]/gu;

function dispatch(files) {
  const detail = files.map(({ file, name }) => ({ file, name: name.replace(UNSHOWN, "") }));
  document.dispatchEvent(new CustomEvent("files-gathered", { detail }));
}

const named = (file) => ({ file, name: file.webkitRelativePath || file.name });
const isClutter = (path) => path.split("/").some((part) => CLUTTER.test(part));

// Folders

// All files in a dropped folder and those below it, in order of their names. One more than
// may be uploaded suffices to reject them.
async function filesIn(folder, most) {
  const found = [];
  const open = [folder];
  while (open.length && found.length < most) {
    const entries = await entriesOf(open.shift());
    const useful = entries.filter((entry) => !CLUTTER.test(entry.name)).sort(byName);
    for (const entry of useful.filter((entry) => entry.isFile).slice(0, most - found.length)) {
      const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
      found.push({ file, name: entry.fullPath.replace(/^\//, "") });
    }
    open.unshift(...useful.filter((entry) => entry.isDirectory));
  }
  return found;
}

// A browser hands out the entries of a folder in parts, and an empty part at the end.
async function entriesOf(folder) {
  const reader = folder.createReader();
  const entries = [];
  for (;;) {
    const part = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!part.length) return entries;
    entries.push(...part);
  }
}

function byName(one, other) {
  return one.name.localeCompare(other.name, undefined, { numeric: true });
}

// Chosen

for (const input of form.querySelectorAll('input[type="file"]')) {
  input.addEventListener("change", () => {
    const files = [...input.files].map(named);
    dispatch(input.webkitdirectory ? files.filter(({ name }) => !isClutter(name)) : files);
    input.value = "";
  });
}

// Pasted

document.addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files ?? [])];
  if (!files.length) return;
  event.preventDefault();
  dispatch(files.map((file) => ({ file, name: descriptiveName(file) })));
});

// Every screenshot comes from the clipboard as "image.png".
function descriptiveName(file) {
  if (!/^image\.\w+$/.test(file.name)) return file.name;
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join("-");
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join(".");
  return `${words.textPasted} ${day} ${time}.${file.name.split(".").pop()}`;
}

// Dropped

// dragenter and dragleave also come from every element under the pointer: counted, they
// tell when the files enter the page and leave it.
let depth = 0;
const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
const showCover = () => document.body.classList.toggle("is-dropping", depth > 0);

document.addEventListener("dragenter", (event) => {
  if (!holdsFiles(event)) return;
  depth += 1;
  showCover();
});
document.addEventListener("dragleave", (event) => {
  if (!holdsFiles(event)) return;
  depth -= 1;
  showCover();
});
document.addEventListener("dragover", (event) => {
  if (holdsFiles(event)) event.preventDefault();
});
document.addEventListener("drop", async (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  depth = 0;
  showCover();
  // What was dropped can be asked for only before the first wait.
  const dropped = [...event.dataTransfer.items]
    .filter((item) => item.kind === "file")
    .map((item) => ({ entry: item.webkitGetAsEntry?.(), file: item.getAsFile() }));
  const most = Number(words.maxFiles) + 1;
  const gathered = [];
  let unreadable = false;
  for (const { entry, file } of dropped) {
    if (!entry?.isDirectory) gathered.push(named(file));
    else if (gathered.length < most) {
      const files = await filesIn(entry, most - gathered.length).catch(() => null);
      if (files) gathered.push(...files);
      else unreadable = true;
    }
  }
  dispatch(gathered);
  if (unreadable) document.dispatchEvent(new CustomEvent("folder-unreadable"));
});
