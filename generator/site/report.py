"""What a build reports when it is done."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.views.prose import filled
from generator.formats import plural, some
from generator.output.write import Output, Written


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.  `pages` are counts by page type and gate state.

    Of the pages `looked_at`, those whose model differs were `rendered`; of these some came out the `same` bytes.

    `problems` are lines for people, and so are those of `found`, about what was wrong with the output folder.
    """

    as_of: datetime
    output_dir: Path
    pages: Mapping[str, Mapping[str, int]]
    looked_at: int
    rendered: int
    same: int
    written: Written
    is_all_recorded: bool
    problems: tuple[str, ...] = ()
    found: tuple[str, ...] = ()

    @property
    def pages_n(self) -> int:
        """How many pages the site has."""
        return sum(count for states in self.pages.values() for count in states.values())


def text_problems(catalogue: Catalogue, content: Path) -> Iterator[str]:
    """A line for each figure of a text that has no value today, and for each live text whose file is gone."""
    for text in catalogue.texts:
        today = filled(catalogue, text)
        for binding in today.missing:
            yield f"{text.noun} {text.slug}: {{{{ {binding} }}}} has no value today; its sentence is left out"
        for claim in today.false:
            yield f"{text.noun} {text.slug}: {{% claim {claim} %}} does not hold today; its sentence is left out"
    for text in catalogue.texts:
        file = content / text.folder / f"{text.slug}.md"
        if not file.exists():
            off = f"to take it off the site: build.py content unpublish {text.slug}"
            yield f"{text.noun} {text.slug}: live, but {file} is gone; {off}"


def folder_problems(output: Output) -> Iterator[str]:
    """Lines about what was wrong with the folder, now repaired."""
    if output.is_lost:
        yield "its list of files, or the journal of a change, could not be read; all files were compared"
    if output.damaged:
        files = some(f"{path} ({damage})" for path, damage in sorted(output.damaged.items()))
        yield f"{plural(len(output.damaged), 'file')} not as built, now repaired: {files}"
    if output.left:
        left = some(ascii(path)[1:-1] for path in output.left)
        yield f"{plural(len(output.left), 'file')} that no build is known to have written, left alone: {left}"
