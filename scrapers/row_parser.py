"""The rows of an answer: each becomes an offer, is left out by a named rule, or is unreadable, which affects no other.

A provider says what a row of its answer is, how to split the answer into rows, and how to read one:

    def rows(answer):                                   may raise: then the answer's shape has changed
        return record(answer).records("plans")

    def read(plan):                                     may raise: then this row alone is held back
        if not plan.count("gpus"):
            return LeftOut("no_gpu", plan.text("id"))
        return Draft(instance_type=plan.text("id"), price=plan.price("hourly"), ...)

    offers = RowParser("a plan", rows, read, key=lambda plan: (plan.text("id"), ""))

A row may state only one of an offer's prices (a table of spot prices, a meter): rows of one instance type and region
are combined later, whatever their order.  `read` returns a draft, which is checked here and nowhere else.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from scrapers.drafts import key_of, offer_of
from scrapers.errors import PARSE_ERRORS
from scrapers.offer import Draft, Key, NoPrice, Offer, quoted
from scrapers.records import Record

R = TypeVar("R")
S = TypeVar("S")
T = TypeVar("T")

Rule = Literal[
    "average", "let_already", "no_gpu", "no_price", "no_such_machine", "not_in_force", "not_let", "other_product",
    "place_not_known", "retired", "unit_not_clear",
]  # fmt: skip
RULES: Mapping[Rule, str] = {
    "average": "an average or an index, which nobody can rent at",
    "let_already": "rented to somebody else at the moment",
    "no_gpu": "has no GPU",
    "no_price": "states no price",
    "no_such_machine": "the provider has no such machine in that place",
    "not_in_force": "not in force at the time of the answer",
    "not_let": "a tier in which nothing is rented out",
    "other_product": "another product than a machine with GPUs",
    "place_not_known": "whether the provider has the machine in that place is not known",
    "retired": "no longer rented to new customers",
    "unit_not_clear": "does not say whether its price is for one GPU or for all",
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is not an offer, with the rule that says why; `name` is what the provider calls it."""

    rule: Rule
    name: str = ""


@dataclass(frozen=True, slots=True)
class UnreadableRow:
    """A row that could not be read: why, in one line, and the key of its offer, as far as that is known."""

    reason: str
    instance_type: str = ""
    region: str = ""


@dataclass(slots=True)
class Parsed:
    """What became of every row of an answer: each is in exactly one of the three lists."""

    offers: list[Offer] = field(default_factory=list)
    unreadable: list[UnreadableRow] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows the answer had."""
        return len(self.offers) + len(self.unreadable) + len(self.left_out)


@dataclass(frozen=True, slots=True)
class _Unsplit:
    """Part of an answer that could not be split into rows; it counts as one."""

    whole: Any
    error: Exception


@dataclass(frozen=True, slots=True)
class RowParser(Generic[R]):
    """How a provider's answers are read, row by row.

    `what` says in words what a row is.  `key` finds the instance type and region of a row that could not be read, so
    that the stored offer is kept; without it, or where it fails too, no offer missing from that answer counts as gone.
    An answer of more than `at_most` rows is refused, since no provider has so many.
    """

    what: str
    rows: Callable[[Any], Iterable[R | _Unsplit]]
    read: Callable[[R], Draft | LeftOut]
    key: Callable[[R], Key] | None = None
    at_most: int = 100_000

    def __call__(self, document: Any) -> Iterator[Offer]:
        """The offers of a decoded answer, one for each row that makes one."""
        return iter(self.parse(document).offers)

    def parse(self, document: Any) -> Parsed:
        """What became of each row of a decoded answer.  Raises where it can no longer be split into rows."""
        parsed = Parsed()
        for number, row in enumerate(self.rows(document), 1):
            if number > self.at_most:
                raise ValueError(f"more than {self.at_most:,} rows, each {self.what}")
            match self._outcome(row):
                case Offer() as offer:
                    parsed.offers.append(offer)
                case LeftOut() as left_out:
                    parsed.left_out.append(left_out)
                case UnreadableRow() as unreadable:
                    parsed.unreadable.append(unreadable)
        return parsed

    def _outcome(self, row: R | _Unsplit) -> Offer | LeftOut | UnreadableRow:
        if isinstance(row, _Unsplit):
            return _unreadable(row.error, _name(row.whole), _NO_KEY)
        try:
            found = self.read(row)
        except PARSE_ERRORS as error:
            return _unreadable(error, _name(row), self._key(row))
        return found if isinstance(found, LeftOut) else self._checked(found, row)

    def _checked(self, draft: Draft, row: R) -> Offer | LeftOut | UnreadableRow:
        try:
            return offer_of(draft)
        except NoPrice:
            return LeftOut("no_price", self._key(row)[0] or _name(row))
        except PARSE_ERRORS as error:
            return _unreadable(error, _name(row), key_of(draft) or self._key(row))

    def _key(self, row: Any) -> Key:
        try:
            instance_type, region = self.key(row) if self.key else ("", "")
            return instance_type.strip()[:100], region.strip()[:60]
        except PARSE_ERRORS:
            return "", ""


_NO_KEY: Key = ("", "")


def _unreadable(error: Exception, name: str, key: Key) -> UnreadableRow:
    name = key[0] or name
    return UnreadableRow(f"{name[:60]!r}: {in_words(error)}" if name else in_words(error), *key)


def split_each(wholes: Iterable[S], parts: Callable[[S], Iterable[T]]) -> Iterator[T | _Unsplit]:
    """The rows that `parts` finds in each of several wholes; a whole that can't be split is one unreadable row."""
    for whole in wholes:
        try:
            yield from list(parts(whole))
        except PARSE_ERRORS as error:
            yield _Unsplit(whole, error)


def unnamed_gpu(machine: str) -> str:
    """The GPU's name where only the machine's name shows that there is one; it is then listed as unknown."""
    return f"{machine} (GPU not stated)"


def lookup(entries: Iterable[Record], pair: Callable[[Record], tuple[str, T]]) -> dict[str, T]:
    """The values of a table beside the rows, by name; entries that can't be read are left out."""
    found: dict[str, T] = {}
    for entry in entries:
        with suppress(*PARSE_ERRORS):
            name, value = pair(entry)
            found[name] = value
    return found


def in_words(error: Exception) -> str:
    """The error in plain words: `no "gpu_plans"`, `'abc' is not a price`."""
    if isinstance(error, KeyError) and error.args:
        return f"no {quoted(error.args[0])}"
    if isinstance(error, ValueError) and str(error):
        return f"{' '.join(str(error).split()):.400}"
    return "not of the known shape"


def _name(row: Any) -> str:
    """A name for a row without a key: the first text in it."""
    parts = row if isinstance(row, tuple) else (row,)
    for part in parts:
        fields = part.decoded if isinstance(part, Record) else part
        values = fields.values() if isinstance(fields, Mapping) else (fields,)
        named = next((value for value in values if isinstance(value, str) and value.strip()), "")
        if named:
            return " ".join(named.split())
    return ""
