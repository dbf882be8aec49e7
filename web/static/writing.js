// What a composer offers while somebody writes: the organisation's pieces of text after "::", and in
// a note the colleagues whom it may call after "@".
// Every page works without this file; the list that is offered looks as `.completions` says.
(() => {
  "use strict";

  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const MOST = 8;
  const MODULE = /(?:^|\s)::(\w{0,40})$/u;
  const COLLEAGUE = /(?:^|[^\w.+-])[@＠]([\p{L}\p{N}_-]{0,40})$/u;
  let turn = 0;

  /** What is being asked for at the cursor: of whom, by which letters, and where it begins. */
  function wanted(area, acts) {
    const before = area.value.slice(0, area.selectionStart);
    const people = area.form.dataset.colleagues;
    const ask = (sign, letters, address, read) => ({ letters, address, read, from: before.length - sign.length - letters.length });
    const called = people && before.match(COLLEAGUE);
    if (called) return ask("@", called[1], people, (each) => ({ name: "@", words: each.name, put: `@${each.name} ` }));
    const found = before.match(MODULE);
    const language = acts.dataset.language === "zh" ? "zh" : "en";
    return found && ask("::", found[1], acts.dataset.modules, (each) => {
      const words = each[language] || each.en || each.zh;
      return { name: each.name, words, put: words };
    });
  }

  async function found(asked) {
    const answer = await fetch(asked.address + encodeURIComponent(asked.letters)).catch(() => null);
    return answer?.ok ? (await answer.json()).map(asked.read) : [];
  }

  async function offer(area) {
    const acts = area.closest("[data-modules]");
    const asked = acts && wanted(area, acts);
    const mine = ++turn;
    if (!asked) return close();
    const offers = await found(asked);
    if (mine === turn) show(area, asked, offers.filter((each) => each.words).slice(0, MOST));
  }

  function show(area, asked, found) {
    close();
    if (!found.length) return;
    const list = document.createElement("ul");
    list.id = "offered";
    list.className = "completions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", area.closest("[data-offered]").dataset.offered);
    list.append(...found.map((each, number) => {
      const item = document.createElement("li");
      item.id = `offered-${number}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", number === 0);
      for (const [part, look] of [[each.name, "mono"], [each.words, "cut soft"]]) {
        const span = document.createElement("span");
        span.className = look;
        span.textContent = part;
        item.append(span);
      }
      item.put = () => put(area, asked, each.put);
      return item;
    }));
    area.after(list);
    area.setAttribute("aria-controls", list.id);
    area.setAttribute("aria-activedescendant", "offered-0");
  }

  function close() {
    const list = $("#offered");
    if (!list) return;
    for (const area of $$("[aria-controls=offered]")) {
      area.removeAttribute("aria-controls");
      area.removeAttribute("aria-activedescendant");
    }
    list.remove();
  }

  function put(area, asked, words) {
    area.setRangeText(words, asked.from, area.selectionStart, "end");
    close();
    area.focus();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function step(area, by) {
    const items = $$("#offered [role=option]");
    const now = items.findIndex((each) => each.getAttribute("aria-selected") === "true");
    const next = items[(now + by + items.length) % items.length];
    for (const each of items) each.setAttribute("aria-selected", each === next);
    next.scrollIntoView({ block: "nearest" });
    area.setAttribute("aria-activedescendant", next.id);
  }

  document.addEventListener("keydown", (event) => {
    if (!$("#offered") || !event.target.matches("textarea") || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") step(event.target, event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" || event.key === "Tab") $("#offered [aria-selected=true]").put();
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("input", (event) => { if (event.target.matches("[data-modules] textarea")) offer(event.target); });
  document.addEventListener("focusout", (event) => { if (event.target.matches("textarea")) setTimeout(close, 200); });
  document.addEventListener("mousedown", (event) => {
    const item = event.target.closest("#offered [role=option]");
    if (item) { event.preventDefault(); item.put(); }
  });
})();
