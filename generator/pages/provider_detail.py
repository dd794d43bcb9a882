"""A provider: its prices and terms, what a month costs, how it compares with the market, and how it is read."""

from collections.abc import Iterator
from dataclasses import dataclass

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.rows import ProviderRow
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.availability import availability_of_provider
from generator.catalogue.views.costs import monthly_costs
from generator.catalogue.views.disagreements import disagreements_of_provider
from generator.catalogue.views.gpus import gpu_line, gpu_link, gpu_row
from generator.catalogue.views.held_back import held_back_of_provider
from generator.catalogue.views.offers import provider_sections
from generator.catalogue.views.pairs import comparisons_of_provider
from generator.catalogue.views.places import region_links_of_provider
from generator.catalogue.views.provider_gpus import gpu_pages_of_provider
from generator.catalogue.views.providers import (
    alternatives,
    led_gpus,
    positions,
    provider_facts,
    provider_floors,
    provider_line,
    provider_row,
    provider_slugs,
    source,
)
from generator.catalogue.views.published import offers_of_provider
from generator.catalogue.views.scheduled import scheduled_of_provider
from generator.catalogue.views.sold_without_price import sold_of_provider
from generator.catalogue.views.terms import is_complete, term_lines, unknown_terms
from generator.formats import day, money, plural
from generator.model.blocks import (
    Availability,
    Disagreement,
    Fact,
    Figure,
    Link,
    MonthlyCosts,
    Part,
    ProviderLine,
    TermLine,
    first,
)
from generator.model.jsonld import JsonLd
from generator.model.offer_table import OfferSection
from generator.model.page import Crumb, Page
from generator.model.scheduled import ScheduledPrice
from generator.pages import cards
from generator.pages.figures import position_figure
from generator.pages.registry import TWINNED, Key, PageType, Rule
from generator.prose import clauses, findings, sentences

_FRESH_GPUS = 2


@dataclass(frozen=True, slots=True)
class ProviderDetail:
    """What a provider's page shows."""

    provider: ProviderLine
    cheapest: Link | None
    description: str
    pros: tuple[str, ...]
    cons: tuple[str, ...]
    best_for: tuple[str, ...]
    sections: tuple[OfferSection, ...]
    facts: tuple[Fact, ...]
    terms: tuple[TermLine, ...]
    unknown_terms: tuple[str, ...]
    costs: MonthlyCosts | None
    availability: Availability | None
    position: Figure | None
    alternatives: tuple[ProviderLine, ...]
    comparisons: tuple[Link, ...]
    regions: tuple[Link, ...]
    gpu_pages: tuple[Link, ...]
    how_read: tuple[Fact, ...]
    scheduled: Part[ScheduledPrice]
    disagreements: Part[Disagreement]
    website_url: str | None
    pricing_url: str | None
    out_rel: str


def keys(catalogue: Catalogue) -> Iterator[Key]:
    """A page for each active provider, with or without prices."""
    return ((slug,) for slug in provider_slugs(catalogue))


def path(slug: str) -> str:
    """/provider/lambda-labs/."""
    return urls.provider(slug)


def page(read: SliceReader, ld: JsonLd, slug: str) -> Page:
    """The page of one provider."""
    row, line = read(provider_row, slug), read(provider_line, slug)
    body = _body(read, row, line)
    return Page(
        path=path(slug),
        title=clauses.title(f"{line.name} GPU Pricing and Terms", f"{line.name} GPU Pricing"),
        description=_description(line),
        heading=f"{line.name} GPU pricing",
        body=body,
        crumbs=(Crumb("Home", urls.HOME), Crumb("Providers", urls.PROVIDER_INDEX), Crumb(line.name, "")),
        words=_words(read, line, body),
        graph=(ld.provider(path(slug), line.name, (urls.outgoing(row.website_url), body.pricing_url)),),
        newest=max((offer.confirmed_at for section in body.sections for offer in section.lines), default=None),
        card=cards.of_provider(line, body.cheapest.text if body.cheapest else ""),
        offers=read(offers_of_provider, slug),
        related_gpu_ids=tuple(read(gpu_row, floor.gpu_slug).id for floor in read(provider_floors, slug, "on_demand")),
        related_provider_ids=(row.id,),
    )


