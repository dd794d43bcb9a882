"""Every price of every page, written as other pages write theirs: it is read as a visitor sees it, or refused by name.

The pages are found by folder.  Rewriting may neither change a price nor make a GPU disappear without a message.
"""

import copy
import random
import re
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

from scrapers import run
from scrapers.offer import PRICE_FIELDS, Offer
from scrapers.run import Scraped
from tests.faults.documents import NUMBER, Bodies, at
from tests.faults.prices import documents, price_amounts, scraped
from tests.sampling import sample

Write = Callable[[str, str], str]
"""Makes markup of the sign before a number ("" where there is none) and the number."""


def higher(number: str) -> str:
    """A price higher than the page's."""
    return f"{Decimal(number.replace(',', '')) * 125 / 100:f}"


def parted(number: str, mark: str) -> str:
    """The number with `mark` between its units and its decimals; the mark includes the point."""
    units, point, decimals = number.partition(".")
    return mark.format(units=units, decimals=decimals) if point else number


def raised(number: str) -> str:
    units, _, decimals = number.partition(".")
    return units + decimals.translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


CODES = {"$": "USD", "₹": "INR", "": ""}

# In each, a visitor sees one price; where `True`, it must be read.
WAYS: dict[str, tuple[Write, bool]] = {
    "struck": (lambda s, n: f"<del>{s}{higher(n)}</del> {s}{n}", True),
    "struck behind": (lambda s, n: f"{s}{n} <s>{s}{higher(n)}</s>", True),
    "struck, close": (lambda s, n: f"<strike>{s}{higher(n)}</strike>{s}{n}", True),
    "struck by style": (lambda s, n: f'<b style="text-decoration: line-through">{s}{higher(n)}</b> {s}{n}', True),
    "struck by class": (lambda s, n: f'<span class="text-sm line-through">{s}{higher(n)}</span> {s}{n}', True),
    "an old price's class": (lambda s, n: f'<span class="Card_oldPrice__x1">{s}{higher(n)}</span> {s}{n}', True),
    "hidden": (lambda s, n: f"<span hidden>{s}{higher(n)}</span>{s}{n}", True),
    "display none": (lambda s, n: f'<span style="display: none">{s}{higher(n)}</span>{s}{n}', True),
    "visibility hidden": (lambda s, n: f'<span style="color:red;visibility:hidden">{s}{higher(n)}</span>{s}{n}', True),
    "template": (lambda s, n: f"<template>{s}{higher(n)}</template>{s}{n}", True),
    "script": (lambda s, n: f"<script>var was = '{s}{higher(n)}'</script>{s}{n}", True),
    "for screen readers": (lambda s, n: f'<span class="sr-only">was {s}{higher(n)} now</span>{s}{n}', True),
    "two copies": (lambda s, n: f'<i aria-hidden="true">{s}{n}</i><i class="visually-hidden">{n} dollars</i>', True),
    "a copy for eyes": (lambda s, n: f'<span aria-hidden="true">{s}{higher(n)}</span> <span>{s}{n}</span>', False),
    "comment behind the sign": (lambda s, n: f"{s}<!-- -->{n}", True),
    "comment before the point": (lambda s, n: s + parted(n, "{units}<!-- -->.{decimals}"), True),
    "comment behind the point": (lambda s, n: s + parted(n, "{units}.<!-- -->{decimals}"), True),
    "comments all over": (lambda s, n: s + "<!-- x -->".join(n), True),
    "bold sign": (lambda s, n: f"<b>{s}</b>{n}", True),
    "in parts": (lambda s, n: f"{s}{parted(n, '<span>{units}</span><span>.{decimals}</span>')}", True),
    "each part apart": (lambda s, n: f"<b>{s}</b>" + parted(n, "<b>{units}</b><i>.</i><b>{decimals}</b>"), True),
    "small decimals": (lambda s, n: s + parted(n, "{units}<small>.{decimals}</small>"), True),
    "a break allowed": (lambda s, n: s + parted(n, "{units}<wbr>.{decimals}"), True),
    "invisible characters": (lambda s, n: s + parted(n, "{units}&#8203;.&shy;{decimals}"), True),
    "a space": (lambda s, n: f"{s}&nbsp;{n}" if s else n, True),
    "full width": (lambda s, n: "".join(chr(ord(c) + 0xFEE0) if "!" < c < "~" else c for c in s + n), True),
    "code behind": (lambda s, n: f"{n} {CODES[s]}".strip(), True),
    "code close behind": (lambda s, n: f"{n}{CODES[s]}", True),
    "code before": (lambda s, n: f"{CODES[s]} {n}".strip(), True),
    "US": (lambda s, n: f"US{s}{n}" if s == "$" else s + n, True),
    "sign behind": (lambda s, n: f"{n} {s}".strip(), True),
    "raised cents": (lambda s, n: s + parted(n, "{units}<sup>{decimals}</sup>"), False),
    "raised cents, a space": (lambda s, n: s + parted(n, "{units} <sup>{decimals}</sup>"), False),
    "raised by class": (lambda s, n: s + parted(n, '{units}<span class="price-cents">{decimals}</span>'), False),
    "raised characters": (lambda s, n: s + raised(n), False),
    "cents in an element": (lambda s, n: s + parted(n, "{units}<small>{decimals}</small>"), False),
    "cents side by side": (lambda s, n: s + parted(n, "<span>{units}</span><span>{decimals}</span>"), False),
    "cents in a block": (lambda s, n: s + parted(n, "<div>{units}</div><div>{decimals}</div>"), False),
    "decimals in a block": (lambda s, n: s + parted(n, "<div>{units}</div><div>.{decimals}</div>"), False),
    "lowered": (lambda s, n: s + parted(n, "{units}<sub>{decimals}</sub>"), False),
    "footnote": (lambda s, n: f"{s}{n}<sup>1</sup>", False),
    "footnote, a character": (lambda s, n: f"{s}{n}¹", False),
    "sign, code and number": (lambda s, n: f"{CODES[s]} {s}{n}".strip(), True),
    "dollars and cents": (
        lambda s, n: f"<sup>{s}</sup>" + parted(n, '<span>{units}</span><span class="cents">{decimals}</span>'), False,
    ),
    "sign, number and code": (lambda s, n: f"{s}{n} {CODES[s]}".strip(), True),
    "spaced out": (lambda s, n: s + parted(n, " {units} . {decimals}"), False),
    "asterisk": (lambda s, n: f"{s}{n}<sup>*</sup>", True),
    "was and now": (lambda s, n: f"was {s}{higher(n)} now {s}{n}", False),
    "instead of": (lambda s, n: f"{s}{n} instead of {s}{higher(n)}", False),
    "list price": (lambda s, n: f"List price: {s}{higher(n)}, <b>{s}{n}</b>", False),
    "two prices": (lambda s, n: f"{s}{higher(n)} {s}{n}", False),
    "two prices, a sign": (lambda s, n: f"{s}{higher(n)} {n}", False),
    "a discount": (lambda s, n: f"{s}{higher(n)} (20% off)", False),
    "a saving": (lambda s, n: f"Save 20% {s}{higher(n)}", False),
    "only an old price": (lambda s, n: f"was {s}{higher(n)}", False),
    "an arrow": (lambda s, n: f"{s}{higher(n)} → {s}{n}", False),
    "two blocks": (lambda s, n: f'<p class="old">{s}{higher(n)}</p><p>{s}{n}</p>', False),
    "a sale": (lambda s, n: f"Sale {s}{n} Reg. {s}{higher(n)}", False),
    "a point in the middle": (lambda s, n: s + parted(n, "{units}·{decimals}"), False),
    "a comma": (lambda s, n: s + parted(n, "{units},{decimals}"), False),
    "a range": (lambda s, n: f"{s}{n}-{s}{higher(n)}", False),
}  # fmt: skip

