"""How prices are read, normalised, dated and ranked; and from whom."""

from dataclasses import dataclass
from datetime import datetime

from generator import urls
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.disagreements import disagreements_n, judged_n
from generator.catalogue.views.held_back import held_back_rules, unknown_names_n
from generator.catalogue.views.market import attributions, counts
from generator.catalogue.views.prose import methodology_text, methodology_versions
from generator.catalogue.views.providers import provider_line, provider_lines, provider_row
from generator.catalogue.views.trends import ReadingsLeftOut, left_out_readings
from generator.formats import part_of
from generator.model.blocks import HeldBackRule, Link, Part
from generator.model.jsonld import JsonLd
from generator.model.page import Attribution, Crumb, Page
from generator.pages.registry import PageType, Rule, single


@dataclass(frozen=True, slots=True)
class ProviderSource:
    """Where one provider's prices are read; for recorded ones `url` is the collection, and `origin` names it."""

    provider: Link
    source: str
    url: str | None
    confirmed_at: datetime | None
    offers_n: int
    is_recorded: bool
    origin: str


@dataclass(frozen=True, slots=True)
class Methodology:
    """What the page shows beside the text."""

    sources: Part[ProviderSource]
    references: tuple[Attribution, ...]
    left_out: tuple[ReadingsLeftOut, ...]
    unknown_names_n: int
    held_back_n: int
    rules: tuple[HeldBackRule, ...]
    disagreements_n: int
    judged_n: int
    versions: tuple[Link, ...]


def path() -> str:
    """/methodology/."""
    return urls.METHODOLOGY


def page(read: SliceReader, ld: JsonLd) -> Page:
    """The page."""
    rules = read(held_back_rules)
    held_back_n = sum(rule.offers_n for rule in rules)
    text = read(methodology_text)
    rows = tuple(_source(read, line.slug) for line in read(provider_lines) if line.offers_n)
    return Page(
        path=path(),
        title="How GPU Prices Are Collected and Compared",
        description="Where each price comes from, how it is normalised, dated and ranked, what is held back, and "
        "what a list price does not tell you.",
        heading="How prices here are collected and compared",
        body=Methodology(
            Part(rows, part_of(len(rows), read(counts)["providers"], "provider", "those with the most GPUs")),
            read(attributions),
            read(left_out_readings),
            read(unknown_names_n),
            held_back_n,
            rules,
            read(disagreements_n),
            read(judged_n),
            read(methodology_versions),
        ),
        crumbs=(Crumb("Home", urls.HOME), Crumb("Methodology", "")),
        words={"text": text},
        newest=max((row.confirmed_at for row in rows if row.confirmed_at), default=None),
        written_by="human",
    )


def _source(read: SliceReader, slug: str) -> ProviderSource:
    line, row = read(provider_line, slug), read(provider_row, slug)
    return ProviderSource(
        provider=Link(line.name, line.path),
        source=line.source,
        url=urls.outgoing(row.origin_url if row.is_recorded else row.evidence_url),
        confirmed_at=line.confirmed_at,
        offers_n=line.offers_n,
        is_recorded=line.is_recorded,
        origin=row.origin,
    )


PAGE_TYPE = PageType(
    "methodology",
    Methodology,
    single,
    path,
    page,
    (Rule("no_text", "its text", lambda read: bool(read(methodology_text))),),
)
