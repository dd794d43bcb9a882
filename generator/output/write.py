"""Writes the output folder: changed files only, one build at a time, safe against a kill or a power cut.

Changed files are staged beside the site; then a journal says what will be moved where.  Once it is written, the next
run can finish the change; until then, the next run discards it.  What is kept beside the site:
generator/output/folder.py.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import UUID

import orjson

from generator.errors import BrokenSite, BuildRunning, OutputUnwritable
from generator.output import disk
from generator.output.disk import explained
from generator.output.folder import Journal, SiteFolder, check_path, is_blank, is_page
from generator.output.lock import Lock

_UNSURE = ""  # instead of the hash, for a file that is not as a build wrote it
_AS_IT_WAS = "the site there is as it was"
_GOES_ON = "the next build finishes what this one began"


@dataclass(frozen=True, slots=True)
class Staged:
    """A file compared with what the folder holds; `changed` ones are in the staging folder."""

    path: str
    hash: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Written:
    """What a build did to the folder; `generation` is the token it now carries."""

    changed: int
    unchanged: int
    removed: int
    generation: str


class Output:
    """The output folder while one build holds it.

        with Output(folder) as output:
            output.add("index.html", b"...")
            output.keep(paths_of_pages_not_rendered_again)
            written = output.commit(generation)

    The site changes only at `commit`.  Files are compared with the manifest where `verify` asks for it, where the
    folder's token is not the `expected` one, after a build that was killed, and after a reboot: `damaged` has those
    that differ.  `is_lost`: the manifest, or the journal of a
    change, could not be read.  `left`: files that are no longer part of the site but stay, since it is not known that
    a build wrote them.
    Raises BuildRunning where another build holds the folder, OutputUnwritable where it can't be written.
    """

    def __init__(self, folder: Path, *, verify: bool = False, expected: str = "") -> None:
        self._site = SiteFolder(folder)
        self.folder = self._site.path
        self.damaged: Mapping[str, str] = {}
        self.is_lost = False
        self.left: list[str] = []
        self._lock = Lock(self.folder)
        self._verify = verify
        self._expected = expected
        self._known: dict[str, str] = {}
        self._vouched: set[str] = set()
        self._taken: dict[str, Staged] = {}
        self._kept: set[str] = set()

    def __enter__(self) -> Self:
        with explained(self.folder, "name a folder that can be written (--out)"):
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        try:
            with explained(self.folder, _AS_IT_WAS):
                self._look()
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._site.waits:
            with suppress(OSError):
                self._site.clear_staging()
        self._lock.release()

    @property
    def generation(self) -> str:
        """The token of the folder's state; "" where no build has finished."""
        return self._site.generation()

    @property
    def files(self) -> Mapping[str, str]:
        """Every file that earlier builds wrote, with the hash of its bytes; "" where they have changed."""
        return self._known

    @property
    def pages(self) -> set[str]:
        """The files of pages that the folder holds."""
        return {path for path in self._known if is_page(path)}

    @property
    def pages_removed(self) -> set[str]:
        """The files of pages that a commit would remove now."""
        return {path for path in self._removed() if is_page(path)}

    def vouch(self, written: Mapping[str, str]) -> None:
        """Say which files builds wrote, path -> hash, where the manifest is lost.

        Those that are as they were are known again; any other at one of these paths may be overwritten.
        """
        self._vouched.update(written)
        missing = {path: known for path, known in written.items() if path not in self._known}
        damaged = self._site.damaged(missing)
        self._known |= {path: known for path, known in missing.items() if path not in damaged}

    def doubt(self) -> None:
        """Compare the files that are kept; where one differs, the next build compares all files and repairs them."""
        with explained(self.folder, _AS_IT_WAS):
            if self._site.damaged({path: self._known[path] for path in self._kept}):
                self._site.note_unsure()

    def add(self, path: str, data: bytes) -> bool:
        """Make `data` the file at `path`, such as `gpu/h100-sxm/index.html`; returns whether that changes it."""
        staged = self.stage(path, data)
        self.take(staged)
        return staged.changed

    def stage(self, path: str, data: bytes) -> Staged:
        """Compare a file and stage it where it differs; worker processes may call this and pass the result to `take`.

        Raises BuildError for a path that would leave the folder or hide in it.
        """
        check_path(path)
        self._site.refuse_link_above(path)
        if os.path.lexists(target := f"{self.folder}/{path}"):
            if disk.read(target, len(data)) == data:
                return Staged(path, disk.hashed(data), changed=False)
            self._refuse_strangers(path)
        with explained(self.folder, _AS_IT_WAS):
            self._site.stage(path, data)
        return Staged(path, disk.hashed(data), changed=True)

    def take(self, staged: Staged) -> None:
        """Make a staged file part of the next commit.  Raises BrokenSite for a second file at one path."""
        if self._taken.setdefault(staged.path, staged) is not staged:
            raise BrokenSite(f"{staged.path}: two pages have this address")

    def keep(self, paths: Iterable[str]) -> None:
        """Keep these files as they are."""
        self._kept.update(path for path in paths if path in self._known)

    def keep_all_but(self, paths: Iterable[str]) -> None:
        """Keep all files as they are but these, and those that are added."""
        self._kept = self._known.keys() - set(paths) - self._taken.keys()

    def commit(self) -> Written:
        """Make the change: files are added, and files of earlier builds that are neither added nor kept are removed.

        The folder gets a token that says which files it holds; where nothing differs, nothing is written.
        """
        changed = sorted((path for path, staged in self._taken.items() if staged.changed), key=_turn)
        removed = sorted(self._removed())
        self.left = [path for path in removed if not self._site.is_builds(path, self._known[path])]
        hashes = {path: staged.hash for path, staged in self._taken.items() if self._known.get(path) != staged.hash}
        generation = _token({**self._known, **hashes}, removed)
        if changed or removed or hashes or self.is_lost or self.generation != generation:
            self._make_room(changed, removed)
            self._change(Journal(generation, hashes, changed, removed))
            if self.is_lost:
                self.left = sorted(set(self._site.visible()) - self._known.keys())
        with explained(self.folder, _GOES_ON):
            self._site.note_sure()
        unchanged = len(self._taken.keys() | self._kept) - len(changed)
        return Written(len(changed), unchanged, len(removed), self.generation)

    def after(self) -> Mapping[str, bytes]:
        """What the folder will hold after the commit, read on demand, so that it can be checked first."""
        return _After(self._site, {**dict.fromkeys(self._kept), **self._taken})

    def _look(self) -> None:
        """Finish what a killed build began, and find the files that are here as builds wrote them."""
        files = self._site.finish_change(is_clean=not self._lock.was_left)
        if files is None:
            files = {**self._site.own_pages(), **(self._site.files() or {})}
            self.is_lost = bool(files or self.generation)
        self._site.clear_staging()
        if self._verify or not self._site.is_sure() or (self._expected and self._site.generation() != self._expected):
            self.damaged = self._site.damaged(files)
        self._known = {**files, **dict.fromkeys(self.damaged, _UNSURE)}

    def _removed(self) -> set[str]:
        return self._known.keys() - self._taken.keys() - self._kept

    def _change(self, journal: Journal) -> None:
        with explained(self.folder, _AS_IT_WAS):
            self._site.begin(journal)
        with explained(self.folder, _GOES_ON):
            self._known = self._site.carry_out(journal, self._known)

    def _refuse_strangers(self, path: str) -> None:
        """Raise OutputUnwritable where the change would overwrite a file that no build wrote."""
        target = self.folder / path
        is_folder = target.is_dir() and not target.is_symlink()
        if path in self._known or is_folder:
            return
        if not (self.is_lost and self._is_vouched_for(path)):
            raise OutputUnwritable(f"{target}: no build wrote this file; move it away, or name another folder (--out)")

    def _is_vouched_for(self, path: str) -> bool:
        """Whether a build wrote the file at a path, though no manifest says so.

        Every build writes the files beside the pages.  An empty page, as a power cut leaves it, is no loss.
        """
        data = disk.read(self.folder / path)
        return not is_page(path) or path in self._vouched or (data is not None and is_blank(data))

    def _make_room(self, changed: list[str], removed: list[str]) -> None:
        """Raise OutputUnwritable, before anything is changed, where a file or folder of others is in the way."""
        going = {self.folder / path for path in removed}
        seen = {str(self.folder.parent)}
        for path in changed:
            target = self.folder / path
            inside = target.rglob("*") if target.is_dir() else ()
            for file in (*inside, *_upwards(target, seen)):
                if os.path.lexists(file) and not file.is_dir() and file not in going:
                    raise OutputUnwritable(f"{file}: in the way of {target}; move it away")
                if file.is_dir() and not os.access(file, os.W_OK | os.X_OK):
                    raise OutputUnwritable(f"{file}: no permission to write; {_AS_IT_WAS}")


