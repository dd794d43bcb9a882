"""The catalogue of a build, with the texts and the methodology that can be shown."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from generator.catalogue.catalogue import Catalogue, texts_of
from generator.catalogue.gather import Snapshot, gather
from generator.catalogue.views.market import attributions
from generator.catalogue.views.prose import CatalogueLookup, filled
from generator.errors import BrokenContent
from generator.model.page import Site, Statement
from generator.prose import methodology_versions, reviewed, texts
from generator.prose.bindings import resolve
from generator.prose.methodology_versions import MethodologyVersion
from generator.prose.texts import ReviewedText
from generator.settings import ROOT, Settings
from generator.site import content, reviewed_pages
from scrapers.text_files import DamagedFile, shown

CONTENT = ROOT / "content"
_TITLES = {"imprint": "Imprint", "privacy": "Privacy", "accessibility": "Accessibility"}


def gathered(
    snapshot: Snapshot, as_of: datetime, files: Iterable[ReviewedText] = ()
) -> tuple[Catalogue, list[BrokenContent]]:
    """The catalogue, with the texts and methodology that can be shown, and what is wrong with the others.

    Approved ones among `files` are included as if they had been imported.  Raises BrokenContent where the text of a
    published version of the methodology has changed.
    """
    live, last = content.live(snapshot.connection, files, as_of), content.methodology(snapshot.connection)
    versions = methodology_versions.read(CONTENT / "methodology")
    prose = reviewed_pages.live_prose(snapshot.connection)
    catalogue = gather(snapshot, as_of, live.texts, "", versions, prose)
    problems = list(live.problems)
    usable = []
    for text in live.texts:
        try:
            filled(catalogue, text)
            usable.append(text)
        except BrokenContent as problem:
            problems.append(problem)
    methodology, wrong = _methodology(catalogue, last)
    if versions:
        methodology, wrong = versions[-1].text, [*wrong, *_unpublished(methodology, versions[-1])]
    return replace(catalogue, methodology_source=methodology, **texts_of(usable)), [*problems, *wrong]


def _unpublished(methodology: str, newest: MethodologyVersion) -> Iterator[BrokenContent]:
    if texts.text_hash(methodology) != texts.text_hash(newest.text):
        problem = f"is not version {newest.number}, which stays on the site; expected build.py content version"
        yield BrokenContent(f"{shown(CONTENT / 'methodology.md')}: {problem}")


def _methodology(catalogue: Catalogue, last: str) -> tuple[str, list[BrokenContent]]:
    """The methodology's text, else the last good one, else ""; and what is wrong."""
    path = CONTENT / "methodology.md"
    try:
        return _shown(catalogue, reviewed.document(path)), []
    except (BrokenContent, DamagedFile) as problem:
        said = f"{problem.message}; expected the methodology as Markdown"
    try:
        return _shown(catalogue, last), [BrokenContent(f"{said}; the page keeps the last text that could be read")]
    except BrokenContent:
        return "", [BrokenContent(f"{said}; the page is left without its text")]


def _shown(catalogue: Catalogue, methodology: str) -> str:
    """The text, if it can be shown.  Raises BrokenContent for one with a wrong binding, or an empty one."""
    if not resolve(methodology, CatalogueLookup(catalogue), str(CONTENT / "methodology.md")).text.strip():
        raise BrokenContent(f"{CONTENT / 'methodology.md'}: empty")
    return methodology


def stating(catalogue: Catalogue, site: Site) -> Catalogue:
    """The catalogue, with the statements that the site has a page for."""
    return replace(catalogue, statements=tuple(one.slug for one in site.statements))


def site_of(settings: Settings, catalogue: Catalogue) -> Site:
    """What is the same on every page."""
    return Site(
        name=settings.site_name,
        url=settings.site_url,
        organisation=settings.organisation,
        as_of=catalogue.as_of,
        is_all_recorded=catalogue.is_all_recorded,
        repository=settings.repository,
        product_markup=settings.product_markup,
        attributions=attributions(catalogue),
        contact=settings.contact,
        statements=tuple(Statement(slug, _TITLES[slug], said) for slug, said in settings.statements().items()),
        methodology_version=max(map(int, catalogue.methodology_versions), default=0),
        verification=tuple(settings.verification_files().items()),
    )
