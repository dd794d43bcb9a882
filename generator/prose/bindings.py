"""Numbers in prose: `{{ floor:h100-sxm }}` in a text becomes today's figure when the site is built.

A binding is a function's name and its arguments, separated by colons; `FUNCTIONS` lists all of them.  Prices
are US dollars per GPU-hour before tax.  A paragraph, list item or table row with a binding that has no value
today is left out as a whole, so that no page shows an empty price, and so is a table left without rows or a heading
left without text.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Protocol

from generator.database.seed_rows import TERM_UNITS
from generator.errors import BrokenContent
from generator.formats import day, money, rounded
from generator.model.blocks import GpuLine, Link, ProviderLine
from generator.prose.markdown import literal


class Lookup(Protocol):
    """What bindings may look up."""

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
        """What a provider states of one of `TERMS`, in words; None where it is not known or out of date."""
        ...

    def count(self, name: str) -> int:
        """How many are shown of one of `COUNTS`."""
        ...


@dataclass(frozen=True, slots=True)
class Resolved:
    """A text with its figures.  `missing` are the bindings without a value; `gpus` and `providers` the slugs named."""

    text: str
    missing: tuple[str, ...] = ()
    gpus: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Binding:
    """A binding as a text has it: `name:argument:argument`."""

    source: str

    @property
    def name(self) -> str:
        """The function's name."""
        return self.source.split(":")[0].strip()

    @property
    def arguments(self) -> tuple[str, ...]:
        """The function's arguments."""
        return tuple(part.strip() for part in self.source.split(":")[1:])


@dataclass(frozen=True, slots=True)
class Function:
    """A binding's function: what each argument is, and the value as Markdown (None: no value today).

    `value` is called with the lookup and one argument for each of `parameters`: a GpuLine for GPU, a ProviderLine for
    PROVIDER, a Decimal for NUMBER, the word itself for a tuple of allowed words.
    """

    parameters: tuple["Parameter", ...]
    value: Callable[..., str | None]


Parameter = str | tuple[str, ...]

GPU = "a GPU's slug"
PROVIDER = "a provider's slug"
NUMBER = "a number above zero"

COUNTS = ("providers", "offers", "gpus")
PRICES = ("floor", "median", "spot_floor")
_LIKE = Decimal("0.1")  # how far a ratio of two markets may be from that at the same sellers
TERMS = tuple(TERM_UNITS)
SPECS: Mapping[str, Callable[[str], str]] = {
    "vram_gb": "{} GB".format,
    "memory_bandwidth_gbps": "{} GB/s".format,
    "fp16_tflops": "{} TFLOPS".format,
    "fp8_tflops": "{} TFLOPS".format,
    "memory_type": str,
    "form_factor": str,
    "architecture": str,
    "manufacturer": str,
}
MEASURES = (*PRICES, "vram_gb", "memory_bandwidth_gbps", "fp16_tflops", "fp8_tflops")


def _price(measure: str) -> Function:
    def value(_: Lookup, gpu: GpuLine) -> str | None:
        return _dollars(getattr(gpu, measure))

    return Function((GPU,), value)


def _dollars(amount: Decimal | None) -> str | None:
    return None if amount is None else money(amount)


def _number(value: Decimal | int) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _link(text: str, path: str) -> str:
    return f"[{literal(text)}]({path})"


def _floor_provider(_: Lookup, gpu: GpuLine) -> str | None:
    link: Link | None = gpu.floor_provider
    return None if link is None else _link(link.text, link.path)


def _providers(_: Lookup, gpu: GpuLine) -> str | None:
    return _number(gpu.providers_n) if gpu.providers_n else None


def _spec(_: Lookup, gpu: GpuLine, name: str) -> str | None:
    value = getattr(gpu, name)
    if value in (None, ""):
        return None
    return SPECS[name](literal(value) if isinstance(value, str) else _number(value))


def _ratio(lookup: Lookup, measure: str, one: GpuLine, other: GpuLine) -> str | None:
    a, b = getattr(one, measure), getattr(other, measure)
    if not a or not b:
        return None
    found = Decimal(a) / Decimal(b)
    is_told = measure not in PRICES or _is_like_for_like(found, lookup.price_ratio(one.slug, other.slug))
    return rounded(found, 2) if is_told else None


def _is_like_for_like(of_markets: Decimal, at_same_sellers: Decimal | None) -> bool:
    """Whether two markets compare as the same sellers' prices do, so that their ratio misleads nobody."""
    return at_same_sellers is not None and abs(of_markets / at_same_sellers - 1) <= _LIKE


def _price_ratio(lookup: Lookup, one: GpuLine, other: GpuLine) -> str | None:
    ratio = lookup.price_ratio(one.slug, other.slug)
    return None if ratio is None else rounded(ratio, 2)


