"""Calls in prose: `floor:h100-sxm` and `cheaper_than:h100-sxm:h200-sxm:10`, a name and arguments between colons."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from generator.errors import BrokenContent
from generator.model.blocks import GpuLine, ProviderLine

if TYPE_CHECKING:
    from generator.prose.texts import Citation

Parameter = str | tuple[str, ...]

GPU = "a GPU's slug"
PROVIDER = "a provider's slug"
NUMBER = "a number above zero"
STATED = "a figure as the source states it, and no price"
SOURCE = "the id of a source in the text's front matter"
DAYS = ("7", "30", "90")

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_STATED = re.compile(
    r"(?!.*(?:[$€£¥₹]|\b(?:USD|EUR|GBP|CHF|INR|(?:dollar|euro|pound|cent)s?)\b))(?=.*\d)[^\[\]<>`\\|*_]{1,40}",
    re.IGNORECASE,
)
_POSITIVE = re.compile(r"(?!0+(\.0+)?$)\d{1,9}(\.\d{1,9})?")


class Lookup(Protocol):
    """What calls may look up.  Prices are US dollars per GPU-hour before tax."""

    @property
    def as_of(self) -> date:
        """The day that the site describes."""
        ...

    def gpu(self, slug: str) -> GpuLine | None:
        """A GPU, whether or not it is offered today; None for an unknown slug."""
        ...

    def provider(self, slug: str) -> ProviderLine | None:
        """A provider; None for an unknown slug."""
        ...

    def price_ratio(self, one: str, other: str) -> Decimal | None:
        """What the first of two GPUs costs of the other's price on demand at the same sellers; None for too few."""
        ...

    def term(self, provider: str, field: str) -> str | None:
        """What a provider states of a term, in words; None where it is not known or out of date."""
        ...

    def count(self, name: str) -> int:
        """How many providers, offers or GPUs are shown."""
        ...

    def change(self, gpu: str, days: int) -> Decimal | None:
        """The change of the on-demand median over so many days, as a ratio (-0.05: down 5%); None where not known."""
        ...

    def sellers(self, gpu: str) -> tuple[str, ...]:
        """The slugs of the providers with a ranked price on demand."""
        ...

    def in_stock(self, gpu: str) -> int:
        """How many providers say that they have it now."""
        ...

    def source(self, name: str) -> "Citation | None":
        """A source that the text cites, by its id; None for another."""
        ...

    def floor_on(self, gpu: str, day: date) -> Decimal | None:
        """The lowest price on demand on an earlier day; None where it is not known."""
        ...


@dataclass(frozen=True, slots=True)
class Call:
    """A call as a text has it: `name:argument:argument`."""

    source: str

    @property
    def name(self) -> str:
        """The function's name."""
        return self.source.split(":")[0].strip()

    @property
    def arguments(self) -> tuple[str, ...]:
        """The function's arguments."""
        return tuple(part.strip() for part in self.source.split(":")[1:])


class Callee(Protocol):
    """What can be called: `parameters` in order, of which the last `optional` may be missing."""

    @property
    def parameters(self) -> tuple[Parameter, ...]: ...  # noqa: D102
    @property
    def optional(self) -> int: ...  # noqa: D102
    @property
    def value(self) -> Callable[..., Any]: ...  # noqa: D102


def misuse(call: Call, known: Mapping[str, Callee], noun: str) -> str | None:
    """What is wrong with a call by itself; None for nothing."""
    function = known.get(call.name)
    if function is None:
        return f'unknown {noun} "{call.source:.60}"; allowed are {", ".join(known)}'
    if not len(function.parameters) - function.optional <= len(call.arguments) <= len(function.parameters):
        form = ":".join((call.name, *map(allowed, function.parameters)))
        return f'{noun} "{call.source:.60}" has {len(call.arguments)} arguments; expected "{form}"'
    for given, parameter in zip(call.arguments, function.parameters, strict=False):
        if not _fits(given, parameter):
            return f'{noun} "{call.source:.60}": "{given:.60}" is not {allowed(parameter)}'
    return None


def allowed(parameter: Parameter) -> str:
    """What an argument may be, in words."""
    return f"<{parameter}>" if isinstance(parameter, str) else f"<one of {', '.join(parameter)}>"


def called(call: Call, function: Callee, lookup: Lookup, where: str, noun: str) -> Any:
    """What a function returns for a call.  Raises BrokenContent, which names `where`, for an unknown slug."""
    arguments = []
    for given, parameter in zip(call.arguments, function.parameters, strict=False):
        argument = _argument(given, parameter, lookup)
        if argument is None:
            raise BrokenContent(f'{where}: {noun} "{call.source:.60}": {_unknown(given, parameter)}')
        arguments.append(argument)
    return function.value(lookup, *arguments)


def named(call: Call, known: Mapping[str, Callee], kind: str) -> tuple[str, ...]:
    """The slugs that a call names for one kind of parameter."""
    function = known.get(call.name)
    pairs = zip(call.arguments, function.parameters, strict=False) if function else ()
    return tuple(given for given, parameter in pairs if parameter == kind)


def _fits(given: str, parameter: Parameter) -> bool:
    if isinstance(parameter, tuple):
        return given in parameter
    return bool({NUMBER: _POSITIVE, STATED: _STATED}.get(parameter, _SLUG).fullmatch(given))


def _unknown(given: str, parameter: Parameter) -> str:
    if parameter == SOURCE:
        return f'no source of the text has the id "{given:.60}"; expected it in the front matter, with its checked_on'
    what = "GPU" if parameter == GPU else "provider"
    return f'no {what} has the slug "{given:.60}"; allowed are the slugs in sql/seed/'


def _argument(
    given: str, parameter: Parameter, lookup: Lookup
) -> "GpuLine | ProviderLine | Citation | Decimal | str | None":
    if parameter == GPU:
        return lookup.gpu(given)
    if parameter == PROVIDER:
        return lookup.provider(given)
    if parameter == SOURCE:
        return lookup.source(given)
    return Decimal(given) if parameter == NUMBER else given
