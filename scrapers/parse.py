"""Text to values: amounts, counts, memory sizes."""

import re
from decimal import Decimal
from typing import Any

import lxml.html
from price_parser import Price

GPU_NAME = (
    r"(?:\b(?:NVIDIA|Nvidia|AMD) )?\b(?:(?:HGX|DGX|GeForce|Tesla|Quadro|Instinct|Radeon) )?"
    r"(?:(?:RTX|GTX|TITAN) (?:(?:PRO|Pro) )?A?\d{4}|(?:GB|GH|MI|[ABHLPTV])\d{1,3}[A-Z]{0,2})\b"
    r"(?:[ -](?:(?:Ti|TI|Super|SUPER|Ada|ADA|Blackwell|SXM\d?|PCIe|PCIE|NVL\d*|NVLink)\b))*"
)
"""A pattern for GPU names in running text, form factor included, memory left out: "RTX 4090", "NVIDIA H100 SXM5"."""

_NOT_A_PRICE = re.compile(r"contact|request|n/?a|sold|custom|talk|call", re.IGNORECASE)
_COUNT = re.compile(r"(\d[\d,]*)")
_MEMORY = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*(T|G|M)?i?B?\b", re.IGNORECASE)
_GB_PER = {"T": Decimal(1024), "G": Decimal(1), "M": Decimal(1) / 1024}


def money(value: Any) -> Decimal | None:
    """The amount in "$2.49/hr", "1,299.00", 2.49; None for "", "-", "Contact us" and for zero.

    Raises ValueError for other text without an amount, and for a negative one.
    """
    if value is None or isinstance(value, str) and not value.strip(" -–—"):
        return None
    amount = value if isinstance(value, Decimal) else _amount(value)
    if amount is not None and (not amount.is_finite() or amount < 0):
        raise ValueError(f"{value!r} is not a price")
    return amount or None


def _amount(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        raise ValueError(f"{value!r} is not a price")
    if isinstance(value, int | float):
        return Decimal(str(value))
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a price")
    if _NOT_A_PRICE.search(value):
        return None
    parsed = Price.fromstring(value, decimal_separator=".").amount
    if parsed is None or "-" in re.split(r"\d", value, maxsplit=1)[0]:
        raise ValueError(f"{value!r} is not a price")
    return parsed


def cents(value: Any) -> Decimal | None:
    """The amount in whole currency units for one in cents; None as `money`."""
    amount = money(value)
    return None if amount is None else amount / 100


def count(value: Any) -> int | None:
    """8 for "8x", "8 x", 8, "8"; None for "" and "-".  Raises ValueError without a number."""
    if value is None or isinstance(value, str) and not value.strip(" -–—"):
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    found = _COUNT.search(str(value))
    if not found:
        raise ValueError(f"{value!r} is not a count")
    return int(found.group(1).replace(",", ""))


def memory_gb(value: Any) -> Decimal | None:
    """GB (1024 MB) for "80 GB", "81920MB", "1.5TB", "24Gi"; a bare number is GB; None for "" and "-"."""
    if value is None or isinstance(value, str) and not value.strip(" -–—"):
        return None
    found = _MEMORY.search(str(value))
    if not found:
        raise ValueError(f"{value!r} is not a memory size")
    return Decimal(found.group(1).replace(",", "")) * _GB_PER[(found.group(2) or "G").upper()]


def text_of(element: lxml.html.HtmlElement) -> str:
    """An element's text with its white space folded."""
    return " ".join(element.text_content().split())


def words_of(page: lxml.html.HtmlElement) -> str:
    """The words of a page as its reader sees them, one space between any two; scripts and styles left out."""
    texts = page.xpath("//text()[not(ancestor::script or ancestor::style or ancestor::noscript or ancestor::template)]")
    return " ".join(" ".join(texts).split())
