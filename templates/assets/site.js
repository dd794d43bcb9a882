// Conveniences only: every page is complete without this file.
(() => {
  "use strict";
  const own = document.currentScript && document.currentScript.getAttribute("src");
  const base = own ? own.replace(/\/assets\/.*$/, "") : "";
  const root = document.documentElement;

  // Light, dark, or the system's setting.
  const themes = ["auto", "light", "dark"];
  const stored = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const wear = (theme) => {
    if (theme === "auto") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", theme);
  };
  let theme = themes.includes(stored()) ? stored() : "auto";
  wear(theme);
  const button = document.querySelector(".theme");
  if (button) {
    const say = () => {
      button.title = `Theme: ${theme}`;
      button.setAttribute("aria-label", button.title);
    };
    button.addEventListener("click", () => {
      theme = themes[(themes.indexOf(theme) + 1) % themes.length];
      wear(theme);
      say();
      try { localStorage.setItem("theme", theme); } catch { /* private window */ }
    });
    say();
    button.hidden = false;
  }

  // A link to a folded part opens it.
  const unfold = () => {
    const part = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const fold = part && part.querySelector(":scope > .fold");
    if (fold) fold.open = true;
  };
  window.addEventListener("hashchange", unfold);
  unfold();

  // The search box: what it needs is loaded at the first letter.
  const find = document.querySelector(".find");
  if (find) {
    const input = find.querySelector("input");
    let started = null;
    const load = () => {
      started ||= import(find.dataset.search).then((search) => search.start(find)).catch(() => { started = null; }); // the form still leads to /search/
    };
    input.addEventListener("input", load);
    document.addEventListener("keydown", (event) => {
      const typing = /^(input|select|textarea)$/i.test(event.target.tagName) || event.target.isContentEditable;
      if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      input.focus();
      input.select();
    });
    if (document.querySelector("[data-hits]") && new URL(location.href).searchParams.get("q")) load();
  }

  // Sortable columns: rows without a figure stay last.
  const value = (cell) => {
    if (!cell) return null;
    const time = cell.querySelector("time");
    if (time) return time.dateTime;
    const text = cell.textContent.trim();
    if (text.startsWith("–")) return null;
    const figure = /^[^\d]*?([−-]?)\$?(\d[\d,]*\.?\d*)/.exec(text);
    if (cell.classList.contains("num") && figure) {
      return (figure[1] ? -1 : 1) * Number(figure[2].replaceAll(",", ""));
    }
    return text.toLowerCase();
  };
  const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true }));
  const sort = (table, column, down) => {
    const rows = [...table.tBodies[0].rows].map((row) => [value(row.cells[column]), row]);
    rows.sort(([a], [b]) => (a === null ? (b === null ? 0 : 1) : b === null ? -1 : down ? compare(b, a) : compare(a, b)));
    table.tBodies[0].append(...rows.map(([, row]) => row));
  };
  for (const table of document.querySelectorAll("table[data-sort]")) {
    if (table.tBodies[0].rows.length < 3) continue;
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      if (!head.textContent.trim() || head.textContent === "Links") return;
      const sorter = document.createElement("button");
      sorter.type = "button";
      sorter.className = "sorter";
      sorter.append(...head.childNodes);
      head.append(sorter);
      sorter.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        sort(table, column, down);
      });
    });
  }

  // A filter for the rows of long tables.
  for (const tools of document.querySelectorAll("[data-filters]").length ? [] : document.querySelectorAll("[data-tools]")) {
    const table = tools.parentElement.querySelector("table");
    const rows = table ? [...table.tBodies[0].rows] : [];
    if (rows.length < 9) continue;
    const words = rows.map((row) => row.textContent.toLowerCase());
    const input = document.createElement("input");
    input.type = "search";
    input.placeholder = "Filter rows";
    input.setAttribute("aria-label", `Filter: ${table.caption ? table.caption.textContent : "rows"}`);
    input.addEventListener("input", () => {
      const wanted = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      rows.forEach((row, n) => { row.hidden = !wanted.every((word) => words[n].includes(word)); });
    });
    tools.append(input);
  }

  // How long ago a price was confirmed, to the minute.
  const stamps = [...document.querySelectorAll("time[data-provider], tbody[data-provider] time")];
  const ago = (minutes) => {
    if (minutes < 1) return "just now";
    if (minutes < 60) return `${Math.floor(minutes)} min ago`;
    return minutes < 2880 ? `${Math.floor(minutes / 60)} h ago` : null;
  };
  if (stamps.length && window.fetch) {
    fetch(`${base}/freshness.json`).then((answer) => (answer.ok ? answer.json() : null)).then((known) => {
      if (!known) return;
      for (const stamp of stamps) {
        const at = known.providers[stamp.closest("[data-provider]").dataset.provider];
        if (!at || !at.startsWith(stamp.dateTime)) continue;
        stamp.title = at;
        const words = ago((Date.now() - Date.parse(at)) / 60000);
        if (words) stamp.textContent = words;
      }
    }).catch(() => {});
  }
})();