def _body(read: SliceReader, row: ProviderRow, line: ProviderLine) -> ProviderDetail:
    cheapest = min(read(provider_floors, row.slug, "on_demand"), key=lambda floor: floor.floor, default=None)
    ratios = [(read(gpu_link, gpu), ratio) for gpu, ratio in read(positions, row.slug)]
    return ProviderDetail(
        provider=line,
        cheapest=read(gpu_link, cheapest.gpu_slug) if cheapest else None,
        description=row.description or "",
        pros=tuple(row.pros),
        cons=tuple(row.cons),
        best_for=tuple(row.best_for),
        sections=read(provider_sections, row.slug),
        facts=read(provider_facts, row.slug),
        terms=read(term_lines, row.slug),
        unknown_terms=read(unknown_terms, row.slug),
        costs=read(monthly_costs, row.slug),
        availability=read(availability_of_provider, row.slug),
        position=position_figure(line.name, ratios),
        alternatives=read(alternatives, row.slug),
        comparisons=read(comparisons_of_provider, row.slug),
        regions=read(region_links_of_provider, row.slug),
        gpu_pages=read(gpu_pages_of_provider, row.slug),
        how_read=_how_read(row),
        scheduled=first(read(scheduled_of_provider, row.slug), 12, "price", "the first ones"),
        disagreements=first(read(disagreements_of_provider, row.slug), 6, "price", "the first ones"),
        website_url=urls.outgoing(row.affiliate_url or row.website_url),
        pricing_url=urls.outgoing(row.pricing_url),
        out_rel="nofollow sponsored" if row.affiliate_url else "nofollow",
    )


def _how_read(row: ProviderRow) -> tuple[Fact, ...]:
    """What was read, and where: for recorded prices the collection, since the provider itself was not asked."""
    if row.is_recorded:
        facts = (Fact("Source", source(row), urls.outgoing(row.origin_url)), Fact("Figures", f"Recorded. {row.origin}"))
    else:
        address = Fact("Address read", row.evidence_url or "", urls.outgoing(row.evidence_url))
        facts = (Fact("Source", source(row)), address)
    return tuple(fact for fact in facts if fact.value)


def _terms(line: ProviderLine) -> str:
    known = (
        f"billing {line.billing_step}" if line.billing_step else "",
        f"minimum {line.minimum_rental}" if line.minimum_rental else "",
        f"egress {line.egress}{'/GB' if line.egress.startswith('$') else ''}" if line.egress else "",
        f"storage {line.storage.partition(',')[0]}/GB-month" if line.storage.startswith("$") else "",
    )
    said = ", ".join(filter(None, known))
    return said[:1].upper() + said[1:] + "." if said else ""


def _words(read: SliceReader, line: ProviderLine, body: ProviderDetail) -> dict[str, str]:
    floors = read(provider_floors, line.slug, "on_demand")
    cheapest = min(floors, key=lambda floor: floor.floor, default=None)
    leads = findings.of_provider(line, read(led_gpus, line.slug))
    words = {
        "answer": sentences.provider_answer(line, read(gpu_line, cheapest.gpu_slug) if cheapest else None, leads),
        "availability": sentences.provider_availability(line, body.availability) if body.availability else "",
        "held_back": sentences.held_back(read(held_back_of_provider, line.slug)),
        "sold": sentences.sold_here(read(sold_of_provider, line.slug)),
    }
    return {name: text for name, text in words.items() if text}


def _description(line: ProviderLine) -> str:
    if not line.gpus_n:
        return clauses.description((f"{line.name}: what is known of its GPU cloud", "and where to see its prices."))
    start = f"{plural(line.gpus_n, 'GPU')} at {line.name}"
    return clauses.description(
        (
            f"{start} from {money(line.floor)}/GPU-hour on demand." if line.floor else f"{start}.",
            _terms(line),
            "" if line.position is None else "Terms, and how its prices compare with the market.",
            f"{'Recorded' if line.is_recorded else 'Confirmed'} {day(line.confirmed_at)}." if line.confirmed_at else "",
        )
    )


def _has_prices(read: SliceReader, slug: str) -> bool:
    fresh = read(provider_line, slug).fresh_gpus_n
    return fresh >= _FRESH_GPUS or (fresh > 0 and read(is_complete, slug))


PAGE_TYPE = PageType(
    "provider_detail",
    ProviderDetail,
    keys,
    path,
    page,
    (
        Rule(
            "few_prices",
            f"{_FRESH_GPUS} GPUs with a fresh price, or one with complete terms",
            _has_prices,
        ),
    ),
    formats=(*TWINNED, "json"),
    about=("provider",),
    needs="a provider's page needs its row in sql/seed/",
)
