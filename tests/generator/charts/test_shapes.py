"""Every shape of data is drawn as it was when it was last looked at.

Where one is to look otherwise, `.venv/bin/python -m tests.generator.charts.sheet` draws all on one page to look at, in
light and dark, and takes them as the new references.
"""

from itertools import pairwise
from xml.etree import ElementTree

import pytest

from tests.generator.charts.shapes import shapes
from tests.generator.charts.sheet import references

SVG = "{http://www.w3.org/2000/svg}"
DRAWN = dict(shapes())


def test_there_are_two_hundred_shapes() -> None:
    assert len(DRAWN) >= 200


def test_each_is_drawn_as_it_was_looked_at() -> None:
    known = references()
    assert [name for name in DRAWN if DRAWN[name] != known.get(name)] == []
    assert set(known) == set(DRAWN)


@pytest.mark.parametrize("kind", sorted({name.partition(":")[0] for name in DRAWN}))
def test_each_is_well_formed_small_and_without_style_or_script(kind: str) -> None:
    for name, svg in DRAWN.items():
        if name.startswith(f"{kind}:") and svg:
            root = ElementTree.fromstring(svg)
            assert len(svg.encode()) < 6000, name
            assert not [element for element in root.iter() if element.tag in {f"{SVG}script", f"{SVG}style"}], name
            assert "style=" not in svg, name
            assert "NaN" not in svg, name


def test_labels_at_the_ends_of_lines_never_overlap() -> None:
    for name, svg in DRAWN.items():
        if svg and name.startswith(("trend", "band")):
            ends = ElementTree.fromstring(svg).iterfind(f".//{SVG}text[@dx='8']")
            places = sorted(float(end.get("y", "")) for end in ends)
            assert all(after - before >= 14.9 for before, after in pairwise(places)), name
