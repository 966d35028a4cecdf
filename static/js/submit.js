// The upload page: files that gathering.js brings are shown in a list, and sent as one form.
// Without these scripts the form still works.

const form = document.querySelector("#submit-form");
const list = document.querySelector("#file-list");
const rowTemplate = document.querySelector("#file-row");
const startButton = document.querySelector("#start");
const abortButton = document.querySelector("#abort");
const sendState = document.querySelector("#send-state");
const formErrors = document.querySelector("#form-errors");
const addresses = document.querySelector("#id_urls");
const summary = document.querySelector("#file-summary");
const fileCount = document.querySelector("#file-count");
const fileBytes = document.querySelector("#file-bytes");
const words = form.dataset;
const icons = rowTemplate.content.querySelector("use").getAttribute("href").split("#")[0];

/** @type {{file: File, name: string, row: HTMLElement, refused: boolean}[]} */
let chosen = [];
let request = null;

const MEGABYTE = 1024 * 1024;
const PREVIEW_BYTES = 20 * MEGABYTE;
const PREVIEW_TYPES = ["image/jpeg", "image/png", "image/webp", "image/bmp", "image/gif", "image/avif"];
const ICONS = [
  [/\.pdf$/i, "file-earmark-pdf"],
  [/\.zip$/i, "file-earmark-zip"],
  [/\.(docx?|odt|rtf)$/i, "file-earmark-word"],
  [/\.(xlsx?|ods)$/i, "file-earmark-spreadsheet"],
  [/\.(pptx?|odp)$/i, "file-earmark-slides"],
  [/\.(mp4|m4v|mov|mkv|webm|avi|mpe?g|wmv)$/i, "file-earmark-play"],
  [/\.tiff?$/i, "files"],
  [/\.(jpe?g|png|bmp|gif|webp|hei[cf]|avif|jp2|j2k)$/i, "file-earmark-image"],
  [/\.ofd$/i, "file-earmark-text"],
];

function add(gathered) {
  if (request) return;
  clearErrors();
  for (const { file, name } of gathered) {
    const row = makeRow(file, name);
    list.append(row);
    const refusal = refusalOf(file);
    if (refusal) showFileError(row, refusal);
    chosen.push({ file, name, row, refused: Boolean(refusal) });
  }
  update();
}

function refusalOf(file) {
  if (file.size === 0) return words.textEmpty;
  if (file.size > words.maxMb * MEGABYTE) return words.textTooLarge;
  return "";
}

function makeRow(file, name) {
  const row = rowTemplate.content.firstElementChild.cloneNode(true);
  const end = name.lastIndexOf("/") + 1;
  row.querySelector(".file-folder").textContent = name.slice(0, end);
  row.querySelector(".file-label").textContent = name.slice(end);
  row.querySelector(".file-size").textContent = sizeInWords(file.size);
  row.querySelector("progress").setAttribute("aria-label", `${words.textSending}: ${name}`);
  const remove = row.querySelector(".file-remove");
  remove.setAttribute("aria-label", `${words.textRemove}: ${name}`);
  remove.title = words.textRemove;
  remove.addEventListener("click", () => removeRow(row));
  showPicture(row.querySelector(".file-picture"), file);
  return row;
}

function showPicture(place, file) {
  const kind = ICONS.find(([ending]) => ending.test(file.name))?.[1] ?? "file-earmark";
  place.querySelector("use").setAttribute("href", `${icons}#${kind}`);
  if (!PREVIEW_TYPES.includes(file.type) || file.size > PREVIEW_BYTES) return;
  const image = new Image();
  image.alt = "";
  image.addEventListener("load", () => {
    URL.revokeObjectURL(image.src);
    place.replaceChildren(image);
  });
  image.src = URL.createObjectURL(file);
}

function sizeInWords(bytes) {
  const locale = document.documentElement.lang;
  const [value, unit] =
    bytes < 1024 ? [bytes, "B"] : bytes < MEGABYTE ? [bytes / 1024, "KB"] : [bytes / MEGABYTE, "MB"];
  const digits = unit === "MB" && value < 100 ? 1 : 0;
  return `${value.toLocaleString(locale, { maximumFractionDigits: digits })} ${unit}`;
}

function removeRow(row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  chosen = chosen.filter((item) => item.row !== row);
  row.remove();
  (next?.querySelector(".file-remove") ?? document.querySelector("#id_files")).focus();
  clearErrors();
  update();
}

function removeAll() {
  chosen = [];
  list.replaceChildren();
  document.querySelector("#id_files").focus();
  clearErrors();
  update();
}

function update() {
  showSummary();
  markDuplicates();
  const tooMany = chosen.length > words.maxFiles;
  if (tooMany) showErrors([words.textTooMany]);
  const refused = chosen.some((item) => item.refused);
  startButton.disabled = !hasSources() || tooMany || refused;
  sendState.textContent = refused ? words.textRemoveFirst : "";
  form.classList.toggle("has-files", chosen.length > 0);
}

function showSummary() {
  summary.hidden = chosen.length < 2;
  fileCount.textContent = words.textFiles.replace("{count}", chosen.length);
  fileBytes.textContent = sizeInWords(chosen.reduce((sum, { file }) => sum + file.size, 0));
}

