import os
import shutil
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from lxml import html

from generator.database import runs
from generator.errors import BrokenSite, BuildError, BuildRunning, MassRemoval, OutputUnwritable
from generator.ingest import store
from generator.model.blocks import Link
from generator.output import disk
from generator.output.write import Output
from generator.pages import not_found
from generator.pages.registry import page_types
from generator.prose import reviewed
from generator.settings import Settings
from generator.site import build, checks, picture
from generator.site import content as pages
from scrapers.normalise import HeldBack
from tests.generator.site.conftest import GUIDE, SITE, linking, replace_page_types
from tests.sql import samples

pytestmark = pytest.mark.postgres


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
    reviewed.approve(content / "guides" / "nodes.md", "Jo Doe", date(2026, 3, 2))
    made()
    assert "Jo Doe" in page.read_text("utf-8")


def test_an_edited_guide_leaves_the_approved_text_live(made, content, tmp_path):
    file, page = content / "guides" / "nodes.md", tmp_path / "site" / "guides" / "nodes" / "index.html"
    reviewed.approve(file, "Jo Doe", date(2026, 3, 2))
    made()
    before = page.read_bytes()
    file.write_text(file.read_text("utf-8") + "\n\nA hasty sentence.\n", "utf-8")
    assert made().written.changed == 0
    assert page.read_bytes() == before


def test_a_broken_guide_is_named_and_what_was_live_stays(made, content, tmp_path):
    file = content / "guides" / "nodes.md"
    reviewed.approve(file, "Jo Doe", date(2026, 3, 2))
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
    reviewed.approve(file, "Jo Doe", date(2026, 3, 2))
    made()
    file.unlink()
    (problem,) = made().problems
    assert problem.startswith(f"guide nodes: live, but {file} is gone")
    assert "build.py content unpublish nodes" in problem


def words(page):
    return " ".join(html.fromstring(page.read_text("utf-8")).xpath("//main")[0].text_content().split())


BROKEN_FILES = {
    "gone": lambda file: file.unlink(),
    "folder": lambda file: (file.unlink(), file.mkdir()),
    "pipe": lambda file: (file.unlink(), os.mkfifo(file)),
    "dangling": lambda file: (file.unlink(), file.symlink_to("nowhere")),
    "endless": lambda file: (file.unlink(), file.symlink_to("/dev/zero")),
    "nul": lambda file: file.write_bytes(b"a\0b"),
    "large": lambda file: file.write_text("a" * 200_000),
    "latin": lambda file: file.write_bytes(b"caf\xe9"),
    "braces": lambda file: file.write_text("{{" * 40_000),
    "unknown": lambda file: file.write_text("{{ floor:nothing }}"),
    "empty": lambda file: file.write_text(" \n"),
}


@pytest.mark.parametrize("kind", BROKEN_FILES)
def test_a_broken_methodology_is_named_and_the_page_keeps_the_text_read_last(kind, made, content, tmp_path):
    made()
    BROKEN_FILES[kind](content / "methodology.md")
    (problem,) = made(full=True).problems
    assert problem.startswith(f"{content / 'methodology.md'}: ")
    assert problem.endswith("; expected the methodology as Markdown; the page keeps the last text that could be read")
    assert "As it is." in words(tmp_path / "site" / "methodology" / "index.html")


def test_a_first_build_without_a_methodology_has_the_page_without_its_text(made, content, tmp_path):
    (content / "methodology.md").unlink()
    (problem,) = made().problems
    assert "the page is left without its text" in problem
    assert "noindex" in (tmp_path / "site" / "methodology" / "index.html").read_text("utf-8")
    (content / "methodology.md").write_text("As it is.")
    assert made().problems == ()
    assert "As it is." in words(tmp_path / "site" / "methodology" / "index.html")


@pytest.mark.parametrize("kind", [kind for kind in BROKEN_FILES if kind not in {"gone", "unknown"}])
def test_a_broken_draft_is_one_line_and_the_build_goes_on(kind, made, content, tmp_path):
    reviewed.approve(content / "guides" / "nodes.md", "Jo Doe", date(2026, 3, 2))
    (content / "guides" / "draft.md").write_text(GUIDE)
    BROKEN_FILES[kind](content / "guides" / "draft.md")
    (problem,) = made().problems
    assert problem.startswith(f"{content / 'guides' / 'draft.md'}: ")
    assert (tmp_path / "site" / "guides" / "nodes" / "index.html").exists()


