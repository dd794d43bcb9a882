import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from generator.charts import card, card_drawings
from generator.charts.card_drawings import markets, over_time
from generator.charts.market_scale import Market
from generator.charts.series import Segment, Series
from generator.charts.spread import Spread
from generator.model.card import NO_CARD, Card

TOKENS = Path(__file__).parents[3] / "templates" / "assets" / "site.css" / "1-tokens.css"
AT = datetime(2026, 8, 22, 6, tzinfo=UTC)
FIVE = Spread("H100 SXM", *map(Decimal, (1, 2, 3, 4, 5)), 6)


def drawn(heading="H100 SXM cloud pricing", shown=NO_CARD, read_at=AT, description="Rent it."):
    return etree.fromstring(card.card("CloudGPUs", heading, description, shown, read_at))


def texts(svg):
    return [text.text for text in svg.iterfind("{*}text")]


def steps(*found, kind="own"):
    return Series("Lowest", kind, tuple(Segment(AT + timedelta(a), AT + timedelta(b), Decimal(c)) for a, b, c in found))


def line(*found, kind="own"):
    return over_time([steps(*found, kind=kind)], AT, AT + timedelta(99))


def test_a_picture_has_the_site_the_month_the_heading_and_the_figure():
    assert texts(drawn(shown=Card("$1.75", "per GPU-hour, at Lium"))) == [
        "CloudGPUs",
        "Prices of August 2026",
        "H100 SXM cloud pricing",
        "$1.75",
        "per GPU-hour, at Lium",
    ]


def test_without_a_figure_it_says_what_the_page_is_about():
    assert texts(drawn("Guides", read_at=None)) == ["CloudGPUs", None, "Guides", "Rent it."]


@pytest.mark.parametrize("figure", ["", "$1.75"])
def test_words_that_have_no_room_are_cut(figure):
    found = drawn("W" * 400 + " end", Card(figure, "mm " * 400), description="m" * 900)
    for text in found.iterfind("{*}text"):
        assert card._width(text.text or "") * int(text.get("font-size")) <= card.WIDTH


@pytest.mark.parametrize("hostile", ["</text><script>alert(1)</script>", "&<>\"'\x00", "{name}{0}"])
@pytest.mark.parametrize("shown", [NO_CARD, Card("$1", "<b>&")])
def test_hostile_words_stay_text(hostile, shown):
    found = drawn(hostile, shown, description=hostile)
    assert found.findall(".//{*}script") == []
    assert hostile.replace("\x00", "") in texts(found)


def test_colours_are_those_of_the_light_scheme():
    light = dict(re.findall(r"--(\w+): (#\w+);", TOKENS.read_text("utf-8").partition("@media")[0]))
    own = {name: getattr(card_drawings, name.upper()) for name in ("ink", "muted", "line", "edge", "accent")}
    assert own | {"bg": card.PAPER} == {name: light[name] for name in (*own, "bg")}


def test_a_market_is_drawn_from_its_lowest_to_its_highest_price():
    found = markets([Market(FIVE)])
    assert [text for text in ("lowest $1.00", "median $3.00", "highest $5.00") if text not in found] == []
    assert 'd="M16 75H1056"' in found
    assert 'cx="16"' in found


@pytest.mark.parametrize(("at", "x"), [("3", "536"), ("0.5", "16"), ("9", "1056")])
def test_a_price_stands_where_it_lies_on_its_market(at, x):
    assert f'cx="{x}"' in markets([Market(FIVE)], Decimal(at))


def test_two_markets_share_an_axis():
    other = Spread("B200", *map(Decimal, (3, 4, 5, 6, 9)), 6)
    found = markets([Market(FIVE), Market(other)])
    assert "H100 SXM: $1.00 to $5.00, median $3.00" in found
    assert ['d="M16 52H536"' in found, 'd="M276 52H1056"' in found] == [True, True]


def test_one_price_needs_no_scale():
    assert markets([Market(Spread("A", *[Decimal(2)] * 5, 1))]) == markets([]) == ""


def test_a_gap_breaks_the_line_and_a_change_is_a_step():
    path = re.search(r'd="(M\S+ [^"]*)" fill="none"', line((0, 10, 2), (10, 20, 3), (30, 40, 3)))[1]
    assert re.sub(r"[\d.]+", "0", path) == "M0 0H0V0H0M0 0H0"


def test_another_day_of_the_month_draws_the_same():
    assert line((0, 5, 2), (5, 7, 3)) == line((0, 5, 2), (5, 8, 3))
    assert line((0, 5, 2), (5, 7, 3)) != line((0, 5, 2), (5, 40, 3))
    assert line((0, 5, 2), (5, 7, 3)) != line((0, 5, 2), (5, 8, 4))
    long = [steps((-99, 99, 2), (99, 199, 3))]
    assert over_time(long, AT, AT + timedelta(120)) == over_time(long, AT + timedelta(1), AT + timedelta(121))


def test_others_readings_are_dashed():
    assert "stroke-dasharray" in line((0, 9, 2), kind="reference")
    assert "stroke-dasharray" not in line((0, 9, 2))


def test_nothing_known_is_no_line():
    assert line((-39, -35, 2)) == over_time([], AT, AT) == ""
