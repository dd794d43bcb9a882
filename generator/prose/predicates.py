"""What a claim may claim, each told by today's data: True, False, or None where the data do not tell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from generator.model.blocks import GpuLine, ProviderLine
from generator.prose.calls import DAYS, GPU, NUMBER, PROVIDER, Call, Lookup, Parameter, called
from generator.prose.figures import TERMS, is_like_for_like

STEADY = Decimal("0.02")
"""A price that moved by less than this share held steady."""

_NUMERIC = ("vram_gb", "memory_bandwidth_gbps", "fp16_tflops", "fp8_tflops")
_LASTING_DAYS, _LASTING_SHARE = 14, Decimal("0.8")


@dataclass(frozen=True, slots=True)
class Predicate:
    """What a claim's arguments are, and whether it holds.

    `on_day` tells the same of an earlier day, where that can be told: for words such as "usually".
    """

    parameters: tuple[Parameter, ...]
    value: Callable[..., bool | None]
    optional: int = 0
    on_day: Callable[..., bool | None] | None = None


def _below(a: Decimal | None, b: Decimal | None, percent: Decimal) -> bool | None:
    return None if a is None or b is None else a < b and a <= b * (1 - percent / 100)


def _cheaper(lookup: Lookup, a: GpuLine, b: GpuLine, percent: Decimal = Decimal(0)) -> bool | None:
    """The lowest price on demand, and at the same sellers, where enough sell both."""
    same = lookup.price_ratio(a.slug, b.slug)
    holds = _below(a.floor, b.floor, percent)
    return holds if same is None or not holds else same < 1


def _cheaper_on(lookup: Lookup, ago: int, a: GpuLine, b: GpuLine, percent: Decimal = Decimal(0)) -> bool | None:
    day = lookup.as_of - timedelta(ago)
    return _below(lookup.floor_on(a.slug, day), lookup.floor_on(b.slug, day), percent)


def _lowest_at(_: Lookup, gpu: GpuLine, provider: ProviderLine) -> bool | None:
    return None if gpu.floor_provider is None else gpu.floor_provider.path == provider.path


def _only(lookup: Lookup, gpu: GpuLine, provider: ProviderLine) -> bool | None:
    sellers = lookup.sellers(gpu.slug)
    return sellers == (provider.slug,) if sellers else None


def _spec_above(_: Lookup, spec: str, a: GpuLine, b: GpuLine) -> bool | None:
    one, other = getattr(a, spec), getattr(b, spec)
    return None if one is None or other is None else bool(one > other)


def _spot_below(_: Lookup, gpu: GpuLine, percent: Decimal = Decimal(0)) -> bool | None:
    holds = _below(gpu.spot_floor, gpu.floor, percent)
    if not holds or gpu.floor is None or gpu.spot_floor is None or gpu.spot_ratio is None:
        return holds
    return is_like_for_like(gpu.spot_floor / gpu.floor, gpu.spot_ratio) or gpu.spot_ratio <= 1 - percent / 100


def _moved(wanted: Callable[[Decimal], bool]) -> Predicate:
    def value(lookup: Lookup, gpu: GpuLine, days: str) -> bool | None:
        change = lookup.change(gpu.slug, int(days))
        return None if change is None else wanted(change)

    return Predicate((GPU, DAYS), value)


PREDICATES: Mapping[str, Predicate] = {
    "cheaper_than": Predicate((GPU, GPU, NUMBER), _cheaper, 1, _cheaper_on),
    "lowest_at": Predicate((GPU, PROVIDER), _lowest_at),
    "only_provider": Predicate((GPU, PROVIDER), _only),
    "spec_above": Predicate((_NUMERIC, GPU, GPU), _spec_above),
    "providers_at_least": Predicate((GPU, NUMBER), lambda _, gpu, n: gpu.providers_n >= n),
    "in_stock_at_least": Predicate((GPU, NUMBER), lambda lookup, gpu, n: lookup.in_stock(gpu.slug) >= n),
    "spot_below": Predicate((GPU, NUMBER), _spot_below, 1),
    "fell": _moved(lambda change: change <= -STEADY),
    "rose": _moved(lambda change: change >= STEADY),
    "steady": _moved(lambda change: abs(change) < STEADY),
    "states": Predicate((PROVIDER, TERMS), lambda lookup, one, field: lookup.term(one.slug, field) is not None),
}


def holds(call: Call, lookup: Lookup, where: str) -> bool | None:
    """Whether a claim holds today.  Raises BrokenContent, which names `where`, for an unknown slug."""
    found: bool | None = called(call, PREDICATES[call.name], lookup, where, "claim")
    return found


def is_lasting(call: Call, lookup: Lookup) -> bool | None:
    """Whether a claim held on four of five of the last 14 days; None where fewer than ten of them can be told."""
    on_day = PREDICATES[call.name].on_day
    if on_day is None:
        return None
    told = [_on(call, lookup, ago) for ago in range(_LASTING_DAYS)]
    known = [one for one in told if one is not None]
    return sum(known) >= _LASTING_SHARE * len(known) if len(known) >= 10 else None


def _on(call: Call, lookup: Lookup, ago: int) -> bool | None:
    predicate = PREDICATES[call.name]
    on_day = predicate.on_day
    if on_day is None:
        return None

    def value(found: Lookup, *arguments: object) -> bool | None:
        return on_day(found, ago, *arguments)

    told: bool | None = called(
        call, Predicate(predicate.parameters, value, predicate.optional), lookup, "claim", "claim"
    )
    return told
