"""The colours of lines can be told apart by people who are colour-blind, and from the page."""

import re
from itertools import combinations
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[3] / "templates/assets/site.css/1-tokens.css").read_text("utf-8")
# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
SIGHTS = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
}
APART = 15  # of CIE76's distance, of which 2.3 is just noticeable
Linear = tuple[float, ...]


def scheme(number: int) -> dict[str, Linear]:
    """The tokens' colours as linear RGB: the first scheme of the file is light, the second dark."""
    block = re.split(r"color-scheme: (?:light|dark);", TOKENS)[number + 1]
    found = re.findall(r"--(bg|s[1-4]): #([0-9a-f]{6})", block)
    return {name: tuple(linear(int(hexes[n : n + 2], 16) / 255) for n in (0, 2, 4)) for name, hexes in found}


def linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def seen(colour: Linear, sight: str) -> Linear:
    return tuple(
        min(1.0, max(0.0, sum(factor * part for factor, part in zip(row, colour, strict=True))))
        for row in SIGHTS[sight]
    )


def luminance(colour: Linear) -> float:
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def contrast(one: Linear, other: Linear) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lab(colour: Linear) -> Linear:
    red, green, blue = colour
    xyz = (
        (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505,
        0.2126 * red + 0.7152 * green + 0.0722 * blue,
        (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089,
    )
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one: Linear, other: Linear) -> float:
    return float(sum((a - b) ** 2 for a, b in zip(lab(one), lab(other), strict=True)) ** 0.5)


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("number", [0, 1], ids=["light", "dark"])
def test_each_two_lines_are_told_apart(number: int, sight: str) -> None:
    colours = {name: seen(colour, sight) for name, colour in scheme(number).items() if name != "bg"}
    assert len(colours) == 4
    near = {
        (a, b): round(distance(colours[a], colours[b]), 1)
        for a, b in combinations(colours, 2)
        if distance(colours[a], colours[b]) < APART
    }
    assert near == {}


@pytest.mark.parametrize("number", [0, 1], ids=["light", "dark"])
def test_text_in_the_colour_of_a_line_has_contrast_enough(number: int) -> None:
    colours = scheme(number)
    assert {name for name in colours if name != "bg" and contrast(colours[name], colours["bg"]) < 4.5} == set()
