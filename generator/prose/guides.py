"""Guides: `content/guides/<slug>.md`, Markdown under front matter that says who wrote and who reviewed it.

A guide is approved while its front matter names a reviewer, a day, and the hash of the reviewed text; any later
change of the text makes it a draft again.  A file that can't be read, or would take too long, is reported and does
not stop the others.
"""

import hashlib
import json
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NamedTuple
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from generator import yaml_files
from generator.errors import BrokenContent, quoted
from generator.output import disk
from generator.prose import bindings
from generator.prose.characters import seen
from scrapers import text_files
from scrapers.text_files import CONTROL, DamagedFile, shown

TITLE_LENGTH = 60
DESCRIPTION_LENGTH = 155
TEXT_LENGTH = 100_000
_FRONT_LENGTH = 20_000
_TOLD = 10
_FENCE = re.compile(r"^-{3,}[ \t]*\r?$", re.MULTILINE)
_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"


def _seen(found: object) -> object:
    """A text without invisible characters.  Raises ValueError for a control character: a mistake, or an attack."""
    if not isinstance(found, str):
        return found
    if control := CONTROL.search(found):
        raise ValueError(f"expected no control character such as U+{ord(control[0]):04X}")
    return seen(found)


def _https(url: str) -> str:
    parts = urlsplit(url)  # raises ValueError for "[" without "]"
    if parts.scheme != "https" or "." not in parts.netloc:
        raise ValueError("expected an address that starts with https://")
    return url


def _plain(text: str) -> str:
    if "{{" in text:
        raise ValueError("expected no bindings here: the length is limited, and a price would go out of date")
    return text


def _words(maximum: int, pattern: str | None = None) -> Any:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=maximum, pattern=pattern)


def _line(maximum: int) -> Any:
    return _words(maximum, r"^[^\r\n\u2028\u2029]*$")


SEEN = BeforeValidator(_seen)
Slug = Annotated[str, StringConstraints(pattern=_SLUG, max_length=100)]
_FORBID = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, config=_FORBID)
class Citation:
    """A source outside this site that a guide cites."""

    title: Annotated[str, _line(200), SEEN]
    url: Annotated[str, _line(500), AfterValidator(_https), SEEN]


@dataclass(frozen=True, slots=True, config=_FORBID)
class Guide:
    """A guide.  `text` is the Markdown below the front matter; it and `summary` may hold bindings.

    `summary` is the short answer, `related` are slugs of other guides (perhaps drafts), `gpus` and `providers` slugs of
    what it is about.
    """

    slug: Slug
    title: Annotated[str, _line(TITLE_LENGTH), AfterValidator(_plain), SEEN]
    description: Annotated[str, _line(DESCRIPTION_LENGTH), AfterValidator(_plain), SEEN]
    summary: Annotated[str, _words(600), SEEN]
    author: Annotated[str, _line(100), SEEN]
    published_on: date
    sources: Annotated[tuple[Citation, ...], Field(min_length=2)]
    text: Annotated[str, _words(TEXT_LENGTH), SEEN]
    related: tuple[Slug, ...] = ()
    gpus: tuple[Slug, ...] = ()
    providers: tuple[Slug, ...] = ()
    reviewed_by: Annotated[str, _line(100), SEEN] | None = None
    reviewed_on: date | None = None
    reviewed_hash: Annotated[str, StringConstraints(pattern="^[0-9a-f]{16}$")] | None = None

    @property
    def content(self) -> str:
        """What a review covers: title, description, summary, text and sources."""
        listed = (f"{source.title}\n{source.url}" for source in self.sources)
        return "\n\n".join((self.title, self.description, self.summary, self.text, *listed))

    @property
    def hash(self) -> str:
        """The hash of the guide's content."""
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


class GuideFiles(NamedTuple):
    """The guides of a folder, and one line for each problem."""

    guides: tuple[Guide, ...]
    problems: tuple[BrokenContent, ...]


def text_hash(text: str) -> str:
    """The first 16 hex digits of the SHA-256 of a text (UTF-8), without space at the ends of lines and of the text."""
    lines = (line.rstrip() for line in text.strip().splitlines())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def read(folder: Path) -> GuideFiles:
    """The guides that can be read, and what is wrong with the others; empty where there is no folder."""
    guides: list[Guide] = []
    problems: list[BrokenContent] = []
    paths = files(folder)
    for path in paths:
        try:
            guides.append(_guide(path))
        except _BrokenError as broken:
            problems.extend(broken.problems)
    known = {path.stem for path in paths}
    for guide in guides:
        problems.extend(
            BrokenContent(
                f'{shown(folder / guide.slug)}.md: related: no guide "{slug}" in {shown(folder)}; '
                "expected the name of a file"
            )
            for slug in guide.related
            if slug not in known
        )
    return GuideFiles(tuple(guides), tuple(problems))


