"""Prices in running text: which GPU's name each price follows, whatever the page's markup."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal, NamedTuple

from scrapers.parse import GPU_NAME, memory_gb, money

Per = Literal["month", "hour", "minute", "second"]


class Card(NamedTuple):
    """A GPU with its price, as stated: `gpu_count` is the 8 of "8x H100", the memory is one GPU's."""

    gpu: str
    gpu_count: int
    memory_gb: Decimal | None
    price: Decimal | None

    @property
    def name(self) -> str:
        """A name that is the card's own on its page: "H100 80 GB", "8x H100"."""
        number = f"{self.gpu_count}x " if self.gpu_count > 1 else ""
        memory = f" {self.memory_gb.normalize():f} GB" if self.memory_gb else ""
        return f"{number}{self.gpu}{memory}"


_GPU = re.compile(rf"(?:(?<![\w.,$€£₹])(?P<count>\d{{1,2}}) ?[x×] ?)?(?P<gpu>{GPU_NAME})")
_SENTENCE_END = re.compile(r"(?<!\bRs)[.!?] ")
_MEMORY = re.compile(r"\b\d{2,3} ?Gi?B?\b(?! ?(?:RAM|system|DDR|SSD|NVMe|disk))", re.IGNORECASE)
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "₹": "INR", "rs.": "INR", "rs": "INR", "inr": "INR"}
_TIMES = {
    "month": r"mo(?:nth)?\b",
    "hour": r"h(?:ou)?rs?\b|h\b",
    "minute": r"min(?:ute)?\b",
    "second": r"s(?:ec(?:ond)?)?\b",
}
_HEADINGS = {"month": r"monthly", "hour": r"hourly", "minute": r"per minute", "second": r"per second"}


PRICE = r"(?P<price>(?:(?<![^\s/])[^\s/$€£₹]*+(?=[$€£₹]))?(?P<sign>[$€£₹]|\bINR\b|\bRs\b\.?) ?[^\s/$€£₹]+)"
"""A pattern for a word with a currency's sign: a price, or what stands in its place; `amount` tells them apart."""


def amount(stated: re.Match[str], currency: str) -> Decimal | None:
    """The amount in a match of `PRICE`.  Raises ValueError for what is no price, or one in another currency."""
    before, sign, number = stated["price"].partition(stated["sign"])
    if _SIGNS[sign.lower()] != currency or before.strip("(~") not in ("", "US"):  # "C$2.49" is Canadian
        raise ValueError(f"{stated['price']!r:.80} is not a price in {currency}")
    return money(number.replace(",", "") if currency == "INR" else number)  # India writes 1,80,000


def cards(text: str, currency: str, per: Per, *, unit_above: bool = False, within: int = 60) -> Iterator[Card]:
    """Each GPU's name that a price follows: in the same sentence, before the next name, at most `within` characters on.

    A price counts if it has a currency's sign and, beside it, the unit of time; with `unit_above` the unit may
    instead stand further up, and beside the price no other one.  "as low as $2/hr for H100" is no card's price.
    Raises ValueError where something else stands in a price's place, and for a price in another currency.
    """
    price = rf"{PRICE}(?: ?/ ?GPU\b(?! ?[/-]))?"
    unit = rf"(?:GPU[ /-]{{0,3}})?(?:{_TIMES[per]})"
    beside = re.compile(rf"{price} ?(?:/|\bper\b|\ban?\b) ?{unit}(?! for\b)", re.IGNORECASE)
    alone = re.compile(rf"{price}(?<![kmb])(?! ?(?:/|(?:per|for|an?)\b))(?!\S)", re.IGNORECASE)
    heading = re.search(rf"(?:/|\bper\b) ?{unit}|\b{_HEADINGS[per]}\b", text, re.IGNORECASE) if unit_above else None
    for gpu, words in _segments(text):
        stated = beside.search(words)
        if not stated and heading and heading.start() < gpu.start():
            stated = alone.search(words)
        if stated and stated.start() <= within:
            memory = _MEMORY.search(words[: stated.start()])
            size = memory_gb(memory[0]) if memory else None
            yield Card(gpu["gpu"], int(gpu["count"] or 1), size, amount(stated, currency))


def _segments(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Each GPU's name with the words behind it, up to the next name or the sentence's end."""
    names = list(_GPU.finditer(text))
    for name, following in zip(names, [*names[1:], None], strict=True):
        words = text[name.end() : following.start() if following else len(text)]
        end = _SENTENCE_END.search(words)
        yield name, words[: end.start()] if end else words