// The same file chosen again, even from another list: allowed, with a notice.
function markDuplicates() {
  const seen = new Set();
  for (const { file, row } of chosen) {
    const key = `${file.name}/${file.size}/${file.lastModified}`;
    const note = row.querySelector(".file-twice");
    note.textContent = seen.has(key) ? words.textTwice : "";
    seen.add(key);
  }
}

// There are services that look at no file, only at the values of their settings.
function takesFiles() {
  return !document.querySelector("#service-options[data-no-files]");
}

function hasSources() {
  return chosen.length > 0 || addresses.value.trim() !== "" || !takesFiles();
}

// Errors

function showFileError(row, text) {
  const place = row.querySelector(".file-error");
  place.textContent = text;
  place.hidden = false;
  row.classList.add("is-refused");
  row.scrollIntoView({ block: "center" });
}

function showErrors(texts) {
  const alert = document.createElement("div");
  alert.className = "alert alert-danger";
  for (const text of texts) {
    const line = document.createElement("p");
    line.textContent = text;
    alert.append(line);
  }
  formErrors.replaceChildren(alert);
}

function clearErrors() {
  formErrors.replaceChildren();
  for (const place of form.querySelectorAll("[data-field-error]")) place.textContent = "";
}

// What the server refused: each file's message begins with the file's name.
function showRefusal(errors) {
  const rest = [];
  for (const text of errors.files ?? []) {
    const item = chosen.find(({ name }) => text.startsWith(`${name}: `));
    if (item) showFileError(item.row, text.slice(item.name.length + 2));
    else rest.push(text);
  }
  for (const [field, texts] of Object.entries(errors)) {
    if (field === "files") continue;
    const place = form.querySelector(`[data-field-error="${field}"]`);
    if (place) {
      place.textContent = texts.join(" ");
      place.closest("details").open = true;
    } else rest.push(...texts);
  }
  if (rest.length) showErrors(rest);
  const places = [...form.querySelectorAll("[data-field-error]")];
  const first = places.find((place) => place.textContent)?.dataset.fieldError;
  if (first) form.querySelector(`[name="${first}"]:not([type="hidden"])`).focus();
}

// Sending

function send() {
  const data = new FormData(form);
  data.delete("files");
  if (takesFiles()) {
    for (const { file } of chosen) data.append("files", file, "file");
    data.set("names", JSON.stringify(chosen.map(({ name }) => name)));
  } else data.delete("urls");
  data.set("csrfmiddlewaretoken", currentToken() ?? data.get("csrfmiddlewaretoken"));
  request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.upload.addEventListener("progress", (event) => showProgress(event.loaded, event.total));
  request.upload.addEventListener("load", () => (sendState.textContent = `${words.textChecking} …`));
  request.addEventListener("load", () => finish(request));
  request.addEventListener("error", () => stop([words.textOffline]));
  request.addEventListener("abort", () => stop([]));
  setSending(true);
  request.send(data);
}

// Who signed in again in another tab got a new token there; the one in this page is void.
function currentToken() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
}

// The files go one after another in one body: what is sent fills their bars in order.
function showProgress(loaded, total) {
  const bytes = chosen.reduce((sum, { file }) => sum + file.size, 0);
  let sent = bytes * (loaded / total);
  for (const { file, row } of chosen) {
    const share = Math.max(0, Math.min(1, sent / file.size));
    row.querySelector("progress").value = 100 * share;
    row.classList.toggle("is-sent", share === 1);
    sent -= file.size;
  }
  sendState.textContent = `${words.textSending} … ${Math.round((100 * loaded) / total)}%`;
}

function finish({ status, responseText, responseURL }) {
  if (status === 201) {
    location.assign(JSON.parse(responseText).url);
    return;
  }
  if (status === 422) {
    stop([]);
    showRefusal(JSON.parse(responseText).errors);
    return;
  }
  const signedOut = status === 403 || (status === 200 && !responseURL.endsWith(form.action));
  stop([signedOut ? words.textSignedOut : words.textFault]);
}

function stop(errors) {
  request = null;
  setSending(false);
  if (errors.length) showErrors(errors);
}

function setSending(sending) {
  form.classList.toggle("is-sending", sending);
  document.querySelector("#remove-all").hidden = sending;
  startButton.hidden = sending;
  abortButton.hidden = !sending;
  sendState.textContent = sending ? `${words.textSending} …` : "";
  for (const { row } of chosen) {
    row.classList.remove("is-sent");
    row.querySelector("progress").hidden = !sending;
    row.querySelector("progress").value = 0;
    row.querySelector(".file-remove").hidden = sending;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearErrors();
  if (hasSources()) send();
  else showErrors([words.textNothing]);
});
abortButton.addEventListener("click", () => request?.abort());
document.querySelector("#remove-all").addEventListener("click", removeAll);

addresses.addEventListener("input", update);
document.addEventListener("htmx:after:swap", update);
document.addEventListener("files-gathered", (event) => add(event.detail));
document.addEventListener("folder-unreadable", () => showErrors([words.textFolder]));

update();
