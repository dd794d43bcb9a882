from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from generator import formats


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("2.49", "$2.49"),
        ("2.5", "$2.50"),
        ("2.495", "$2.50"),
        ("0.125", "$0.13"),
        ("98.32", "$98.32"),
        ("1204", "$1,204.00"),
        ("0.05", "$0.05"),
        ("0.0133", "$0.0133"),
        ("0.01334", "$0.0133"),
        ("0.09996", "$0.10"),
        ("0.0027777", "$0.00278"),
        ("0.001", "$0.001"),
        ("0", "$0.00"),
        ("-1.5", "−$1.50"),
    ],
)
def test_money(amount: str, text: str) -> None:
    assert formats.money(Decimal(amount)) == text


def test_no_amount_is_a_dash() -> None:
    assert formats.money(None) == formats.percent(None) == formats.ratio(None) == "–"


@pytest.mark.parametrize(
    ("ratio", "text"), [("-0.05", "−5.0%"), ("0.1", "+10.0%"), ("0", "0.0%"), ("-0.0001", "0.0%"), ("12", "+1,200.0%")]
)
def test_percent(ratio: str, text: str) -> None:
    assert formats.percent(Decimal(ratio)) == text


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("2", "2.2", "up 10.0%"),
        ("2", "1", "down 50.0%"),
        ("2", "2.0", "unchanged"),
        ("2", "2.0001", "up less than 0.1%"),
        ("0", "1", "up"),
    ],
)
def test_change(old: str, new: str, text: str) -> None:
    assert formats.change(Decimal(old), Decimal(new)) == text


def test_days_are_days_in_utc() -> None:
    late = datetime.fromisoformat("2026-08-22T23:30:00-05:00")
    assert formats.day(late) == "23 Aug 2026"
    assert formats.iso_day(datetime(2026, 1, 2, tzinfo=UTC)) == "2026-01-02"
    assert formats.long_month("2026-08") == "August 2026"
    assert formats.day(date(2026, 8, 3), year=2026) == "3 Aug"


def test_noun_follows_its_count() -> None:
    assert [formats.noun(count, "offer") for count in (1, 2, 0, None)] == ["offer", "offers", "offers", "offers"]


def test_plural() -> None:
    assert formats.plural(1, "offer") == "1 offer"
    assert formats.plural(2310, "offer") == "2,310 offers"
    assert formats.plural(2, "box", "boxes") == "2 boxes"


@pytest.mark.parametrize(
    ("amount", "text"),
    [("2.49", "$2.49"), ("6.1550000", "$6.155"), ("0.000096774", "$0.000096774"), ("1204", "$1,204.00")],
)
def test_what_enters_a_sum_is_not_rounded(amount, text):
    assert formats.exact(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(1, "1 second"), (60, "1 minute"), (90, "90 seconds"), (600, "10 minutes"), (3600, "1 hour"), (172800, "2 days")],
)
def test_a_duration_is_in_the_largest_unit_that_leaves_it_whole(seconds, text):
    assert formats.duration(Decimal(seconds)) == text


@pytest.mark.parametrize(("currency", "text"), [("USD", "$0.10"), ("EUR", "€0.10"), ("CHF", "0.10 CHF")])
def test_an_amount_is_shown_in_the_currency_in_which_it_is_stated(currency, text):
    assert formats.price(Decimal("0.1"), currency) == text


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("1", "100%"),
        ("0.9999", "over 99%"),
        ("0.99", "99%"),
        ("0.505", "51%"),
        ("0.01", "1%"),
        ("0.0004", "under 1%"),
        ("0", "0%"),
    ],
)
def test_all_of_a_time_and_none_of_it_are_said_only_where_they_are_true(part: str, text: str) -> None:
    assert formats.share_of_time(Decimal(part)) == text


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://prices.example/", "prices.example"),
        ("https://www.prices.example", "prices.example"),
        ("https://code.example/owner/tracker", "tracker"),
    ],
)
def test_a_collection_is_called_by_its_repository_or_else_its_host(url: str, name: str) -> None:
    assert formats.collection(url) == name
