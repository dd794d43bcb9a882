"""Text to values: prices, counts, memory sizes, availability, JSON."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from price_parser import Price

from scrapers.offer import Availability, OddPrice, StatedPrice, is_ordinary
from scrapers.visible_text import plain

GPU_NAME = (
    r"(?:\b(?:NVIDIA|Nvidia|AMD) )?\b(?:(?:HGX|DGX|GeForce|Tesla|Quadro|Instinct|Radeon) )?"
    r"(?:(?:RTX|GTX|TITAN) (?:(?:PRO|Pro) )?A?\d{4}|(?:GB|GH|MI|[ABHLPTV])\d{1,3}[A-Z]{0,2})\b"
    r"(?:[ -](?:(?:Ti|TI|Super|SUPER|Ada|ADA|Pro|PRO|Blackwell|SXM\d?|PCIe|PCIE|NVL\d*|NVLink)\b))*"
)
"""A pattern for GPU names in running text, with the form factor but without memory: "RTX 4090", "NVIDIA H100 SXM5"."""

_CODES = "USD|EUR|GBP|INR|CHF|CAD|AUD|NZD|SGD|HKD|JPY|CNY|KRW|BRL|SEK|NOK|DKK|PLN|CZK|TRY|ZAR"
_CODE = r"(?<![A-Za-z])(?i:USD|EUR|GBP|INR|CHF|Rs\.?|(?:US[ -])?dollars?)(?![A-Za-z])"
_SIGN = rf"(?:[$€£₹¥]|{_CODE})"
# After a number: it counts or measures something, and is not a price.
_OF_THINGS = r" ?(?i:[GTM]i?B|[GTM]bps|G|x|×|v?CPUs?|GPUs?|v?cores?|nodes?|hours?|days?|months?|years?)\b"
PRICE = (
    r"(?<![^\s/])(?:"
    rf"[^\s/$€£₹¥]*+[$€£₹¥] ?\d[\d.,]*+ (?:[.,] ?)?\d[\d.,]*+(?![\w%]|{_OF_THINGS})"  # "$2 69", "$3.36 2.69"
    r"|[^\s/$€£₹¥]*+[$€£₹¥](?: (?=[.,]?\d))?+[^\s/)][^\s/]*+"  # "US$2.69", "$ 2.69", "$abc"
    rf"(?: (?-i:{_CODES})(?![A-Za-z]))?"  # "$2.69 USD"
    r"|[$€£₹¥](?=\t|$)"  # a sign whose number is missing
    rf"|{_CODE} ?[$₹]?[.,]?\d[^\s/]*+"  # "USD 2.69"
    r"|[~(]?(?:\d[\d,]*+ (?=[.,]?\d\d? ?[A-Za-z$€£₹¥]))?[.,]?\d[\d.,'^|]*+"  # "2.69 USD", "2.69 $"
    rf" ?(?:{_CODE}|(?:US)?[$€£₹¥](?! ?[.,]?\d))"
    r")"
)
"""A pattern for words with a currency's sign or code: a price, or something in its place; `money` tells which."""

