"""Numbers and times that no binding vouches for: digits, words, shares and multiples, however they are dressed."""

import re
from collections.abc import Iterator

from generator.desk.checks.subject import Sentence, Subject
from generator.desk.checks.words import pattern

Found = tuple[Sentence, int, int, str]
"""A sentence, from where to where in its letters, and the message."""

_DIGITS = re.compile(
    r"(?<![\w.])[~≈±'’]?[$€£¥₹]?\d[\d.,:/⁄]*(?:[\w%°]+)?|\b[A-Za-z]*\d\w*|[#$€£¥₹]\s?(?=[\d\ufffc])|%|(?<=\ufffc)\s?[$€£¥₹]"
)
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)?\.?$", re.IGNORECASE)
_ROMAN = re.compile(r"\b(?:X{0,3}(?:IX|IV|V?I{2,3}|VI{1,3})|X{2,3}V?|X[IV]+)\b")
_YEAR = re.compile(r"(?<![\d.,$€£])(?:19|20)\d\d(?:s|\b)(?![.,]\d|\s?(?:GB|MB|TB|W|MHz|GPUs?))|(?<!\w)['’]\d\d\b")
_NAME = re.compile(r"[A-Z][A-Za-z]*-?\d")


def unbound_numbers(subject: Subject) -> Iterator[Found]:
    """Every number that no binding gives, but for those in names."""
    for sentence in subject.sentences:
        names = _names(sentence, subject)
        is_heading = sentence.block.kind == "heading"
        for found in _DIGITS.finditer(sentence.text):
            is_ordinal = is_heading and _ORDINAL.fullmatch(found[0])
            # Letters with digits in them are a name; whether it is known is another rule's question.
            if not is_ordinal and not _within(found.span(), names) and not _NAME.match(found[0]):
                yield sentence, *found.span(), f'"{found[0].strip()}" is typed; {_expected(found[0].strip())}'
        for words in (pattern("number_words", "months"), _ROMAN, *(() if is_heading else (pattern("ordinals"),))):
            for found in words.finditer(sentence.text):
                if not _within(found.span(), names):
                    yield sentence, *found.span(), f'"{found[0].strip()}" is a number in words; expected a binding'


def unbound_times(subject: Subject) -> Iterator[Found]:
    """Words for the present without a binding that prints the day, and dates that are typed."""
    for sentence in subject.sentences:
        for dates in (_YEAR, pattern("months")):
            for found in dates.finditer(sentence.text):
                yield sentence, *found.span(), f'"{found[0]}" is a typed date; expected a binding'
        if any(call.name == "as_of" for call in sentence.calls):
            continue
        for found in pattern("times").finditer(sentence.text):
            yield sentence, *found.span(), f'"{found[0].strip()}" passes; expected {{{{ as_of }}}} in its sentence'


def _expected(typed: str) -> str:
    """What to write instead: a binding, also for what a source of the text states."""
    return f"expected a binding, or {{{{ cited:{typed}:ID }}}} where a source of the text (with id: ID) states it"


def _names(sentence: Sentence, subject: Subject) -> list[tuple[int, int]]:
    """Where names with digits stand: those of standards, and those of the catalogue."""
    around, lowered = subject.around, sentence.text.lower()
    found = [match.span() for match in pattern("standards").finditer(sentence.text)]
    for name in (*around.gpus, *around.variants, *around.providers):
        if any(letter.isdigit() for letter in name) and name in lowered:
            found += [one.span() for one in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", lowered)]
    return found


def _within(span: tuple[int, int], names: list[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end + 1 for start, end in names)
