"""Prices for which others published another figure, with our editors' verdicts."""

from collections.abc import Callable, Iterable

from generator import urls
from generator.catalogue.catalogue import Catalogue, midnight
from generator.catalogue.rows import DisagreementRow
from generator.catalogue.slices import view
from generator.catalogue.views.gpus import gpu_link
from generator.catalogue.views.providers import provider_link
from generator.labels import PRICING
from generator.model.blocks import Disagreement, Link

_LOST = {"theirs", "neither"}


@view
def disagreements_of_gpu(catalogue: Catalogue, slug: str) -> tuple[Disagreement, ...]:
    """Where others published another price of a GPU, by provider."""
    rows = catalogue.disagreements_by_gpu.get(slug, [])
    return _lines(rows, lambda row: provider_link(catalogue, row.provider_slug))


@view
def disagreements_of_provider(catalogue: Catalogue, slug: str) -> tuple[Disagreement, ...]:
    """Where others published another price of a provider, by GPU."""
    rows = catalogue.disagreements_by_provider.get(slug, [])
    return _lines(rows, lambda row: gpu_link(catalogue, row.gpu_slug))


@view
def disagreements_n(catalogue: Catalogue) -> int:
    """How many disagreements there are."""
    return len(catalogue.disagreements)


@view
def judged_n(catalogue: Catalogue) -> int:
    """How many of them have an editor's verdict."""
    return sum(row.verdict is not None for row in catalogue.disagreements.values())


@view
def lost_disagreements(catalogue: Catalogue) -> tuple[Disagreement, ...]:
    """Those in which our editors did not find our price to be right, by GPU and provider."""
    rows = [row for row in catalogue.disagreements.values() if row.verdict in _LOST]
    return _lines(sorted(rows, key=lambda row: (row.gpu_slug, row.provider_slug)), lambda row: _at(catalogue, row))


def _at(catalogue: Catalogue, row: DisagreementRow) -> Link | None:
    gpu, provider = gpu_link(catalogue, row.gpu_slug), provider_link(catalogue, row.provider_slug)
    return Link(f"{gpu.text} at {provider.text}", gpu.path) if provider else None


def _lines(
    rows: Iterable[DisagreementRow], whose: Callable[[DisagreementRow], Link | None]
) -> tuple[Disagreement, ...]:
    return tuple(_line(row, subject) for row in rows if (subject := whose(row)))


def _line(row: DisagreementRow, subject: Link) -> Disagreement:
    """Times are cut to the day, so that seeing the same again changes no page."""
    return Disagreement(
        subject=subject,
        what=_what(row),
        instance_type=row.instance_type,
        price_per_gpu_hour=row.price_per_gpu_hour,
        confirmed_at=midnight(row.observed_at),
        source=row.reading_source,
        source_url=urls.outgoing(row.reading_url),
        licence=row.reading_licence,
        their_price_per_gpu_hour=row.reading_price_per_gpu_hour,
        read_at=midnight(row.reading_observed_at),
        verdict=row.verdict or "",
        reason=row.reason or "",
    )


def _what(row: DisagreementRow) -> str:
    """What both prices are for, as far as the reading says: "On demand, 8×, us-east1"."""
    stated = (PRICING[row.pricing_type], f"{row.gpu_count}×" if row.gpu_count else "", row.region)
    return ", ".join(filter(None, stated))
