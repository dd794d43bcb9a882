from datetime import date, timedelta

from generator.catalogue.views.price_events import market_events
from tests.generator.catalogues import AS_OF, catalogue, offer, price_event


def events(*rows):
    return [(one.at, one.words) for one in market_events(catalogue(offer("a", "ash", 2), *rows), "a")]


def test_of_a_provider_and_a_day_the_largest_change_counts():
    rows = [price_event("a", "ash", 2, new, gpu_count=n, changed_at=AS_OF) for n, new in ((1, 3), (8, 5))]
    earlier = price_event("a", "ash", 4, 2, changed_at=AS_OF - timedelta(3))
    assert events(*rows, earlier) == [
        (AS_OF - timedelta(3), "Ash: $2.00, down 50.0% from $4.00"),
        (AS_OF, "Ash: $5.00, up 150.0% from $2.00"),
    ]


def test_only_on_demand_changes_that_were_not_retracted_count():
    rows = [
        price_event("a", "ash", 2, 3, pricing_type="spot", changed_at=AS_OF),
        price_event("a", "ash", 2, 4, retracted_on=date(2026, 8, 22), changed_at=AS_OF),
        price_event("a", "nobody", 2, 4, changed_at=AS_OF),
    ]
    assert events(*rows) == []


def test_a_change_is_said_in_the_currency_charged():
    row = price_event("a", "ash", 2, 3, currency="EUR", changed_at=AS_OF)
    assert events(row) == [(AS_OF, "Ash: €3.00, up 50.0% from €2.00")]
