from datetime import date, timedelta
from xml.etree import ElementTree

from generator.charts.strip import State, Stretch, finding, strip, table

FIRST = date(2026, 7, 1)
SVG = "{http://www.w3.org/2000/svg}"


def stretch(first: int, last: int, state: State) -> Stretch:
    return Stretch(FIRST + timedelta(first), FIRST + timedelta(last), state)


ROWS = [stretch(0, 9, "in"), stretch(10, 10, "out"), stretch(14, 20, "in"), stretch(21, 22, "absent")]


def test_each_stretch_is_as_wide_as_its_days_and_what_is_not_known_stays_empty() -> None:
    root = ElementTree.fromstring(strip(ROWS, title="x"))
    (row,) = root.iterfind(f".//{SVG}svg")
    assert row.get("viewBox") == "0 0 23 26"
    assert [(one.get("class"), one.get("d")) for one in row] == [
        ("mark in", "M0 0h10v26h-10z"),
        ("mark out", "M10 13h1v13h-1z"),
        ("mark in", "M14 0h7v26h-7z"),
        ("mark absent", "M21 24h2v2h-2z"),
    ]


def test_the_legend_has_the_states_there_are() -> None:
    root = ElementTree.fromstring(strip(ROWS, title="x"))
    rows = ["".join(text.itertext()) for text in root.iter(f"{SVG}text") if text.get("class") == "legend"]
    assert rows == ["█ in stock\u2003▄ sold out\u2003▁ not listed"]


def test_its_finding_counts_the_days_known_and_says_what_was_last() -> None:
    assert (
        finding(ROWS)
        == "In stock on 17 of 20 known days, sold out on 1, not listed on 2; not listed on the last, 23 Jul 2026."
    )


def test_its_table_has_a_row_for_each_mark_in_their_order() -> None:
    assert table(ROWS)[:3] == (
        ("From", "To", "Days", "State"),
        ("1 Jul 2026", "10 Jul 2026", "10", "in stock"),
        ("11 Jul 2026", "11 Jul 2026", "1", "sold out"),
    )
    assert len(table(ROWS)) == strip(ROWS, title="x").count('class="mark') + 1


def test_one_state_or_one_day_is_not_drawn() -> None:
    assert strip([], title="x") == ""
    assert strip([stretch(0, 0, "out")], title="x") == ""
    assert strip([stretch(0, 5, "in"), stretch(9, 20, "in")], title="x") == ""
