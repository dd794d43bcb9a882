"""Bytes into the output folder: changed files only, one build at a time, safe against a kill at any moment.

Changed files are staged beside the site; a journal then says what will move where; from that instant the next
run can finish the change, and before it the next run discards it.  The folder keeps, beside the site:

    .manifest.json  every file that builds wrote, with the hash of its bytes
    .generation     a token of this state of the folder
    .staging/       what a build under way has prepared, with its journal
    .lock           which process is building; there only meanwhile
"""

import errno
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import orjson
import xxhash

from generator.errors import BrokenSite, BuildError, OutputUnwritable
from generator.lock import Lock

MANIFEST = ".manifest.json"
GENERATION = ".generation"
STAGING = ".staging"
JOURNAL = "journal.json"
_UNSURE = ""  # a file of ours whose bytes are not known


@dataclass(frozen=True, slots=True)
class Staged:
    """A file compared with what the folder holds; `changed` ones lie in the staging folder."""

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
    changed_paths: tuple[str, ...] = ()


class Output:
    """The output folder while one build holds it.

        with Output(folder) as output:
            output.add("index.html", b"...")
            output.keep(paths_of_pages_not_rendered_again)
            written = output.commit(generation)

    Nothing of the site changes before `commit`; without it, nothing does.
    Raises BuildRunning where another build holds the folder, OutputUnwritable where it can't be written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self._staging = self.folder / STAGING
        self._lock = Lock(self.folder)
        self._known: dict[str, str] = {}
        self._taken: dict[str, Staged] = {}
        self._kept: set[str] = set()
        self._inside: set[str] = {str(self.folder)}

    def __enter__(self) -> Self:
        with _explained(self.folder, "name a folder that can be written (--out)"):
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        try:
            with _explained(self.folder, "the site there is as it was"):
                self._known = self._manifest()
                self._recover()
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._journal.exists():
            shutil.rmtree(self._staging, ignore_errors=True)
        self._lock.release()

    @property
    def generation(self) -> str:
        """The token of the folder's state; "" where no build finished."""
        file = self.folder / GENERATION
        return file.read_text("ascii", "replace").strip() if file.exists() else ""

    @property
    def files(self) -> Mapping[str, str]:
        """Every file that former builds wrote, with the hash of its bytes."""
        return self._known

    def damaged(self) -> set[str]:
        """Files that former builds wrote and that are gone or differ now; reads all of them."""
        return {path for path, known in self._known.items() if _hash_of(self.folder / path) != known}

    def add(self, path: str, data: bytes) -> bool:
        """Make `data` the file at `path`, such as `gpu/h100-sxm/index.html`; whether that changes it."""
        staged = self.stage(path, data)
        self.take(staged)
        return staged.changed

    def stage(self, path: str, data: bytes) -> Staged:
        """Compare a file and stage it where it differs; worker processes may call this and hand the result back.

        Raises BuildError for a path that would leave the folder or hide in it.
        """
        check_path(path)
        target = self.folder / path
        if _bytes_of(target) == data:
            return Staged(path, _hash(data), changed=False)
        self._refuse_strangers(path, target)
        with _explained(self.folder, "the site there is as it was"):
            self._stage(_staged_name(path), data)
        return Staged(path, _hash(data), changed=True)

    def take(self, staged: Staged) -> None:
        """Make a staged file part of the next commit.  Raises BrokenSite for a second file at one path."""
        if self._taken.setdefault(staged.path, staged) is not staged:
            raise BrokenSite(f"{staged.path}: two pages have this address")

    def keep(self, paths: Iterable[str]) -> None:
        """These files stay part of the site as they are."""
        self._kept.update(path for path in paths if path in self._known)

    def commit(self, generation: str) -> Written:
        """Put the change in place: files added, and files of former builds that are neither added nor kept removed.

        Where nothing differs, nothing is written, and the folder keeps its token: the result names the valid one.
        """
        changed = sorted(path for path, staged in self._taken.items() if staged.changed)
        removed = sorted(self._known.keys() - self._taken.keys() - self._kept)
        hashes = {path: staged.hash for path, staged in self._taken.items() if self._known.get(path) != staged.hash}
        if changed or removed or hashes or not self.generation:
            self._make_room(changed, removed)
            with _explained(self.folder, "the site there is as it was"):
                self._write_journal({"generation": generation, "hashes": hashes, "moves": changed, "removes": removed})
            self._finish()
        unchanged = len(self._taken.keys() | self._kept) - len(changed)
        return Written(len(changed), unchanged, len(removed), self.generation, tuple(changed))

    def after(self) -> Mapping[str, bytes]:
        """What the folder will hold after the commit, read when asked for: fit for a check before it."""
        return _After(self.folder, self._staging, {**dict.fromkeys(self._kept), **self._taken})

    @property
    def _journal(self) -> Path:
        return self._staging / JOURNAL

    def _manifest(self) -> dict[str, str]:
        file = self.folder / MANIFEST
        try:
            files: dict[str, str] = orjson.loads(file.read_bytes())["files"] if file.exists() else {}
        except (ValueError, KeyError, TypeError):
            raise OutputUnwritable(f"{file}: not a list of the files that builds wrote; remove {self.folder}") from None
        return files

    def _recover(self) -> None:
        """Finish the change that an interrupted build had journalled; what it had only staged goes on leaving."""
        if self._journal.exists():
            self._finish(after_a_crash=True)

    def _refuse_strangers(self, path: str, target: Path) -> None:
        """Raise where the change would overwrite what no build wrote, or reach out of the folder by a link."""
        if path not in self._known and (target.is_file() or target.is_symlink()):
            raise OutputUnwritable(f"{target}: no build wrote this file; move it away, or name another folder (--out)")
        for folder in _upwards(target, self._inside):
            if folder.is_symlink() and not folder.resolve().is_relative_to(self.folder.resolve()):
                raise OutputUnwritable(f"{folder}: a link that leads out of {self.folder}; remove it")

    def _make_room(self, changed: list[str], removed: list[str]) -> None:
        """Raise, while nothing has changed yet, where a file or a folder of a stranger is in the way."""
        going = {self.folder / path for path in removed}
        seen = {str(self.folder.parent)}
        for path in changed:
            target = self.folder / path
            inside = target.rglob("*") if target.is_dir() else ()
            for file in (*inside, *_upwards(target, seen)):
                if file.is_file() and file not in going:
                    raise OutputUnwritable(f"{file}: in the way of {target}; move it away")
                if file.is_dir() and not os.access(file, os.W_OK | os.X_OK):
                    raise OutputUnwritable(f"{file}: no permission to write; the site there is as it was")

    def _stage(self, name: str, data: bytes) -> None:
        staged = self._staging / name
        try:
            staged.write_bytes(data)
        except FileNotFoundError:
            self._staging.mkdir()
            staged.write_bytes(data)

    def _write_journal(self, journal: Mapping[str, object]) -> None:
        self._staging.mkdir(exist_ok=True)
        _replace(self._journal, orjson.dumps(journal))

    def _finish(self, *, after_a_crash: bool = False) -> None:
        """Carry out the journal; every step may have been done before."""
        journal = orjson.loads(self._journal.read_bytes())
        with _explained(self.folder, "the next build finishes what this one began"):
            for path in journal["removes"]:
                _remove(self.folder, path)
            for path in journal["moves"]:
                self._move(path)
            hashes = self._trusted(journal["hashes"]) if after_a_crash else journal["hashes"]
            gone = set(journal["removes"])
            self._known = {path: known for path, known in {**self._known, **hashes}.items() if path not in gone}
            manifest = {"files": dict(sorted(self._known.items()))}
            _replace(self.folder / MANIFEST, orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
            _replace(self.folder / GENERATION, journal["generation"].encode() + b"\n")
            self._journal.unlink()
            shutil.rmtree(self._staging)

    def _move(self, path: str) -> None:
        """Put a staged file in place; one that is staged no more was moved before a crash."""
        source, target = self._staging / _staged_name(path), self.folder / path
        try:
            source.replace(target)
        except FileNotFoundError:
            if source.exists():
                target.parent.mkdir(parents=True)
                source.replace(target)
        except IsADirectoryError:
            _remove_empty_folders(target)
            source.replace(target)

    def _trusted(self, hashes: Mapping[str, str]) -> dict[str, str]:
        """After a power cut a file may hold other bytes than were written: those count as unknown."""
        return {path: known if _hash_of(self.folder / path) == known else _UNSURE for path, known in hashes.items()}


class _After(Mapping[str, bytes]):
    """Files as a commit would leave them, staged ones from where they wait."""

    def __init__(self, folder: Path, staging: Path, staged: Mapping[str, Staged | None]) -> None:
        self._folder, self._staging, self._staged = folder, staging, staged

    def __getitem__(self, path: str) -> bytes:
        staged = self._staged[path]
        waits = staged is not None and staged.changed
        return (self._staging / _staged_name(path) if waits else self._folder / path).read_bytes()

    def __contains__(self, path: object) -> bool:
        return path in self._staged

    def __iter__(self) -> Iterator[str]:
        return iter(self._staged)

    def __len__(self) -> int:
        return len(self._staged)


def check_path(path: str) -> None:
    """Raise BuildError for a path that would leave the output folder, hide in it, or fit no file system."""
    segments = path.split("/")
    hidden = any(not segment or segment.startswith(".") for segment in segments)
    if hidden or "\\" in path or not path.isprintable() or any(len(part.encode()) > 255 for part in segments):
        raise BuildError(f"output path {path!r}: expected names between slashes, none empty, hidden or with \\ or NUL")


def _upwards(target: Path, seen: set[str]) -> Iterator[Path]:
    """The folders above a file, up to one that was `seen`; those handed out count as seen."""
    for folder in target.parents:
        if str(folder) in seen:
            return
        seen.add(str(folder))
        yield folder


def _staged_name(path: str) -> str:
    return _hash(path.encode())


def _hash(data: bytes) -> str:
    return xxhash.xxh3_128_hexdigest(data)


def _hash_of(file: Path) -> str | None:
    data = _bytes_of(file)
    return None if data is None else _hash(data)


def _bytes_of(file: Path) -> bytes | None:
    """What a plain file holds; None where there is none that can be read, or a link."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        return os.read(descriptor, os.fstat(descriptor).st_size)
    except OSError:
        return None
    finally:
        os.close(descriptor)


def _replace(file: Path, data: bytes) -> None:
    """Write a small file of the builder's own so that it is whole on the disk, or not there."""
    staged = file.with_name(file.name + ".new")
    with staged.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    staged.replace(file)


def _remove(folder: Path, path: str) -> None:
    """Remove a file and the folders it leaves empty."""
    file = folder / path
    if file.is_file() or file.is_symlink():
        file.unlink()
    for above in file.parents:
        if above == folder or not above.is_dir() or any(above.iterdir()):
            break
        above.rmdir()


def _remove_empty_folders(folder: Path) -> None:
    for inside in sorted(folder.rglob("*"), reverse=True):
        inside.rmdir()
    folder.rmdir()


@contextmanager
def _explained(folder: Path, advice: str) -> Iterator[None]:
    """Turn what the system refuses into one line: which file, why, what now."""
    try:
        yield
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        reason = "the disk is full" if full else (error.strerror or str(error)).lower()
        raise OutputUnwritable(f"{error.filename or folder}: {reason}; {advice}") from None
