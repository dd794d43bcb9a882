"""The files that a page becomes: one for each of its type's formats."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from generator import urls
from generator.model.page import Page
from generator.site.render import Renderer


@dataclass(frozen=True, slots=True)
class Format:
    """How a page is written: `file` returns the path in the output folder for the page's address."""

    file: Callable[[str], str]
    render: Callable[[Renderer, Page], bytes]


FORMATS: Mapping[str, Format] = {"html": Format(urls.output_file, Renderer.fitted)}
"""The formats by the names that page types use."""


def documents(page: Page, formats: tuple[str, ...], renderer: Renderer) -> Mapping[str, bytes]:
    """A page's files by their paths in the output folder."""
    chosen = [FORMATS[name] for name in formats]
    return {one.file(page.path): one.render(renderer, page) for one in chosen}
