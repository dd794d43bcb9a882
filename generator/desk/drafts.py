"""What editors review: a draft of a page's words, the facts and claims in it, and what the checks found."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import orjson

Severity = Literal["block", "warn"]
Place = Literal["text", "title", "description", "structured_data", "page"]


@dataclass(frozen=True, slots=True)
class Draft:
    """The words of a page as somebody proposes them.

    `slug` is the page's path without the outer slashes ("home" for /).  A guide or a text about a workload is all of
    its page's text; of any other page, `markdown` takes the place of the answer, and an empty title or description
    means the page type's own.  `front` is the other front matter of its file, as JSON values.
    """

    slug: str
    page_type: str
    title: str
    description: str
    markdown: str
    structured_data: Mapping[str, Any] = field(default_factory=dict)
    front: Mapping[str, Any] = field(default_factory=dict)

    @property
    def hash(self) -> str:
        """The SHA-256 of all that a review covers, in hex."""
        covered = (
            self.slug,
            self.page_type,
            self.title,
            self.description,
            self.markdown,
            self.structured_data,
            self.front,
        )
        return hashlib.sha256(orjson.dumps(covered, option=orjson.OPT_SORT_KEYS)).hexdigest()


@dataclass(frozen=True, slots=True)
class Others:
    """The texts that a draft is compared with, by their pages' slugs: those that are live, and those that wait."""

    live: Mapping[str, Draft] = field(default_factory=dict)
    waiting: Mapping[str, Draft] = field(default_factory=dict)

    @property
    def hash(self) -> str:
        """Another one where any of them differs."""
        texts = (*self.live.values(), *self.waiting.values())
        return hashlib.sha256("".join(one.hash for one in texts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: `found` is the text from `start` to `end` (characters) of `place`."""

    rule: str
    severity: Severity
    place: Place
    start: int
    end: int
    found: str
    message: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a figure was read: a name, its address, and the path of the page with the answer ("" for none)."""

    label: str
    url: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A binding with its value today: as shown, plain (US dollars, or the unit that is shown), and its source.

    `text` is "" where there is no value.  `policy` says how near to the data it is shown.
    """

    source: str
    text: str
    value: str
    as_of: date
    read_from: tuple[Origin, ...] = ()
    policy: str = ""


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """Whether a claim holds today; None where it can't be told."""

    source: str
    sentence: str
    holds: bool | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A draft as read today: its facts, its claims, and what the checks found."""

    facts: tuple[Fact, ...] = ()
    claims: tuple[ClaimResult, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def is_green(self) -> bool:
        """Whether no rule that blocks was broken."""
        return not any(finding.severity == "block" for finding in self.findings)
