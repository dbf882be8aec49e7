// The queue's tools. Every page works without this file.
(() => {
  "use strict";

  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  // ---------------------------------------------------------------- choosing many

  let last = null;

  function counted() {
    const bar = $("#bulk");
    if (!bar) return;
    const number = $$("[data-choose]:checked").length;
    const output = $("output", bar);
    bar.classList.toggle("is-wanted", number > 0);
    output.textContent = number ? output.dataset.chosen.replace("#", number) : "";
  }

  function choose(box, through) {
    const boxes = $$("[data-choose]");
    if (through && last && boxes.includes(last)) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const each of boxes.slice(from, to + 1)) each.checked = box.checked;
    }
    last = box;
    counted();
  }

  document.addEventListener("click", (event) => {
    if (event.target.matches("[data-choose]")) choose(event.target, event.shiftKey);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "x" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const row = document.activeElement.closest("[data-rows] tr");
    const box = row && $("[data-choose]", row);
    if (!box || document.activeElement.matches("input, textarea, select")) return;
    box.checked = !box.checked;
    choose(box, false);
    event.preventDefault();
  });

  function arrive() {
    document.body.classList.add("has-script");
    last = null;
    counted();
  }

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "frame") arrive();
  });
  document.addEventListener("DOMContentLoaded", arrive);
})();
