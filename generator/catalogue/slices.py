"""Slices: what views return, each with a name and a version.

A *view* is a pure function of the catalogue and of strings, such as slugs.  What it returns for given strings is a
*slice*; a slice's version is the hash of its value.  A page reads slices through a `SliceReader`, which records their
names and versions: a page is built again only when a slice that it read has changed.
"""

from collections.abc import Callable
from dataclasses import dataclass
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
    """A view's name and its arguments; `str` gives the name under which a page's record keeps the slice."""

    view: str
    args: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Such as "gpus.gpu_line:h100-sxm"."""
        return ":".join((self.view, *(quote(arg, safe="/#") for arg in self.args)))

    @classmethod
    def named(cls, name: str) -> Self:
        """The slice of that name."""
        view, *args = name.split(":")
        return cls(view, tuple(map(unquote, args)))


@dataclass(frozen=True, slots=True)
class View(Generic[*Args, R_co]):
    """A function of the catalogue, computed once a build for the same arguments.

    `name` is unique: the module's name and the function's.
    """

    name: str
    function: Callable[[Catalogue, *Args], R_co]

    def __call__(self, catalogue: Catalogue, *args: *Args) -> R_co:
        """The slice's value.  Raises TypeError for an argument that is no string, KeyError for an unknown slug."""
        key = self.slice(*args)
        if key not in catalogue.memo:
            catalogue.memo[key] = self.function(catalogue, *args)
        value: R_co = catalogue.memo[key]
        return value

    def slice(self, *args: *Args) -> Slice:
        """The slice of these arguments.  Only strings come back from a page's record unchanged."""
        texts = tuple(arg for arg in args if type(arg) is str)
        if len(texts) < len(args):
            raise TypeError(f"view {self.name}: expected strings, not {args!r}")
        return Slice(self.name, texts)


def view(function: Callable[[Catalogue, *Args], R]) -> View[*Args, R]:
    """Make a view of a function of the catalogue and strings.  Raises TypeError for a second view of one name."""
    made = View(f"{function.__module__.rpartition('.')[2]}.{function.__qualname__}", function)
    if made.name in _VIEWS:
        raise TypeError(f"two views are called {made.name}")
    _VIEWS[made.name] = made
    return made


def version(catalogue: Catalogue, name: str) -> str:
    """The version of the slice of this name; "" where its view or its subject no longer exists."""
    if name not in catalogue.versions:
        slice_ = Slice.named(name)
        try:
            value = _VIEWS[slice_.view](catalogue, *slice_.args)
        except KeyError:
            return ""
        catalogue.versions[name] = xxhash.xxh3_64_hexdigest(orjson.dumps(value, default=str))
    return catalogue.versions[name]


class SliceReader:
    """Reads slices for one page; `inputs` records them: a slice's name -> its version."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.inputs: dict[str, str] = {}

    def __call__(self, view: View[*Args, R], /, *args: *Args) -> R:
        """Read a view's slice for these arguments, and record it."""
        value = view(self._catalogue, *args)
        name = str(view.slice(*args))
        self.inputs[name] = version(self._catalogue, name)
        return value
