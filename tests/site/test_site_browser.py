from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.sampling import sample
from tests.site.conftest import BuiltSite

pytestmark = [pytest.mark.site, pytest.mark.postgres, pytest.mark.browser]

# Scripts may add their own controls, and say how long ago a time was; all other text must stay the same.
TEXT = """() => {
  const copy = document.querySelector("main").cloneNode(true);
  copy.querySelectorAll("input, label, output, [data-filters], [data-made], [aria-live]").forEach((it) => it.remove());
  copy.querySelectorAll("time").forEach((time) => { time.textContent = time.dateTime; });
  return copy.textContent.replace(/\\s+/g, " ").trim();
}"""
WIDTH = "() => document.scrollingElement.scrollWidth"
Rules = dict[str, Any]
Until = Literal["load", "networkidle"]
Violations = dict[str, list[tuple[str, list[str]]]]
COLOURS: Rules = {"runOnly": ["color-contrast", "link-in-text-block"]}  # what depends on the colour scheme
SPILLING = """() => [...document.querySelectorAll("body *")]
  .filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && !element.closest(".scroll, svg"))
  .map((element) => element.outerHTML.slice(0, 120)).slice(0, 3)"""


def opened(
    browser: Browser, origin: str, paths: Iterable[str], until: Until = "load", **options: Any
) -> Iterator[tuple[str, Page]]:
    """Each of these pages when it has loaded, one after the other in one tab."""
    context = browser.new_context(**options)
    page = context.new_page()
    for path in paths:
        page.goto(origin + path, wait_until=until)
        yield path, page
    context.close()


def violations(browser: Browser, origin: str, paths: Iterable[str], rules: Rules, **options: Any) -> Violations:
    """What axe finds on pages, by path: the rules broken, with the first elements that break them."""
    found = {}
    for path, page in opened(browser, origin, paths, bypass_csp=True, **options):
        broken = Axe().run(page, options=rules).response["violations"]
        found[path] = [(rule["id"], [node["html"][:150] for node in rule["nodes"][:3]]) for rule in broken]
    return {path: broken for path, broken in found.items() if broken}


in_both_schemes = pytest.mark.parametrize(("scheme", "rules"), [("light", {}), ("dark", COLOURS)])
chosen = pytest.mark.parametrize("which", sample(["typical", "extreme"], 1))


@pytest.mark.long
@in_both_schemes
def test_every_page_is_accessible(
    built_site: BuiltSite, served: str, browser: Browser, scheme: str, rules: Rules
) -> None:
    assert violations(browser, served, built_site.page_types, rules, color_scheme=scheme) == {}


@chosen
def test_no_page_type_scrolls_sideways_on_a_small_phone(
    built_site: BuiltSite, served: str, browser: Browser, which: str
) -> None:
    phone = opened(browser, served, getattr(built_site, which), viewport={"width": 320, "height": 640})
    assert {path: page.evaluate(SPILLING) for path, page in phone if page.evaluate(WIDTH) > 320} == {}


@chosen
def test_page_says_the_same_without_javascript(
    built_site: BuiltSite, served: str, browser: Browser, which: str
) -> None:
    paths = getattr(built_site, which)
    without = {path: page.evaluate(TEXT) for path, page in opened(browser, served, paths, java_script_enabled=False)}
    assert min(map(len, without.values())) > 100
    assert {path: page.evaluate(TEXT) for path, page in opened(browser, served, paths, "networkidle")} == without


def complaints(page: Page, address: str, origin: str) -> list[str]:
    """What goes wrong while a page loads, and its requests to other sites."""
    heard: list[str] = []
    asked: list[str] = []
    hearing: dict[Any, Callable[[Any], None]] = {
        "console": lambda message: heard.append(f"{message.type}: {message.text}"),
        "pageerror": lambda error: heard.append(str(error)),
        "requestfailed": lambda request: heard.append(f"failed: {request.url}"),
        "request": lambda request: asked.append(request.url),
    }
    for event, listener in hearing.items():
        page.on(event, listener)
    page.goto(address, wait_until="networkidle")
    for event, listener in hearing.items():
        page.remove_listener(event, listener)
    many = [f"{len(asked)} requests"] if len(asked) > 10 else []
    return [*heard, *many, *(f"asks {url}" for url in asked if not url.startswith((origin, "data:")))]


@chosen
def test_browser_has_no_complaints(built_site: BuiltSite, served: str, browser: Browser, which: str) -> None:
    page = browser.new_context().new_page()
    heard = {path: complaints(page, served + path, served) for path in getattr(built_site, which)}
    page.context.close()
    assert {path: lines for path, lines in heard.items() if lines} == {}


def test_unknown_address_shows_the_404_page(served: str, browser: Browser) -> None:
    for _, page in opened(browser, served, ["/gpu/no-such-gpu/"]):
        assert page.evaluate("() => getComputedStyle(document.querySelector('h1')).display") != "none"
        assert page.locator("main a").count() > 3
