"""How each provider's source was read last: when, with what result, and when it last went well."""

from dataclasses import dataclass

from generator import urls
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.source_status import SourceLine, source_lines
from generator.formats import plural
from generator.model.jsonld import JsonLd
from generator.model.page import Crumb, Page
from generator.pages.registry import TWINNED, PageType, Rule, single


@dataclass(frozen=True, slots=True)
class Status:
    """The sources, those that failed first."""

    lines: tuple[SourceLine, ...]


def path() -> str:
    """/status/."""
    return urls.STATUS


def page(read: SliceReader, _: JsonLd) -> Page:
    """The page."""
    lines = read(source_lines)
    tried = [line for line in lines if line.tried_on]
    good = sum(line.error is None for line in tried)
    return Page(
        path=path(),
        title="Status of Each Price Source",
        description="When each provider's prices were last read, with what result, and when that last went well.",
        heading="Status of each source",
        body=Status(lines),
        crumbs=(Crumb("Home", urls.HOME), Crumb("Status", "")),
        words={
            "answer": f"{good} of {plural(len(tried), 'source')} were read without an error when last tried. A "
            "source that fails keeps its last good prices, with their date, until they are too old to show."
        },
    )


PAGE_TYPE = PageType(
    "status",
    Status,
    single,
    path,
    page,
    (Rule("for_visitors", "to be more than a table for those who follow a link", lambda _: False),),
    formats=(*TWINNED, "json"),
)
