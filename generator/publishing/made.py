"""Files that a cluster's workers have put into the store as they made them, for the next publish to copy within it.

.publish/made/RULES/H/PATH  a file with this hash, for this path, by the rules that say how the store serves it

No reader gets them.  What is wrong or missing among them costs a publish only the transfer.
"""

from collections.abc import Mapping

from generator.output import disk
from generator.publishing.stores import HIDDEN, Store, store_at
from generator.publishing.threads import results

_FOLDER = f"{HIDDEN}/made"


def put_made(destination: str, environment: Mapping[str, str], files: Mapping[str, bytes]) -> None:
    """Put files that were just made, by path; a worker's part of a publish."""
    store = store_at(destination, environment, ())

    def put(path: str) -> None:
        digest = disk.hashed(files[path])
        store.put(made_path(store, path, digest), files[path], digest)

    list(results(put, files))


def made_path(store: Store, path: str, digest: str) -> str:
    """Where a worker puts a file."""
    return f"{_FOLDER}/{store.served}/{digest}/{path}"


def names(store: Store) -> list[str]:
    """What workers have put."""
    return store.names(_FOLDER)


def copied(store: Store, path: str, digest: str) -> bool:
    """Copy a file from where a worker put it; returns whether it is in its place now."""
    store.copy(made_path(store, path, digest), path)
    there = store.head(path)
    return there is not None and there.digest == digest
