from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from generator.catalogue.slices import version
from generator.database import runs
from generator.ingest import store
from generator.model.blocks import Fact
from generator.pages import gpu_detail, provider_detail
from generator.pages.registry import page_types
from generator.settings import Settings
from generator.site import build, built_pages, page_formats
from generator.site.built_pages import PageRecord
from generator.site.page_formats import Format
from tests.generator.catalogues import AS_OF, LD, SITE, catalogue, offer, provider
from tests.sql import samples

HOUR = timedelta(hours=1)
RECORD = PageRecord(
    "/gpu/a/",
    "gpu_detail",
    "thin",
    ["one", "two"],
    {"gpus.gpu_line:a": "x"},
    "v1",
    "c1",
    {"gpu/a/index.html": "f1"},
    AS_OF,
)


def test_a_record_is_current_while_its_code_and_its_slices_are():
    known = catalogue(offer("a", "ash", 2))
    record = replace(RECORD, inputs={"gpus.gpu_line:a": version(known, "gpus.gpu_line:a")})
    assert built_pages.is_current(record, known, "v1")
    assert not built_pages.is_current(record, known, "v2")
    assert not built_pages.is_current(record, catalogue(offer("a", "ash", 3)), "v1")
    assert not built_pages.is_current(replace(record, inputs={"gpus.gpu_line:retired": "x"}), known, "v1")


@pytest.mark.parametrize(
    "change",
    [
        {"name": "X"},
        {"url": "https://x.example"},
        {"product_markup": False},
        {"is_all_recorded": True},
        {"as_of": AS_OF + 24 * HOUR},
    ],
)
def test_what_all_pages_show_is_part_of_their_version(change):
    assert built_pages.code_version(SITE) != built_pages.code_version(replace(SITE, **change))


def test_the_hour_is_no_part_of_a_pages_version():
    assert built_pages.code_version(SITE) == built_pages.code_version(replace(SITE, as_of=AS_OF + HOUR))


def provider_page(**values):
    known = catalogue(offer("a", "ash", 2), provider("ash", **values))
    return provider_detail.PAGE_TYPE.page(build.SliceReader(known), LD, "ash")


def test_the_content_hash_has_no_stamps():
    today, yesterday = (provider_page(last_confirmed_at=AS_OF - timedelta(days=days)) for days in (0, 1))
    assert today.body != yesterday.body
    assert build._content_hash(today) == build._content_hash(yesterday)


def test_the_content_hash_moves_with_words_figures_and_structured_data():
    page = provider_page()
    others = [
        replace(page, title="Other"),
        replace(page, words={"answer": "Other."}),
        replace(page, graph=()),
        replace(page, body=replace(page.body, facts=(Fact("Kind", "Other"),))),
        replace(page, body=replace(page.body, provider=replace(page.body.provider, floor=Decimal(3)))),
    ]
    assert build._content_hash(page) not in {build._content_hash(other) for other in others}


def test_a_page_was_last_modified_when_its_content_was():
    page, before = provider_page(), replace(RECORD, last_modified=AS_OF - 99 * HOUR)
    assert build._last_modified(page, "c1", before, AS_OF) == before.last_modified
    assert build._last_modified(page, "c2", before, AS_OF) == AS_OF


def test_at_first_sight_a_page_is_as_old_as_the_newest_day_it_shows():
    page = provider_page()
    assert build._last_modified(page, "c1", None, AS_OF + HOUR) == page.newest == AS_OF.replace(hour=0, minute=0)
    assert build._last_modified(replace(page, newest=None), "c1", None, AS_OF) == AS_OF


def test_a_page_reads_slices_of_its_own_subject_only():
    known = catalogue(offer("a", "ash", 2), offer("zz", "elm", 99))
    read = build.SliceReader(known)
    gpu_detail.PAGE_TYPE.page(read, LD, "a")
    assert "offers.gpu_sections:a" in read.inputs
    assert not [name for name in read.inputs if name.endswith(":zz")]


