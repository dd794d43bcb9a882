"""Reviewed texts: `content/<folder>/<slug>.md`, Markdown under front matter that says who wrote and who reviewed it.

There are two kinds: guides, and texts about workloads, which hold what a workload needs, too.  A text is approved while
its front matter names a reviewer, a day, and the hash of what was reviewed; any later change of that makes it a draft
again.  A file that can't be read, or would take too long, is reported and does not stop the others.
"""

import json
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import asdict
from dataclasses import fields as fields_of
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from generator import yaml_files
from generator.errors import BrokenContent, quoted
from generator.output import disk
from generator.prose import bindings
from generator.prose.texts import KINDS, TEXT_LENGTH, Guide, ReviewedText
from scrapers import text_files
from scrapers.text_files import DamagedFile, shown

_FRONT_LENGTH = 20_000
_TOLD = 10
_FENCE = re.compile(r"^-{3,}[ \t]*\r?$", re.MULTILINE)
_BY_FOLDER = {kind.folder: kind for kind in KINDS.values()}
_ADAPTERS: Mapping[str, TypeAdapter[Any]] = {kind.folder: TypeAdapter(kind) for kind in KINDS.values()}


class TextFiles(NamedTuple):
    """The texts of a folder, and one line for each problem."""

    texts: tuple[ReviewedText, ...]
    problems: tuple[BrokenContent, ...]


def read_all(content: Path) -> TextFiles:
    """The texts of all kinds that can be read, and what is wrong with the others."""
    found = [read(content / kind.folder) for kind in KINDS.values()]
    return TextFiles(
        tuple(text for one in found for text in one.texts), tuple(problem for one in found for problem in one.problems)
    )


def read(folder: Path) -> TextFiles:
    """The same of one kind's folder; empty where there is none."""
    texts: list[ReviewedText] = []
    problems: list[BrokenContent] = []
    for path in files(folder):
        try:
            texts.append(_text(path))
        except _BrokenError as broken:
            problems.extend(broken.problems)
    guides = folder.parent / Guide.folder
    known = {path.stem for path in files(guides)}
    for text in texts:
        problems.extend(
            BrokenContent(
                f'{shown(folder / text.slug)}.md: related: no guide "{slug}" in {shown(guides)}; '
                "expected the name of a file"
            )
            for slug in text.related
            if slug not in known
        )
    return TextFiles(tuple(texts), tuple(problems))


def files(folder: Path) -> list[Path]:
    """Everything in a folder that is named like a text, by name; empty where there is no folder."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".md")
    except OSError:
        return []


def read_one(path: Path) -> ReviewedText:
    """One text, of the kind that its folder is for.  Raises BrokenContent with a line for each problem."""
    try:
        return _text(path)
    except _BrokenError as broken:
        raise BrokenContent("\n".join(problem.message for problem in broken.problems)) from None


def approve(path: Path, reviewer: str, on: date) -> ReviewedText:
    """Write into the file that `reviewer` approved its present content; nothing else in it changes.

    Raises BrokenContent for a file that is not such a text and for a reviewer without a name.
    """
    text = read_one(path)
    review: dict[str, str | date] = {"reviewed_by": reviewer, "reviewed_on": on, "reviewed_hash": text.hash}
    approved = of_fields(type(text), {**asdict(text), **review}, shown(path))
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


def of_fields(kind: type[ReviewedText], fields: Mapping[str, Any], where: str) -> ReviewedText:
    """The text of these fields.  Raises BrokenContent, which begins with `where`, for the first problem."""
    try:
        return _of(kind, fields)
    except ValidationError as error:
        raise BrokenContent(f"{where}: {_line_of(kind, error.errors()[0])}") from None


def _of(kind: type[ReviewedText], fields: Mapping[str, Any]) -> ReviewedText:
    made: ReviewedText = _ADAPTERS[kind.folder].validate_python(fields)
    return made


def _text(path: Path) -> ReviewedText:
    where, kind = shown(path), _BY_FOLDER[path.parent.name]
    try:
        fields, text = parts(path)
        made = _of(kind, {**fields, "slug": path.stem, "text": text})
    except DamagedFile as error:
        raise _BrokenError([error.message]) from None
    except ValidationError as error:
        raise _BrokenError([f"{where}: {_line_of(kind, problem)}" for problem in _first_hand(error)]) from None
    if wrong := list(_prose_problems(made, where)):
        raise _BrokenError(wrong)
    return made


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


def _line_of(kind: type[ReviewedText], problem: Any) -> str:
    """One of pydantic's errors as a line: field, what was found, what was expected."""
    field = ".".join(str(part + 1 if isinstance(part, int) else part) for part in problem["loc"])
    if problem["type"] == "unexpected_keyword_argument":
        allowed = [name for name in (one.name for one in fields_of(kind)) if name not in {"slug", "text"}]
        return f"{field}: unknown field; expected one of {', '.join(allowed)}"
    if problem["type"] == "missing":
        return f"{field}: missing; expected a value in the front matter"
    found = problem["input"]
    size = f" ({len(found)} characters)" if isinstance(found, str) and len(found) > 50 else ""
    expected = problem["msg"].removeprefix("Value error, ").removeprefix("expected ")
    return f"{field}: found {quoted(found)}{size}; expected: {expected}"


def _prose_problems(text: ReviewedText, where: str) -> Iterator[str]:
    named = [source.id for source in text.sources if source.id]
    yield from (f'{where}: sources: two have the id "{one}"' for one in sorted({*named}) if named.count(one) > 1)
    for written in (text.summary, text.text):
        yield from (problem.message for problem in bindings.problems(written, where))
        for call in bindings.calls_of(written):
            if call.name == "cited" and not {*call.arguments[-1:]} <= {*named}:
                yield f'{where}: "{call.source}": no source has that id; expected one in the front matter, with its day'
    for amount in bindings.unbound_prices("\n".join((text.title, text.description, text.summary, text.text))):
        yield f'{where}: found the price "{amount}"; expected a binding such as {{{{ floor:h100-sxm }}}}'
