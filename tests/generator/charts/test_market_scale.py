from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from generator.charts.market_scale import Market, market_scale, summarise
from generator.charts.spread import Spread

SVG = "{http://www.w3.org/2000/svg}"
FIGURES = Spread("H100", *map(Decimal, ("2", "2.5", "3", "4", "6")), providers_n=9)
PRICES = tuple(map(Decimal, ("2", "3", "3", "6")))
ALONE = [Market(FIGURES, PRICES)]
DEARER = replace(
    FIGURES, label="B200", floor=Decimal(4), p25=Decimal(5), median=Decimal(7), p75=Decimal(8), ceiling=Decimal(10)
)
BOTH = [Market(FIGURES), Market(DEARER)]


def drawn(markets: list[Market], title: str = "x") -> ElementTree.Element:
    return ElementTree.fromstring(market_scale(markets, title=title))


def texts(root: ElementTree.Element) -> list[str]:
    return ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]


def line(root: ElementTree.Element, name: str) -> list[tuple[float, float]]:
    """From where to where the lines of this class go, in percent."""
    return [
        (float(one.get("x1", "").rstrip("%")), float(one.get("x2", "").rstrip("%")))
        for one in root.iter(f"{SVG}line")
        if one.get("class") == name
    ]


def test_a_market_goes_from_its_lowest_to_its_highest_price_with_the_middle_half_and_the_median() -> None:
    root = drawn(ALONE)
    assert line(root, "axis") == [(1, 99)]
    assert line(root, "half") == [(13.25, 50)]
    assert line(root, "median") == [(25.5, 25.5)]
    assert texts(root) == ["median $3.00", "lowest", "highest $6.00"]


def test_each_price_is_one_dot_and_the_lowest_stands_out() -> None:
    dots = [(one.get("cx"), one.get("class")) for one in drawn(ALONE).iter(f"{SVG}circle")]
    assert dots == [("1%", None), ("25.5%", None), ("99%", None), ("1%", "best")]


def test_markets_share_an_axis_and_are_named() -> None:
    root = drawn(BOTH)
    assert line(root, "axis") == [(1, 50), (25.5, 99)]
    assert texts(root) == [
        "H100, median $3.00", "from $2.00", "to $6.00", "B200, median $7.00", "from $4.00", "to $10.00",
    ]  # fmt: skip


def test_words_say_what_is_drawn() -> None:
    words = (
        "9 providers, each with its lowest price: from $2.00 to $6.00, the middle half from $2.50 to $4.00, "
        "median $3.00."
    )
    assert summarise(ALONE) == words
    assert summarise(BOTH).startswith(f"H100: {words} B200: 9 providers,")
    assert words in "".join(drawn(ALONE).itertext())


@pytest.mark.parametrize("markets", [[], [Market(Spread("a", *[Decimal(2)] * 5, providers_n=1))]])
def test_what_has_no_two_prices_is_not_drawn(markets: list[Market]) -> None:
    assert market_scale(markets, title="x") == ""


def test_a_market_of_one_price_is_a_point_beside_a_wider_one() -> None:
    point = Market(Spread("a", *[Decimal(4)] * 5, providers_n=1))
    assert line(drawn([*ALONE, point]), "axis") == [(1, 99), (50, 50)]


def test_labels_at_the_ends_stay_within_the_picture() -> None:
    anchors = [one.get("text-anchor") for one in drawn(ALONE).iter(f"{SVG}text")]
    assert anchors == ["middle", "start", "end"]
    high = replace(FIGURES, median=Decimal("5.9"), p75=Decimal("5.9"))
    assert next(drawn([Market(high)]).iter(f"{SVG}text")).get("text-anchor") == "end"


def test_names_are_text() -> None:
    nasty = "</svg><script>alert(1)</script>&"
    root = drawn([Market(replace(FIGURES, label=nasty)), Market(DEARER)], title=nasty)
    assert not list(root.iter(f"{SVG}script"))
    assert texts(root)[0] == f"{nasty}, median $3.00"
