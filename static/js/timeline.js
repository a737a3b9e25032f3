// The timeline of phases: a bar is dragged, or moved by arrow keys, and saved where it is dropped.
(() => {
  const DAY = 86400000;
  const board = document.querySelector(".gantt[data-token]");
  if (!board) return;
  const days = Number(board.dataset.days);
  const said = board.querySelector("[data-said]");
  const iso = (date) => date.toISOString().slice(0, 10);
  const shifted = (day, by) => iso(new Date(Date.parse(day) + by * DAY));

  const draw = (bar, start, end) => {
    const rect = bar.querySelector("rect");
    const first = Date.parse(bar.dataset.start) - (parseFloat(bar.dataset.left) / 100) * days * DAY;
    rect.setAttribute("x", `${((Date.parse(start) - first) / DAY / days) * 100}%`);
    rect.setAttribute("width", `${(((Date.parse(end) - Date.parse(start)) / DAY + 1) / days) * 100}%`);
    bar.dataset.wantStart = start;
    bar.dataset.wantEnd = end;
    said.textContent = `${start} – ${end}`;
  };
  const back = (bar) => draw(bar, bar.dataset.start, bar.dataset.end);

  // The table twin says the same as the bar.
  const tell = (move, start, end) => {
    for (const cell of document.querySelectorAll(`[data-dates="${move}"]`)) {
      cell.textContent = cell.dataset.which === "start" ? start : end;
    }
  };

  const save = async (bar) => {
    const start = bar.dataset.wantStart, end = bar.dataset.wantEnd;
    if (!start || (start === bar.dataset.start && end === bar.dataset.end)) return;
    const answer = await fetch(bar.dataset.move, {
      method: "POST",
      headers: {"X-CSRFToken": board.dataset.token, "X-Timeline": "1"},
      body: new URLSearchParams({start, end}),
    }).catch(() => null);
    const lost = {refused: board.dataset.lost};
    const {refused} = answer ? await answer.json().catch(() => lost) : lost;
    if (refused) {
      back(bar);
      said.textContent = refused;
    } else {
      bar.dataset.left = bar.querySelector("rect").getAttribute("x");
      const label = bar.getAttribute("aria-label").replace(bar.dataset.start, start).replace(bar.dataset.end, end);
      bar.setAttribute("aria-label", label);
      bar.dataset.start = start;
      bar.dataset.end = end;
      tell(bar.dataset.move, start, end);
      said.textContent = `✓ ${start} – ${end}`;
    }
  };

  for (const bar of board.querySelectorAll("[data-move]")) {
    bar.dataset.left = bar.querySelector("rect").getAttribute("x");
    bar.addEventListener("pointerdown", (event) => {
      const from = event.clientX;
      const wide = bar.ownerSVGElement.getBoundingClientRect().width;
      const box = bar.querySelector("rect").getBoundingClientRect();
      const onlyEnd = box.right - event.clientX < 10;
      const start = bar.dataset.start, end = bar.dataset.end;
      bar.setPointerCapture(event.pointerId);
      const move = (next) => {
        const by = Math.round(((next.clientX - from) / wide) * days);
        const last = shifted(end, by);
        draw(bar, onlyEnd ? start : shifted(start, by), last < start && onlyEnd ? start : last);
      };
      const ends = new AbortController();
      const drop = (then) => () => {
        ends.abort();
        then(bar);
      };
      bar.addEventListener("pointermove", move, {signal: ends.signal});
      bar.addEventListener("pointerup", drop(save), {signal: ends.signal});
      bar.addEventListener("pointercancel", drop(back), {signal: ends.signal});
    });
    bar.addEventListener("keydown", (event) => {
      const by = {ArrowLeft: -7, ArrowRight: 7}[event.key];
      const start = bar.dataset.wantStart || bar.dataset.start, end = bar.dataset.wantEnd || bar.dataset.end;
      if (by) {
        event.preventDefault();
        const last = shifted(end, by);
        if (event.shiftKey) draw(bar, start, last < start ? start : last);
        else draw(bar, shifted(start, by), last);
      } else if (event.key === "Enter") {
        event.preventDefault();
        save(bar);
      } else if (event.key === "Escape") back(bar);
    });
  }
})();