@pytest.fixture
def site(connection, tmp_path, monkeypatch):
    """Four GPUs, two providers of which each sells two, and a build of what they ask."""
    (tmp_path / "guides").mkdir()
    (tmp_path / "methodology.md").write_text("As it is.")
    monkeypatch.setattr(build, "CONTENT", tmp_path)
    for number, slug in enumerate("abcd"):
        samples.add_gpu(connection, slug, 10 ** (number + 1))
    for slug in ("ash", "elm"):
        samples.add_provider(connection, slug, source_class="price_page")

    def at(hours, **prices):
        run = runs.start(connection, samples.after(hours), "live", "v1")
        for name, gpus in (("ash", "ab"), ("elm", "cd")):
            offers = [samples.offer(gpu, prices.get(gpu, 10 ** "abcd".index(gpu)), gpu_slug=gpu) for gpu in gpus]
            store.store(connection, samples.run(hours, offers, provider=name, run_id=run, source_class="price_page"))
        runs.finish(connection, run)
        connection.commit()
        return build.build(connection, Settings(site_url="https://gpus.example"), tmp_path / "site")

    return at


def files(folder):
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*.html")}


@pytest.mark.postgres
def test_nothing_is_made_again_where_nothing_moved(site):
    assert site(0).rendered > 10
    again = site(1)
    assert (again.rendered, again.written.removed) == (0, 0)


@pytest.mark.postgres
def test_one_changed_price_makes_its_own_pages_again_and_no_other(site, connection, tmp_path):
    site(0)
    before = built_pages.records(connection)
    report = site(1, b=11)
    made = {path for path, record in built_pages.records(connection).items() if record != before[path]}
    assert made == {"/", "/gpu/", "/gpu/b/", "/provider/ash/"}
    assert report.rendered == len(made)
    build.build(connection, Settings(site_url="https://gpus.example"), tmp_path / "full", build.Options(full=True))
    assert files(tmp_path / "site") == files(tmp_path / "full")


@pytest.mark.postgres
def test_only_pages_whose_content_changed_are_newly_modified(site, connection):
    site(0)
    site(2, b=11)
    records = built_pages.records(connection)
    assert records["/gpu/b/"].last_modified == samples.after(2)
    assert records["/gpu/a/"].last_modified == records["/methodology/"].last_modified == samples.START


@pytest.mark.postgres
def test_every_page_is_made_again_on_another_day(site):
    first = site(0)
    assert site(24).rendered == first.pages_n


@pytest.mark.postgres
def test_a_page_that_is_no_more_is_forgotten_and_what_read_it_is_made_again(site, connection, tmp_path):
    site(0)
    connection.execute("update gpu_models set is_active = false where slug = 'b'")
    site(1)
    assert "/gpu/b/" not in built_pages.records(connection)
    assert not (tmp_path / "site" / "gpu" / "b").exists()
    assert b"/gpu/b/" not in (tmp_path / "site" / "provider" / "ash" / "index.html").read_bytes()


@pytest.fixture
def titles(monkeypatch):
    """GPUs' pages have their titles as a file of their own."""
    title = Format(lambda path: f"{path.strip('/')}/title.txt", lambda _, page: page.title.encode())
    monkeypatch.setitem(page_formats.FORMATS, "title", title)
    kinds = [replace(kind, formats=("html", "title")) if kind.name == "gpu_detail" else kind for kind in page_types()]
    monkeypatch.setattr(build, "page_types", lambda: kinds)


@pytest.mark.postgres
def test_a_page_is_written_kept_and_removed_in_all_its_formats(titles, site, connection, tmp_path):
    site(0)
    html, title = tmp_path / "site/gpu/b/index.html", tmp_path / "site/gpu/b/title.txt"
    assert title.read_text() == "b Cloud Pricing and Providers"
    assert built_pages.records(connection)["/gpu/b/"].files.keys() == {"gpu/b/index.html", "gpu/b/title.txt"}
    assert site(1).rendered == 0
    title.unlink()
    report = build.build(
        connection, Settings(site_url="https://gpus.example"), tmp_path / "site", build.Options(verify=True)
    )
    assert (report.rendered, title.exists()) == (1, True)
    connection.execute("update gpu_models set is_active = false where slug = 'b'")
    site(2)
    assert not html.exists()
    assert not title.exists()


@pytest.mark.postgres
def test_records_are_kept_as_they_were_made(connection):
    built_pages.save(connection, [RECORD, replace(RECORD, path="/gpu/b/")], [], AS_OF)
    built_pages.save(connection, [replace(RECORD, gate_state="indexable", gate_reasons=[])], ["/gpu/b/"], AS_OF + HOUR)
    assert built_pages.records(connection) == {"/gpu/a/": replace(RECORD, gate_state="indexable", gate_reasons=[])}
    assert samples.one(connection, "select gate_since from built_pages") == AS_OF + HOUR
