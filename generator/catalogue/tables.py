"""Tables of the catalogue: rows by slug, read from the database when they are asked for, and noted as read.

What a page reads is noted as *slices*: "offers_by_gpu:h100-sxm" for a row or group of rows, "listed_gpus" for a whole
list.  The catalogue knows with which slices of the database's writers they move (sql/migrations/0012_slices.sql).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

R = TypeVar("R")
T = TypeVar("T")

Load = Callable[[Sequence[str] | None], Mapping[str, R]]
"""Reads the rows of these slugs, of all slugs for None."""


class Trace:
    """Notes which slices are read: `reads` has those of whoever reads at the moment, a page or a view within it."""

    def __init__(self) -> None:
        self.reads = set[str]()

    def note(self, slices: Iterable[str]) -> None:
        """Note slices as read."""
        self.reads.update(slices)


class Table(Mapping[str, R]):
    """Rows by slug.  Reading one notes its slices: the table's name with the slug, and `always`.

    Only single slugs can be read: which slugs there are is in the catalogue's lists.
    """

    def __init__(self, load: Load[R], name: str, always: tuple[str, ...] = ()) -> None:
        self.trace = Trace()
        self._load = load
        self._rows: dict[str, R | None] = {}
        self._slices = _Slices(name, always)
        self._is_whole = False

    def __getitem__(self, slug: str) -> R:
        row = self._row(slug)
        if row is None:
            raise KeyError(slug)
        return row

    def get(self, slug: str, default: T = None) -> R | T:  # type: ignore[assignment]
        """The row, or the default."""
        row = self._row(slug)
        return default if row is None else row

    def __contains__(self, slug: object) -> bool:
        return isinstance(slug, str) and self._row(slug) is not None

    def __iter__(self) -> Iterator[str]:
        raise TypeError("a table is read by slug; which slugs there are is in the catalogue's lists")

    def __len__(self) -> int:
        raise TypeError("a table is read by slug; which slugs there are is in the catalogue's lists")

    def read_all(self) -> None:
        """Read every row in one query, instead of one when it is asked for."""
        if not self._is_whole:
            self._rows, self._is_whole = dict(self._load(None)), True

    def read_ahead(self, slugs: Collection[str]) -> None:
        """Read the rows of these slugs in one query, before they are asked for."""
        missing = [] if self._is_whole else [slug for slug in slugs if slug not in self._rows]
        if missing:
            self._rows |= dict.fromkeys(missing, None) | dict(self._load(missing))

    def forget(self) -> None:
        """Drop all rows that were read, to free their memory."""
        self._rows, self._is_whole = {}, False

    def _row(self, slug: str) -> R | None:
        self.trace.reads.update(self._slices[slug])
        if not self._is_whole and slug not in self._rows:
            self.read_ahead([slug])
        return self._rows.get(slug)


class _Slices(dict[str, tuple[str, ...]]):
    """The names of the slices that a slug's row is read as, made once."""

    def __init__(self, name: str, always: tuple[str, ...]) -> None:
        super().__init__()
        self._name, self._always = name, always

    def __missing__(self, slug: str) -> tuple[str, ...]:
        made = self[slug] = (f"{self._name}:{slug}", *self._always)
        return made


class Whole(Mapping[str, R], Generic[R]):
    """A short list that is always read as a whole, by slug or number, in order; `slices` are noted as read."""

    def __init__(self, load: Callable[[], Mapping[str, R]], *slices: str) -> None:
        self.trace = Trace()
        self._load, self._slices = load, slices
        self._rows: Mapping[str, R] | None = None

    def __getitem__(self, slug: str) -> R:
        return self._read()[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    @property
    def rows(self) -> Mapping[str, R]:
        """The rows as they are kept, for many lookups: the list is noted as read once."""
        return self._read()

    def _read(self) -> Mapping[str, R]:
        self.trace.reads.update(self._slices)
        if self._rows is None:
            self._rows = self._load()
        return self._rows
