// Any GPUs, providers or offers side by side, from the JSON that the site publishes.  What is compared, and against
// which, is in the address: gpu=a,b  provider=c,d  offer=<provider>~<gpu>~<region>~<instance type>  base=<one of them>.
(() => {
  "use strict";
  const place = document.querySelector("[data-compare]");
  if (!place) return;
  const base = document.currentScript.getAttribute("src").replace(/\/assets\/.*$/, "");
  const MOST = 8;
  const NONE = { text: "not stated", amount: null };
  const PRICING = [["on_demand", "On demand"], ["spot", "Spot"], ["monthly", "Monthly"], ["reserved_1y", "1 year"], ["reserved_3y", "3 years"]];
  const KINDS = { specialized_neocloud: "GPU cloud", hyperscaler: "Hyperscaler", regional_cloud: "Cloud", marketplace: "Marketplace", depin: "Decentralised network", bare_metal: "Bare metal" };
  const TERMS = [["billing_step", "Billing step"], ["minimum_rental", "Minimum rental"], ["compute_stopped", "GPU while stopped"], ["storage_running", "Storage"], ["storage_stopped", "Storage while stopped"], ["egress", "Traffic out"], ["egress_included", "Traffic out included"], ["sla_uptime", "Uptime in the SLA"]];
  const el = (tag, traits = {}, ...inside) => {
    const made = Object.assign(document.createElement(tag), traits);
    made.append(...inside);
    return made;
  };
  const files = new Map();
  const read = (path) => {
    if (!files.has(path)) files.set(path, fetch(`${base}/api/v1/${path}.json`).then((answer) => { if (!answer.ok) throw new Error(path); return answer.json(); }));
    return files.get(path);
  };

  // What is chosen.
  const asked = new URLSearchParams(location.search);
  const listed = (key) => [...new Set((asked.get(key) || "").split(",").filter(Boolean))];
  const chosen = { gpu: listed("gpu"), provider: listed("provider"), offer: [...new Set(asked.getAll("offer"))].filter((id) => id.split("~").length >= 4) };
  let against = asked.get("base") || "";
  let gpus = new Map(), providers = new Map(), terms = new Map();
  const address = () => {
    const at = new URL(location.href);
    at.search = "";
    for (const key of ["gpu", "provider"]) if (chosen[key].length) at.searchParams.set(key, chosen[key].join(","));
    for (const id of chosen.offer) at.searchParams.append("offer", id);
    if (against) at.searchParams.set("base", against);
    at.search = at.search.replaceAll("%2C", ",").replaceAll("%7E", "~");
    history.replaceState(null, "", at);
  };

  // Cells.
  const grouped = (number) => number.toLocaleString("en", { maximumFractionDigits: 2 });
  const said = (text) => (text ? { text, amount: null } : NONE);
  const figure = (number, unit = "") => (number === null || number === undefined ? NONE : { text: grouped(number) + unit, amount: number });
  const money = (text, note = "") => {
    if (text === null || text === undefined) return NONE;
    const [whole, part] = text.split(".");
    return { text: `$${Number(whole).toLocaleString("en")}${part ? `.${part}` : ""}`, amount: Number(text), note };
  };
  const known = (slug) => (providers.get(slug) || {}).name || slug;

  // The columns and rows of each kind.
  const ofGpus = async () => {
    const all = await Promise.all(chosen.gpu.map((slug) => read(`gpu/${slug}`)));
    const market = (one, type) => one.market.find((line) => line.pricing_type === type) || {};
    const row = (label, cell, isMoney) => ({ label, cells: all.map(cell), isMoney });
    return {
      columns: all.map((one) => ({ id: one.gpu.slug, name: one.gpu.name, href: `/gpu/${one.gpu.slug}/` })),
      rows: [
        row("Lowest on demand", ({ gpu }) => money(gpu.floor, gpu.floor_provider ? `at ${known(gpu.floor_provider)}` : "")),
        row("Median on demand", ({ gpu }) => money(gpu.median)),
        row("Highest on demand", (one) => money(market(one, "on_demand").ceiling)),
        ...PRICING.slice(1).map(([type, name]) => row(`Lowest, ${name.toLowerCase()}`, (one) => money(market(one, type).floor))),
        row("Providers, ranked", ({ gpu }) => figure(gpu.providers_n)),
        row("Offers", ({ gpu }) => figure(gpu.offers_n)),
        row("Memory", ({ gpu }) => figure(gpu.vram_gb, " GB")),
        row("Memory type", ({ gpu }) => said(gpu.memory_type)),
        row("Memory bandwidth", ({ gpu }) => figure(gpu.memory_bandwidth_gbps, " GB/s")),
        row("FP16, dense", ({ gpu }) => figure(gpu.fp16_tflops, " TFLOPS")),
        row("FP8, dense", ({ gpu }) => figure(gpu.fp8_tflops, " TFLOPS")),
        row("Form factor", ({ gpu }) => said(gpu.form_factor)),
        row("Prices read until", (one) => said(one.as_of)),
      ],
    };
  };

  // The lowest price of some offers: of ranked ones, else of any, which is then said to be unranked.
  const lowest = (offers, type) => {
    const by = (a, b) => Number(a[type]) - Number(b[type]);
    const priced = offers.filter((one) => one[type] !== null).sort(by);
    const ranked = priced.find((one) => one.ranked_as.includes(type));
    const found = ranked || priced[0];
    if (!found) return NONE;
    const size = found.gpu_count ? `${found.gpu_count >= 1 ? found.gpu_count : found.gpu_count.toFixed(3)}× ${found.instance_type}` : found.instance_type;
    return money(found[type], `${size}${ranked ? "" : ", unranked"}, read ${found.confirmed_on}`);
  };
  const termRows = () => TERMS.map(([field, label]) => ({
    label,
    cells: chosen.provider.map((slug) => {
      const term = (terms.get(slug) || []).find((one) => one.field === field && !one.qualifier && one.counts);
      return term ? { text: term.text, amount: null, source: term.source, note: term.checked_on ? `read ${term.checked_on}` : "" } : NONE;
    }),
  }));
  const offersOf = async () => {
    if (chosen.gpu.length) {
      const all = await Promise.all(chosen.gpu.map((slug) => read(`gpu/${slug}`)));
      return all.flatMap((one) => one.offers);
    }
    return (await Promise.all(chosen.provider.map((slug) => read(`provider/${slug}`)))).flatMap((one) => one.offers);
  };
  const sharedGpus = (offers) => {
    const sellers = new Map();
    for (const one of offers) {
      if (one.on_demand !== null && gpus.has(one.gpu)) sellers.set(one.gpu, (sellers.get(one.gpu) || new Set()).add(one.provider));
    }
    const least = Math.min(2, chosen.provider.length);
    return [...gpus.keys()].filter((slug) => sellers.has(slug) && sellers.get(slug).size >= least);
  };
  const ofProviders = async () => {
    const offers = await offersOf();
    const types = chosen.gpu.length ? PRICING : PRICING.slice(0, 1);
    const prices = (chosen.gpu.length ? chosen.gpu : sharedGpus(offers)).flatMap((gpu) => types.map(([type, name]) => ({
      label: `${gpus.get(gpu).name}, ${name.toLowerCase()}`,
      cells: chosen.provider.map((slug) => lowest(offers.filter((one) => one.provider === slug && one.gpu === gpu), type)),
    })));
    const row = (label, cell) => ({ label, cells: chosen.provider.map((slug) => cell(providers.get(slug))) });
    return {
      columns: chosen.provider.map((slug) => ({ id: slug, name: known(slug), href: `/provider/${slug}/` })),
      rows: [
        ...prices.filter((line) => chosen.gpu.length === 1 || line.cells.some((cell) => cell !== NONE)),
        ...termRows(),
        row("Kind", (one) => said(KINDS[one.provider_type])),
        row("Headquarters", (one) => said(one.headquarters)),
        row("GPUs on offer", (one) => figure(one.gpus_n)),
        row("Offers", (one) => figure(one.offers_n)),
        row("Prices read until", (one) => said(one.confirmed_on)),
      ],
    };
  };
  const ofOffers = async () => {
    const ids = chosen.offer.map((id) => { const [provider, gpu, region, ...rest] = id.split("~"); return { id, provider, gpu, region, instance: rest.join("~") }; }).filter((one) => providers.has(one.provider));
    const all = await Promise.all(ids.map((one) => read(`provider/${one.provider}`)));
    const found = ids.map((wanted, n) => ({ ...wanted, offer: all[n].offers.find((one) => one.gpu === wanted.gpu && one.instance_type === wanted.instance && (one.region === (wanted.region || null) || one.regions.includes(wanted.region))) }));
    const row = (label, cell) => ({ label, cells: found.map(({ offer }) => (offer ? cell(offer) : { text: "no longer offered", amount: null })) });
    return {
      columns: found.map((one) => ({ id: one.id, name: `${known(one.provider)} ${one.instance}`, href: `/provider/${one.provider}/` })),
      rows: [
        row("GPU", (one) => said((gpus.get(one.gpu) || { name: one.gpu }).name)),
        row("GPUs", (one) => figure(one.gpu_count)),
        row("Region", (one) => said(one.regions.length ? one.regions.join(", ") : one.region)),
        ...PRICING.map(([type, name]) => row(`${name}, per GPU-hour`, (one) => money(one[type], one[type] !== null && !one.ranked_as.includes(type) ? "unranked" : ""))),
        row("On demand, machine-hour", (one) => money(one.price_per_hour)),
        row("Price of", (one) => said({ complete: "the whole machine", gpu_only: "the GPU alone", bundle: "a bundle" }[one.price_basis])),
        row("Availability", (one) => said(one.availability && one.availability.replaceAll("_", " "))),
        row("Runs on", (one) => said(one.upstream)),
        row("Read", (one) => ({ text: one.confirmed_on + (one.is_recorded ? ", recorded" : ""), amount: null, source: one.evidence })),
      ],
    };
  };

  // The picker.
  const options = el("datalist", { id: "compare-names" });
  const picker = el("input", { type: "text", autocomplete: "off" });
  picker.setAttribute("list", options.id);
  const status = el("output", { className: "found" });
  const baseline = el("select", {});
  const share = el("button", { type: "button" }, "Copy address");
  const csv = el("button", { type: "button" }, "CSV");
  csv.title = "Download what is shown";
  const clear = el("button", { type: "button" }, "Clear");
  const labelled = (text, control) => el("label", {}, el("span", {}, text), control);
  const form = el("form", { className: "sheet-form" }, el("div", { className: "fields" }, labelled("Add a GPU or a provider", picker), labelled("Differences against", baseline)), el("p", { className: "presets" }, el("button", { type: "submit" }, "Add"), share, csv, clear), options);
  form.setAttribute("aria-label", "What to compare");
  const result = el("div", { className: "compared" });
  place.append(form, el("p", { className: "result" }, status), result);

  const plain = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();
  const find = (text) => {
    const words = plain(text).split(" ").filter(Boolean);
    if (!words.length) return null;
    const all = [...[...gpus.values()].map((one) => ["gpu", one, one.providers_n]), ...[...providers.values()].map((one) => ["provider", one, one.gpus_n])];
    const exact = all.find(([, one]) => one.name === text || one.slug === text.trim().toLowerCase() || plain(one.name) === words.join(" "));
    const within = all.filter(([, one]) => { const name = plain(`${one.name} ${one.slug}`); return words.every((word) => name.includes(word)); });
    return exact || within.sort((a, b) => b[2] - a[2])[0] || null;
  };
  const add = async (text) => {
    await ready;
    const found = find(text);
    if (!found) { status.textContent = `No GPU or provider is called “${text}”.`; return; }
    const [of, one] = found;
    if (chosen[of].length >= MOST) { status.textContent = `At most ${MOST} can be compared.`; return; }
    if (!chosen[of].includes(one.slug)) chosen[of].push(one.slug);
    picker.value = "";
    show(`${one.name} was added. `);
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); add(picker.value); });
  picker.addEventListener("input", async () => {
    await ready;
    if ([...options.options].some((option) => option.value === picker.value)) add(picker.value);
  });
  const drop = (id) => {
    for (const key of Object.keys(chosen)) chosen[key] = chosen[key].filter((one) => one !== id);
    if (against === id) against = "";
    picker.focus();
    show();
  };
  clear.addEventListener("click", () => { for (const key of Object.keys(chosen)) chosen[key] = []; against = ""; picker.focus(); show(); });
  baseline.addEventListener("change", () => { against = baseline.value; show(); });
  share.addEventListener("click", async () => {
    try { await navigator.clipboard.writeText(location.href); share.textContent = "Address copied"; } catch { share.textContent = "Copy it from the address bar"; }
  });

  // The table.
  const apart = (cell, from) => {
    if (!from || cell === from || cell.amount === null || !from.amount) return "";
    const percent = Math.round((cell.amount / from.amount - 1) * 100);
    return percent === 0 ? "the same" : `${percent > 0 ? "+" : "−"}${Math.abs(percent)}%`;
  };
  const asCell = (cell, from) => {
    const td = el("td", {}, el("span", { className: cell === NONE ? "quiet" : cell.amount === null ? "" : "main" }, cell.text));
    const difference = apart(cell, from);
    if (difference) td.append(" ", el("span", { className: "apart" }, difference));
    if (cell.source) td.append(" ", el("a", { className: "sub", href: cell.source, rel: "nofollow noopener" }, new URL(cell.source).host));
    if (cell.note) td.append(" ", el("span", { className: "sub" }, cell.note));
    return td;
  };
  const head = (column) => {
    const remove = el("button", { type: "button", className: "drop" }, "×");
    remove.setAttribute("aria-label", `Remove ${column.name}`);
    remove.addEventListener("click", () => drop(column.id));
    return Object.assign(el("th", {}, el("a", { href: base + column.href }, column.name), " ", remove), { scope: "col" });
  };
  const tableOf = ({ columns, rows }) => {
    const at = columns.findIndex((column) => column.id === against);
    const lines = rows.map((row) => el("tr", {}, Object.assign(el("th", {}, row.label), { scope: "row" }), ...row.cells.map((cell) => asCell(cell, at < 0 ? null : row.cells[at]))));
    const first = Object.assign(el("th", {}, el("span", { className: "vh" }, "Property")), { scope: "col" });
    const table = el("table", { className: "side-by-side" }, el("caption", { className: "vh" }, `Side by side: ${columns.map((column) => column.name).join(", ")}`), el("thead", {}, el("tr", {}, first, ...columns.map(head))), el("tbody", {}, ...lines));
    const scroll = el("div", { className: "scroll", tabIndex: 0 }, table);
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", "Side by side: table");
    return scroll;
  };
  csv.addEventListener("click", () => {
    const quoted = (cell) => {
      const text = [...cell.childNodes].filter((node) => node.nodeName !== "BUTTON").map((node) => node.textContent).join("").replace(/\s+/g, " ").trim();
      return `"${(/^[=+\-@\t]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
    };
    const rows = [...result.querySelectorAll("tr")].map((row) => [...row.cells].map(quoted).join(","));
    const link = el("a", { href: URL.createObjectURL(new Blob([`${rows.join("\r\n")}\r\n`], { type: "text/csv" })), download: "comparison.csv" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });

  // Where exactly two are compared that have a page of their own, that page is the one to list.
  const canonical = document.querySelector("link[rel=canonical]");
  const listedAs = canonical.href;
  const pairPage = async () => {
    const kinds = ["gpu", "provider", "offer"].filter((kind) => chosen[kind].length);
    const [one, other, ...more] = kinds.length === 1 && kinds[0] !== "offer" ? chosen[kinds[0]] : [];
    if (!other || more.length) return null;
    const pair = [one, other].sort();
    const pairs = (await read("comparisons"))[`${kinds[0]}s`];
    return pairs.some((known) => known[0] === pair[0] && known[1] === pair[1]) ? `compare/${pair.join("-vs-")}/` : null;
  };

  let shows = 0;
  const show = async (before = "") => {
    const own = ++shows;
    chosen.gpu = chosen.gpu.filter((slug) => gpus.has(slug)).slice(0, MOST);
    chosen.provider = chosen.provider.filter((slug) => providers.has(slug)).slice(0, MOST);
    chosen.offer = chosen.offer.slice(0, MOST);
    address();
    const parts = [];
    if (chosen.offer.length) parts.push(ofOffers);
    if (chosen.provider.length) parts.push(ofProviders);
    else if (chosen.gpu.length) parts.push(ofGpus);
    const n = parts.length;
    csv.disabled = share.disabled = clear.disabled = !n;
    if (!n) {
      baseline.replaceChildren(el("option", { value: "" }, "none"));
      result.replaceChildren();
      canonical.href = listedAs;
      status.textContent = "Nothing is chosen yet: type a name, or a part of one.";
      return;
    }
    const tables = await Promise.all(parts.map((part) => part()));
    const columns = tables.flatMap((table) => table.columns);
    const page = await pairPage();
    if (own !== shows) return; // something else was chosen meanwhile
    if (!columns.some((column) => column.id === against)) against = "";
    baseline.replaceChildren(el("option", { value: "" }, "none"), ...columns.map((column) => el("option", { value: column.id, selected: column.id === against }, column.name)));
    canonical.href = page ? listedAs.replace("compare/any/", page) : listedAs;
    const pair = page ? [el("p", { className: "more" }, el("a", { href: `${base}/${page}` }, `${columns.map((column) => column.name).join(" vs ")}: who has both, and for how much`))] : [];
    const note = el("p", { className: "note" }, "US dollars before tax, per GPU and hour where nothing else is said. “Not stated” is not zero.");
    result.replaceChildren(...pair, note, ...tables.map(tableOf));
    const counted = (number, word) => (number ? [`${number} ${word}${number === 1 ? "" : "s"}`] : []);
    status.textContent = `${before}${[...counted(chosen.gpu.length, "GPU"), ...counted(chosen.provider.length, "provider"), ...counted(chosen.offer.length, "offer")].join(", ")}.`;
    address();
  };
  const start = async () => {
    const [some, sellers, stated] = await Promise.all([read("gpus"), read("providers"), read("terms")]);
    gpus = new Map(some.gpus.map((one) => [one.slug, one]));
    providers = new Map(sellers.providers.map((one) => [one.slug, one]));
    terms = new Map(stated.providers.map((one) => [one.provider, one.terms]));
    options.append(...[...gpus.values(), ...providers.values()].map((one) => el("option", { value: one.name })));
    await show();
  };
  const ready = start().catch(() => { status.textContent = "The prices could not be loaded; the pages below have them."; });
})();
