import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from lxml import html

from generator import build, checks, disk, guides, store
from generator.errors import BrokenSite, BuildError, BuildRunning, OutputUnwritable
from generator.pages import not_found
from generator.pages.blocks import Link
from generator.settings import Settings
from generator.write import Output
from scrapers.normalise import HeldBack
from tests.sql import samples

pytestmark = pytest.mark.postgres
SITE = "https://gpus.example/prices"
GUIDE = """---
title: What is a node?
description: A machine with several GPUs, and why it is let whole.
summary: A node is one machine.
author: CloudGPUs
published_on: 2026-02-01
sources:
  - title: One
    url: https://one.example/
  - title: Two
    url: https://two.example/
---

## Nodes

A node is one machine with several GPUs.
"""


@pytest.fixture
def content(tmp_path, monkeypatch):
    """A content folder with one guide, which nobody reviewed."""
    folder = tmp_path / "content"
    (folder / "guides").mkdir(parents=True)
    (folder / "methodology.md").write_text("As it is.")
    (folder / "guides" / "nodes.md").write_text(GUIDE, "utf-8")
    monkeypatch.setattr(build, "CONTENT", folder)
    return folder


@pytest.fixture
def prices(connection):
    """A database with an offer of two providers each."""
    samples.add_gpu(connection)
    for slug in ("nimbus", "kestrel"):
        samples.add_provider(connection, slug)
    run = store.start_run(connection, samples.START, "live", "v1")
    for number, slug in enumerate(("nimbus", "kestrel"), 2):
        offers = [samples.offer(slug, number, instance_name="<script>alert(1)</script>")]
        store.store(connection, samples.run(0, offers, provider=slug, run_id=run))
    store.finish_run(connection, run)
    connection.commit()
    return connection


@pytest.fixture
def made(prices, content, tmp_path):
    """What builds this database into tmp_path/site."""

    def build_it(out=None, site=SITE, **options):
        return build.build(prices, Settings(site_url=site), out or tmp_path / "site", build.Options(**options))

    return build_it


