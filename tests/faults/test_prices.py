"""The faults of contents.py change prices, so every provider's prices must be found in its recording."""

from decimal import Decimal

import pytest

from scrapers import run
from scrapers.offer import PRICE_FIELDS
from tests.faults.contents import all_ten_times, as_recorded
from tests.faults.prices import scraped

SLUGS = [module.PROVIDER.slug for module in run.providers()]


@pytest.mark.parametrize("slug", SLUGS)
def test_all_prices_of_a_recording_are_found_in_it(slug):
    before, after = (scraped(slug, bodies).offers for bodies in (as_recorded(slug), all_ten_times(slug)))
    assert [name_of(offer) for offer in after] == [name_of(offer) for offer in before]
    for offer, tenfold in zip(before, after, strict=True):
        for name in PRICE_FIELDS:
            price = getattr(offer, name)
            assert getattr(tenfold, name) == (price and pytest.approx(price * 10, rel=Decimal("1e-6")))


def name_of(offer):
    return offer.instance_type, offer.region
