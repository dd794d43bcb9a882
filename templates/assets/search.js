// The search: names of pages and machines as people write them.  Loaded at the first letter in the box.
const GROUPS = { chip: "GPUs", gpu: "GPUs", provider: "Providers", offer: "GPUs at a provider", region: "Places", comparison: "Comparisons", list: "Lists", index: "Price indices", guide: "Guides", page: "Other pages", machine: "Machine types" };
const BOOST = { chip: 3, gpu: 2.6, provider: 2.4, page: 1.6, region: 1.5, list: 1.1, guide: 1, offer: 1, index: 0.9, comparison: 0.8, machine: 0.7 };
const MOST = 8;
const IGNORED = new Set(["in", "at", "the", "a", "of", "for", "with", "on", "gpu", "gpus", "cloud", "price", "prices", "pricing", "cost", "rent", "rental", "cheap", "per", "hour", "nvidia", "amd"]);

// "rtx4090" is "rtx" and "4090" as well, "80gb" is "80"; "h100" stays whole.
export const words = (text) => {
  const found = [];
  for (const word of text.toLowerCase().normalize("NFKD").split(/[^\p{L}\p{N}.+]+/u)) {
    const whole = word.replace(/^[.+]+|[.+]+$/g, "");
    if (!whole) continue;
    found.push(whole);
    if (/[a-z]{2}\d|\d[a-z]{2}/.test(whole)) found.push(...whole.match(/[a-z]{2,}|\d+[a-z]?(?![a-z])|\d+/g).filter((part) => part.length > 1));
    if (whole.includes(".")) found.push(...whole.split("."));
  }
  return found;
};

// "8xH100 europe": a number of GPUs, and what is left.
export const asked = (text) => {
  const found = /(?:^|\s)(\d{1,3})\s*[x×]\s*(?=\p{L}|\d)/iu.exec(text) || /(?<=\d|\s)[x×](\d{1,2})(?=\s|$)/iu.exec(text) || /^(1|2|4|8|16)\s+(?=\p{L})/iu.exec(text);
  return found ? { count: Number(found[1]), rest: text.replace(found[0], " ").trim() } : { count: 0, rest: text.trim() };
};

const looksLikeAMachine = (text) => /[._/-]|\d[a-z]+\d|[a-z]+\d+[a-z]/i.test(text);

const load = async (base, file) => {
  const answer = await fetch(`${base}search/${file}`);
  if (!answer.ok) throw new Error(`${file}: ${answer.status}`);
  return answer.json();
};

const build = (Search, documents) => {
  const index = new Search({
    fields: ["text", "also"],
    storeFields: ["kind", "text", "path", "floor", "at"],
    tokenize: words,
    processTerm: (term) => term,
  });
  index.addAll(documents);
  return index;
};

const searched = (index, text, isStrict = false) => {
  const terms = words(text);
  const said = terms.filter((term) => !IGNORED.has(term));
  if (!terms.length) return [];
  const plain = text.toLowerCase().split(/\s+/).filter((word) => !IGNORED.has(word)).join(" ");
  const query = (said.length ? text : terms.join(" "));
  const options = {
    boost: { text: 3 },
    prefix: (term) => term.length > 1 || terms.length === 1,
    fuzzy: (term) => (term.length > 4 && !/\d/.test(term) ? 0.25 : false),
    boostDocument: (id, _, { kind, text: name }) => (BOOST[kind] / (1 + id / 5000)) * ([text.toLowerCase(), plain].includes(name.toLowerCase()) ? 4 : 1) / (1 + words(name).length / 12),
    processTerm: (term) => (said.length && IGNORED.has(term) ? null : term),
    combineWith: "AND",
  };
  const all = index.search(query, options);
  return all.length || isStrict ? all : index.search(query, { ...options, combineWith: "OR" });
};

