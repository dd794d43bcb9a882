// Charts: the values under the pointer, the finger or the arrow keys, and the chart's data as CSV.
// All values are on the page already: in the paths of lines over time, and in the tables below the charts.
(() => {
  "use strict";
  const DAY = 86400000;
  // Dollars of so many decimals, given as a whole number of their units, as the page writes them: halves rounded up.
  const money = (units, places) => {
    const amount = units / 10 ** places;
    if (Math.abs(amount) < 0.1 && units) return `$${Number(amount.toPrecision(3))}`;
    return `$${(Math.round(units / 10 ** (places - 2)) / 100).toFixed(2)}`;
  };
  const said = (moment, hourly) => new Date(moment).toLocaleString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC", ...(hourly && moment % DAY ? { hour: "2-digit", minute: "2-digit" } : {}) });

  // A line's steps as [from, until, price], read from its path: M x y, then v and h.
  const stepsOf = (path, per, first) => {
    const steps = [];
    let x = 0;
    let y = 0;
    for (const [, letter, a, b] of path.getAttribute("d").matchAll(/([Mvh])(-?\d+)(?: (-?\d+))?/g)) {
      if (letter === "M") [x, y] = [Number(a), Number(b)];
      else if (letter === "v") y += Number(a);
      else {
        steps.push([first + x * per, first + (x + Number(a)) * per, -y]);
        x += Number(a);
      }
    }
    return steps;
  };

  // What can be read: the places in order, each with its words, and where it is.
  const overTime = (field) => {
    const { from, hours, places } = field.dataset;
    const first = Date.parse(from);
    const per = hours * 3600000;
    const whole = field.viewBox.baseVal.width;
    const lines = new Map();
    for (const path of [...field.querySelectorAll("[data-name]")].reverse()) {
      const known = lines.get(path.dataset.name) || [];
      lines.set(path.dataset.name, [...known, ...stepsOf(path, per, first)].sort((a, b) => a[0] - b[0]));
    }
    const events = [...field.ownerSVGElement.querySelectorAll("[data-said]")].map((mark) => [first + Number(mark.dataset.at) * per, mark.dataset.said]);
    const moments = [...new Set([...[...lines.values()].flat(), ...events].map(([since]) => since))].sort((a, b) => a - b);
    const at = (moment) => {
      const found = [...lines].map(([name, steps]) => [name, steps.findLast(([since, until]) => since <= moment && (moment < until || (since === until && moment - since < per)))]);
      const unknown = found.filter(([, step]) => !step).map(([name]) => name);
      return [...events.filter(([when]) => when === moment).map(([, words]) => words), ...found.filter(([, step]) => step).map(([name, step]) => `${name}: ${money(step[2], Number(places))}`), ...(unknown.length ? [`not known: ${unknown.join("; ")}`] : [])];
    };
    const box = () => field.getBoundingClientRect();
    const left = (moment) => box().left + ((moment - first) / per / whole) * box().width;
    return {
      count: moments.length,
      start: moments.length - 1,
      words: (n) => [said(moments[n], per < DAY), ...at(moments[n])],
      place: (n) => [left(moments[n]), box().top],
      nearest: (x) => {
        const moment = first + ((x - box().left) / box().width) * whole * per;
        const event = events.find(([when]) => Math.abs(left(when) - x) < 7);
        if (event) return moments.indexOf(event[0]);
        return Math.max(0, moments.findLastIndex((since) => since <= moment));
      },
      rows: () => [["Series", "From", "To", "US dollars"], ...[...lines].flatMap(([name, steps]) => steps.map(([since, until, price]) => [name, new Date(since).toISOString(), new Date(until).toISOString(), String(price / 10 ** Number(places))]))],
    };
  };
  const inTable = (svg, table) => {
    const marks = [...svg.querySelectorAll(".mark")];
    if (!table || !marks.length) return null;
    const [head, ...rows] = [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim()));
    const boxOf = (n) => (marks[n].querySelector("circle") || marks[n]).getBoundingClientRect();
    const middle = (n) => { const box = boxOf(n); return [box.left + box.width / 2, box.top + box.height / 2]; };
    // First how far a place is outside a mark, since marks are of any width; then, among those that have it, how far from the middle.
    const away = (n, x, y) => { const box = boxOf(n); return [Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom)), Math.hypot(middle(n)[0] - x, middle(n)[1] - y), n]; };
    return {
      count: Math.min(marks.length, rows.length),
      start: 0,
      words: (n) => [rows[n][0], ...rows[n].slice(1).map((cell, column) => `${head[column + 1]}: ${cell}`)],
      place: middle,
      nearest: (x, y) => marks.map((_, n) => away(n, x, y)).sort((a, b) => a[0] - b[0] || a[1] - b[1])[0][2],
      rows: () => [head, ...rows],
    };
  };

  // A cell that a spreadsheet would take for a formula is text.
  const cell = (text) => `"${(/^[=+@\t\r-]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text).replaceAll('"', '""')}"`;
  const download = (title, rows) => Object.assign(document.createElement("a"), {
    textContent: "Download as CSV",
    download: `${title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "")}.csv`,
    href: `data:text/csv;charset=utf-8,${encodeURIComponent(rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n")}`,
  });

  for (const figure of document.querySelectorAll(".figure")) {
    const plot = figure.querySelector(".plot");
    const svg = plot && plot.querySelector("svg");
    if (!svg) continue;
    const field = svg.querySelector("svg.steps");
    const chart = field ? overTime(field) : inTable(svg, figure.querySelector("table"));
    if (!chart || !chart.count) continue;
    const title = svg.getAttribute("aria-label");
    const more = figure.querySelector("details");
    if (more) {
      more.addEventListener("toggle", () => {
        const line = document.createElement("p");
        line.append(download(title, chart.rows()));
        more.append(line);
      }, { once: true });
    }

    const reading = Object.assign(document.createElement("output"), { className: "reading", hidden: true });
    const cursor = Object.assign(document.createElement("i"), { className: "cursor", hidden: true });
    plot.append(cursor, reading);
    plot.tabIndex = 0;
    plot.setAttribute("role", "group");
    plot.setAttribute("aria-label", `${title}: the arrow keys read its values`);
    let shown = -1;
    const hide = () => { reading.hidden = cursor.hidden = true; };
    const show = (n) => {
      shown = n;
      const [head, ...lines] = chart.words(n);
      reading.replaceChildren(Object.assign(document.createElement("b"), { textContent: head }), ...lines.map((line) => Object.assign(document.createElement("span"), { textContent: line })));
      reading.hidden = false;
      cursor.hidden = !field;
      const box = plot.getBoundingClientRect();
      const [x, y] = chart.place(n);
      cursor.style.left = `${x - box.left}px`;
      const left = x - box.left > box.width / 2 ? x - box.left - reading.offsetWidth - 10 : x - box.left + 10;
      reading.style.left = `${Math.max(0, Math.min(left, box.width - reading.offsetWidth - 2))}px`;
      reading.style.top = `${Math.max(0, y - box.top - (field ? 0 : reading.offsetHeight + 10))}px`;
    };
    plot.addEventListener("pointermove", (event) => show(chart.nearest(event.clientX, event.clientY)));
    plot.addEventListener("pointerdown", (event) => show(chart.nearest(event.clientX, event.clientY)));
    plot.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") hide(); });
    plot.addEventListener("focus", () => { if (plot.matches(":focus-visible")) show(shown < 0 ? chart.start : shown); });
    plot.addEventListener("blur", hide);
    plot.addEventListener("keydown", (event) => {
      const to = { ArrowRight: shown + 1, ArrowDown: shown + 1, ArrowLeft: shown - 1, ArrowUp: shown - 1, Home: 0, End: chart.count - 1 }[event.key];
      if (event.key === "Escape") hide();
      if (to === undefined) return;
      event.preventDefault();
      show(Math.max(0, Math.min(to, chart.count - 1)));
    });
  }
})();
