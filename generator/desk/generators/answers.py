"""What a language model may answer: paragraphs of spans, each a text, a binding or a claim, and nothing else.

A text holds words and no figure, no markup, no address: figures come from bindings, comparisons from claims, and both
from the fact sheet alone.  So an answer that obeys words hidden in the sheet has no way to state a figure.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from generator.desk.drafts import Draft
from generator.desk.generators.fact_sheet import FactSheet
from generator.errors import quoted
from generator.prose.markdown import literal

_LONGEST = 20_000  # characters of a draft: three times the longest guide
_TOLD = 10  # problems of one answer
# Letters of other scripts look like these, and digits or marks could hide in them; names with accents have bindings.
_NO_WORDS = re.compile(r"[^A-Za-z ,.;:'\"()?!–—‘’“”…-]")
_ADDRESS = re.compile(r"[A-Za-z]{2,}\.[A-Za-z]{2,}")
_NUMBER = (
    r"zero|nought|naught|nil|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"sixteen|seventeen|eighteen|nineteen|(?:twent|thirt|fort|fourt|fift|sixt|sevent|eight|ninet)(?:y|ies|ieth)|hundred|"
    r"thousand|million|billion|trillion|dozen|half|halve|quarter|third|fifth|eighth|ninth|twelfth|twice|thrice|"
    r"doubl(?:e|ing)|tripl(?:e|ing)|quadrupl(?:e|ing)|percent(?:age)?|per[ -]?cent"
)
_NUMBERS = re.compile(rf"\b(?:{_NUMBER})+(?:s|d|fold|ths?)?\b|\bhalves\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.?!] *$")  # as the reader of claims tells where a sentence ends
# Of what `literal` escapes, these mean nothing in Markdown within a sentence, and an editor reads the text without.
_HARMLESS = re.compile(r"\\([.,;:'\"()?]|(?<=\w\\)-(?=\w))")


_SPACES = re.compile(" {2,}")
_BIND = "a figure, or a name with one, is a binding; say the rest without it"


class _Exact(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Text(_Exact):
    """Words without figures and markup."""

    text: Annotated[str, Field(min_length=1, max_length=600)]

    @field_validator("text")
    @classmethod
    def _is_words(cls, value: str) -> str:
        if found := _NO_WORDS.search(value):
            raise ValueError(f"has {quoted(found[0])}; expected letters and , . ; : ' \" ( ) ? ! - only: {_BIND}")
        if found := _ADDRESS.search(value):
            raise ValueError(f"has {quoted(found[0])}; expected no address, and a space after each sentence")
        return value


class Binding(_Exact):
    """A figure, or a name with its link, of the fact sheet."""

    binding: Annotated[str, Field(max_length=200)]

    @field_validator("binding")
    @classmethod
    def _is_of_the_sheet(cls, value: str, info: ValidationInfo) -> str:
        return _listed(value, info, "bindings", "the source of one of the sheet's facts")


def _kind(span: Any) -> str | None:
    """Which kind of span it is, by the field that it has."""
    found = [kind for kind in ("text", "binding", "claim") if isinstance(span, dict) and kind in span]
    return found[0] if len(found) == 1 else None


Plain = Annotated[Annotated[Text, Tag("text")] | Annotated[Binding, Tag("binding")], Discriminator(_kind)]


def _checked(spans: list[Any]) -> list[Any]:
    """The spans, whose texts are also read where they meet: "tw" and "ice" are two texts and one number."""
    for run in _runs(spans):
        if found := _NUMBERS.search(run):
            raise ValueError(f"has the number {quoted(found[0])}; {_BIND}")
    for one, other in pairwise(spans):
        if _touch(one, other):
            raise ValueError("has a letter or a hyphen beside a binding; expected a space or punctuation between them")
    return spans


Words = Annotated[list[Plain], Field(max_length=20), AfterValidator(_checked)]


class Claim(_Exact):
    """A sentence that is shown while a predicate of the fact sheet holds, and what is shown while it doesn't."""

    claim: Annotated[str, Field(max_length=200)]
    spans: Annotated[Words, Field(min_length=1)]
    otherwise: Words = Field(default_factory=list, alias="else")

    @field_validator("claim")
    @classmethod
    def _is_of_the_sheet(cls, value: str, info: ValidationInfo) -> str:
        return _listed(value, info, "predicates", "one of the sheet's predicates")

    @field_validator("spans", "otherwise")
    @classmethod
    def _is_a_sentence(cls, spans: list[Text | Binding]) -> list[Text | Binding]:
        if spans and not _ends(spans[-1]):
            raise ValueError("expected a whole sentence, with its full stop, in a claim")
        return spans


Span = Annotated[
    Annotated[Text, Tag("text")] | Annotated[Binding, Tag("binding")] | Annotated[Claim, Tag("claim")],
    Discriminator(_kind),
]


def _with_whole_sentences(spans: list[Any]) -> list[Any]:
    if not any(isinstance(span, Binding | Claim) or span.text.strip() for span in spans):
        raise ValueError("is empty; expected a sentence")
    for one, other in pairwise(spans):
        if isinstance(other, Claim) and not _ends(one):
            raise ValueError("has a claim within a sentence; expected each claim to be a whole sentence of its own")
    return spans


