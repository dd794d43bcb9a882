"""Prices in running text, whatever the page's markup: each belongs to the GPU's name before it.

A tab stands before each cell of a table: a price in a cell of its own is of another kind, not an older one.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Literal, NamedTuple

from scrapers.offer import OddPrice, StatedPrice, Unreadable
from scrapers.parse import GPU_NAME, PRICE, count, memory_gb, money

Per = Literal["month", "hour", "minute", "second"]


class Card(NamedTuple):
    """A GPU with its price, as a page's price card states it: `gpu_count` is 8 for "8x H100", None for "H100".

    The memory is one GPU's.  `price` is None where no price follows the name, an OddPrice where it is not clear which
    price holds.
    """

    gpu: str
    gpu_count: int | None
    memory_gb: Decimal | None
    price: StatedPrice

    @property
    def name(self) -> str:
        """A name that tells the card from the page's others: "H100 80 GB", "8x H100"."""
        number = f"{self.gpu_count}x " if self.gpu_count and self.gpu_count > 1 else ""
        memory = f" {self.memory_gb.normalize():f} GB" if self.memory_gb else ""
        return f"{number}{self.gpu}{memory}"


Segment = tuple[re.Match[str], str]
"""A GPU's name in running text, or the heading of a card, with the text after it."""


class _FoundPrice(NamedTuple):
    """A price in running text.  `end` is where its unit ends; `unit` is "" where none stands beside it."""

    words: str
    start: int
    end: int
    unit: Per | Literal["", "other"]
    label: Literal["", "old", "list", "other"]


# A GPU's name, perhaps after a count ("8x H100"), which is not the end of a price ("$2.69 x H100").
_GPU = re.compile(rf"(?:(?<![\w.,$€£₹])(?P<count>\d{{1,2}}) ?[x×] ?)?(?P<gpu>{GPU_NAME})")
_SENTENCE_END = re.compile(r"(?<!\bRs)[.!?]\s(?!\d)")  # in "$2. 69" a price is in pieces
# A GPU's memory, not that of its machine.
_MEMORY = re.compile(r"\b\d{2,3} ?Gi?B?\b(?! ?(?:RAM|system|DDR|SSD|NVMe|disk))", re.IGNORECASE)
_TIMES = {
    "month": r"mo(?:nth)?\b",
    "hour": r"h(?:ou)?rs?\b|h\b",
    "minute": r"min(?:ute)?\b",
    "second": r"s(?:ec(?:ond)?)?\b",
}
_HEADINGS = {"month": r"monthly", "hour": r"hourly", "minute": r"per minute", "second": r"per second"}
_A_PRICE = re.compile(PRICE, re.IGNORECASE)
_PER_GPU = re.compile(r"\s?/ ?GPU\b(?!\s?[/-])", re.IGNORECASE)
_OTHER_UNIT = re.compile(r"(?<=[kmb])|\s?(?:/|(?:per|for|an?)\b)", re.IGNORECASE)  # "$2M", "$2/token", "$2 per image"

