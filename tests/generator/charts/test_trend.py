import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.charts.series import short_names, within
from generator.charts.trend import Band, Quartiles, Segment, Series, finding, summarise, table, trend

START = datetime(2026, 7, 1, tzinfo=UTC)
END = START + timedelta(days=30)
SVG = "{http://www.w3.org/2000/svg}"


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def segment(first: float, last: float, price: str) -> Segment:
    return Segment(day(first), day(last), Decimal(price))


def own(*segments: Segment, label: str = "Lowest") -> Series:
    return Series(label, "own", segments)


def drawn(*series: Series, end: datetime = END) -> ElementTree.Element:
    return ElementTree.fromstring(trend(series, START, end, title="H100"))


def paths(root: ElementTree.Element) -> list[str]:
    return [element.get("d", "") for element in root.iter(f"{SVG}path") if "line" in element.get("class", "")]


def heights(root: ElementTree.Element) -> set[Decimal]:
    """The prices at which lines are drawn, read from their paths as the page's script does."""
    places = next(element for element in root.iter(f"{SVG}svg") if element.get("class") == "steps").get("data-places")
    found: set[int] = set()
    for path in paths(root):
        y = 0
        for letter, number in re.findall(r"([Mvh])(?:[-\d]+ )?(-?\d+)", path):
            y = int(number) if letter == "M" else y + int(number) if letter == "v" else y
            found.add(y)
    return {Decimal(-y).scaleb(-int(places or 0)) for y in found}


def texts(root: ElementTree.Element) -> list[str]:
    return ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]


def test_price_stands_level_until_the_next_is_seen() -> None:
    (path,) = paths(drawn(own(segment(0, 15, "2"), segment(15, 30, "4"))))
    assert path == "M0 -200h360v-200h360"  # hours and cents


def test_gap_lifts_the_pen() -> None:
    (path,) = paths(drawn(own(segment(0, 10, "2"), segment(20, 30, "2"))))
    assert path.count("M") == 2
    assert path == "M0 -200h240M480 -200h240"


def test_price_that_was_seen_once_is_still_drawn() -> None:
    root = drawn(own(segment(3, 3, "2")))
    assert paths(root) == ["M72 -200h0"]
    assert [path.get("class") for path in root.iter(f"{SVG}path") if path.get("class") != "break"] == ["line point s1"]


def test_an_axis_begins_at_zero_or_marks_its_break() -> None:
    wide = drawn(own(segment(0, 10, "1"), segment(10, 30, "3")))
    narrow = drawn(own(segment(0, 10, "2.80"), segment(10, 30, "3")))
    assert [bool(root.findall(f".//{SVG}path[@class='break']")) for root in (wide, narrow)] == [False, True]
    assert "$/GPU-hour, axis from $2.70" in texts(narrow)


def test_a_long_line_is_drawn_in_longer_steps_and_says_so() -> None:
    line = own(*(segment(n / 20, (n + 1) / 20, f"{2 + n % 7}.{n % 90 + 10}") for n in range(600)))
    svg = trend([line], START, END, title="H100")
    root = ElementTree.fromstring(svg)
    assert len(svg) < 6000
    assert "in longer steps than the table" in texts(root)[0]
    prices = [one.value for one in line.segments]
    assert {min(prices), max(prices)} <= heights(root)


def test_of_many_lines_the_first_are_named_and_all_are_drawn() -> None:
    root = drawn(*(own(segment(0, 30, f"{n + 1}"), label=f"Line {n}") for n in range(40)))
    assert heights(root) == set(range(1, 41))
    assert any("32 others, in grey" in text for text in texts(root))


def test_a_band_is_drawn_behind_the_lines() -> None:
    band = Band("middle half", (Quartiles(day(0), day(10), Decimal(2), Decimal(3)),))
    svg = trend([own(segment(0, 30, "2.5"))], START, END, title="H100", band=band)
    assert '<path class="band" d="M0 -200V-200H240V-300H0z"/>' in svg
    assert svg.index("band") < svg.index('class="line')