def _cost(_: Lookup, measure: str, gpu: GpuLine, gpu_hours: Decimal) -> str | None:
    price: Decimal | None = getattr(gpu, measure)
    return _dollars(None if price is None else price * gpu_hours)


def _term(lookup: Lookup, provider: ProviderLine, field: str) -> str | None:
    return lookup.term(provider.slug, field)


def _spot_saving(_: Lookup, gpu: GpuLine) -> str | None:
    """None also where spot is not below on demand, for texts say "below", or is another share of it at one seller."""
    if gpu.floor is None or gpu.spot_floor is None or gpu.spot_floor >= gpu.floor:
        return None
    found = gpu.spot_floor / gpu.floor
    return rounded(100 * (1 - found), 0) + "%" if _is_like_for_like(found, gpu.spot_ratio) else None


def _spot_discount(_: Lookup, gpu: GpuLine) -> str | None:
    """At the same sellers; None also where spot is not below on demand there."""
    if gpu.spot_ratio is None or gpu.spot_ratio >= 1:
        return None
    return rounded(100 * (1 - gpu.spot_ratio), 0) + "%"


FUNCTIONS: Mapping[str, Function] = {
    "floor": _price("floor"),
    "median": _price("median"),
    "spot_floor": _price("spot_floor"),
    "floor_provider": Function((GPU,), _floor_provider),
    "providers": Function((GPU,), _providers),
    "gpu": Function((GPU,), lambda _, gpu: _link(gpu.short_name, gpu.path)),
    "provider": Function((PROVIDER,), lambda _, provider: _link(provider.name, provider.path)),
    "term": Function((PROVIDER, TERMS), _term),
    "spec": Function((GPU, tuple(SPECS)), _spec),
    "ratio": Function((MEASURES, GPU, GPU), _ratio),
    "price_ratio": Function((GPU, GPU), _price_ratio),
    "cost": Function((PRICES, GPU, NUMBER), _cost),
    "spot_saving": Function((GPU,), _spot_saving),
    "spot_discount": Function((GPU,), _spot_discount),
    "as_of": Function((), lambda lookup: day(lookup.as_of)),
    "count": Function((COUNTS,), lambda lookup, name: _number(lookup.count(name)) if lookup.count(name) else None),
}

_BINDING = re.compile(r"\{\{([^{}\n]*)\}\}")  # no brace inside, so that the search is linear
_LEFT_OVER = re.compile(r"\{\{|\}\}|\{%")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_POSITIVE = re.compile(r"(?!0+(\.0+)?$)\d{1,9}(\.\d{1,9})?")


def bindings(text: str) -> tuple[Binding, ...]:
    """The bindings of a text, in order."""
    return tuple(Binding(match[1].strip()) for match in _BINDING.finditer(text))


def problems(text: str, where: str) -> tuple[BrokenContent, ...]:
    """What is wrong with a text's bindings regardless of the catalogue; `where` names the file."""
    lines = [problem for binding in bindings(text) if (problem := _misuse(binding))]
    if left := _LEFT_OVER.search(_BINDING.sub("", text)):
        lines.append(f'"{left[0]}" is not part of a binding; expected {{{{ name:argument }}}} on one line')
    return tuple(BrokenContent(f"{where}: {line}") for line in lines)


def resolve(text: str, lookup: Lookup, where: str = "text") -> Resolved:
    """The text with a figure for each binding.

    Raises BrokenContent, which names `where` (the file), for a function, argument or slug that does not exist.
    """
    for problem in problems(text, where):
        raise problem
    values = {binding.source: _value(binding, lookup, where) for binding in bindings(text)}
    units = list(_units(text))
    kept = [unit for unit in units if all(values[binding.source] is not None for binding in bindings(unit))]
    if len(kept) < len(units):
        kept = _without_hollow(kept)
    filled = _BINDING.sub(lambda match: values[match[1].strip()] or "", "\n".join(kept))
    return Resolved(
        text=filled if len(kept) == len(units) else re.sub(r"\n{3,}", "\n\n", filled).strip("\n"),
        missing=tuple(source for source, value in values.items() if value is None),
        gpus=_named(text, GPU),
        providers=_named(text, PROVIDER),
    )


def unbound_prices(text: str) -> tuple[str, ...]:
    """Amounts of money typed as digits or words, which would be wrong as soon as a price changes."""
    return tuple(match[0] for match in _AMOUNT.finditer(_BINDING.sub("", text)))


