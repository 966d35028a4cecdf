"use strict";

// Only what means something to the chosen format is shown.
(() => {
  const form = document.querySelector("[data-export]");
  const format = form.elements.format;
  const choices = form.querySelectorAll("[data-formats]");

  const show = () => {
    for (const choice of choices) {
      choice.hidden = !choice.dataset.formats.split(" ").includes(format.value);
    }
  };

  format.addEventListener("change", show);
  window.addEventListener("pageshow", show);
  show();
})();
