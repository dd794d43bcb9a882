"""Why a page was or wasn't made by the last build, and what the next one will do with it.

The next build is tried: texts are imported and figures settled, as it would, in a transaction that is rolled back.
Then this page alone is looked at.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from generator.catalogue.catalogue import MOVED_WITH, Catalogue
from generator.catalogue.gather import Snapshot
from generator.catalogue.slices import version
from generator.catalogue.views.link_targets import leads_to
from generator.catalogue.words import in_words
from generator.database import db, runs
from generator.errors import BuildError
from generator.formats import day, some
from generator.output.folder import SiteFolder
from generator.pages.registry import PageType, page_keys, page_types
from generator.prose import reviewed
from generator.settings import Settings
from generator.site import build, built_pages, changes, content, find_page, gates, links, make, site_catalogue, store
from generator.site.built_pages import LastBuild, PageRecord
from generator.site.render import Renderer

_NAMED = 3

LastFate = Literal["changed", "same bytes", "same", "not looked at"]
Fate = Literal["made", "same", "left alone", "taken off"]


@dataclass(frozen=True, slots=True)
class BuiltPage:
    """A page as recorded: what became of it in the last build, and as of which builds it was last made and changed."""

    path: str
    page_type: str
    key: list[str]
    number: int
    gate_state: str
    gate_reasons: list[str]
    gate_since: datetime
    reads: list[int]
    model_hash: str
    files: dict[str, str]
    last_modified: datetime
    was_looked_at: bool
    was_made: bool
    was_changed: bool
    made_as_of: datetime | None
    changed_as_of: datetime | None


@dataclass(frozen=True, slots=True)
class SliceBehind:
    """A recorded slice, the revision at which it last moved, and the instant of the build that saw that first."""

    number: int
    name: str
    version: int | None
    reads: list[int]
    revision: int | None
    seen_as_of: datetime | None


@dataclass(frozen=True, slots=True)
class Read:
    """A slice that was read, and what has become of it since the last build: "" for nothing.

    Of an aggregate, `behind` is what it has read in turn.
    """

    name: str
    words: str
    revision: int | None
    seen_as_of: datetime | None
    since: Literal["", "moved", "differs", "as it was"]
    is_aggregate: bool
    behind: tuple["Read", ...] = ()


@dataclass(frozen=True, slots=True)
class Why:
    """A page, what it has read, what became of it in the last build, and what the next build does with it.

    "same": it is looked at and would show the same, so it is not made; "same bytes": it was made, for no other bytes.
    `needs` are the gate's rules that do not hold; `by_hand` its files that are not as a build wrote them, where no
    build would look.
    """

    path: str
    page_type: str
    key: tuple[str, ...]
    gate_state: str
    gate_since: datetime
    needs: tuple[str, ...]
    last_modified: datetime
    made_as_of: datetime | None
    changed_as_of: datetime | None
    last_build_as_of: datetime | None
    last_build: LastFate
    next_build: Fate
    because: tuple[str, ...]
    verdict: str
    by_hand: Mapping[str, str]
    reads: tuple[Read, ...]


def explain(connection: db.Connection, settings: Settings, out: Path, stated: str) -> Why:
    """Why the page of that path, address or file is as it is; the database stays as it was.

    Raises BuildError where there is no such page.
    """
    paths = find_page.candidates(stated, settings, out)
    found = db.rows(connection, "page_to_explain", BuiltPage, paths=paths)
    if not found:
        raise BuildError(_missing(connection, settings, out, paths))
    (page,) = found
    listed = [str(page_keys.slice(page.page_type))]
    behind = db.rows(connection, "page_slices_behind", SliceBehind, numbers=page.reads, names=listed, **_moves())
    try:
        trial = _tried(connection, settings, {one.number: one for one in behind})
        trial.records = built_pages.records(connection, numbers=[page.number], with_reads=False)
        return _explained(page, trial, _Folder.of(out, page, trial.last))
    finally:
        connection.rollback()


def at(instant: datetime) -> str:
    """An instant, for people: "25 Aug 2026, 12:00 UTC"."""
    return f"{day(instant)}, {instant.astimezone(UTC):%H:%M} UTC"


@dataclass(frozen=True, slots=True)
class _Folder:
    """A page's files that are not as a build wrote them, and whether the next build compares files."""

    damage: Mapping[str, str]
    is_compared: bool

    @classmethod
    def of(cls, out: Path, page: BuiltPage, last: LastBuild | None) -> "_Folder":
        folder = SiteFolder(out)
        is_known = folder.is_sure() and not folder.waits and folder.files() is not None
        is_as_built = is_known and last is not None and folder.generation() == str(last.generation)
        return cls(folder.damaged(page.files), not is_as_built)


