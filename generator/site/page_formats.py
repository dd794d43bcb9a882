"""The files that a page becomes: one for each of its type's formats."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from generator import urls
from generator.model.downloads import NAMES, Download
from generator.model.page import Page
from generator.site.history_json import history_json
from generator.site.page_badge import page_badge
from generator.site.page_feed import page_feed, page_json_feed
from generator.site.page_json import page_json
from generator.site.page_markdown import page_markdown
from generator.site.render import Rendered
from generator.site.search_index import machines_file, names_file


@dataclass(frozen=True, slots=True)
class Format:
    """How a page is written: `file` returns the path in the output folder for the page's address.

    `data` returns None for a page that has no such file.
    """

    file: Callable[[str], str]
    data: Callable[[Page, Rendered], bytes | None]


def _download(kind: str) -> Format:
    """A file that the page's body holds."""

    def data(page: Page, _: Rendered) -> bytes:
        held: Download = getattr(page.body.downloads, kind)
        return held.data

    return Format(lambda path: urls.output_file(path + NAMES[kind]), data)


FORMATS: Mapping[str, Format] = {
    "html": Format(urls.output_file, lambda _, rendered: rendered.html),
    "markdown": Format(lambda path: urls.output_file(urls.markdown_twin(path)), page_markdown),
    "json": Format(lambda path: urls.output_file(urls.json_twin(path)), lambda page, _: page_json(page)),
    "history": Format(urls.output_file, lambda page, _: history_json(page)),
    "feed": Format(lambda path: urls.output_file(urls.feed(path)), lambda page, _: page_feed(page)),
    "json_feed": Format(lambda path: urls.output_file(urls.json_feed(path)), lambda page, _: page_json_feed(page)),
    "picture": Format(
        lambda path: urls.output_file(urls.picture(path)),
        lambda _, rendered: rendered.picture.png() if rendered.picture else None,
    ),
    **{kind: _download(kind) for kind in NAMES},
    "search_names": Format(lambda _: urls.output_file(urls.SEARCH_NAMES), lambda page, _: names_file(page)),
    "search_machines": Format(lambda _: urls.output_file(urls.SEARCH_MACHINES), lambda page, _: machines_file(page)),
    "badge": Format(lambda path: urls.output_file(urls.badge(path)), lambda page, _: page_badge(page)),
}
"""The formats by the names that page types use."""


def documents(page: Page, rendered: Rendered, formats: tuple[str, ...]) -> Mapping[str, bytes]:
    """A page's files by their paths in the output folder."""
    found = ((FORMATS[name].file(page.path), FORMATS[name].data(page, rendered)) for name in formats)
    return {file: data for file, data in found if data is not None}
