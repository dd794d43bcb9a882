"""Whether search engines may index a page: what its rules say, and the patience with which a build follows them.

A new page takes what its rules say at once.  Later it is listed once they held in three builds of different instants
over a day, and left out once they did not hold for a week, so that one bad scrape takes no page off a search engine.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from generator.errors import MovedGates
from generator.formats import plural
from generator.model.page import Gate, GateState
from generator.site.built_pages import PageRecord

INDEXABLE_BELOW = 10_000  # pages that change daily, from which on search engines may not keep up
WAITS = "waits"
WORDS: Mapping[str, str] = {WAITS: "its rules to hold in three builds over a day: they hold since a short time"}
_LISTED_AFTER, _TIMES = timedelta(hours=24), 3
_LEFT_OUT_AFTER = timedelta(days=7)
_SHARE = 5  # one page in five of a type


class Settled(NamedTuple):
    """A page's gate in this build.  `found` is what its rules say, and since when.

    Of a gate that waits, `found_times` says in how many builds so far, and `found_at` as of when the last one was.
    """

    state: GateState
    reasons: tuple[str, ...]
    found: GateState
    found_since: datetime
    found_times: int
    found_at: datetime


def settled(found: Gate, before: PageRecord | None, as_of: datetime) -> Settled:
    """The gate of a page whose rules say `found`."""
    if before is None or "stub" in {found.state, before.gate_state}:
        return Settled(found.state, found.reasons, found.state, as_of, 1, as_of)
    if before.gate_state == before.gate_found == found.state:
        kept = before.gate_found_since, before.gate_found_times, before.gate_found_at
        return Settled(found.state, found.reasons, found.state, *kept)
    since, times = as_of, 1
    if before.gate_found == found.state:
        since, times = before.gate_found_since, before.gate_found_times + (before.gate_found_at != as_of)
    stays = before.gate_state != found.state and not _is_time(found, as_of - since, times)
    state: GateState = before.gate_state if stays else found.state
    reasons = (WAITS,) if stays and found.state == "indexable" else found.reasons
    return Settled(state, reasons, found.state, since, times, as_of)


def _is_time(found: Gate, passed: timedelta, times: int) -> bool:
    if found.state == "indexable":
        return times >= _TIMES and passed >= _LISTED_AFTER
    return passed >= _LEFT_OUT_AFTER


def refuse_moved_gates(looked: Iterable[tuple[str, str, str]], new_code: Collection[str]) -> None:
    """Raise MovedGates where new code moves more than a fifth of a type's pages between states.

    `looked` are the pages that were looked at: type, what the rules said ("" for a new page), and what they say now.
    Only types among `new_code` count; a single page may always move.
    """
    pages, moved = Counter[str](), Counter[str]()
    for page_type, said, say in looked:
        if said and page_type in new_code:
            pages[page_type] += 1
            moved[page_type] += said != say
    many = [name for name, count in sorted(moved.items()) if count > 1 and count * _SHARE > pages[name]]
    if many:
        which = "; ".join(f"{moved[name]:,} of {plural(pages[name], 'page')} of the type {name}" for name in many)
        raise MovedGates(
            f"the code is new, and with it the gates of {which} say otherwise than in the last build; the site is left "
            "as it was.  If that is meant: build.py render --allow-gates"
        )


def over_budget(pages: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """A line for people where a site has too many indexable pages, by type and state."""
    indexable = sum(states.get("indexable", 0) for states in pages.values())
    if indexable >= INDEXABLE_BELOW:
        yield f"{indexable:,} indexable pages; expected fewer than {INDEXABLE_BELOW:,}: tighten the gates of some types"
