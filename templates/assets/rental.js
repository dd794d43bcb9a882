// What a rental costs, to the last digit: an amount is a whole number of parts of a dollar, ten to the 18th times an
// hour's seconds in a month.  The same arithmetic as generator/catalogue/views/rental.py; one table of cases tests both.
const Rental = (() => {
  "use strict";
  const PLACES = 18;
  const UNIT = 10n ** BigInt(PLACES);
  const MONTH = 730n;
  const SECONDS = 3600n;
  const DOLLAR = UNIT * MONTH * SECONDS;
  const WHY = { "by host": "set by each host", "by plan": "depends on the plan" };
  const LABELS = { compute_stopped: "GPU while stopped", storage_running: "storage", storage_stopped: "storage while stopped", egress: "traffic out", egress_included: "traffic out included" };

  // "0.09" as a whole number of units.
  const decimal = (text) => {
    const [whole, part = ""] = text.split(".");
    return BigInt(whole + part.padEnd(PLACES, "0").slice(0, PLACES));
  };
  const plain = (units) => {
    const text = String(units).padStart(PLACES + 1, "0");
    return `${text.slice(0, -PLACES)}.${text.slice(-PLACES)}`.replace(/\.?0+$/, "");
  };
  const grouped = (text) => text.replace(/\B(?=(\d{3})+$)/g, ",");
  const rounded = (amount, places) => (amount * 10n ** BigInt(places) * 2n + DOLLAR) / (DOLLAR * 2n);
  const fixed = (digits, places) => {
    const text = String(digits).padStart(places + 1, "0");
    return [grouped(text.slice(0, -places)), text.slice(-places)];
  };
  // As the pages write money: cents; below ten cents three significant digits.
  const digits = (amount) => {
    if (amount === 0n || amount * 10n >= DOLLAR) return fixed(rounded(amount, 2), 2).join(".");
    let places = 3;
    while (places < 12 && amount * 10n ** BigInt(places) < DOLLAR * 100n) places += 1;
    const [whole, part] = fixed(rounded(amount, places), places);
    return `${whole}.${part.replace(/0+$/, "").padEnd(2, "0")}`;
  };
  const money = (amount) => `$${digits(amount)}`;
  // As sums have it: unrounded.
  const exact = (text) => {
    const [whole, part = ""] = plain(decimal(text)).split(".");
    return `$${grouped(whole)}.${part.padEnd(2, "0")}`;
  };
  const hoursOf = (seconds) => plain((seconds * UNIT) / SECONDS).replace(/(\.\d{3})\d+$/, "$1");

  const unknown = (what, field, term) => ({ what, sum: `${LABELS[field]}: ${(term && WHY[term.word]) || "not stated"}`, amount: null, terms: term ? [term] : [] });

  const billedSeconds = (hours, terms) => {
    const value = (field) => (terms[field] && terms[field].value ? decimal(terms[field].value) / UNIT : 0n);
    const step = value("billing_step"), minimum = value("minimum_rental");
    const seconds = BigInt(hours) * SECONDS > minimum ? BigInt(hours) * SECONDS : minimum;
    return step ? ((seconds + step - 1n) / step) * step : seconds;
  };

  const running = (price, terms, rental) => {
    const stopped = terms.compute_stopped;
    let hours = rental.hours, why = "";
    if (rental.stopped) {
      if (!stopped) return unknown("GPU", "compute_stopped");
      if (stopped.word === "billed") { hours += rental.stopped; why = ": stopped hours are billed in full"; }
    }
    const seconds = billedSeconds(hours, terms);
    const more = seconds > BigInt(hours) * SECONDS ? `, billed as ${hoursOf(seconds)} h` : "";
    return {
      what: "GPU",
      sum: `${rental.gpus > 1 ? `${rental.gpus} × ` : ""}${hours} h${more} × ${exact(price)}${why}`,
      amount: decimal(price) * BigInt(rental.gpus) * seconds * MONTH,
      terms: rental.stopped ? [stopped] : [],
    };
  };

  const gigabytes = (field, term, rental, hours) => {
    if (!term || term.usd === null) return unknown("Storage", field, term);
    const amount = decimal(term.usd) * BigInt(rental.storage) * BigInt(hours) * SECONDS;
    const size = `${grouped(String(rental.storage))} GB`, rate = exact(term.usd);
    if (term.unit === "per GB-hour") return { what: "Storage", sum: `${size} × ${hours} h × ${rate}`, amount: amount * MONTH, terms: [term] };
    return { what: "Storage", sum: `${size} × ${rate}${hours === 730 ? "" : ` × ${hours} h ÷ 730 h`}`, amount, terms: [term] };
  };
  const stored = (terms, rental) => {
    const on = terms.storage_running, off = terms.storage_stopped;
    if (!rental.storage) return { what: "Storage", sum: "none", amount: 0n, terms: [] };
    if (!rental.stopped || (off && off.word === "as running")) return gigabytes("storage_running", on, rental, rental.hours + rental.stopped);
    const first = gigabytes("storage_running", on, rental, rental.hours);
    if (first.amount === null || (off && off.word === "not billed")) return first;
    const then = gigabytes("storage_stopped", off, rental, rental.stopped);
    if (then.amount === null) return then;
    return { what: "Storage", sum: `${first.sum} + ${then.sum}`, amount: first.amount + then.amount, terms: [...first.terms, ...then.terms] };
  };

  const sent = (terms, rental) => {
    const term = terms.egress, included = terms.egress_included;
    const months = Math.max(1, Math.floor((rental.hours + rental.stopped) / 730));
    const free = included && included.value ? decimal(included.value) * BigInt(months) : 0n;
    const wanted = BigInt(rental.egress) * UNIT;
    const said = [term, included].filter(Boolean);
    if (!rental.egress) return { what: "Traffic out", sum: "none", amount: 0n, terms: [] };
    if (free >= wanted) return { what: "Traffic out", sum: `within the ${grouped(plain(free))} GB included`, amount: 0n, terms: [included] };
    if (!term || term.usd === null) return unknown("Traffic out", "egress", term);
    if (decimal(term.usd) && included && !included.value) return unknown("Traffic out", "egress_included", included);
    const size = free ? `(${grouped(String(rental.egress))} − ${plain(free)})` : grouped(String(rental.egress));
    return { what: "Traffic out", sum: `${size} GB × ${exact(term.usd)}`, amount: ((wanted - free) * decimal(term.usd) * MONTH * SECONDS) / UNIT, terms: said };
  };

  // A provider's usual terms that count, by field.
  const usual = (terms) => Object.fromEntries(terms.filter((term) => term.counts && !term.qualifier).map((term) => [term.field, term]));

  // The lines of a rental at a price per GPU-hour, their sum, and whether no line is missing.
  const cost = (price, terms, rental) => {
    const lines = [running(price, terms, rental), stored(terms, rental), sent(terms, rental)];
    const missing = lines.filter((line) => line.amount === null);
    return { lines, missing, total: lines.reduce((sum, line) => sum + (line.amount ?? 0n), 0n) };
  };
  return { cost, usual, money, exact };
})();
