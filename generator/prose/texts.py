"""The kinds of text that people write and review: guides, and texts about workloads."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import Field, StringConstraints, TypeAdapter
from pydantic.dataclasses import dataclass

from generator import formats, urls
from generator.prose.fields import FORBID, PLAIN, SEEN, Slug, Url, line, words
from generator.prose.requirements import Requirement

TITLE_LENGTH = 60
DESCRIPTION_LENGTH = 155
TEXT_LENGTH = 100_000


@dataclass(frozen=True, slots=True, config=FORBID)
class Citation:
    """A source outside this site that a text cites.

    One with an `id` can be named by the text's own figures: `{{ cited:2.5:the-id }}`; it was read on `checked_on`.
    """

    title: Annotated[str, line(200), SEEN]
    url: Url
    id: Slug | None = None
    checked_on: date | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for an id without a day."""
        if self.id and self.checked_on is None:
            raise ValueError("expected checked_on beside the id: the day on which its figures were read there")

    @property
    def label(self) -> str:
        """The title, with the day on which it was read where that is known."""
        return f"{self.title}, read on {formats.day(self.checked_on)}" if self.checked_on else self.title

    @property
    def content(self) -> str:
        """What a review covers."""
        return "\n".join(str(one) for one in (self.title, self.url, self.id, self.checked_on) if one)


@dataclass(frozen=True, slots=True, config=FORBID)
class ReviewedText:
    """A text with its review.  `text` is the Markdown below the front matter; it and `summary` may hold bindings.

    `summary` is the short answer, `related` are slugs of guides (perhaps drafts), `gpus` and `providers` slugs of what
    it is about.  Texts of a kind are files of `folder` and pages of `page_type` under `address`; `noun` is what people
    call one.
    """

    page_type: ClassVar[str]
    folder: ClassVar[str]
    address: ClassVar[str]
    noun: ClassVar[str]

    slug: Slug
    title: Annotated[str, line(TITLE_LENGTH), PLAIN, SEEN]
    description: Annotated[str, line(DESCRIPTION_LENGTH), PLAIN, SEEN]
    summary: Annotated[str, words(600), SEEN]
    author: Annotated[str, line(100), SEEN]
    published_on: date
    sources: Annotated[tuple[Citation, ...], Field(min_length=2)]
    text: Annotated[str, words(TEXT_LENGTH), SEEN]
    related: tuple[Slug, ...] = ()
    gpus: tuple[Slug, ...] = ()
    providers: tuple[Slug, ...] = ()
    reviewed_by: Annotated[str, line(100), SEEN] | None = None
    reviewed_on: date | None = None
    reviewed_hash: Annotated[str, StringConstraints(pattern="^[0-9a-f]{16}$")] | None = None

    @property
    def path(self) -> str:
        """The path of its page: /guides/sxm-pcie-nvl/."""
        return urls.page(self.address, self.slug)

    @property
    def file(self) -> str:
        """Its file, as people are told of it."""
        return f"content/{self.folder}/{self.slug}.md"

    @property
    def facts(self) -> tuple[str, ...]:
        """What else a review covers, by kind."""
        return ()

    @property
    def content(self) -> str:
        """What a review covers: title, description, summary, text and sources, and the facts of its kind."""
        listed = (source.content for source in self.sources)
        return "\n\n".join((self.title, self.description, self.summary, self.text, *listed, *self.facts))

    @property
    def hash(self) -> str:
        """The hash of what a review covers."""
        return text_hash(self.content)

    @property
    def is_approved(self) -> bool:
        """Whether somebody reviewed exactly this text."""
        return bool(self.reviewed_by and self.reviewed_on) and self.reviewed_hash == self.hash

    def is_out(self, day: date) -> bool:
        """Whether its day of publication has come by `day`, or had come when it was reviewed.

        A site of recorded prices may describe a day before the review.
        """
        return self.published_on <= max(day, self.reviewed_on or day)


@dataclass(frozen=True, slots=True, config=FORBID)
class Guide(ReviewedText):
    """The answer to a question that people have before they rent."""

    page_type = "guide"
    folder = "guides"
    address = "guides"
    noun = "guide"


@dataclass(frozen=True, slots=True, config=FORBID, kw_only=True)
class Workload(ReviewedText):
    """What a workload needs of GPUs, and how to choose them.

    `name` completes "GPU for ...".  `parent` is the workload of which this is a special case: a page that gives the
    same answer is not worth listing beside it.
    """

    page_type = "workload"
    folder = "workloads"
    address = "best-gpu-for"
    noun = "workload"

    name: Annotated[str, line(60), PLAIN, SEEN]
    needs: Requirement
    parent: Slug | None = None

    @property
    def facts(self) -> tuple[str, ...]:
        """The name, the parent, and what it needs."""
        needs = _REQUIREMENT.dump_python(self.needs, mode="json")
        return (self.name, self.parent or "", json.dumps(needs, sort_keys=True, ensure_ascii=False))


@dataclass(frozen=True, slots=True, config=FORBID)
class Prose:
    """Reviewed words of a page that has words of its own: they take the place of its answer.

    `slug` is the page's path without the outer slashes.  An empty title or description is the page's own.  All may hold
    bindings; `structured_data` are more nodes for its JSON-LD.
    """

    slug: str
    title: str
    description: str
    text: str
    author: str = ""
    reviewed_by: str = ""
    reviewed_on: date | None = None
    structured_data: Mapping[str, Any] = Field(default_factory=dict)


KINDS: Mapping[str, type[ReviewedText]] = {kind.page_type: kind for kind in (Guide, Workload)}
_REQUIREMENT: TypeAdapter[Any] = TypeAdapter(Requirement)


def text_hash(text: str) -> str:
    """The first 16 hex digits of the SHA-256 of a text (UTF-8), without space at the ends of lines and of the text."""
    stripped = (one.rstrip() for one in text.strip().splitlines())
    return hashlib.sha256("\n".join(stripped).encode()).hexdigest()[:16]
