"""Two hundred shapes of data for charts, by name: what is usual, what is empty, and what breaks drawings."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from generator.charts.band import Band, Quartiles
from generator.charts.daily import daily
from generator.charts.dumbbell import Pair, dumbbell
from generator.charts.events import Event
from generator.charts.market_scale import Market, market_scale
from generator.charts.position import Position, position
from generator.charts.scatter import Dot, scatter
from generator.charts.series import Segment, Series
from generator.charts.spread import Spread, spread
from generator.charts.strip import State, Stretch, strip
from generator.charts.trend import trend

START = datetime(2026, 1, 1, tzinfo=UTC)
LONG = "Standard_ND96isr_H100_v5 westeurope reserved capacity with NVLink"
WORD = "a" * 60
NASTY = "</svg><script>alert(1)</script>&\x00"
Price = Callable[[int], float | None]

_PRICES: dict[str, Price] = {
    "flat": lambda n: 2.5,
    "rising": lambda n: 2 + n / 100,
    "falling": lambda n: 5 - n / 80,
    "saw": lambda n: 2 + (n % 7) / 5,
    "wave": lambda n: 3 + math.sin(n / 9),
    "outlier": lambda n: 90 if n == 17 else 2.2,
    "crash": lambda n: 0.01 if n == 17 else 2.2,
    "tiny steps": lambda n: 2 + (n % 3) / 1000,
    "gaps": lambda n: None if n % 10 < 4 else 2 + n / 100,
    "lone readings": lambda n: 2 + n / 50 if n % 9 == 0 else None,
    "one reading": lambda n: 2.5 if n == 5 else None,
    "ends early": lambda n: 2.5 if n < 9 else None,
    "begins late": lambda n: 2.5 if n > 25 else None,
    "free": lambda n: 0,
    "cents": lambda n: 0.0133 + n / 100000,
    "thousands": lambda n: 12345 + n * 10,
    "falls below zero": lambda n: 2 - n / 10,
    "nothing": lambda n: None,
}
_LABELS = {"plain": "Lowest", "long": LONG, "one word": WORD, "nasty": NASTY, "none": ""}


def line(price: Price, days: int = 30, label: str = "Lowest", kind: str = "own") -> Series:
    """A line of these days' prices; days of the same price are one segment."""
    segments: list[Segment] = []
    for n in range(days):
        if (found := price(n)) is None:
            continue
        value, day = round(Decimal(found), 4), START + timedelta(days=n)
        if segments and segments[-1].end == day and segments[-1].value == value:
            day = segments.pop().start
        segments.append(Segment(day, START + timedelta(days=n + 1), value))
    return Series(label, "own" if kind == "own" else "reference", tuple(segments))


def shapes() -> Iterator[tuple[str, str]]:
    """Each shape's name and its drawing."""
    for make in (
        _trends,
        _many_lines,
        _pairs,
        _events,
        _bands,
        _spreads,
        _positions,
        _dumbbells,
        _scatters,
        _markets,
        _strips,
        _dailies,
    ):
        yield from make()


def _drawn(*series: Series, days: int = 30, band: Band | None = None) -> str:
    return trend(series, START, START + timedelta(days=days), title="H100 SXM: on-demand price", band=band)


def _trends() -> Iterator[tuple[str, str]]:
    for name, price in _PRICES.items():
        for days in (30, 365, 1500):
            yield f"trend: {name}, {days} days", _drawn(line(price, days), days=days)
        both = line(price), line(lambda n: 2.4, label="Readers: median of 12", kind="reference")
        yield f"trend: {name}, beside others", _drawn(*both)
    for name, label in _LABELS.items():
        yield f"trend: {name} label", _drawn(line(_PRICES["saw"], label=label))


def _many_lines() -> Iterator[tuple[str, str]]:
    for count in (2, 3, 5, 6, 8, 9, 12, 20, 40):
        yield f"trend: {count} lines apart", _drawn(*(_nth(n, lambda n: 1 + n) for n in range(count)))
        yield f"trend: {count} lines alike", _drawn(*(_nth(n, lambda n: 2 + n / 1000) for n in range(count)))
        steps = (line(lambda day, n=n: 2 + n + day % 5 / 9, 365, f"Line {n}") for n in range(count))
        yield f"trend: {count} lines of many steps", _drawn(*steps, days=365)
    for kind in ("own", "reference"):
        lines = (line(_PRICES["saw"], label=f"{LONG} {n}", kind=kind) for n in "ab")
        yield f"trend: long names, {kind}", _drawn(*lines)