PAGES = [
    slug
    for slug in (module.PROVIDER.slug for module in run.providers())
    if any(one.kind in ("html", "flight") for one in documents(slug))
]


def rewritten(slug: str, write: Write) -> Bodies:
    """The page with its prices rewritten."""
    found = [copy.deepcopy(one.root) for one in documents(slug)]
    for amount in reversed(price_amounts(slug)):
        *way, last = amount.path
        holder = at(found[amount.answer], tuple(way))
        if isinstance(holder[last], str) and not holder[last].startswith("<"):
            number = list(NUMBER.finditer(holder[last]))[amount.place]
            before = re.search(r"[$₹]? ?$", holder[last][: number.start()])
            assert before
            sign = before[0].strip()
            start = before.start() if sign else number.start()
            # In React's data a text that begins with a dollar sign has it doubled.
            start -= holder[last][:start].endswith("$")
            holder[last] = holder[last][:start] + write(sign, number[0]) + holder[last][number.end() :]
    return [one.write(root) for one, root in zip(documents(slug), found, strict=True)]


def prices(offers: list[Offer]) -> dict[tuple[str, str], set[tuple[Decimal | None, ...]]]:
    found: dict[tuple[str, str], set[tuple[Decimal | None, ...]]] = {}
    for offer in offers:
        amounts = tuple(getattr(offer, name) for name in PRICE_FIELDS)
        found.setdefault((offer.instance_type, offer.region), set()).add(amounts)
    return found


