"""The site in the output folder, held while it is published."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from generator.errors import BuildError
from generator.output import disk
from generator.output.disk import explained
from generator.output.folder import SiteFolder
from generator.output.lock import Lock
from generator.publishing.last_build import LastBuild
from generator.publishing.publish import Content

_AGAIN = "run build.py render first"


@contextmanager
def built_site(folder: Path, build: LastBuild, added: Mapping[str, bytes]) -> Iterator[Content]:
    """What the database's last build wrote to the folder, with files `added`; no build changes it meanwhile.

    Raises BuildRunning where a build is at work, BuildError where one was killed, or the folder holds another build.
    """
    if not folder.is_dir():
        raise BuildError(f"{folder}: no site there; {_AGAIN}")
    site, lock = SiteFolder(folder), Lock(folder)
    with explained(folder, "publish holds the folder's lock, so that no build changes it meanwhile"):
        lock.acquire()
    try:
        if lock.was_left:
            site.note_unsure()  # as the next build would have found by the lock
        yield _content(site, build, added)
    finally:
        lock.release()


def _content(site: SiteFolder, build: LastBuild, added: Mapping[str, bytes]) -> Content:
    files = site.files()
    if site.waits or files is None:
        raise BuildError(f"{site.path}: a build there has not finished; {_AGAIN}")
    if site.generation() != build.generation:
        raise BuildError(
            f"{site.path}: holds generation {site.generation()[:8]}, but the database's last build is "
            f"{build.generation[:8]}; {_AGAIN}"
        )

    def read(path: str) -> bytes:
        data = added[path] if path in added else disk.read(site.path / path)
        if data is None or disk.hashed(data) != listed[path]:
            raise BuildError(f"{site.path / path}: not as it was built; run build.py render --verify first")
        return data

    listed = {**files, **{path: disk.hashed(data) for path, data in added.items()}}
    return Content(build.generation, build.as_of, build.pages, listed, read)
