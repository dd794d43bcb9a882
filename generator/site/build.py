"""A build: gather in one snapshot, render the pages that changed, write them crash-safely, record each page."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import xxhash

from generator import urls
from generator.catalogue.addresses import Addresses
from generator.catalogue.catalogue import Catalogue, gather
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.market import attributions
from generator.catalogue.views.prose import CatalogueLookup, guide_text
from generator.database import db, runs
from generator.errors import BrokenContent, BrokenSite, BuildError
from generator.formats import plural
from generator.model.blocks import Figure
from generator.model.jsonld import JsonLd
from generator.model.page import Page, Site
from generator.output.location import check_output
from generator.output.write import Output, Written
from generator.pages.registry import Key, PageType, Planned, page_types
from generator.prose import guides
from generator.prose.bindings import resolve
from generator.prose.guides import Guide
from generator.settings import ROOT, Settings
from generator.site import built_pages, content, links, other_files, report, sitemaps
from generator.site.built_pages import PageRecord
from generator.site.page_formats import documents
from generator.site.removals import refuse_mass_removal
from generator.site.render import Renderer
from generator.site.report import BuildReport
from scrapers.text_files import DamagedFile

CONTENT = ROOT / "content"
_TOLD = 5

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Made:
    """The pages of a build: a record of each, and those that were rendered."""

    records: dict[str, PageRecord] = field(default_factory=dict)
    changed: list[tuple[PageRecord, Page]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Options:
    """What a build does beyond rendering the pages that changed.

    `full`: render every page; `verify`: compare all files, and repair those that are not as a build wrote them;
    `allow_removals`: remove pages from the site, however many.
    """

    full: bool = False
    verify: bool = False
    allow_removals: bool = False


def build(
    connection: db.Connection,
    settings: Settings,
    out: Path,
    options: Options = Options(),
    progress: Progress | None = None,
) -> BuildReport:
    """Bring the output folder up to date with the last refresh.

    Raises BuildError where there was no refresh yet, BuildRunning where another build holds the folder,
    OutputUnwritable, BrokenSite where two pages have one address, and MassRemoval.
    """
    check_output(out, settings.data_dir)
    as_of = runs.last_as_of(connection)
    if as_of is None:
        raise BuildError(
            "nothing to render: no prices were ever stored; run build.py refresh (without a network: --source recorded)"
        )
    with Output(out, verify=options.verify) as output:
        files = guides.read(CONTENT / "guides")
        content.import_guides(connection, files.guides, as_of)
        connection.commit()
        catalogue, unusable = gathered(connection, as_of)
        before, last = built_pages.records(connection), built_pages.last_build(connection)
        connection.commit()
        content.store_methodology(connection, catalogue.methodology)
        connection.commit()
        site = site_of(settings, catalogue)
        renderer, version = Renderer(site), built_pages.code_version(site)
        output.vouch(file for record in before.values() for file in record.files)
        trusted = {} if options.full else _trusted(before, last, output)
        made = make(catalogue, renderer, output, trusted, before, version, progress)
        _add_other_files(output, site, catalogue, made.records)
        if not options.allow_removals:
            refuse_mass_removal(output.pages, output.pages_removed, before)
        _check(output, site, made)
        written = output.commit(str(uuid4()))
        _store(connection, renderer, made, before, catalogue.as_of, output, version, written)
        problems = [
            *(problem.message for problem in (*files.problems, *unusable)),
            *report.guide_problems(catalogue, CONTENT / "guides"),
            *links.problems(catalogue, made.records.values(), [guide.slug for guide in files.guides]),
        ]
        return BuildReport(
            as_of=catalogue.as_of,
            output_dir=out,
            pages=report.page_counts(made.records.values()),
            rendered=len(made.changed),
            written=written,
            is_all_recorded=catalogue.is_all_recorded,
            problems=tuple(problems),
            found=tuple(report.folder_problems(output)),
        )


def _trusted(
    before: Mapping[str, PageRecord], last: built_pages.LastBuild | None, output: Output
) -> Mapping[str, PageRecord]:
    """The records of the pages that are in the folder as the database's last build left them."""
    if last is None or str(last.generation) != output.generation:
        return {}
    held = output.files.items()
    return {path: record for path, record in before.items() if record.files and record.files.items() <= held}


def gathered(
    connection: db.Connection, as_of: datetime, files: Iterable[Guide] = ()
) -> tuple[Catalogue, list[BrokenContent]]:
    """The catalogue, with the guides and methodology that can be shown, and what is wrong with the others.

    Approved guides among `files` are included as if they had been imported.
    """
    connection.execute("set transaction isolation level repeatable read, read only")
    live, last = content.live(connection, files, as_of), content.methodology(connection)
    catalogue = gather(connection, as_of, live.guides, "")
    problems = list(live.problems)
    usable = dict(catalogue.guides)
    for slug in catalogue.guides:
        try:
            guide_text(catalogue, slug)
        except BrokenContent as problem:
            problems.append(problem)
            del usable[slug]
    methodology, wrong = _methodology(catalogue, last)
    return replace(catalogue, guides=usable, methodology=methodology), [*problems, *wrong]


def _methodology(catalogue: Catalogue, last: str) -> tuple[str, list[BrokenContent]]:
    """The methodology's text, else the last good one, else ""; and what is wrong."""
    path = CONTENT / "methodology.md"
    try:
        return _shown(catalogue, guides.document(path)), []
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
    )


