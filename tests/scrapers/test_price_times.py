from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from scrapers.drafts import offer_of
from scrapers.offer import Draft, Unreadable
from scrapers.price_times import by_time, scheduled
from tests.scrapers.test_normalise import all_of, offer

AT = datetime(2026, 8, 22, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_rows_are_told_apart_by_when_their_prices_hold() -> None:
    plain, promotion = offer(), offer(valid_to=AT + HOUR)
    later, over = offer(valid_from=AT + HOUR), offer(valid_to=AT)
    timed = by_time([plain, promotion, later, over], AT)
    assert (timed.now, timed.later, timed.over) == ([plain, promotion], {AT + HOUR: [later]}, [over])


def test_an_announced_price_is_per_gpu_hour_with_what_is_charged_beside_it() -> None:
    row = offer(price="16", currency="EUR", valid_from=AT, valid_to=AT + HOUR)
    (price,) = scheduled(all_of(row).offers, AT)
    assert (price.pricing_type, price.price_per_gpu_hour, price.original_price) == ("on_demand", Decimal("2.5"), 16)
    assert (price.currency, price.starts_at, price.ends_at) == ("EUR", AT, AT + HOUR)


def test_rows_of_one_offer_keep_the_end_of_each_price() -> None:
    (joined,) = all_of(offer(valid_to=AT + HOUR), offer(price=None, price_spot="8")).offers
    assert joined.price_ends == {"price_per_hour": "2026-08-22T07:00:00+00:00"}
    assert joined.price_per_hour_spot == 8


@pytest.mark.parametrize("changes", [{"valid_to": AT - HOUR}, {"valid_to": AT}, {"valid_from": datetime(2026, 8, 1)}])  # noqa: DTZ001
def test_a_price_that_ends_before_it_begins_or_at_no_known_instant_is_unreadable(changes: dict[str, datetime]) -> None:
    stated = {"valid_from": AT, "valid_to": AT + HOUR} | changes
    draft = Draft(instance_type="a", gpu_name="H100", price=Decimal(2), currency="USD", price_unit="gpu_hour", **stated)
    with pytest.raises(Unreadable):
        offer_of(draft)
