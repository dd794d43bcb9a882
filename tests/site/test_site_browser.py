from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.site.conftest import BuiltSite

pytestmark = [pytest.mark.site, pytest.mark.postgres, pytest.mark.browser]

# Scripts may add their own controls, and say how long ago a time was; all other text must stay the same.
TEXT = """() => {
  const copy = document.querySelector("main").cloneNode(true);
  copy.querySelectorAll("input, label, output, [aria-live]").forEach((element) => element.remove());
  copy.querySelectorAll("time").forEach((time) => { time.textContent = time.dateTime; });
  return copy.textContent.replace(/\\s+/g, " ").trim();
}"""
WIDTH = "() => document.scrollingElement.scrollWidth"
Rules = dict[str, Any]
Violations = dict[str, list[tuple[str, list[str]]]]
COLOURS: Rules = {"runOnly": ["color-contrast"]}  # nothing else depends on the colour scheme
SPILLING = """() => [...document.querySelectorAll("body *")]
  .filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && !element.closest(".scroll, svg"))
  .map((element) => element.outerHTML.slice(0, 120)).slice(0, 3)"""


@contextmanager
def opened(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    context = browser.new_context(**options)
    page = context.new_page()
    page.goto(address, wait_until="load")
    yield page
    context.close()


def violations(browser: Browser, addresses: dict[str, str], rules: Rules, **context: Any) -> Violations:
    """What axe finds on pages, by path: the rules broken, with the first elements that break them."""
    found = {}
    with opened(browser, next(iter(addresses.values())), bypass_csp=True, **context) as page:
        for path, address in addresses.items():
            page.goto(address, wait_until="load")
            broken = Axe().run(page, options=rules).response["violations"]
            found[path] = [(rule["id"], [node["html"][:150] for node in rule["nodes"][:3]]) for rule in broken]
    return {path: broken for path, broken in found.items() if broken}


def test_page_of_every_type_is_accessible(built_site: BuiltSite, served: str, browser: Browser) -> None:
    assert violations(browser, {path: served + path for path in built_site.largest}, {}) == {}


def test_colours_of_every_type_are_accessible_in_the_dark(built_site: BuiltSite, served: str, browser: Browser) -> None:
    pages = {path: served + path for path in built_site.largest}
    assert violations(browser, pages, COLOURS, color_scheme="dark") == {}


@pytest.mark.long
@pytest.mark.parametrize(("scheme", "rules"), [("light", {}), ("dark", COLOURS)])
def test_every_page_is_accessible(
    built_site: BuiltSite, served: str, browser: Browser, scheme: str, rules: Rules
) -> None:
    pages = {path: served + path for path in built_site.page_types}
    assert violations(browser, pages, rules, color_scheme=scheme) == {}


def test_no_page_type_scrolls_sideways_on_a_small_phone(built_site: BuiltSite, served: str, browser: Browser) -> None:
    wide = {}
    for path in built_site.sample:
        with opened(browser, served + path, viewport={"width": 320, "height": 640}) as page:
            if page.evaluate(WIDTH) > 320:
                wide[path] = page.evaluate(SPILLING)
    assert wide == {}


def test_page_says_the_same_without_javascript(built_site: BuiltSite, served: str, browser: Browser) -> None:
    for path in built_site.largest:
        with opened(browser, served + path) as page:
            page.wait_for_load_state("networkidle")
            with_script = page.evaluate(TEXT)
        with opened(browser, served + path, java_script_enabled=False) as page:
            without = page.evaluate(TEXT)
        assert len(without) > 100
        assert with_script == without, path


def complaints(browser: Browser, address: str, origin: str) -> list[str]:
    """What goes wrong while a page loads, and its requests to other sites."""
    heard, asked = [], []
    context = browser.new_context()
    page = context.new_page()
    page.on("console", lambda message: heard.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("requestfailed", lambda request: heard.append(f"failed: {request.url}"))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address, wait_until="networkidle")
    context.close()
    many = [f"{len(asked)} requests"] if len(asked) > 10 else []
    return [*heard, *many, *(f"asks {url}" for url in asked if not url.startswith((origin, "data:")))]


def test_browser_has_no_complaints(built_site: BuiltSite, served: str, browser: Browser) -> None:
    heard = {path: complaints(browser, served + path, served) for path in built_site.largest}
    assert {path: lines for path, lines in heard.items() if lines} == {}


def test_unknown_address_shows_the_404_page(served: str, browser: Browser) -> None:
    with opened(browser, f"{served}/gpu/no-such-gpu/") as page:
        assert page.evaluate("() => getComputedStyle(document.querySelector('h1')).display") != "none"
        assert page.locator("main a").count() > 3
