"""Who makes the site, what it is for, who pays for it, and how to reach whoever makes it."""

from collections.abc import Iterator
from dataclasses import dataclass

from generator import urls
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.market import counts
from generator.catalogue.views.partners import partners
from generator.formats import plural
from generator.model.blocks import Link
from generator.model.jsonld import JsonLd
from generator.model.page import Crumb, Page, Site
from generator.pages.registry import PageType, single
from generator.prose import clauses, sentences
from generator.prose.markdown import literal


@dataclass(frozen=True, slots=True)
class About:
    """Where to read more."""

    links: tuple[Link, ...]


def path() -> str:
    """/about/."""
    return urls.ABOUT


def page(read: SliceReader, ld: JsonLd) -> Page:
    """The page."""
    site, count = ld.site, read(counts)
    offers, gpus, providers = (plural(count[f"{noun.lower()}s"], noun) for noun in ("offer", "GPU", "provider"))
    return Page(
        path=path(),
        title=clauses.title(f"About {site.name}: Who Makes It and Who Pays", f"About {site.name}", "About"),
        description=clauses.description(
            (
                f"{site.name} compares what it costs to rent a GPU: who makes it, who pays for it, and how to report a "
                "wrong price.",
            )
        ),
        heading=f"About {site.name}",
        body=About(tuple(_links(site))),
        crumbs=(Crumb("Home", urls.HOME), Crumb("About", "")),
        words={
            "answer": f"{literal(site.name)} shows what it costs to rent a GPU by the hour: {offers} of {gpus} at "
            f"{providers}, each price with the day on which it was read, and where.",
            "made": f"{literal(site.organisation)} operates it. Its [source code]({site.repository}) is public, "
            f"with what reads each provider's prices.{_contact(site)}",
            "paid": " ".join(_paid(read(partners))),
        },
    )


def _contact(site: Site) -> str:
    if not site.contact:
        return ""
    return f" Questions and corrections go to [{literal(site.contact)}]({site.contact_url})."


def _paid(found: tuple[Link, ...]) -> Iterator[str]:
    yield "No provider pays to be listed or ranked, to be ranked higher, or to be left out."
    if found:
        yield (
            f"Links to {clauses.listed(map(sentences.link, found))} earn a commission; each is marked as a partner's, "
            "and changes no order and no figure."
        )
    else:
        yield "No link on this site earns a commission today."


def _links(site: Site) -> Iterator[Link]:
    yield Link("How prices are read, compared and checked", urls.METHODOLOGY)
    yield Link("Corrections, and how to report a wrong price", urls.CORRECTIONS)
    yield from (Link(one.title, urls.page(one.slug)) for one in site.statements)


PAGE_TYPE = PageType("about", About, single, path, page)
