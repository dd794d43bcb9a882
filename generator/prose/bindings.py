"""Numbers and claims in prose: `{{ floor:h100-sxm }}` becomes today's figure when the site is built.

A binding is a function's name and its arguments, separated by colons; `figures.FUNCTIONS` lists all of them, and
`predicates.PREDICATES` what a claim may claim.  A sentence with a binding that has no value today, whose figure can't
be vouched for, or whose claim does not hold is left out, and with it a list item or table row; so are a table left
without rows and a heading left without text.  No page shows an empty price.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from generator.errors import BrokenContent
from generator.prose import bound, calls
from generator.prose.calls import GPU, PROVIDER, Call, Lookup
from generator.prose.figures import FUNCTIONS, Figure, vouched
from generator.prose.leaving_out import Edits, without
from generator.prose.predicates import PREDICATES, holds


@dataclass(frozen=True, slots=True)
class Resolved:
    """A text with its figures.

    `missing` are the bindings without a value, `false` the claims that do not hold or can't be told; `gpus` and
    `providers` the slugs named.
    """

    text: str
    missing: tuple[str, ...] = ()
    false: tuple[str, ...] = ()
    gpus: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()


def problems(text: str, where: str) -> tuple[BrokenContent, ...]:
    """What is wrong with a text's bindings and claims regardless of the catalogue; `where` names the file."""
    return tuple(BrokenContent(f"{where}: {line}") for _, _, line in misuses(text))


def misuses(text: str) -> Iterator[tuple[int, int, str]]:
    """From where to where in a text a binding or a claim is wrong, and what is wrong with it."""
    document = bound.parse(text)
    for binding in document.bindings:
        if problem := calls.misuse(Call(binding.source), FUNCTIONS, "binding"):
            yield binding.start, binding.end, problem
    for claim in document.claims:
        if problem := claim.problem or calls.misuse(Call(claim.source), PREDICATES, "claim"):
            yield claim.start, claim.end, problem
    for run in document.left_over[:1]:
        line = f'"{run.text}" is not part of a binding; expected {{{{ name:argument }}}} on one line'
        yield run.start, run.start + len(run.text), line


def resolve(text: str, lookup: Lookup, where: str = "text") -> Resolved:
    """The text with a figure for each binding, and without what does not hold.

    Raises BrokenContent, which names `where` (the file), for a function, argument or slug that does not exist.
    """
    for problem in problems(text, where):
        raise problem
    document = bound.parse(text)
    told = {claim.source: holds(Call(claim.source), lookup, where) for claim in document.claims}
    found = {one.source: figure(one.source, lookup, where) for one in document.bindings}
    shown = {source: value.markdown if value else None for source, value in found.items()}
    return Resolved(
        text=without(document, Edits(shown, told)),
        missing=tuple(source for source, value in shown.items() if value is None),
        false=tuple(source for source, value in told.items() if not value),
        gpus=_named(document, GPU),
        providers=_named(document, PROVIDER),
    )


def figure(source: str, lookup: Lookup, where: str = "text") -> Figure | None:
    """The figure of a binding; None where it has no value today or its policy is not met.

    Raises BrokenContent, which names `where`, for an unknown slug.
    """
    function = FUNCTIONS[Call(source).name]
    found: Figure | None = calls.called(Call(source), function, lookup, where, "binding")
    return found if found is not None and vouched(found, function.policy) else None


def calls_of(text: str) -> tuple[Call, ...]:
    """The calls of a text's bindings."""
    return tuple(Call(one.source) for one in bound.parse(text).bindings)


def policy_of(source: str) -> str:
    """How near to the data a binding's figure is shown, in words."""
    return FUNCTIONS[Call(source).name].policy.words


def told(source: str, lookup: Lookup, where: str = "text") -> bool | None:
    """Whether a claim holds today; None where that can't be told.  Raises BrokenContent for an unknown slug."""
    return holds(Call(source), lookup, where)


def plain(text: str) -> str:
    """A text with its figures, as a title or JSON-LD has it: without the addresses of links."""
    return _LINK.sub(r"\1", text).replace("\\", "")


def unbound_prices(text: str) -> tuple[str, ...]:
    """Amounts of money typed as digits or words, which would be wrong as soon as a price changes."""
    return tuple(match[0] for match in _AMOUNT.finditer(_BINDING.sub("", text)))


def _named(document: bound.Document, kind: str) -> tuple[str, ...]:
    """The slugs that a text's bindings and claims name for one kind of parameter, each once, in order."""
    of_bindings = (calls.named(Call(one.source), FUNCTIONS, kind) for one in document.bindings)
    of_claims = (calls.named(Call(one.source), PREDICATES, kind) for one in document.claims)
    return tuple(dict.fromkeys(slug for slugs in (*of_bindings, *of_claims) for slug in slugs))


_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_BINDING = re.compile(r"\{\{[^{}\n]*\}\}")  # no brace inside, so that the search is linear
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
