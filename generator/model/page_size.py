"""How many offers fit on a page, and which.

All else on a page is short or has a limit of its own; a provider may have any number of offers.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, zip_longest

from markupsafe import escape

from generator.model.offer_table import OfferLine, OfferSection
from generator.model.page import Page

BYTES_AT_MOST = 190_000  # of a page's HTML; below 20 kB of them cross the wire, since rows are alike
MARKUP_BYTES = 600  # of an offer table's line, without the offer's own texts


def fitting(sections: Sequence[OfferSection], most_bytes: int) -> tuple[OfferSection, ...]:
    """As much of a page's offer tables as fits: they take turns, so that a long one leaves room for the others.

    Each shows at least one line: first the cheapest of each of its providers (or GPUs), then of each machine, then the
    cheapest of all.
    """
    if sum([offer_bytes(line) for section in sections for line in section.lines]) <= most_bytes:
        return tuple(sections)
    shown: list[dict[int, OfferLine]] = [{} for _ in sections]
    room = most_bytes
    for number, place in _turns([cheapest_of_each(_subjects(section), _machines(section)) for section in sections]):
        line = sections[number].lines[place]
        room -= offer_bytes(line)
        if room < 0 and shown[number]:
            break
        shown[number][place] = line
    return tuple(
        replace(section, lines=tuple(lines[place] for place in sorted(lines)))
        for section, lines in zip(sections, shown, strict=True)
    )


def most_that_fit(texts: Iterable[Sequence[str]], most_bytes: int) -> int:
    """How many lines of a table, of which these are the texts, fit into so many bytes; at least one."""
    sizes = accumulate(MARKUP_BYTES + len(escape("".join(line)).encode()) for line in texts)
    return max(1, sum(size <= most_bytes for size in sizes))


def shortened(page: Page, by_bytes: int) -> Page | None:
    """The page with offers of about `by_bytes` left out; None where it has none to spare."""
    sections: tuple[OfferSection, ...] = getattr(page.body, "sections", ())
    taken = sum(offer_bytes(line) for section in sections for line in section.lines)
    fewer = fitting(sections, taken - by_bytes)
    return None if fewer == sections else replace(page, body=replace(page.body, sections=fewer))


def cheapest_of_each(subjects: Sequence[str], machines: Sequence[str] = ()) -> list[int]:
    """The indices of a list that is sorted by price: the first of each subject, then of each machine, then all others.

    `machines` has the machine of each line, where a subject may have several.
    """
    order: dict[int, None] = {}
    for keys in (subjects, machines):
        firsts: dict[str, int] = {}
        for place, key in enumerate(keys):
            firsts.setdefault(key, place)
        order |= dict.fromkeys(firsts.values())
    return [*order, *sorted(set(range(len(subjects))).difference(order))]


def offer_bytes(line: OfferLine) -> int:
    """About how many bytes a line of an offer table takes on a page, escaped."""
    provider, gpu = line.provider, line.gpu
    linked = (
        provider.text,
        provider.path,
        gpu.text,
        gpu.path,
        line.out_url or "",
        line.evidence_url or "",
        line.evidence_path,
    )
    own = (line.instance_type, line.upstream, line.traits, *line.regions[:2], line.original, *line.flags)
    return MARKUP_BYTES + len(escape("".join(linked + own)).encode())


def _subjects(section: OfferSection) -> list[str]:
    return [(line.gpu if section.subject == "GPU" else line.provider).path for line in section.lines]


def _machines(section: OfferSection) -> list[str]:
    return [f"{line.provider.path} {line.gpu.path} {line.instance_type}" for line in section.lines]


def _turns(queues: Sequence[Iterable[int]]) -> Iterator[tuple[int, int]]:
    """The queues' items in turn, each with the number of its queue, until all are empty."""
    for turn in zip_longest(*queues):
        yield from ((number, place) for number, place in enumerate(turn) if place is not None)