@dataclass(slots=True)
class _Trial:
    """The next build, tried: what has moved since the last one, and the catalogue that it would read."""

    catalogue: Catalogue
    renderer: Renderer
    last: LastBuild | None
    slices: Mapping[int, SliceBehind]
    moved: set[str] = field(default_factory=set)
    new_code: set[str] = field(default_factory=set)
    for_all: list[str] = field(default_factory=list)
    records: Mapping[str, PageRecord] = field(default_factory=dict)
    _since: dict[int, Literal["", "moved", "differs", "as it was"]] = field(default_factory=dict)

    def since(self, number: int) -> Literal["", "moved", "differs", "as it was"]:
        """What has become of a slice: rows have moved, an aggregate of moved ones differs or came out as it was."""
        if number not in self._since:
            one = self.slices[number]
            if one.version is None:
                self._since[number] = "moved" if {one.name, "everything"} & self.moved else ""
            elif not self._is_behind(one):
                self._since[number] = ""
            else:
                self._since[number] = "differs" if version(self.catalogue, one.name) != one.version else "as it was"
        return self._since[number]

    def differs(self, number: int) -> bool:
        """Whether those that have read a slice are looked at."""
        return self.since(number) in {"moved", "differs"}

    def _is_behind(self, one: SliceBehind) -> bool:
        """Whether something behind an aggregate moved; where links lead is asked again whenever code is new."""
        may_lead = bool(self.new_code) and one.name.startswith(f"{leads_to.name}:")
        return may_lead or any(self.differs(number) for number in one.reads if number in self.slices)


def _moves() -> Mapping[str, list[str]]:
    """Which tables move with which slices of the database's writers, as two columns."""
    pairs = [(moved, table) for moved, tables in MOVED_WITH.items() for table in tables]
    return {"moved": [moved for moved, _ in pairs], "tables": [table for _, table in pairs]}


def _tried(connection: db.Connection, settings: Settings, slices: Mapping[int, SliceBehind]) -> _Trial:
    """The next build as far as this page's slices are concerned, in the transaction under way."""
    as_of = runs.last_as_of(connection)
    if as_of is None:
        raise BuildError("no prices are stored, so there is no next build; run build.py refresh")
    content.import_texts(connection, reviewed.read_all(site_catalogue.CONTENT).texts, as_of)
    (settled,) = db.rows(connection, "settle_slices", store.Settled, as_of=as_of)
    catalogue, _ = site_catalogue.gathered(Snapshot.of_trial(connection), as_of)
    renderer, last = Renderer(site_catalogue.site_of(settings, catalogue)), built_pages.last_build(connection)
    catalogue = links.with_anchors(catalogue, renderer)
    trial = _Trial(catalogue, renderer, last, slices)
    if last is None:
        trial.for_all.append("no build has recorded yet what pages read")
        return trial
    code = build.versions(last, catalogue)
    trial.new_code = build.new_code(last.code, code)
    trial.moved = changes.moved_since(connection, last.revision) | build.moved_texts(last.code, code)
    if last.is_same_for != built_pages.version_of_site(renderer.site):
        trial.for_all.append("what all pages show has changed: the site's settings, licences, or kind of prices")
    if last.revision > settled.revision:
        trial.for_all.append("the database is from before the last build")
    asked_anew = {one.number for one in slices.values() if one.version is not None and trial.since(one.number)}
    changes.recall_links(connection, catalogue, asked_anew)
    return trial


def _explained(page: BuiltPage, trial: _Trial, folder: _Folder) -> Why:
    kind = next((kind for kind in page_types() if kind.name == page.page_type), None)
    fate, because = _fate(page, kind, trial, folder)
    words = {**gates.WORDS, **({rule.code: rule.words for rule in kind.rules} if kind else {})}
    return Why(
        path=page.path,
        page_type=page.page_type,
        key=tuple(page.key),
        gate_state=page.gate_state,
        gate_since=page.gate_since,
        needs=tuple(words.get(code, code) for code in page.gate_reasons),
        last_modified=page.last_modified,
        made_as_of=page.made_as_of,
        changed_as_of=page.changed_as_of,
        last_build_as_of=trial.last.as_of if trial.last else None,
        last_build=_in_last_build(page),
        next_build=fate,
        because=tuple(because),
        verdict=_verdict(fate, because, trial),
        by_hand={} if folder.is_compared else folder.damage,
        reads=tuple(_reads(page.reads, trial, deeper=True)),
    )


