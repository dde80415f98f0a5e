"use strict";
(() => {
  const form = document.getElementById("controls");
  const shown = document.getElementById("shown");
  const all = (selector, root) => [...(root || document).querySelectorAll(selector)];
  const items = all("ol.sentences li").map((element) => ({
    element,
    unit: Number(element.dataset.unit),
    codes: element.dataset.codes.split(" ").filter(Boolean).map((code) => {
      const [category, rest] = code.split(":");
      return { category: Number(category), probability: parseFloat(rest), doubt: rest.endsWith("?") };
    }),
  }));
  const reports = all(".report");
  const unitBoxes = all('input[name="unit"]', form);
  let word = "";

  const keeps = (code, category, certainty) =>
    (category === "" || code.category === Number(category)) &&
    (certainty === "certain" ? !code.doubt : code.probability >= Number(certainty));

  function apply() {
    const units = new Set(unitBoxes.filter((box) => box.checked).map((box) => Number(box.value)));
    const category = form.category.value;
    const certainty = form.certainty.value;
    const context = form.context.checked;
    let count = 0;
    for (const item of items) {
      const coded = item.codes.some((code) => keeps(code, category, certainty));
      const wanted = coded && (!word || item.element.textContent.includes(word));
      const visible = units.has(item.unit) && (wanted || (context && !item.codes.length && !word));
      if (item.element.hidden === visible) item.element.hidden = !visible;
      if (visible && coded) count += 1;
    }
    for (const report of reports) report.hidden = !report.querySelector("li:not([hidden])");
    for (const row of all("tr[data-unit], section.unit")) row.hidden = !units.has(Number(row.dataset.unit));
    for (const row of all("tr[data-first]")) {
      row.hidden = !units.has(Number(row.dataset.first)) || !units.has(Number(row.dataset.second)) ||
        (category !== "" && row.dataset.category !== category);
    }
    document.body.dataset.view = form.view.value;
    for (const matrix of all(".matrices")) matrix.hidden = matrix.dataset.measure !== form.measure.value;
    shown.value = `${shown.dataset.label} ${count}` + (word ? ` · ${word}` : "");
  }

  function choose(link) {
    const units = link.dataset.units === undefined ? null : link.dataset.units.split(" ");
    if (units) for (const box of unitBoxes) box.checked = units.includes(box.value);
    form.category.value = link.dataset.cat === undefined ? "" : link.dataset.cat;
    form.context.checked = link.dataset.context === "1";
    word = link.dataset.word || "";
    apply();
    for (const row of all("tr[data-unit], tr[data-first]")) row.hidden = false;
    const first = document.querySelector("section.unit:not([hidden]) h3") || document.getElementById("sources");
    first.scrollIntoView();
    first.focus({ preventScroll: true });
  }

  function go(id) {
    const target = document.getElementById(id);
    if (!target) return;
    clear();
    form.context.checked = target.classList.contains("none");
    apply();
    for (const other of all("li.flash")) other.classList.remove("flash");
    target.classList.add("flash");
    target.scrollIntoView({ block: "center" });
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
  }

  function clear() {
    word = "";
    const view = form.view.value;
    const measure = form.measure.value;
    form.reset();
    form.view.value = view;
    form.measure.value = measure;
    apply();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-units], a[data-go]");
    if (!link) return;
    event.preventDefault();
    if (link.dataset.go !== undefined) go(link.dataset.go);
    else choose(link);
  });
  form.addEventListener("change", () => { word = ""; apply(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => { word = ""; setTimeout(apply); });
  form.querySelector('button[name="print"]').addEventListener("click", () => window.print());

  const folds = all("details.fold");
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = folds.filter((fold) => !fold.open);
    for (const fold of closed) fold.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const fold of closed) fold.open = false;
    closed = [];
  });

  const steps = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      clear();
      return;
    }
    const cell = event.target.closest && event.target.closest("table.matrix td");
    const step = steps[event.key];
    if (!cell || !step) return;
    const row = cell.parentElement;
    const rows = all("tbody tr:not([hidden])", row.closest("table"));
    const other = rows[rows.indexOf(row) + step[0]];
    const next = other && other.cells[cell.cellIndex + step[1]];
    const link = next && next.querySelector("a");
    if (link) {
      event.preventDefault();
      link.focus();
    }
  });

  apply();
  document.documentElement.dataset.ready = "1";
})();