_NOT_A_PRICE = re.compile(r"contact|request|\bn/?a\b|sold|custom|talk|\bcall", re.IGNORECASE)
_OTHER_DOLLARS = r"(?<![A-Za-z])(?!USD?\$)[A-Z]{1,3}\$"  # "A$", "HK$"
_STATED = re.compile(rf"{_OTHER_DOLLARS}|[$€£₹¥₩₽₺₫₴₪฿]|(?<![A-Za-z])(?i:{_CODES}|RS|DOLLARS?)(?![A-Za-z])")
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "₹": "INR", "RS": "INR", "DOLLAR": "USD", "DOLLARS": "USD"}
# Spaces and apostrophes only group digits in threes; which of point and comma is the decimal one, `_GROUPED` knows.
_NUMBER = r"(?:\d{1,3}(?:[ '\u00a0\u202f]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)*|\.\d+)"
_LONGEST = 500
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", re.IGNORECASE)  # as JSON writes a number
_NUMBERS = re.compile(_NUMBER)
_WITH_SIGN = re.compile(rf"{_SIGN}\s?({_NUMBER})|({_NUMBER})\s?{_SIGN}")
_INDIAN = re.compile(r"(?<![\d,])\d{1,2}(?:,\d\d)+,\d{3}(?![\d,])")  # 1,80,000
# An amount that is negative, a range, in pieces or otherwise not a single price: better refused than guessed.
_WRONG = re.compile(
    rf"(?:^|[\s(:])[-−]\s?{_SIGN}?\s?[\d.]|{_SIGN}\s?[-−]"  # negative
    rf"|{_NUMBER}\s?{_SIGN}\s?{_NUMBER}"  # "8 $2.00"
    rf"|{_NUMBER}\s?[-–—]\s?{_SIGN}?\s?{_NUMBER}"  # a range
    rf"|{_SIGN}\s?{_NUMBER}[.,]?\s(?:[.,]\s?)?\d[\d.,]*+(?![\w%]|{_OF_THINGS})"  # "$2 69", "$3.36 2.69"
    rf"|{_NUMBER}\s{_NUMBER}\s?{_SIGN}"  # "2 69 USD"
    r"|[<^]|&#?\w{1,8};|\d(?!'\d{3})[^\w\s.,/(;+]\d|\d\s?[¼½¾⅐-⅞]|\d[kmbKMB](?![A-Za-z])"  # "$2|69", "$2<sup>69</sup>"
    r"|[\u202a-\u202e\u2066-\u2069]"  # shown in another order than written
)
# Words for an old price or a saving.
_NOT_TODAYS = re.compile(
    r"\b(?:was|before(?! tax)|instead|originally|previously|formerly|statt|save|savings?|discount|rabatt)\b"
    r"|% ?off\b|\boff$",
    re.IGNORECASE,
)
# A number by its decimal sign, with thousands in threes or ungrouped: "2,50" is neither 2.50 nor 250.
_GROUPED = {
    ".": re.compile(r"\d*(?:\.\d+)?|[1-9]\d{0,2}(?:[, '\u00a0\u202f]\d{3})+(?:\.\d+)?"),
    ",": re.compile(r"\d*(?:,\d+)?|[1-9]\d{0,2}(?:[. '\u00a0\u202f]\d{3})+(?:,\d+)?"),
}
# Raised cents ("11^99") and a raised footnote ("2.69^1").
_CENTS = {
    ".": re.compile(r"(?<![\d.,])(\d[\d,]*)\^(\d\d)(?!\d)"),
    ",": re.compile(r"(?<![\d.,])(\d[\d.]*)\^(\d\d)(?!\d)"),
}
_NOTED = re.compile(r"([.,]\d\d+)\^\d(?!\d)")
_AVAILABILITY: Mapping[Availability, frozenset[str]] = {
    "available": frozenset({"available", "in stock", "high", "medium", "normal", "true", "yes"}),
    "limited": frozenset({"low", "limited", "scarce"}),
    "sold_out": frozenset(
        {"sold out", "out of stock", "unavailable", "not available", "none", "no", "false", "no stock", "empty"}
    ),
    "waitlist": frozenset({"waitlist", "waiting list", "preorder", "pre order"}),
    "deprecated": frozenset({"deprecated"}),
}
# Not "b3-8" or "t1-45": machines without GPUs have such names too.
_MACHINE_WITH_GPU = re.compile(
    r"(?<![^\W_\d])(?:gpus?|rtx[ -]?(?:pro[ -]?)?a?\d{4}|(?:gb|gh|mi|b)\d{3}x?|[ahlpv]\d{2,3}s?|[lt]4|a2)(?![^\W_])",
    re.IGNORECASE,
)
# A whole number: "8x", "1,024", "8.0", but not the decimals of another.
_COUNT = re.compile(r"(?<![\d.,−-])(\d{1,3}(?:,\d{3})+|\d+)(?:\.0+)?(?![\d.,])")
# A size with its unit, or a number at the end, which is in GB; a raised digit after it is a footnote.
_MEMORY = re.compile(r"(?<![\w.,^−-])(\d[\d,]*(?:\.\d+)?)(?:\s*([TGM])(?:i?B|i)?\b|(?:\^\d)?\s*$)", re.IGNORECASE)
_GB_PER = {"T": Decimal(1024), "G": Decimal(1), "M": Decimal(1) / 1024}


def money(value: Any, decimal: Literal[".", ","] = ".", currency: str = "USD") -> Decimal | None:
    """The amount in "$2.49/hr", "1,299.00", "2.49 USD", 2.49, "1e-8"; None for "", "-", "Contact us" and for zero.

    Of several numbers it is the one with a currency sign.  Two raised digits right after a whole amount are its cents
    ("11^99"), one digit after two decimals or more is a footnote ("2.69^1"), as `scrapers.visible_text` marks them.
    Raises ValueError for text without an amount, or with two that have a sign; for a sign between two numbers
    ("8 $2.00"); for an amount that is negative, a range, in pieces ("$2 69", "$2|69", other raised digits), grouped
    otherwise than in thousands ("2,50" with `decimal` "."), or marked as an old price or a saving; and for the sign or
    code of a currency other than `currency`: "€2.49" is not 2.49 dollars.
    """
    if _is_blank(value):
        return None
    amount = value if isinstance(value, Decimal) else _amount(value, decimal, currency)
    if amount is not None and (not is_ordinary(amount) or amount < 0):
        raise _no_price(value, currency)
    return amount or None


def _amount(value: Any, decimal: Literal[".", ","], currency: str) -> Decimal | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    if not isinstance(value, str) or len(value) > _LONGEST:  # matching takes time with the square of the length
        raise _no_price(value, currency)
    text = plain(value).strip()
    if decimal == "." and _PLAIN.fullmatch(text):
        return _decimal(text)
    if _NOT_A_PRICE.search(text) or text.casefold() == "free":
        return None
    number = _the_number(text, decimal, currency)
    if number is None:
        raise _no_price(value, currency)
    return Price.fromstring(number, decimal_separator=decimal).amount


