"""The methodology's published versions: `content/methodology/v<N>.md`, whose text never changes again.

Each file's front matter has the day of publication and the hash of the text; one whose text is another is refused.
"""

import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

from generator.errors import BrokenContent
from generator.output import disk
from generator.prose import reviewed, texts
from scrapers.text_files import DamagedFile, shown

_NAME = re.compile(r"v([1-9]\d{0,3})")


class MethodologyVersion(NamedTuple):
    """A version of the methodology, as published on a day."""

    number: int
    published_on: date
    text: str


def read(folder: Path) -> tuple[MethodologyVersion, ...]:
    """The published versions, the oldest first; none where there is no folder.

    Raises BrokenContent for a file that can't be read, or whose text was changed after its publication.
    """
    versions = [_version(path) for path in reviewed.files(folder)]
    return tuple(sorted(versions))


def publish(folder: Path, text: str, on: date) -> MethodologyVersion:
    """Write a text down as the next version.  Raises BrokenContent for one with bindings, or published already."""
    known = read(folder)
    newest = known[-1] if known else None
    if "{{" in text:
        raise BrokenContent("content/methodology.md: found a binding; expected none: a version's text never changes")
    if newest and texts.text_hash(newest.text) == texts.text_hash(text):
        raise BrokenContent(f"content/methodology.md: is version {newest.number} already; expected a change")
    version = MethodologyVersion(newest.number + 1 if newest else 1, on, text.strip())
    front = f"---\npublished_on: {on}\ntext_hash: {texts.text_hash(text)}\n---\n"
    folder.mkdir(exist_ok=True)
    disk.replace(folder / f"v{version.number}.md", f"{front}\n{version.text}\n".encode())
    return version


def _version(path: Path) -> MethodologyVersion:
    where, name = shown(path), _NAME.fullmatch(path.stem)
    try:
        fields, text = reviewed.parts(path)
    except DamagedFile as problem:
        raise BrokenContent(problem.message) from None
    on = fields.get("published_on")
    if not name or not isinstance(on, date):
        raise BrokenContent(f"{where}: expected a name such as v2.md, and a day in published_on")
    if str(fields.get("text_hash")) != texts.text_hash(text):
        raise BrokenContent(
            f"{where}: its text has changed since it was published on {on}; restore it, and publish the new one as the "
            "next version: build.py content version"
        )
    return MethodologyVersion(int(name[1]), on, text)
