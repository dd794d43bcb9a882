"""A build: look at what has moved, make the pages that it concerns, write them crash-safely, record what they read."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.gather import Snapshot, confirmations
from generator.database import db, runs
from generator.errors import BrokenSite, BuildError
from generator.formats import plural
from generator.model.page import Site
from generator.output.location import check_output
from generator.output.write import Output, Written
from generator.pages.registry import page_type, page_types
from generator.prose import reviewed
from generator.settings import Settings
from generator.site import (
    built_pages,
    changes,
    code_versions,
    content,
    gates,
    links,
    other_files,
    report,
    reviewed_pages,
    site_catalogue,
    sitemaps,
    stale_texts,
    store,
    up_to_date,
)
from generator.site.built_pages import LastBuild, PageRecord
from generator.site.changes import Changes
from generator.site.make import ENOUGH, MANY, Executor, Made, Maker, forked, make, usable_processors
from generator.site.rates import rates
from generator.site.removals import refuse_mass_removal
from generator.site.render import Renderer
from generator.site.report import BuildReport
from generator.site.sitemaps import Entry

_TOLD = 5
_SAMPLE = 20  # pages of a type
_SETTINGS = "settings"
_VERSION = "methodology version"  # which every page names
_METHODOLOGY = "methodology.md"  # among the versions of the code, though the database may keep an earlier text
_GUIDES = "guides/"  # those that can be shown: which GPUs and providers there are counts, too
_WORKLOADS = "workloads/"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Options:
    """What a build does beyond making the pages that changed.

    `full`: settle all figures anew and make every page; `verify`: compare all files, and repair those that are not as
    a build wrote them; `allow_removals`: remove pages from the site, however many; `allow_gates`: let new code move
    pages between indexable and not, however many; `jobs`: processes that make pages, None for one for each processor;
    `cluster`: address of the Dask cluster that makes them instead, `put`: what puts their files to where a publish
    finds them.
    """

    full: bool = False
    verify: bool = False
    allow_removals: bool = False
    allow_gates: bool = False
    jobs: int | None = None
    cluster: str | None = None
    put: Callable[[dict[str, bytes]], None] | None = None


class Looked(NamedTuple):
    """What a build still needs of a page that it has looked at and staged.

    `rules_said` is what the rules of its gate said in the last build, "" for a new page, `rules_say` what they say now.
    `entry` is its line in a sitemap, None for a page that search engines may not list; `changed` are its files that
    differ from those in the folder, `dropped` those that it no longer has.
    """

    path: str
    page_type: str
    rules_said: str
    rules_say: str
    entry: Entry | None
    is_listed_anew: bool
    is_rendered: bool
    changed: tuple[str, ...]
    dropped: tuple[str, ...]
    broken: tuple[str, ...]


def to_check(looked: Sequence[Looked]) -> list[str]:
    """The new files to check thoroughly: all, or, where the pages were checked as they were made, a sample."""
    changed: dict[str, list[str]] = {}
    for one in looked:
        changed.setdefault(one.page_type, []).extend(one.changed)
    if len(looked) <= MANY:
        return [path for new in changed.values() for path in new]
    return [path for new in changed.values() for path in new[:: len(new) // _SAMPLE + 1]]


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
    last = built_pages.last_build(connection)
    expected = str(last.generation) if last else ""
    with (
        Output(out, verify=options.verify, expected=expected) as output,
        _taken_back(connection),
        db.another(connection) as reading,
    ):
        files = reviewed.read_all(site_catalogue.CONTENT)
        content.import_texts(connection, files.texts, as_of)
        connection.commit()
        if options.full:
            db.execute(connection, "move_everything")
        (settled,) = db.rows(connection, "settle_slices", store.Settled, as_of=as_of)
        connection.commit()
        snapshot = Snapshot(reading)
        catalogue, unusable = site_catalogue.gathered(snapshot, as_of)
        site = site_catalogue.site_of(settings, catalogue)
        pictures = settings.data_dir / "pictures"
        run = _Run(connection, snapshot, catalogue, site, output, options, last, settled.revision, pictures)
        run.vouch()
        found = run.changes()
        storing = store.Storing(connection, as_of, anew=found.is_everything)
        looked = run.make(found, storing, progress)
        run.add_other_files(found, looked)
        if not options.allow_removals:
            refuse_mass_removal(output.pages, output.pages_removed, found.gone)
        if not options.allow_gates:
            run.refuse_moved_gates(looked)
        run.check(looked)
        problems = [
            *(problem.message for problem in (*files.problems, *unusable)),
            *report.text_problems(catalogue, site_catalogue.CONTENT),
        ]
        written = output.commit()
        content.store_methodology(connection, catalogue.methodology_source)
        problems = [*stale_texts.mark(connection, catalogue, as_of), *problems]
        storing.finish(found.gone)
        problems += links.problems(connection, catalogue, files.texts)
        counts = built_pages.page_counts(connection)
        pages = [one for one in looked if page_type(one.page_type).has_html]
        problems += gates.over_budget(counts)
        run.note(written, problems, counts)
        connection.commit()
        return BuildReport(
            as_of=as_of,
            output_dir=out,
            pages=counts,
            looked_at=len(pages),
            rendered=sum(one.is_rendered for one in pages),
            same=sum(one.is_rendered and not one.changed for one in pages),
            written=written,
            is_all_recorded=catalogue.is_all_recorded,
            problems=tuple(problems),
            found=tuple(report.folder_problems(output)),
        )


@dataclass(slots=True)
class _Run:
    """One build, with what it works on."""

    connection: db.Connection
    snapshot: Snapshot
    catalogue: Catalogue
    site: Site
    output: Output
    options: Options
    last: LastBuild | None
    revision: int
    pictures: Path
    renderer: Renderer = field(init=False)
    code: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.renderer = Renderer(self.site, pictures=self.pictures)
        self.code = versions(self.last, self.catalogue)
        self.catalogue = links.with_anchors(self.catalogue, self.renderer)

    def changes(self) -> Changes:
        """What is to be looked at again."""
        last = self.last
        if self.options.full or last is None:
            return changes.everything(self.connection, self.catalogue, may_stay=False)
        moved = changes.moved_since(self.connection, last.revision)
        if last.is_same_for != built_pages.version_of_site(self.site) or last.revision > self.revision:
            return changes.everything(self.connection, self.catalogue, may_stay=False)
        if "everything" in moved:
            return changes.everything(self.connection, self.catalogue, may_stay=self._is_as_built)
        moved |= moved_texts(last.code, self.code)
        is_there = None if self._is_as_built else self._is_there
        return changes.since_last_build(
            self.connection, self.catalogue, moved, new_code(last.code, self.code), is_there
        )

    def vouch(self) -> None:
        """Say which files builds wrote, where the folder no longer does."""
        if self.output.is_lost:
            records = built_pages.records(self.connection).values()
            self.output.vouch({path: known for record in records for path, known in record.files.items()})

    def make(self, found: Changes, storing: store.Storing, progress: Progress | None) -> list[Looked]:
        """Make the pages, and stage their files and records as they are done."""
        looked: list[Looked] = []
        total = len(found.pages)
        storing.add([], found.notes)
        maker = Maker(self.catalogue, self.renderer, self.output.stage)
        enough = MANY if self.options.cluster or not self.pictures.exists() else ENOUGH
        for shard in make(maker, list(found.pages.values()), self._executor(), enough):
            for staged in (staged for one in shard.made for staged in one.staged):
                self.output.take(staged)
            storing.add([(one, self._last_modified(one)) for one in shard.made], shard.aggregates)
            looked += map(self._looked, shard.made)
            if progress:
                progress(len(looked), total)
        return looked

    def add_other_files(self, found: Changes, looked: Sequence[Looked]) -> None:
        """Add the files beside the pages that may differ, and keep all others but those of pages that are gone."""
        confirmed = confirmations(self.connection, self.site.as_of)
        files = other_files.of_templates(self.site) | sitemaps.freshness(confirmed, self.site.as_of)
        files |= rates(self.connection, self.site.as_of)
        if found.listed_anew or not self._is_as_built:
            former, moves = self._former(found), reviewed_pages.moves(self.connection)
            files |= other_files.redirects(self.site, self.catalogue, former, moves)
        now = {one.path: one.entry for one in looked}
        moved = self._with_moved_sitemaps(found, looked)
        if moved:
            now |= dict.fromkeys(found.gone)
            files |= other_files.all_sitemaps(self.connection, self.site, moved, now)
        for path, data in files.items():
            self.output.add(path, data)
        self._keep_others(found, looked, sitemaps.unlisted(self.output.files, files))

    def refuse_moved_gates(self, looked: Sequence[Looked]) -> None:
        """Raise MovedGates where new code would move too many pages between states."""
        new = new_code(self.last.code, self.code) if self.last else ()
        gates.refuse_moved_gates(((one.page_type, one.rules_said, one.rules_say) for one in looked), new)

    def check(self, looked: Sequence[Looked]) -> None:
        """Raise BrokenSite for new pages with errors, before any of them replaces a good one."""
        from generator.site.checks import check_pages  # noqa: PLC0415 (loads an HTML parser)

        broken = [f"{one.path}: {link!r} leads nowhere" for one in looked for link in one.broken]
        if chosen := to_check(looked):
            found = check_pages(self.output.after(), self.site.url, chosen)
            broken += [f"{one.path}: {one.message}" for one in found if one.severity == "error"]
        if broken:
            self.output.doubt()  # the error may be in a page that was kept
            first = "; ".join(broken[:_TOLD])
            raise BrokenSite(f"the site is left as it was, {plural(len(broken), 'error')} in its new pages: {first}")

    def note(self, written: Written, problems: Sequence[str], counts: dict[str, dict[str, int]]) -> None:
        """Note the build in the transaction that stores it; `counts` are of pages by type and state."""
        db.execute(
            self.connection,
            "save_build",
            as_of=self.site.as_of,
            generation=written.generation,
            output_dir=str(self.output.folder),
            site_url=self.site.url,
            pages=sum(sum(states.values()) for states in counts.values()),
            revision=self.revision,
            code=db.json(self.code),
            is_same_for=built_pages.version_of_site(self.site),
            report=db.json(
                {
                    "pages": counts,
                    "files": len(self.output.files),
                    "is_all_recorded": self.site.is_all_recorded,
                    "problems": list(problems),
                }
            ),
        )

    def _former(self, found: Changes) -> set[str]:
        """The addresses that search engines could list and that have no page any more."""
        gone = {path for path, record in found.gone.items() if record.was_indexable}
        return built_pages.former_paths(self.connection) | gone

    def _looked(self, one: Made) -> Looked:
        before, last_modified = one.to_make.before, self._last_modified(one)
        page_type, path = one.to_make.page_type.name, one.to_make.path
        is_same = before is not None and (before.gate_state, before.last_modified) == (one.gate.state, last_modified)
        return Looked(
            path,
            page_type,
            before.gate_found if before else "",
            one.gate.found,
            Entry(path, page_type, last_modified) if one.gate.state == "indexable" else None,
            is_listed_anew=not is_same,
            is_rendered=one.is_made,
            changed=tuple(staged.path for staged in one.staged if staged.changed),
            dropped=tuple(before.files.keys() - one.files.keys()) if before and one.is_made else (),
            broken=tuple(one.broken),
        )

    def _last_modified(self, one: Made) -> datetime:
        """When a page's content last changed; for a new page, the newest instant that it shows."""
        before, as_of = one.to_make.before, self.site.as_of
        if before is None:
            return min(one.newest or as_of, as_of)
        return min(before.last_modified, as_of) if before.content_hash == one.content_hash else as_of

    @property
    def _is_as_built(self) -> bool:
        """Whether the folder holds every file as the last build recorded it."""
        is_whole = not self.output.damaged and not self.output.is_lost
        return is_whole and self.last is not None and self.output.generation == str(self.last.generation)

    def _executor(self) -> Executor:
        """What makes the pages where there are many."""
        if not self.options.cluster:
            return forked(self.snapshot, self.options.jobs or usable_processors())
        from generator.site.cluster import on_cluster  # noqa: PLC0415 (few builds use one)

        return on_cluster(self.options.cluster, self.snapshot, self.options.put)

    def _is_there(self, record: PageRecord) -> bool:
        return record.files.items() <= self.output.files.items()

    def _with_moved_sitemaps(self, found: Changes, looked: Iterable[Looked]) -> set[str]:
        """The page types whose sitemaps may differ."""
        if not self._is_as_built:
            return {kind.name for kind in page_types()} | {record.page_type for record in found.gone.values()}
        moved = {record.page_type for record in found.gone.values()}
        return moved | {one.page_type for one in looked if one.is_listed_anew}

    def _keep_others(self, found: Changes, looked: Iterable[Looked], unlisted: Iterable[str]) -> None:
        gone = {*unlisted, *(file for record in found.gone.values() for file in record.files)}
        gone.update(file for one in looked for file in one.dropped)
        if self._is_as_built:
            self.output.keep_all_but(gone)
        else:
            records = built_pages.records(self.connection).values()
            self.output.keep(file for record in records for file in record.files if file not in gone)


