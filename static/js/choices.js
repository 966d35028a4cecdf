// Choosing a service on the upload page: finding one by its name, and showing which it is.
// What can be set for it comes from the server; the part of the page may be swapped, so
// that all events are listened to from outside it.

const shown = (row) => !row.hidden;
const part = (id) => document.querySelector(id);

function filter(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of document.querySelectorAll(".service-row")) {
    const about = row.dataset.words.toLowerCase();
    row.hidden = !words.every((word) => about.includes(word));
  }
  for (const group of document.querySelectorAll("#service-list fieldset")) {
    group.hidden = ![...group.querySelectorAll(".service-row")].some(shown);
  }
  part("#service-none").hidden = [...document.querySelectorAll(".service-row")].some(shown);
}

function showChosen(row) {
  part("#service-name").textContent = row.querySelector(".service-name").textContent;
  part("#service-hint").textContent = row.querySelector(".hint").textContent;
}

function close() {
  part("#service-picker").open = false;
  part("#service-picker summary").focus();
}

document.addEventListener("input", (event) => {
  if (event.target.id === "service-filter") filter(event.target.value);
});

document.addEventListener("change", (event) => {
  if (event.target.name === "service") showChosen(event.target.closest(".service-row"));
});

// The arrow keys also click radio buttons, and go on from there: only a pointer closes.
document.addEventListener("click", (event) => {
  if (event.target.name === "service" && event.detail === 0 && event.pointerType === "") return;
  if (event.target.closest(".service-row") && event.target.name === "service") close();
});

document.addEventListener("keydown", (event) => {
  const picker = event.target.closest("#service-picker");
  if (!picker?.open) return;
  if (event.key === "Escape") close();
  if (event.key === "Enter" && event.target.id === "service-filter") {
    event.preventDefault();
    [...picker.querySelectorAll(".service-row")].find(shown)?.querySelector("input").click();
    close();
  } else if (event.key === "Enter" && event.target.name === "service") {
    event.preventDefault();
    close();
  }
});

document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.id !== "service-picker" || !event.target.open) return;
    const field = part("#service-filter");
    field.hidden = false;
    field.value = "";
    filter("");
    part(".service-row input:checked")?.scrollIntoView({ block: "nearest" });
    if (matchMedia("(hover: hover) and (pointer: fine)").matches) field.focus();
  },
  true, // toggle does not bubble
);
