"""Every offer's price on the built site leads to where it was read, or to its provider, and has its day."""

import pytest
from lxml import html

from tests.site.conftest import BuiltSite

pytestmark = [pytest.mark.site, pytest.mark.postgres, pytest.mark.long]
ROWS = "//table[contains(concat(' ', @class, ' '), ' offers ')]/tbody/tr"


def test_every_offer_s_row_has_a_day_and_leads_to_where_it_was_read(built_site: BuiltSite) -> None:
    found = [row for path in built_site.page_types for row in html.fromstring(built_site.read(path)).xpath(ROWS)]
    without = [
        row.text_content()
        for row in found
        if not row.xpath(".//time/@datetime") or not row.xpath(".//td[@class='out']//a[starts-with(@href, 'https://')]")
    ]
    assert (len(found) > 2500, without) == (True, [])
