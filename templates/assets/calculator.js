// The calculator: what a rental costs at each provider, from the prices and terms that the site publishes as JSON.
// All that is chosen is in the address.  The arithmetic is in rental.js.
(() => {
  "use strict";
  const place = document.querySelector("[data-calculator]");
  if (!place) return;
  const base = document.currentScript.getAttribute("src").replace(/\/assets\/.*$/, "");
  const el = (tag, traits = {}, ...inside) => {
    const made = Object.assign(document.createElement(tag), traits);
    made.append(...inside);
    return made;
  };
  const read = async (path) => {
    const answer = await fetch(`${base}/api/v1/${path}.json`);
    if (!answer.ok) throw new Error(path);
    return answer.json();
  };

  // What is asked, and how much of it makes sense.
  const FIELDS = [
    { key: "gpus", label: "GPUs", start: 1, least: 1, most: 10000 },
    { key: "hours", label: "Hours running", start: 730, least: 1, most: 100000 },
    { key: "stopped", label: "Hours stopped", start: 0, least: 0, most: 100000 },
    { key: "storage", label: "Storage, GB", start: 500, least: 0, most: 10000000 },
    { key: "egress", label: "Traffic out, GB", start: 1000, least: 0, most: 100000000 },
  ];
  const PERIODS = [["8 hours", 8], ["A week", 168], ["A month (730 hours)", 730]];
  const asked = new URLSearchParams(location.search);
  const within = (field, text) => {
    const number = Number(text);
    return text !== null && text.trim() !== "" && Number.isInteger(number) && number >= field.least && number <= field.most ? number : null;
  };
  const rental = Object.fromEntries(FIELDS.map((field) => [field.key, within(field, asked.get(field.key)) ?? field.start]));
  let wanted = new Set((asked.get("provider") || "").split(",").filter(Boolean));
  let gpu = asked.get("gpu") || place.dataset.calculator;

  // The form.
  const select = el("select", { name: "gpu" });
  const inputs = new Map(FIELDS.map((field) => [field.key, el("input", { type: "number", name: field.key, min: field.least, max: field.most, step: 1, value: rental[field.key], inputMode: "numeric" })]));
  const asLabel = (text, control) => el("label", {}, el("span", {}, text), control);
  const periods = PERIODS.map(([name, hours]) => {
    const button = el("button", { type: "button" }, name);
    button.addEventListener("click", () => { inputs.get("hours").value = hours; changed("hours"); });
    return button;
  });
  const sellers = el("fieldset", { className: "sellers" });
  const share = el("button", { type: "button" }, "Copy address");
  const form = el("form", { className: "sheet-form" },
    el("div", { className: "fields" }, asLabel("GPU", select), ...FIELDS.map((field) => asLabel(field.label, inputs.get(field.key)))),
    el("p", { className: "presets" }, ...periods, share), sellers);
  form.setAttribute("aria-label", "What to rent");
  form.addEventListener("submit", (event) => event.preventDefault());
  const status = el("output", { className: "found" });
  const result = el("div", { className: "costs-found" });
  place.append(form, el("p", { className: "result" }, status), result);

  const address = () => {
    const at = new URL(location.href);
    const set = (key, value, plain) => (String(value) === String(plain) ? at.searchParams.delete(key) : at.searchParams.set(key, value));
    set("gpu", gpu, place.dataset.calculator);
    for (const field of FIELDS) set(field.key, rental[field.key], field.start);
    set("provider", [...wanted].join(","), "");
    at.search = at.search.replaceAll("%2C", ",");
    history.replaceState(null, "", at);
  };
  share.addEventListener("click", async () => {
    try { await navigator.clipboard.writeText(location.href); share.textContent = "Address copied"; } catch { share.textContent = "Copy it from the address bar"; }
  });

  // The result.
  let names = new Map(), terms = new Map(), prices = null;
  const fine = (term) => {
    const source = el("span", { className: "sub" });
    if (term.source) {
      source.append(" ", el("a", { href: term.source, rel: "nofollow noopener" }, new URL(term.source).host), `, ${term.checked_on}`);
    } else source.append(" source not recorded");
    return source;
  };
  const stepLine = (line) => el("li", {}, `${line.what}: ${line.sum}`, line.amount === null ? ": left out" : ` = ${Rental.money(line.amount)}`, ...line.terms.map(fine));
  const notes = (known, price) => {
    const said = [];
    const sizes = price.gpu_counts.filter(Boolean);
    if (sizes.length && !sizes.some((n) => rental.gpus % n === 0)) said.push(`The price is of a machine with ${sizes.join(" or ")} GPUs: ${rental.gpus} ${rental.gpus === 1 ? "is" : "are"} counted as a share of it.`);
    if (!known.billing_step) said.push("The billing step is not stated: hours are not rounded up.");
    if (!known.minimum_rental) said.push("A minimum rental is not stated: none is counted.");
    return said.map((text) => el("li", { className: "sub" }, text));
  };
  const line = ({ provider, price, known, cost }, n) => {
    const least = cost.missing.length ? "at least " : "";
    const cells = cost.lines.map((part) => el("td", { className: "num" }, part.amount === null ? el("span", { className: "quiet" }, "not stated") : Rental.money(part.amount)));
    const link = el("a", { href: `${base}/provider/${provider}/#terms` }, names.get(provider) || provider);
    const row = el("tr", {}, Object.assign(el("th", {}, link), { scope: "row" }), el("td", { className: "num" }, Rental.exact(price.on_demand)), ...cells, el("td", { className: "num main" }, least, Rental.money(cost.total)));
    const left = cost.missing.map((part) => part.what.toLowerCase().replace("gpu", "GPU"));
    const total = el("li", {}, `Total: ${least}${cost.lines.filter((part) => part.amount !== null).map((part) => Rental.money(part.amount)).join(" + ")} = ${Rental.money(cost.total)}`, left.length ? `. Left out, because not stated: ${left.join(", ")}.` : "");
    const steps = el("details", { open: n === 0 }, el("summary", {}, "Step by step", el("span", { className: "vh" }, ` at ${names.get(provider) || provider}`)), el("ol", {}, ...cost.lines.map(stepLine), total, ...notes(known, price)));
    const below = el("tr", { className: "steps" }, Object.assign(el("td", {}, steps), { colSpan: 6 }));
    return [row, below];
  };
  const byCost = (a, b) => a.cost.missing.length - b.cost.missing.length || (a.cost.total < b.cost.total ? -1 : a.cost.total > b.cost.total ? 1 : a.provider.localeCompare(b.provider));
  const shown = () => {
    const all = prices.floors.map((price) => {
      const known = Rental.usual(terms.get(price.provider) || []);
      return { provider: price.provider, price, known, cost: Rental.cost(price.on_demand, known, rental) };
    });
    const chosen = all.filter((one) => wanted.has(one.provider));
    const usual = all.filter((one) => one.known.storage_running && one.known.egress);
    return (wanted.size ? chosen : usual.length ? usual : all).sort(byCost);
  };
  const tell = (found) => {
    const without = [...wanted].filter((slug) => !prices.floors.some((one) => one.provider === slug)).map((slug) => names.get(slug) || slug);
    const lead = found[0];
    const best = lead ? `${names.get(lead.provider) || lead.provider}: ${lead.cost.missing.length ? "at least " : ""}${Rental.money(lead.cost.total)}${found.length > 1 ? `, the lowest of ${found.length}` : ""}.` : "No ranked on-demand price is known.";
    const rest = wanted.size || !prices.floors.length ? "" : ` ${prices.floors.length - found.length} more rent it out; choose them below to see what is known.`;
    status.textContent = best + (without.length ? ` No ranked on-demand price at ${without.join(", ")}.` : "") + (prices.floors.length > found.length ? rest : "");
  };
  const show = () => {
    if (!prices) return; // typed before they are here
    const found = shown();
    tell(found);
    const heads = ["Provider", "Per GPU-hour", "GPU", "Storage", "Traffic out", "Total"].map((text, n) => Object.assign(el("th", { className: n ? "num" : "" }, text), { scope: "col" }));
    const table = el("table", { className: "list reckoned" }, el("caption", { className: "vh" }, `${prices.gpu.name}: cost at each provider, US dollars before tax, lowest first`), el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...found.flatMap(line)));
    const scroll = el("div", { className: "scroll", tabIndex: 0 }, table);
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", "Costs: table");
    const note = el("p", { className: "note" }, "US dollars before tax, at each provider’s lowest ranked price on demand. Cheapest first; where something is not stated, last.");
    result.replaceChildren(...(found.length ? [note, scroll] : []));
  };
  const showSellers = () => {
    const boxes = prices.floors.map((one) => {
      const box = el("input", { type: "checkbox", value: one.provider, checked: wanted.has(one.provider) });
      box.addEventListener("change", () => {
        if (box.checked) wanted.add(one.provider); else wanted.delete(one.provider);
        address();
        show();
      });
      return [names.get(one.provider) || one.provider, el("label", {}, box, ` ${names.get(one.provider) || one.provider}`)];
    });
    boxes.sort((a, b) => a[0].localeCompare(b[0]));
    sellers.replaceChildren(el("legend", {}, "Providers (none ticked: those whose storage and traffic prices are known)"), ...boxes.map(([, label]) => label));
  };
  const changed = (key) => {
    const field = FIELDS.find((one) => one.key === key);
    const number = within(field, inputs.get(key).value);
    inputs.get(key).setAttribute("aria-invalid", number === null);
    if (number === null) return;
    rental[key] = number;
    address();
    show();
  };
  for (const field of FIELDS) inputs.get(field.key).addEventListener("input", () => changed(field.key));
  const choose = async (slug) => {
    gpu = slug;
    const found = await read(`gpu/${slug}`);
    if (gpu !== slug) return; // another was chosen meanwhile
    prices = found;
    showSellers();
    show();
  };
  select.addEventListener("change", async () => { await choose(select.value); address(); });

  const start = async () => {
    const [gpus, stated] = await Promise.all([read("gpus"), read("terms")]);
    terms = new Map(stated.providers.map((one) => [one.provider, one.terms]));
    names = new Map(stated.providers.map((one) => [one.provider, one.name]));
    wanted = new Set([...wanted].filter((slug) => names.has(slug)));
    const priced = gpus.gpus.filter((one) => one.floor !== null).sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
    select.append(...priced.map((one) => el("option", { value: one.slug }, one.name)));
    if (!priced.some((one) => one.slug === gpu)) gpu = priced.some((one) => one.slug === place.dataset.calculator) ? place.dataset.calculator : priced[0] && priced[0].slug;
    if (!gpu) { status.textContent = "No price is known today."; return; }
    select.value = gpu;
    await choose(gpu);
  };
  start().catch(() => { status.textContent = "The prices could not be loaded; the examples below are those of the last build."; });
})();
