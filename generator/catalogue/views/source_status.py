"""How each provider's source was read last."""

from datetime import date
from typing import NamedTuple

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import view
from generator.catalogue.views.providers import provider_link
from generator.model.blocks import Link


class SourceLine(NamedTuple):
    """A source: when it was last tried and how that went (a code; "" for well), and when it last went well."""

    provider: Link
    tried_on: date | None
    error: str | None
    offers_n: int
    is_recorded: bool
    good_on: date | None


@view
def source_lines(catalogue: Catalogue) -> tuple[SourceLine, ...]:
    """All sources: those that failed first, then by provider."""
    rows = sorted(catalogue.source_status.values(), key=lambda row: (row.is_good, row.slug))
    return tuple(
        SourceLine(
            link, row.tried_on, None if row.is_good else row.error_code, row.offers_n, row.is_recorded, row.good_on
        )
        for row in rows
        if (link := provider_link(catalogue, row.slug))
    )
