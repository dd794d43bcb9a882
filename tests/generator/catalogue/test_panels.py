from datetime import date, timedelta
from decimal import Decimal

from generator.catalogue.panels import history_of, panel_of
from tests.generator.catalogues import DAY


def panel(days, **sellers):
    """The panel of sellers who were read on the days (ago) of their function."""
    read = {DAY - timedelta(ago): {name for name, on in sellers.items() if on(ago)} for ago in range(days)}
    return panel_of({day: names for day, names in read.items() if names})


def always(_):
    return True


def test_the_panel_is_who_was_read_throughout_without_those_who_came_late_or_left():
    assert panel(40, ash=always, elm=always, late=lambda ago: ago < 30, left=lambda ago: ago > 0) == {"ash", "elm"}


def test_a_fifth_of_the_days_may_be_missing_counted_over_the_whole_panel():
    assert panel(10, ash=always, elm=lambda ago: ago != 4, fir=lambda ago: ago != 5) == {"ash", "elm", "fir"}
    one_too_many = panel(10, ash=lambda ago: ago != 3, elm=lambda ago: ago != 4, fir=lambda ago: ago != 5)
    assert one_too_many == {"ash", "elm"}


def test_only_the_last_year_decides():
    assert panel(500, ash=always, elm=lambda ago: ago < 365) == {"ash", "elm"}


def test_nobody_read_is_an_empty_panel():
    assert panel(3) == frozenset()


def test_a_day_of_a_panel_has_the_quartiles_that_the_database_takes():
    day = history_of({date(2026, 1, 1): dict(zip("abcdef", map(Decimal, (1, 2, 3, 5, 8, 13)), strict=True))}).days[0]
    assert (day.p25, day.median, day.p75) == (Decimal("2.25"), Decimal(4), Decimal("7.25"))
