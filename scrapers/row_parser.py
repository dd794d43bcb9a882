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
are combined later, whatever their order.  `read` returns a draft, which is checked here and nowhere else.  The fields
of JSON are read through `Record`, which says in plain words what is missing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Generic, Literal, TypeVar

from scrapers.drafts import key_of, offer_of
from scrapers.offer import (
    Availability,
    Draft,
    Key,
    NoPrice,
    OddPrice,
    Offer,
    StatedPrice,
    Unreadable,
    is_ordinary,
    quoted,
)
from scrapers.parse import availability, count, is_plain, memory_gb, money

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

PARSE_ERRORS = (
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    IndexError,
    ArithmeticError,
    RecursionError,
    RuntimeError,  # a StopIteration inside a generator
)


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


def lookup(entries: Iterable["Record"], pair: Callable[["Record"], tuple[str, T]]) -> dict[str, T]:
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


_NEEDED: Any = object()


class Record:
    """A JSON object of an answer, with a method for each kind of value that a field may hold.

    Each method raises Unreadable, naming the field, where it is absent, null or of another kind; with a default, that
    is returned for an absent or null field.  Numbers may be text: "8" is 8.
    """

    __slots__ = ("_fields", "_path")

    def __init__(self, value: Any, path: str = "") -> None:
        self._fields, self._path = value, path

    def __contains__(self, name: str) -> bool:
        return self._value(name, None) is not None

    def is_null(self, name: str) -> bool:
        """Whether the field is there, and null."""
        return name in self._mapping() and self._fields[name] is None

    def raw(self, name: str, default: Any = _NEEDED) -> Any:
        """The value as it is."""
        return self._value(name, default)

    def text(self, name: str, default: Any = _NEEDED) -> Any:
        """Text without space around it; a number counts as text, empty text as absent."""
        return self._as(name, default, _text, "text")

    def count(self, name: str, default: Any = _NEEDED) -> Any:
        """A whole number."""
        return self._as(name, default, count, "a whole number")

    def number(self, name: str, default: Any = _NEEDED) -> Any:
        """A Decimal."""
        return self._as(name, default, _number, "a number")

    def memory_gb(self, name: str, default: Any = _NEEDED) -> Any:
        """GB of "80 GB", "81920MB", 80."""
        return self._as(name, default, memory_gb, "a memory size")

    def flag(self, name: str, default: Any = _NEEDED) -> Any:
        """True or false."""
        return self._as(name, default, _flag, "true or false")

    def availability(self, name: str) -> Availability | None:
        """The availability that a count, a flag, a word or a list of places states; None where it states none."""
        found: Availability | None = self._as(name, None, availability, "a number or a word for availability")
        return found

    def money(self, name: str, default: Any = _NEEDED, *, currency: str = "USD") -> Decimal | None:
        """An amount; None where the field states none ("", "-", 0, "contact us")."""
        value = self._value(name, default)
        try:
            return None if value is default else money(value, currency=currency)
        except ValueError as error:
            raise self._wrong(name, value, f"a price in {currency}") from error

    def price(self, name: str, default: Any = _NEEDED, *, currency: str = "USD", per: int = 1) -> StatedPrice:
        """A price for a `Draft`: the amount divided by `per` (100 for cents); None as for `money`.

        The reason why it can't be read is returned, not raised, so that the offer's other prices are kept.
        """
        try:
            amount = self.money(name, default, currency=currency)
            if amount and per != 1 and not is_plain(self.raw(name)):
                raise self._wrong(name, self.raw(name), f"a number of 1/{per} {currency}")
        except Unreadable as error:
            return OddPrice(str(error))
        return None if amount is None else amount / per

    def record(self, name: str, default: Any = _NEEDED) -> "Record":
        """The object under the name; with a default of {}, an empty one where there is none."""
        value = self._value(name, default)
        if not isinstance(value, Mapping):
            raise self._wrong(name, value, "an object")
        return Record(value, self._at(name))

    def records(self, name: str, default: Any = _NEEDED) -> list["Record"]:
        """The objects of the list under the name."""
        return records(self.list(name, default))

    def list(self, name: str, default: Any = _NEEDED) -> Any:
        """The list under the name."""
        value = self._value(name, default)
        if not isinstance(value, list | tuple):
            raise self._wrong(name, value, "a list")
        return value

    def texts(self, name: str, default: Any = _NEEDED) -> tuple[str, ...]:
        """The texts of the list under the name, each once."""
        return tuple(dict.fromkeys(_text(value) for value in self.list(name, default)))

    def names(self) -> tuple[str, ...]:
        """The names of all fields."""
        return tuple(self._mapping())

    def entries(self, name: str, default: Any = _NEEDED) -> Iterator[tuple[str, "Record"]]:
        """The objects in the object under the name, each with its own name there."""
        inner = self.record(name, default)
        return ((key, Record(value)) for key, value in inner._mapping().items())

    def plain(self) -> Mapping[str, Any]:
        """The object as it was decoded."""
        return self._mapping()

    def _as(self, name: str, default: Any, reader: Callable[[Any], Any], kind: str) -> Any:
        value = self._value(name, default)
        if value is default:
            return default
        try:
            found = reader(value)
        except PARSE_ERRORS as error:
            raise self._wrong(name, value, kind) from error
        if found is None or found == "":
            if default is _NEEDED:
                raise self._wrong(name, value, kind)
            return default
        return found

    def _value(self, name: str, default: Any) -> Any:
        value = self._mapping().get(name)
        if value is None:
            if default is _NEEDED:
                there = f"{quoted(self._at(name))} is null" if name in self._fields else f"no {quoted(self._at(name))}"
                raise Unreadable(there)
            return default
        return value

    def _mapping(self) -> Mapping[str, Any]:
        if not isinstance(self._fields, Mapping):
            raise Unreadable(f"{quoted(self._fields)} in place of an object")
        return self._fields

    def _at(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def _wrong(self, name: str, value: Any, kind: str) -> Unreadable:
        return Unreadable(f"{quoted(self._at(name))} is {quoted(value)}, not {kind}")


def record(value: Any) -> Record:
    """A decoded answer that is an object."""
    return Record(value)


def records(values: Any) -> list[Record]:
    """A decoded answer that is a list of objects.  Raises Unreadable unless it is a list."""
    if not isinstance(values, list | tuple):
        raise Unreadable(f"{quoted(values)} in place of a list")
    return [Record(value) for value in values]


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise Unreadable(f"{quoted(value)} is not text")
    return str(value).strip()


def _number(value: Any) -> Decimal:
    if isinstance(value, bool):
        raise Unreadable(f"{quoted(value)} is not a number")
    found = Decimal(str(value).strip().replace(",", ""))
    if not is_ordinary(found):
        raise Unreadable(f"{quoted(value)} is not a number")
    return found


def _flag(value: Any) -> bool:
    known = {"true": True, "false": False, "1": True, "0": False}
    return known[str(value).strip().lower()]


def _name(row: Any) -> str:
    """A name for a row without a key: the first text in it."""
    parts = row if isinstance(row, tuple) else (row,)
    for part in parts:
        fields = part._fields if isinstance(part, Record) else part
        values = fields.values() if isinstance(fields, Mapping) else (fields,)
        named = next((value for value in values if isinstance(value, str) and value.strip()), "")
        if named:
            return " ".join(named.split())
    return ""