def _nth(n: int, price: Callable[[int], float]) -> Series:
    return line(lambda _: price(n), label=f"Line {n + 1}", kind="own" if n % 2 else "reference")


def _pairs() -> Iterator[tuple[str, str]]:
    for name in ("flat", "cents", "thousands", "begins late", "nothing"):
        lines = line(_PRICES["rising"]), line(_PRICES[name], label="median of 12", kind="reference")
        for which, (own, beside) in {"one": lines, "the other": lines[::-1]}.items():
            drawn = trend([own], START, START + timedelta(days=30), title="H100 SXM", beside=[beside])
            yield f"pair: {name}, {which}", drawn


def _events() -> Iterator[tuple[str, str]]:
    days = {"one": (11,), "five": (2, 9, 12, 20, 28), "of many": range(30), "of one day": (5,) * 9}
    for name, of in days.items():
        for span in (30, 365):
            found = [
                Event(START + timedelta(days=n * span / 30, hours=4), f"Provider {n}: $2.00, up 9.0% from $1.83",
                      Decimal(70 + 7 * n) / 100)
                for n in of
            ]  # fmt: skip
            lines = line(_PRICES["wave"], span), line(_PRICES["saw"], span, "Median")
            drawn = trend(lines, START, START + timedelta(days=span), title="H100 SXM: price", events=found)
            yield f"events: {name}, {span} days", drawn
            quartiles = tuple(
                Quartiles(one.start, one.end, one.value * Decimal("0.8"), one.value * Decimal("1.3"))
                for one in line(_PRICES["gaps"], span).segments
            )
            band = Band("the middle half of providers", quartiles)
            drawn = trend(lines, START, START + timedelta(days=span), title="H100 SXM: price", events=found, band=band)
            yield f"events: {name}, with a band, {span} days", drawn
    steps = [line(lambda day, n=n: 2 + n + day % 5 / 9, 365, f"Line {n}") for n in range(12)]
    long = [Event(START + timedelta(days=9 * n), f"{LONG}: $20.00, up 9.0% from $18.30", Decimal(2)) for n in range(9)]
    drawn = trend(steps, START, START + timedelta(days=365), title="H100 SXM: price", events=long)
    yield "events: long, among many lines of many steps", drawn


def _bands() -> Iterator[tuple[str, str]]:
    for name in ("flat", "rising", "gaps", "saw", "outlier", "nothing"):
        for days in (30, 365):
            own = line(_PRICES[name], days)
            spans = tuple(
                Quartiles(one.start, one.end, one.value * Decimal("0.9"), one.value * Decimal("1.2"))
                for one in own.segments
            )
            yield f"band: {name}, {days} days", _drawn(own, days=days, band=Band("the middle half of 12", spans))


def _five(*prices: str, label: str = "On demand", providers_n: int = 9) -> Spread:
    return Spread(label, *map(Decimal, prices), providers_n)


_SPREADS = {
    "usual": ("1.75", "2.5", "3", "4", "6"),
    "one price": ("2", "2", "2", "2", "2"),
    "near": ("2.98", "2.99", "3", "3.01", "3.02"),
    "outlier": ("1", "1.1", "1.2", "1.3", "98"),
    "all at the end": ("1", "6", "6", "6", "6"),
    "cents": ("0.0133", "0.014", "0.015", "0.0155", "0.016"),
    "thousands": ("1200", "1300", "1400", "1500", "98000"),
    "free": ("0", "0", "0", "0", "1"),
}


def _spreads() -> Iterator[tuple[str, str]]:
    yield "spread: none", spread([], title="x")
    for name, prices in _SPREADS.items():
        yield f"spread: {name}", spread([_five(*prices)], title="H100 SXM")
        rows = [_five(*prices), _five("2", "2.2", "2.5", "2.9", "3", label="Spot", providers_n=1)]
        yield f"spread: {name}, and spot", spread(rows, title="H100 SXM")
    for name, label in _LABELS.items():
        yield f"spread: {name} label", spread([_five(*_SPREADS["usual"], label=label)], title=label)
    yield "spread: 8 rows", spread([_five(*prices, label=name) for name, prices in _SPREADS.items()], title="x")


_RATIOS = {
    "usual": (0.8, 0.95, 1, 1.2),
    "all below": (0.5, 0.6, 0.7),
    "all above": (1.5, 2, 3),
    "the same": (1, 1, 1),
    "tiny differences": (0.999, 1, 1.001),
    "outlier": (0.9, 1, 25),
    "one": (1.3,),
    "11 rows": tuple(0.5 + n / 9 for n in range(11)),
}


