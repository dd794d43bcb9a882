// What a visitor collects to compare, across pages: GPUs, providers and offers, kept in this browser.
// Rows say what they are: data-gpu, data-provider, or data-offer="<region>~<instance type>"; a page's own GPU or provider
// stands on this script's element.
(() => {
  "use strict";
  const KEY = "compare", MOST = 8;
  const own = document.currentScript;
  const base = own.getAttribute("src").replace(/\/assets\/.*$/, "");
  const el = (tag, traits = {}, ...inside) => {
    const made = Object.assign(document.createElement(tag), traits);
    made.append(...inside);
    return made;
  };
  const load = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY)) || [];
      return kept.filter((one) => ["gpu", "provider", "offer"].includes(one.kind) && typeof one.id === "string" && typeof one.name === "string");
    } catch { return []; }
  };
  const save = () => { try { localStorage.setItem(KEY, JSON.stringify(items)); } catch { /* private window: for this page only */ } };
  let items = load();
  const has = ({ kind, id }) => items.some((one) => one.kind === kind && one.id === id);

  // The bar.
  const said = el("output", { className: "vh" });
  const list = el("ul");
  const link = el("a", { className: "go" });
  const clear = el("button", { type: "button" }, "Clear");
  const bar = el("div", { className: "tray", hidden: true }, list, link, clear);
  const aside = el("aside", {}, said, bar);
  aside.setAttribute("aria-label", "Comparison");
  const address = () => {
    const asked = new URLSearchParams();
    for (const kind of ["gpu", "provider"]) {
      const ids = items.filter((one) => one.kind === kind).map((one) => one.id);
      if (ids.length) asked.set(kind, ids.join(","));
    }
    for (const one of items) if (one.kind === "offer") asked.append("offer", one.id);
    return `${base}/compare/any/?${String(asked).replaceAll("%2C", ",").replaceAll("%7E", "~")}`;
  };
  const buttons = [];
  const show = () => {
    bar.hidden = !items.length;
    document.body.classList.toggle("has-tray", items.length > 0);
    link.href = address();
    link.textContent = `Compare (${items.length})`;
    list.replaceChildren(...items.map((one) => {
      const drop = el("button", { type: "button", className: "drop" }, "×");
      drop.setAttribute("aria-label", `Remove ${one.name}`);
      drop.addEventListener("click", () => { toggle(one); (bar.hidden ? document.querySelector("main") : link).focus(); });
      return el("li", {}, el("span", {}, one.name), drop);
    }));
    for (const [button, one] of buttons) button.setAttribute("aria-pressed", has(one));
  };
  const toggle = (one) => {
    const is = has(one);
    if (!is && items.length >= MOST) { said.textContent = `At most ${MOST} can be compared.`; return; }
    items = is ? items.filter((other) => other.kind !== one.kind || other.id !== one.id) : [...items, one];
    save();
    show();
    said.textContent = `${one.name} ${is ? "removed" : "added"}: ${items.length} to compare`;
  };
  clear.addEventListener("click", () => {
    items = [];
    save();
    show();
    said.textContent = "Nothing to compare";
    document.querySelector("main").focus();
  });
  window.addEventListener("storage", (event) => { if (event.key === KEY) { items = load(); show(); } });

  // The controls: their signs are the style sheet's, so that tables keep their text.
  const control = (one, place) => {
    const button = el("button", { type: "button", className: "add", title: "Compare" });
    button.setAttribute("aria-label", `Compare ${one.name}`);
    button.addEventListener("click", () => toggle(one));
    buttons.push([button, one]);
    place.append(button);
  };
  const nameOf = (row) => row.querySelector("th").textContent.trim();
  for (const kind of ["gpu", "provider"]) {
    for (const row of document.querySelectorAll(`tr[data-${kind}]`)) control({ kind, id: row.dataset[kind], name: nameOf(row) }, row.querySelector("th"));
    const crumbs = document.querySelector(".crumbs");
    if (own.dataset[kind] && crumbs) control({ kind, id: own.dataset[kind], name: own.dataset.name }, crumbs);
  }
  for (const row of document.querySelectorAll("tr[data-offer]")) {
    const { provider, gpu } = row.parentElement.dataset;
    const instance = row.querySelector(".id");
    control({ kind: "offer", id: `${provider}~${gpu}~${row.dataset.offer}`, name: `${nameOf(row)} ${instance.textContent}` }, instance.closest("td"));
  }
  document.querySelector("main").after(aside);
  show();
})();
