from decimal import Decimal
from xml.etree import ElementTree

from generator.charts.dumbbell import Pair, dumbbell
from generator.charts.dumbbell import summarise as pairs_in_words
from generator.charts.position import Position, position
from generator.charts.position import summarise as positions_in_words
from generator.charts.scatter import Dot, cheapest, scatter
from generator.charts.spread import Spread, spread, table

SVG = "{http://www.w3.org/2000/svg}"
ON_DEMAND = Spread("On demand", *map(Decimal, ("2", "2.5", "3", "4", "6")), providers_n=9)
NASTY = "</svg><script>alert(1)</script>&"


def texts(svg: str) -> list[str]:
    return ["".join(element.itertext()) for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_spread_names_floor_median_ceiling_and_providers() -> None:
    assert texts(spread([ON_DEMAND], title="x")) == ["On demand", "9 providers", "$2.00", "$6.00", "median $3.00", "$0"]


def test_spread_puts_the_box_between_the_quartiles() -> None:
    (box,) = ElementTree.fromstring(spread([ON_DEMAND], title="x")).iter(f"{SVG}rect")
    assert (box.get("x"), box.get("width")) == ("44.67%", "16%")


def test_spread_of_one_price_is_drawn() -> None:
    one = Spread("Spot", *[Decimal(1)] * 5, providers_n=1)
    assert "1 provider" in texts(spread([one], title="x"))


def test_spread_table_says_the_same() -> None:
    assert table([ON_DEMAND])[1] == ("On demand", "$2.00", "$2.50", "$3.00", "$4.00", "$6.00", "9")


def test_position_puts_more_expensive_right_of_the_median() -> None:
    rows = [Position("H100 SXM", Decimal("0.9")), Position("L4", Decimal("1.3"))]
    root = ElementTree.fromstring(position(rows, title="x"))
    dots = [float(dot.get("cx", "").rstrip("%")) for dot in root.iter(f"{SVG}circle")]
    centre = next(line for line in root.iter(f"{SVG}line") if line.get("class") == "axis").get("x1", "")
    assert dots[0] < float(centre.rstrip("%")) < dots[1]


def test_position_in_words() -> None:
    rows = [Position("H100 SXM", Decimal("0.9")), Position("L4", Decimal("1.3")), Position("A100", Decimal(1))]
    assert positions_in_words(rows) == (
        "1 of 3 GPUs below the median of the others, 1 above; furthest below: H100 SXM (−10%); "
        "furthest above: L4 (+30%)."
    )


def test_dumbbell_shows_both_prices_of_each_row() -> None:
    svg = dumbbell([Pair("H100 SXM", Decimal("2.49"), Decimal("3.1"))], "A", "B", title="x")
    assert texts(svg) == ["●A○B", "H100 SXM", "$2.49$3.10"]


def test_dumbbell_in_words() -> None:
    rows = [Pair("a", Decimal(1), Decimal(2)), Pair("b", Decimal("2.001"), Decimal(2))]
    assert pairs_in_words(rows, "A", "B") == "Of 2 compared, A is cheaper for 1, B for 0, 1 at the same price."


def test_charts_escape_what_they_are_given() -> None:
    price = Decimal(1)
    charts = [
        spread([Spread(NASTY, price, price, price, price, price, 1)], title=NASTY),
        position([Position(NASTY, price)], title=NASTY),
        dumbbell([Pair(NASTY, price, price)], NASTY, NASTY, title=NASTY),
    ]
    for svg in charts:
        assert not list(ElementTree.fromstring(svg).iter(f"{SVG}script"))
        assert "style=" not in svg


def test_no_rows_make_no_chart() -> None:
    assert spread([], title="x") == position([], title="x") == dumbbell([], "a", "b", title="x") == ""


def test_spread_of_near_prices_marks_that_its_axis_is_broken() -> None:
    near = Spread("Spot", *map(Decimal, ("2.8", "2.9", "2.9", "3", "3")), providers_n=4)
    assert [('class="break"' in spread([row], title="x")) for row in (near, ON_DEMAND)] == [True, False]


def test_scatter_names_what_costs_least_for_its_size() -> None:
    dots = [
        Dot("Big", Decimal(80), Decimal(2)),
        Dot("Dear", Decimal(48), Decimal(3)),
        Dot("Small", Decimal(24), Decimal(1)),
    ]
    svg = scatter(dots, title="x", quantity="memory", unit="GB")
    assert {"Big", "Small"} <= set(texts(svg))
    assert "Dear" not in texts(svg)
    assert [dot.label for dot in cheapest(dots)] == ["Big", "Small"]
    assert "The cheapest for their memory: Big (80 GB, $2.00), Small (24 GB, $1.00)." in svg


def test_scatter_of_one_is_none() -> None:
    assert scatter([Dot("a", Decimal(1), Decimal(1))], title="x", quantity="memory", unit="GB") == ""
