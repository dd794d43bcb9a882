"""The answers that prices were read from: each that an offer shown now was last changed by has a page."""

from collections.abc import Mapping, Sequence

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.list_rows import AnswerRow, PlacedOfferRow
from generator.catalogue.rows import OfferRow
from generator.catalogue.slices import aggregate, view
from generator.model.evidence import Answer

_DIGITS = 12


def path_of(catalogue: Catalogue, offer: OfferRow | PlacedOfferRow) -> str:
    """Where the answer that last changed an offer is shown; "" where none is kept."""
    return evidence_path(catalogue, offer.provider_slug, offer.scrape_job_id) if offer.scrape_job_id else ""


@aggregate
def evidence_path(catalogue: Catalogue, provider: str, job: str) -> str:
    """Where a job's answer is shown; "" where none is kept."""
    row = _by_job(catalogue, provider).get(job)
    return urls.evidence(row.sha256[:_DIGITS]) if row else ""


@aggregate
def answers_of(catalogue: Catalogue, provider: str) -> tuple[str, ...]:
    """The answers behind a provider's prices, by the first digits of their hashes."""
    return tuple(sorted(by_digits(catalogue, provider)))


def all_answers(catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    """Each answer behind a price with its provider; one that several gave has the first of them."""
    catalogue.read_ahead(tuple(catalogue.listed_providers), "answers")
    owners: dict[str, str] = {}
    for provider in catalogue.listed_providers:
        for digits in answers_of(catalogue, provider):
            owners.setdefault(digits, provider)
    return tuple((provider, digits) for digits, provider in owners.items())


@aggregate
def answer(catalogue: Catalogue, provider: str, digits: str) -> Answer:
    """An answer behind a provider's prices.  Raises KeyError where none rests on it any more."""
    rows = by_digits(catalogue, provider)[digits]
    first, last = rows[0], rows[-1]
    return Answer(
        sha256=first.sha256,
        body_bytes=first.body_bytes,
        method=first.method,
        url=first.url,
        status=first.status,
        content_type=first.content_type or "",
        fetched_at=first.fetched_at,
        fetched_again_at=last.fetched_at if last.fetched_at > first.fetched_at else None,
        others_n=first.answers_n - 1,
        is_recorded=first.is_recorded,
        origin=first.origin or "",
        origin_url=urls.outgoing(first.origin_url),
    )


@view
def _by_job(catalogue: Catalogue, provider: str) -> Mapping[str, AnswerRow]:
    return {row.scrape_job_id: row for row in catalogue.answers.get(provider, [])}


@view
def by_digits(catalogue: Catalogue, provider: str) -> Mapping[str, Sequence[AnswerRow]]:
    """The rows of each answer, the earliest first."""
    found: dict[str, list[AnswerRow]] = {}
    for row in catalogue.answers.get(provider, []):
        found.setdefault(row.sha256[:_DIGITS], []).append(row)
    return found
