"""Two GPUs: which costs more per hour, and how much faster it must be to cost less per unit of work."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.rows import GpuRow
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.floors import middle
from generator.catalogue.views.gpus import gpu_line, gpu_row, last_read_of, stat_lines
from generator.catalogue.views.pairs import FEWEST_SHARED_PROVIDERS, comparisons_of_gpu, gpu_pairs, shared_providers
from generator.catalogue.views.trends import credits_of, end_of_day, market_series
from generator.charts.trend import Series
from generator.formats import money, ratio, rounded
from generator.labels import PRICING
from generator.model.blocks import Figure, GpuLine, Link, PairFact, SharedPrice, StatLine
from generator.model.jsonld import JsonLd
from generator.model.page import Crumb, Page
from generator.pages import cards
from generator.pages.figures import MONTH, YEAR, pair_figures, two_markets_figure
from generator.pages.gpu_detail import figure
from generator.pages.registry import Key, PageType
from generator.prose import clauses, findings, sentences


@dataclass(frozen=True, slots=True)
class GpuComparison:
    """What a comparison of two GPUs shows.

    `ratio` is the median of what the second costs of the first's price at the same sellers; None for too few of them.
    """

    a: GpuLine
    b: GpuLine
    markets: Figure | None
    specs: tuple[PairFact, ...]
    prices: tuple[PairFact, ...]
    shared: tuple[SharedPrice, ...]
    ratio: Decimal | None
    trends: tuple[Figure, ...]
    others: tuple[Link, ...]


def keys(catalogue: Catalogue) -> Iterator[Key]:
    """A page for each pair worth comparing."""
    return iter(gpu_pairs(catalogue))


def path(a: str, b: str) -> str:
    """/compare/a100-80gb-vs-h100-sxm/."""
    return urls.compare(a, b)


def page(read: SliceReader, ld: JsonLd, a: str, b: str) -> Page:
    """The comparison of two GPUs, in the order of their slugs."""
    body = _body(read, a, b)
    names = f"{body.a.short_name} vs {body.b.short_name}"
    own = path(a, b)
    return Page(
        path=own,
        title=clauses.title(f"{names}: Cloud Price and Specs", f"{names}: Cloud Price", names),
        description=_description(body),
        heading=f"{names}: price and specs",
        body=body,
        crumbs=(Crumb("Home", urls.HOME), Crumb("Compare", urls.COMPARE_INDEX), Crumb(names, "")),
        words={"answer": _answer(body)},
        graph=(ld.item_list(own, names, [(line.name, line.path) for line in (body.a, body.b)]),),
        newest=read(last_read_of, a, b),
        card=cards.of_pair(read, body.a, body.b),
        related_gpu_ids=(read(gpu_row, a).id, read(gpu_row, b).id),
    )


def _answer(body: GpuComparison) -> str:
    """What the dearer GPU costs more, and where that can be told of the same sellers, what it offers for it."""
    shared_n = len(body.shared)
    if body.ratio is None:
        return sentences.gpu_verdict(body.a, body.b, None, shared_n)
    cheap, costly = (body.a, body.b) if body.ratio >= 1 else (body.b, body.a)
    return sentences.gpu_verdict(body.a, body.b, body.ratio, shared_n, findings.on_paper(cheap, costly))


def _body(read: SliceReader, a: str, b: str) -> GpuComparison:
    own = path(a, b)
    others = [link for slug in (a, b) for link in read(comparisons_of_gpu, slug) if link.path != own]
    shared = read(shared_providers, a, b)
    return GpuComparison(
        a=read(gpu_line, a),
        b=read(gpu_line, b),
        markets=two_markets_figure(
            (read(gpu_line, a).short_name, read(stat_lines, a)),
            (read(gpu_line, b).short_name, read(stat_lines, b)),
        ),
        specs=tuple(_specs(read(gpu_row, a), read(gpu_row, b))),
        prices=tuple(_prices(read(stat_lines, a), read(stat_lines, b))),
        shared=shared,
        ratio=middle(price.b / price.a for price in shared),
        trends=_trends(read, a, b),
        others=tuple(dict.fromkeys(others)),
    )


def _trends(read: SliceReader, a: str, b: str) -> tuple[Figure, ...]:
    """The lines of one source that both have, a chart for each GPU; none where no source has read both.

    One chart for both would have room for one line of each, named with its GPU, and the two would cross.
    """
    by_source = dict[str, dict[str, list[Series]]]()
    for series in (*read(market_series, a), *read(market_series, b)):
        figure_name = series.label.rpartition(" of ")[0] or series.label
        by_source.setdefault(series.reader, {}).setdefault(figure_name, []).append(series)
    both = [[pair for pair in found.values() if len(pair) == len((a, b))] for found in by_source.values()]
    pairs = _recent([found for found in both if found])
    one, other = (
        (f"{read(gpu_line, slug).short_name}: on-demand price", [pair[n] for pair in pairs])
        for n, slug in enumerate((a, b))
    )
    credit = tuple(dict.fromkeys((*read(credits_of, a), *read(credits_of, b))))
    return pair_figures(one, other, read(end_of_day), YEAR, credit)


def _recent(sources: Sequence[Sequence[Sequence[Series]]]) -> Sequence[Sequence[Series]]:
    """The source with the most providers, which is the first, of those whose last price of both is about as recent."""
    newest = max(map(_last_known, sources), default=None)
    return next((pairs for pairs in sources if newest and newest - _last_known(pairs) <= MONTH), ())


def _last_known(pairs: Sequence[Sequence[Series]]) -> datetime:
    return max(min(series.segments[-1].end for series in pair) for pair in pairs)


def _specs(a: GpuRow, b: GpuRow) -> Iterator[PairFact]:
    columns = (
        ("Memory", "vram_gb", " GB"),
        ("Memory type", "memory_type", ""),
        ("Memory bandwidth", "memory_bandwidth_gbps", " GB/s"),
        ("FP16 dense", "fp16_tflops", " TFLOPS"),
        ("FP8 dense", "fp8_tflops", " TFLOPS"),
        ("FP32", "fp32_tflops", " TFLOPS"),
        ("Form factor", "form_factor", ""),
        ("Interconnect", "interconnect", ""),
        ("Board power", "tdp_watts", " W"),
        ("Released", "generation_year", ""),
    )
    for label, column, unit in columns:
        one, other = getattr(a, column), getattr(b, column)
        if one is not None or other is not None:
            compared = unit and one and other
            yield PairFact(
                label, _shown(one, unit), _shown(other, unit), ratio(Decimal(other) / Decimal(one)) if compared else ""
            )


def _shown(value: object, unit: str) -> str:
    return "–" if value is None else figure(value) + unit


def _prices(a: tuple[StatLine, ...], b: tuple[StatLine, ...]) -> Iterator[PairFact]:
    ours, theirs = ({line.pricing_type: line for line in lines} for lines in (a, b))
    for pricing_type, label in PRICING.items():
        one, other = ours.get(pricing_type), theirs.get(pricing_type)
        for figure_name, name in (("floor", "lowest"), ("median", "median")):
            x, y = (getattr(line, figure_name) if line else None for line in (one, other))
            if x is not None or y is not None:
                yield PairFact(f"{label}, {name}", money(x), money(y), ratio(y / x) if x and y else "")


def _description(body: GpuComparison) -> str:
    a, b = body.a, body.b
    return clauses.description(
        (
            f"{a.short_name} from {money(a.floor)}, {b.short_name} from {money(b.floor)} per GPU-hour on demand.",
            f"{_costlier(body)} at {len(body.shared)} sellers of both." if body.ratio else "",
            "Specs, shared providers and break-even side by side.",
        )
    )


def _costlier(body: GpuComparison) -> str:
    """Which of the two costs more at the same sellers, and by how much, in few words."""
    above = (body.ratio or Decimal(1)) - 1
    costly, share = (body.b, above) if above > 0 else (body.a, 1 / (1 + above) - 1)
    percent = rounded(share * 100, 0)
    return f"{costly.short_name} costs {percent}% more" if percent != "0" else "Both cost about the same"


PAGE_TYPE = PageType(
    "gpu_comparison",
    GpuComparison,
    keys,
    path,
    page,
    about=("gpu", "gpu"),
    needs=f"a comparison of GPUs needs {FEWEST_SHARED_PROVIDERS} providers with fresh prices for as many of both",
)
