// Light or dark: as the system is set, unless the user has chosen. Runs in the head, before
// anything is painted, so that a dark page never flashes white.
(() => {
  // The administration keeps its own choice under the same key, and may say "auto".
  const KEY = "theme";
  const system = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;

  function apply() {
    const chosen = localStorage.getItem(KEY);
    const asSystem = system.matches ? "dark" : "light";
    root.dataset.bsTheme = ["dark", "light"].includes(chosen) ? chosen : asSystem;
  }

  apply();
  system.addEventListener("change", apply);
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("#theme-toggle")) return;
    localStorage.setItem(KEY, root.dataset.bsTheme === "dark" ? "light" : "dark");
    apply();
  });
})();