def test_a_chart_beside_another_has_the_same_axis_and_the_same_room_for_names() -> None:
    lines = own(segment(0, 30, "2")), own(segment(0, 30, "9"), label="A name of 20 letters")
    one, other = (
        trend([line], START, END, title="x", beside=[beside])
        for line, beside in ((lines[0], lines[1]), (lines[1], lines[0]))
    )
    axes = [re.findall(r'viewBox="[^"]+"|class="chart[^"]*"|<text[^>]*class="tick[^<]*', svg) for svg in (one, other)]
    assert axes[0] == axes[1]
    assert axes[0] != re.findall(r'viewBox="[^"]+"', trend([lines[0]], START, END, title="x"))
    assert "A name of 20" not in one


def test_nothing_known_draws_nothing() -> None:
    assert trend([own(segment(-9, -5, "2"))], START, END, title="H100") == ""


def test_reference_is_dashed_and_says_so() -> None:
    root = drawn(own(segment(0, 30, "2")), Series("ComputePrices", "reference", (segment(0, 30, "3"),)))
    dashed = [path for path in root.iter(f"{SVG}path") if path.get("stroke-dasharray")]
    assert len(dashed) == 1
    assert "dashed: others’ readings" in texts(root)[0]
    assert any("- - ComputePrices" in text for text in texts(root))


def test_the_legend_of_a_wide_chart_leaves_out_what_the_ends_of_lines_say() -> None:
    band = Band("middle half", (Quartiles(day(0), day(10), Decimal(2), Decimal(3)),))
    lines = own(segment(0, 30, "2.5")), own(segment(0, 30, "3"), label="Median")
    root = ElementTree.fromstring(trend(lines, START, END, title="H100", band=band))
    (row,) = [text for text in root.iter(f"{SVG}text") if "legend" in text.get("class", "")]
    assert "".join(row.itertext()).split("\u2003") == ["▒ middle half", "— Lowest", "— Median"]
    assert [row.get("class"), "".join(row.find(f"{SVG}tspan[@class='narrow']").itertext())] == [  # type: ignore[union-attr]
        "legend",
        "\u2003— Lowest\u2003— Median",
    ]
    assert root.get("class") == "chart chart-trend n8 under-0"


def test_rows_of_the_legend_that_a_wide_chart_leaves_out_are_its_last() -> None:
    root = drawn(*(own(segment(0, 30, f"{n + 1}"), label=f"Line of letters {n}") for n in range(9)))
    rows = [text.get("class") for text in root.iter(f"{SVG}text") if "legend" in text.get("class", "")]
    assert rows == ["legend", *["legend narrow"] * 4]
    assert root.get("class") == "chart chart-trend n18 under-4"


@pytest.mark.parametrize(
    ("label", "price", "room"), [("Lowest", "2", "n8"), ("lowest of 12", "2", "n12"), ("Lowest", "12000", "n12")]
)
def test_a_plot_is_as_wide_as_the_names_at_its_lines_ends_permit(label: str, price: str, room: str) -> None:
    assert room in (drawn(own(segment(0, 30, price), label=label)).get("class") or "").split()


def test_others_are_named_shortly_and_apart() -> None:
    labels = ("Readers: lowest of 6", "Watchers: lowest of 6", "Lambda, by Readers")
    lines = [Series(label, "reference", (segment(0, 30, "3"),)) for label in labels]
    assert short_names(lines) == ["lowest of 6, Readers", "lowest of 6, Watchers", "Lambda"]


def test_a_sixth_line_has_the_first_ones_colour_and_is_dotted() -> None:
    lines = [Series(f"Line {n}", "reference", (segment(0, 9, f"{n}"),)) for n in range(6)]
    svg = trend(lines, START, END, title="H100")
    assert svg.count('class="line s1"') == 2
    assert (svg.count('stroke-dasharray="0 5"'), svg.count("· · ·")) == (1, 1)


def test_ends_of_lines_carry_their_price_apart_from_each_other() -> None:
    root = drawn(own(segment(0, 30, "2.00")), own(segment(0, 30, "2.01"), label="Median"))
    ends = [element for element in root.iter(f"{SVG}text") if element.get("class", "").startswith("end")]
    places = [float(element.get("y", "")) for element in ends]
    assert {"".join(end.itertext()) for end in ends} == {"$2.00Lowest", "$2.01Median"}
    assert abs(places[0] - places[1]) >= 14.9


