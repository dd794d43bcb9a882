"""An output folder and what builds keep in it beside the site.

    .manifest.json  every file that builds wrote, with the hash of its bytes
    .generation     a token of this state of the folder
    .boot           the start of the machine in which every file was last known to be as the manifest says
    .staging/       what a build under way has prepared, with its journal
    .lock           which process is building; there only meanwhile

Whoever may write to the folder may have cut, edited or planted any of it: what can't be read counts as none, no
path is followed out of the folder or to what is hidden in it, and no link is followed at all.
"""

import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path, PurePosixPath
from uuid import UUID

import orjson
from pydantic import TypeAdapter, ValidationError

from generator import urls
from generator.errors import BuildError, OutputUnwritable
from generator.output import disk

MANIFEST = ".manifest.json"
GENERATION = ".generation"
BOOT = ".boot"
STAGING = ".staging"
JOURNAL = "journal.json"
MARK = b'<meta name="generator" content="CloudGPUs">'
_CANONICAL = re.compile(rb'<link rel="canonical" href="([^"]*)">')
_LONGEST = 2000  # bytes of a path: with the folder's own it has to stay below 4,096 on Linux


@dataclass(frozen=True, slots=True)
class Journal:
    """What a commit does: staged files that move into place, files that go, and the hashes of what is new."""

    generation: str
    hashes: dict[str, str]
    moves: list[str]
    removes: list[str]


@dataclass(frozen=True, slots=True)
class _Manifest:
    files: dict[str, str]
    generation: str


_JOURNAL, _MANIFEST = TypeAdapter(Journal), TypeAdapter(_Manifest)


