"""Names and what is said of them: known GPUs and providers, the pricing type of a price, the source of a term."""

import re
from collections.abc import Iterator

from generator.desk.checks.comparing import mentioned
from generator.desk.checks.numbers import Found
from generator.desk.checks.subject import BOUND, PRICES, Sentence, Subject
from generator.desk.checks.words import fields, pattern
from generator.prose.calls import Call

_GPU_LIKE = re.compile(
    r"\b(?:(?:RTX|GTX|RX) ?(?:PRO )?[A-Z]?\d{3,4}(?: ?(?:Ti|Super|XTX?|Ada))?|[A-Z]{1,3}-?\d{2,4}[A-Za-z]?\b(?: Ultra)?"
    r"|Gaudi ?\d|TPU ?v?\d\w*|Arc [A-Z]\d{3})"
)
_PROVIDER_LIKE = re.compile(
    r"\b((?:[A-Z][\w.&’'-]*\s)*[A-Z][\w.&’'-]*\s(?:Cloud|Compute|Hosting|Rentals?|GPUs|Labs|Servers?|Datacent(?:er|re)s?))\b"
)
_DOMAIN = re.compile(r"\b((?:[a-z0-9-]+\.)+(?:example|com|io|ai|cloud|net|org|dev|co))\b", re.IGNORECASE)
_NAME = r"[A-Z][\w.&-]*(?: [A-Z][\w.&-]*)*"
_PRICING = {
    "on_demand": re.compile(r"\bon[- ]demand\b|\bpay[- ]as[- ]you[- ]go\b", re.IGNORECASE),
    "spot": re.compile(r"\bspot\b|\bpreemptible\b|\binterruptible\b", re.IGNORECASE),
    "reserved": re.compile(r"\breserv\w+|\bcommit(?:ted|ment)\w*|\bcontract\b", re.IGNORECASE),
}
_OF_A_PRICE = ("cheaper_than", "lowest_at", "spot_below", "fell", "rose", "steady")
_ANNOUNCED_WITHIN = 4  # lines


def unknown_names(subject: Subject) -> Iterator[Found]:
    """GPUs and providers that the catalogue does not have, and a chip beside a price where its variants differ."""
    for sentence in subject.sentences:
        known = _known(sentence, subject)
        for found in _GPU_LIKE.finditer(sentence.text):
            if not _touches(found.span(), known):
                yield sentence, *found.span(), f'no GPU is called "{found[0]}"; expected a name of the catalogue'
        for start, name in _provider_like(sentence.text):
            if not _touches((start, start + len(name)), known) and not _is_no_name(name):
                yield sentence, start, start + len(name), f'no provider is called "{name}"; expected one of the site'
        if sentence.has_price or any(Call(claim.source).name in _OF_A_PRICE for claim in sentence.claims):
            yield from _chips(sentence, subject)


def _provider_like(text: str) -> Iterator[tuple[int, str]]:
    """Where names stand that could be a provider's."""
    sells = pattern("sells").pattern.removeprefix("(?<!\\w)").removesuffix("(?!\\w)")
    at = re.compile(
        rf"\b(?:at|from|by|with|than|beats|undercuts|[Uu]nlike|like) ({_NAME})|\b({_NAME}) (?:has (?:just )?)?{sells}\b"
    )
    for words in (_PROVIDER_LIKE, _DOMAIN, at):
        for found in words.finditer(text):
            name = next(filter(None, found.groups())).rstrip(".")
            yield found.start() + found[0].index(name), name


def _chips(sentence: Sentence, subject: Subject) -> Iterator[Found]:
    lowered = sentence.text.lower()
    longer = [name for name in subject.around.gpus if " " in name]
    for chip, variants in subject.around.variants.items():
        for found in re.finditer(rf"(?<![\w-]){re.escape(chip)}(?![\w-])", lowered):
            is_variant = any(lowered.startswith(name, found.start()) and len(name) > len(chip) for name in longer)
            if len(variants) > 1 and not is_variant:
                line = f'"{found[0].upper()}" has variants with prices of their own; expected {", ".join(variants)}'
                yield sentence, *found.span(), line


def _known(sentence: Sentence, subject: Subject) -> list[tuple[int, int]]:
    around, lowered = subject.around, sentence.text.lower()
    names = (name for name in (*around.gpus, *around.variants, *around.providers) if name in lowered)
    found = [one.span() for name in names for one in re.finditer(rf"(?<![\w-]){re.escape(name)}(?!\w)", lowered)]
    return [*found, *(one.span() for one in pattern("standards").finditer(sentence.text))]