def test_lowest_and_highest_are_named() -> None:
    shown = texts(drawn(own(segment(0, 10, "2.49"), segment(10, 20, "1.99"), segment(20, 30, "2.10"))))
    assert {"low $1.99", "high $2.49"} <= set(shown)


def test_lowest_price_on_the_axis_keeps_its_label_off_the_days() -> None:
    root = drawn(own(segment(0, 10, "0.35"), segment(10, 30, "0.45")))
    (low,) = [element for element in root.iter(f"{SVG}text") if element.text == "low $0.35"]
    days = [float(element.get("y", "")) for element in root.iter(f"{SVG}text") if element.text == "9 Jul"]
    assert float(low.get("y", "")) < days[0] - 15


def test_ticks_of_cents_have_no_tenths() -> None:
    shown = texts(drawn(own(segment(0, 10, "0.35"), segment(10, 30, "0.44"))))
    assert {text for text in shown if text.startswith("$0")} >= {"$0.35", "$0.40", "$0.45"}


def test_flat_line_has_an_axis_around_it() -> None:
    shown = texts(drawn(own(segment(0, 30, "0.0133"))))
    assert "$0.0133Lowest" in shown
    assert len([text for text in shown if text.startswith("$")]) >= 4


@pytest.mark.parametrize(("days", "label"), [(30, "9 Jul"), (365, "Oct 2026"), (1500, "2028"), (1, "2 Jul")])
def test_time_axis_has_few_round_ticks(days: int, label: str) -> None:
    end = day(days) + timedelta(hours=5)
    root = drawn(own(Segment(START, end, Decimal(2))), end=end)
    ticks = [element.text for element in root.iter(f"{SVG}text") if "tick" in element.get("class", "")]
    dates = [tick for tick in ticks if tick and not tick.startswith("$")]
    assert label in dates
    assert 1 <= len(dates) <= 6


def test_title_and_words_are_there_for_those_who_do_not_see() -> None:
    root = drawn(own(segment(0, 30, "2")))
    assert (root.get("role"), root.get("aria-label")) == ("img", "H100")
    assert root.findtext(f"{SVG}desc") == "Lowest: $2.00 on 30 Jul 2026, as on 1 Jul."


def test_no_style_and_no_script_in_it() -> None:
    svg = trend([own(segment(0, 30, "2"), label="</text><script>alert(1)</script>\x00")], START, END, title="<b>")
    assert "style" not in svg
    assert "<script" not in svg
    assert ElementTree.fromstring(svg).get("aria-label") == "<b>"


def test_same_rows_make_the_same_bytes() -> None:
    rows = [own(segment(0, 12, "2.1"), segment(12, 30, "2.2"))]
    assert trend(rows, START, END, title="x") == trend(rows, START, END, title="x")


def test_summary_says_where_from_where_to_and_what_is_unknown() -> None:
    line = own(segment(4, 10, "2.99"), segment(10, 20, "2.49"), segment(25, 30, "3.29"))
    assert summarise([line], START, END) == (
        "Lowest: from $2.99 on 5 Jul to $3.29 on 30 Jul 2026, up 10.0%; lowest $2.49 from 11 Jul, "
        "highest $3.29 from 26 Jul; no prices known from 21 Jul to 25 Jul 2026."
    )


def test_summary_says_since_when_nothing_is_known() -> None:
    assert summarise([own(segment(0, 9, "2"))], START, END).endswith("no prices known after 9 Jul 2026.")


def test_summary_says_of_a_price_that_came_back_that_its_ends_are_the_same() -> None:
    line = own(segment(0, 10, "2"), segment(10, 20, "3"), segment(20, 30, "2"))
    assert "to $2.00 on 30 Jul 2026, the same at both ends; lowest $2.00" in summarise([line], START, END)


def carried(first: float, last: float, read: float, price: str = "2") -> Segment:
    return Segment(day(first), day(last), Decimal(price), day(read))


