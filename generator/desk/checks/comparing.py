"""Comparisons: each in a claim, each claim true today, and no sentence says more than its claim."""

import re
from collections.abc import Iterator, Sequence

from generator.desk.checks.numbers import Found
from generator.desk.checks.subject import BOUND, Sentence, Subject
from generator.desk.checks.words import pattern
from generator.errors import BrokenContent
from generator.prose import bound
from generator.prose.calls import GPU, PROVIDER, Call, misuse, named
from generator.prose.predicates import PREDICATES, holds, is_lasting

# Beside a figure these say where it stands, and the figure vouches for it: "{{ spot_discount:x }} below".
_BESIDE_A_FIGURE = re.compile(r"(?:below|above|less|lower|cheaper|more|higher)", re.IGNORECASE)
_ALLOWED = {
    "cheaper_than": ("cheaper", "dearer"),
    "spot_below": ("cheaper", "dearer"),
    "lowest_at": ("lowest",),
    "only_provider": ("only",),
    "providers_at_least": ("plenty",),
    "in_stock_at_least": ("plenty",),
    "fell": ("fell",),
    "rose": ("rose",),
    "steady": ("steady",),
    "states": (),
    "vram_gb": ("memory",),
    "memory_bandwidth_gbps": ("bandwidth",),
    "fp16_tflops": ("compute",),
    "fp8_tflops": ("compute",),
}
"""The lists of words that a claim bears out, by its predicate, or by the specification that it compares."""
_LASTING = ("cheaper_than", "spot_below")
_DOWN = re.compile(
    r"\b(?:cheaper|less|lower|below|under\w+|slower|smaller|fewer|narrower|trails?|lags?)\b", re.IGNORECASE
)
_UP = re.compile(
    r"\b(?:dearer|pricier|more|higher|above|larger|bigger|greater|roomier|faster|quicker|wider|beats?|exceed\w*|surpass\w*|outp\w*)\b",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\b(?:than|to|of|below|above|under|over|beats?|undercuts?)\W*$", re.IGNORECASE)
_PRICE = re.compile(r"\b(?:price[sd]?|cheap\w*|cost\w*|dear\w*|expensive|pric\w*|on[- ]demand|spot)\b", re.IGNORECASE)
_BANDWIDTH = re.compile(r"bandwidth|speed|fast|quick|reads", re.IGNORECASE)
_MEMORY = re.compile(r"\b(?:memory|vram|models?|room\w*)\b(?! bandwidth)", re.IGNORECASE)
_SPECS = re.compile(r"\b(?:fast\w*|memory|bandwidth|quicker)\b", re.IGNORECASE)


def unclaimed(subject: Subject) -> Iterator[Found]:
    """Comparatives, superlatives and words of number that stand in no claim, or that their claim does not bear out."""
    for sentence in subject.sentences:
        harmless = [one.span() for one in pattern("harmless").finditer(sentence.text)]
        for found in pattern("compared").finditer(sentence.text):
            if any(start <= found.start() < end for start, end in harmless) or _is_beside_a_figure(sentence, found):
                continue
            claims = _around(sentence, found.span())
            if not claims:
                yield sentence, *found.span(), f'"{found[0]}" compares; expected it in {{% claim ... %}}'
            elif not any(_bears_out(claim.source, found, sentence.text) for claim in claims):
                yield sentence, *found.span(), f'"{found[0]}" is more than {claims[0].source} says'


def false_claims(subject: Subject) -> Iterator[Found]:
    """Claims that do not hold, that did not last where a word says so, or whose sentence says something else."""
    for sentence in subject.sentences:
        for claim in sentence.claims:
            call = Call(claim.source)
            if claim.problem or misuse(call, PREDICATES, "claim"):
                continue
            if problem := _untrue(call, subject) or _unlike(call, _said(sentence, claim), subject):
                yield sentence, 0, len(sentence.text), problem


def _untrue(call: Call, subject: Subject) -> str:
    try:
        told = holds(call, subject.around.lookup, "draft")
    except BrokenContent:
        return ""  # an unknown slug is another rule's
    if told is None:
        return f"{call.source} can't be told from today's data"
    return "" if told else f"{call.source} does not hold today"


def _unlike(call: Call, said: Sequence[str], subject: Subject) -> str:
    """Why a claim's sentences say something else than the claim; "" where they do not."""
    for text in said:
        if (lasting := pattern("lasting").search(text)) and not is_lasting(call, subject.around.lookup):
            return f'"{lasting[0]}" needs {call.source} to have held on four of five of the last 14 days'
        if foreign := sorted({slug for _, slug in mentioned(text, subject)} - _of(call)):
            return f"the sentence names {foreign[0]}, of which {call.source} says nothing"
        if _is_reversed(call, text, subject) or _is_of_another_kind(call, text):
            return f"the sentence does not say what {call.source} says"
    return ""


def _said(sentence: Sentence, claim: bound.Claim) -> list[str]:
    """The sentences of a claim that are shown while it holds; bindings as their sources."""
    start, end = claim.said
    letters = zip(sentence.letters.places, sentence.text, strict=True)
    sources = {one.start: f"{{{one.source}}}" for one in sentence.bindings}
    text = "".join(sources.get(at, one) if one == BOUND else one for at, one in letters if start <= at < end)
    return [text] if text.strip() else []


def _around(sentence: Sentence, span: tuple[int, int]) -> list[bound.Claim]:
    """The claims that bear a part out: none does so for what is said while it is false."""
    start, end = sentence.letters.span(*span)
    return [one for one in sentence.claims if one.said[0] <= start and end <= one.said[1] and not one.problem]


def _is_beside_a_figure(sentence: Sentence, found: re.Match[str]) -> bool:
    before, after = sentence.text[: found.start()].rstrip(), sentence.text[found.end() :].lstrip()
    return bool(_BESIDE_A_FIGURE.fullmatch(found[0])) and (before.endswith(BOUND) or after.startswith(BOUND))


def _bears_out(source: str, found: re.Match[str], text: str) -> bool:
    """Whether a claim bears out a word, alone or as the beginning of a longer phrase of its list."""
    call = Call(source)
    lists = _ALLOWED.get(call.arguments[0] if call.name == "spec_above" and call.arguments else call.name, ())
    lists = (*lists, "lasting") if call.name in _LASTING else lists
    if not lists:
        return False
    longer = pattern(*lists).match(text, found.start())
    shorter = (
        pattern(*lists).fullmatch(found[0].split()[0]) if found[0].split()[0].lower() in {"more", "less"} else None
    )
    return bool(longer and longer.end() >= found.end()) or bool(shorter)


def _of(call: Call) -> set[str]:
    return {*named(call, PREDICATES, GPU), *named(call, PREDICATES, PROVIDER)}


def mentioned(text: str, subject: Subject) -> list[tuple[int, str]]:
    """The GPUs and providers that a text names or binds, in order: where, and the slug."""
    slugs = {**subject.around.gpus, **subject.around.providers}
    of_slugs = ("gpu", "provider", "floor", "median", "spot_floor")
    bound_slugs = re.finditer(rf"\{{(?:{'|'.join(of_slugs)}):([^{{}}:]*)[^{{}}]*\}}", text)
    found = [(one.start(), one[1].strip()) for one in bound_slugs]
    plain = re.sub(r"\{[^{}]*\}", lambda one: " " * len(one[0]), text).lower()
    taken: list[tuple[int, int]] = []
    for name in sorted(slugs, key=len, reverse=True):
        for one in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", plain):
            if not any(a < one.end() and one.start() < b for a, b in taken):
                taken.append(one.span())
                found.append((one.start(), slugs[name]))
    return sorted(found)


def _is_reversed(call: Call, text: str, subject: Subject) -> bool:
    """Whether the sentence puts the two the other way round, or denies what is claimed."""
    if call.name != "only_provider" and pattern("denied").search(text):
        return True
    if call.name not in {"cheaper_than", "spec_above"}:
        return False
    two = [slug for slug in call.arguments if slug in _of(call)]
    named_ = [(at, slug) for at, slug in mentioned(text, subject) if slug in two]
    words = [one for one in (_DOWN.search(text), _UP.search(text)) if one]
    if not named_ or not words:
        return False
    # Of one alone, a pronoun stands for the other where it comes after "than".
    is_object = len({slug for _, slug in named_}) == 1 and _AFTER.search(re.sub(r"\bthe\s*$", "", text[: named_[0][0]]))
    is_first = (named_[0][1] == two[0]) != bool(is_object)
    is_down = min(words, key=lambda one: one.start()).re is _DOWN
    return is_first == (is_down if call.name == "spec_above" else not is_down)


def _is_of_another_kind(call: Call, text: str) -> bool:
    """Whether the sentence speaks of a price where the claim is of memory, and the like."""
    if call.name == "spec_above":
        of_memory, of_bandwidth = bool(_MEMORY.search(text)), bool(_BANDWIDTH.search(text))
        is_wrong = {"vram_gb": of_bandwidth or not of_memory, "memory_bandwidth_gbps": not of_bandwidth}
        return bool(_PRICE.search(text)) or is_wrong.get(call.arguments[0], False)
    if call.name in {"cheaper_than", "spot_below", "lowest_at"}:
        return bool(_SPECS.search(text))
    other = {"fell": "rose", "rose": "fell"}.get(call.name)
    return bool(other and pattern(other).search(text))
