"""Drafts as files, Markdown under front matter: as editors write them, and as they are exported and imported.

A guide or a text about a workload is a file as in content/, in the folder of its kind.  Any other page's is
`pages/<slug>.md`, whose front matter has the page's type.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields as fields_of
from datetime import date
from pathlib import Path
from typing import Any

from generator import yaml_files
from generator.desk.drafts import Draft
from generator.desk.texts import REVIEW, draft_of
from generator.errors import BrokenContent
from generator.prose import reviewed
from generator.prose.texts import KINDS
from scrapers.text_files import DamagedFile, shown

PAGES = "pages"
_DAYS = ("published_on", "reviewed_on")
_OF_A_PAGE = {"page_type", "title", "description", "structured_data"}


def document_of(draft: Draft, review: Mapping[str, Any] | None = None) -> str:
    """A draft as the text of its file; `review` is what the front matter says of who approved it."""
    stated = dict(_fields(draft, review or {}))
    return f"---\n{yaml_files.dump(stated)}---\n\n{draft.markdown}\n"


def _fields(draft: Draft, review: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if draft.page_type not in KINDS:
        yield "page_type", draft.page_type
        yield "title", draft.title
        yield "description", draft.description
        yield from [("structured_data", dict(draft.structured_data))] if draft.structured_data else []
        return
    said = {"title": draft.title, "description": draft.description, **draft.front, **review}
    for one in fields_of(KINDS[draft.page_type]):
        value = said.get(one.name)
        if value not in (None, [], ()):
            yield one.name, date.fromisoformat(value) if one.name in _DAYS and isinstance(value, str) else value


def place_of(draft: Draft) -> Path:
    """Where its file lies below the folder of an export: guides/spot.md, pages/gpu/h100-sxm.md."""
    if kind := KINDS.get(draft.page_type):
        return Path(kind.folder, f"{draft.slug.rpartition('/')[2]}.md")
    return Path(PAGES, f"{draft.slug}.md")


def files(folder: Path) -> list[Path]:
    """The files below a folder that are exported drafts, by name."""
    own = [path for kind in KINDS.values() for path in reviewed.files(folder / kind.folder)]
    return [*own, *sorted((folder / PAGES).rglob("*.md"))]


def draft_from(path: Path, slug: str) -> Draft:
    """The draft of a file.  Raises BrokenContent with what is wrong in the file.

    `slug` is of the page whose file it is, if that is no guide or workload.
    """
    if path.parent.name in {kind.folder for kind in KINDS.values()}:
        return draft_of(reviewed.read_one(path))
    try:
        said, text = reviewed.parts(path)
    except DamagedFile as error:
        raise BrokenContent(error.message) from None
    if unknown := said.keys() - _OF_A_PAGE:
        known = ", ".join(sorted(_OF_A_PAGE))
        raise BrokenContent(f"{shown(path)}: {min(unknown)}: unknown field; expected one of {known}")
    data = said.get("structured_data") or {}
    words = [said.get(name) or "" for name in ("page_type", "title", "description")]
    if not isinstance(data, dict) or not all(isinstance(one, str) for one in words) or not words[0]:
        raise BrokenContent(f"{shown(path)}: expected texts as page_type, title and description, and fields as data")
    return Draft(slug, words[0], words[1], words[2], text, data)


def slug_of(path: Path, folder: Path) -> str:
    """The slug of the page whose file lies there, below the folder of an export."""
    return path.relative_to(folder / PAGES).with_suffix("").as_posix() if PAGES in path.parts else path.stem


def review_of(front_matter: Any) -> dict[str, Any]:
    """What a published row's front matter says of its review."""
    said = front_matter if isinstance(front_matter, dict) else {}
    return {name: said[name] for name in REVIEW if said.get(name)}
