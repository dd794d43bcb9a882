"""Availability: for how much of the time a GPU could be rented, where a provider's answers say so."""

from collections.abc import Iterable

from generator.catalogue.catalogue import AVAILABILITY_DAYS, Catalogue, midnight
from generator.catalogue.rows import AvailabilityRow
from generator.catalogue.slices import view
from generator.catalogue.views.gpus import gpu_link
from generator.catalogue.views.providers import provider_link
from generator.model.blocks import Availability, AvailabilityLine, Link, first

MIN_HOURS = 24
_SHOWN = 12


@view
def availability_of_gpu(catalogue: Catalogue, slug: str) -> Availability | None:
    """The providers that state a GPU's availability, the most available first; None where none does."""
    rows = _watched(catalogue.availability_by_gpu.get(slug, []))
    return _of(catalogue, "provider", ((row, provider_link(catalogue, row.provider_slug)) for row in rows))


@view
def availability_of_provider(catalogue: Catalogue, slug: str) -> Availability | None:
    """The GPUs whose availability a provider states, the most available first; None where there are none."""
    rows = _watched(catalogue.availability_by_provider.get(slug, []))
    return _of(catalogue, "GPU", ((row, gpu_link(catalogue, row.gpu_slug)) for row in rows))


def _watched(rows: Iterable[AvailabilityRow]) -> list[AvailabilityRow]:
    return [row for row in rows if row.watched_hours >= MIN_HOURS]


def _of(catalogue: Catalogue, noun: str, rows: Iterable[tuple[AvailabilityRow, Link | None]]) -> Availability | None:
    lines = [AvailabilityLine(link, row.available_share, row.watched_hours, row.daily) for row, link in rows if link]
    if not lines:
        return None
    lines.sort(key=lambda line: (-line.available_share, -line.watched_hours, line.subject.text))
    shown = first(lines, _SHOWN, noun, "the most available")
    return Availability(AVAILABILITY_DAYS, midnight(catalogue.day), tuple(lines), shown)
