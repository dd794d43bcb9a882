"""The output folder, and what builds keep in it beside the site.

    .manifest.json  every file that builds wrote, with the hash of its bytes
    .generation     a token that identifies this state of the folder
    .boot           the boot of the machine during which every file was last known to match the manifest
    .staging/       what a running build has prepared, with its journal
    .lock           which process is building; there only while it is

Anyone who can write to the folder may have cut, edited or planted any of it: what can't be read counts as missing, no
path is followed out of the folder or to hidden files in it, and no link is followed at all.
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
_LONGEST = 2000  # bytes of a path: with the folder's own path it must stay below 4,096 on Linux


@dataclass(frozen=True, slots=True)
class Journal:
    """What a commit does: staged files to move into place, files to remove, and the hashes of the new ones."""

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
    """Reads and changes the folder; to change it, hold its lock.

    A folder that is itself a link, as a web server's often is, means the one that it leads to.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(os.path.realpath(path))
        self.staging = self.path / STAGING
        self._journal = self.staging / JOURNAL
        self._plain = {""}  # folders that are known not to be links

    def files(self, coming: str = "") -> dict[str, str] | None:
        """Every file that builds wrote, with its hash; None where the manifest is lost, or has another token.

        While a change is being made it may have the `coming` token.
        """
        try:
            manifest = _MANIFEST.validate_json(disk.read(self.path / MANIFEST) or b"")
        except ValidationError:
            return None
        return manifest.files if manifest.generation in {self.generation(), coming} - {""} else None

    def generation(self) -> str:
        """The token of the folder's state; "" where no build has finished."""
        try:
            return str(UUID((disk.read(self.path / GENERATION) or b"").decode("ascii").strip()))
        except ValueError:
            return ""

    def journal(self) -> Journal | None:
        """The change that is not finished; None where there is none that can be read."""
        try:
            return _JOURNAL.validate_json(disk.read(self._journal) or b"")
        except ValidationError:
            return None

    @property
    def waits(self) -> bool:
        """Whether a change of the site was begun and is not finished."""
        return os.path.lexists(self._journal)

    def is_sure(self) -> bool:
        """Whether every file was known to be whole during this boot, and every build has ended well since."""
        return disk.read(self.path / BOOT) == _boot()

    def note_sure(self) -> None:
        """Record that every file matches the manifest."""
        if not self.is_sure():
            disk.replace(self.path / BOOT, _boot())

    def note_unsure(self) -> None:
        """Record that files may differ from the manifest until a build has compared them."""
        (self.path / BOOT).unlink(missing_ok=True)

    def damaged(self, files: Mapping[str, str]) -> dict[str, str]:
        """The files that are not as builds wrote them: path -> gone, empty or changed; reads all of them."""
        found = ((path, self._damage(path, known)) for path, known in files.items() if is_inside(path))
        return {path: damage for path, damage in found if damage}

    def own_pages(self) -> dict[str, str]:
        """The pages whose own bytes show that a build wrote them for their path, with their hashes."""
        pages = (path for path in self.visible() if is_page(path) and is_inside(path))
        found = ((path, disk.read(self.path / path) or b"") for path in pages)
        return {path: disk.hashed(data) for path, data in found if _is_own_page(path, data)}

    def visible(self) -> Iterator[str]:
        """The path of every file that is not hidden and not behind a link."""
        for above, folders, names in os.walk(self.path):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in names:
                if not name.startswith("."):
                    yield os.path.relpath(os.path.join(above, name), self.path)  # noqa: PTH118 (a path a file)

    def link_above(self, path: str) -> Path | None:
        """A link among the folders above a file, if there is one: no build wrote what is behind it."""
        above = list(takewhile(lambda folder: folder not in self._plain, _folders_above(path)))
        link = next((folder for folder in above if os.path.islink(f"{self.path}/{folder}")), None)  # noqa: PTH114 (a path a page)
        if link is None:
            self._plain.update(above)
        return None if link is None else self.path / link

    def staged(self, path: str) -> str:
        """The staged file for a path."""
        return f"{self.staging}/{disk.hashed(path.encode())}"

    def stage(self, path: str, data: bytes) -> None:
        """Write a file's new bytes to the staging folder."""
        staged = self.staged(path)
        try:
            disk.write(staged, data)
        except FileNotFoundError:
            self.staging.mkdir()
            disk.write(staged, data)
        except FileExistsError:  # two pages with one address: the build will report it
            Path(staged).unlink()
            disk.write(staged, data)

    def clear_staging(self) -> None:
        """Remove what a killed build had staged, except a journal."""
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
        """Raise OutputUnwritable where something else has the name of what builds keep here."""
        if os.path.lexists(self.staging) and not _is_folder(self.staging):
            raise OutputUnwritable(f"{self.staging}: not a folder, as builds make it; remove it")
        for name in (MANIFEST, GENERATION, BOOT):
            for file in (self.path / name, self.path / f"{name}.new"):
                if _is_folder(file):
                    raise OutputUnwritable(f"{file}: a folder where builds keep a file; remove it")

    def finish_change(self, *, is_clean: bool) -> dict[str, str] | None:
        """Finish the change that a killed build had begun; `is_clean`: the last build was not killed.

        Returns the files that the site has then; None where the manifest or the journal can't be read, so that all
        files must be compared.  Until the first build has finished there is no manifest.
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
        """Sync the staged files and write the journal: from here on this run or another one finishes the change."""
        self.staging.mkdir(exist_ok=True)
        disk.sync(self.path)
        disk.replace(self._journal, orjson.dumps(journal))

    def carry_out(self, journal: Journal, files: Mapping[str, str]) -> dict[str, str]:
        """Carry out the change, any step of which may have been done before; returns the files that the site has then.

        Files are removed last, since a page just served may still link to them; but first where they are in the way
        of new ones.
        """
        self._plain = {""}
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
        """Remove the journal and the staging folder: the site is whole."""
        self._journal.unlink(missing_ok=True)
        self.clear_staging()

    def is_builds(self, path: str, known: str | None) -> bool:
        """Whether a file that the manifest lists, with this hash, is a build's: unchanged, empty, or a page of ours."""
        data = disk.read(self.path / path) if is_inside(path) and not self.link_above(path) else None
        return data is not None and (disk.hashed(data) == known or is_blank(data) or _is_own_page(path, data))

    def _damage(self, path: str, known: str) -> str:
        data = None if self.link_above(path) else disk.read(self.path / path)
        if data is None:
            return "gone"
        return "" if disk.hashed(data) == known else "changed" if data else "empty"

    def _remove(self, path: str, known: str | None) -> None:
        """Remove a file that is still a build's, and the folders that this leaves empty."""
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
        """Move a staged file into place; one that is no longer staged was moved before the build was killed."""
        source, target = Path(self.staged(path)), self.path / path
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
        """Raise OutputUnwritable where writing a file would follow a link."""
        if link := self.link_above(path):
            raise OutputUnwritable(f"{link}: a link in the way of {self.path / path}; remove it")


def is_inside(path: str) -> bool:
    """Whether a path stays in the output folder, is not hidden there, and fits a file system."""
    segments = path.split("/")
    return (
        all(segment and not segment.startswith(".") for segment in segments)
        and path.isprintable()
        and "\\" not in path
        and len(path.encode()) <= _LONGEST
        and all(len(segment.encode()) <= 255 for segment in segments)
    )


def _folders_above(path: str) -> Iterator[str]:
    """The folders in which a file is, from its own up to the output folder, ""."""
    while path:
        path = path.rpartition("/")[0]
        yield path


def check_path(path: str) -> None:
    """Raise BuildError for a path that is not `is_inside`."""
    if not is_inside(path):
        raise BuildError(f"output path {path!r}: expected names between slashes, none empty, hidden or with \\ or NUL")


def is_blank(data: bytes) -> bool:
    """Whether a file is empty or all zero bytes, as a power cut leaves it."""
    return not data.strip(b"\0")


def is_page(path: str) -> bool:
    """Whether a file of the output folder is a page."""
    return path.endswith(".html")


def _in_the_way(files: Iterable[str], coming: Iterable[str]) -> set[str]:
    """The files whose path a new file needs as a folder, and those in a folder whose path a new file needs."""
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
