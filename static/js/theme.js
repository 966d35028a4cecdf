// Light or dark: as the system says, unless the user chose. Runs in the head, before
// anything is painted, so that a dark page never flashes white.
(() => {
  const KEY = "theme";
  const system = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;

  function apply() {
    root.dataset.bsTheme = localStorage.getItem(KEY) ?? (system.matches ? "dark" : "light");
  }

  apply();
  system.addEventListener("change", apply);
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("#theme-toggle")) return;
    localStorage.setItem(KEY, root.dataset.bsTheme === "dark" ? "light" : "dark");
    apply();
  });
})();
