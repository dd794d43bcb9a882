"""What was wrong, as far as it is stored, and how to report what is."""

from collections.abc import Iterator
from dataclasses import dataclass

from generator import urls
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.disagreements import disagreements_n, judged_n, lost_disagreements
from generator.catalogue.views.held_back import held_back_rules
from generator.formats import plural
from generator.model.blocks import Disagreement
from generator.model.jsonld import JsonLd
from generator.model.page import Crumb, Page
from generator.pages.registry import PageType, single


@dataclass(frozen=True, slots=True)
class Corrections:
    """The readings by others that our editors found to be right, or neither."""

    lost: tuple[Disagreement, ...]


def path() -> str:
    """/corrections/."""
    return urls.CORRECTIONS


def page(read: SliceReader, ld: JsonLd) -> Page:
    """The page."""
    body = Corrections(read(lost_disagreements))
    return Page(
        path=path(),
        title="Corrections: Wrong Prices and How to Report One",
        description="Which prices others contradict and how that was judged, what is held back as doubtful, and how to "
        "report a wrong price.",
        heading="Corrections",
        body=body,
        crumbs=(Crumb("Home", urls.HOME), Crumb("Corrections", "")),
        words={
            "answer": "If a price here differs from the provider's own page, the provider's page is right. "
            f"Report it [here]({ld.site.contact_url or ld.site.repository}) with the page, the time and what you saw.",
            "how": "A wrong price is corrected where it comes from, in what reads the provider's answer or in the list "
            "of GPU names; the kept answers are then read again, and history and pages follow. A correction is no "
            f"price change. [How that works]({urls.METHODOLOGY}).",
            "counts": " ".join(_counts(read)),
        },
        newest=max((line.confirmed_at for line in body.lost), default=None),
    )


def _counts(read: SliceReader) -> Iterator[str]:
    disputed, judged = read(disagreements_n), read(judged_n)
    if disputed:
        yield f"Others published readings that contradict {plural(disputed, 'price')} of ours; {judged} are judged."
    else:
        yield "No reading published by others contradicts a price of ours by more than 5%."
    held = sum(rule.offers_n for rule in read(held_back_rules))
    yield f"{plural(held, 'offer is', 'offers are')} held back as doubtful and shown nowhere." if held else ""


PAGE_TYPE = PageType("corrections", Corrections, single, path, page)
