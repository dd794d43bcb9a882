"""Where a provider's recorded answers hold prices: found by changing numbers and parsing the answers again."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

from scrapers import run
from scrapers.captures import Recording, recording
from scrapers.offer import PRICE_FIELDS, Offer
from scrapers.run import ProviderModule, Scraped
from tests.faults.documents import Amount, Bodies, Document, amounts, at, document, edited, text_of


def shipped(slug: str) -> Recording:
    """The provider's recording."""
    found = recording(slug)
    assert found is not None
    return found


@cache
def documents(slug: str) -> list[Document]:
    """The trees of the provider's answers."""
    return [document(capture) for capture in shipped(slug).captures]


@cache
def module_of(slug: str) -> ProviderModule:
    """The provider's module."""
    return next(module for module in run.providers() if module.PROVIDER.slug == slug)


def scraped(slug: str, bodies: Sequence[bytes]) -> Scraped:
    """What a run makes of these answers in place of the recorded ones."""
    captures = shipped(slug).captures
    fetch = run.replayer(replace(one, body=body) for one, body in zip(captures, bodies, strict=True))
    found: list[Scraped] = []

    async def go() -> None:  # not returned: asyncio formats what its main task returns, however long
        found.append(await run.scrape(module_of(slug), fetch, clock=lambda: captures[0].fetched_at))

    asyncio.run(go())
    return found[0]


@cache
def last_needed(slug: str) -> int:
    """The place of the last recorded answer without which the provider has no offers; later ones may be dispensable."""
    captures = shipped(slug).captures
    places = {capture.request.identity: place for place, capture in enumerate(captures)}
    asked = [places[one.request.identity] for one in scraped(slug, [one.body for one in captures]).captures]
    for place in reversed(asked):
        if scraped(slug, [b"" if number == place else one.body for number, one in enumerate(captures)]).error:
            return place
    raise AssertionError(f"{slug} needs none of its answers")


@cache
def price_amounts(slug: str) -> list[Amount]:
    """The numbers that are prices or parts of them: multiplied by ten, they raise prices and change nothing else."""
    good = scraped(slug, [one.write(one.root) for one in documents(slug)]).offers
    groups: dict[Any, list[Amount]] = defaultdict(list)
    for amount in amounts(documents(slug)):
        groups[_group(slug, amount)].append(amount)
    found: list[Amount] = []
    written = {_digits(price) for offer in good for price in _prices(offer) if price}
    for alike in groups.values():
        if _are_prices(slug, good, alike):
            found += alike
        else:
            likely = [one for one in alike if _digits(Decimal(_plain(text_of(documents(slug), one)))) in written]
            found += [one for one in likely if _are_prices(slug, good, [one])]
    return found


def ten_times(number: str) -> str:
    """The number multiplied by ten."""
    return f"{Decimal(_plain(number)) * 10:f}"


def with_edit(slug: str, chosen: Iterable[Amount], edit: Any) -> Bodies:
    """The provider's answers with these numbers edited."""
    return edited(documents(slug), list(chosen), edit)


def _group(slug: str, amount: Amount) -> Any:
    """What numbers of the same meaning share: the innermost key on their path, or the tag before them."""
    root = documents(slug)[amount.answer].root
    names = [key for key in amount.path if isinstance(key, str)]
    if names:
        return amount.answer, tuple(names[-1:]), amount.place
    index = amount.path[0]
    return amount.answer, at(root, (index - 1,)) if isinstance(index, int) and index else "", amount.place


def _are_prices(slug: str, good: list[Offer], chosen: list[Amount]) -> bool:
    changed = scraped(slug, with_edit(slug, chosen, ten_times)).offers
    if len(changed) != len(good):
        return False
    pairs = [(_rest(one), _rest(other)) for one, other in zip(good, changed, strict=True)]
    moved = [(old, new) for one, other in zip(good, changed, strict=True) for old, new in _moved(one, other)]
    return bool(moved) and all(one == other for one, other in pairs) and all(old < new for old, new in moved)


def _moved(one: Offer, other: Offer) -> list[tuple[Decimal, Decimal]]:
    pairs = zip(_prices(one), _prices(other), strict=True)
    return [(old or Decimal(0), new or Decimal(0)) for old, new in pairs if old != new]


def _prices(offer: Offer) -> list[Decimal | None]:
    return [getattr(offer, name) for name in PRICE_FIELDS]


def _rest(offer: Offer) -> Any:
    return replace(offer, **dict.fromkeys([*PRICE_FIELDS, "raw"]))


def _plain(number: str) -> str:
    return number.replace(",", "")


def _digits(amount: Decimal) -> str:
    return f"{amount:f}".replace(".", "").strip("0")