def test_no_page_shows_characters_that_nobody_sees_whoever_wrote_them(made, prices, tmp_path):
    prices.execute("update providers set display_name = E'Nim\u202e\u200bbus', description = E'\ufeffA\u2066'")
    prices.execute("update instances set instance_name = E'a\u202e\u200b\ufeffb\u2069\u0007'")
    prices.commit()
    made()
    pages_made = [file.read_text("utf-8") for file in (tmp_path / "site").rglob("*.html")]
    assert not [page for page in pages_made if set(page) & set("\u202e\u200b\ufeff\u2066\u2069\x07")]
    assert "Nimbus" in (tmp_path / "site" / "provider" / "nimbus" / "index.html").read_text("utf-8")


def test_a_guide_goes_live_with_the_first_build_of_its_day(made, content, prices, tmp_path):
    file, page = content / "guides" / "nodes.md", tmp_path / "site" / "guides" / "nodes" / "index.html"
    file.write_text(GUIDE.replace("2026-02-01", "2026-03-09"))
    reviewed.approve(file, "Jo Doe", date(2026, 3, 2))
    made()
    assert not page.exists()
    (row,) = pages.statuses(prices, "guide")
    assert (row.is_published, row.waits_for) == (False, date(2026, 3, 9))
    runs.finish(prices, runs.start(prices, samples.START + timedelta(9), "live", "v1"))
    made()
    assert page.exists()


def test_a_live_guide_that_no_rule_of_today_allows_is_one_line(made, content, prices):
    linking(content, "Text.")
    linking(content, "Text.", "other")
    made()
    prices.execute("alter table content_pages disable trigger guard_published")  # as under rules that let it pass
    prices.execute("update content_pages set content_markdown = repeat('a', 200000) where slug = 'guides/nodes'")
    prices.execute("update content_pages set front_matter = null where slug = 'guides/other'")
    prices.commit()
    for name in ("nodes", "other"):
        (content / "guides" / f"{name}.md").write_text(GUIDE)
    found = made().problems
    assert [problem.partition(",")[0] for problem in found] == ["guide nodes", "guide other"]
    assert all("build.py content unpublish" in problem for problem in found)


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


@pytest.fixture
def linked(monkeypatch):
    """Puts a link on the page for unknown addresses."""

    def put(link):
        def model(read, ld):
            page = not_found.page(read, ld)
            return replace(page, body=not_found.NotFound((link,), page.body.providers))

        types = [replace(one, model=model) if one is not_found.PAGE_TYPE else one for one in page_types()]
        replace_page_types(monkeypatch, types)

    return put


def test_a_page_with_a_broken_link_leaves_the_site_as_it_was(made, linked, tmp_path):
    made()
    before = files(tmp_path / "site")
    linked(Link("Nowhere", "/gpu/nowhere/"))
    with pytest.raises(BrokenSite, match=r"as it was, 1 error in its new pages: /404\.html: .*/gpu/nowhere/.* nowhere"):
        made(full=True)
    assert files(tmp_path / "site") == before


def test_pages_say_what_was_to_be_had_and_what_is_held_back_without_its_price(made, prices, tmp_path):
    held = [HeldBack("odd", "", "h100-sxm", "price_band", "figures", {"price_per_hour": Decimal(987)}, samples.START)]
    for hours, status in ((12, "available"), (24, "sold_out"), (36, "sold_out"), (49, "sold_out")):
        run = runs.start(prices, samples.after(hours), "live", "v1")
        offers = [samples.offer("nimbus", 2, availability_status=status)]
        store.store(prices, samples.run(hours, offers, provider="nimbus", run_id=run, held=held))
        runs.finish(prices, run)
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


@pytest.mark.parametrize("damage", [b"", b"<!doctype html>", None])
def test_a_damaged_page_is_made_again_by_a_build_that_verifies(made, tmp_path, damage):
    made()
    before, page = files(tmp_path / "site"), tmp_path / "site" / "gpu" / "h100-sxm" / "index.html"
    page.unlink() if damage is None else page.write_bytes(damage)
    assert made().rendered == 0
    report = made(verify=True)
    assert (report.rendered, report.written.changed) == (1, 1)
    assert report.found[0].startswith("1 file not as built, now repaired: gpu/h100-sxm/index.html (")
    assert changed_since(before, tmp_path / "site") == set()


def changed_since(before, folder):
    after = files(folder)
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


def test_a_whole_site_lost_in_a_power_cut_comes_back_by_itself(made, tmp_path):
    made()
    before = files(tmp_path / "site")
    for file in (tmp_path / "site").rglob("*.html"):
        file.write_bytes(b"")
    (tmp_path / "site" / ".boot").write_text("another start of the machine")
    report = made()
    assert report.rendered == report.pages_n
    assert changed_since(before, tmp_path / "site") == set()
    assert made().rendered == 0


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", None])
def test_a_lost_manifest_is_made_anew_and_strangers_files_stay(made, tmp_path, data):
    made()
    before, site = files(tmp_path / "site"), tmp_path / "site"
    (site / "CNAME").write_text("gpus.example")
    (site / "freshness.json").write_text("{}")
    (site / ".manifest.json").unlink() if data is None else (site / ".manifest.json").write_bytes(data)
    report = made()
    assert report.rendered == 0
    assert report.found[-1] == "1 file that no build is known to have written, left alone: CNAME"
    assert changed_since(before, site) == {"CNAME"}
    assert made().found == ()


