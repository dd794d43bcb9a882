"""What each of a provider's offers of a GPU cost and when, step by step."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.list_rows import PriceStepRow
from generator.catalogue.slices import view
from generator.catalogue.views.offers import count_of
from generator.model.histories import Gap, OfferHistory, Prices, Step


@view
def offer_histories(catalogue: Catalogue, provider: str, gpu: str) -> tuple[OfferHistory, ...]:
    """Each offer's steps and gaps, by instance type and region; also of those that are no longer on sale."""
    rows = catalogue.histories.get(f"{provider}/{gpu}", [])
    return tuple(_history(list(own)) for _, own in groupby(rows, lambda row: row.offer_id))


def _history(rows: Sequence[PriceStepRow]) -> OfferHistory:
    one = rows[0]
    steps = tuple(_step(row) for row in rows if row.is_active)
    return OfferHistory(one.instance_type, one.region, one.price_basis, steps, tuple(_gaps(rows)))


def _step(row: PriceStepRow) -> Step:
    charged = (row.charged_on_demand, row.charged_spot, row.charged_monthly)
    return Step(
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        last_confirmed_at=row.last_confirmed_at,
        gpu_count=count_of(row),
        availability=row.availability,
        prices=Prices(row.on_demand, row.spot, row.monthly, row.reserved_1y, row.reserved_3y),
        currency=row.currency,
        charged=None if row.currency == "USD" else Prices(*charged, row.charged_reserved_1y, row.charged_reserved_3y),
        is_recorded=row.is_recorded,
        evidence_url=urls.outgoing(row.evidence_url),
    )


def _gaps(rows: Iterable[PriceStepRow]) -> Iterator[Gap]:
    """The times between what is known of an offer; those in which an answer no longer had it begin with that answer."""
    known, gone = None, None
    for row in rows:
        if gone and row.is_active:
            yield Gap(gone, row.valid_from, "not_offered")
            gone = None
        elif known and known < row.valid_from and not gone:
            yield Gap(known, row.valid_from, "not_seen")
        if not row.is_active:
            gone = gone or (row.valid_from if known is None or row.valid_from >= known else None)
        else:
            known = max(known or row.valid_from, _step(row).known_until)
    if gone:
        yield Gap(gone, None, "not_offered")
