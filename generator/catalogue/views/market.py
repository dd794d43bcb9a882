"""The market as a whole: counts, price changes, and the licensed sources to name."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import aggregate, view
from generator.catalogue.views.gpus import gpu_link
from generator.catalogue.views.providers import provider_link
from generator.catalogue.views.trends import sells_on_demand
from generator.model.blocks import Link
from generator.model.page import Attribution


@dataclass(frozen=True, slots=True)
class Move:
    """A change of a provider's on-demand price, per GPU-hour; `change` is a ratio."""

    gpu: Link
    provider: Link
    old: Decimal
    new: Decimal
    change: Decimal
    on: date
    source: str


@view
def moves(catalogue: Catalogue) -> tuple[Move, ...]:
    """The changes of the last seven days among prices that are on demand here too, the largest first."""
    return tuple(
        Move(
            gpu=gpu_link(catalogue, row.gpu_slug),
            provider=provider,
            old=row.old_price,
            new=row.new_price,
            change=round(row.new_price / row.old_price - 1, 4),
            on=row.changed_at.date(),
            source=catalogue.reference_sources[row.source_slug].name,
        )
        for row in catalogue.moves.values()
        if row.gpu_slug in catalogue.gpus
        and sells_on_demand(catalogue, row.gpu_slug, row.provider_slug)
        and (provider := provider_link(catalogue, row.provider_slug))
    )


@aggregate
def counts(catalogue: Catalogue) -> dict[str, int]:
    """How many providers, GPUs and offers are shown now."""
    offered = [row for row in catalogue.listed_gpus.values() if row.offers_n]
    return {
        "providers": sum(row.offers_n > 0 for row in catalogue.listed_providers.values()),
        "gpus": sum(row.kind == "variant" for row in offered),
        "offers": sum(row.offers_n for row in offered),
    }


@view
def attributions(catalogue: Catalogue) -> tuple[Attribution, ...]:
    """The licensed sources whose readings the charts show."""
    return tuple(
        Attribution(row.name, row.url, row.licence, row.attribution) for row in catalogue.reference_sources.values()
    )
