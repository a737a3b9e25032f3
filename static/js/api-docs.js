// The pages of the schema: they follow our theme, stand inside our page, and what they leave without a name gets one.
(() => {
  const root = document.documentElement;
  const follow = () => root.classList.toggle("dark-mode", root.dataset.bsTheme === "dark");
  addEventListener("kit:theme", follow);
  follow(); // loaded after theme.js, before anything is drawn

  // As their own layout, without the heading and the landmark that our page has.
  window.addressesOnly = ({React}) => ({
    components: {
      AddressesOnly: ({getComponent, specSelectors}) => {
        const part = (name, ...more) => React.createElement(getComponent(name, ...more), {key: name});
        const status = specSelectors.loadingStatus();
        const parts = status === "success" ? ["AuthorizeBtnContainer", "FilterContainer", "operations"] : [];
        const words = document.getElementById("swagger-ui").dataset;
        const said = {success: "", failed: words.failed}[status] ?? words.loading;
        return React.createElement(
          "div", {className: "swagger-ui"},
          said && React.createElement("p", {key: "said", role: "status"}, said),
          part("SvgAssets"), part("errors", true), ...parts.map((name) => part(name, true)),
        );
      },
    },
  });

  const give = (place, selector, name, value) =>
    place.querySelectorAll(`${selector}:not([${name}])`).forEach((found) => found.setAttribute(name, value));
  addEventListener("DOMContentLoaded", () => {
    const place = document.getElementById("swagger-ui");
    const mend = () => {
      give(place, ".examples-select-element", "aria-label", place.dataset.example);
      give(place, "select.content-type", "aria-label", place.dataset.mediaType);
      give(place, ".filter input", "aria-label", place.dataset.filter);
      give(place, ".microlight", "tabindex", "0"); // scrolls, so that the keyboard must reach it
    };
    new MutationObserver(mend).observe(place, {childList: true, subtree: true});
  });
})();
