from datetime import timedelta

from generator.catalogue.panels import panel_of
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
