from dataclasses import replace
from datetime import timedelta

import pytest

from generator.catalogue.slices import Note
from generator.ingest import store
from generator.pages.registry import page_types
from generator.settings import Settings
from generator.site import build, built_pages, page_formats
from generator.site.built_pages import PageSlice, Reads
from generator.site.page_formats import Format
from tests.generator.catalogues import AS_OF, SITE
from tests.generator.site.conftest import replace_page_types
from tests.sql import samples

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    "change",
    [{"name": "X"}, {"url": "https://x.example"}, {"product_markup": False}, {"is_all_recorded": True}],
)
def test_what_all_pages_show_is_the_version_of_the_site(change):
    assert built_pages.version_of_site(SITE) != built_pages.version_of_site(replace(SITE, **change))


def test_the_time_is_no_part_of_it():
    assert built_pages.version_of_site(SITE) == built_pages.version_of_site(replace(SITE, as_of=AS_OF + 48 * HOUR))


def test_who_has_read_what_is_listed_both_ways():
    reads = Reads()
    reads.of_page(1, [], {"a", "b"})
    reads.of_page(2, [], {"b"})
    reads.of_aggregates({"b": Note(7, frozenset({"c"}))})
    rows = {name: (version, readers) for _, name, version, _, readers in reads.rows()}
    assert rows == {"a": (None, [1]), "b": (7, [1, 2]), "c": (None, [-number(reads, "b")])}


def number(reads, name):
    return next(number for number, known, *_ in reads.rows() if known == name)


def test_only_slices_whose_readers_or_version_moved_are_stored_again():
    known = [PageSlice(1, "a", None, [], [1, 2]), PageSlice(2, "b", 7, [3], [1]), PageSlice(3, "c", None, [], [-2])]
    reads = Reads(3)
    reads.recall(known)
    assert list(reads.of_page(1, [1, 2], {"a", "b"})) == [1, 2]
    reads.of_aggregates({"b": Note(7, frozenset({"c"}))})
    assert list(reads.rows()) == []
    assert list(reads.of_page(1, [1, 2], {"b", "d"})) == [2, 4]
    reads.of_aggregates({"b": Note(8, frozenset({"a"}))})
    stored = [(number, name, version, list(was), readers) for number, name, version, was, readers in reads.rows()]
    assert stored == [
        (1, "a", None, [], [-2, 2]), (2, "b", 8, [1], [1]), (3, "c", None, [], []), (4, "d", None, [], [1])
    ]  # fmt: skip


def files(folder):
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.postgres
def test_nothing_is_made_again_where_nothing_moved(shop):
    assert shop(0).rendered > 10
    again = shop(1)
    assert (again.rendered, again.written.removed) == (0, 0)


@pytest.mark.postgres
def test_one_changed_price_makes_its_own_pages_again_and_no_other(shop, connection, tmp_path):
    shop(0)
    before = built_pages.records(connection)
    report = shop(1, b=11)
    made = {path for path, record in built_pages.records(connection).items() if record != before[path]}
    assert made == {"/", "/data/", "/gpu/", "/gpu/b/", "/provider/ash/", "/search/", "/api/v1/history/ash/b.json"}
    assert report.rendered == len(made) - 1
    build.build(connection, Settings(site_url="https://gpus.example"), tmp_path / "full", build.Options(full=True))
    assert files(tmp_path / "site") == files(tmp_path / "full")


@pytest.mark.postgres
def test_a_price_change_makes_its_own_feeds_again_and_no_other(shop, tmp_path):
    def feeds():
        return {
            str(file.relative_to(tmp_path / "site")): file.stat() for file in tmp_path.glob("site/changes/**/feed.*")
        }

    shop(0)
    shop(2, a=2)
    before = feeds()
    shop(30, a=2)
    written = {path for path, now in feeds().items() if now.st_mtime_ns != before[path].st_mtime_ns}
    of = ("changes", "changes/gpu/a", "changes/provider/ash")
    assert written == {f"{folder}/feed.{kind}" for folder in of for kind in ("xml", "json")}
    assert len(before) == 2 * (1 + 4 + 2)


def test_only_pages_whose_content_changed_are_newly_modified(shop, connection):
    shop(0)
    shop(2, b=11)
    records = built_pages.records(connection)
    assert records["/gpu/b/"].last_modified == samples.after(2)
    assert records["/gpu/a/"].last_modified == records["/methodology/"].last_modified == samples.START


