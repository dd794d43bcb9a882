"""What stands out in a GPU's market, a provider's or a region's prices: one sentence each, only where it is so.

They are Markdown; whatever comes from a provider is escaped.  Prices are US dollars per GPU-hour before tax.  Every
figure stands in a table of the same page, too.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice

from generator.formats import day, money, rounded
from generator.labels import SEGMENTS
from generator.model.blocks import GpuLine, Link, NodeSize, ProviderLine, SegmentLine
from generator.model.lists import PlaceLine
from generator.model.offer_table import OfferLine
from generator.prose.clauses import listed
from generator.prose.markdown import literal
from generator.prose.sentences import link

_TOLD = 2  # of a GPU
_NAMED = 4
_ENOUGH = 3  # sellers behind a figure of a group
_AHEAD = Decimal("1.2")
_CLOSE = Decimal("1.05")
_DIFFERENT = Decimal("1.1")
_APART = Decimal("1.3")
_AS_FAST = Decimal("0.9")


def of_gpu(
    gpu: GpuLine,
    ranked: Sequence[OfferLine],
    sizes: Sequence[NodeSize],
    segments: Sequence[SegmentLine],
    alike: Iterable[GpuLine],
) -> str:
    """The two things that say most about a GPU's market on demand; `ranked` are its sellers' offers, cheapest first."""
    sellers = list({line.provider: line for line in reversed(ranked)}.values())[::-1]
    found = (_sizes(gpu, sizes), _lead(sellers), _segments(segments), _instead(gpu, alike), _together(sellers))
    return " ".join(islice(filter(None, found), _TOLD))


def _sizes(gpu: GpuLine, sizes: Sequence[NodeSize]) -> str:
    """Whether one GPU alone can be had, and what each costs in the machine that most sell."""
    if not sizes:
        return ""
    smallest, *larger = sorted(sizes, key=lambda size: size.count)
    if smallest.count > 1:
        return f"No ranked offer that states its size has fewer than {smallest.count} of them."
    if not larger:
        return ""
    usual = max(larger, key=lambda size: (size.providers_n, size.count))
    if _times(usual.floor, smallest.floor) < _DIFFERENT:
        return ""
    prices = f"GPU alone costs from {money(smallest.floor)}, in machines of {usual.count} from {money(usual.floor)}"
    stated = "" if gpu.floor in {smallest.floor, usual.floor} else "Where the size is stated, "
    return f"{stated}{'one' if stated else 'One'} {prices} per GPU-hour."


def _lead(sellers: Sequence[OfferLine]) -> str:
    """How far the cheapest seller is ahead of the next."""
    prices = [(line.provider, line.price_per_gpu_hour) for line in sellers if line.price_per_gpu_hour]
    if len(prices) < _ENOUGH:
        return ""
    (_, floor), (second, price), *_ = prices
    if price < floor * _AHEAD:
        return ""
    return f"The next cheapest seller, {link(second)}, asks {money(price)}: {_more(price, floor)} more."


def _together(sellers: Sequence[OfferLine]) -> str:
    """Whether several sellers ask about the lowest price."""
    prices = [line.price_per_gpu_hour for line in sellers if line.price_per_gpu_hour]
    close = [price for price in prices if price <= prices[0] * _CLOSE]
    return f"{len(close)} sellers ask no more than 5% above the lowest price." if len(close) >= _ENOUGH else ""


def _segments(segments: Sequence[SegmentLine]) -> str:
    """The two kinds of sellers whose medians are furthest apart."""
    known = sorted((one for one in segments if one.providers_n >= _ENOUGH), key=lambda one: one.median)
    if len(known) < 2 or known[-1].median < known[0].median * _APART:
        return ""
    low, high = known[0], known[-1]
    times = rounded(high.median / low.median, 1)
    return f"The median of {_kind(high)} is {times} times that of {_kind(low)}."


def _kind(one: SegmentLine) -> str:
    name = SEGMENTS[one.segment]
    return f"{one.providers_n} {name if name.startswith('GPU') else name.lower()}"


def _instead(gpu: GpuLine, alike: Iterable[GpuLine]) -> str:
    """A GPU that has as much memory, is about as fast, and costs clearly less."""
    better = [(other.floor, other) for other in alike if other.floor and _is_better(other, gpu)]
    if not better:
        return ""
    floor, other = min(better, key=lambda found: found[0])
    memory = "as much memory" if other.vram_gb == gpu.vram_gb else f"{other.vram_gb} GB"
    named = link(Link(other.short_name, other.path))
    return f"The {named} has {memory}, is about as fast or faster on paper, and starts at {money(floor)}."


def _is_better(other: GpuLine, gpu: GpuLine) -> bool:
    """Whether one has no less memory, and about the speed and bandwidth, for clearly less; unknown is not better."""
    pairs = (
        (other.vram_gb, gpu.vram_gb, 1),
        (other.fp16_tflops, gpu.fp16_tflops, _AS_FAST),
        (other.memory_bandwidth_gbps, gpu.memory_bandwidth_gbps, _AS_FAST),
        (gpu.floor, other.floor, _AHEAD),
    )
    return all(one and another and one >= another * factor for one, another, factor in pairs)


def of_provider(provider: ProviderLine, leads: Sequence[Link]) -> str:
    """For which GPUs no ranked price is lower, or why nothing is ranked."""
    if leads:
        more = [f"{len(leads) - _NAMED} more"] if len(leads) > _NAMED else []
        named = listed([*(f"the {link(gpu)}" for gpu in leads[:_NAMED]), *more])
        return f"It has the lowest ranked on-demand price for {named}."
    if provider.floor is not None or not provider.gpus_n or provider.confirmed_at is None:
        return ""
    if provider.freshness != "fresh":
        return f"None of its prices is ranked: they were last read on {day(provider.confirmed_at)}."
    return "None of its on-demand prices is ranked: the tables say why."


def of_region(places: Sequence[PlaceLine]) -> str:
    """The cheapest GPU of a region, and where it is."""
    if not places:
        return ""
    least = places[0]
    where = f"at {link(least.provider)}, {literal(least.site)}"
    price = f"**{money(least.floor)} per GPU-hour**"
    return f"The lowest ranked on-demand price is {price}, for the {link(least.gpu)} {where}."


def on_paper(cheap: GpuLine, costly: GpuLine) -> str:
    """How much faster the GPU that costs more is by its data sheet."""
    said = list(_ratios(cheap, costly))
    names = literal(costly.short_name), literal(cheap.short_name)
    return f"On paper the {names[0]} has {listed(said)} of the {names[1]}." if said else ""


def _ratios(cheap: GpuLine, costly: GpuLine) -> Iterator[str]:
    if cheap.fp16_tflops and costly.fp16_tflops:
        yield f"{rounded(costly.fp16_tflops / cheap.fp16_tflops, 2)} times the dense FP16"
    if cheap.memory_bandwidth_gbps and costly.memory_bandwidth_gbps:
        times = Decimal(costly.memory_bandwidth_gbps) / cheap.memory_bandwidth_gbps
        yield f"{rounded(times, 2)} times the memory bandwidth"


def _times(one: Decimal, other: Decimal) -> Decimal:
    return max(one, other) / min(one, other)


def _more(price: Decimal, floor: Decimal) -> str:
    return f"{rounded((price / floor - 1) * 100, 0)}%"