def _positions() -> Iterator[tuple[str, str]]:
    yield "position: none", position([], title="x")
    for name, ratios in _RATIOS.items():
        rows = [Position(f"GPU {n}", round(Decimal(ratio), 4)) for n, ratio in enumerate(ratios)]
        yield f"position: {name}", position(rows, title="RunPod")
    for name, label in _LABELS.items():
        yield f"position: {name} label", position([Position(label, Decimal("0.9"))], title=label)


def _dumbbells() -> Iterator[tuple[str, str]]:
    yield "dumbbell: none", dumbbell([], "a", "b", title="x")
    for name, ratios in _RATIOS.items():
        rows = [Pair(f"GPU {n}", Decimal(2), round(Decimal(2 * ratio), 4)) for n, ratio in enumerate(ratios)]
        yield f"dumbbell: {name}", dumbbell(rows, "RunPod", "Lambda", title="x")
    for name, label in _LABELS.items():
        yield f"dumbbell: {name} label", dumbbell([Pair(label, Decimal(1), Decimal(3))], label, "b", title=label)


_DOTS: dict[str, list[tuple[float, float]]] = {
    "none": [],
    "one": [(80, 2)],
    "two": [(80, 2), (24, 0.5)],
    "in one place": [(80, 2)] * 9,
    "the same memory": [(80, 1 + n / 5) for n in range(12)],
    "the same price": [(16 + n * 8, 2) for n in range(12)],
    "rising": [(16 * (n + 1), 0.3 * (n + 1)) for n in range(15)],
    "falling": [(16 * (n + 1), 9 / (n + 1)) for n in range(15)],
    "outlier": [(16, 0.2), (24, 0.3), (288, 98)],
    "40 of them": [(16 + n * n % 240, 0.2 + n * 7 % 40 / 5) for n in range(40)],
}


def _scatters() -> Iterator[tuple[str, str]]:
    for name, dots in _DOTS.items():
        found = [Dot(f"GPU {n}", round(Decimal(x), 2), round(Decimal(y), 2)) for n, (x, y) in enumerate(dots)]
        yield f"scatter: {name}", scatter(found, title="x", quantity="memory", unit="GB")
    for name, label in _LABELS.items():
        found = [Dot(label, Decimal(80), Decimal(2)), Dot("L4", Decimal(24), Decimal("0.4"))]
        yield f"scatter: {name} label", scatter(found, title=label, quantity=label, unit="GB")


def _markets() -> Iterator[tuple[str, str]]:
    for name, prices in _SPREADS.items():
        one = Market(_five(*prices), tuple(map(Decimal, prices)))
        yield f"market: {name}", market_scale([one], title="H100 SXM")
        yield f"market: {name}, and another", market_scale([one, Market(_five(*_SPREADS["usual"]))], title="x")


_STATES: dict[str, Callable[[int], State | None]] = {
    "in stock, then sold out": lambda n: "in" if n < 70 else "out",
    "one day sold out": lambda n: "out" if n == 40 else "in",
    "every second day": lambda n: "out" if n % 2 else "in",
    "all states": lambda n: ("in", "out", "listed", "absent")[n // 7 % 4],  # type: ignore[return-value]
    "not known for long": lambda n: None if 10 < n < 60 else "listed" if n > 60 else "in",
    "gone": lambda n: "listed" if n < 80 else "absent",
    "one state": lambda n: "in",
    "nothing": lambda n: None,
}


def _strips() -> Iterator[tuple[str, str]]:
    for name, state in _STATES.items():
        for days in (2, 20, 90):
            found = [(START.date() + timedelta(days=n), state(n * 90 // days)) for n in range(days)]
            stretches = list[Stretch]()
            for day, known in found:
                before = stretches[-1] if stretches else None
                if known and before and (before.last, before.state) == (day - timedelta(days=1), known):
                    stretches[-1] = replace(before, last=day)
                elif known:
                    stretches.append(Stretch(day, day, known))
            yield f"strip: {name}, {days} days", strip(stretches, title="RunPod H100 SXM: stock")


def _dailies() -> Iterator[tuple[str, str]]:
    letters = {"in": "i", "out": "o"}
    for name, state in _STATES.items():
        yield f"daily: {name}", daily("".join(letters.get(state(n * 3) or "", "-") for n in range(30)))
