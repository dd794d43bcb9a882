from decimal import Decimal
from xml.etree import ElementTree

import pytest

from generator.charts.on_scale import on_scale


@pytest.mark.parametrize(
    ("at", "median", "x", "tick", "side"),
    [
        ("0", "0.5", "4", "M36 2v8", "low"),
        ("0.5", "0.5", "36", "M36 2v8", "low"),
        ("1", "0.25", "68", "M20 2v8", "high"),
        ("0.26", "0.25", "20.6", "M20 2v8", "high"),
    ],
)
def test_a_price_is_a_dot_on_a_line_with_a_tick_at_the_median(
    at: str, median: str, x: str, tick: str, side: str
) -> None:
    root = ElementTree.fromstring(on_scale(Decimal(at), Decimal(median)))
    line, dot = root
    assert (dot.get("cx"), root.get("class")) == (x, f"scale {side}")
    assert line.get("d", "").endswith(tick)
    assert root.get("aria-hidden") == "true"