def test_a_kept_page_that_was_emptied_stops_one_build_and_is_mended_by_the_next(made, prices, linked, tmp_path):
    made()
    (tmp_path / "site" / "methodology" / "index.html").write_bytes(b"")
    linked(Link("Words", "/methodology/#content"))
    prices.execute('update builds set code = code || \'{"": "old", "not_found": "old"}\'')
    prices.commit()
    with pytest.raises(BrokenSite, match="leads to 'content', which is not on that page"):
        made()
    assert made().found == ("1 file not as built, now repaired: methodology/index.html (empty)",)
    assert made().rendered == 0


@pytest.fixture
def many(prices, made, tmp_path):
    """A site with a page for each of forty providers, of which most can be taken away."""
    for number in range(40):
        samples.add_provider(prices, f"cloud-{number:02}")
    prices.commit()
    return made()


def take_away(prices, count):
    prices.execute("update providers set is_active = false where slug = any(%s)", [
        [f"cloud-{number:02}" for number in range(count)]
    ])  # fmt: skip
    prices.commit()


def test_a_build_that_takes_more_than_a_fifth_of_the_pages_off_stops_and_changes_nothing(many, made, prices, tmp_path):
    before = files(tmp_path / "site")
    take_away(prices, 15)
    for options in ({}, {"full": True}, {"verify": True}):
        with pytest.raises(MassRemoval) as told:
            made(**options)
        assert told.value.message.startswith(f"15 of {many.pages_n} pages would be removed from the site")
        assert "15, since a provider's page needs its row" in told.value.message
        assert "build.py render --allow-removals" in told.value.message
        assert files(tmp_path / "site") == before
    pages = "select count(*) from built_pages where path ~ '/$|html$' and page_type <> 'price_change_feed'"
    assert samples.one(prices, pages) == many.pages_n
    assert made(allow_removals=True).written.removed >= 15
    assert made().written.removed == 0


@pytest.mark.parametrize("count", [1, 5, 10])
def test_few_pages_go_without_a_question(many, made, prices, count):
    take_away(prices, count)
    assert made().pages_n == many.pages_n - count


def test_what_the_folder_holds_counts_where_the_database_forgot_its_pages(many, made, prices, tmp_path):
    prices.execute("delete from built_pages; delete from builds")
    take_away(prices, 15)
    with pytest.raises(MassRemoval, match="15, since the database has no record of them"):
        made()
    (tmp_path / "site" / ".manifest.json").unlink()
    with pytest.raises(MassRemoval, match=r"15 of \d+ pages"):
        made()


def test_a_new_folder_loses_nothing(many, made, prices, tmp_path):
    take_away(prices, 30)
    assert made(tmp_path / "other").pages_n == many.pages_n - 30


def test_a_full_build_shows_what_no_trigger_has_noted(made, prices, tmp_path):
    made()
    page = tmp_path / "site" / "gpu" / "index.html"
    prices.execute("set local session_replication_role = replica")
    prices.execute("update instances set price_per_hour = 77")
    prices.commit()
    assert made().looked_at == 0
    made(full=True)
    assert b"$77.00" in page.read_bytes()


def test_a_changed_price_draws_the_pictures_that_show_it_and_no_others(made, prices, tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr(picture, "png", lambda svg: drawn.append(svg) or svg.encode())
    monkeypatch.setenv("CLOUDGPUS_DATA_DIR", str(tmp_path / "data"))
    made()
    before = pictures(tmp_path)
    assert len(drawn) == len(before) > 5
    made(full=True)
    assert len(drawn) == len(before)
    run = runs.start(prices, samples.after(1), "live", "v1")
    store.store(prices, samples.run(1, [samples.offer("nimbus", "1.23")], provider="nimbus", run_id=run))
    runs.finish(prices, run)
    prices.commit()
    made()
    changed = {name for name, data in pictures(tmp_path).items() if before.get(name) != data}
    assert {"share/gpu/h100-sxm.png"} <= changed < before.keys()
    assert len(drawn) == len(before) + len(changed)


def pictures(tmp_path):
    return {name: data for name, data in files(tmp_path / "site").items() if name.endswith(".png") and "/" in name}
