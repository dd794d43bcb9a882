"""The functions of bindings: what each takes, the figure that it gives, and how near to the data that has to be.

Prices are US dollars per GPU-hour before tax.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Literal

from generator.database.seed_rows import TERM_UNITS
from generator.formats import day, money, percent, rounded
from generator.model.blocks import GpuLine, Link, ProviderLine
from generator.prose.calls import DAYS, GPU, NUMBER, PROVIDER, SOURCE, STATED, Lookup, Parameter
from generator.prose.markdown import literal

if TYPE_CHECKING:
    from generator.prose.texts import Citation


@dataclass(frozen=True, slots=True)
class Policy:
    """How a figure may be shown: `exact`ly, `rounded` to its last digit, or `within` a share of its value."""

    kind: Literal["exact", "rounded", "within"]
    tolerance: Decimal = Decimal(0)

    @property
    def words(self) -> str:
        """The policy as editors read it."""
        return {
            "exact": "exact",
            "rounded": "rounded to its last digit",
            "within": f"within {rounded(100 * self.tolerance, 0)}%",
        }[self.kind]


EXACT, ROUNDED, ABOUT = Policy("exact"), Policy("rounded"), Policy("within", Decimal("0.1"))


@dataclass(frozen=True, slots=True)
class Figure:
    """What a binding shows: its words, the number that they stand for (None for words alone), and where it leads.

    `scale` is by how much the shown number is larger than `value`: 100 for a percentage of a ratio.
    """

    text: str
    value: Decimal | None = None
    path: str = ""
    scale: int = 1

    @property
    def markdown(self) -> str:
        """The figure as Markdown."""
        return f"[{literal(self.text)}]({self.path})" if self.path else self.text


@dataclass(frozen=True, slots=True)
class Function:
    """A binding's function: what each argument is, and its figure (None: no value today).

    `value` is called with the lookup and one argument for each of `parameters`: a GpuLine for GPU, a ProviderLine for
    PROVIDER, a Decimal for NUMBER, the word itself for a tuple of allowed words.
    """

    parameters: tuple[Parameter, ...]
    value: Callable[..., Figure | None]
    policy: Policy = EXACT
    optional: int = 0


COUNTS = ("providers", "offers", "gpus")
PRICES = ("floor", "median", "spot_floor")
_LIKE = Decimal("0.1")  # how far a ratio of two markets may be from that at the same sellers
TERMS = tuple(TERM_UNITS)
SPECS: Mapping[str, Callable[[str], str]] = {
    "vram_gb": "{} GB".format,
    "memory_bandwidth_gbps": "{} GB/s".format,
    "fp16_tflops": "{} TFLOPS".format,
    "fp8_tflops": "{} TFLOPS".format,
    "memory_type": str,
    "form_factor": str,
    "architecture": str,
    "manufacturer": str,
}
MEASURES = (*PRICES, "vram_gb", "memory_bandwidth_gbps", "fp16_tflops", "fp8_tflops")
_IN_LINKS = {ord(one): f"%{ord(one):02X}" for one in "() <>\\"}
_SHOWN = re.compile(r"[−-]?\$?(\d[\d,]*(?:\.\d+)?|\.\d+)")


def vouched(figure: Figure, policy: Policy) -> bool:
    """Whether what a figure shows is what the data say, as near as its policy asks."""
    if figure.value is None:
        return policy.kind == "exact" and bool(figure.text)
    found = _SHOWN.search(figure.text)
    try:
        shown = Decimal(found[1].replace(",", "")) if found else None
    except InvalidOperation:
        return False
    if shown is None:
        return False
    apart = abs(shown - abs(figure.value * figure.scale))
    if policy.kind == "within":
        return apart <= policy.tolerance * abs(figure.value * figure.scale)
    step = Decimal(1).scaleb(int(shown.as_tuple().exponent))
    return apart == 0 if policy.kind == "exact" else apart <= step / 2


def is_like_for_like(of_markets: Decimal, at_same_sellers: Decimal | None) -> bool:
    """Whether two markets compare as the same sellers' prices do, so that their ratio misleads nobody."""
    return at_same_sellers is not None and abs(of_markets / at_same_sellers - 1) <= _LIKE


def _dollars(amount: Decimal | None) -> Figure | None:
    return None if amount is None else Figure(money(amount), amount)


def _price(measure: str) -> Function:
    def value(_: Lookup, gpu: GpuLine) -> Figure | None:
        return _dollars(getattr(gpu, measure))

    return Function((GPU,), value, ROUNDED)


def _number(value: Decimal | int) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _counted(value: int) -> Figure | None:
    return Figure(_number(value), Decimal(value)) if value else None


