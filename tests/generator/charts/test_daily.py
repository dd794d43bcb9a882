from xml.etree import ElementTree

from generator.charts.daily import daily, summarise

SVG = "{http://www.w3.org/2000/svg}"


def test_each_day_is_as_high_as_it_could_be_rented_and_what_is_not_known_stays_empty() -> None:
    root = ElementTree.fromstring(daily("iio--i"))
    assert [(one.get("class"), one.get("d")) for one in root] == [
        ("track", "M0 14.5h18"),
        ("in", "M0 0h6v14h-6z"),
        ("out", "M6 9h3v5h-3z"),
        ("in", "M15 0h3v14h-3z"),
    ]


def test_it_says_on_how_many_days_and_what_was_last() -> None:
    assert summarise("iio--i") == "in stock on 3 of 4 days observed, in stock on the last"
    assert summarise("--o-") == "in stock on 0 of 1 day observed, sold out on the last"
    assert summarise("----") == "not observed"
