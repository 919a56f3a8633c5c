"use strict";
// Tables that sort, filter and page, a search over tokens and sections, and the switch of themes.
// The page is complete without this script. Cells are built from text, never from markup.
(() => {
  const PAGE = 10;
  const MOST_FOUND = 12;
  const SIZES = [10, 25, 100];
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "variant" });

  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  // A number may have its unit: "41.1%", "+17.3 points".
  const toNumber = (text) => Number.parseFloat(text.replaceAll(",", ""));
  const isMissing = (text) => text === "" || text === "-";

  // Cells without a value are last in both directions.
  const compare = (column, numeric, direction) => (a, b) => {
    const [left, right] = [a.cells[column], b.cells[column]];
    if (isMissing(left) || isMissing(right)) return isMissing(left) - isMissing(right) || a.index - b.index;
    const order = numeric ? toNumber(left) - toNumber(right) : collator.compare(left, right);
    return direction * order || a.index - b.index;
  };

  // A typed space finds the dot that stands for a space.
  const folded = (text) => text.toLowerCase().replaceAll("\u00b7", " ");

  const readRow = (row, index) => ({ index, element: row, cells: [...row.cells].map((cell) => cell.textContent.trim()) });

  // Like the page's own cells: each of several tokens has its own text direction.
  const contents = (text, kind) => {
    if (kind === "number") return [text];
    const parts = kind === "token-cell" ? text.split(" ") : [text];
    return parts.flatMap((part) => [make("bdi", { textContent: part }), " "]);
  };

  const newRow = (cells, heads) => {
    const row = document.createElement("tr");
    const first = heads[0].rowHead ? "th" : "td";
    cells.forEach((text, column) => {
      const cell = make(column ? "td" : first, { className: heads[column].kind });
      if (!column && first === "th") cell.scope = "row";
      cell.append(...contents(text, heads[column].kind));
      row.append(cell);
    });
    return row;
  };

  // What the search looks through: the rows of every table, and how to show only some of them.
  const tables = [];

  const enhance = (box) => {
    const table = box.querySelector("table");
    const body = table.tBodies[0];
    const rows = [...body.rows].map(readRow);
    const heads = [...table.tHead.rows[0].cells].map((cell) => ({
      cell, kind: cell.className, name: cell.textContent, rowHead: body.rows[0].cells[0].tagName === "TH",
    }));
    const rest = box.querySelector('script[type="application/json"]');
    if (rest) JSON.parse(rest.textContent).forEach((cells) => rows.push({ index: rows.length, cells }));

    const title = table.caption.textContent;
    const known = { box, title, rows, only: () => {} };
    tables.push(known);
    if (rows.length < 2) return;

    let sorted = { column: -1, direction: 1 };
    let wanted = "";
    let size = PAGE;
    let start = 0;

    const filter = make("input", { type: "search", autocomplete: "off", spellcheck: false });
    const sizes = make("select", {}, ...SIZES.map((n) => make("option", { value: n, textContent: n })),
      make("option", { value: Infinity, textContent: "all" }));
    const previous = make("button", { type: "button", textContent: "Previous" });
    const next = make("button", { type: "button", textContent: "Next" });
    const shown = make("span", { className: "shown", role: "status" });

    const draw = () => {
      let found = wanted ? rows.filter((row) => row.cells.some((cell) => folded(cell).includes(wanted))) : rows;
      if (sorted.column >= 0) {
        const numeric = heads[sorted.column].kind === "number";
        found = [...found].sort(compare(sorted.column, numeric, sorted.direction));
      }
      start = Math.max(0, Math.min(start, found.length - 1));
      start -= start % (size === Infinity ? found.length || 1 : size);
      const page = found.slice(start, start + size);
      body.replaceChildren(...page.map((row) => (row.element ??= newRow(row.cells, heads))));
      const total = found.length.toLocaleString("en");
      shown.textContent = !found.length ? "No row matches"
        : `Rows ${(start + 1).toLocaleString("en")}\u2013${(start + page.length).toLocaleString("en")} of ${total}`;
      previous.disabled = start === 0;
      next.disabled = start + size >= found.length;
      heads.forEach(({ cell }, column) => {
        if (column === sorted.column) cell.ariaSort = sorted.direction > 0 ? "ascending" : "descending";
        else cell.removeAttribute("aria-sort");
      });
    };

    // The first click sorts as people expect: the largest number or the first letter on top.
    const sortBy = (column) => {
      const first = heads[column].kind === "number" ? -1 : 1;
      if (sorted.column !== column) sorted = { column, direction: first };
      else if (sorted.direction === first) sorted.direction = -first;
      else sorted = { column: -1, direction: 1 };
      start = 0;
      draw();
    };

    heads.forEach(({ cell, name }, column) => {
      const button = make("button", { type: "button", textContent: name });
      button.addEventListener("click", () => sortBy(column));
      cell.replaceChildren(button);
    });
    if (rows.length > PAGE) {
      filter.addEventListener("input", () => { wanted = folded(filter.value); start = 0; draw(); });
      known.only = (text) => { filter.value = text; wanted = folded(text); start = 0; draw(); };
      sizes.addEventListener("change", () => { size = Number(sizes.value); start = 0; draw(); });
      previous.addEventListener("click", () => { start -= size; draw(); });
      next.addEventListener("click", () => { start += size; draw(); });
      filter.ariaLabel = `Filter: ${title}`;
      sizes.ariaLabel = `Rows at once: ${title}`;
      previous.ariaLabel = `Previous rows: ${title}`;
      next.ariaLabel = `Next rows: ${title}`;
      box.querySelector(".scroll").before(
        make("div", { className: "tools" }, make("label", {}, "Filter", filter), make("label", {}, "Rows", sizes)));
      box.querySelector(".scroll").after(make("div", { className: "tools" }, previous, next, shown));
      box.querySelector(".unscripted")?.remove();
    }
    draw();
  };

  // Only boxes that scroll take the keyboard's focus.
  const markScrollers = () => {
    for (const box of document.querySelectorAll(".scroll")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };

  const offerThemes = () => {
    const root = document.documentElement;
    const switches = document.querySelector(".themes");
    const apply = (theme) => { if (theme) root.dataset.theme = theme; else delete root.dataset.theme; };
    let kept = "";
    try { kept = localStorage.getItem("tokstat-theme") ?? ""; } catch { /* not kept, then */ }
    for (const input of switches.querySelectorAll("input")) {
      if (input.value === kept) { input.checked = true; apply(kept); }
      input.addEventListener("change", () => {
        apply(input.value);
        try { localStorage.setItem("tokstat-theme", input.value); } catch { /* not kept, then */ }
      });
    }
    switches.hidden = false;
  };

  // The list of contents stands open where it has a column of its own.
  const openContents = () => {
    const contents = document.querySelector("nav details");
    const wide = matchMedia("(min-width: 66rem)");
    const follow = () => { contents.open = wide.matches; };
    wide.addEventListener("change", follow);
    follow();
  };

  const open = (element) => {
    for (let each = element; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
    const own = element.querySelector(":scope > details");
    if (own) own.open = true;
  };

  // A link to a section or a finding opens it.
  const openTarget = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (target) { open(target); target.scrollIntoView(); }
  };

  const offerSearch = () => {
    const nav = document.querySelector("nav");
    const input = make("input", { type: "search", autocomplete: "off", spellcheck: false });
    const list = make("ul");
    const status = make("span", { role: "status" });
    const sections = [...document.querySelectorAll("main section[id]")].map((section) => ({
      section, title: section.querySelector("h2").textContent,
      text: [...section.querySelectorAll("h2, h3, .metrics th, .matrix tbody th, .token")].map((each) => each.textContent).join(" ").toLowerCase(),
    }));

    const item = (title, about, target, wanted) => {
      const link = make("a", { href: `#${target.id}` }, make("bdi", { textContent: title }), " ", make("small", { textContent: about }));
      link.addEventListener("click", () => { wanted?.(); open(target); });
      return make("li", {}, link);
    };

    const search = () => {
      const text = folded(input.value);
      if (!text.trim()) { list.replaceChildren(); status.textContent = ""; return; }
      const found = sections.filter((each) => each.text.includes(text))
        .map(({ title, section }) => item(title, "section", section));
      for (const { box, title, rows, only } of tables) {
        const count = rows.filter((row) => row.cells.some((cell) => folded(cell).includes(text))).length;
        if (count) found.push(item(title, `${count.toLocaleString("en")} ${count === 1 ? "row" : "rows"}`, box, () => only(input.value)));
      }
      list.replaceChildren(...found.slice(0, MOST_FOUND));
      status.textContent = !found.length ? "Nothing found" : found.length > MOST_FOUND
        ? `First ${MOST_FOUND} of ${found.length} places` : `${found.length} ${found.length === 1 ? "place" : "places"}`;
    };
    input.addEventListener("input", search);
    nav.prepend(make("div", { className: "finder" }, make("label", {}, "Search tokens and sections", input), status, list));
  };

  // Paper cannot be unfolded.
  const printEverything = () => {
    let folded = [];
    addEventListener("beforeprint", () => {
      folded = [...document.querySelectorAll("details:not([open])")];
      for (const each of folded) each.open = true;
    });
    addEventListener("afterprint", () => { for (const each of folded) each.open = false; });
  };

  // Escape closes the meaning of a term without moving the pointer or the focus.
  const closeTerms = () => {
    const terms = document.querySelectorAll(".term");
    addEventListener("keydown", (event) => {
      if (event.key === "Escape") for (const each of terms) each.classList.add("closed");
    });
    for (const each of terms) {
      for (const kind of ["pointerenter", "focus"]) each.addEventListener(kind, () => each.classList.remove("closed"));
    }
  };

  offerThemes();
  if (document.querySelector("nav details")) openContents();
  document.querySelectorAll(".table").forEach(enhance);
  if (document.querySelector("main .folded")) offerSearch();
  printEverything();
  closeTerms();
  openTarget();
  addEventListener("hashchange", openTarget);
  markScrollers();
  addEventListener("resize", markScrollers);
  document.addEventListener("toggle", markScrollers, true);
})();
