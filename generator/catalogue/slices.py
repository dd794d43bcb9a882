"""Views: pure functions of the catalogue and of strings, such as slugs, that pages read.

What a view reads of the catalogue's tables counts as read by whoever called it.  An *aggregate* is a view at which that
ends: it has a version of its own, the hash of its value, and its readers are made again only when that changes.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, NamedTuple, Self, TypeVar, TypeVarTuple
from urllib.parse import quote, unquote

import orjson
import xxhash

from generator.catalogue.catalogue import Catalogue

Args = TypeVarTuple("Args")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

_VIEWS: dict[str, "View[*tuple[Any, ...], Any]"] = {}


class Slice(NamedTuple):
    """A view's name and its arguments; `str` gives the name under which it is recorded."""

    view: str
    args: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Such as "gpus.gpu_line:h100-sxm"."""
        return ":".join((self.view, *map(_quoted, self.args)))

    @classmethod
    def named(cls, name: str) -> Self:
        """The slice of that name."""
        view, *args = name.split(":")
        return cls(view, tuple(map(unquote, args)))


@lru_cache(maxsize=16384)
def _quoted(arg: str) -> str:
    return quote(arg, safe="/#")


class Computed(NamedTuple):
    """A view's value, and what its readers read by reading it: what it has read, or the aggregate itself."""

    value: Any
    passed_on: Set[str]


class Note(NamedTuple):
    """What is recorded of an aggregate: its version, and the slices that it has read."""

    version: int
    reads: Set[str]


@dataclass(frozen=True, slots=True)
class View(Generic[*Args, R_co]):
    """A function of the catalogue, computed once a build for the same arguments.

    `name` is unique: the module's name and the function's.
    """

    name: str
    function: Callable[[Catalogue, *Args], R_co]
    is_aggregate: bool

    def __call__(self, catalogue: Catalogue, *args: *Args) -> R_co:
        """The slice's value.  Raises TypeError for an argument that is no string, KeyError for an unknown slug."""
        found = self.computed(catalogue, *args)
        catalogue.trace.reads.update(found.passed_on)
        value: R_co = found.value
        return value

    def computed(self, catalogue: Catalogue, *args: *Args) -> Computed:
        """The slice's value with what it has read, which nobody is noted to read now."""
        key: Any = (self.name, args)
        memo = catalogue.aggregates if self.is_aggregate else catalogue.memo
        found: Computed | None = memo.get(key)
        if found is None:
            found = memo[key] = self._computed(catalogue, *args)
        return found

    def slice(self, *args: *Args) -> Slice:
        """The slice of these arguments."""
        self._check(args)
        texts: Any = args
        return Slice(self.name, texts)

    def _check(self, args: tuple[Any, ...]) -> None:
        """Only strings come back from a record unchanged."""
        for arg in args:
            if type(arg) is not str:
                raise TypeError(f"view {self.name}: expected strings, not {args!r}")

    def _computed(self, catalogue: Catalogue, *args: *Args) -> Computed:
        self._check(args)
        trace, reads = catalogue.trace, set[str]()
        outer, trace.reads = trace.reads, reads
        try:
            value = self.function(catalogue, *args)
        finally:
            trace.reads = outer
        if not self.is_aggregate:
            return Computed(value, reads)
        name = str(self.slice(*args))
        catalogue.noted.append((name, value, reads))
        return Computed(value, frozenset((name,)))


def view(function: Callable[[Catalogue, *Args], R]) -> View[*Args, R]:
    """Make a view of a function of the catalogue and strings.  Raises TypeError for a second view of one name."""
    return _view(function, is_aggregate=False)


def aggregate(function: Callable[[Catalogue, *Args], R]) -> View[*Args, R]:
    """Make an aggregate, as `view` does: for what pages about others read, such as a GPU's line in a list."""
    return _view(function, is_aggregate=True)


def _view(function: Callable[[Catalogue, *Args], R], *, is_aggregate: bool) -> View[*Args, R]:
    made = View(f"{function.__module__.rpartition('.')[2]}.{function.__qualname__}", function, is_aggregate)
    if made.name in _VIEWS:
        raise TypeError(f"two views are called {made.name}")
    _VIEWS[made.name] = made
    return made


def computed(catalogue: Catalogue, name: str) -> Computed | None:
    """The slice of this name as computed now; None where its view or its subject no longer exists."""
    slice_ = Slice.named(name)
    try:
        return _VIEWS[slice_.view].computed(catalogue, *slice_.args)
    except KeyError:
        return None


def words_of_view(name: str) -> str:
    """What a view is, in the words of its docstring's first line; the name of one that is no more."""
    said = _VIEWS[name].function.__doc__ if name in _VIEWS else None
    return (said or name).partition("\n")[0].removesuffix(".")


def take_notes(catalogue: Catalogue) -> dict[str, Note]:
    """The aggregates that were computed since this was last called, by name."""
    notes = {name: Note(hashed(value), reads) for name, value, reads in catalogue.noted}
    catalogue.noted.clear()
    return notes


def version(catalogue: Catalogue, name: str) -> int | None:
    """The version of the slice of this name, the hash of its value; None where there is no such slice any more."""
    found = computed(catalogue, name)
    return None if found is None else hashed(found.value)


def hashed(value: Any) -> int:
    """The hash of a slice's value: its version."""
    return xxhash.xxh3_64_intdigest(orjson.dumps(value, default=_plain)) - (1 << 63)


def _plain(value: Any) -> tuple[Any, ...] | str:
    return tuple(value) if isinstance(value, tuple) else str(value)


class SliceReader:
    """Reads slices for one page; `reads` has what it has read, of views the tables behind them or the aggregates."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.reads: set[str] = set()

    def __call__(self, view: View[*Args, R], /, *args: *Args) -> R:
        """Read a view's slice for these arguments."""
        found = view.computed(self._catalogue, *args)
        self.reads.update(found.passed_on)
        value: R = found.value
        return value