def wrong(slug: str, good: Scraped, bodies: Bodies) -> Iterator[str]:
    """The offers whose price changed, and those that disappeared without a message."""
    found = scraped(slug, bodies)
    if found.error:
        return
    before, after = prices(good.offers), prices(found.offers)
    named = {row.instance_type for row in found.unreadable} | {row.name for row in found.left_out}
    odd = {offer.instance_type for offer in found.offers if offer.odd_prices}
    for key, amounts in after.items():
        if key[0] not in odd and amounts != before.get(key):
            yield f"{key[0]} costs {amounts}, not {before.get(key)}"
    for name, _ in before.keys() - after.keys():
        if name not in named:
            yield f"{name} is gone"


def is_markup_in_data(slug: str) -> bool:
    """Whether the prices are text for a script, where markup would be shown literally."""
    return any(one.kind == "flight" for one in documents(slug))


several = pytest.mark.parametrize("ways_n", sample([4, len(WAYS)], 1))


def some_ways(slug: str, ways_n: int) -> dict[str, tuple[Write, bool]]:
    """So many of the ways, for each page others."""
    return {way: WAYS[way] for way in random.Random(slug).sample(list(WAYS), ways_n)}


@several
@pytest.mark.parametrize("slug", PAGES)
def test_a_price_is_read_as_it_is_seen_or_refused_by_name(slug: str, ways_n: int) -> None:
    good = scraped(slug, rewritten(slug, lambda sign, number: sign + number))
    found = {
        way: list(wrong(slug, good, rewritten(slug, write))) for way, (write, _) in some_ways(slug, ways_n).items()
    }
    assert {way: problems for way, problems in found.items() if problems} == {}


@several
@pytest.mark.parametrize("slug", PAGES)
def test_what_a_reader_sees_at_once_is_read(slug: str, ways_n: int) -> None:
    good = prices(scraped(slug, rewritten(slug, lambda sign, number: sign + number)).offers)
    chosen = {} if is_markup_in_data(slug) else some_ways(slug, ways_n)
    ways = {way: write for way, (write, must_be_read) in chosen.items() if must_be_read}
    found = {way: prices(scraped(slug, rewritten(slug, write)).offers) for way, write in ways.items()}
    assert {way: amounts for way, amounts in found.items() if amounts != good} == {}


def test_pages_are_found_and_their_prices_too() -> None:
    assert len(PAGES) > 30
    assert {"jarvislabs", "gmi-cloud", "fal", "civo", "nebius"} <= set(PAGES)
    changed = rewritten("jarvislabs", lambda sign, number: sign + higher(number))
    assert [offer.price for offer in scraped("jarvislabs", changed).offers][:2] == [
        Decimal("4.9875"),
        Decimal("3.3625"),
    ]