class SiteFolder:
    """Reads and changes the folder; whoever changes it holds its lock."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.staging = self.path / STAGING
        self._journal = self.staging / JOURNAL
        self._plain = {self.path}  # folders that are known to be no links

    def files(self, coming: str = "") -> dict[str, str] | None:
        """Every file that builds wrote, with its hash; None where the manifest is lost, or is that of another token.

        While a change is under way it may be that of the `coming` one.
        """
        try:
            manifest = _MANIFEST.validate_json(disk.read(self.path / MANIFEST) or b"")
        except ValidationError:
            return None
        return manifest.files if manifest.generation in {self.generation(), coming} - {""} else None

    def generation(self) -> str:
        """The token of the folder's state; "" where no build finished."""
        try:
            return str(UUID((disk.read(self.path / GENERATION) or b"").decode("ascii").strip()))
        except ValueError:
            return ""

    def journal(self) -> Journal | None:
        """The change that waits to be finished; None where there is none that can be read."""
        try:
            return _JOURNAL.validate_json(disk.read(self._journal) or b"")
        except ValidationError:
            return None

    @property
    def waits(self) -> bool:
        """Whether a change of the site has begun and is not finished."""
        return os.path.lexists(self._journal)

    def is_sure(self) -> bool:
        """Whether every file was known to be whole since this machine started, and every build ended well."""
        return disk.read(self.path / BOOT) == _boot()

    def note_sure(self) -> None:
        """Note that every file is as the manifest says."""
        if not self.is_sure():
            disk.replace(self.path / BOOT, _boot())

    def note_unsure(self) -> None:
        """Note that files may differ from the manifest until a build has compared them."""
        (self.path / BOOT).unlink(missing_ok=True)

    def damaged(self, files: Mapping[str, str]) -> dict[str, str]:
        """What became of files that are not as builds wrote them: path -> gone, empty or changed; reads them all."""
        found = ((path, self._damage(path, known)) for path, known in files.items() if is_inside(path))
        return {path: damage for path, damage in found if damage}

    def own_pages(self) -> dict[str, str]:
        """Pages whose own bytes say that a build wrote them for their place, with their hashes."""
        pages = (path for path in self.visible() if is_page(path) and is_inside(path))
        found = ((path, disk.read(self.path / path) or b"") for path in pages)
        return {path: disk.hashed(data) for path, data in found if _is_own_page(path, data)}

    def visible(self) -> Iterator[str]:
        """The path of every file that is not hidden, and behind no link."""
        for above, folders, names in os.walk(self.path):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in names:
                if not name.startswith("."):
                    yield os.path.relpath(os.path.join(above, name), self.path)  # noqa: PTH118 (a path a file)

    def link_above(self, path: str) -> Path | None:
        """A link among the folders between this one and a file: what lies behind it, no build wrote."""
        above = list(takewhile(lambda folder: folder not in self._plain, (self.path / path).parents))
        link = next((folder for folder in above if folder.is_symlink()), None)
        if link is None:
            self._plain.update(above)
        return link

    def staged(self, path: str) -> Path:
        """Where the new bytes of a file wait."""
        return self.staging / disk.hashed(path.encode())

    def stage(self, path: str, data: bytes) -> None:
        """Put a file's new bytes where they wait."""
        staged = self.staged(path)
        try:
            disk.write(staged, data)
        except FileNotFoundError:
            self.staging.mkdir()
            disk.write(staged, data)
        except FileExistsError:  # two pages of one address: the build will say so
            staged.unlink()
            disk.write(staged, data)

    def clear_staging(self) -> None:
        """Remove what a killed build had staged, but no journal."""
        if not self.staging.exists():
            return
        for left in self.staging.iterdir():
            if _is_folder(left):
                shutil.rmtree(left)
            elif left.name != JOURNAL or left.is_symlink():
                left.unlink()
        if not self.waits:
            self.staging.rmdir()

    def refuse_planted(self) -> None:
        """Raise where something else bears the name of what builds keep here."""
        if os.path.lexists(self.staging) and not _is_folder(self.staging):
            raise OutputUnwritable(f"{self.staging}: no folder, as builds make it; remove it")
        for name in (MANIFEST, GENERATION, BOOT):
            for file in (self.path / name, self.path / f"{name}.new"):
                if _is_folder(file):
                    raise OutputUnwritable(f"{file}: a folder where builds keep a file; remove it")

    def finish_change(self, *, is_clean: bool) -> dict[str, str] | None:
        """Finish the change that a killed build had begun; `is_clean` says that the last build ended by itself.

        The files of the site then; None where the manifest or the journal can't be read, so that only a comparison
        of all files can tell.  Before the first build's end there is no manifest.
        """
        self.refuse_planted()
        if not is_clean or self.staging.exists():
            self.note_unsure()
        journal = self.journal()
        files = self.files(journal.generation if journal else "")
        if journal and (files is not None or not self.generation()):
            known = files or {}
            moves = [path for path in journal.moves if path in known or not os.path.lexists(self.path / path)]
            return self.carry_out(replace(journal, moves=moves), known)
        return None if self.waits else files

    def begin(self, journal: Journal) -> None:
        """From here on the change is finished, by whatever run: all that it needs is on the disk."""
        self.staging.mkdir(exist_ok=True)
        disk.sync(self.path)
        disk.replace(self._journal, orjson.dumps(journal))

    def carry_out(self, journal: Journal, files: Mapping[str, str]) -> dict[str, str]:
        """Finish the change; every step may have been done before.  The files that the site has then.

        What goes, goes last, for a page that still leads to it may be on its way to a reader; but first where it
        stands in the way of what comes.
        """
        self._plain = {self.path}
        removes, moves = (list(filter(is_inside, paths)) for paths in (journal.removes, journal.moves))
        first = _in_the_way(removes, moves)
        for path in first:
            self._remove(path, files.get(path))
        for path in moves:
            self._move(path)
        for path in removes:
            if path not in first:
                self._remove(path, files.get(path))
        gone = set(journal.removes)
        there = {path: known for path, known in sorted({**files, **journal.hashes}.items()) if path not in gone}
        manifest = _Manifest(there, journal.generation)
        disk.replace(self.path / MANIFEST, orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
        disk.replace(self.path / GENERATION, journal.generation.encode() + b"\n")
        disk.sync(self.path)
        self.forget_journal()
        return there

    def forget_journal(self) -> None:
        """The site is whole: nothing that was staged is needed."""
        self._journal.unlink(missing_ok=True)
        self.clear_staging()

    def is_builds(self, path: str, known: str | None) -> bool:
        """Whether a file that the manifest lists, with this hash, is a build's: as it was, empty, or a page of ours."""
        data = disk.read(self.path / path) if is_inside(path) and not self.link_above(path) else None
        return data is not None and (disk.hashed(data) == known or is_blank(data) or _is_own_page(path, data))

    def _damage(self, path: str, known: str) -> str:
        data = None if self.link_above(path) else disk.read(self.path / path)
        if data is None:
            return "gone"
        return "" if disk.hashed(data) == known else "changed" if data else "empty"

    def _remove(self, path: str, known: str | None) -> None:
        """Remove a file that is still the builds', and the folders it leaves empty."""
        if self.link_above(path):
            return
        file = self.path / path
        if self.is_builds(path, known):
            file.unlink()
        for above in file.parents:
            if above == self.path or not above.is_dir() or any(above.iterdir()):
                break
            above.rmdir()

    def _move(self, path: str) -> None:
        """Put a staged file in place; one that is staged no more was moved before a kill."""
        source, target = self.staged(path), self.path / path
        self.refuse_link_above(path)
        try:
            source.replace(target)
        except FileNotFoundError:
            if source.exists():
                target.parent.mkdir(parents=True)
                source.replace(target)
        except IsADirectoryError:
            _remove_empty_folders(target)
            source.replace(target)

    def refuse_link_above(self, path: str) -> None:
        """Raise where writing a file would follow a link."""
        if link := self.link_above(path):
            raise OutputUnwritable(f"{link}: a link in the way of {self.path / path}; remove it")


def is_inside(path: str) -> bool:
    """Whether a path neither leaves the output folder nor hides in it, and fits a file system."""
    segments = path.split("/")
    return (
        all(segment and not segment.startswith(".") for segment in segments)
        and path.isprintable()
        and "\\" not in path
        and len(path.encode()) <= _LONGEST
        and all(len(segment.encode()) <= 255 for segment in segments)
    )


def check_path(path: str) -> None:
    """Raise BuildError for a path that would leave the output folder, hide in it, or fit no file system."""
    if not is_inside(path):
        raise BuildError(f"output path {path!r}: expected names between slashes, none empty, hidden or with \\ or NUL")


def is_blank(data: bytes) -> bool:
    """Whether a file is empty, or as good as: what a power cut leaves of one."""
    return not data.strip(b"\0")


def is_page(path: str) -> bool:
    """Whether a file of the output folder is a page."""
    return path.endswith(".html")


def _in_the_way(files: Iterable[str], coming: Iterable[str]) -> set[str]:
    """Those of some files where folders of others come, and those in folders where others come."""
    places = set(coming)
    folders = {str(above) for path in places for above in PurePosixPath(path).parents}
    return {path for path in files if path in folders or not places.isdisjoint(map(str, PurePosixPath(path).parents))}


def _is_own_page(path: str, data: bytes) -> bool:
    address = ("/" + path.removesuffix("index.html")).encode()
    canonical = _CANONICAL.search(data)
    own = canonical[1].endswith(address) if canonical else path == urls.output_file(urls.NOT_FOUND)
    return own and MARK in data


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _boot() -> bytes:
    return disk.boot().encode() + b"\n"


def _remove_empty_folders(folder: Path) -> None:
    for inside in sorted(folder.rglob("*"), reverse=True):
        inside.rmdir()
    folder.rmdir()
