"""What a rental costs with storage and traffic: the terms that a script computes with, and examples without it."""

from dataclasses import dataclass
from typing import NamedTuple

from generator import urls
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.costs import scenarios
from generator.catalogue.views.gpus import gpu_link, gpu_order, last_read_of
from generator.catalogue.views.providers import provider_link, provider_order
from generator.catalogue.views.terms import all_terms
from generator.formats import plural
from generator.model.blocks import Link, Part, ScenarioLine, StatedTerm, first
from generator.model.jsonld import JsonLd
from generator.model.page import Crumb, Page
from generator.pages.registry import TWINNED, PageType, Rule, single

_COUNTED = {"storage_running", "egress"}


class SellerTerms(NamedTuple):
    """A provider with all its terms."""

    provider: Link
    terms: tuple[StatedTerm, ...]

    @property
    def is_known(self) -> bool:
        """Whether its usual prices of storage and traffic are known."""
        known = {row.field for row in self.terms if row.counts and not row.qualifier and row.usd is not None}
        return known >= _COUNTED


@dataclass(frozen=True, slots=True)
class Calculator:
    """The providers with their terms, and what the GPU that most providers rent out costs in the usual cases."""

    gpu: Link | None
    scenarios: Part[ScenarioLine]
    sellers: tuple[SellerTerms, ...]

    @property
    def known(self) -> tuple[Link, ...]:
        """The providers whose prices of storage and traffic are known."""
        return tuple(one.provider for one in self.sellers if one.is_known)


def path() -> str:
    """/calculator/."""
    return urls.CALCULATOR


def page(read: SliceReader, ld: JsonLd) -> Page:
    """The page."""
    body, leading = _body(read), read(gpu_order)[:1]
    return Page(
        path=path(),
        title="Cloud GPU Cost Calculator: Storage and Egress",
        description="What cloud GPUs cost for the hours, storage and traffic you need, provider by provider, each sum "
        "shown step by step.",
        heading="What a rental costs in the end",
        body=body,
        crumbs=(Crumb("Home", urls.HOME), Crumb("Calculator", "")),
        words={
            "answer": "The GPU’s hours, storage and traffic at "
            f"{plural(len(body.known), 'provider')} whose storage and traffic prices are known, each sum step by step. "
            "What a provider does not state is left out and named; it never counts as free."
        },
        newest=read(last_read_of, *leading),
    )


def _body(read: SliceReader) -> Calculator:
    leading = next(iter(read(gpu_order)), None)
    return Calculator(
        gpu=read(gpu_link, leading) if leading else None,
        scenarios=first(read(scenarios, leading) if leading else (), 12, "provider", "the cheapest"),
        sellers=tuple(
            SellerTerms(link, read(all_terms, slug))
            for slug in read(provider_order)
            if (link := read(provider_link, slug))
        ),
    )


PAGE_TYPE = PageType(
    "calculator",
    Calculator,
    single,
    path,
    page,
    (Rule("made_by_a_script", "an answer that does not depend on what a visitor enters", lambda _: False),),
    formats=(*TWINNED, "json"),
)