@contextmanager
def _taken_back(connection: db.Connection) -> Iterator[None]:
    """Take back what a build that fails has not committed, temporary tables included."""
    try:
        yield
    except BaseException:
        with suppress(db.Error):
            connection.rollback()
        raise


def versions(last: LastBuild | None, catalogue: Catalogue) -> dict[str, str]:
    """The versions of the code and the texts; of page types only where not all code is as the last build found it."""
    every = code_versions.of_everything()
    own = {
        "": every,
        _METHODOLOGY: built_pages.version_of_text(catalogue.methodology_source),
        _VERSION: " ".join(catalogue.methodology_versions),
        _GUIDES: built_pages.version_of_text(" ".join(catalogue.guides)),
        _WORKLOADS: built_pages.version_of_text(" ".join(map(repr, catalogue.workloads.values()))),
        _SETTINGS: up_to_date.version_of_settings(),
    }
    if last and last.code.get("") == every:
        return {**last.code, **own}
    return {**code_versions.of_page_types(kind.name for kind in page_types()), **own}


def moved_texts(before: Mapping[str, str], now: Mapping[str, str]) -> set[str]:
    """The slices of texts that differ."""
    slices = {_METHODOLOGY: "methodology", _GUIDES: "guides", _WORKLOADS: "workloads"}
    return {slices[name] for name in slices if before.get(name) != now[name]}


def new_code(before: Mapping[str, str], now: Mapping[str, str]) -> set[str]:
    """The page types whose code differs, those that are new, and those that are no more."""
    if before.get(_VERSION) != now[_VERSION]:
        return {kind.name for kind in page_types()}
    differing = {name for name in before.keys() | now.keys() if before.get(name) != now.get(name)}
    return differing - {"", _VERSION, _METHODOLOGY, _GUIDES, _WORKLOADS, _SETTINGS}