def _floor_provider(_: Lookup, gpu: GpuLine) -> Figure | None:
    link: Link | None = gpu.floor_provider
    return None if link is None else Figure(link.text, path=link.path)


def _spec(_: Lookup, gpu: GpuLine, name: str) -> Figure | None:
    value = getattr(gpu, name)
    if value in (None, ""):
        return None
    if isinstance(value, str):
        return Figure(SPECS[name](literal(value)))
    return Figure(SPECS[name](_number(value)), Decimal(value))


def _ratio(lookup: Lookup, measure: str, one: GpuLine, other: GpuLine) -> Figure | None:
    a, b = getattr(one, measure), getattr(other, measure)
    if not a or not b:
        return None
    found = Decimal(a) / Decimal(b)
    is_told = measure not in PRICES or is_like_for_like(found, lookup.price_ratio(one.slug, other.slug))
    return Figure(rounded(found, 2), found) if is_told else None


def _price_ratio(lookup: Lookup, one: GpuLine, other: GpuLine) -> Figure | None:
    ratio = lookup.price_ratio(one.slug, other.slug)
    return None if ratio is None else Figure(rounded(ratio, 2), ratio)


def _cost(_: Lookup, measure: str, gpu: GpuLine, gpu_hours: Decimal) -> Figure | None:
    price: Decimal | None = getattr(gpu, measure)
    return _dollars(None if price is None else price * gpu_hours)


def _about(_: Lookup, measure: str, gpu: GpuLine) -> Figure | None:
    """A price to its first digit, for sentences that are to hold while it moves a little."""
    price: Decimal | None = getattr(gpu, measure)
    if not price:
        return None
    shown = round(price, -price.adjusted())
    return Figure(f"about ${shown:,f}", price)


def _term(lookup: Lookup, provider: ProviderLine, field: str) -> Figure | None:
    words = lookup.term(provider.slug, field)
    return Figure(words) if words else None


def _share(ratio: Decimal) -> Figure:
    return Figure(rounded(100 * ratio, 0) + "%", ratio, scale=100)


def _spot_saving(_: Lookup, gpu: GpuLine) -> Figure | None:
    """None also where spot is not below on demand, for texts say "below", or is another share of it at one seller."""
    if gpu.floor is None or gpu.spot_floor is None or gpu.spot_floor >= gpu.floor:
        return None
    found = gpu.spot_floor / gpu.floor
    return _share(1 - found) if is_like_for_like(found, gpu.spot_ratio) else None


def _spot_discount(_: Lookup, gpu: GpuLine) -> Figure | None:
    """At the same sellers; None also where spot is not below on demand there."""
    return None if gpu.spot_ratio is None or gpu.spot_ratio >= 1 else _share(1 - gpu.spot_ratio)


def _change(lookup: Lookup, gpu: GpuLine, days: str) -> Figure | None:
    change = lookup.change(gpu.slug, int(days))
    return None if change is None else Figure(percent(change), change, scale=100)


def _cited(_: Lookup, stated: str, source: "Citation") -> Figure:
    """What a source states, word for word, with a link to it."""
    return Figure(stated, path=source.url.translate(_IN_LINKS))


FUNCTIONS: Mapping[str, Function] = {
    "floor": _price("floor"),
    "median": _price("median"),
    "spot_floor": _price("spot_floor"),
    "floor_provider": Function((GPU,), _floor_provider),
    "providers": Function((GPU,), lambda _, gpu: _counted(gpu.providers_n)),
    "gpu": Function((GPU,), lambda _, gpu: Figure(gpu.short_name, path=gpu.path)),
    "provider": Function((PROVIDER,), lambda _, provider: Figure(provider.name, path=provider.path)),
    "term": Function((PROVIDER, TERMS), _term),
    "spec": Function((GPU, tuple(SPECS)), _spec),
    "ratio": Function((MEASURES, GPU, GPU), _ratio, ROUNDED),
    "price_ratio": Function((GPU, GPU), _price_ratio, ROUNDED),
    "cost": Function((PRICES, GPU, NUMBER), _cost, ROUNDED),
    "about": Function((PRICES, GPU), _about, ABOUT),
    "spot_saving": Function((GPU,), _spot_saving, ROUNDED),
    "spot_discount": Function((GPU,), _spot_discount, ROUNDED),
    "change": Function((GPU, DAYS), _change, ROUNDED),
    "as_of": Function((), lambda lookup: Figure(day(lookup.as_of))),
    "count": Function((COUNTS,), lambda lookup, name: _counted(lookup.count(name))),
    "cited": Function((STATED, SOURCE), _cited),
}
