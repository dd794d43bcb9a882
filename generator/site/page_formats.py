"""The files that a page becomes: one for each of its type's formats."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from generator import urls
from generator.model.page import Page
from generator.site.render import Rendered


@dataclass(frozen=True, slots=True)
class Format:
    """How a page is written: `file` returns the path in the output folder for the page's address."""

    file: Callable[[str], str]
    data: Callable[[Page, Rendered], bytes]


FORMATS: Mapping[str, Format] = {"html": Format(urls.output_file, lambda _, rendered: rendered.html)}
"""The formats by the names that page types use."""


def documents(page: Page, rendered: Rendered, formats: tuple[str, ...]) -> Mapping[str, bytes]:
    """A page's files by their paths in the output folder."""
    return {FORMATS[name].file(page.path): FORMATS[name].data(page, rendered) for name in formats}
