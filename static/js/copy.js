// Buttons that copy text: data-copy-from="#id" names an element of JSON on the page,
// data-copy-url an address to fetch; data-copied is the button's text afterwards.

async function textFor(button) {
  const { copyFrom, copyKey, copyUrl } = button.dataset;
  if (copyFrom) return JSON.parse(document.querySelector(copyFrom).textContent)[copyKey];
  const response = await fetch(copyUrl);
  if (!response.ok) throw new Error(`${copyUrl}: ${response.status}`);
  return response.text();
}

// Browsers give navigator.clipboard to https and localhost only; a portal inside an
// office is often reached by plain http.
function copyBySelection(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  if (!copied) throw new Error("copying was refused");
}

async function copy(button) {
  const text = textFor(button);
  if (navigator.clipboard?.write && window.ClipboardItem) {
    // The item takes the promise: Safari only allows this within the click itself.
    const blob = text.then((value) => new Blob([value], { type: "text/plain" }));
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
  } else {
    copyBySelection(await text);
  }
}

const untold = new WeakMap();

function showWords(button, words) {
  const label = button.querySelector("[data-label]");
  if (!untold.has(label)) untold.set(label, [...label.childNodes]);
  label.replaceChildren(words);
  setTimeout(() => label.replaceChildren(...untold.get(label)), 2000);
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copied]");
  if (!button) return;
  try {
    await copy(button);
    showWords(button, button.dataset.copied);
  } catch {
    showWords(button, button.dataset.notCopied);
  }
});