// A GPU with a number or a place is an offer to look for: its page with those filters chosen.
const offers = (index, text) => {
  const { count, rest } = asked(text);
  if (!rest) return [];
  const parts = rest.split(/\s+/).filter((part) => !IGNORED.has(part.toLowerCase()));
  const splits = parts.flatMap((_, at) => [[parts.slice(0, at + 1), parts.slice(at + 1)], [parts.slice(at + 1), parts.slice(0, at + 1)]]).filter(([one]) => one.length);
  for (const [one, other] of splits.sort(([a], [b]) => b.length - a.length)) {
    const gpu = searched(index, one.join(" "), true).find((hit) => hit.kind === "gpu");
    if (!gpu) continue;
    if (/^gb$/i.test(other.join(" "))) continue; // of memory, not Great Britain
    const at = other.length ? searched(index, other.join(" "), true).find((hit) => hit.kind === "region" || hit.kind === "provider") : null;
    if (other.length ? !at : !count) continue;
    const number = count ? { gpus: count } : {}, said = `${count ? `${count}× ` : ""}${gpu.text}`;
    if (!at) return [{ kind: "gpu", text: said, path: `${gpu.path}?${new URLSearchParams(number)}` }];
    if (at.kind === "region") return [{ kind: "gpu", text: `${said} in ${at.text}`, path: `${gpu.path}?${new URLSearchParams({ ...number, in: at.code })}` }];
    return [{ kind: "offer", text: `${said} at ${at.text}`, path: `${at.path}?${new URLSearchParams({ ...number, gpu: gpu.text.replaceAll(" ", "-") })}` }];
  }
  return [];
};

const hitsOf = async (state, text) => {
  const rest = asked(text).rest || text;
  const named = searched(state.names, rest, true);
  const meant = offers(state.names, text);
  const hasPage = meant.length > 0 && meant[0].kind === "offer" && named.some((hit) => hit.text === meant[0].text);
  const found = [...(hasPage ? [] : meant), ...named, ...neighbours(state, rest), ...(named.length ? [] : searched(state.names, rest))];
  if (looksLikeAMachine(text) || !named.length) {
    state.machines ||= load(state.base, "machines.json").then(({ machines }) => build(state.Search, machines.map(([name, provider, gpu, path], id) => ({ id, kind: "machine", text: name, also: `${provider} ${gpu}`, path, at: `${gpu} at ${provider}` }))));
    const machines = await state.machines.catch(() => null);
    if (machines) {
      const called = searched(machines, text, true);
      if (/[._/-]/.test(text) || (!named.length && !meant.length && !/\s/.test(text.trim()))) found.unshift(...called.slice(0, 4)); else found.push(...called);
    }
  }
  const paths = new Set();
  return found.filter(({ path, text: name }) => !paths.has(path + name) && paths.add(path + name));
};

// How many letters apart two words are, where two that changed places are one.
export const apart = (one, other) => {
  const rows = [Array.from({ length: other.length + 1 }, (_, n) => n)];
  for (let i = 1; i <= one.length; i += 1) {
    rows.push([i]);
    for (let j = 1; j <= other.length; j += 1) {
      const cost = one[i - 1] === other[j - 1] ? 0 : 1;
      rows[i][j] = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
    }
  }
  return rows[one.length][other.length];
};

// Names of GPUs as they are written in one word or alone, those that most providers rent out first: "rtx4090", "4090", "h100".
const codesOf = (documents) => {
  const named = documents.filter(({ kind }) => kind === "chip" || kind === "gpu");
  const codes = named.flatMap(({ text }) => [text.toLowerCase().replace(/[^a-z0-9]/g, ""), ...words(text)]);
  return [...new Set(codes)].filter((code) => /\d/.test(code) && code.length > 2);
};

// "rtx4009" may be a slip for "rtx4090": what is found with the codes that are one letter from a word with a figure.
const neighbours = (state, text) => {
  const known = new Set(state.codes);
  return text.split(/\s+/).flatMap((word) => {
    const code = word.toLowerCase();
    if (code.length < 3 || !/\d/.test(code) || known.has(code)) return [];
    const near = state.codes.filter((other) => apart(code, other) === 1).slice(0, MOST);
    return near.flatMap((other) => searched(state.names, text.replace(word, other), true).filter(({ kind }) => kind === "chip" || kind === "gpu").slice(0, 2));
  });
};

const withCodes = (index, names) => {
  const codes = new Map(names.filter(([kind]) => kind === "region").map(([, text, , also]) => [text, (/^[A-Z]{2}\b/.exec(also || "") || [text.replaceAll(" ", "-")])[0]]));
  const search = index.search.bind(index);
  index.search = (...given) => search(...given).map((hit) => (hit.kind === "region" ? { ...hit, code: codes.get(hit.text) } : hit));
  return index;
};

const opened = async (form) => {
  const [{ default: Search }, { names }] = await Promise.all([import(form.dataset.library), load(form.dataset.base, "names.json")]);
  const documents = names.map(([kind, text, path, also, floor], id) => ({ id, kind, text, path, also: also || "", floor: floor || "" }));
  return { Search, base: form.dataset.base, names: withCodes(build(Search, documents), names), codes: codesOf(documents), machines: null };
};

