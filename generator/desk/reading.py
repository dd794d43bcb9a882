"""A draft as it reads today: its facts with their sources, its claims, and what the checks find."""

import re

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.views.prose import CatalogueLookup
from generator.desk import preview
from generator.desk.checks.rules import findings
from generator.desk.drafts import ClaimResult, Draft, Fact, Finding, Origin, Others, Reading
from generator.desk.origins import origins
from generator.desk.surroundings import around
from generator.desk.texts import sources_of
from generator.errors import BrokenContent
from generator.model.page import Site
from generator.prose import bindings, bound
from generator.prose.calls import Call
from generator.site.render import Renderer

_TAG = re.compile(r"<script\b.*?</script>|<style\b.*?</style>|<svg\b.*?</svg>|<[^>]+>", re.DOTALL)


def read(catalogue: Catalogue, draft: Draft, site: Site, others: Others) -> Reading:
    """What there is to know of a draft today.

    `catalogue` knows the site's addresses (generator/site/links.py, with_anchors); with `others` the draft is compared,
    and with the guides and texts about workloads that it has.
    """
    sources = sources_of(draft)
    lookup = CatalogueLookup(catalogue, sources)
    document = bound.parse(draft.markdown)
    broken, shown, gate = _page(catalogue, site, draft)
    known = Others({**_texts(catalogue), **others.live}, others.waiting)
    found = findings(draft, around(catalogue, known, shown, gate, sources))
    return Reading(
        facts=tuple(_fact(one.source, catalogue, lookup) for one in _once(document.bindings)),
        claims=tuple(_claim(one, document, lookup) for one in document.claims),
        findings=(*broken, *found),
    )


def _page(catalogue: Catalogue, site: Site, draft: Draft) -> tuple[tuple[Finding, ...], str, str]:
    """What keeps the draft from being a page, the page's text, and the state of its gate."""
    try:
        page = preview.drafted_page(catalogue, site, draft)
        html = Renderer(site).rendered(page).html.decode()
    except BrokenContent as problem:
        return (Finding("page", "block", "page", 0, 0, draft.slug, problem.message),), "", "not built"
    return (), " ".join(_TAG.sub(" ", html).split()), page.gate.state


def _texts(catalogue: Catalogue) -> dict[str, Draft]:
    return {
        text.path.strip("/"): Draft(text.path.strip("/"), text.page_type, text.title, text.description, text.text)
        for text in catalogue.texts
    }


def _once(found: tuple[bound.Binding, ...]) -> list[bound.Binding]:
    return list({one.source: one for one in found}.values())


def _fact(source: str, catalogue: Catalogue, lookup: CatalogueLookup) -> Fact:
    try:
        figure = bindings.figure(source, lookup)
        read_from = _cited(source, lookup) or origins(catalogue, source)
    except (BrokenContent, KeyError, TypeError):
        return Fact(source, "", "", lookup.as_of)
    value = "" if figure is None else figure.text if figure.value is None else f"{figure.value.normalize():f}"
    return Fact(source, figure.text if figure else "", value, lookup.as_of, read_from, bindings.policy_of(source))


def _cited(source: str, lookup: CatalogueLookup) -> tuple[Origin, ...]:
    """The source in the draft's own front matter that a figure names; () for a figure of the catalogue."""
    call = Call(source)
    found = lookup.source("".join(call.arguments[-1:])) if call.name == "cited" else None
    return (Origin(found.label, found.url),) if found else ()


def _claim(claim: bound.Claim, document: bound.Document, lookup: CatalogueLookup) -> ClaimResult:
    try:
        holds = bindings.told(claim.source, lookup)
    except (BrokenContent, KeyError, TypeError):
        holds = None
    return ClaimResult(claim.source, document.words(*claim.said).strip(), holds)
