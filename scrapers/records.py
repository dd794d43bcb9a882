"""A JSON object of an answer, whose fields are read by the kind of value that each should hold.

`Record` says in plain words which field is missing, null or of another kind.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from scrapers.errors import PARSE_ERRORS
from scrapers.offer import Availability, OddPrice, StatedPrice, Unreadable, is_ordinary, quoted
from scrapers.parse import availability, count, is_plain, memory_gb, money

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

    @property
    def decoded(self) -> Any:
        """The value, even where it is not an object."""
        return self._fields

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

    def mapping(self) -> Mapping[str, Any]:
        """The object as decoded.  Raises Unreadable for anything else."""
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
