"""What is published: build.json, the mark of the generation that readers get, and the list of each kept one's files.

build.json             the mark: the present generation, and those that can be brought back
.publish/lists/H.json  a generation's files, each with the hash of its bytes; H is the hash of the list
.publish/kept/H        a file with this hash that a later generation replaced or removed
.publish/pending.json  the publish that is at work, or was killed: generator/publishing/claim.py
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

import orjson
from pydantic import TypeAdapter, ValidationError

from generator.errors import BuildError
from generator.output import disk
from generator.publishing.stores import HIDDEN, Store

MARK = "build.json"


@dataclass(frozen=True, slots=True)
class Generation:
    """A published state of the site; `files` is the hash of its list."""

    generation: str
    as_of: datetime
    published_at: datetime
    pages: int
    files: str


@dataclass(frozen=True, slots=True)
class Mark:
    """The generation that readers get, and the earlier ones that are kept, newest first."""

    current: Generation
    kept: tuple[Generation, ...] = ()
    etag: str = ""

    @property
    def all(self) -> tuple[Generation, ...]:
        """Every generation there."""
        return (self.current, *self.kept)


@dataclass(frozen=True, slots=True)
class Listed:
    """The files of a generation, each with the hash of its bytes; `served` is how the store served them."""

    served: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Stored(Generation):
    kept: tuple[Generation, ...] = ()


_STORED, _LISTED = TypeAdapter(_Stored), TypeAdapter(Listed)
NOTHING = Listed("", {})
LISTS = f"{HIDDEN}/lists"


def read_mark(store: Store) -> Mark | None:
    """The mark; None where nothing was published yet.  Raises BuildError for one that can't be read."""
    found = store.get(MARK)
    if found is None:
        return None
    try:
        stored = _STORED.validate_json(found.data)
    except ValidationError:
        raise BuildError(
            f"{store.name}/{MARK}: can't be read; expected it as publish puts it; to publish everything anew, remove it"
        ) from None
    return Mark(_generation(stored), stored.kept, found.etag)


def put_mark(store: Store, current: Generation, kept: tuple[Generation, ...], etag: str | None) -> None:
    """Put the mark, if the one there is still that which was read."""
    store.put_if(MARK, orjson.dumps(_Stored(**asdict(current), kept=kept), option=orjson.OPT_INDENT_2), etag)


def as_bytes(listed: Listed) -> tuple[bytes, str]:
    """A list as it is stored, and its hash."""
    data = orjson.dumps(listed, option=orjson.OPT_SORT_KEYS)
    return data, disk.hashed(data)


def read_list(store: Store, name: str) -> Listed:
    """A generation's list by its hash; empty where it is gone or damaged."""
    found = store.get(list_path(name))
    if found is None or disk.hashed(found.data) != name:
        return NOTHING
    return _LISTED.validate_json(found.data)


def list_path(name: str) -> str:
    """Where a list is kept."""
    return f"{LISTS}/{name}.json"


def kept_path(digest: str) -> str:
    """Where the bytes of a file that was replaced are kept."""
    return f"{HIDDEN}/kept/{digest}"


def _generation(stored: _Stored) -> Generation:
    return Generation(stored.generation, stored.as_of, stored.published_at, stored.pages, stored.files)
