// Filters for tables of offers, GPUs and providers: what rows state of themselves (data-t) against what is asked.
// Unknown never matches "yes", and is counted beside the result.  All choices are in the address.
(() => {
  "use strict";
  const place = document.querySelector("[data-filters]");
  const tables = [...document.querySelectorAll("table[data-offers], table[data-rows]")];
  if (!place || !tables.length) return;
  const base = (document.currentScript.getAttribute("src") || "").replace(/\/assets\/.*$/, "");
  const HOURS = { hour: 1, month: 730 };
  const CURRENCIES = ["USD", "EUR", "GBP", "CHF", "JPY", "INR", "CAD", "AUD"];
  const countries = new Intl.DisplayNames(["en"], { type: "region" });
  const el = (tag, traits = {}, ...inside) => {
    const made = Object.assign(document.createElement(tag), traits);
    made.append(...inside);
    return made;
  };

  // What the rows state.
  const words = (text) => {
    const said = {};
    for (const word of (text || "").split(" ").filter(Boolean)) {
      const [name, value] = word.split("=");
      (said[name] ||= []).push(value);
    }
    return said;
  };
  const isOffers = "offers" in tables[0].dataset;
  const figure = (text) => { const found = /-?[\d,]*\.?\d+/.exec(text || ""); return found ? Number(found[0].replaceAll(",", "")) : null; };
  const read = (row, section) => {
    const said = words(row.dataset.t);
    const main = [...row.querySelectorAll("td.main")];
    const prices = isOffers ? main : [...main, ...[...row.cells].filter((cell) => !main.includes(cell) && /^[$][\d.,]+$/.test(cell.textContent.trim()))];
    const stated = prices.map((cell) => figure(cell.textContent));
    const exact = said.p ? Number(said.p[0]) : null;
    const gpu = [...row.querySelectorAll("th a[href*='/gpu/']")].map((link) => link.textContent.trim().replaceAll(" ", "-"));
    return { row, said, gpu, section, prices, amounts: stated.map((amount, n) => (n === 0 && exact !== null ? exact : amount)) };
  };
  const sections = tables.map((table) => {
    const part = table.closest("section");
    const groups = isOffers
      ? [...table.tBodies].map((body, n) => ({ body, n, lines: [...body.rows].map((row) => read(row, part)), toggle: body.querySelector("details") }))
      : [...table.tBodies[0].rows].map((row, n) => ({ body: row, n, lines: [read(row, part)], toggle: null }));
    return { part, table, groups, title: part.querySelector("h2").textContent.trim(), heads: [...table.tHead.rows[0].cells] };
  });
  const lines = sections.flatMap((section) => section.groups.flatMap((group) => group.lines));

  // What can be asked.  `of` gives what a line states, [] for nothing; `fits` whether that is what is wanted.
  const one = (name) => (line) => line.said[name] || [];
  const same = (stated, wanted) => stated.includes(wanted);
  const atLeast = (stated, wanted) => Number(stated[0]) >= Number(wanted);
  const YES_NO = [["yes", "yes"], ["no", "no"], ["unknown", "not stated"]];
  const placeName = (code) => (/^[A-Z]{2}$/.test(code) ? countries.of(code) : code.replaceAll("-", " "));
  const values = (name) => [...new Set(lines.flatMap(one(name)))];
  const numbers = (name) => values(name).map(Number).sort((a, b) => a - b);
  const places = () => {
    const found = values("at").map((code) => [code, placeName(code)]);
    const byName = (a, b) => a[1].localeCompare(b[1]);
    const isCountry = ([code]) => /^[A-Z]{2}$/.test(code);
    return [...found.filter((one) => !isCountry(one)).sort(byName), ...found.filter(isCountry).sort(byName), ["unknown", "not stated"]];
  };
  const named = (name) => values(name).map((value) => [value, value.replaceAll("-", " ")]).sort((a, b) => a[1].localeCompare(b[1], "en", { numeric: true }));
  const upTo = (stated, wanted) => Number(stated[0]) <= Number(wanted);
  const FACETS = [
    { key: "gpu", label: "GPU", of: (line) => line.gpu, fits: same, options: () => [...new Set(lines.flatMap((line) => line.gpu))].map((name) => [name, name.replaceAll("-", " ")]) },
    { key: "gpus", label: "GPUs", of: one("n"), fits: same, options: () => [...numbers("n").map((n) => [String(n), `${n}×`]), ["unknown", "not stated"]] },
    { key: "in", label: "Where", of: one("at"), fits: same, options: places },
    { key: "stock", label: "In stock", of: one("stock"), fits: same, options: () => YES_NO },
    { key: "nvlink", label: "NVLink", of: (line) => one("nvlink")(line).map((value) => (value === "board" ? "yes" : value)), fits: same, options: () => YES_NO },
    { key: "infiniband", label: "InfiniBand", of: one("infiniband"), fits: same, options: () => YES_NO },
    { key: "tier", label: "Host", of: one("tier"), fits: same, options: () => [["secure", "secure"], ["community", "community"], ["unknown", "not stated"]], ifStated: "tier" },
    { key: "vram", label: "Memory", of: one("vram"), fits: atLeast, options: () => numbers("vram").map((n) => [String(n), `${n} GB or more`]), ifStated: "vram" },
    { key: "cpu", label: "vCPU", of: one("cpu"), fits: atLeast, options: () => [4, 8, 16, 32, 64, 128].map((n) => [String(n), `${n} or more`]), ifStated: "cpu" },
    { key: "ram", label: "RAM", of: one("ram"), fits: atLeast, options: () => [32, 64, 128, 256, 512, 1024].map((n) => [String(n), `${n} GB or more`]), ifStated: "ram" },
    { key: "basis", label: "Price covers", of: (line) => line.said.basis || ["complete"], fits: same, options: () => [["complete", "the whole machine"], ["gpu_only", "the GPU alone"], ["bundle", "a bundle"]], ifStated: "basis" },
    { key: "maker", label: "Maker", of: one("maker"), fits: same, options: () => named("maker"), ifStated: "maker" },
    { key: "form", label: "Form factor", of: one("form"), fits: same, options: () => [...named("form"), ["unknown", "not stated"]], ifStated: "form" },
    { key: "fp8", label: "FP8", of: one("fp8"), fits: same, options: () => [["yes", "yes"], ["unknown", "not stated"]], ifStated: "fp8" },
    { key: "spot", label: "Spot", of: one("spot"), fits: same, options: () => [["yes", "yes"], ["unknown", "none listed"]], ifStated: "spot" },
    { key: "reserved", label: "Reserved", of: one("reserved"), fits: same, options: () => [["yes", "yes"], ["unknown", "none listed"]], ifStated: "reserved" },
    { key: "step", label: "Billed", of: one("step"), fits: same, options: () => [...named("step"), ["unknown", "not stated"]], ifStated: "step" },
    { key: "home", label: "Headquarters", of: one("home"), fits: same, options: () => [...named("home"), ["unknown", "not stated"]], ifStated: "home" },
    { key: "max", label: "Price", of: (line) => (line.amounts[0] === null || line.amounts[0] === undefined ? [] : [String(line.amounts[0])]), fits: upTo, options: () => [0.5, 1, 2, 3, 5, 10].map((n) => [String(n), `up to $${n}`]) },
  ].filter((facet) => facet.key !== "gpu" || (isOffers && new Set(lines.flatMap((line) => line.gpu)).size > 1)).filter((facet) => isOffers || facet.ifStated || facet.key === "max" || values(facet.key).length).filter((facet) => !facet.ifStated || new Set(values(facet.ifStated)).size > 1 || (!["vram", "maker"].includes(facet.ifStated) && values(facet.ifStated).length));
  const MOST = 5; // in the bar; the others are behind a button
  const inBar = FACETS.length > MOST + 1 ? FACETS.slice(0, FACETS[0].key === "gpu" || !isOffers ? MOST : MOST - 1) : FACETS;
  const behind = FACETS.slice(inBar.length);
  const PRICING = sections.map((section) => [section.part.id, section.title]);

  // The bar.
  const chosen = new Map();
  const controls = new Map();
  const select = (key, label, options, any) => {
    const made = el("select", { name: key });
    made.setAttribute("aria-label", label);
    if (any !== null) made.append(el("option", { value: "" }, any ? `${label}: ${any}` : label));
    for (const [value, name] of options) made.append(el("option", { value }, any === null ? name : `${label}: ${name}`));
    made.addEventListener("change", () => { choose(key, made.value); });
    controls.set(key, made);
    return made;
  };
  const status = el("output", { className: "found" });
  const clear = el("button", { type: "button", className: "plain", hidden: true }, "Clear filters");
  const bar = el("form", { className: "bar" });
  bar.setAttribute("role", "search");
  bar.setAttribute("aria-label", "Filter the tables");
  bar.addEventListener("submit", (event) => event.preventDefault());
  const main = el("div", { className: "controls" });
  const sheet = (name, ...inside) => {
    const panel = el("div", { id: `filters-${name.toLowerCase().replaceAll(" ", "-")}`, className: "sheet" }, el("h2", {}, name), ...inside);
    panel.setAttribute("popover", "");
    const button = el("button", { type: "button" }, name);
    button.setAttribute("popovertarget", panel.id);
    main.append(button);
    bar.append(panel);
    return button;
  };
  const asFacet = (facet) => select(facet.key, facet.label, facet.options(), "");
  if (PRICING.length > 1) main.append(select("pricing", isOffers ? "Pricing" : "Group", PRICING, "all"));
  for (const facet of inBar) main.append(asFacet(facet));
  const more = behind.length ? sheet("More filters", ...behind.map(asFacet)) : el("span");
  sheet(
    "Units",
    ...(isOffers ? [select("per", "Price per", [["gpu", "per GPU"], ["machine", "per machine"]], null)] : []),
    select("time", "Price for", [["hour", "an hour"], ["month", "730 hours"]], null),
    select("currency", "Currency", CURRENCIES.map((code) => [code, code]), null),
  );
  const menu = el("div", {});
  sheet("Columns", menu);
  const csv = el("button", { type: "button" }, "CSV");
  csv.title = "Download what is shown";
  main.append(csv);
  const result = el("p", { className: "result", hidden: true }, status, " ", clear);
  const ask = el("summary", {}, "Filter");
  const asks = el("details", { className: "asks" }, ask, main); // always open on a wide screen
  const wide = matchMedia("(min-width: 62rem)");
  const fit = () => { asks.open = wide.matches; };
  wide.addEventListener("change", fit);
  fit();
  bar.prepend(asks, result);
  place.append(bar);

  const names = [...new Set(sections.flatMap((section) => section.heads.slice(1, isOffers ? -1 : undefined).map((head) => head.textContent.trim())))].filter((name) => !["From", "On demand", "Spot", "1 year", "3 years", "Monthly"].includes(name));
  for (const name of names) {
    const box = el("input", { type: "checkbox", checked: true, value: name });
    box.addEventListener("change", () => {
      const hidden = [...menu.querySelectorAll("input:not(:checked)")].map((other) => other.value);
      choose("hide", hidden.join(","));
    });
    menu.append(el("label", {}, box, ` ${name}`));
  }

  // Matching.
  const wanted = () => FACETS.filter((facet) => chosen.get(facet.key));
  const verdict = (facet, line) => {
    const stated = facet.of(line), asked = chosen.get(facet.key);
    if (asked === "unknown") return stated.length ? "no" : "yes";
    if (!stated.length) return "unknown";
    return facet.fits(stated, asked) ? "yes" : "no";
  };
  const matches = (line, facets) => facets.every((facet) => verdict(facet, line) === "yes");
  const isShown = (section) => !chosen.get("pricing") || section.part.id === chosen.get("pricing");
  const rank = (line) => [line.said.rank ? 1 : 0, Math.min(...line.amounts.filter((amount) => amount !== null))];
  const byRank = (a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1] || a.group.n - b.group.n;

  const showGroup = (group, facets) => {
    const fitting = group.lines.filter((line) => matches(line, facets));
    group.body.hidden = !fitting.length;
    group.lines.forEach((line) => {
      line.row.hidden = !fitting.includes(line);
      line.row.classList.toggle("lead", line === fitting[0] && line !== group.lines[0]);
    });
    if (fitting.length && group.toggle) {
      fitting[0].row.querySelector(".out").append(group.toggle);
      group.toggle.firstElementChild.textContent = fitting.length > 1 ? `${fitting.length - 1} more` : "Details";
      group.toggle.classList.toggle("solo", fitting.length < 2);
    }
    return fitting;
  };
  const showSection = (section, facets) => {
    section.part.hidden = !isShown(section);
    const found = section.groups.map((group) => ({ group, lines: showGroup(group, facets) }));
    if (isOffers && (facets.length || section.isSorted)) {
      const order = found.map(({ group, lines: fitting }) => ({ group, rank: rank(fitting[0] || group.lines[0]) }));
      (facets.length ? order.sort(byRank) : order.sort((a, b) => a.group.n - b.group.n)).forEach(({ group }) => section.table.append(group.body));
      section.isSorted = facets.length > 0;
    }
    const fold = section.part.querySelector(":scope > .fold");
    if (fold && facets.length) fold.open = found.some(({ lines: fitting }) => fitting.length);
    section.part.classList.toggle("filtered", facets.length > 0);
    return found.flatMap(({ lines: fitting }) => fitting);
  };

  // The result in words, and what is nearest where nothing matches.
  const shownSections = () => sections.filter(isShown);
  const firstPart = (found) => (isOffers ? found.filter((line) => line.section === found[0].section) : found);
  const cheapest = (found) => firstPart(found).filter((line) => line.amounts[0] !== null && !line.said.rank).sort((a, b) => a.amounts[0] - b.amounts[0])[0];
  const from = (found) => {
    const best = cheapest(found);
    if (!isOffers) return best ? `, from ${best.prices[0].textContent.trim()} (${best.row.querySelector("th").textContent.trim()})` : "";
    return best ? `, ${best.section.querySelector("h2").textContent.trim().toLowerCase()} from ${best.prices[0].textContent.trim()} at ${best.row.querySelector("th").textContent.trim()}` : "";
  };
  const noun = isOffers ? "offer" : tables[0].dataset.rows;
  const counted = (n, word) => `${n.toLocaleString("en")} ${word}${n === 1 ? "" : "s"}`;
  const unknowns = (facets) => {
    const all = shownSections().flatMap((section) => section.groups.flatMap((group) => group.lines));
    return facets.map((facet) => {
      const others = facets.filter((other) => other !== facet);
      const left = all.filter((line) => verdict(facet, line) === "unknown" && matches(line, others)).length;
      return left ? `${facet.label.toLowerCase().replace("nvlink", "NVLink").replace("infiniband", "InfiniBand").replace("gpus", "number of GPUs")} ${left}` : "";
    }).filter(Boolean);
  };
  const nearest = (facets) => {
    const all = shownSections().flatMap((section) => section.groups.flatMap((group) => group.lines));
    return facets
      .map((facet) => ({ facet, found: all.filter((line) => matches(line, facets.filter((other) => other !== facet))) }))
      .filter(({ found }) => found.length)
      .sort((a, b) => b.found.length - a.found.length)[0];
  };
  const tell = (found, facets) => {
    clear.hidden = !facets.length && !chosen.get("pricing");
    result.hidden = clear.hidden && !note.textContent;
    const inMore = behind.filter((facet) => chosen.get(facet.key)).length;
    more.textContent = inMore ? `More filters (${inMore})` : "More filters";
    if (!facets.length) { status.textContent = ""; return; }
    const left = unknowns(facets), cut = shownSections().reduce((sum, { table }) => sum + Number(table.dataset.offers || 0), 0);
    const beside = (left.length ? ` Left out because not stated: ${left.join(", ")}.` : "") + (cut ? ` ${counted(cut, "more expensive row")} ${cut === 1 ? "is" : "are"} not on this page.` : "");
    const boards = chosen.get("nvlink") === "yes" ? found.filter((line) => (line.said.nvlink || [])[0] === "board").length : 0;
    const by = boards ? ` NVLink of ${boards} follows from the board’s specification.` : "";
    if (found.length) { status.textContent = `${counted(found.length, noun)} match${found.length === 1 ? "es" : ""}${from(found)}.${by}${beside}`; return; }
    const near = nearest(facets);
    status.textContent = near ? `No ${noun} matches.${beside} Nearest: without “${near.facet.label}”, ${counted(near.found.length, noun)}${from(near.found)}. ` : `No ${noun} matches.${beside} `;
    if (near) {
      const relax = el("button", { type: "button", className: "plain" }, `Remove “${near.facet.label}”`);
      relax.addEventListener("click", () => { choose(near.facet.key, ""); goTo(controls.get(near.facet.key)); });
      status.append(relax);
    }
  };

  // Prices in other units: from the price as stored, rounded once.
  let rates = null;
  const money = (amount, code) => {
    const digits = amount >= 1000 ? 0 : amount < 0.1 ? 4 : 2;
    return new Intl.NumberFormat("en", { style: "currency", currency: code, minimumFractionDigits: digits, maximumFractionDigits: digits }).format(amount);
  };
  const original = new Map(lines.flatMap((line) => line.prices.map((cell) => [cell, [...cell.childNodes].map((node) => node.cloneNode(true))])));
  const reprice = () => {
    const per = chosen.get("per") || "gpu", time = chosen.get("time") || "hour", code = chosen.get("currency") || "USD";
    const isAsRead = per === "gpu" && time === "hour" && code === "USD";
    const rate = code === "USD" ? 1 : rates && rates.rates[code];
    for (const line of lines) {
      const n = per === "machine" ? Number((line.said.n || [])[0]) : 1;
      line.prices.forEach((cell, at) => {
        const amount = line.amounts[at];
        if (isAsRead || amount === null || !rate) cell.replaceChildren(...original.get(cell).map((node) => node.cloneNode(true)));
        else if (n) cell.textContent = money(amount * n * HOURS[time] * rate, code);
        else cell.textContent = `${money(amount * HOURS[time] * rate, code)} per GPU`;
      });
    }
    const unit = isAsRead ? "" : `${per === "gpu" ? "per GPU" : "per machine"}, ${time === "hour" ? "an hour" : "730 hours"}${code === "USD" ? "" : rate ? `, at the ECB's rate of ${rates.day}` : `; no rate for ${code}`}`;
    place.dataset.unit = unit;
    note.textContent = unit && `Prices ${unit}.`;
  };
  const note = el("span", { className: "sub" });
  result.append(" ", note);
  const withRates = async (code) => {
    if (code === "USD" || rates) return;
    try {
      const answer = await fetch(`${base}/rates.json`);
      if (answer.ok) rates = await answer.json();
    } catch { /* the note says that there is no rate */ }
  };

  const hideColumns = () => {
    const hidden = new Set((chosen.get("hide") || "").split(",").filter(Boolean));
    for (const box of menu.querySelectorAll("input")) box.checked = !hidden.has(box.value);
    for (const { heads, groups } of sections) {
      heads.forEach((head, at) => {
        const off = hidden.has(head.textContent.trim());
        head.hidden = off;
        groups.forEach((group) => group.lines.forEach(({ row }) => { row.cells[at].hidden = off; }));
      });
    }
  };

  // All choices are in the address.
  const KEYS = ["pricing", ...FACETS.map((facet) => facet.key), "per", "time", "currency", "hide"];
  const address = () => {
    const at = new URL(location.href);
    for (const key of KEYS) {
      if (chosen.get(key)) at.searchParams.set(key, chosen.get(key));
      else at.searchParams.delete(key);
    }
    history.replaceState(null, "", at);
  };
  const show = async () => {
    await withRates(chosen.get("currency") || "USD");
    hideColumns();
    reprice();
    const facets = wanted();
    tell(sections.flatMap((section) => (isShown(section) ? showSection(section, facets) : (showSection(section, facets), []))), facets);
  };
  const choose = (key, value) => {
    const plain = { per: "gpu", time: "hour", currency: "USD" };
    if (value && value !== plain[key]) chosen.set(key, value); else chosen.delete(key);
    const control = controls.get(key);
    if (control && control.value !== value) control.value = value;
    mark();
    address();
    show();
  };
  const mark = () => {
    controls.forEach((control, key) => control.classList.toggle("set", chosen.has(key)));
    ask.classList.toggle("set", chosen.size > 0);
    ask.textContent = chosen.size ? `Filter (${chosen.size} set)` : "Filter";
  };
  const goTo = (control) => (asks.open ? control : ask).focus();
  clear.addEventListener("click", () => {
    for (const key of ["pricing", ...FACETS.map((facet) => facet.key)]) { chosen.delete(key); const control = controls.get(key); if (control) control.value = ""; }
    mark();
    address();
    show();
    goTo(main.querySelector("select"));
  });

  // Exactly what is shown, as a file that no spreadsheet runs.
  const cellText = (cell) => {
    const aside = cell.querySelector("a.sub");
    const text = (cell.dataset.csv || cell.textContent.replace(aside ? aside.textContent : "", "")).replace(/\s+/g, " ").trim();
    return `"${(/^[=+\-@\t]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  };
  csv.addEventListener("click", () => {
    const rows = [];
    for (const section of shownSections()) {
      const kept = section.heads.map((head, at) => at).filter((at) => !section.heads[at].hidden && at < section.heads.length - (isOffers ? 1 : 0));
      rows.push(["Pricing", ...kept.map((at) => section.heads[at])].map((cell) => (typeof cell === "string" ? `"${cell}"` : cellText(cell))));
      for (const body of section.table.tBodies) {
        for (const row of body.hidden ? [] : body.rows) if (!row.hidden) rows.push([`"${section.title}"`, ...kept.map((at) => cellText(row.cells[at]))]);
      }
    }
    if (place.dataset.unit) rows.push([`"Prices ${place.dataset.unit}"`]);
    const file = new Blob([rows.map((row) => row.join(",")).join("\r\n") + "\r\n"], { type: "text/csv" });
    const link = el("a", { href: URL.createObjectURL(file), download: `${location.pathname.replace(/^\/|\/$/g, "").replaceAll("/", "-") || "offers"}.csv` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });

  // Columns sort the providers by their first line.
  const sortable = (section, head, at) => {
    const value = (group) => {
      const line = group.lines.find(({ row }) => !row.hidden) || group.lines[0], cell = line.row.cells[at];
      const text = cell.textContent.trim();
      const time = cell.querySelector("time");
      if (time) return time.dateTime;
      const amount = line.prices.indexOf(cell);
      if (amount >= 0) return line.amounts[amount];
      return cell.classList.contains("num") ? figure(text) : text.toLowerCase() || null;
    };
    const button = el("button", { type: "button", className: "sorter" }, ...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      section.heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const sorted = section.groups.map((group) => [value(group), group]);
      sorted.sort(([a], [b]) => (a === null ? (b === null ? 0 : 1) : b === null ? -1 : (typeof a === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true })) * (down ? -1 : 1)));
      section.table.append(...sorted.map(([, group]) => group.body));
      section.isSorted = true;
    });
  };
  for (const section of isOffers ? sections : []) if (section.groups.length > 2) section.heads.slice(0, -1).forEach((head, at) => { if (!head.classList.contains("on")) sortable(section, head, at); });

  const asked = new URL(location.href).searchParams;
  for (const key of KEYS) {
    const value = asked.get(key);
    if (!value) continue;
    const control = controls.get(key);
    if (!control || [...control.options].some((option) => option.value === value)) { chosen.set(key, value); if (control) control.value = value; }
  }
  mark();
  show();
})();
