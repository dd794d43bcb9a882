"""What templates may do with a value: figures, days, addresses and words as pages show them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from generator import formats, labels, urls
from generator.charts.daily import daily
from generator.charts.on_scale import on_scale
from generator.charts.price_range import price_range
from generator.model.blocks import Fact
from generator.model.offer_table import Read
from generator.prose import markdown
from scrapers.addresses import host_of


def filters(base: str) -> Mapping[str, Callable[..., Any]]:
    """The filters by the names that templates use; links inside the site start with `base`."""
    return {
        "money": money,
        "day": day,
        "day_in": day_in,
        "percent": formats.percent,
        "share": formats.share,
        "share_of_time": formats.share_of_time,
        "daily": lambda days: Markup(daily(days)),  # noqa: S704 (ours, its letters are drawn)
        "price_range": lambda gpu: Markup(price_range(gpu.floor, gpu.median, gpu.ceiling)) if gpu.floor else "",  # noqa: S704
        "on_scale": lambda scale: Markup(on_scale(*scale)),  # noqa: S704 (ours, numbers in it)
        "ratio": formats.ratio,
        "gap": gap,
        "hours": lambda hours: formats.rounded(hours, 0) + " h",
        "figure": figure,
        "gigabytes": lambda amount: formats.rounded(amount, 1) + " GB",
        "pricing": labels.PRICING.__getitem__,
        "availability": labels.AVAILABILITY.__getitem__,
        "provider_type": labels.PROVIDER_TYPES.__getitem__,
        "segment": labels.SEGMENTS.__getitem__,
        "exclusion": labels.EXCLUSIONS.__getitem__,
        "source_error": lambda code: labels.SOURCE_ERRORS.get(code, code),
        "verdict": labels.VERDICTS.__getitem__,
        "plural": formats.plural,
        "noun": formats.noun,
        "count": _count,
        "slug": last_segment,
        "stated": stated,
        "collection": lru_cache(4096)(formats.collection),
        "host": _host,
        "sources": sources,
        "markdown": pass_context(partial(_markdown, base)),
        "href": base.__add__,
        "json_feed": lambda path: base + urls.json_feed(path),
        "changes_of": urls.changes_of,
        "feed": lambda path: base + urls.feed(path),
        "markdown_twin": lambda path: base + urls.markdown_twin(path),
        "json_twin": lambda path: base + urls.json_twin(path),
    }


@lru_cache(maxsize=16384)
def money(amount: Decimal | None, unit: str = "") -> Markup:
    """Dollars; None is shown as a dash and read aloud as "none"."""
    if amount is None:
        return Markup('<span class="none"><span aria-hidden="true">–</span><span class="vh">none</span></span>')
    return escape(formats.money(amount) + unit)


@lru_cache(maxsize=16384)
def day(moment: date | datetime | None, provider: str = "") -> Markup:
    """A time element for a day; with a provider's slug, the script can show how long ago it was."""
    if moment is None:
        return Markup('<span class="none">never</span>')
    of = Markup(' data-provider="{}"').format(provider) if provider else Markup()
    return Markup('<time datetime="{}"{}>{}</time>').format(formats.iso_day(moment), of, formats.day(moment))


def day_in(moment: datetime, read: Read | None) -> Markup:
    """A day without its year, where that is the one said for the whole table."""
    year = read.day.year if read else 0
    return Markup('<time datetime="{}">{}</time>').format(formats.iso_day(moment), formats.day(moment, year))


def stated(lines: Iterable[object], *fields: str) -> frozenset[str]:
    """The fields in which any line has something to show: a column of dashes is left out."""
    known = list(lines)
    return frozenset(field for field in fields if any(getattr(line, field) for line in known))


def gap(position: Decimal | None) -> str:
    """A price divided by the market's as the difference from it: 0.9 is "−10%"; None is a dash."""
    return formats.NONE if position is None else formats.percent(position - 1, 0)


def figure(value: Decimal | None) -> str:
    """A figure as stated, with thousands separators; None is a dash."""
    return formats.NONE if value is None else formats.figure(value)


def last_segment(path: str) -> str:
    """The slug in a path: "runpod" of "/provider/runpod/"."""
    return path.rstrip("/").rsplit("/", 1)[-1]


def sources(facts: Iterable[Fact]) -> Iterable[str]:
    """Where facts are from, each source once."""
    return dict.fromkeys(fact.source for fact in facts if fact.source)


@lru_cache(maxsize=4096)
def _host(url: str) -> str:
    return host_of(url) or url


def _markdown(base: str, context: Context, text: str) -> Markup:
    """Part of the page's text, where its template shows it."""
    return markdown.render(text, base, context["page"].dead_links, None).html


def _count(number: int | None) -> str:
    """A whole number with thousands separators; None is a dash."""
    return formats.NONE if number is None else f"{number:,}"