def files(folder: Path) -> list[Path]:
    """Everything in a folder that is named like a guide, by name; empty where there is no folder."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".md")
    except OSError:
        return []


def read_one(path: Path) -> Guide:
    """One guide.  Raises BrokenContent with a line for each problem."""
    try:
        return _guide(path)
    except _BrokenError as broken:
        raise BrokenContent("\n".join(problem.message for problem in broken.problems)) from None


def approve(path: Path, reviewer: str, on: date) -> Guide:
    """Write into the file that `reviewer` approved its present content; nothing else in it changes.

    Raises BrokenContent for a file that is not a guide and for a reviewer without a name.
    """
    guide = read_one(path)
    review: dict[str, str | date] = {"reviewed_by": reviewer, "reviewed_on": on, "reviewed_hash": guide.hash}
    approved = of_fields({**asdict(guide), **review}, shown(path))
    try:
        disk.replace(path, with_fields(document(path), review).encode())
    except OSError as error:
        raise BrokenContent(f"{shown(path)}: can't be written: {error.strerror}") from None
    return approved


def with_fields(document: str, fields: dict[str, str | date]) -> str:
    """A document whose front matter has these fields, all other characters kept."""
    front, rest = _parted(document)
    newline = "\r\n" if "\r\n" in front else "\n"
    lines = "".join(f"{name}: {_scalar(value)}{newline}" for name, value in fields.items())
    kept = "\n".join(_without(front.split("\n"), fields))
    return f"{document.removesuffix(front + rest)}{kept}{lines}{rest}"


def _without(lines: Iterable[str], names: Container[str]) -> Iterator[str]:
    """The lines of a front matter without those of some fields, including the indented lines below them."""
    is_left_out = False
    for line in lines:
        name = line.partition(":")[0].strip("\"' ")
        is_left_out = is_left_out if line.startswith((" ", "\t")) else name in names
        if not is_left_out:
            yield line


def _parted(document: str) -> tuple[str, str]:
    """The front matter, and the document from the line that closes it on; ("", "") without front matter."""
    opens = _FENCE.search(document)
    if opens is None or document[: opens.start()].strip():
        return "", ""
    closes = _FENCE.search(document, opens.end())
    return (document[opens.end() : closes.start()], document[closes.start() :]) if closes else ("", "")


def _scalar(value: str | date) -> str:
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


class _BrokenError(Exception):
    """Carries the problems of one file."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(*problems)
        more = [f"and {len(problems) - _TOLD:,} more like the last one"] if len(problems) > _TOLD else []
        self.problems = tuple(BrokenContent(problem) for problem in problems[:_TOLD] + more)


def of_fields(fields: Mapping[str, Any], where: str) -> Guide:
    """The guide of these fields.  Raises BrokenContent, which begins with `where`, for the first problem."""
    try:
        return _GUIDE.validate_python(fields)
    except ValidationError as error:
        raise BrokenContent(f"{where}: {_line_of(error.errors()[0])}") from None


def _guide(path: Path) -> Guide:
    where = shown(path)
    try:
        fields, text = parts(path)
        guide = _GUIDE.validate_python({**fields, "slug": path.stem, "text": text})
    except DamagedFile as error:
        raise _BrokenError([error.message]) from None
    except ValidationError as error:
        raise _BrokenError([f"{where}: {_line_of(problem)}" for problem in _first_hand(error)]) from None
    if wrong := list(_prose_problems(guide, where)):
        raise _BrokenError(wrong)
    return guide


_GUIDE = TypeAdapter(Guide)


def document(path: Path) -> str:
    """The text of a file of prose.  Raises DamagedFile."""
    return text_files.text(path, TEXT_LENGTH)


def parts(path: Path) -> tuple[dict[str, Any], str]:
    """The fields of a file's front matter and the text below it.  Raises DamagedFile."""
    front, rest = _parted(document(path))
    if len(front) > _FRONT_LENGTH:
        raise DamagedFile(path, f"front matter of more than {_FRONT_LENGTH:,} characters; expected fewer")
    try:
        fields = yaml_files.load(front)
    except yaml_files.BrokenYaml as error:
        raise DamagedFile(path, f"front matter{' is not YAML' if error.line else ''}: {error}") from None
    if not isinstance(fields, dict) or not fields:
        raise DamagedFile(path, 'no front matter; expected "name: value" lines between two lines of ---')
    if reserved := {"slug", "text"} & fields.keys():
        raise DamagedFile(
            path, f"{min(reserved)}: not a field: the file's name is the slug, and the text is below the front matter"
        )
    return fields, rest.partition("\n")[2].strip()


def _first_hand(error: ValidationError) -> list[Any]:
    """Pydantic's errors, without "too short" for a list whose own items have errors."""
    found = error.errors()
    lists = {problem["loc"][0] for problem in found if len(problem["loc"]) > 1}
    return [problem for problem in found if problem["type"] != "too_short" or problem["loc"][0] not in lists]


def _line_of(problem: Any) -> str:
    """One of pydantic's errors as a line: field, what was found, what was expected."""
    field = ".".join(str(part + 1 if isinstance(part, int) else part) for part in problem["loc"])
    if problem["type"] == "unexpected_keyword_argument":
        allowed = [name for name in Guide.__dataclass_fields__ if name not in {"slug", "text"}]
        return f"{field}: unknown field; expected one of {', '.join(allowed)}"
    if problem["type"] == "missing":
        return f"{field}: missing; expected a value in the front matter"
    found = problem["input"]
    size = f" ({len(found)} characters)" if isinstance(found, str) and len(found) > 50 else ""
    expected = problem["msg"].removeprefix("Value error, ").removeprefix("expected ")
    return f"{field}: found {quoted(found)}{size}; expected: {expected}"


def _prose_problems(guide: Guide, where: str) -> Iterator[str]:
    for text in (guide.summary, guide.text):
        yield from (problem.message for problem in bindings.problems(text, where))
    for amount in bindings.unbound_prices("\n".join((guide.title, guide.description, guide.summary, guide.text))):
        yield f'{where}: found the price "{amount}"; expected a binding such as {{{{ floor:h100-sxm }}}}'
