// Hands on the keyboard, and small comforts. Every page works without this file.
(() => {
  "use strict";

  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const typing = (node) => node.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
  const visible = (node) => node && node.getClientRects().length > 0;

  // The viewer's time zone, so that the server can write times as this clock shows them.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && !document.cookie.includes(`zone=${encodeURIComponent(zone)}`)) {
    document.cookie = `zone=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=lax`;
  }

  // ---------------------------------------------------------------- rows

  function move(step) {
    const rows = $$("[data-rows] a[data-row]");
    if (!rows.length) return;
    const here = rows.indexOf(document.activeElement);
    const next = here < 0 ? (step > 0 ? 0 : rows.length - 1) : here + step;
    const row = rows[Math.max(0, Math.min(rows.length - 1, next))];
    row.focus({ preventScroll: true });
    row.closest("tr").scrollIntoView({ block: "nearest" });
  }

  // ---------------------------------------------------------------- choosing rows

  const rowHere = () => document.activeElement.closest("[data-rows] tr");
  const boxes = () => $$("[data-rows] input[type=checkbox]:not(:disabled)");

  /** Choose the row, approve what is chosen or this row, decline it with a reason. */
  function decide(key) {
    const form = $("form#approve");
    const row = rowHere();
    const box = row && $("input[type=checkbox]:not(:disabled)", row);
    if (!form) return false;
    if (key === "x") { if (box) box.checked = !box.checked; return true; }
    if (key === "d") { $("[data-decline]", row ?? form)?.focus(); return true; }
    if (box && !boxes().some((each) => each.checked)) box.checked = true;
    form.requestSubmit($("button[type=submit]:not([name])", form));
    return true;
  }

  /** Enter on a row opens how its amount came about. */
  function openTrace(event) {
    const trace = document.getElementById(event.target.dataset?.opens ?? "");
    if (trace) { event.preventDefault(); trace.open = !trace.open; }
  }

  // ---------------------------------------------------------------- acts

  /** Open the form that stands behind a radio or a fold, and put the cursor where one types. */
  function reveal(target) {
    if (target.matches("input[type=radio]")) {
      if (target.disabled) return;
      target.checked = true;
    } else {
      target.open = true;
    }
    const panel = target.matches("details") ? target : document.getElementById(`panel-${target.value}`);
    const first = $("textarea, select, input:not([type=hidden]), button", panel);
    panel.scrollIntoView({ block: "nearest" });
    first?.focus({ preventScroll: true });
  }

  // ---------------------------------------------------------------- keys

  let waitingForGo = 0;

  function press(key) {
    const target = $(`[data-key="${CSS.escape(key)}"]`);
    if (!target) return false;
    if (target.matches("input[type=radio], details")) reveal(target);
    else if (target.matches("input, textarea")) { target.focus(); target.select(); }
    else if (target.matches("dialog")) target.showModal();
    else target.click();
    return true;
  }

  function onKey(event) {
    if (event.isComposing || event.altKey) return;
    const mod = event.ctrlKey || event.metaKey;
    if (mod && event.key === "Enter") {
      const form = event.target.form ?? event.target.closest("form");
      if (form) { event.preventDefault(); form.requestSubmit(); }
      return;
    }
    if (mod) return;
    if (event.key === "Escape") return escape(event);
    if (event.key === "Enter") return openTrace(event);
    if (typing(event.target) || $("dialog[open]")) return;
    if (handled(event)) event.preventDefault();
  }

  function handled(event) {
    if (Date.now() - waitingForGo < 1500) {
      waitingForGo = 0;
      return press(`g ${event.key}`);
    }
    switch (event.key) {
      case "j": move(1); return true;
      case "k": move(-1); return true;
      case "g": waitingForGo = Date.now(); return true;
      case ".": return copyReference();
      case "x": case "a": case "d": return decide(event.key) || press(event.key);
      default: return press(event.key);
    }
  }

  function escape(event) {
    const menu = $("details.menu[open]");
    if (menu) { menu.open = false; $("summary", menu).focus(); }
    else if (typing(event.target)) event.target.blur();
  }

  function copyReference() {
    const reference = $("[data-reference]");
    if (!reference) return false;
    navigator.clipboard?.writeText(reference.dataset.reference).then(() => say(reference.dataset.copied));
    return true;
  }

  // ---------------------------------------------------------------- what just happened

  function say(sentence, tone = "good") {
    const box = $("#said");
    if (!box) return;
    const toast = $(`template[data-tone=${tone}]`, box).content.cloneNode(true);
    $("p", toast).textContent = sentence;
    box.append(toast);
    fade($$(".toast-box", box).at(-1));
  }

  function fade(toast) {
    if (toast) setTimeout(() => toast.remove(), 6000);
  }

  /** After a page or a part of it arrived: where the eyes and the cursor belong. */
  function arrive(swapped) {
    const wrong = $("[aria-invalid=true]");
    const notice = $("[data-notice]");
    if (wrong) {
      const fold = wrong.closest("details");
      if (fold) fold.open = true;
      wrong.focus();
      if (wrong.dataset.line) pointAt(wrong, Number(wrong.dataset.line));
    } else if (notice) {
      notice.focus();
    } else if (swapped && document.activeElement === document.body) {
      const wanted = $("[autofocus]");
      (visible(wanted) ? wanted : $("#main"))?.focus({ preventScroll: true });
    }
    $$("[data-countdown]").forEach(countDown);
    $$("[data-all]").forEach((label) => { label.hidden = false; });
    fade($("#said .toast-box"));
    const address = new URL(location.href);
    if (address.searchParams.has("done")) {
      address.searchParams.delete("done");
      history.replaceState(history.state, "", address);
    }
  }

  /** Mark a line of a text, so that the next key goes where the mistake is. */
  function pointAt(area, line) {
    const start = area.value.split("\n", line - 1).join("\n").length + (line > 1);
    const end = area.value.indexOf("\n", start);
    area.setSelectionRange(start, end < 0 ? area.value.length : end);
    document.getElementById(area.getAttribute("aria-describedby"))?.scrollIntoView({ block: "center" });
  }

  // ---------------------------------------------------------------- letters about to leave

  /** Seconds until a letter leaves, counted by this clock from when the page came. */
  function countDown(shown) {
    const line = $("span", shown);
    const button = shown.parentElement.querySelector("button");
    const end = performance.now() + Number(shown.dataset.countdown) * 1000;
    if (Number(shown.dataset.countdown) > 3600) return;
    const tick = () => {
      const left = Math.ceil((end - performance.now()) / 1000);
      line.textContent = left > 0 ? shown.dataset.words.replace("#", left) : shown.dataset.gone;
      if (left <= 0) button.remove();
      if (left <= 0 || !shown.isConnected) clearInterval(timer);
    };
    const timer = setInterval(tick, 250);
    tick();
  }

  // ---------------------------------------------------------------- files for a letter

  /** Files dropped on a letter's form, or pasted into it, go the way of those that are chosen. */
  function enclose(event, given) {
    const input = $("[data-encloses]", event.target.closest?.("form") ?? document.createElement("form"));
    if (!input || !given?.files.length) return;
    event.preventDefault();
    input.files = given.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  document.addEventListener("dragover", (event) => {
    if (event.dataTransfer.types.includes("Files") && event.target.closest?.("form:has([data-encloses])")) event.preventDefault();
  });
  document.addEventListener("drop", (event) => enclose(event, event.dataTransfer));
  document.addEventListener("paste", (event) => {
    if (!event.clipboardData.types.includes("text/plain")) enclose(event, event.clipboardData);
  });

  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    const menu = $("details.menu[open]");
    if (menu && !menu.contains(event.target)) menu.open = false;
    if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
    if (event.target.closest("[data-sheet]")) { event.preventDefault(); $("#keys")?.showModal(); }
    if (event.target.closest("[data-print]")) print();
  });
  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-all]")) boxes().forEach((box) => { box.checked = event.target.checked; });
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "frame") arrive(true);
  });
  document.addEventListener("htmx:sendError", () => say(document.body.dataset.offline, "late"));
  document.addEventListener("DOMContentLoaded", () => arrive(false));
})();
