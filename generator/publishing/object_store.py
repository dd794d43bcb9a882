"""An S3-compatible store: Amazon S3, Cloudflare R2, MinIO, SeaweedFS, ..."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError
from obstore.store import S3Store

from generator.errors import BuildError
from generator.publishing import headers
from generator.publishing.stores import Found, Overtaken, Record
from generator.publishing.threads import interruptible

if TYPE_CHECKING:
    from obstore import Attributes, PutMode
    from obstore.store import ClientConfig

T = TypeVar("T")

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_CONFIGURES = (  # the library reads the others, such as those of a role, from the environment by itself
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_ENDPOINT_URL",
)
_RETRIES = 6
_PATIENCE = timedelta(seconds=60)
_STATUS = re.compile(r"status code: (\d+ [\w ]+)(?:.*?<Code>(\w+)</Code>)?", re.DOTALL)
_CHECK = "check the destination, AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
_VERSION = "version"  # metadata of a file: the digest of its bytes, and the rules by which it is served


class ObjectStore:
    """The objects below s3://bucket/prefix; keys, region and endpoint come from the AWS_* variables."""

    served = headers.RULES

    def __init__(self, address: str, environment: Mapping[str, str]) -> None:
        self.name = address.rstrip("/")
        bucket, prefix = _parts(self.name)
        given = {name: value for name in _CONFIGURES if (value := environment.get(name))}
        options = _client_options(given.get("AWS_ENDPOINT_URL", ""), environment)
        with self._explained():
            self._store = S3Store(
                bucket,
                prefix=prefix or None,
                config=given,  # type: ignore[arg-type]
                client_options=options,
                retry_config={"max_retries": _RETRIES, "retry_timeout": _PATIENCE},
            )

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
        with self._explained(), suppress(FileNotFoundError):
            return interruptible(work)
        return None

    def _done(self, work: Callable[[], T]) -> T:
        with self._explained():
            return interruptible(work)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn the store's errors into a line without what they quote, which may be a request with its key's id."""
        try:
            yield
        except (AlreadyExistsError, PreconditionError):
            raise
        except (BaseError, FileNotFoundError, ValueError) as error:
            raise BuildError(f"{self.name}: {_reason(error)}; {_CHECK}") from None


def _attributes(path: str, cache_control: str) -> "Attributes":
    return {"Content-Type": headers.content_type(path), "Cache-Control": cache_control}


def _mode(etag: str | None) -> "PutMode":
    return "create" if etag is None else {"e_tag": etag}


def _parts(address: str) -> tuple[str, str]:
    scheme, _, rest = address.partition("://")
    bucket, _, prefix = rest.partition("/")
    if scheme != "s3" or not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,62}", bucket) or not prefix.isprintable():
        shown = "" if "@" in address else f" {address!r}"  # it may contain a key
        raise BuildError(f"destination{shown}: expected a folder, or an address such as s3://bucket/prefix")
    return bucket, prefix.strip("/")


def _client_options(endpoint: str, environment: Mapping[str, str]) -> "ClientConfig":
    """Plain http, which shows everybody what is sent, is for this machine only, or where AWS_ALLOW_HTTP says so."""
    is_plain, is_here = endpoint.startswith("http://"), urlsplit(endpoint).hostname in _LOOPBACK
    if is_plain and not is_here and not environment.get("AWS_ALLOW_HTTP"):
        raise BuildError("AWS_ENDPOINT_URL: expected https://; for plain http in your own network set AWS_ALLOW_HTTP")
    return {"allow_http": is_plain}


def _reason(error: Exception) -> str:
    """What went wrong: the answer's status and code, else the first line without the address of the request."""
    said = str(error)
    if found := _STATUS.search(said):
        return f"{found[1].strip()} ({found[2]})" if found[2] else found[1].strip()
    return "no connection" if "HTTP error" in said else said.partition("\n")[0].rpartition("error: ")[2][:100]