def _the_number(text: str, decimal: Literal[".", ","], currency: str) -> str | None:
    """The number that is the price; None where there is none, more than one, or only one that is not today's."""
    stated = {_SIGNS.get(sign, sign) for sign in map(str.upper, _STATED.findall(text))}
    text = _NOTED.sub(r"\1", _CENTS[decimal].sub(rf"\1{decimal}\2", text))
    if currency == "INR":
        text = _INDIAN.sub(lambda number: number[0].replace(",", ""), text)
    numbers = ["".join(found) for found in _WITH_SIGN.findall(text)] or _NUMBERS.findall(text)
    is_wrong = not stated <= {currency} or _WRONG.search(text) or _NOT_TODAYS.search(text)
    return numbers[0] if len(numbers) == 1 and not is_wrong and _GROUPED[decimal].fullmatch(numbers[0]) else None


def _no_price(value: Any, currency: str) -> ValueError:
    return ValueError(f"{value!r:.80} is not a price in {currency}")


def price_or_why(words: str, currency: str = "USD") -> StatedPrice:
    """A price for a `Draft`, as `money` reads it, or an `OddPrice` with the reason why it can't be read."""
    try:
        return money(words, currency=currency)
    except ValueError as error:
        return OddPrice(str(error))


def cents(value: Any) -> Decimal | None:
    """The amount in whole currency units of one in cents; None as for `money`."""
    amount = money(value)
    return None if amount is None else amount / 100


def count(value: Any) -> int | None:
    """8 for "8x", "8 x", 8, "8", Decimal("8E+0"); None for "" and "-".

    Raises ValueError for text without a number, and for a number that is negative or not whole.
    """
    if _is_blank(value):
        return None
    number = _alone(value)
    if number is None and isinstance(value, str) and (found := _COUNT.search(value)):
        number = Decimal(found[1].replace(",", ""))
    if number is None or not is_ordinary(number) or number < 0 or number != int(number):
        raise ValueError(f"{value!r:.80} is not a count")
    return int(number)


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip(" -–—"))


def _alone(value: Any) -> Decimal | None:
    """The value of a number, or of text that is nothing but a number; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    text = str(value).strip()
    return _decimal(text) if not isinstance(value, str) or _PLAIN.fullmatch(text) else None


def _decimal(text: str) -> Decimal:
    """The number, or NaN for one whose exponent is too large for a Decimal."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")


def is_plain(value: Any) -> bool:
    """Whether an amount is nothing but a number, without a currency, a unit or words."""
    return not isinstance(value, str) or bool(re.fullmatch(r"[\d.,]+(?:e[+-]?\d+)?", value.strip(), re.IGNORECASE))


def availability(value: Any) -> Availability | None:
    """The availability that a count (0, "3"), a flag, a word ("Low", "out of stock") or a list of places states.

    None for words that do not state it.  Raises ValueError for a count below 0.
    """
    if isinstance(value, Mapping | list | tuple):
        return "available" if value else "sold_out"
    if _alone(value) is not None:
        return "available" if count(value) else "sold_out"
    text = "" if value is None else str(value).casefold().strip()
    word = " ".join(re.split(r"[\W_]+", text))
    return next((status for status, words in _AVAILABILITY.items() if word in words), None)


def names_gpu(machine: str) -> bool:
    """Whether a provider's own name of a machine shows that it has GPUs: "h100-380", "gpu_8x_a100", "RTX4000"."""
    return bool(_MACHINE_WITH_GPU.search(machine))


def memory_gb(value: Any) -> Decimal | None:
    """GB (1024 MB) for "80 GB", "81920MB", "1.5TB", "24Gi"; a bare number is GB; None for "" and "-".

    Raises ValueError for text without a size.
    """
    if _is_blank(value):
        return None
    number = _alone(value)
    if number is None and isinstance(value, str) and (found := _MEMORY.search(value)):
        number = Decimal(found[1].replace(",", "")) * _GB_PER[(found[2] or "G").upper()]
    if number is None or not is_ordinary(number) or number < 0:
        raise ValueError(f"{value!r:.80} is not a memory size")
    return number


def json_value(text: str | bytes) -> Any:
    """The value of JSON text, amounts exact: numbers with a point, and those too long for an int, become Decimal.

    Raises ValueError for text that is not JSON.
    """
    return json.loads(text, parse_float=_decimal, parse_int=_whole, parse_constant=_no_such_number)


def _whole(digits: str) -> int | Decimal:
    return int(digits) if len(digits) < 20 else Decimal(digits)  # Python refuses to make an int of thousands of digits


def _no_such_number(constant: str) -> Any:
    raise ValueError(f"{constant} is not a JSON number")
