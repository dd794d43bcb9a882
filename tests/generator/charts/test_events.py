from datetime import UTC, datetime, timedelta
from decimal import Decimal
from xml.etree import ElementTree

from generator.charts.events import Event, largest, summarise
from generator.charts.series import Segment, Series
from generator.charts.trend import trend

START = datetime(2026, 7, 1, tzinfo=UTC)
END = START + timedelta(days=30)
SVG = "{http://www.w3.org/2000/svg}"
LINE = Series("Lowest", "own", (Segment(START, END, Decimal(2)),))


def event(day: int, ratio: str, words: str = "RunPod: $2.00") -> Event:
    return Event(START + timedelta(days=day, hours=4), words, Decimal(ratio))


def test_the_largest_changes_of_the_period_are_marked_in_order_of_time() -> None:
    events = [event(n, ratio) for n, ratio in enumerate(("1.2", "1.03", "0.5", "1.9", "1.1", "1.3", "0.9"))]
    assert [one.at.day for one in largest([*events, event(-9, "9"), event(40, "9")], START, END)] == [1, 3, 4, 6, 7]


def test_halved_is_as_large_as_doubled() -> None:
    assert event(1, "0.5").size == event(1, "2").size


def test_a_mark_says_when_and_what_and_which_way() -> None:
    events = [event(2, "0.9"), event(5, "1.2", "</text><script>x")]
    root = ElementTree.fromstring(trend([LINE], START, END, title="x", events=events))
    marks = [one for one in root.iter(f"{SVG}text") if one.get("class") == "event"]
    assert [(one.text, one.get("data-at"), one.get("data-said")) for one in marks] == [
        ("▾", "52", "RunPod: $2.00"),  # hours
        ("▴", "124", "</text><script>x"),
    ]
    assert "▴▾ largest price changes" in {
        "".join(one.itertext()).partition("\u2003")[0] for one in root.iter(f"{SVG}text")
    }


def test_without_events_nothing_is_explained() -> None:
    assert "▴" not in trend([LINE], START, END, title="x", events=[event(90, "2")])


def test_words_have_each_with_its_day() -> None:
    assert summarise([event(2, "2", "Ash: $4.00, up 100.0% from $2.00")]) == (
        "Largest price changes observed: 3 Jul 2026, Ash: $4.00, up 100.0% from $2.00."
    )
    assert summarise([]) == ""
