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

  // ---------------------------------------------------------------- what changes meanwhile

  let source = null;
  let staying = 0;
  let typingUntil = 0;

  const post = (address, fields, keepalive = false) => fetch(address, {
    method: "POST", keepalive,
    headers: { "X-CSRF-Token": $("input[name=csrf]")?.value ?? "" },
    body: new URLSearchParams(fields),
  }).catch(() => {});

  function listen() {
    source?.close();
    const place = $("[data-live]");
    source = place ? new EventSource(place.dataset.live) : null;
    if (source) source.onmessage = (event) => hear(place, JSON.parse(event.data));
  }

  /** Say what is new; nothing moves under the pointer. */
  function hear(place, told) {
    if (!place.isConnected) return source?.close();
    for (const [view, count] of Object.entries(told.counts ?? {})) {
      const label = $(`[data-count="${CSS.escape(view)}"]`);
      if (label) label.textContent = count.toLocaleString(document.documentElement.lang);
    }
    if ("new" in told) {
      place.hidden = !told.new;
      $("a", place).textContent = told.new === 1 ? place.dataset.one : place.dataset.many.replace("#", told.new);
    }
    if ("here" in told) place.textContent = told.here.join(" · ");
    if ("version" in told) $("#changed").hidden = told.version <= Number(place.dataset.version);
  }

  function stay() {
    clearInterval(staying);
    const place = $("[data-presence]");
    if (!place) return;
    const tell = () => {
      if (!document.hidden) post(place.dataset.presence, { typing: Date.now() < typingUntil ? "1" : "" });
    };
    tell();
    staying = setInterval(tell, 15000);
  }

  function leave() {
    const place = $("[data-presence]");
    if (place) post(place.dataset.presence, { left: "1" }, true);
  }

  // ---------------------------------------------------------------- drafts

  const kept = new WeakMap();

  document.addEventListener("input", (event) => {
    const area = event.target;
    const acts = area.closest("[data-drafts]");
    if (!acts || !area.matches("textarea")) return;
    const began = Date.now() >= typingUntil;
    typingUntil = Date.now() + 20000;
    if (began) post($("[data-presence]").dataset.presence, { typing: "1" });
    clearTimeout(kept.get(area));
    const act = area.form.action.split("/").at(-1);
    kept.set(area, setTimeout(() => post(acts.dataset.drafts + act, { text: area.value }), 800));
  });

  document.addEventListener("submit", (event) => {
    for (const area of $$("textarea", event.target)) clearTimeout(kept.get(area));
    typingUntil = 0;
  }, true);

  function arrive() {
    document.body.classList.add("has-script");
    last = null;
    typingUntil = 0;
    counted();
    listen();
    stay();
  }

  document.addEventListener("htmx:beforeSwap", leave);
  addEventListener("pagehide", () => { leave(); source?.close(); });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "frame") arrive();
  });
  document.addEventListener("DOMContentLoaded", arrive);
})();
