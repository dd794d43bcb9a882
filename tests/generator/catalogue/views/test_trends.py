from datetime import timedelta
from decimal import Decimal

from generator.catalogue.rows import ReadingsLeftOutRow
from generator.catalogue.views import trends
from generator.database.seed_files import Seeds
from generator.database.seeds import SEED
from tests.generator.catalogues import DAY, catalogue, observed, offer, readings, trend


def drawn(series):
    """Each segment as (days ago of its start, days ago of its last day, price)."""
    return [
        ((DAY - one.start.date()).days, (DAY - (one.end - timedelta(seconds=1)).date()).days, one.value)
        for one in series.segments
    ]


def test_equal_days_in_a_row_are_one_segment_and_a_change_meets_the_next_without_a_gap():
    (lowest,) = trends.market_series(catalogue(*readings("a", 5, ash=lambda ago: 3 if ago > 1 else 2)), "a")
    assert drawn(lowest) == [(4, 2, 3), (1, 0, 2)]
    assert lowest.segments[0].end == lowest.segments[1].start


def test_a_day_that_nobody_read_is_a_gap():
    (lowest,) = trends.market_series(catalogue(*readings("a", 20, ash=lambda ago: None if ago == 3 else 2)), "a")
    assert drawn(lowest) == [(19, 4, 2), (2, 0, 2)]
    assert lowest.segments[0].end < trends.midnight(DAY - timedelta(3))


def test_the_last_segment_ends_within_the_last_day():
    known = catalogue(*readings("a", 5, ash=2))
    assert trends.market_series(known, "a")[0].segments[-1].end == trends.end_of_day(known)


def test_our_own_days_come_first_and_are_never_joined_to_a_sources():
    known = catalogue(trend("a", DAY, 2, 3), *readings("a", 5, ash=1, elm=2, fir=3))
    series = trends.market_series(known, "a")
    assert [(one.label, one.kind) for one in series] == [
        ("Lowest", "own"),
        ("Median", "own"),
        ("Readers: lowest of 3", "reference"),
        ("Readers: median of 3", "reference"),
    ]
    assert drawn(series[1]) == [(0, 0, 3)]


def test_our_own_prices_are_carried_forward_from_the_day_on_which_any_was_last_read():
    days = [trend("a", DAY - timedelta(ago), 2, 3) for ago in (2, 1, 0)]
    read = offer("a", "ash", 2, last_confirmed_at=trends.midnight(DAY - timedelta(1)))
    lowest, median = trends.market_series(catalogue(read, *days), "a")
    assert lowest.segments[-1].carried_from == median.segments[-1].carried_from == trends.midnight(DAY - timedelta(1))
    lowest, _ = trends.market_series(catalogue(read._replace(last_confirmed_at=trends.midnight(DAY)), *days), "a")
    assert lowest.segments[-1].carried_from is None


def test_a_day_on_which_one_of_the_panel_was_not_read_is_left_out():
    partly = readings("a", 40, ash=3, elm=lambda ago: None if ago == 39 else 2)
    (lowest,) = trends.market_series(catalogue(*partly), "a")
    assert drawn(lowest) == [(38, 0, 2)]


def test_all_charts_have_the_same_panel_of_sellers():
    newcomer = catalogue(*readings("a", 49, ash=3, elm=4, fir=lambda ago: 1 if ago <= 30 else None))
    assert drawn(trends.market_series(newcomer, "a")[0]) == drawn(trends.whole_series(newcomer, "a")[0]) == [(48, 0, 3)]


def test_a_price_that_is_spot_or_without_its_host_here_is_not_drawn_as_on_demand():
    rows = readings("a", 40, ash=1, elm=2, fir=3)
    known = catalogue(*rows, offer("a", "ash", None, 1), offer("a", "elm", 2, price_basis="gpu_only"))
    (only,) = trends.market_series(known, "a")
    assert (only.label, drawn(only)) == ("fir, by Readers", [(39, 0, 3)])


def test_a_median_needs_three_providers():
    two, three = catalogue(*readings("a", ash=1, elm=3)), catalogue(*readings("a", ash=1, elm=3, fir=7))
    assert [one.label for one in trends.market_series(two, "a")] == ["Readers: lowest of 2"]
    assert drawn(trends.market_series(three, "a")[1]) == [(48, 0, 3)]


