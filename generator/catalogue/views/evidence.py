"""What was read from an answer: the offers that are as it changed them last."""

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.rows import OfferRow
from generator.catalogue.slices import aggregate
from generator.catalogue.views.answers import by_digits
from generator.catalogue.views.gpus import gpu_link
from generator.catalogue.views.offers import count_of, reserved
from generator.formats import price
from generator.model.evidence import ReadOffer


@aggregate
def offers_read(catalogue: Catalogue, provider: str, digits: str) -> tuple[ReadOffer, ...]:
    """The offers that are as an answer changed them last, by GPU and size."""
    jobs = {row.scrape_job_id for row in by_digits(catalogue, provider)[digits]}
    offers = catalogue.offers_by_provider.get(provider, [])
    return tuple(_read(catalogue, offer) for offer in offers if offer.scrape_job_id in jobs)


def _read(catalogue: Catalogue, offer: OfferRow) -> ReadOffer:
    return ReadOffer(
        gpu_link(catalogue, offer.gpu_slug),
        offer.instance_type,
        offer.region or ", ".join(offer.available_regions[:1]),
        count_of(offer),
        _charged(offer),
        offer.price_per_gpu_hour,
        offer.price_per_gpu_hour_spot,
        reserved(offer),
    )


def _charged(offer: OfferRow) -> str:
    """The machine's price, on demand or else spot, in the currency of the provider."""
    in_dollars, stated = offer.price_per_hour, offer.original_price_per_hour
    if in_dollars is None:
        in_dollars, stated = offer.price_per_hour_spot, offer.original_price_per_hour_spot
    amount = in_dollars if offer.currency == "USD" else stated
    return "" if amount is None else price(amount, offer.currency)
