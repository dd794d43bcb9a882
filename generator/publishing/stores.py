"""Where a site is published: what a store must be able to do, and which one a destination names."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from generator.errors import BuildError

HIDDEN = ".publish"  # what publishing keeps beside the site; no host needs to serve it


class Overtaken(BuildError):
    """Another publish changed the destination while this one was running."""


class Record(NamedTuple):
    """An object with its bytes; `etag` changes with them."""

    data: bytes
    etag: str


class Found(NamedTuple):
    """What is known of an object without reading it; `digest` is "" where it isn't served by today's rules."""

    etag: str
    digest: str


class Store(Protocol):
    """A place for the site's files.  Each put and delete is atomic; safe to use from several threads.

    `served` changes with the way in which the store serves files, such as their headers.
    """

    name: str
    served: str

    def get(self, path: str) -> Record | None:
        """An object; None where there is none."""

    def head(self, path: str) -> Found | None:
        """What is known of an object; None where there is none."""

    def put(self, path: str, data: bytes, digest: str) -> None:
        """Put a file of the site; `digest` is the hash of its bytes."""

    def put_if(self, path: str, data: bytes, etag: str | None) -> str:
        """Put a record if the one there has this etag, or, with None, if there is none; returns its etag.

        What was put before is lasting by then.  Raises Overtaken where another one is there.
        """

    def copy(self, path: str, to: str) -> None:
        """Copy an object within the store; nothing where it is gone."""

    def delete(self, paths: Sequence[str]) -> None:
        """Delete objects; those that are gone don't matter."""

    def names(self, folder: str) -> list[str]:
        """The paths of the objects below a folder."""


def is_address(destination: str) -> bool:
    """Whether a destination is an object store's address, not a folder's path."""
    return "://" in destination


def store_at(destination: str, environment: Mapping[str, str], encodings: Sequence[str]) -> Store:
    """The store of a destination: s3://bucket/prefix, or a folder.

    `environment` has the usual AWS_* variables; `encodings` are those of the files beside a folder's texts.
    Raises BuildError for any other address.
    """
    if is_address(destination):
        from generator.publishing.object_store import ObjectStore  # noqa: PLC0415 (a folder needs none)

        return ObjectStore(destination, environment)
    from generator.publishing.folder_store import FolderStore  # noqa: PLC0415

    return FolderStore(Path(destination).expanduser().absolute(), encodings)
