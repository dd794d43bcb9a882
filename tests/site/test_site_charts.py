"""The charts: their values by pointer, finger and arrow keys, their data as CSV, and what screen readers are told."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from generator.charts.events import Event
from generator.charts.series import Segment, Series
from generator.charts.strip import Stretch, strip, table
from generator.charts.trend import trend
from tests.site.conftest import ROOT, BuiltSite

pytestmark = [pytest.mark.site, pytest.mark.browser, pytest.mark.postgres]
H100 = "/gpu/h100-sxm/"
CHART = re.compile(r'<svg xmlns="[^"]+" class="chart .*?</svg>(?=</div>)', re.DOTALL)
MOST_BYTES = 6000


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(has_touch=True)
    yield context.new_page()
    context.close()


def history(page: Page) -> Locator:
    return page.locator("#history > .figure")


def test_arrow_keys_read_the_values_of_a_chart_with_one_tab_stop(served: str, page: Page) -> None:
    page.goto(served + H100)
    plot, reading = history(page).locator(".plot"), history(page).locator(".reading")
    assert plot.locator("[tabindex]").count() == 0
    plot.focus()
    page.keyboard.press("Home")
    first = reading.inner_text()
    page.keyboard.press("ArrowRight")
    assert "$" in first
    assert reading.inner_text() != first
    page.keyboard.press("Escape")
    expect(reading).to_be_hidden()


def test_a_pointer_and_a_finger_read_the_values_too(served: str, page: Page) -> None:
    page.goto(served + "/provider/runpod/")
    figure = page.locator(".figure").first
    figure.locator(".mark").nth(1).locator("circle").hover()
    expect(figure.locator(".reading")).to_contain_text("Against the median of the others")
    page.goto(served + H100)
    history(page).locator(".plot").tap()
    expect(history(page).locator(".reading")).to_contain_text("$")


def test_a_mark_of_any_width_is_read_where_it_is_pointed_at(page: Page) -> None:
    day = date(2026, 7, 1)
    rows = [
        Stretch(day, day + timedelta(79), "in"),
        Stretch(day + timedelta(80), day + timedelta(81), "out"),
        Stretch(day + timedelta(82), day + timedelta(89), "in"),
    ]
    head, *body = ("".join(f"<td>{cell}</td>" for cell in row) for row in table(rows))
    lines = "".join(f"<tr>{row}</tr>" for row in body)
    page.set_content(
        f'<div class="figure"><div class="plot">{strip(rows, title="x")}</div>'
        f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>"
    )
    page.add_script_tag(path=ROOT / "templates" / "assets" / "charts.js")
    box = page.locator(".mark").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.95, box["y"] + 20)  # nearer to the middle of the next
    expect(page.locator(".reading")).to_contain_text("1 Jul 2026To: 18 Sep 2026Days: 80State: in stock")
    page.mouse.move(box["x"] + box["width"] + 3, box["y"] + 20)
    expect(page.locator(".reading")).to_contain_text("State: sold out")


def test_a_price_change_is_read_at_its_mark_and_by_arrow_key(page: Page) -> None:
    start = datetime(2026, 7, 1, tzinfo=UTC)
    line = Series("Lowest", "own", (Segment(start, start + timedelta(days=30), Decimal(2)),))
    event = Event(start + timedelta(days=15, hours=4), "Ash: $2.00, down 9.1% from $2.20", Decimal("0.91"))
    drawn = trend([line], start, start + timedelta(days=30), title="x", events=[event])
    page.set_content(f'<div class="figure"><div class="plot">{drawn}</div></div>')
    page.add_script_tag(path=ROOT / "templates" / "assets" / "charts.js")
    box = page.locator(".event").bounding_box()
    assert box
    page.mouse.move(box["x"] + 1, box["y"] + 40)  # before its instant
    expect(page.locator(".reading")).to_have_text("16 Jul 2026, 04:00Ash: $2.00, down 9.1% from $2.20Lowest: $2.00")
    page.mouse.move(box["x"] + 60, box["y"] + 200)
    page.locator(".plot").focus()
    page.keyboard.press("Home")
    expect(page.locator(".reading")).to_have_text("1 Jul 2026Lowest: $2.00")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".reading")).to_contain_text("Ash")


def test_the_csv_of_a_chart_has_its_prices(served: str, page: Page) -> None:
    page.goto(served + H100)
    history(page).locator("summary").click()
    link = history(page).get_by_role("link", name="Download as CSV")
    rows = list(csv.reader(io.StringIO(unquote((link.get_attribute("href") or "").partition(",")[2]))))
    assert rows[0] == ["Series", "From", "To", "US dollars"]
    shown = history(page).locator("tbody td:last-child").all_inner_texts()
    prices = {f"{float(row[3]):.2f}" for row in rows[1:]}
    assert {price.strip("$") for price in shown if price.startswith("$")} <= prices
    assert (link.get_attribute("download") or "").endswith(".csv")


def test_screen_readers_are_told_a_chart_and_not_its_axis(served: str, page: Page) -> None:
    page.goto(served + H100)
    told = history(page).locator(".plot").aria_snapshot()
    assert "img" in told
    assert "Oct" not in told


def test_no_chart_is_larger_than_6_kb_and_only_pages_with_charts_have_the_script(built_site: BuiltSite) -> None:
    for path in built_site.page_types:
        text = built_site.read(path).decode()
        assert [len(chart) for chart in CHART.findall(text) if len(chart.encode()) > MOST_BYTES] == [], path
        assert ('class="figure"' in text) == ("/assets/charts." in text), path
