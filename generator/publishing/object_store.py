"""An S3-compatible store: Amazon S3, Cloudflare R2, MinIO, SeaweedFS, ..."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

import obstore
from obstore.exceptions import AlreadyExistsError, PreconditionError

from generator import s3
from generator.publishing import headers
from generator.publishing.stores import Found, Overtaken, Record
from generator.publishing.threads import interruptible

if TYPE_CHECKING:
    from obstore import Attributes, PutMode

T = TypeVar("T")

_VERSION = "version"  # metadata of a file: the digest of its bytes, and the rules by which it is served


class ObjectStore:
    """The objects below s3://bucket/prefix; keys, region and endpoint come from the AWS_* variables."""

    served = headers.RULES

    def __init__(self, address: str, environment: Mapping[str, str]) -> None:
        self.name = address.rstrip("/")
        self._store = s3.opened(self.name, environment)

    def get(self, path: str) -> Record | None:
        """An object; None where there is none."""

        def work() -> Record:
            found = obstore.get(self._store, path)
            return Record(bytes(found.bytes()), found.meta["e_tag"] or "")

        return self._found(work)

    def head(self, path: str) -> Found | None:
        """What is known of an object; None where there is none."""
        found = self._found(lambda: obstore.get(self._store, path, options={"head": True}))
        if found is None:
            return None
        digest, _, served = str(found.attributes.get(_VERSION, "")).partition(" ")
        return Found(found.meta["e_tag"] or "", digest if served == self.served else "")

    def put(self, path: str, data: bytes, digest: str) -> None:
        """Put a file of the site with its type, and how long caches may keep it."""
        attributes = _attributes(path, headers.cache_control(path))
        attributes[_VERSION] = f"{digest} {self.served}"
        self._done(lambda: obstore.put(self._store, path, data, attributes=attributes, use_multipart=False))

    def put_if(self, path: str, data: bytes, etag: str | None) -> str:
        """Put a record if the one there has this etag, or, with None, if there is none; returns its etag."""
        attributes, mode = _attributes(path, "no-cache"), _mode(etag)
        with suppress(AlreadyExistsError, PreconditionError):
            put = self._done(lambda: obstore.put(self._store, path, data, attributes=attributes, mode=mode))
            return put["e_tag"] or ""
        there = self.get(path)
        if there and there.data == data:  # it was put, the answer got lost, and the second attempt found it there
            return there.etag
        raise Overtaken(f"{self.name}/{path}: another publish changed it meanwhile; this one stops")

    def copy(self, path: str, to: str) -> None:
        """Copy an object within the store; nothing where it is gone."""
        self._found(lambda: obstore.copy(self._store, path, to))

    def delete(self, paths: Sequence[str]) -> None:
        """Delete objects; those that are gone don't matter."""
        if paths:
            self._done(lambda: obstore.delete(self._store, list(paths)))

    def names(self, folder: str) -> list[str]:
        """The paths of the objects below a folder."""
        return self._done(lambda: [one["path"] for some in obstore.list(self._store, f"{folder}/") for one in some])

    def _found(self, work: Callable[[], T]) -> T | None:
        """The result of some work; None where there is no such object."""
        with s3.explained(self.name), suppress(FileNotFoundError):
            return interruptible(work)
        return None

    def _done(self, work: Callable[[], T]) -> T:
        with s3.explained(self.name):
            return interruptible(work)


def _attributes(path: str, cache_control: str) -> "Attributes":
    return {"Content-Type": headers.content_type(path), "Cache-Control": cache_control}


def _mode(etag: str | None) -> "PutMode":
    return "create" if etag is None else {"e_tag": etag}
