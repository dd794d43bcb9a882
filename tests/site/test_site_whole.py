import re
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree
from protego import Protego

from generator.pages.registry import page_types
from generator.site import checked_jsonld, checks
from tests.site.conftest import URL, BuiltSite
from tests.site.tools import nu
from tests.site.tools.vocabulary import ROOT, vocabulary

pytestmark = [pytest.mark.site, pytest.mark.postgres]

DAY = re.compile(r"\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) 20\d\d\b")
SCHEMA = ROOT / "node_modules" / "sitemap" / "schema" / "sitemap.xsd"


def scripts(page: bytes) -> list[str]:
    root = etree.HTML(page.decode())
    return [str(text) for text in root.xpath("//script[@type='application/ld+json']/text()")]


def test_site_has_at_least_200_pages_of_every_type(built_site: BuiltSite) -> None:
    pages = Counter(built_site.page_types.values())
    assert pages.total() >= 200
    without = {kind.name for kind in page_types() if kind.has_html} - pages.keys()
    # No change was read live; no setting, no page; no text on a workload has been reviewed.
    assert without == {"price_changes_month", "statement", "workload"}


def test_site_passes_its_own_check(built_site: BuiltSite) -> None:
    found = checks.check(built_site.folder, URL)
    assert [str(finding) for finding in found if finding.severity == "error"] == []


def test_warnings_name_few_pages(built_site: BuiltSite) -> None:
    warned = {finding.path for finding in checks.check(built_site.folder, URL)}
    assert len(warned) < len(built_site.page_types) / 20, sorted(warned)


def test_structured_data_is_valid_schema_org(built_site: BuiltSite) -> None:
    known = vocabulary()
    found: Counter[str] = Counter()
    for path in built_site.page_types:
        graph = [node for node in checked_jsonld.nodes(scripts(built_site.read(path))) if "@graph" in node]
        found.update(problem for node in graph for problem in known.problems(node))
    assert found == Counter()


def unlike(page: bytes) -> list[tuple[str, str]]:
    """The jump links whose words are not those of the heading that they lead to."""
    root = etree.HTML(page.decode())
    found = ((link, root.xpath("//*[@id=$id]//h2[1]", id=link.get("href")[1:])) for link in root.xpath("//nav//a"))
    words = [("".join(link.itertext()), "".join(to[0].itertext())) for link, to in found if to]
    return [(link, heading) for link, heading in words if link != heading]


def test_jump_links_have_the_words_of_their_headings(built_site: BuiltSite) -> None:
    assert {path: found for path in built_site.page_types if (found := unlike(built_site.read(path)))} == {}


def test_every_page_with_a_price_names_the_day_on_which_prices_were_read(built_site: BuiltSite) -> None:
    silent = []
    for path in built_site.page_types:
        (main,) = etree.HTML(built_site.read(path).decode()).iter("main")
        said = "".join(main.itertext())
        if "$" in said and not DAY.search(said):
            silent.append(path)
    assert silent == []


def test_sitemaps_follow_their_schema(built_site: BuiltSite) -> None:
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    for file in [built_site.folder / "sitemap.xml", *(built_site.folder / "sitemaps").iterdir()]:
        # The index has the same structure under other names: sitemapindex for urlset, sitemap for url.
        text = file.read_text("utf-8").replace("sitemapindex", "urlset")
        schema.assertValid(
            etree.fromstring(text.replace("<sitemap>", "<url>").replace("</sitemap>", "</url>").encode())
        )


def test_robots_may_read_every_page(built_site: BuiltSite) -> None:
    robots = Protego.parse((built_site.folder / "robots.txt").read_text("utf-8"))
    assert all(robots.can_fetch(URL + path, "Googlebot") for path in built_site.page_types)
    assert list(robots.sitemaps) == [f"{URL}/sitemap.xml"]


def test_page_of_every_type_is_valid_html(built_site: BuiltSite) -> None:
    assert nu.problems(built_site.file(path) for path in built_site.typical) == []


@pytest.mark.long
def test_every_page_is_valid_html(built_site: BuiltSite) -> None:
    assert nu.problems(built_site.file(path) for path in built_site.page_types) == []


def test_validator_finds_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<!doctype html><html lang=en><title>A</title><p><table><div></table>")
    assert any("div" in problem for problem in nu.problems([tmp_path / "a.html"]))