def _token(files: Mapping[str, str], removed: Iterable[str]) -> str:
    """The token of a folder that holds these files by hash, without those removed."""
    gone = set(removed)
    held = [[path, known] for path, known in sorted(files.items()) if path not in gone]
    return str(UUID(disk.hashed(orjson.dumps(held))))


def _turn(path: str) -> tuple[int, str]:
    """The order in which files move into place: what pages need before them, what links to them after them."""
    return 0 if path.startswith("assets/") else 2 if path.startswith("sitemap") else 1, path


def finish(folder: Path) -> bool:
    """Finish the change that a killed build had begun, without a database; returns whether none is left.

    A change whose journal can't be read is left to a build, which compares all files; a running build finishes its
    own.  Raises OutputUnwritable.
    """
    site, lock = SiteFolder(folder), Lock(folder)
    if not site.waits:
        return True
    with explained(folder, "a killed build left this site half old, half new"), suppress(BuildRunning):
        lock.acquire()
        try:
            site.finish_change(is_clean=False)
        finally:
            lock.release()
        return not site.waits
    return True


class _After(Mapping[str, bytes]):
    """The files as a commit would leave them, read from the staging folder or the site; a lost one is empty."""

    def __init__(self, site: SiteFolder, staged: Mapping[str, Staged | None]) -> None:
        self._site, self._staged = site, staged

    def __getitem__(self, path: str) -> bytes:
        staged = self._staged[path]
        waits = staged is not None and staged.changed
        return disk.read(self._site.staged(path) if waits else self._site.path / path) or b""

    def __contains__(self, path: object) -> bool:
        return path in self._staged

    def __iter__(self) -> Iterator[str]:
        return iter(self._staged)

    def __len__(self) -> int:
        return len(self._staged)


def _upwards(target: Path, seen: set[str]) -> Iterator[Path]:
    """The folders above a file, up to one that is `seen`; those yielded are added to it."""
    for folder in target.parents:
        if str(folder) in seen:
            return
        seen.add(str(folder))
        yield folder