const el = (tag, traits = {}, ...inside) => {
  const made = Object.assign(document.createElement(tag), traits);
  made.append(...inside);
  return made;
};

const line = (hit, base) => {
  const more = hit.at || (hit.floor ? `from ${hit.floor}` : hit.kind === "chip" ? "all variants" : "");
  return el("a", { href: base.replace(/\/$/, "") + hit.path }, el("span", {}, hit.text), ...(more ? [" ", el("span", { className: "sub" }, more)] : []));
};

// [title, hits] of each kind, that with the best hit first.
const grouped = (hits) => {
  const groups = new Map();
  for (const hit of hits) groups.set(GROUPS[hit.kind], [...(groups.get(GROUPS[hit.kind]) || []), hit]);
  return [...groups];
};

export const start = async (form) => {
  const input = form.querySelector("input"), base = form.dataset.base;
  const list = Object.assign(document.createElement("div"), { id: "found", className: "answers", hidden: true });
  const said = Object.assign(document.createElement("p"), { className: "vh" });
  const tell = (words, isSeen) => { said.textContent = words; said.className = isSeen ? "nothing" : "vh"; };
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Search results");
  said.setAttribute("role", "status");
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": "found", "aria-autocomplete": "list" })) input.setAttribute(name, value);
  form.append(list, said);
  const state = await opened(form);

  let active = -1, turn = 0;
  const options = () => [...list.querySelectorAll("[role=option]")];
  const point = (at) => {
    active = at;
    options().forEach((option, n) => option.setAttribute("aria-selected", String(n === at)));
    if (at >= 0) { input.setAttribute("aria-activedescendant", options()[at].id); options()[at].scrollIntoView({ block: "nearest" }); } else input.removeAttribute("aria-activedescendant");
  };
  const close = () => { tell("", false); list.hidden = true; input.setAttribute("aria-expanded", "false"); point(-1); };
  const show = async () => {
    const text = input.value.trim();
    if (!text) { close(); return; }
    turn += 1;
    const mine = turn;
    const found = await hitsOf(state, text);
    if (mine !== turn) return;
    let n = 0;
    const option = (hit) => {
      const link = Object.assign(line(hit, base), { id: `found-${n}`, tabIndex: -1 });
      n += 1;
      link.setAttribute("role", "option");
      return link;
    };
    list.replaceChildren(...grouped(found.slice(0, MOST)).map(([title, hits], at) => {
      const head = el("div", { id: `found-in-${at}`, className: "kind" }, title);
      head.setAttribute("role", "presentation");
      const group = el("div", {}, head, ...hits.map(option));
      group.setAttribute("role", "group");
      group.setAttribute("aria-labelledby", head.id);
      return group;
    }));
    tell(found.length ? `${Math.min(found.length, MOST)} results` : `Nothing found for “${text}”.`, !found.length);
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    point(found.length ? 0 : -1);
    form.dataset.answered = text;
  };
  input.addEventListener("input", show);
  input.addEventListener("focus", () => { if (input.value.trim()) show(); });
  input.addEventListener("keydown", (event) => {
    const n = options().length;
    if (event.key === "ArrowDown" && n) { event.preventDefault(); if (list.hidden) show(); else point((active + 1) % n); }
    else if (event.key === "ArrowUp" && n) { event.preventDefault(); point((active - 1 + n) % n); }
    else if (event.key === "Escape" && !list.hidden) { event.preventDefault(); close(); }
    else if (event.key === "Enter" && !list.hidden && active >= 0) { event.preventDefault(); location.assign(options()[active].href); }
  });
  form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) close(); });
  list.addEventListener("pointerdown", (event) => event.preventDefault());

  const page = document.querySelector("[data-hits]"), query = new URL(location.href).searchParams.get("q");
  if (page && query) {
    input.value ||= query;
    const found = await hitsOf(state, query.slice(0, 100));
    page.replaceChildren(...grouped(found.slice(0, 40)).map(([title, hits]) => el("section", {}, el("h2", {}, title), el("ol", { className: "hits" }, ...hits.map((hit) => el("li", {}, line(hit, base)))))));
    if (!found.length) page.replaceChildren(el("p", {}, `Nothing found for “${query}”.`));
  }
  if (document.activeElement === input) show();
};
