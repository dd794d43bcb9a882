"""A folder that a web server on this machine, or a mounted disk, serves; with compressed siblings of its texts."""

import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from generator.output import disk
from generator.output.folder import SiteFolder
from generator.publishing import compression
from generator.publishing.stores import HIDDEN, Found, Overtaken, Record


class FolderStore:
    """A folder.  Files are replaced by renaming, so that a reader gets the old one or the new one, whole.

    `encodings` (gz, br, zst) are those of the siblings.  A sibling goes before its file changes, and comes after it.
    """

    def __init__(self, folder: Path, encodings: Sequence[str]) -> None:
        self.name = str(folder)
        self.served = " ".join(encodings)
        self._folder, self._encodings = folder, encodings
        self._site = SiteFolder(folder)
        self._new = folder / HIDDEN / "new"

    def get(self, path: str) -> Record | None:
        """A file; None where there is none."""
        data = disk.read(self._folder / path)
        return None if data is None else Record(data, disk.hashed(data))

    def head(self, path: str) -> Found | None:
        """The hash of a file, as its digest only where the siblings are there too; None where there is none."""
        found = self.get(path)
        if found is None:
            return None
        expected = self._siblings(path, found.data)
        is_whole = all(disk.read(self._folder / (path + suffix)) == data for suffix, data in expected.items())
        return Found(found.etag, found.etag if is_whole else "")

    def put(self, path: str, data: bytes, digest: str) -> None:
        """Put a file of the site, and its siblings."""
        self._site.refuse_link_above(path)
        siblings = self._siblings(path, data)
        self._delete_siblings(path)
        self._replace(path, data)
        for suffix, compressed in siblings.items():
            self._replace(path + suffix, compressed)

    def put_if(self, path: str, data: bytes, etag: str | None) -> str:
        """Put a record if the one there has this etag, or, with None, if there is none; returns its etag."""
        with self._locked():
            there = self.get(path)
            if (there.etag if there else None) != etag:
                raise Overtaken(f"{self._folder / path}: another publish changed it meanwhile; this one stops")
            if etag is None:  # nobody else is at work: what is left there is a killed publish's
                self._clear_new()
            disk.sync(self._folder)
            self._replace(path, data)
        return disk.hashed(data)

    def copy(self, path: str, to: str) -> None:
        """Link a file to a second name, which keeps its bytes when the first one is replaced."""
        source, target = self._folder / path, self._folder / to
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, target, follow_symlinks=False)
        except (FileExistsError, FileNotFoundError):
            return
        except OSError:  # a file system without links
            self._replace(to, disk.read(source) or b"")

    def delete(self, paths: Sequence[str]) -> None:
        """Delete files with their siblings, and the folders that this leaves empty."""
        for path in paths:
            if self._site.link_above(path):
                continue
            self._delete_siblings(path)
            (self._folder / path).unlink(missing_ok=True)
            for above in (self._folder / path).parents:
                if above == self._folder or not above.is_dir() or any(above.iterdir()):
                    break
                above.rmdir()

    def names(self, folder: str) -> list[str]:
        """The paths of the files below a folder."""
        files = (file for file in (self._folder / folder).rglob("*") if file.is_file())
        return [str(file.relative_to(self._folder)) for file in files]

    def _replace(self, path: str, data: bytes) -> None:
        target, new = self._folder / path, self._new / uuid4().hex
        target.parent.mkdir(parents=True, exist_ok=True)
        self._new.mkdir(parents=True, exist_ok=True)
        disk.write(new, data)
        new.replace(target)

    def _clear_new(self) -> None:
        for left in self._new.iterdir():
            left.unlink(missing_ok=True)

    def _siblings(self, path: str, data: bytes) -> Mapping[str, bytes]:
        """The compressed forms of a file that is served."""
        return {} if path.startswith(HIDDEN) else compression.siblings(path, data, self._encodings)

    def _delete_siblings(self, path: str) -> None:
        for suffix in compression.SUFFIXES:
            Path(f"{self._folder / path}{suffix}").unlink(missing_ok=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the folder's lock, which the system releases when the process ends."""
        self._new.mkdir(parents=True, exist_ok=True)
        with (self._folder / HIDDEN / "lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
