from datetime import timedelta
from decimal import Decimal

from generator.catalogue.rows import IncompleteReadingRow
from generator.catalogue.views import indices, trends
from tests.generator.catalogues import DAY, catalogue, observed, offer, provider, readings

THREE = {"ash": 2, "elm": 3, "fir": 7}


def test_an_index_is_the_median_of_a_panel_of_three_with_its_changes_and_constituents():
    rows = readings("a", 40, ash=2, elm=lambda ago: 4 if ago >= 7 else 3, fir=7)
    (index,) = indices.indices(catalogue(*rows), "a")
    assert (index.line.value, index.line.on, index.line.providers_n, index.line.source) == (3, DAY, 3, "Readers")
    assert index.line.changes == (0, Decimal("-0.25"), Decimal("-0.25"), None, None)
    assert [(one.provider.text, one.price) for one in index.constituents] == [("ash", 2), ("elm", 3), ("fir", 7)]


def test_two_providers_or_29_days_are_no_index():
    assert indices.indices(catalogue(*readings("a", 40, ash=2, elm=3)), "a") == ()
    assert indices.indices(catalogue(*readings("a", 29, **THREE)), "a") == ()
    assert len(indices.indices(catalogue(*readings("a", 30, **THREE)), "a")) == 1


def test_an_index_needs_a_value_on_80_percent_of_its_span_and_names_the_days_without_one():
    (index,) = indices.indices(
        catalogue(*readings("a", 40, **THREE | {"fir": lambda ago: 7 if ago not in (3, 4, 9) else None})), "a"
    )
    assert (index.line.days_n, index.line.span_n) == (37, 40)
    assert index.gaps == ((DAY - timedelta(9),) * 2, (DAY - timedelta(4), DAY - timedelta(3)))
    nobody_for_long = [row for row in readings("a", 60, **THREE) if not 5 < (DAY - row.day).days < 20]
    assert indices.indices(catalogue(*nobody_for_long), "a") == ()


def test_who_is_not_counted_is_named_with_the_reason():
    rows = readings(
        "a", 40, **THREE, late=lambda ago: 1 if ago < 20 else None, left=lambda ago: 1 if ago else None, spot=1
    )
    spot_only, bare = offer("a", "spot", None, 1), IncompleteReadingRow("a", "readers", "bare", "gpu_only")
    (index,) = indices.indices(catalogue(*rows, spot_only, bare), "a")
    assert [(one.provider.text, one.reason, one.days_n) for one in index.excluded] == [
        ("left", "left", 39),
        ("late", "partly", 20),
        ("Spot", "not_on_demand", 0),
        ("bare", "gpu_only", 0),
    ]


def test_our_own_observations_make_indices_of_their_own_of_each_pricing_type_that_come_first():
    rows = [*observed("a", 40, **THREE), *observed("a", 40, "spot", ash=1, elm=1, fir=1), *readings("a", 40, **THREE)]
    found = [(index.line.source, index.line.pricing_type) for index in indices.indices(catalogue(*rows), "a")]
    assert found == [("", "on_demand"), ("", "spot"), ("Readers", "on_demand")]
    assert [line.source for line in indices.index_lines(catalogue(*rows))] == ["", ""]


def test_each_segment_of_three_has_an_index_of_its_own_panel():
    sellers = {"ash": 2, "elm": 3, "fir": 7, "ivy": 9}
    kinds = [provider(slug, provider_type="hyperscaler" if slug == "ivy" else "bare_metal") for slug in sellers]
    whole, cloud = indices.indices(catalogue(*kinds, *readings("a", 40, **sellers)), "a")
    assert (whole.line.segment, whole.line.value, whole.line.providers_n) == ("", 5, 4)
    assert (cloud.line.segment, cloud.line.value, cloud.line.providers_n) == ("cloud", 3, 3)


def test_an_index_without_a_value_in_the_last_week_is_in_no_list():
    ended = [row for row in readings("a", 60, **THREE) if (DAY - row.day).days > 7]
    assert [index.line.is_current for index in indices.indices(catalogue(*ended), "a")] == [False]
    assert indices.index_lines(catalogue(*ended)) == ()


def test_the_index_is_the_median_that_charts_show():
    known = catalogue(*readings("a", 40, **THREE))
    (line,) = indices.index_series(known, "a")
    assert line.segments == trends.market_series(known, "a")[1].segments
