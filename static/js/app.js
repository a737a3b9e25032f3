// Behaviour of the shell: dialogs, keys, theme, lists. Pages say what they want by data attributes.
(() => {
  const one = (what, where = document) => where.querySelector(what);
  const all = (what, where = document) => [...where.querySelectorAll(what)];
  const typing = (node) => node.closest?.("input, textarea, select, [contenteditable]");

  // --- dialogs -------------------------------------------------------------------------------------------------
  const open = (id) => {
    const dialog = document.getElementById(id);
    if (!dialog || dialog.open) return;
    dialog.showModal();
    const field = one("input[type=search]", dialog);
    if (field) {
      field.select();
      field.dispatchEvent(new Event("kit:opened", {bubbles: true}));
    }
  };
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) open(opener.dataset.open);
    if (event.target.nodeName === "DIALOG") event.target.close(); // the backdrop
    event.target.closest("[data-dismiss]")?.closest(".notice")?.remove();
    const theme = event.target.closest("[data-theme-choose]");
    if (theme) kitTheme.choose(theme.dataset.themeChoose);
  });

  // --- search: arrows walk the hits, Enter opens one --------------------------------------------------------------
  const walkHits = (event) => {
    const dialog = event.target.closest?.("dialog.palette");
    if (!dialog) return;
    const hits = all(".hit", dialog);
    const at = hits.findIndex((hit) => hit.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = hits[(at + (event.key === "ArrowDown" ? 1 : -1) + hits.length) % hits.length];
      hits.forEach((hit) => hit.setAttribute("aria-selected", String(hit === next)));
      next?.scrollIntoView({block: "nearest"});
      if (next) one("input", dialog).setAttribute("aria-activedescendant", next.id);
    } else if (event.key === "Enter") {
      const chosen = hits[at] || hits[0];
      if (chosen) {
        event.preventDefault();
        location.assign(chosen.href);
      }
    }
  };

  // --- queues: j and k move, Enter opens, x selects ---------------------------------------------------------------
  const move = (step) => {
    const items = all("[data-queue] [data-item]").filter((item) => item.offsetParent);
    if (!items.length) return;
    const at = items.findIndex((item) => item.classList.contains("marked"));
    const next = items[Math.min(Math.max(at + step, 0), items.length - 1)];
    items.forEach((item) => item.classList.toggle("marked", item === next));
    next.scrollIntoView({block: "nearest"});
    (one("a, button, input", next) || next).focus({preventScroll: true});
  };
  document.addEventListener("keydown", (event) => {
    walkHits(event);
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open("search");
    }
    if (event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
    if (event.key === "x" && event.target.closest?.("[data-item]")) {
      one("input[type=checkbox]", event.target.closest("[data-item]"))?.click();
      return;
    }
    if (typing(event.target) && event.target.type !== "checkbox") return;
    if (event.key === "/") {
      event.preventDefault();
      open("search");
    } else if (event.key === "?") open("shortcuts");
    else if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else {
      const button = one(`[data-key="${CSS.escape(event.key)}"]`);
      if (button) button.click();
    }
  });

  // --- lists: how many are selected ---------------------------------------------------------------------------------
  const count = (list) => {
    const ticks = all("input[data-tick]", list);
    const chosen = ticks.filter((tick) => tick.checked).length;
    const bar = one("[data-bulk]", list);
    const every = one("input[data-tick-all]", list);
    if (every) {
      every.checked = chosen > 0 && chosen === ticks.length;
      every.indeterminate = chosen > 0 && chosen < ticks.length;
    }
    if (!bar) return;
    bar.hidden = chosen === 0;
    one("[data-chosen]", bar).textContent = chosen.toLocaleString(document.documentElement.lang);
  };
  document.addEventListener("change", (event) => {
    const list = event.target.closest("[data-list]");
    if (event.target.matches("[data-tick-all]")) {
      all("input[data-tick]", list).forEach((tick) => { tick.checked = event.target.checked; });
    }
    if (list && event.target.matches("[data-tick], [data-tick-all]")) count(list);
    if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
  });

  // --- charts: their library is loaded only where one stands ----------------------------------------------------------
  const load = (source) => new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
  let charts;
  const drawCharts = async () => {
    if (!one("[data-chart]")) return;
    charts ||= load(document.body.dataset.echarts).then(() => load(document.body.dataset.charts));
    await charts;
    kitCharts.draw();
  };

  const arrived = () => {
    all("[data-list]").forEach(count);
    drawCharts();
  };
  addEventListener("DOMContentLoaded", arrived);
  document.addEventListener("htmx:afterSettle", arrived);

  // --- a file is dropped: the field itself takes it, the page only shows where and what ---------------------------------
  const over = (event) => {
    const place = one("[data-drop]");
    if (!place) return;
    const within = event.target.closest?.("[data-drop]") === place;
    if (!within) event.preventDefault(); // else the browser would leave the page for the file
    place.classList.toggle("over", within && event.type === "dragover");
  };
  ["dragover", "dragleave", "drop"].forEach((type) => document.addEventListener(type, over));
  document.addEventListener("change", (event) => {
    const place = event.target.closest("[data-drop]");
    if (!place) return;
    const file = event.target.files[0];
    const small = file && file.size < 1e6;
    const size = file && (file.size / (small ? 1e3 : 1e6)).toLocaleString(document.documentElement.lang, {maximumFractionDigits: 1});
    one("[data-drop-name]", place).textContent = file ? `${file.name} · ${size} ${small ? "kB" : "MB"}` : "";
  });

  // --- work that ended otherwise than well: what the page shows is out of date -------------------------------------------
  document.addEventListener("job-finished", (event) => {
    if (event.detail.state !== "done" && one("[data-reload-after-work]")) location.reload();
  });

  // --- when an htmx request fails, say so: silence would look like success ---------------------------------------------
  const toast = (sentence) => {
    const note = document.createElement("div");
    note.className = "notice notice-error";
    const text = document.createElement("div");
    text.textContent = sentence;
    note.append(text);
    one("#toasts")?.replaceChildren(note);
  };
  document.addEventListener("htmx:beforeSwap", (event) => {
    const {xhr} = event.detail;
    if (xhr.status === 409 || xhr.status === 422 || xhr.status === 400) event.detail.shouldSwap = true;
  });
  document.addEventListener("htmx:sendError", () => toast(one("#toasts").dataset.offline));
  document.addEventListener("htmx:responseError", (event) => {
    const {xhr} = event.detail;
    if (![400, 409, 422].includes(xhr.status)) toast(one("#toasts").dataset.failed);
  });
})();
