from datetime import date

import pytest
from lxml import html

from generator.prose import reviewed
from generator.site import checks
from generator.site import content as pages
from tests.generator.site.conftest import SITE, linking
from tests.sampling import sample
from tests.sql import samples

pytestmark = pytest.mark.postgres


NOWHERE = [
    "/guides/gone/", "/gpu/none/", "/gpu/none", "../gone/", "gone", "/methodology/#nothing", "/guides/nodes/#nothing",
    "#nothing", "https:none", "/gpu/h100-sxm/#nothing", "/compare/z-vs-a/", "/../../etc", "https://gpus.example/prices/none/",
    "https://gpus.example/elsewhere/", "https://gpus.example", "/gpu/h100%2Fsxm/", "?x=1#nothing", "/%00/",
    "/robots.txt/", "/GPU/H100-SXM/", "//gpus.example/prices/none/", "/sitemaps/none.xml", "</a b/>", "/\\#/",
]  # fmt: skip


@pytest.mark.parametrize("link", sample(NOWHERE, 8))
def test_a_link_that_leads_nowhere_is_text_and_one_line(link, made, content, tmp_path):
    linking(content, f"## Nodes\n\nSee [the **other** one]({link}).\n")
    (problem,) = made().problems
    assert problem.startswith("content/guides/nodes.md: the link to ")
    assert problem.endswith("correct it there, then: build.py content approve nodes --reviewer NAME")
    page = html.fromstring((tmp_path / "site" / "guides" / "nodes" / "index.html").read_text("utf-8"))
    assert [element.text_content() for element in page.xpath("//article//strong")] == ["other"]
    assert page.xpath("//article//a") == []
    assert [one for one in checks.check(tmp_path / "site", SITE) if one.severity == "error"] == []


LINKS = [
    "/gpu/h100-sxm/", "/methodology/#now", "/methodology/#what-counts", "#nodes", "/guides/nodes/#nodes", "../../gpu/",
    "/gpu/h100-sxm/#specifications", "https://gpus.example/prices/", "/robots.txt", "/sitemap.xml", "/", "/404.html",
    "/methodology/index.html", "https://elsewhere.example/none/", "/gpu/h100%2Dsxm/",
]  # fmt: skip


@pytest.mark.parametrize("link", sample(LINKS, 6))
def test_a_link_that_leads_somewhere_stays_one(link, made, content, tmp_path):
    (content / "methodology.md").write_text("## What counts\n\nMuch.")
    linking(content, f"## Nodes\n\nSee [the other]({link}).\n")
    assert made().problems == ()
    page = html.fromstring((tmp_path / "site" / "guides" / "nodes" / "index.html").read_text("utf-8"))
    assert len(page.xpath("//article//a")) == 1
    assert made().rendered == 0


def test_links_to_a_guide_are_text_while_it_is_off_the_site_and_come_back_with_it(made, content, prices, tmp_path):
    linking(content, "## A\n\n[B](/guides/b/#b)", "a", related="b")
    linking(content, "## B\n\nText.", "b")
    (content / "methodology.md").write_text("As it is, see [b](/guides/b/).")
    places = [tmp_path / "site" / path / "index.html" for path in ("guides/a", "methodology")]

    def linked():
        return [b'href="/prices/guides/b/' in place.read_bytes() for place in places]

    assert made().problems == ()
    assert linked() == [True, True]
    pages.unpublish(prices, "guides/b", actor="jo", at=samples.START, comment="Old.")
    report = made()
    assert linked() == [False, False]
    assert [problem.partition(":")[0] for problem in report.problems] == [
        "content/methodology.md", "content/guides/a.md", "content/guides/a.md",
    ]  # fmt: skip
    assert all("build.py content publish b --reviewer NAME" in problem for problem in report.problems)
    assert (made().rendered, made().problems) == (0, report.problems)
    pages.publish(prices, reviewed.read_one(content / "guides" / "b.md"), "Jo Doe", date(2026, 3, 3), samples.START)
    assert made().problems == ()
    assert linked() == [True, True]


def test_a_heading_that_goes_takes_the_links_to_it_along(made, content, tmp_path):
    linking(content, "## A\n\n[B](/guides/b/#old)", "a")
    linking(content, "## Old\n\nText.", "b")
    assert made().problems == ()
    linking(content, "## New\n\nText.", "b")
    assert [problem.partition(" leads")[0] for problem in made().problems] == [
        "content/guides/a.md: the link to /guides/b/#old"
    ]
    linking(content, "## Old\n\nText again.", "b")
    assert made().problems == ()
    assert b'href="/prices/guides/b/#old"' in (tmp_path / "site" / "guides" / "a" / "index.html").read_bytes()


def test_a_dead_link_in_a_summary_is_text_in_the_list_of_guides_too(made, content, tmp_path):
    linking(content, "Text.")
    file = content / "guides" / "nodes.md"
    file.write_text(file.read_text().replace("A node is one", "A [node](/none/) is one"))
    reviewed.approve(file, "Jo Doe", date(2026, 3, 2))
    assert len(made().problems) == 1
    assert b"/none/" not in (tmp_path / "site" / "guides" / "index.html").read_bytes()


def test_headings_meet_no_other_place_of_their_page(made, content, tmp_path):
    (content / "methodology.md").write_text("## Now\n\nA.\n\n## Content\n\nB.\n\n## !\n\nC.\n\n## !\n\nD.")
    linking(content, "## Sources\n\nText.\n\n### Others\n\nText.\n\n## Sources\n\nText.")
    file = content / "guides" / "nodes.md"
    file.write_text(file.read_text().replace("summary: A node is one machine.", "summary: |\n  ## Sources\n  A."))
    reviewed.approve(file, "Jo Doe", date(2026, 3, 2))
    assert made().problems == ()
    assert [one for one in checks.check(tmp_path / "site", SITE) if one.severity == "error"] == []
