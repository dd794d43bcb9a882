"""Pages whose answer people wrote or reviewed, in place of the sentences of their type."""

from dataclasses import replace

from generator import urls
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.prose import reviewed_words
from generator.model.page import Page


def answer_block(page: Page) -> str:
    """The block of a page's words that answers its search, whose place reviewed words take."""
    return "verdict" if "verdict" in page.words and "answer" not in page.words else "answer"


def with_reviewed_words(read: SliceReader, page: Page) -> Page:
    """The page with its reviewed words; as it is where it has none, or nothing of them can be said today."""
    found = read(reviewed_words, urls.page_slug(page.path))
    if found is None or not found.text:
        return page
    return replace(
        page,
        title=found.title or page.title,
        description=found.description or page.description,
        words={**page.words, answer_block(page): found.text},
        graph=(*page.graph, *found.nodes),
        reviewed=found.reviewed,
    )
