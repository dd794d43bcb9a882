"""Every offer's price on the built site has its day, which leads to where it was read, and a link to its provider."""

from hashlib import sha256

import pytest
from lxml import html

from generator import urls
from generator.database import db
from tests.site.conftest import URL, BuiltSite

pytestmark = [pytest.mark.site, pytest.mark.postgres, pytest.mark.long]
ROWS = "//table[contains(concat(' ', @class, ' '), ' offers ')]/tbody/tr"


def test_every_offer_s_row_has_a_day_and_leads_to_where_it_was_read(built_site: BuiltSite) -> None:
    found = [row for path in built_site.page_types for row in html.fromstring(built_site.read(path)).xpath(ROWS)]
    without = [
        row.text_content()
        for row in found
        if not row.xpath(".//a[starts-with(@href, 'https://')]/time/@datetime")
        or not row.xpath(".//td[@class='out']//a[starts-with(@href, 'https://')]")
    ]
    assert (len(found) > 2500, without) == (True, [])


def test_every_offer_s_row_leads_to_the_answer_that_it_was_read_from(built_site: BuiltSite) -> None:
    found = [row for path in built_site.page_types for row in html.fromstring(built_site.read(path)).xpath(ROWS)]
    led = {href for row in found for href in row.xpath(".//a[contains(@href, '/evidence/')]/@href")}
    base = urls.base_path(URL)
    assert [row.text_content() for row in found if not row.xpath(".//a[contains(@href, '/evidence/')]")] == []
    assert led <= {base + path for path in built_site.page_types if path.startswith("/evidence/")}


def test_no_answer_s_body_is_published(built_site: BuiltSite) -> None:
    assert {file.name for file in (built_site.folder / "evidence").glob("*/*")} == {"index.html", "index.md"}
    with db.connect(built_site.database_url) as connection:
        hashes = {one for (one,) in connection.execute("select sha256 from captures")}
    published = {sha256(file.read_bytes()).hexdigest() for file in built_site.folder.rglob("*") if file.is_file()}
    assert (len(hashes) > 50, hashes & published) == (True, set())


def test_search_engines_are_told_of_no_evidence(built_site: BuiltSite) -> None:
    pages = [path for path in built_site.page_types if path.startswith("/evidence/")]
    assert [path for path in pages if b'content="noindex' not in built_site.read(path)] == []
    assert [file for file in (built_site.folder / "sitemaps").iterdir() if b"/evidence/" in file.read_bytes()] == []