def make(
    catalogue: Catalogue,
    renderer: Renderer,
    output: Output,
    trusted: Mapping[str, PageRecord],
    before: Mapping[str, PageRecord],
    version: str,
    progress: Progress | None,
) -> Made:
    """Every page: kept where nothing that it read has changed, else modelled, rendered and staged."""
    made, plan = Made(), planned(catalogue)
    catalogue = replace(catalogue, addresses=_addresses(plan, catalogue, renderer, output, trusted, version))
    for number, (page_type, key) in enumerate(plan, 1):
        path = page_type.path(*key)
        record = trusted.get(path)
        if record and built_pages.is_current(record, catalogue, version):
            output.keep(record.files)
            made.records[path] = record
        else:
            record, page = _page(page_type, key, catalogue, renderer, output, before.get(path), version)
            made.records[path] = record
            made.changed.append((record, page))
        if progress:
            progress(number, len(plan))
    return made


def planned(catalogue: Catalogue) -> list[Planned]:
    """The pages of this build, in order."""
    return [(page_type, key) for page_type in page_types() for key in page_type.keys(catalogue)]


def _addresses(
    plan: Iterable[Planned],
    catalogue: Catalogue,
    renderer: Renderer,
    output: Output,
    trusted: Mapping[str, PageRecord],
    version: str,
) -> Addresses:
    """Where links may lead in this build.  A page that is kept has the anchors of its present file."""

    def kept(path: str) -> bytes | None:
        record, file = trusted.get(path), output.folder / urls.output_file(path)
        if record is None or not file.is_file():
            return None
        unlinked = replace(record, inputs=links.others(record.inputs))
        return file.read_bytes() if built_pages.is_current(unlinked, catalogue, version) else None

    return links.addresses(plan, catalogue, renderer, kept)


def _page(
    page_type: PageType,
    key: Key,
    catalogue: Catalogue,
    renderer: Renderer,
    output: Output,
    before: PageRecord | None,
    version: str,
) -> tuple[PageRecord, Page]:
    read = SliceReader(catalogue)
    page = links.without_dead_links(page_type.page(read, JsonLd(renderer.site), *key), read, renderer)
    staged = [output.stage(*document) for document in documents(page, page_type.formats, renderer).items()]
    for file in staged:
        output.take(file)
    content_hash = _content_hash(page)
    record = PageRecord(
        path=page.path,
        page_type=page.page_type,
        gate_state=page.gate.state,
        gate_reasons=list(page.gate.reasons),
        inputs=read.inputs,
        code_version=version,
        content_hash=content_hash,
        files={file.path: file.hash for file in staged},
        last_modified=_last_modified(page, content_hash, before, catalogue.as_of),
    )
    return record, page


def _content_hash(page: Page) -> str:
    """The hash of a page's main content: without times, the frame, and charts, which move with the day."""
    said = (page.title, page.heading, dict(page.words), page.body, page.graph, *sorted(page.dead_links))
    as_is = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
    return xxhash.xxh3_64_hexdigest(orjson.dumps(said, default=_without_stamps, option=as_is))


def _without_stamps(value: Any) -> Any:
    if isinstance(value, datetime):
        return ""
    if isinstance(value, Figure):
        return value.title
    if is_dataclass(value):
        return [getattr(value, name.name) for name in fields(value)]
    if isinstance(value, date | Decimal):
        return str(value)
    raise TypeError(f"a page's model holds a {type(value).__name__}")


def _last_modified(page: Page, content_hash: str, before: PageRecord | None, as_of: datetime) -> datetime:
    """When the content last changed; for a new page, the newest instant that it shows."""
    if before is None:
        return min(page.newest or as_of, as_of)
    return min(before.last_modified, as_of) if before.content_hash == content_hash else as_of


def _check(output: Output, site: Site, made: Made) -> None:
    """Raise BrokenSite for new pages with errors, before any of them replaces a good one."""
    if not made.changed:
        return
    from generator.site.checks import check_pages  # noqa: PLC0415 (loads an HTML parser, which a build without changes does not need)

    changed = [file for record, _ in made.changed for file in record.files]
    broken = [one for one in check_pages(output.after(), site.url, changed) if one.severity == "error"]
    if broken:
        output.doubt()  # the error may be in a page that was kept
        first = "; ".join(f"{one.path}: {one.message}" for one in broken[:_TOLD])
        raise BrokenSite(f"the site is left as it was, {plural(len(broken), 'error')} in its new pages: {first}")


def _add_other_files(output: Output, site: Site, catalogue: Catalogue, records: Mapping[str, PageRecord]) -> None:
    """Add the site's other files: assets, sitemaps, robots.txt, headers, redirects, confirmation times."""
    files = {
        **other_files.of_templates(site),
        **other_files.of_catalogue(site, catalogue),
        **sitemaps.sitemaps(site.url, _entries(records.values())),
    }
    for path, data in files.items():
        output.add(path, data)


def _entries(records: Iterable[PageRecord]) -> Iterator[sitemaps.Entry]:
    return (
        sitemaps.Entry(record.path, record.page_type, record.last_modified)
        for record in records
        if record.gate_state == "indexable"
    )


def _store(
    connection: db.Connection,
    renderer: Renderer,
    made: Made,
    before: Mapping[str, PageRecord],
    as_of: datetime,
    output: Output,
    version: str,
    written: Written,
) -> None:
    """Store the records of this build in one transaction, after its files are in place."""
    gone = before.keys() - made.records.keys()
    built_pages.save(connection, (record for record, _ in made.changed), gone, as_of)
    for _, page in made.changed:
        content.save_page(connection, page, renderer, as_of)
    content.retire(connection, gone)
    db.execute(
        connection,
        "save_build",
        as_of=as_of,
        generation=written.generation,
        output_dir=str(output.folder),
        site_url=renderer.site.url,
        code_version=version,
        pages=len(made.records),
    )
    connection.commit()
