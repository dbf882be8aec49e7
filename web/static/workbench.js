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
    if (!box || document.activeElement.matches("input:not([type=checkbox]), textarea, select")) return;
    box.checked = !box.checked;
    choose(box, false);
    event.preventDefault();
  });

  // ---------------------------------------------------------------- the palette

  let asking = 0;

  /** What this page can do: everything that has a key, by its words. */
  function actions() {
    return $$("[data-key]").filter((each) => !each.closest("dialog") && !each.disabled).map((each) => {
      const said = each.closest("label") ?? (each.matches("details") ? $("summary", each) : each);
      const words = said.cloneNode(true);
      for (const extra of $$("kbd, .count, svg", words)) extra.remove();
      const text = words.textContent.trim() || each.getAttribute("aria-label") || "";
      return { words: text, more: each.dataset.key, run: () => press(each.dataset.key) };
    }).filter((each) => each.words);
  }

  function press(key) {
    for (const part of key.split(" ")) {
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key: part, bubbles: true }));
    }
  }

  function offer(list, found) {
    list.replaceChildren(...found.slice(0, 12).map((each, number) => {
      const item = document.createElement("li");
      item.id = `palette-${number}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", number === 0);
      for (const [part, look] of [[each.reference, "mono"], [each.words, "cut"], [each.more, "soft"]]) {
        if (!part) continue;
        const span = document.createElement("span");
        span.className = look;
        span.textContent = part;
        item.append(span);
      }
      item.run = each.run;
      return item;
    }));
    const none = $("#palette [data-none]");
    none.textContent = found.length ? "" : none.dataset.none;
    point(list, 0);
  }

  function point(list, step) {
    const items = $$("[role=option]", list);
    const now = Math.max(0, items.findIndex((each) => each.getAttribute("aria-selected") === "true"));
    const next = items[(now + step + items.length) % (items.length || 1)];
    for (const each of items) each.setAttribute("aria-selected", each === next);
    next?.scrollIntoView({ block: "nearest" });
    const input = $("#palette input");
    if (next) input.setAttribute("aria-activedescendant", next.id);
    else input.removeAttribute("aria-activedescendant");
  }

  async function look() {
    const sheet = $("#palette");
    const wanted = $("input", sheet).value.trim().toLowerCase();
    const list = $("ul", sheet);
    const ours = actions().filter((each) => each.words.toLowerCase().includes(wanted));
    offer(list, ours);
    const turn = ++asking;
    if (wanted.length < 2) return;
    const answer = await fetch(sheet.dataset.search + encodeURIComponent(wanted)).catch(() => null);
    if (!answer?.ok || turn !== asking) return;
    const complaints = (await answer.json()).map((each) => ({ ...each, run: () => { location.href = each.address; } }));
    offer(list, [...complaints, ...ours]);
  }

  function choosePalette(item) {
    $("#palette").close();
    item?.run();
  }

  document.addEventListener("keydown", (event) => {
    const sheet = $("#palette");
    if (!sheet) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (sheet.open) return sheet.close();
      $("input", sheet).value = "";
      sheet.showModal();
      look();
    } else if (sheet.open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      point($("ul", sheet), event.key === "ArrowDown" ? 1 : -1);
    } else if (sheet.open && event.key === "Enter") {
      event.preventDefault();
      choosePalette($("[aria-selected=true]", sheet));
    }
  });
  document.addEventListener("input", (event) => { if (event.target.closest("#palette")) look(); });
  document.addEventListener("click", (event) => {
    const item = event.target.closest("#palette [role=option]");
    if (item) choosePalette(item);
  });

  // ---------------------------------------------------------------- a row's reference

  document.addEventListener("keydown", (event) => {
    const row = document.activeElement?.closest("[data-reference-of]");
    if (event.key === "." && row && !event.ctrlKey && !event.metaKey) {
      navigator.clipboard?.writeText(row.dataset.referenceOf);
    }
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

  /** Mark a row that somebody has open now; the row stays where it is. */
  function openNow(row, words) {
    const title = $(".title", row);
    const mark = title && $(".here", title);
    if (!title || !words) return mark?.remove();
    if (!mark) title.append($("#someone").content.firstElementChild.cloneNode(true));
    $(".here svg", title).setAttribute("aria-label", words);
  }

  /** Put a row that changed in its place; what was chosen, and where the cursor is, stays. */
  function redraw(reference, drawn) {
    const row = $(`tr[data-reference-of="${CSS.escape(reference)}"]`);
    if (!row) return;
    const fresh = document.createElement("tbody");
    fresh.innerHTML = drawn;
    const next = fresh.firstElementChild;
    const held = ["[data-choose]", "[data-row]"].find((each) => $(each, row) === document.activeElement);
    $("[data-choose]", next).checked = $("[data-choose]", row).checked;
    row.replaceWith(next);
    htmx.process(next);
    if (held) $(held, next).focus({ preventScroll: true });
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
    for (const [reference, drawn] of Object.entries(told.rows ?? {})) redraw(reference, drawn);
    if ("looking" in told) for (const row of $$("tr[data-reference-of]")) openNow(row, told.looking[row.dataset.referenceOf]);
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
    kept.set(area, setTimeout(() => post(acts.dataset.drafts + act, { text: area.value, had: area.defaultValue }), 800));
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
