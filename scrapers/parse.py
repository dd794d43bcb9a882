"""Text to values: amounts, counts, memory sizes."""

import re
from decimal import Decimal
from typing import Any, Literal

import lxml.html
from price_parser import Price

GPU_NAME = (
    r"(?:\b(?:NVIDIA|Nvidia|AMD) )?\b(?:(?:HGX|DGX|GeForce|Tesla|Quadro|Instinct|Radeon) )?"
    r"(?:(?:RTX|GTX|TITAN) (?:(?:PRO|Pro) )?A?\d{4}|(?:GB|GH|MI|[ABHLPTV])\d{1,3}[A-Z]{0,2})\b"
    r"(?:[ -](?:(?:Ti|TI|Super|SUPER|Ada|ADA|Pro|PRO|Blackwell|SXM\d?|PCIe|PCIE|NVL\d*|NVLink)\b))*"
)
"""A pattern for GPU names in running text, form factor included, memory left out: "RTX 4090", "NVIDIA H100 SXM5"."""

PRICE = r"(?<![^\s/])[^\s/$€£₹¥]*+[$€£₹¥][^\s/]*+"
"""A pattern for a word with a currency sign: a price, or what stands in its place; `money` tells them apart."""

_NOT_A_PRICE = re.compile(r"contact|request|\bn/?a\b|sold|custom|talk|\bcall", re.IGNORECASE)
_SIGN = r"(?:[$€£₹¥]|\b(?:USD|EUR|GBP|INR|CHF)\b)"
_CODES = "USD|EUR|GBP|INR|CHF|CAD|AUD|NZD|SGD|HKD|JPY|CNY|KRW|BRL|SEK|NOK|DKK|PLN|CZK|TRY|ZAR"
_OTHER_DOLLARS = r"(?<![A-Za-z])(?:AU?|CA?|HK|MX|NT|NZ|R|SG?)\$"
_STATED = re.compile(rf"{_OTHER_DOLLARS}|[$€£₹¥₩₽₺₫₴₪฿]|(?i:\b(?:{_CODES})\b)")
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "₹": "INR"}
_NUMBER = r"(?:\d{1,3}(?:[ '\u00a0\u202f]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)*|\.\d+)"
_LONGEST = 500
_PLAIN = re.compile(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?", re.IGNORECASE)
_NUMBERS = re.compile(_NUMBER)
_WITH_SIGN = re.compile(rf"{_SIGN}\s?({_NUMBER})|({_NUMBER})\s?{_SIGN}")
_NEGATIVE = rf"(?:^|[\s(:])[-−]\s?{_SIGN}?\s?[\d.]|{_SIGN}\s?[-−]"
_BETWEEN_NUMBERS = rf"{_NUMBER}\s?{_SIGN}\s?{_NUMBER}"
_WRONG = re.compile(f"{_NEGATIVE}|{_BETWEEN_NUMBERS}")
_GROUPED = {
    ".": re.compile(r"\d*(?:\.\d+)?|\d{1,3}(?:[, '\u00a0\u202f]\d{3})+(?:\.\d+)?"),
    ",": re.compile(r"\d*(?:,\d+)?|\d{1,3}(?:[. '\u00a0\u202f]\d{3})+(?:,\d+)?"),
}
_COUNT = re.compile(r"(?<![\d.,−-])(\d{1,3}(?:,\d{3})+|\d+)(?:\.0+)?(?![\d.,])")
_MEMORY = re.compile(r"(?<![\w.,−-])(\d[\d,]*(?:\.\d+)?)(?:\s*([TGM])(?:i?B|i)?\b|\s*$)", re.IGNORECASE)
_GB_PER = {"T": Decimal(1024), "G": Decimal(1), "M": Decimal(1) / 1024}


def money(value: Any, decimal: Literal[".", ","] = ".", currency: str = "USD") -> Decimal | None:
    """The amount in "$2.49/hr", "1,299.00", 2.49, "1e-8"; None for "", "-", "Contact us" and for zero.

    Of several numbers it is the one with a currency sign.  Raises ValueError for text with no or two such
    amounts, for a sign between two numbers ("8 $2.00"), for a negative amount, for one whose thousands are not in
    threes ("2,50" with `decimal` "."), and for the sign or the code of another currency than `currency`: "€2.49" is
    not 2.49 dollars.
    """
    if value is None or (isinstance(value, str) and not value.strip(" -–—")):
        return None
    amount = value if isinstance(value, Decimal) else _amount(value, decimal, currency)
    if amount is not None and (not amount.is_finite() or amount < 0):
        raise ValueError(f"{value!r:.80} is not a price")
    return amount or None


def _amount(value: Any, decimal: Literal[".", ","], currency: str) -> Decimal | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    if not isinstance(value, str) or len(value) > _LONGEST:  # matching would take the square of it
        raise ValueError(f"{value!r:.80} is not a price")
    if decimal == "." and _PLAIN.fullmatch(value.strip()):
        return Decimal(value.strip())
    if _NOT_A_PRICE.search(value):
        return None
    stated = {_SIGNS.get(sign, sign) for sign in map(str.upper, _STATED.findall(value))}
    if not stated <= {currency}:
        raise ValueError(f"{value!r:.80} is not a price in {currency}")
    with_sign = ["".join(found) for found in _WITH_SIGN.findall(value)]
    numbers = with_sign or _NUMBERS.findall(value)
    if value.strip().casefold() == "free":
        return None
    if len(numbers) != 1 or _WRONG.search(value) or not _GROUPED[decimal].fullmatch(numbers[0]):
        raise ValueError(f"{value!r:.80} is not a price")
    return Price.fromstring(numbers[0], decimal_separator=decimal).amount


def cents(value: Any) -> Decimal | None:
    """The amount in whole currency units for one in cents; None as `money`."""
    amount = money(value)
    return None if amount is None else amount / 100


def count(value: Any) -> int | None:
    """8 for "8x", "8 x", 8, "8"; None for "" and "-".

    Raises ValueError without a number, and for one that is negative or no whole number.
    """
    if value is None or (isinstance(value, str) and not value.strip(" -–—")):
        return None
    found = None if isinstance(value, bool) else _COUNT.search(str(value))
    if not found:
        raise ValueError(f"{value!r:.80} is not a count")
    return int(found.group(1).replace(",", ""))


def memory_gb(value: Any) -> Decimal | None:
    """GB (1024 MB) for "80 GB", "81920MB", "1.5TB", "24Gi"; a bare number is GB; None for "" and "-".

    Raises ValueError for text without a size.
    """
    if value is None or (isinstance(value, str) and not value.strip(" -–—")):
        return None
    found = None if isinstance(value, bool) else _MEMORY.search(str(value))
    if not found:
        raise ValueError(f"{value!r:.80} is not a memory size")
    return Decimal(found.group(1).replace(",", "")) * _GB_PER[(found.group(2) or "G").upper()]


def text_of(element: lxml.html.HtmlElement) -> str:
    """An element's text with its white space folded."""
    return " ".join(element.text_content().split())


def words_of(element: lxml.html.HtmlElement) -> str:
    """The words a reader sees in an element or a page, a space between any two; scripts and styles left out."""
    shown = ".//text()[not(ancestor::script or ancestor::style or ancestor::noscript or ancestor::template)]"
    return " ".join(" ".join(element.xpath(shown)).split())