def test_all_that_is_licensed_is_drawn_and_credited_also_a_single_seller_beside_a_market():
    known = catalogue(*readings("a", ash=1, elm=2), *readings("a", source="others", ash=1))
    assert [one.label for one in trends.market_series(known, "a")] == ["Readers: lowest of 2", "ash, by Others"]
    assert trends.credits_of(known, "a") == ("Readers (CC BY 4.0)", "Others (CC BY 4.0)")


def test_the_change_is_of_the_floor_that_pages_state_and_never_of_other_sellers_read_by_others():
    own = [trend("a", DAY - timedelta(30), 2), offer("a", "ash", 3)]
    assert trends.change_over(catalogue(*own, *readings("a", ash=1)), "a") == Decimal("0.5")
    assert trends.change_over(catalogue(offer("a", "ash", 3), *readings("a", 45, ash=2)), "a") is None


def test_what_is_known_only_of_earlier_years_is_drawn_where_the_last_year_has_nothing():
    earlier = [row for row in readings("a", 500, ash=2) if (DAY - row.day).days > 400]
    assert drawn(trends.market_series(catalogue(*earlier), "a")[0]) == [(499, 401, 2)]
    beside = catalogue(*earlier, *readings("a", source="others", elm=1))
    assert [one.label for one in trends.market_series(beside, "a")] == ["elm, by Others"]
    assert len(trends.whole_series(beside, "a")) == 2


def test_the_days_known_are_those_of_the_longest_history():
    assert trends.days_known(catalogue(trend("a", DAY, 2), *readings("a", 29, ash=1)), "a") == 29
    assert trends.days_known(catalogue(offer("a", "ash", 1)), "a") == 0


def test_left_out_readings_are_listed_by_source_and_reason_the_most_first():
    rows = [ReadingsLeftOutRow("readers", "average", 3), ReadingsLeftOutRow("readers", "gpu_only", 9)]
    assert [(one.source, one.readings_n) for one in trends.left_out_readings(catalogue(*rows))] == [
        ("Readers", 9),
        ("Readers", 3),
    ]


def test_every_rule_of_the_seed_has_words():
    seeds = Seeds(SEED)
    rules = {count.rule for count in seeds.readings_left_out} | {basis.price_basis for basis in seeds.reading_bases}
    assert rules <= trends._LEFT_OUT.keys()


def test_the_band_of_others_is_of_five_or_more_sellers_and_not_beside_our_own_prices():
    five = readings("a", 5, ash=1, elm=2, fir=3, oak=4, yew=5)
    band = trends.market_band(catalogue(*five), "a")
    assert (band.label, {(one.low, one.high) for one in band.spans}) == ("the middle half of 5", {(2, 4)})
    assert trends.market_band(catalogue(*readings("a", 5, ash=1, elm=2)), "a") is None
    assert trends.market_band(catalogue(*five, trend("a", 1, 2)), "a") is None


def quartiles(*rows):
    band = trends.market_band(catalogue(trend("a", DAY - timedelta(1), 1, 3), *rows), "a")
    return band and [((DAY - one.start.date()).days, one.low, one.high) for one in band.spans]


def test_our_own_band_has_one_vote_per_provider_and_starts_at_four_of_them():
    rows = observed("a", 3, ash=1, elm=2, fir=3, oak=9, yew=lambda ago: 5 if ago == 0 else None)
    assert quartiles(*rows) == [(3, Decimal("1.75"), Decimal("4.5")), (2, Decimal("1.75"), Decimal("4.5")), (1, 2, 5)]
    assert quartiles(*observed("a", 3, ash=1, elm=2, fir=3)) is None
    assert quartiles(*observed("a", 3, "spot", ash=1, elm=2, fir=3, oak=9)) is None


def test_todays_quartiles_are_those_of_the_market_now():
    sold = [offer("a", name, price) for name, price in (("ash", 1), ("elm", 2), ("fir", 3), ("oak", 4))]
    assert quartiles(*sold) == [(0, Decimal("1.75"), Decimal("3.25"))]
    assert quartiles(*sold[1:]) is None