def files(folder):
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_without_a_price_there_is_nothing_to_render(connection, content, tmp_path):
    with pytest.raises(BuildError, match=r"nothing to render: no prices were ever stored; run build\.py refresh"):
        build.build(connection, Settings(site_url=SITE), tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_a_build_counts_its_pages_and_the_second_writes_nothing(made, tmp_path):
    report = made()
    before = files(tmp_path / "site")
    assert report.rendered == report.pages_n == len([path for path in before if path.endswith(".html")])
    again = made()
    assert (again.rendered, again.written.changed, again.pages_n) == (0, 0, report.pages_n)
    assert files(tmp_path / "site") == before


def test_a_site_under_a_path_holds_together(made, tmp_path):
    made()
    assert [one for one in checks.check(tmp_path / "site", SITE) if one.severity == "error"] == []


def test_another_folder_gets_the_whole_site(made, tmp_path):
    first = made()
    second = made(tmp_path / "other")
    assert second.rendered == first.pages_n
    back = made()
    assert (back.written.changed, back.written.removed) == (0, 0)


def test_a_draft_is_not_on_the_site_until_somebody_stands_by_it(made, content, tmp_path):
    made()
    page = tmp_path / "site" / "guides" / "nodes" / "index.html"
    assert not page.exists()
    guides.approve(content / "guides" / "nodes.md", "Jo Doe", date(2026, 3, 2))
    made()
    assert "Jo Doe" in page.read_text("utf-8")


def test_an_edited_guide_leaves_the_approved_text_live(made, content, tmp_path):
    file, page = content / "guides" / "nodes.md", tmp_path / "site" / "guides" / "nodes" / "index.html"
    guides.approve(file, "Jo Doe", date(2026, 3, 2))
    made()
    before = page.read_bytes()
    file.write_text(file.read_text("utf-8") + "\n\nA hasty sentence.\n", "utf-8")
    assert made().written.changed == 0
    assert page.read_bytes() == before


def test_a_broken_guide_is_named_and_what_was_live_stays(made, content, tmp_path):
    file = content / "guides" / "nodes.md"
    guides.approve(file, "Jo Doe", date(2026, 3, 2))
    shutil.copy(file, content / "guides" / "other.md")
    made()
    file.write_text("---\ntitle: [unclosed\n---\nText", "utf-8")
    report = made()
    (problem,) = report.problems
    assert problem.startswith(f"{file}: front matter is not YAML: line ")
    for slug in ("nodes", "other"):
        assert (tmp_path / "site" / "guides" / slug / "index.html").exists()


def test_a_live_guide_whose_file_is_gone_is_named_with_what_to_do(made, content):
    file = content / "guides" / "nodes.md"
    guides.approve(file, "Jo Doe", date(2026, 3, 2))
    made()
    file.unlink()
    (problem,) = made().problems
    assert problem.startswith(f"guide nodes: live, but {file} is gone")
    assert "build.py content unpublish nodes" in problem


def test_a_missing_methodology_is_named(made, content):
    (content / "methodology.md").unlink()
    with pytest.raises(BuildError, match=r"methodology.md: .*; expected the methodology as Markdown"):
        made()


def test_a_second_build_at_the_same_time_says_who_holds_the_folder(made, tmp_path):
    made()
    before = files(tmp_path / "site")
    with (
        Output(tmp_path / "site"),
        pytest.raises(BuildRunning, match=r"another build is running there \(pid \d+, since"),
    ):
        made(full=True)
    assert files(tmp_path / "site") == before


@pytest.mark.parametrize("place", ["file", "file/site", "/proc/site", "/dev/null/site"])
def test_a_place_that_can_not_hold_a_site_is_named(place, made, tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputUnwritable) as told:
        made(tmp_path / place)
    assert str(tmp_path / place).partition("/site")[0] in told.value.message
    assert "\n" not in told.value.message
    assert (tmp_path / "file").read_text() == "mine"


def test_a_strangers_files_are_left_alone(made, tmp_path):
    site = tmp_path / "site"
    (site / "gpu").mkdir(parents=True)
    for path in ("notes.txt", "gpu/notes.txt", ".htaccess"):
        (site / path).write_text("mine")
    made()
    made(full=True)
    assert [(site / path).read_text() for path in ("notes.txt", "gpu/notes.txt", ".htaccess")] == ["mine"] * 3


def test_a_strangers_page_is_not_overwritten(made, tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("mine")
    with pytest.raises(OutputUnwritable, match=r"index.html: no build wrote this file; move it away, or name another"):
        made()
    assert files(tmp_path / "site") == {"index.html": b"mine"}


def test_a_full_disk_leaves_the_old_site(made, tmp_path, monkeypatch):
    made()
    before = files(tmp_path / "site")

    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device", "page")

    with monkeypatch.context() as patched:
        patched.setattr(disk, "write", full)
        with pytest.raises(OutputUnwritable, match="the disk is full; the site there is as it was"):
            made(site="https://other.example")
    assert files(tmp_path / "site") == before


def test_every_page_has_its_row_of_words(made, prices):
    report = made()
    published = samples.one(prices, "select count(*) from content_pages where is_published")
    assert published == report.pages_n
    row = prices.execute(
        "select canonical_url, structured_data is null from content_pages where slug = 'home'"
    ).fetchone()
    assert row == (f"{SITE}/", False)


def test_a_page_with_a_broken_link_leaves_the_site_as_it_was(made, tmp_path, monkeypatch):
    made()
    before = files(tmp_path / "site")
    unbroken = not_found.page

    def broken(read, ld):
        page = unbroken(read, ld)
        return replace(page, body=not_found.NotFound((Link("Nowhere", "/gpu/nowhere/"),), page.body.providers))

    monkeypatch.setattr(not_found, "page", broken)
    with pytest.raises(BrokenSite, match=r"as it was, 1 fault in its new pages: /404\.html: .*/gpu/nowhere/.* nowhere"):
        made(full=True)
    assert files(tmp_path / "site") == before


def test_pages_say_what_was_to_be_had_and_what_is_held_back_without_its_price(made, prices, tmp_path):
    held = [HeldBack("odd", "", "h100-sxm", "price_band", "figures", {"price_per_hour": Decimal(987)}, samples.START)]
    for hours, status in ((12, "available"), (24, "sold_out"), (36, "sold_out"), (49, "sold_out")):
        run = store.start_run(prices, samples.after(hours), "live", "v1")
        offers = [samples.offer("nimbus", 2, availability_status=status)]
        store.store(prices, samples.run(hours, offers, provider="nimbus", run_id=run, held=held))
        store.finish_run(prices, run)
    made()
    for page, whose in (("gpu/h100-sxm", "provider/nimbus"), ("provider/nimbus", "gpu/h100-sxm")):
        shown = html.fromstring((tmp_path / "site" / page / "index.html").read_text("utf-8"))
        (row,) = shown.xpath("//section[@id='availability']//tbody/tr")
        assert " ".join(row.text_content().split()).endswith("50% 48 h")
        assert row.xpath("th/a/@href") == [f"/prices/{whose}/"]
        assert "1 offer is held back: outside the market's range" in shown.text_content()
        assert "987" not in shown.text_content()
    again = made()
    assert again.rendered == 0