def _fate(page: BuiltPage, kind: PageType | None, trial: _Trial, folder: _Folder) -> tuple[Fate, list[str]]:
    """What the next build does with a page, and why."""
    if kind is None:
        return "taken off", [f"there is no page type {page.page_type} any more"]
    if _is_listed_anew(kind, trial) and tuple(page.key) not in page_keys(trial.catalogue, kind.name):
        return "taken off", [kind.needs or f"{kind.name} lists it no more"]
    surely = [*trial.for_all, *_own_reasons(kind, trial, folder)]
    maybe = [*_moved(page, trial), *_waiting(page, trial)]
    if surely:
        return "made", [*surely, *maybe]
    if not maybe:
        return "left alone", _passed_by(page, trial)
    model, _ = make.modelled(trial.catalogue, trial.renderer, kind, tuple(page.key))
    model, _ = make.gated(model, trial.records[page.path], trial.catalogue.as_of)
    return "same" if make.hashes(model)[1] == page.model_hash else "made", maybe


def _is_listed_anew(kind: PageType, trial: _Trial) -> bool:
    """Whether the list of pages of a type is asked for again."""
    name = str(page_keys.slice(kind.name))
    number = next((one.number for one in trial.slices.values() if one.name == name), None)
    has_moved = number is None or trial.differs(number)
    return bool(trial.for_all) or "everything" in trial.moved or kind.name in trial.new_code or has_moved


def _own_reasons(kind: PageType, trial: _Trial, folder: _Folder) -> list[str]:
    """Why it is made again whatever it shows: new code, files that are not there."""
    code = [f"the code of {kind.name} is new: its module, views, templates or libraries"]
    files = [f"{file} is {damage}" for file, damage in folder.damage.items()] if folder.is_compared else []
    return [*(code if kind.name in trial.new_code else ()), *files]


def _moved(page: BuiltPage, trial: _Trial) -> list[str]:
    """Why it is looked at: what it has read and has moved, the tables' rows first."""
    if "everything" in trial.moved:
        return ["everything moved"]
    rows, views = (_which(page, trial, since) for since in ("moved", "differs"))
    return [*_some(rows, "moved"), *_some(views, "differs", "differ")]


def _waiting(page: BuiltPage, trial: _Trial) -> list[str]:
    """Why it is looked at though nothing moved."""
    record = trial.records[page.path]
    waits = record.gate_found != page.gate_state and record.gate_found_at != trial.catalogue.as_of
    return ["its gate waits, and may change with time alone"] if waits else []


def _passed_by(page: BuiltPage, trial: _Trial) -> list[str]:
    """What was computed again and came out as it was."""
    same = _which(page, trial, "as it was")
    return _some(same, "was computed again and is as it was", "were computed again and are as they were")


def _which(page: BuiltPage, trial: _Trial, since: str) -> list[str]:
    """What it has read that has become this since the last build, by name."""
    numbers = (number for number in page.reads if number in trial.slices)
    return sorted(trial.slices[number].name for number in numbers if trial.since(number) == since)


def _some(names: Sequence[str], one: str, many: str = "") -> list[str]:
    return [f"{some(names, _NAMED)} {one if len(names) == 1 else many or one}"] if names else []


def _reads(numbers: Iterable[int], trial: _Trial, *, deeper: bool) -> Iterable[Read]:
    """Slices that were read, the moved ones first; with `deeper`, also what aggregates have read."""
    found = [trial.slices[number] for number in numbers if number in trial.slices]
    for one in sorted(found, key=lambda one: (not trial.since(one.number), one.name)):
        behind = tuple(_reads(one.reads, trial, deeper=False)) if deeper else ()
        words, since = in_words(one.name), trial.since(one.number)
        yield Read(one.name, words, one.revision, one.seen_as_of, since, one.version is not None, behind)


def _in_last_build(page: BuiltPage) -> LastFate:
    """What became of it in the last build."""
    if page.was_made:
        return "changed" if page.was_changed else "same bytes"
    return "same" if page.was_looked_at else "not looked at"


def _verdict(fate: Fate, because: Sequence[str], trial: _Trial) -> str:
    why = " and ".join(because)
    match fate:
        case "made":
            return f"The next build makes it again, because {why}."
        case "same":
            return f"The next build looks at it again, because {why}, and leaves it: what it shows is the same."
        case "taken off":
            return f"The next build takes it off the site: {why}."
    since = f"the build of {at(trial.last.as_of)}" if trial.last else "the last build"
    said = f"{why}" if because else f"nothing that it read has moved since {since}"
    return f"The next build leaves it alone: {said}."


def _missing(connection: db.Connection, settings: Settings, out: Path, paths: Sequence[str]) -> str:
    """What to say of a path that is no page: the next build makes one of it, or what it was and is near to."""
    said = find_page.not_a_page(connection, paths, settings, out)
    try:
        planned = {kind.path(*key) for kind, key in links.planned(_tried(connection, settings, {}).catalogue)}
    finally:
        connection.rollback()
    new = next((path for path in paths if path in planned), None)
    return f"{new} is not on the site yet; the next build makes it" if new else said