def _touches(span: tuple[int, int], known: list[tuple[int, int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in known)


def _is_no_name(name: str) -> bool:
    return all(pattern("no_names").fullmatch(word.rstrip(".,’'")) for word in name.split())


def missing_pricing_types(subject: Subject) -> Iterator[Found]:
    """Prices whose sentence does not say how they are rented, or says another; those of a GPU said of a machine."""
    for sentence in subject.sentences:
        context = _context(sentence, subject)
        said = {name for name, words in _PRICING.items() if words.search(context)}
        for at, call in _prices(sentence):
            wanted = "spot" if "spot_floor" in (call.name, *call.arguments) else "on_demand"
            if wanted not in said:
                found = f"says {', '.join(sorted(said)).replace('_', ' ')}" if said else "says no pricing type"
                yield sentence, at, at + 1, f"{call.source} is {wanted.replace('_', ' ')}; its sentence {found}"
            elif pattern("machine").search(sentence.text) and not pattern("per_gpu").search(sentence.text):
                line = f'{call.source} is of GPUs; its sentence speaks of a machine: expected "per GPU" or "GPU-hours"'
                yield sentence, at, at + 1, line
        for call in sentence.calls:
            if call.name in {"spot_discount", "spot_saving"} and "spot" not in said:
                yield sentence, 0, len(sentence.text), f"{call.source} is of spot prices; its sentence does not say so"


def _prices(sentence: Sentence) -> Iterator[tuple[int, Call]]:
    places = (n for n, letter in enumerate(sentence.text) if letter == BOUND)
    return ((at, call) for at, call in zip(places, sentence.calls, strict=False) if call.name in PRICES)


def _context(sentence: Sentence, subject: Subject) -> str:
    """What says the pricing type: the sentence; of a table's cell, the whole table and what announces it."""
    if sentence.block.kind not in {"td", "th"}:
        return sentence.text
    cells = (one.text for one in subject.of_text if one.block.kind in {"td", "th"})
    return " ".join([*_announcing(sentence, subject), *cells])


def _announcing(sentence: Sentence, subject: Subject) -> list[str]:
    """The sentences just above a table or a list."""
    first = sentence.block.first
    above = (
        one for one in subject.of_text if one.block.kind in {"paragraph", "heading"} and one.block is not sentence.block
    )
    return [
        one.text
        for one in above
        if 0 <= first - one.block.until <= _ANNOUNCED_WITHIN and one.text.rstrip().endswith(":")
    ]


def unsourced_terms(subject: Subject) -> Iterator[Found]:
    """What is said of a provider's terms without a stated term of that provider behind it."""
    for sentence in subject.of_text:
        told = list(_told(sentence))
        announced = " ".join(_announcing(sentence, subject)) if subject.document.text.count("\n") else ""
        if not _speaks_of_providers(f"{announced} {sentence.text}", sentence, subject):
            continue
        for name, stated_by in fields().items():
            found = pattern(name).search(sentence.text)
            if found and not any(field in stated_by for _, field in told):
                line = f'"{found[0]}" of a provider needs a source; expected {{{{ term:... }}}} or a claim states:...'
                yield sentence, *found.span(), line
        providers = {slug for _, slug in mentioned(sentence.text, subject) if slug in subject.around.providers.values()}
        if told and (others := sorted(providers - {provider for provider, _ in told})):
            yield sentence, 0, len(sentence.text), f"says of {others[0]} what {told[0][0]} states"


def _told(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """The terms that a sentence binds or claims: provider and field."""
    for call in (*sentence.calls, *(Call(claim.source) for claim in sentence.claims)):
        if call.name in {"term", "states"} and len(call.arguments) == 2:
            yield call.arguments[0], call.arguments[1]


def _speaks_of_providers(text: str, sentence: Sentence, subject: Subject) -> bool:
    if any(call.name in {"provider", "floor_provider", "term"} for call in sentence.calls):
        return True
    lowered = text.lower()
    is_named = any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", lowered) for name in subject.around.providers)
    return is_named or bool(pattern("all_of_them").search(text))


def unmeasured(subject: Subject) -> Iterator[Found]:
    """Throughput, latency and cost per unit of work: no binding gives them, since no measured run is stored."""
    for sentence in subject.sentences:
        if found := pattern("work").search(sentence.text):
            yield sentence, *found.span(), f'"{found[0].strip()}" needs a measured run with its source; none is stored'