@pytest.mark.postgres
def test_another_day_makes_only_pages_again_that_show_it(shop, connection, tmp_path):
    first = shop(0)
    again = shop(24)
    assert 0 < again.rendered < first.pages_n
    assert built_pages.records(connection)["/methodology/"].last_modified == samples.START
    build.build(connection, Settings(site_url="https://gpus.example"), tmp_path / "full", build.Options(full=True))
    assert files(tmp_path / "site") == files(tmp_path / "full")


@pytest.mark.postgres
def test_a_page_that_is_no_more_is_forgotten_and_what_read_it_is_made_again(shop, connection, tmp_path):
    shop(0)
    connection.execute("update gpu_models set is_active = false where slug = 'b'")
    shop(1)
    assert "/gpu/b/" not in built_pages.records(connection)
    assert not (tmp_path / "site" / "gpu" / "b").exists()
    assert b"/gpu/b/" not in (tmp_path / "site" / "provider" / "ash" / "index.html").read_bytes()


@pytest.fixture
def titles(monkeypatch):
    """GPUs' pages have their titles as a file of their own."""
    title = Format(lambda path: f"{path.strip('/')}/title.txt", lambda page, _: page.title.encode())
    monkeypatch.setitem(page_formats.FORMATS, "title", title)
    kinds = [replace(kind, formats=("html", "title")) if kind.name == "gpu_detail" else kind for kind in page_types()]
    replace_page_types(monkeypatch, kinds)


@pytest.mark.postgres
def test_a_page_is_written_kept_and_removed_in_all_its_formats(titles, shop, connection, tmp_path):
    shop(0)
    html, title = tmp_path / "site/gpu/b/index.html", tmp_path / "site/gpu/b/title.txt"
    assert title.read_text() == "b Cloud Pricing and Providers"
    assert built_pages.records(connection)["/gpu/b/"].files.keys() == {"gpu/b/index.html", "gpu/b/title.txt"}
    assert shop(1).rendered == 0
    title.unlink()
    report = build.build(
        connection, Settings(site_url="https://gpus.example"), tmp_path / "site", build.Options(verify=True)
    )
    assert (report.rendered, title.exists()) == (1, True)
    connection.execute("update gpu_models set is_active = false where slug = 'b'")
    shop(2)
    assert not html.exists()
    assert not title.exists()


@pytest.mark.postgres
def test_a_gate_s_state_dates_from_when_it_moved(shop, connection):
    since = "select gate_since from built_pages where path = '/gpu/b/'"
    shop(0)
    shop(1, b=11)
    assert samples.one(connection, since) == samples.START
    samples.add_provider(connection, "fir", source_class="price_page")
    for hours in (2, 14, 26):
        run = samples.run(hours, [samples.offer("b", 12, gpu_slug="b")], provider="fir", source_class="price_page")
        store.store(connection, run)
        shop(hours, b=11)
    assert (built_pages.records(connection)["/gpu/b/"].gate_state, samples.one(connection, since)) == (
        "indexable", samples.after(26),
    )  # fmt: skip


@pytest.mark.postgres
def test_a_gate_that_waits_moves_with_time_alone_and_a_full_build_agrees(shop, connection, tmp_path):
    shop(0)
    connection.execute(
        "update built_pages set gate_state = 'indexable', gate_found_since = %s where path = '/gpu/b/'",
        [samples.after(-7 * 24 + 2)],
    )
    for hours, state in ((1, "indexable"), (2, "thin")):
        assert shop(hours).looked_at >= 1
        assert built_pages.records(connection)["/gpu/b/"].gate_state == state
    build.build(connection, Settings(site_url="https://gpus.example"), tmp_path / "full", build.Options(full=True))
    assert files(tmp_path / "site") == files(tmp_path / "full")


@pytest.mark.postgres
def test_a_page_that_search_engines_could_list_redirects_when_it_is_gone(shop, connection, tmp_path):
    shop(0)
    connection.execute("update built_pages set was_indexable = path = '/gpu/b/'")
    connection.execute("update gpu_models set is_active = slug in ('c', 'd')")
    shop(1)
    redirects = (tmp_path / "site" / "_redirects").read_text()
    assert "/gpu/b/ /gpu/ 301" in redirects
    assert "/gpu/a/ " not in redirects
    connection.execute("update gpu_models set is_active = true")
    shop(2)
    assert "/gpu/b/ /gpu/ 301" not in (tmp_path / "site" / "_redirects").read_text()
    assert built_pages.former_paths(connection) == set()
