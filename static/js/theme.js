// Loaded before anything is drawn, so that a dark page never flashes white.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const choice = () => localStorage.getItem("theme") || "auto";
  const apply = () => {
    const chosen = choice();
    const theme = chosen === "auto" ? (dark.matches ? "dark" : "light") : chosen;
    const root = document.documentElement;
    root.dataset.themeChoice = chosen;
    if (root.dataset.bsTheme !== theme) {
      root.dataset.bsTheme = theme;
      dispatchEvent(new CustomEvent("kit:theme", {detail: theme}));
    }
  };
  dark.addEventListener("change", apply);
  window.kitTheme = {
    choice,
    choose(theme) {
      localStorage.setItem("theme", theme);
      apply();
    },
  };
  apply();
})();
