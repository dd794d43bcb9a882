"""Guides: `content/guides/<slug>.md`, Markdown under front matter that says who wrote and who reviewed it.

A guide is approved while its front matter names a reviewer, a day, and the hash of what was reviewed; any later
change of the text makes it a draft again.  A file that can't be read is reported and stops no other.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NamedTuple
from urllib.parse import urlsplit

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from generator.errors import BrokenContent
from generator.prose import bindings

TITLE_LENGTH = 60
DESCRIPTION_LENGTH = 155
_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"


def _https(url: str) -> str:
    if urlsplit(url).scheme != "https" or "." not in urlsplit(url).netloc:
        raise ValueError("expected an address that starts with https://")
    return url


def _plain(text: str) -> str:
    if "{{" in text:
        raise ValueError("expected no bindings here: its length is limited, and a price would age in it")
    return text


def _line(maximum: int) -> Any:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=maximum, pattern=r"^[^\n]*$")


Slug = Annotated[str, StringConstraints(pattern=_SLUG, max_length=100)]
_FORBID = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, config=_FORBID)
class Source:
    """A work that a guide rests on, outside this site."""

    title: Annotated[str, _line(200)]
    url: Annotated[str, _line(500), AfterValidator(_https)]


@dataclass(frozen=True, slots=True, config=_FORBID)
class Guide:
    """A guide.  `text` is the Markdown below the front matter; it and `summary` may hold bindings.

    `summary` is the short answer, `related` are slugs of other guides (drafts among them, perhaps), `gpus` and
    `providers` slugs of what it is about.
    """

    slug: Slug
    title: Annotated[str, _line(TITLE_LENGTH), AfterValidator(_plain)]
    description: Annotated[str, _line(DESCRIPTION_LENGTH), AfterValidator(_plain)]
    summary: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
    author: Annotated[str, _line(100)]
    published_on: date
    sources: Annotated[tuple[Source, ...], Field(min_length=2)]
    text: Annotated[str, StringConstraints(min_length=1)]
    related: tuple[Slug, ...] = ()
    gpus: tuple[Slug, ...] = ()
    providers: tuple[Slug, ...] = ()
    reviewed_by: Annotated[str, _line(100)] | None = None
    reviewed_on: date | None = None
    reviewed_hash: Annotated[str, StringConstraints(pattern="^[0-9a-f]{16}$")] | None = None

    @property
    def content(self) -> str:
        """What a review covers: title, description, summary, text and sources."""
        listed = (f"{source.title}\n{source.url}" for source in self.sources)
        return "\n\n".join((self.title, self.description, self.summary, self.text, *listed))

    @property
    def hash(self) -> str:
        """The hash of what the guide says now."""
        return text_hash(self.content)

    @property
    def is_approved(self) -> bool:
        """Whether somebody reviewed exactly this text."""
        return bool(self.reviewed_by and self.reviewed_on) and self.reviewed_hash == self.hash


class Reading(NamedTuple):
    """The guides of a folder by slug, and one line for each thing that is wrong."""

    guides: tuple[Guide, ...]
    problems: tuple[BrokenContent, ...]


def text_hash(text: str) -> str:
    """The first 16 hex digits of the SHA-256 of a text (UTF-8), without space at the ends of lines and of the text."""
    lines = (line.rstrip() for line in text.strip().splitlines())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def read(folder: Path) -> Reading:
    """The guides that can be read, and what is wrong with the others; no folder, no guides."""
    guides: list[Guide] = []
    problems: list[BrokenContent] = []
    paths = sorted(folder.glob("*.md"))
    for path in paths:
        try:
            guides.append(_guide(path))
        except _BrokenError as broken:
            problems.extend(broken.problems)
    known = {path.stem for path in paths}
    for guide in guides:
        problems.extend(
            BrokenContent(
                f'{folder / guide.slug}.md: related: no guide "{slug}" in {folder}; expected the name of a file'
            )
            for slug in guide.related
            if slug not in known
        )
    return Reading(tuple(guides), tuple(problems))


def read_one(path: Path) -> Guide:
    """One guide.  Raises BrokenContent with a line for each thing that is wrong."""
    try:
        return _guide(path)
    except _BrokenError as broken:
        raise BrokenContent("\n".join(problem.message for problem in broken.problems)) from None


def approve(path: Path, reviewer: str, on: date) -> Guide:
    """Write into the file that `reviewer` read what it says now; nothing else in it moves.

    Raises BrokenContent for a file that is not a guide and for a reviewer without a name.
    """
    guide = read_one(path)
    with path.open(encoding="utf-8", newline="") as file:
        document = file.read()
    review: dict[str, str | date] = {"reviewed_by": reviewer, "reviewed_on": on, "reviewed_hash": guide.hash}
    try:
        approved = replace(guide, **review)  # type: ignore[arg-type]  # checked as it is made
    except ValidationError as error:
        raise BrokenContent(f"{path}: {_line_of(error.errors()[0])}") from None
    staged = path.with_suffix(".md.new")
    staged.write_bytes(with_fields(document, review).encode())
    staged.replace(path)
    return approved


def with_fields(document: str, fields: dict[str, str | date]) -> str:
    """A document whose front matter has these fields, all other characters kept."""
    head, opens, front, closes, rest = re.split(r"^(-{3,}[ \t]*\r?)$", document, maxsplit=2, flags=re.MULTILINE)
    newline = "\r\n" if "\r\n" in front else "\n"
    for name in fields:
        front = re.sub(rf"^{name}:.*\r?\n(?:[ \t]+.*\r?\n)*", "", front, flags=re.MULTILINE)
    lines = "".join(f"{name}: {_scalar(value)}{newline}" for name, value in fields.items())
    return f"{head}{opens}{front}{lines}{closes}{rest}"


def _scalar(value: str | date) -> str:
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


class _BrokenError(Exception):
    """What is wrong with one file."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(*problems)
        self.problems = tuple(BrokenContent(problem) for problem in problems)


