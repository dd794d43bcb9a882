"""What visitors have set in their system is kept to: less motion, colours of their own, twice the size."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.site.conftest import BuiltSite
from tests.site.test_site_browser import opened
from tests.site.test_site_widths import cut

pytestmark = [pytest.mark.site, pytest.mark.postgres, pytest.mark.browser]

MOVING = """() => [document.documentElement, ...document.querySelectorAll("body *")].filter((part) => {
  const style = getComputedStyle(part);
  const isStill = style.scrollBehavior === "auto" && style.animationName === "none";
  return !isStill || !/^(0s(, )?)+$/.test(style.transitionDuration);
}).map((part) => part.tagName)"""
# Drawings keep their own colours unless told otherwise: each must be drawn in one that stands out from the page.
FAINT = """() => {
  const page = getComputedStyle(document.body).backgroundColor;
  const system = new Set(["CanvasText", "GrayText", "Highlight", "LinkText"].map((name) => {
    const probe = document.body.appendChild(document.createElement("i"));
    probe.style.color = name;
    const colour = getComputedStyle(probe).color;
    probe.remove();
    return colour;
  }));
  const isSeen = (colour) => colour === "none" || colour === page || system.has(colour);
  const both = ["stroke", "fill"];
  const inks = { line: ["stroke"], path: ["stroke"], text: ["fill"], circle: both, rect: both };
  return [...document.querySelectorAll("main svg :is(path, circle, rect, line, text)")]
    .filter((mark) => inks[mark.tagName].some((ink) => !isSeen(getComputedStyle(mark)[ink])))
    .map((mark) => mark.outerHTML.slice(0, 120)).slice(0, 3);
}"""


def test_nothing_moves_where_less_motion_is_asked_for(built_site: BuiltSite, served: str, browser: Browser) -> None:
    pages = opened(browser, served, built_site.typical[::3], reduced_motion="reduce")
    assert {path: moving for path, page in pages if (moving := page.evaluate(MOVING))} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_drawings_are_in_the_visitors_own_colours(
    built_site: BuiltSite, served: str, browser: Browser, scheme: str
) -> None:
    options: Any = {"forced_colors": "active", "color_scheme": scheme}
    pages = opened(browser, served, built_site.typical, **options)
    assert {path: faint for path, page in pages if (faint := page.evaluate(FAINT))} == {}


def test_at_twice_the_size_nothing_is_cut_off(built_site: BuiltSite, served: str, browser: Browser) -> None:
    options: Any = {"device_scale_factor": 2}
    pages = opened(browser, served, built_site.typical[::2], "networkidle", **options)
    assert {path: boxes for path, page in pages if (boxes := cut(page, (640, 720)))} == {}
