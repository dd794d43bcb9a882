"""Publishing, step by step: the same for every store, and for a rollback.

    claim   .publish/pending.json; from here on a killed publish is finished by the next one
    keep    what will be replaced or removed is copied to .publish/kept/
    put     assets, new pages, changed pages, then sitemaps, robots.txt, redirects and headers
    mark    build.json, if it is still the one that was read
    remove  what the site no longer has, and what only generations had that are no longer kept
    tell    search engines which addresses changed

Only replaced files are kept: that takes a copy within the store for each, and no room for those that never change.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from typing import TypeVar

from generator.errors import BuildError
from generator.publishing import made
from generator.publishing.claim import Claim, Pending, left_of
from generator.publishing.generations import (
    NOTHING,
    Generation,
    Listed,
    Mark,
    as_bytes,
    kept_path,
    list_path,
    put_mark,
    read_list,
    read_mark,
)
from generator.publishing.plan import Plan, plan
from generator.publishing.removal import forget
from generator.publishing.sitemap_changes import changed_addresses, is_sitemap
from generator.publishing.stores import Overtaken, Store
from generator.publishing.threads import results

_HOME = "index.html"
_BATCH = 64  # files between two looks at the claim

T = TypeVar("T")
Progress = Callable[[int, int], None]
SearchEngines = Callable[[Sequence[str]], tuple[list[str], str]]
"""Tells search engines about addresses; returns those that could not be sent, and why."""


@dataclass(frozen=True, slots=True)
class Content:
    """What is to be published: `files` are paths with the hashes of their bytes, which `read` returns."""

    generation: str
    as_of: datetime
    pages: int
    files: Mapping[str, str]
    read: Callable[[str], bytes]


@dataclass(slots=True)
class Published:
    """What a publish did, or would do.

    `unchanged` files were there already, `resumed` ones had been put by a publish that was killed, `copied` ones by the
    cluster that made them.
    """

    destination: str
    generation: str
    as_of: datetime
    put: int = 0
    put_bytes: int = 0
    unchanged: int = 0
    resumed: int = 0
    copied: int = 0
    deleted: int = 0
    sent: list[str] = field(default_factory=list)
    unsent: list[str] = field(default_factory=list)
    problem: str = ""
    is_dry_run: bool = False


@dataclass(frozen=True, slots=True)
class _Work:
    """The way from what is published to what will be; `left` is what a killed publish left unfinished."""

    store: Store
    content: Content
    claim: Claim
    mark: Mark | None
    before: Listed
    after: Listed
    target: str
    left: Pending
    plan: Plan

    @property
    def etag(self) -> str | None:
        """Of the mark that was read."""
        return self.mark.etag if self.mark else None


def publish(
    store: Store,
    content: Content,
    keep: int,
    send: SearchEngines | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Published:
    """Make the destination serve this content, and keep `keep` generations, this one included.

    Raises Overtaken where another publish gets in between, BuildError where the store refuses.
    """
    work = _planned(store, content)
    report = _report(work)
    if work.claim.left is None:
        _refuse_strangers(work)
        if _is_there(work):
            return report
    _take(work)
    noted = _keep_replaced(work, tells=send is not None)
    there = made.names(store) if work.plan.puts else []
    try:
        _put(work, set(there), report, progress)
        generations = _put_mark(work, keep)
    except Overtaken:
        work.claim.leave(noted.touched)
        raise
    work.claim.check()
    store.delete([*work.plan.deletes, *there])
    forget(store, generations, {work.left.base, *work.left.tried})
    report.deleted = len(work.plan.deletes)
    _tell(report, [*noted.due, *noted.changed], send)
    work.claim.release(report.unsent)
    return report


def look(store: Store, content: Content) -> Published:
    """What a publish would do, without doing it."""
    work = _planned(store, content)
    report, puts = _report(work), work.plan.puts
    report.is_dry_run, report.put, report.deleted = True, len(puts), len(work.plan.deletes)
    report.put_bytes = sum(len(content.read(path)) for path in puts)
    return report


def _planned(store: Store, content: Content) -> _Work:
    claim, mark = Claim(store), read_mark(store)
    after = Listed(store.served, content.files)
    base, target = mark.current.files if mark else "", as_bytes(after)[1]
    before = after if base == target else read_list(store, base) if mark else NOTHING
    left = left_of(claim.left, base)
    steps = plan(before, after, set(left.touched), set(left.kept))
    return _Work(store, content, claim, mark, before, after, target, left, steps)


def _report(work: _Work) -> Published:
    content = work.content
    return Published(work.store.name, content.generation, content.as_of, unchanged=work.plan.unchanged)


def _refuse_strangers(work: _Work) -> None:
    """Raise BuildError where the destination holds a site that no publish put there."""
    if work.mark is None and work.store.head(_HOME):
        raise BuildError(
            f"{work.store.name}: holds a site ({_HOME}) that publish did not put there; empty it, or name another place"
        )


def _is_there(work: _Work) -> bool:
    current = work.mark.current if work.mark else None
    return bool(current and current.files == work.target and current.generation == work.content.generation)


def _take(work: _Work) -> None:
    """Take the claim; the mark must still be the one that was read."""
    work.claim.note(work.left)
    mark = read_mark(work.store)
    if (mark.etag if mark else None) != work.etag:
        raise Overtaken(f"{work.store.name}: another publish ended there just now; this one stops")


def _keep_replaced(work: _Work, *, tells: bool) -> Pending:
    """Keep what will be replaced or removed; only then note that it may be."""
    keeps = work.plan.keeps
    for batch in _batches(keeps):
        work.claim.check()
        list(results(lambda path: work.store.copy(path, kept_path(keeps[path])), batch))
    noted = replace(
        work.left,
        target=work.target,
        touched=sorted({*work.left.touched, *work.plan.puts, *work.plan.deletes}),
        kept=sorted({*work.left.kept, *keeps}),
        changed=_changed_addresses(work) if tells else [],
    )
    work.claim.note(noted)
    return noted


def _put(work: _Work, there: Set[str], report: Published, progress: Progress) -> None:
    """Put the files, phase by phase; the list comes first, so that a killed publish leaves nothing unlisted.

    `there` are the files that workers have put.
    """
    work.store.put(list_path(work.target), as_bytes(work.after)[0], work.target)
    doubtful, total = set(work.left.touched), len(work.plan.puts)

    def put(path: str) -> tuple[str, int]:
        return _put_file(work, path, there, is_doubtful=path in doubtful)

    for phase in work.plan.phases:
        for batch in _batches(phase):
            work.claim.check()
            for how, size in results(put, batch):
                setattr(report, how, getattr(report, how) + 1)
                report.put_bytes += size
                progress(report.put + report.resumed + report.copied, total)


def _put_file(work: _Work, path: str, there: Set[str], *, is_doubtful: bool) -> tuple[str, int]:
    """Put a file; returns how it got there, as the report counts it, and how many bytes were transferred."""
    store, digest = work.store, work.content.files[path]
    if is_doubtful and (found := store.head(path)) and found.digest == digest:
        return "resumed", 0
    if made.made_path(store, path, digest) in there and made.copied(store, path, digest):
        return "copied", 0
    data = work.content.read(path)
    store.put(path, data, digest)
    return "put", len(data)


def _put_mark(work: _Work, keep: int) -> tuple[Generation, ...]:
    """Put the mark, which makes the generation the present one; returns all that are kept."""
    work.claim.check()
    content, now = work.content, datetime.now(UTC).replace(microsecond=0)
    current = Generation(content.generation, content.as_of, now, content.pages, work.target)
    earlier = [one for one in (work.mark.all if work.mark else ()) if one.files != work.target]
    kept = tuple(earlier[: keep - 1])
    put_mark(work.store, current, kept, work.etag)
    return (current, *kept)


def _changed_addresses(work: _Work) -> list[str]:
    """The indexable addresses that are new, changed or gone, by the sitemaps before and after."""
    before, after = work.before.files, work.after.files
    moved = [path for path in before.keys() | after.keys() if is_sitemap(path) and before.get(path) != after.get(path)]
    kept = (work.store.get(kept_path(before[path])) for path in moved if path in before)
    new = (work.content.read(path) for path in moved if path in after)
    return changed_addresses((one.data for one in kept if one), new)


def _tell(report: Published, addresses: Iterable[str], send: SearchEngines | None) -> None:
    due = sorted(set(addresses))
    if send is None or not due:
        return
    report.unsent, report.problem = send(due)
    left = set(report.unsent)
    report.sent = [address for address in due if address not in left]


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, _BATCH)):
        yield batch