_KINDS = (
    r"spot|preemptible|interruptible|reserved|commit(?:ted|ment)?|\d+[ -]?(?:years?|yr|months?|mo)|annual(?:ly)?|yearly"
    r"|monthly|weekly"
)
# Words right before or after a price that mark it as something else than today's price on demand.
_LABELS: dict[Literal["old", "list", "other"], re.Pattern[str]] = {
    "old": re.compile(
        r"\b(?:was|were|before|instead of|(?:down|reduced) from|original(?:ly)?|previous(?:ly)?|formerly|old|statt"
        r"|compared? (?:at|to)|vs\.?|versus)(?: price)?[\W_]{0,3}$",
        re.IGNORECASE,
    ),
    "list": re.compile(
        r"\b(?:list|regular(?:ly)?|normal(?:ly)?|usual(?:ly)?|standard|retail|rrp|msrp)(?: price)?[\W_]{0,3}$",
        re.IGNORECASE,
    ),
    "other": re.compile(
        rf"\b(?:{_KINDS}|save|savings?|credits?|deposit|set-?up|up to)(?: price| from)?[\W_]{{0,3}}$", re.IGNORECASE
    ),
}
_OTHER_AFTER = re.compile(
    r"\W{0,3}(?:off|credits?|saved|savings?|cheaper|less|discount|before(?! tax))\b"
    rf"|\s?(?:\( ?(?:{_KINDS})\b[^()\t]{{0,20}}\)|(?:{_KINDS})[,;])",
    re.IGNORECASE,
)
# A discount, without which it is not clear whether the price beside it is before or after it.
_DISCOUNT = re.compile(
    r"(?<!up to )\b\d+ ?% ?(?:off|discount|(?:cheaper|less)(?! than)|rabatt)|\bsave \d+ ?%|(?<!\w)[-−–]\d+ ?%",
    re.IGNORECASE,
)
# Between two prices: nothing but punctuation and words that choose between them.
_SIDE_BY_SIDE = re.compile(r"[^\w\t]*(?:(?:now|only|just|new|today|from|or)\b[^\w\t]*)*", re.IGNORECASE)
_EMPTY_CELL = re.compile(
    r"\t(?:[^\w\t]*|[^\t]*\b(?:n/?a|contact|request|sold|custom|talk|coming|only)\b[^\t]*)(?=\t)", re.IGNORECASE
)
_NEAR = 40  # how many characters around a price tell what it is
_HOURS_A_MONTH = range(715, 746)  # two prices with this ratio are one, per hour and per month


def cards(text: str, currency: str, per: Per, *, unit_above: bool = False, within: int = 60) -> Iterator[Card]:
    """Each GPU's name with the price that follows it: in the same sentence, before the next name, `within` characters.

    A price counts if it has a currency and, beside it, the unit of time; with `unit_above` the unit may instead stand
    further up the page, with none beside the price.  `price_after` chooses among several prices.
    """
    known = rf"(?:/|\bper\b)\s?{_unit(per)}|\b{_HEADINGS[per]}\b"
    heading = re.search(known, text, re.IGNORECASE) if unit_above else None
    for gpu, words in segments(_GPU, text):
        bare = bool(heading and heading.start() < gpu.start())
        price = _price_or_why(words, currency, per, bare=bare, within=within)
        yield Card(gpu["gpu"], count(gpu["count"]), _memory(words), price)


def _price_or_why(words: str, currency: str, per: Per, *, bare: bool, within: int) -> StatedPrice:
    try:
        return price_after(words, currency, per, bare=bare, within=within)
    except Unreadable as error:
        return OddPrice(str(error))


def segments(name: re.Pattern[str], text: str) -> Iterator[Segment]:
    """Each match with the text after it, up to the next match or the sentence's end; a match may span cells."""
    names = list(name.finditer(text.replace("\t", " ")))
    for found, following in zip(names, [*names[1:], None], strict=False):
        words = text[found.end() : following.start() if following else len(text)]
        end = _SENTENCE_END.search(words)
        yield found, words[: end.start()] if end else words


def price_after(
    words: str, currency: str = "USD", per: Per = "hour", *, bare: bool = False, within: int = 60
) -> Decimal | None:
    """The price on demand in the text after a name, None where there is none; with `bare`, also one without a unit.

    Left out are prices marked as old, a saving or another kind (was, instead of, save, spot, reserved ...), a list
    price beside another one and, without a unit, a price after an empty cell ("-", "Contact us"): it belongs to another
    column.  Raises Unreadable for text that is not a price, for an old price alone, for a price beside a discount
    ("20% off"), and for two that differ, since nothing says which one holds.  Prices in two cells of a table are of two
    kinds, of which the first counts; so are a price per hour and one per month.
    """
    stated = list(_stated(words, per, within))
    of_unit = [one for one in stated if one.unit == per] or [one for one in stated if bare and not one.unit]
    of_unit = [one for one in of_unit if one.label != "other"]
    if not of_unit or of_unit[0].start > within:
        return None
    cell = [one for one in of_unit if "\t" not in words[of_unit[0].end : one.start]]
    unmarked = [one for one in cell if not one.label] or [one for one in cell if one.label == "list"]
    if not unmarked:
        raise Unreadable(f"{cell[0].words!r:.80} is an old price, and no new one stands beside it")
    price, *_ = unmarked
    if not price.unit and _EMPTY_CELL.search(words, 0, price.start):
        return None
    _require_one(words, price, stated, currency)
    return _amount(price, currency)


