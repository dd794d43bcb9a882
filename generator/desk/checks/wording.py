"""Words that do not belong: promises, bad advice, what language models leave behind, sales talk, hard reading."""

from collections.abc import Iterator

from generator.desk.checks.numbers import Found
from generator.desk.checks.subject import Subject
from generator.desk.checks.words import pattern

_LONGEST = 35  # words in a sentence


def promises(subject: Subject) -> Iterator[Found]:
    """Promises about prices, advice to break a provider's terms, and contempt for a competitor."""
    yield from _each(subject, "promises", "promises, advises against terms, or runs somebody down")


def residue(subject: Subject) -> Iterator[Found]:
    """What language models, prompts and half-filled templates leave in a text."""
    yield from _each(subject, "residue", "is left over from a prompt, a model or a template")
    yield from _each(subject, "residue_marks", "is left over from a prompt, a model or a template")


def filler(subject: Subject) -> Iterator[Found]:
    """Sales talk."""
    yield from _each(subject, "filler", "says nothing")


def hard_reading(subject: Subject) -> Iterator[Found]:
    """Sentences that are too long, and three that begin alike."""
    for sentence in subject.of_text:
        if len(sentence.text.split()) > _LONGEST:
            line = f"{len(sentence.text.split())} words in a sentence; expected at most {_LONGEST}"
            yield sentence, 0, len(sentence.text), line
    first = [(one, one.text.split()[0].lower()) for one in subject.of_text if one.block.kind == "paragraph"]
    for (_, a), (_, b), (last, c) in zip(first, first[1:], first[2:], strict=False):
        if a == b == c:
            yield last, 0, len(c), f'three sentences begin with "{a}"'


def _each(subject: Subject, words: str, why: str) -> Iterator[Found]:
    for sentence in subject.sentences:
        for found in pattern(words).finditer(sentence.text):
            yield sentence, *found.span(), f'"{found[0].strip()}" {why}'