Paragraph = Annotated[
    list[Span], Field(min_length=1, max_length=40), AfterValidator(_checked), AfterValidator(_with_whole_sentences)
]


class Answer(_Exact):
    """A draft's title, description and paragraphs; an empty title or description means the page type's own."""

    title: Words
    description: Words
    paragraphs: Annotated[list[Paragraph], Field(min_length=1, max_length=30)]

    @model_validator(mode="after")
    def _is_short(self) -> Self:
        if (length := len(_markdown(self.paragraphs))) > _LONGEST:
            raise ValueError(f"has {length:,} characters; expected {_LONGEST:,} at most")
        return self


class Unreadable(Exception):
    """An answer that is not what was asked for; `problems` has a line for each of the first few reasons."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(*problems)
        self.problems = tuple(problems)


def draft_of(said: str, sheet: FactSheet) -> Draft:
    """The draft that a model's answer describes.  Raises Unreadable for an answer outside of what is allowed."""
    allowed = {"bindings": {fact.source for fact in sheet.facts}, "predicates": set(sheet.predicates)}
    try:
        answer = Answer.model_validate_json(said, context=allowed)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        raise Unreadable([_line(one["loc"], one["msg"]) for one in found[:_TOLD]]) from None
    title, description = (_plain(words).strip() for words in (answer.title, answer.description))
    return Draft(sheet.slug, sheet.page_type, title, description, _markdown(answer.paragraphs))


def schema(sheet: FactSheet) -> dict[str, Any]:
    """The JSON schema of an answer about this sheet; all fields are required, as servers' strict modes want it."""
    kinds = [_object(text={"type": "string"})]
    if sheet.facts:
        kinds.append(_object(binding={"type": "string", "enum": [fact.source for fact in sheet.facts]}))
    words = {"type": "array", "items": {"$ref": "#/$defs/plain"}}
    defined: dict[str, Any] = {"plain": {"anyOf": kinds}}
    if sheet.predicates:
        claim = {"type": "string", "enum": list(sheet.predicates)}
        kinds = [*kinds, _object(claim=claim, spans=words, **{"else": words})]
    defined["span"] = {"anyOf": kinds}
    paragraph = {"type": "array", "items": {"$ref": "#/$defs/span"}}
    fields = _object(title=words, description=words, paragraphs={"type": "array", "items": paragraph})
    return fields | {"$defs": defined}


def _object(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _listed(value: str, info: ValidationInfo, name: str, expected: str) -> str:
    if value not in (info.context or {})[name]:
        raise ValueError(f"{quoted(value)} is not on the fact sheet; expected {expected}")
    return value


def _line(place: Sequence[int | str], problem: str) -> str:
    where = ".".join(str(part)[:40] for part in place) or "answer"
    return f"{where}: {problem.removeprefix('Value error, ')}"


def _runs(spans: Sequence[Text | Binding | Claim]) -> Iterator[str]:
    """The texts as a reader meets them: those that follow one another are one."""
    for is_text, run in groupby(spans, lambda span: isinstance(span, Text)):
        if is_text:
            yield "".join(span.text for span in run if isinstance(span, Text))


def _touch(one: Text | Binding | Claim, other: Text | Binding | Claim) -> bool:
    """Whether a text changes how a binding beside it reads: a minus before a price, a unit after it, a longer name."""
    if isinstance(one, Text) and isinstance(other, Binding):
        return one.text[-1].isalpha() or one.text.endswith("-")
    if isinstance(one, Binding) and isinstance(other, Text):
        return other.text[0].isalpha() or other.text.startswith("-")
    return isinstance(one, Binding) and isinstance(other, Binding)


def _ends(span: Text | Binding | Claim) -> bool:
    return isinstance(span, Claim) or (isinstance(span, Text) and bool(_SENTENCE_END.search(span.text)))


def _markdown(paragraphs: Sequence[Sequence[Text | Binding | Claim]]) -> str:
    return "\n\n".join(_SPACES.sub(" ", "".join(map(_span, spans))).strip() for spans in paragraphs)


def _span(span: Text | Binding | Claim) -> str:
    match span:
        case Text():
            return _escaped(span.text)
        case Binding():
            return f"{{{{ {span.binding} }}}}"
        case Claim():
            return f" {_claim(span)} "


def _claim(claim: Claim) -> str:
    shown, otherwise = ("".join(map(_span, spans)).strip() for spans in (claim.spans, claim.otherwise))
    instead = f"{{% else %}}{otherwise}" if otherwise else ""
    return f"{{% claim {claim.claim} %}}{shown}{instead}{{% endclaim %}}"


def _escaped(text: str) -> str:
    """The text as Markdown that shows it literally, with the spaces around it."""
    before, after = (" " if text[end] == " " else "" for end in (0, -1))
    return before + _HARMLESS.sub(r"\1", literal(text)) + after if text.strip() else " "


def _plain(words: Sequence[Text | Binding]) -> str:
    return "".join(span.text if isinstance(span, Text) else f"{{{{ {span.binding} }}}}" for span in words)
