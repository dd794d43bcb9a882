"""Which live texts can't say today what was approved: sentences of theirs are left out, and editors are told."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.views.prose import filled, reviewed_words
from generator.database import db
from generator.desk import states
from generator.formats import day, plural
from generator.prose.texts import Prose, ReviewedText
from generator.site import reviewed_pages

_LASTS = timedelta(days=365)  # a review


def mark(connection: db.Connection, catalogue: Catalogue, at: datetime) -> Iterator[str]:
    """Say of each live text why it is stale, or that it no longer is; a line where that befalls many at once."""
    found = reasons(connection, catalogue, at)
    known = {one.slug: sorted(one.stale_reasons) for one in states.states(connection)}
    moved = {slug: why for slug, why in found.items() if sorted(why) != known.get(slug)}
    newly = [slug for slug, why in moved.items() if states.mark_stale(connection, slug, why, at) and why]
    if states.StaleTexts(len(found), len(newly)).are_too_many:
        yield (
            f"{plural(len(newly), 'reviewed text')} of {len(found)} can't say today what was approved: are the data at "
            "fault?  See build.py content list --stale; build.py publish waits for an answer"
        )


def reasons(connection: db.Connection, catalogue: Catalogue, at: datetime) -> Mapping[str, tuple[str, ...]]:
    """Why each live text is stale, by its page's slug; () where it is not."""
    of_texts = {text.path.strip("/"): tuple(_of_text(catalogue, text, at)) for text in catalogue.texts}
    live = reviewed_pages.live_prose(connection)
    return of_texts | {prose.slug: tuple(_of_prose(catalogue, prose, at)) for prose in live}


def _of_text(catalogue: Catalogue, text: ReviewedText, at: datetime) -> Iterator[str]:
    today = filled(catalogue, text)
    yield from _left_out(today.missing, today.false)
    if text.reviewed_on and at.date() - text.reviewed_on > _LASTS:
        yield f"reviewed on {day(text.reviewed_on)}, over a year ago"


def _of_prose(catalogue: Catalogue, prose: Prose, at: datetime) -> Iterator[str]:
    today = reviewed_words(catalogue, prose.slug)
    if today is None:
        yield "it names something that is no longer known"
        return
    yield from _left_out(today.missing, today.false)
    if prose.reviewed_on and at.date() - prose.reviewed_on > _LASTS:
        yield f"reviewed on {day(prose.reviewed_on)}, over a year ago"


def _left_out(missing: tuple[str, ...], false: tuple[str, ...]) -> Iterator[str]:
    yield from (f"{source} has no value" for source in missing)
    yield from (f"{source} does not hold" for source in false)
