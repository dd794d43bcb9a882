from datetime import timedelta
from decimal import Decimal

from generator.charts.series import Segment, Series
from generator.pages import figures
from tests.generator.catalogues import AS_OF

LONG_AGO = AS_OF - timedelta(900)


def series(label, since, until):
    return Series(label, "reference", (Segment(since, until, Decimal(2)),))


def test_only_the_sources_that_are_drawn_are_credited():
    drawn = [
        series("Readers: lowest", AS_OF - timedelta(9), AS_OF),
        series("Others: lowest", LONG_AGO, LONG_AGO + timedelta(9)),
    ]
    figure = figures.trend_figure("x", drawn, AS_OF, figures.MONTH, ("Readers (MIT)", "Others (a list) (MIT)"))
    assert figure.credit == "Readers (MIT)"


def test_a_span_of_which_nothing_is_known_has_no_figure():
    assert figures.trend_figure("x", [series("y", LONG_AGO, LONG_AGO + timedelta(9))], AS_OF, figures.YEAR, ()) is None


def test_a_year_of_which_nothing_is_known_gives_way_to_the_whole_history():
    drawn = figures.year_figure("x", [series("y", LONG_AGO, LONG_AGO + timedelta(9))], AS_OF, ())
    assert drawn.title == "x, 5 Mar to 14 Mar 2024"
    assert figures.year_figure("x", [], AS_OF, ()) is None
