"""The GPUs for a workload: what it needs, which machines have that, what they cost, and how to choose."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.cheapest import cheapest_links
from generator.catalogue.views.gpus import architecture_name, gpu_row
from generator.catalogue.views.prose import published_guides
from generator.catalogue.views.providers import provider_row
from generator.catalogue.views.workloads import (
    MOST_ALIKE,
    candidates,
    distinct,
    workload_links,
    workload_source,
    workload_text,
)
from generator.formats import figure, money, plural, rounded
from generator.model.blocks import Fact, Link, Part, first
from generator.model.jsonld import JsonLd
from generator.model.offer_table import OfferLine, OfferSection
from generator.model.page import Crumb, Page
from generator.model.workloads import USED, Candidate, MemoryNeed, StatedFigure
from generator.pages import cards
from generator.pages.guide import Byline
from generator.pages.registry import Key, PageType, Rule
from generator.prose import clauses, list_sentences
from generator.prose.requirements import FORMULAS, MEASURES, Requirement
from generator.prose.texts import Workload

_ENOUGH_GPUS = 3
_OFFERS = "cheapest_offers"  # no heading of a text has an id with an underscore
_MOST_CANDIDATES, _MOST_ASSUMED, _RENTED = 40, 6, 5


@dataclass(frozen=True, slots=True)
class WorkloadPage:
    """What the page shows beside its text; `used` are the shares of a month for which candidates have a cost."""

    version: int
    machines: int
    network: str
    interconnect: str
    formula: str
    memory: MemoryNeed
    figures: tuple[StatedFigure, ...]
    candidates: Part[Candidate]
    used: tuple[Decimal, ...]
    months: Part[Candidate]
    offers: OfferSection | None
    byline: Byline
    sources: tuple[Fact, ...]
    lists: tuple[Link, ...]
    guides: tuple[Link, ...]
    others: tuple[Link, ...]


def keys(catalogue: Catalogue) -> Iterator[Key]:
    """A page for each workload whose text is published."""
    return ((slug,) for slug in catalogue.workloads)


def path(slug: str) -> str:
    """/best-gpu-for/transcription/."""
    return urls.workload(slug)


def page(read: SliceReader, ld: JsonLd, slug: str) -> Page:
    """The page of one workload."""
    workload, text, found = read(workload_source, slug), read(workload_text, slug), read(candidates, slug)
    own, body = path(slug), _body(read, workload, found)
    modified = workload.reviewed_on or workload.published_on
    return Page(
        path=own,
        title=clauses.title(workload.title),
        description=_description(workload, found),
        heading=workload.title,
        body=body,
        crumbs=(Crumb("Home", urls.HOME), Crumb("GPUs", urls.GPU_INDEX), Crumb(f"For {workload.name}", "")),
        words={
            "answer": list_sentences.workload(workload.needs.of, body.memory, found),
            "summary": text.summary,
            "text": text.text,
        },
        graph=(ld.article(own, workload.title, workload.author, workload.published_on, modified),),
        newest=max((one.cheapest.confirmed_at for one in found), default=datetime.combine(modified, time(), UTC)),
        card=cards.of_workload(found),
        related_gpu_ids=tuple(read(gpu_row, one).id for one in _gpus(found, text.gpus)),
        related_provider_ids=tuple(read(provider_row, name).id for name in text.providers),
        written_by="human",
    )


def _body(read: SliceReader, workload: Workload, found: Sequence[Candidate]) -> WorkloadPage:
    needs, own = workload.needs, workload.path
    return WorkloadPage(
        version=needs.version,
        machines=needs.machines,
        network=needs.network or "",
        interconnect=needs.interconnect,
        formula=FORMULAS[needs.formula].words,
        memory=needs.memory,
        figures=tuple(_figures(needs)),
        candidates=first(found, _MOST_CANDIDATES, "GPU", "the cheapest"),
        used=USED,
        months=first(found, _MOST_ASSUMED, "GPU", "the cheapest"),
        offers=_offers(found),
        byline=Byline(workload.author, workload.reviewed_by or "", workload.reviewed_on, workload.published_on),
        sources=tuple(Fact(source.label, source.label, source.url) for source in workload.sources),
        lists=tuple(link for one in found[:4] for link in read(cheapest_links, one.gpu.slug)[:1]),
        guides=tuple(link for link in read(published_guides) if link.path in set(map(urls.guide, workload.related))),
        others=tuple(link for link in read(workload_links) if link.path != own),
    )


def _figures(needs: Requirement) -> Iterator[StatedFigure]:
    """The figures in the order in which the formula takes them, and what the software runs on."""
    for name in FORMULAS[needs.formula].takes:
        measure, one = MEASURES[name], needs.figures[name]
        yield StatedFigure(measure.label, f"{figure(one.value)} {measure.unit}".strip(), one.source, one.checked_on)
    if needs.machines > 1:
        yield StatedFigure("Machines that share it", str(needs.machines), None, None)
    runs_on = needs.runs_on
    names = dict.fromkeys(map(architecture_name, runs_on.architectures))
    yield StatedFigure("Runs on", ", ".join(names), runs_on.source, runs_on.checked_on)


def _offers(found: Sequence[Candidate]) -> OfferSection | None:
    """The cheapest sellers of the cheapest candidates."""
    lines: list[OfferLine] = [offer for one in found[:_RENTED] for offer in one.offers]
    if not lines:
        return None
    lines.sort(key=lambda line: (line.price_per_hour or 0, line.provider.text))
    title = "Where to rent the cheapest of them"
    return OfferSection(_OFFERS, title, "", "on_demand", tuple(lines), "provider", len(lines), len(lines))


def _gpus(found: Sequence[Candidate], named: Sequence[str]) -> list[str]:
    return list(dict.fromkeys((*(one.gpu.slug for one in found), *named)))


def _description(workload: Workload, found: Sequence[Candidate]) -> str:
    if not found:
        return workload.description
    best = found[0]
    return clauses.description(
        (
            f"{plural(len(found), 'cloud GPU')} that {'fits' if len(found) == 1 else 'fit'} {workload.name}:",
            f"from {money(best.price_per_hour)}/hour on {best.gpus_n}× {best.gpu.short_name}"
            f" at {best.cheapest.provider.text}.",
            "Memory arithmetic, cost per month, where to rent.",
        )
    )


def _has_candidates(read: SliceReader, slug: str) -> bool:
    return len(read(candidates, slug)) >= _ENOUGH_GPUS


def _differs(read: SliceReader, slug: str) -> bool:
    return slug in read(distinct)


PAGE_TYPE = PageType(
    "workload",
    WorkloadPage,
    keys,
    path,
    page,
    (
        Rule("few_variants", f"{_ENOUGH_GPUS} GPUs with a ranked price that fit", _has_candidates),
        Rule("near_copy", f"{rounded((1 - MOST_ALIKE) * 100, 0)}% other GPUs than the workloads before it", _differs),
    ),
    needs="a page about a workload needs its text published",
)