# The lookbehind and the possessive quantifiers read each digit once, so that long runs of digits take no time.
_QUANTITY = (
    r"(?:(?<![\d,.])[,.]*+\d[\d,.]*+|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|"
    r"forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand))"
)
_AMOUNT = re.compile(
    rf"[$€£¥₹]\s?\d[\d,.]*\d|[$€£¥₹]\s?\d|\b(?:USD|EUR|GBP|CHF|INR)\s?\d[\d,.]*"
    rf"|{_QUANTITY}[\s-]?(?:USD|EUR|GBP|CHF|INR|US dollars?|dollars?|euros?|pounds?|cents?|[$€£¥₹])(?!\w)",
    re.IGNORECASE,
)


def _misuse(binding: Binding) -> str | None:
    """What is wrong with a binding by itself; None for nothing."""
    function = FUNCTIONS.get(binding.name)
    if function is None:
        return f'unknown binding "{binding.source:.60}"; allowed are {", ".join(FUNCTIONS)}'
    if len(binding.arguments) != len(function.parameters):
        form = ":".join((binding.name, *map(_allowed, function.parameters)))
        return f'binding "{binding.source:.60}" has {len(binding.arguments)} arguments; expected "{form}"'
    for given, parameter in zip(binding.arguments, function.parameters, strict=True):
        if not _fits(given, parameter):
            return f'binding "{binding.source:.60}": "{given:.60}" is not {_allowed(parameter)}'
    return None


def _allowed(parameter: Parameter) -> str:
    return f"<{parameter}>" if isinstance(parameter, str) else f"<one of {', '.join(parameter)}>"


def _fits(given: str, parameter: Parameter) -> bool:
    if isinstance(parameter, tuple):
        return given in parameter
    return bool((_POSITIVE if parameter == NUMBER else _SLUG).fullmatch(given))


def _value(binding: Binding, lookup: Lookup, where: str) -> str | None:
    function = FUNCTIONS[binding.name]
    arguments = []
    for given, parameter in zip(binding.arguments, function.parameters, strict=True):
        argument = _argument(given, parameter, lookup)
        if argument is None:
            raise BrokenContent(
                f'{where}: binding "{binding.source:.60}": no {"GPU" if parameter == GPU else "provider"} '
                f'has the slug "{given:.60}"; allowed are the slugs in sql/seed/'
            )
        arguments.append(argument)
    return function.value(lookup, *arguments)


def _argument(given: str, parameter: Parameter, lookup: Lookup) -> GpuLine | ProviderLine | Decimal | str | None:
    if parameter == GPU:
        return lookup.gpu(given)
    if parameter == PROVIDER:
        return lookup.provider(given)
    return Decimal(given) if parameter == NUMBER else given


def _named(text: str, kind: str) -> tuple[str, ...]:
    """The slugs that a text's bindings name for one kind of parameter, each once, in order."""
    return tuple(
        dict.fromkeys(
            given
            for binding in bindings(text)
            for given, parameter in zip(binding.arguments, FUNCTIONS[binding.name].parameters, strict=True)
            if parameter == kind
        )
    )


_ROW = re.compile(r"\s*\|")
_RULE = re.compile(r"[\s|:-]+")
_ITEM = re.compile(r"\s*([-*+]|\d+[.)])\s")
_HEADING = re.compile(r"(#{1,6})\s")


def _units(text: str) -> Iterator[str]:
    """The units that are kept or left out as a whole: paragraphs, list items, table rows, headings, blank lines."""
    unit: list[str] = []
    for line in text.split("\n"):
        alone = not line.strip() or bool(_ROW.match(line) or _HEADING.match(line))
        if unit and (alone or _ITEM.match(line)):
            yield "\n".join(unit)
            unit = []
        if alone:
            yield line
        else:
            unit.append(line)
    if unit:
        yield "\n".join(unit)


def _without_announcement(units: list[str]) -> list[str]:
    """The units without a last paragraph that ends with a colon."""
    last = next((number for number in reversed(range(len(units))) if units[number].strip()), None)
    return units[:last] if last is not None and units[last].rstrip().endswith(":") else units


def _without_hollow(units: list[str]) -> list[str]:
    """The units without tables that have lost all their rows, what announces these, and empty headings."""
    filled: list[str] = []
    for is_row, run in groupby(units, lambda unit: bool(_ROW.match(unit))):
        rows = list(run)
        if not is_row or (len(rows) > 2 and _RULE.fullmatch(rows[1])):
            filled.extend(rows)
        else:
            filled = _without_announcement(filled)
    kept: list[str] = []
    following = 0  # level of the heading that comes next; 0 at the end of the text, 9 for text
    for unit in reversed(filled):
        heading = _HEADING.match(unit)
        if heading and following <= len(heading[1]):
            continue
        kept.append(unit)
        if unit.strip():
            following = len(heading[1]) if heading else 9
    return kept[::-1]