def _guide(path: Path) -> Guide:
    where = str(path)
    fields, text = _parts(path, where)
    try:
        guide = _GUIDE.validate_python({**fields, "slug": path.stem, "text": text})
    except ValidationError as error:
        raise _BrokenError([f"{where}: {_line_of(problem)}" for problem in _first_hand(error)]) from None
    if wrong := list(_prose_problems(guide, where)):
        raise _BrokenError(wrong)
    return guide


_GUIDE = TypeAdapter(Guide)


def _parts(path: Path, where: str) -> tuple[dict[str, Any], str]:
    """The front matter's fields and the text below it."""
    try:
        fields, text = frontmatter.parse(path.read_bytes().decode("utf-8-sig"), handler=YAMLHandler())
    except OSError as error:
        raise _BrokenError([f"{where}: can't be read: {error.strerror}"]) from None
    except UnicodeDecodeError as error:
        raise _BrokenError([f"{where}: byte {error.start} is not UTF-8; save the file as UTF-8"]) from None
    except yaml.YAMLError as error:
        raise _BrokenError([f"{where}: front matter is not YAML: {_yaml_problem(error)}"]) from None
    except ValueError as error:  # a date such as 2026-13-01
        raise _BrokenError([f"{where}: front matter: {error}"]) from None
    if not fields:
        raise _BrokenError([f'{where}: no front matter; expected "name: value" lines between two lines of ---'])
    if reserved := {"slug", "text"} & fields.keys():
        raise _BrokenError(
            [f"{where}: {reserved.pop()}: not a field; the file's name is the slug, the text stands below"]
        )
    return fields, text


def _yaml_problem(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return f"line {mark.line + 1}: {problem}" if mark else problem


def _first_hand(error: ValidationError) -> list[Any]:
    """Pydantic's findings without "too few" of a list whose items are already named as faulty."""
    found = error.errors()
    lists = {problem["loc"][0] for problem in found if len(problem["loc"]) > 1}
    return [problem for problem in found if problem["type"] != "too_short" or problem["loc"][0] not in lists]


def _line_of(problem: Any) -> str:
    """One of pydantic's findings as a line: field, what was found, what was expected."""
    field = ".".join(str(part + 1 if isinstance(part, int) else part) for part in problem["loc"])
    if problem["type"] == "unexpected_keyword_argument":
        allowed = [name for name in Guide.__dataclass_fields__ if name not in {"slug", "text"}]
        return f"{field}: unknown field; expected one of {', '.join(allowed)}"
    if problem["type"] == "missing":
        return f"{field}: missing; expected a value in the front matter"
    found = problem["input"]
    size = f" ({len(found)} characters)" if isinstance(found, str) and len(found) > 50 else ""
    expected = problem["msg"].removeprefix("Value error, ").removeprefix("expected ")
    return f"{field}: found {found!r:.50}{size}; expected: {expected}"


def _prose_problems(guide: Guide, where: str) -> Iterator[str]:
    for text in (guide.summary, guide.text):
        yield from (problem.message for problem in bindings.problems(text, where))
    for amount in bindings.unbound_prices("\n".join((guide.title, guide.description, guide.summary, guide.text))):
        yield f'{where}: found the price "{amount}"; expected a binding such as {{{{ floor:h100-sxm }}}}'
