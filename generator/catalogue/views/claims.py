"""What claims in prose ask of a GPU's market: how it moved, who sells it, and who has it."""

from datetime import date, timedelta
from decimal import Decimal

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import view
from generator.catalogue.views.traits import IN_STOCK
from generator.catalogue.views.trends import own_days


@view
def median_change(catalogue: Catalogue, gpu: str, days: str) -> Decimal | None:
    """The change of the on-demand median over so many days, as a ratio; None unless we read both ends."""
    known = {one.day: one.median for one in own_days(catalogue, gpu)}
    now, then = known.get(catalogue.day), known.get(catalogue.day - timedelta(int(days)))
    return round(now / then - 1, 4) if now and then else None


@view
def sellers_on_demand(catalogue: Catalogue, gpu: str) -> tuple[str, ...]:
    """The slugs of the providers with a ranked price on demand, in order."""
    floors = catalogue.floors_by_gpu.get(gpu, ())
    return tuple(sorted({row.provider_slug for row in floors if row.pricing_type == "on_demand"}))


@view
def in_stock_n(catalogue: Catalogue, gpu: str) -> int:
    """How many providers said at the last check that they have it."""
    offers = catalogue.offers_by_gpu.get(gpu, ())
    has = ((one.provider_slug, one.availability_stated, one.availability_status) for one in offers if one.is_ranked)
    return len({provider for provider, is_stated, status in has if is_stated and status in IN_STOCK})


@view
def floor_on(catalogue: Catalogue, gpu: str, day: str) -> Decimal | None:
    """The lowest price on demand on a day (ISO 8601), by our own observation; None where it is not known."""
    return next((one.floor for one in own_days(catalogue, gpu) if one.day == date.fromisoformat(day)), None)
