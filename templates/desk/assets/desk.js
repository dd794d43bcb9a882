// Keys, marks in the draft, and checks as one types.  Every form works without this file.
(() => {
  "use strict";
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (selector, within = document) => within.querySelector(selector);
  const isShown = (element) => element.offsetParent !== null;

  // How long the page was looked at: only while it is visible.
  let seen = 0;
  let since = document.hidden ? null : Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && since !== null) { seen += Date.now() - since; since = null; }
    if (!document.hidden && since === null) since = Date.now();
  });
  const seconds = () => Math.round((seen + (since === null ? 0 : Date.now() - since)) / 1000);
  document.addEventListener("submit", (event) => {
    const field = one("input[name=seconds]", event.target);
    if (field) field.value = seconds();
  });
  all("[data-submit]").forEach((select) => select.addEventListener("change", () => select.form.submit()));

  // The queue's rows.
  const rows = all(".rows .open");
  const go = (step) => {
    const here = rows.indexOf(document.activeElement);
    const next = rows[Math.min(rows.length - 1, Math.max(0, here + step))];
    if (next) next.focus();
  };
  if (rows.length && rows[0].matches("a")) rows[0].focus();

  // Facts: the one that is looked at is marked in the draft.
  const frame = document.getElementById("draft");
  const facts = all(".fact-list li");
  const places = (source) => {
    const page = frame && frame.contentDocument;
    return page ? all(".binding", page).filter((place) => place.dataset.source === source) : [];
  };
  let lit = null;
  const light = (fact, isSought) => {
    if (lit) { lit.classList.remove("lit"); places(lit.dataset.source).forEach((place) => place.classList.remove("lit")); }
    lit = fact;
    if (!fact) return;
    fact.classList.add("lit");
    const found = places(fact.dataset.source);
    found.forEach((place) => place.classList.add("lit"));
    if (isSought && found.length) found[0].scrollIntoView({ block: "center" });
  };
  facts.forEach((fact) => {
    fact.addEventListener("mouseenter", () => light(fact, false));
    fact.addEventListener("focus", () => light(fact, true));
  });
  const step = (by) => {
    const here = facts.indexOf(document.activeElement.closest ? document.activeElement.closest(".fact-list li") : null);
    const next = facts[(here + by + facts.length) % facts.length];
    if (next) next.focus();
  };
  const openFrom = (number) => {
    const link = lit && one(number === 0 ? ".origin a:not(.evidence)" : ".origin a.evidence", lit);
    if (link) link.click();
  };

  // The words that are marked in the draft become what a comment is about.
  const quote = () => {
    const field = one("[data-selection]");
    const chosen = (frame && frame.contentWindow && frame.contentWindow.getSelection()) || window.getSelection();
    const text = String(chosen || "").replace(/\s+/g, " ").trim().slice(0, 200);
    if (field && text) field.value = text;
  };

  // The fact behind the figure that is marked or clicked in the draft.
  const behind = () => {
    const chosen = frame && frame.contentWindow && frame.contentWindow.getSelection();
    const node = chosen && chosen.anchorNode;
    const place = node && (node.nodeType === 1 ? node : node.parentElement).closest(".binding");
    const fact = place && facts.find((one) => one.dataset.source === place.dataset.source);
    if (fact) fact.focus();
  };

  // Nothing runs in the frame, so keys pressed there would be lost: what is marked stays marked without its focus.
  window.addEventListener("blur", () => setTimeout(() => {
    if (frame && document.activeElement === frame) { frame.blur(); window.focus(); }
  }));

  const edit = document.getElementById("edit");
  const press = (element) => {
    if (element.matches("[href='#edit']")) {
      edit.open = true;
      one("#e-text").focus();
    } else if (element.matches("summary")) {
      quote();
      const details = element.parentElement;
      details.open = true;
      const first = one("select, input:not([type=hidden]), textarea", details);
      if (first) (first.value && first.matches("[data-selection]") ? one("textarea", details) : first).focus();
    } else {
      element.click();
    }
  };
  const plain = {
    j: () => go(1), k: () => go(-1), f: () => step(1), F: () => step(-1), p: behind, o: () => openFrom(0), v: () => openFrom(1),
  };
  const typed = (event) => event.target.matches("input:not([type=checkbox]), textarea, select");
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      all(".acts details[open]").forEach((details) => { details.open = false; });
      if (typed(event)) event.target.blur();
      return;
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) {
      event.preventDefault();
      event.target.form.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typed(event) || event.repeat) return;
    const digit = /^[1-9]$/.test(event.key) && facts[Number(event.key) - 1];
    const named = all("[data-key]").find((element) => element.dataset.key === event.key && isShown(element));
    if (!digit && !named && !plain[event.key]) return;
    event.preventDefault();
    if (digit) digit.focus();
    else if (named) press(named);
    else plain[event.key]();
  });
  all("a[href='#edit']").forEach((link) => link.addEventListener("click", (event) => { event.preventDefault(); press(link); }));

  // Checks as one types, and how long a title may still be.
  const form = document.getElementById("edit-form");
  if (form) {
    const target = document.getElementById("live-findings");
    let waiting = 0;
    let asked = 0;
    const check = async () => {
      const mine = ++asked;
      const answer = await fetch("/check", { method: "POST", body: new URLSearchParams(new FormData(form)) });
      const text = await answer.text();
      if (mine !== asked) return;
      const page = new DOMParser().parseFromString(text, "text/html");
      target.replaceChildren(...(answer.ok ? page.body.childNodes : [one(".refused", page) || page.createTextNode("not checked")]));
    };
    form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(check, 400); });
  }
  all("[data-count]").forEach((field) => {
    const label = one(`label[for=${field.id}] .sub`);
    const most = Number(field.dataset.count);
    const say = () => { label.textContent = `${field.value.length} of ${most} characters`; };
    field.addEventListener("input", say);
  });
})();