def test_a_last_price_that_nobody_read_again_says_so_and_until_when_it_counts() -> None:
    line = own(segment(0, 10, "3"), carried(10, 30, 25))
    assert finding([line], START, END) == (
        "Lowest: $2.00 on 30 Jul 2026, down 33.3% from $3.00 on 1 Jul; last read on 26 Jul, "
        "carried forward until 30 Jul."
    )
    said = "; carried forward without another reading from 26 Jul to 30 Jul 2026."
    assert summarise([line], START, END).endswith(said)
    assert table([line])[1] == ("Lowest", "11 Jul 2026", "30 Jul 2026, last read 26 Jul", "$2.00")


def test_a_price_that_was_read_on_the_day_before_the_next_one_is_not_carried_forward() -> None:
    line = own(carried(0, 10.4, 9.4), carried(10.4, 30, 29.9, "3"))
    assert "carried" not in finding([line], START, END) + summarise([line], START, END)
    assert table([line])[2][2] == "11 Jul 2026"


def test_the_longest_of_the_times_without_a_reading_is_said() -> None:
    line = own(carried(0, 10, 7), carried(10, 20, 11, "3"), segment(20, 30, "4"))
    assert summarise([line], START, END).endswith(
        "; carried forward without another reading 2 times, for longest from 12 Jul to 20 Jul 2026."
    )


def test_a_price_read_again_as_it_was_is_not_carried_forward() -> None:
    line = own(carried(0, 10, 5), carried(10, 30, 30))
    assert "carried" not in finding([line], START, END) + summarise([line], START, END)


def test_the_finding_says_of_a_line_that_ends_early_that_nothing_is_known_after_it() -> None:
    assert finding([own(segment(0, 9, "2"))], START, END) == (
        "Lowest: $2.00 on 9 Jul 2026, as on 1 Jul; none known after 9 Jul."
    )
    assert finding([own(segment(8, 9, "2"))], START, END) == "Lowest: $2.00 on 9 Jul 2026; none known after 9 Jul."


def test_table_lists_changes_newest_first() -> None:
    rows = table([own(segment(0, 10, "2"), segment(10, 12, "2"), segment(12, 30, "2.5"))])
    assert rows == (
        ("Series", "From", "To", "Price"),
        ("Lowest", "13 Jul 2026", "30 Jul 2026", "$2.50"),
        ("Lowest", "1 Jul 2026", "12 Jul 2026", "$2.00"),
    )


def test_long_table_says_how_much_it_leaves_out() -> None:
    rows = table([own(*(segment(n, n + 1, str(n + 1)) for n in range(30)))], most=10)
    assert (len(rows), rows[-1][3]) == (12, "and 20 earlier prices")


steps = st.lists(
    st.tuples(st.integers(1, 2000), st.integers(0, 500), st.decimals("0.001", "900", places=3)), min_size=1, max_size=20
)


def walk(parts: list[tuple[int, int, Decimal]]) -> list[Segment]:
    at, segments = START - timedelta(hours=100), []
    for hours, unseen, price in parts:
        segments.append(Segment(at, at + timedelta(hours=hours), price))
        at += timedelta(hours=hours + unseen)
    return segments


@given(steps)
def test_path_has_no_price_that_no_segment_has(parts: list[tuple[int, int, Decimal]]) -> None:
    line = own(*walk(parts))
    known = within(line.segments, START, END)
    drawing = trend([line], START, END, title="x")
    shown = heights(ElementTree.fromstring(drawing)) if drawing else set()
    assert shown <= {segment.value for segment in known}


@given(steps)
def test_every_gap_stays_a_gap(parts: list[tuple[int, int, Decimal]]) -> None:
    known = within(walk(parts), START, END)
    drawing = trend([own(*walk(parts))], START, END, title="x")
    lifted = sum(one.end != other.start for one, other in pairwise(known))
    assert ("".join(paths(ElementTree.fromstring(drawing))).count("M") if drawing else 0) == (
        lifted + 1 if known else 0
    )


@given(steps)
def test_cutting_to_a_period_keeps_what_stood_at_each_instant(parts: list[tuple[int, int, Decimal]]) -> None:
    segments = walk(parts)
    known = within(segments, START, END)
    for hour in range(0, 720, 37):
        at = START + timedelta(hours=hour, minutes=1)
        before = [one.value for one in segments if one.start <= at < one.end]
        assert [one.value for one in known if one.start <= at < one.end] == before
