"""The preview: the site with all drafts in it, on this machine alone, and nothing written."""

import threading

import httpx
import pytest

from generator.desk import preview_site
from generator.desk.drafts import Draft
from generator.desk.preview_site import PreviewSite
from generator.desk.today import today
from generator.errors import BrokenContent
from generator.settings import Settings
from tests.generator.site.conftest import SITE

pytestmark = pytest.mark.postgres
DRAFT = Draft("gpu/h100-sxm", "gpu_detail", "", "", "It costs {{ floor:h100-sxm }} on demand.")


def preview(connection, *drafts, address="http://127.0.0.1:8100"):
    with today(connection, Settings(site_url=SITE)) as (catalogue, site):
        catalogue.read_everything()
        return PreviewSite(catalogue, site, drafts, address)


def test_a_draft_is_in_its_page_and_the_others_are_as_they_are(made, prices):
    made()
    site = preview(prices, DRAFT)
    drafted, home = site.answer("/gpu/h100-sxm/").body.decode(), site.answer("/").body.decode()
    assert "It costs $" in drafted
    assert "This page has a draft." in drafted
    assert "This page has no draft." in home
    assert "It costs $" not in home
    assert '<meta name="robots" content="noindex">' in home


def test_a_draft_that_makes_no_page_is_told_and_stops_nothing(made, prices, content):
    made()
    broken = Draft("guides/nodes", "guide", "", "", "Text.")
    site = preview(prices, broken, DRAFT)
    assert len(site.problems) == 1
    assert "guides/nodes" in site.problems[0]
    assert "It costs $" in site.answer("/gpu/h100-sxm/").body.decode()


def test_a_page_that_is_not_there_is_named(made, prices):
    made()
    with pytest.raises(BrokenContent, match="gpu/x: no such page is built today"):
        preview(prices).path_of("gpu/x")
    assert preview(prices).answer("/gpu/x/").status == 404


def test_it_answers_only_to_its_own_name(made, prices):
    made()
    server = preview_site.server(0)
    with server:
        address = f"http://127.0.0.1:{server.server_address[1]}"
        preview_site.shows(server, preview(prices, DRAFT, address=address))
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        page = httpx.get(f"{address}/gpu/h100-sxm/")
        style = next(
            part for part in page.text.split('"') if part.startswith("/assets/site.") and part.endswith(".css")
        )
        styled = httpx.get(address + style)
        other = httpx.get(address, headers={"Host": "gpus.example"})
        server.shutdown()
        thread.join()
    assert (styled.status_code, styled.headers["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert page.status_code == 200
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert other.status_code == 421