def _require_one(words: str, price: _FoundPrice, stated: list[_FoundPrice], currency: str) -> None:
    """Raise Unreadable where a price is not the only one with its unit, or stands beside a discount."""
    for other in stated:
        if not other.label and other.unit in (price.unit, "") and _is_near(words, price, other):
            one, two = sorted(_amount(which, currency) or Decimal(0) for which in (price, other))
            if one != two and not (one and round(two / one) in _HOURS_A_MONTH):
                both = sorted((price, other), key=lambda which: which.start)
                raise Unreadable(
                    f"two prices, {both[0].words!r:.40} and {both[1].words!r:.40}; no word says which holds"
                )
    discount = _DISCOUNT.search(words[: price.end + _NEAR])
    if discount and not any(one.label in ("old", "list") for one in stated):
        raise Unreadable(f"{discount[0]!r} beside {price.words!r:.40}, and no word whether that is before or after it")


def _is_near(words: str, price: _FoundPrice, other: _FoundPrice) -> bool:
    first, second = sorted((price, other), key=lambda which: which.start)
    between = words[first.end : second.start]
    if "\t" in between or price is other:
        return False
    if other.unit == price.unit or other is first:
        return len(between) <= _NEAR
    return bool(_SIDE_BY_SIDE.fullmatch(between))


def _stated(words: str, per: Per, within: int) -> Iterator[_FoundPrice]:
    """The prices in a text, in order, up to some distance past `within` characters."""
    after = 0
    for found in _A_PRICE.finditer(words):
        if found.start() > within + 5 * _NEAR:
            return
        unit, end = _unit_after(words, found.end(), per)
        other_after = _OTHER_AFTER.match(words, end)
        label = "other" if other_after else _label(words[max(after, found.start() - _NEAR) : found.start()])
        yield _FoundPrice(found[0], found.start(), end, unit, label)
        after = other_after.end() if other_after else end


def _unit_after(words: str, at: int, per: Per) -> tuple[Per | Literal["", "other"], int]:
    """The unit after a price that ends at `at`, and where the unit ends."""
    of_time = _beside(per).match(words, at)
    if of_time:
        return per, of_time.end()
    per_gpu = _PER_GPU.match(words, at)
    end = per_gpu.end() if per_gpu else at
    return "other" if _OTHER_UNIT.match(words, end) else "", end


def _label(before: str) -> Literal["", "old", "list", "other"]:
    return next((label for label, pattern in _LABELS.items() if pattern.search(before)), "")


@cache
def _beside(per: Per) -> re.Pattern[str]:
    return re.compile(rf"(?:{_PER_GPU.pattern})?\s?(?:/|\bper\b|\ban?\b)\s?{_unit(per)}(?! for\b)", re.IGNORECASE)


def _unit(per: Per) -> str:
    return rf"(?:GPU[ /-]{{0,3}})?(?:{_TIMES[per]})"


def _amount(stated: _FoundPrice, currency: str) -> Decimal | None:
    try:
        return money(stated.words, currency=currency)
    except ValueError as error:
        raise Unreadable(str(error)) from error


def _memory(words: str) -> Decimal | None:
    """The GPU's memory, where it stands before the price."""
    price = _A_PRICE.search(words)
    size = _MEMORY.search(words[: price.start()] if price else words)
    return memory_gb(size[0]) if size else None
