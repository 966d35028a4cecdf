// Files in a bucket: mark all that are shown, and tell how many are marked. Without this
// script each is marked by itself.

const form = document.querySelector("#bucket-objects");

if (form) {
  const all = form.querySelector("#mark-all");
  const boxes = [...form.querySelectorAll('input[name="key"]')];
  const button = form.querySelector("#use-marked");
  const count = form.querySelector("#marked-count");

  const update = () => {
    const marked = boxes.filter((box) => box.checked).length;
    all.checked = marked > 0 && marked === boxes.length;
    all.indeterminate = marked > 0 && marked < boxes.length;
    button.disabled = marked === 0;
    count.textContent = marked ? `(${marked})` : "";
  };

  all.hidden = boxes.length === 0;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    update();
  });
  form.addEventListener("change", update);
  // The browser restores the selection when the user returns to the page.
  window.addEventListener("pageshow", update);
  update();
}
