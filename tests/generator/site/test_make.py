import os
import signal
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from generator.catalogue.slices import SliceReader
from generator.errors import BuildError
from generator.model.blocks import Fact
from generator.model.page import Gate
from generator.pages import gpu_detail, provider_detail
from generator.pages.registry import page_type
from generator.settings import Settings
from generator.site import build, make
from generator.site.built_pages import PageRecord
from generator.site.gates import settled
from generator.site.make import Maker, ToMake
from tests.generator.catalogues import AS_OF, LD, catalogue, offer, provider


def provider_page(**values):
    known = catalogue(offer("a", "ash", 2), provider("ash", **values))
    return provider_detail.PAGE_TYPE.page(SliceReader(known), LD, "ash")


def content_hash(page):
    return make.hashes(page)[0]


def test_the_content_hash_has_no_stamps_and_the_model_s_hash_has():
    today, yesterday = (provider_page(last_confirmed_at=AS_OF - timedelta(days=days)) for days in (0, 1))
    assert today.body != yesterday.body
    assert content_hash(today) == content_hash(yesterday)
    assert make.hashes(today) != make.hashes(yesterday)


def test_the_content_hash_moves_with_words_figures_and_structured_data():
    page = provider_page()
    others = [
        replace(page, title="Other"),
        replace(page, words={"answer": "Other."}),
        replace(page, graph=()),
        replace(page, body=replace(page.body, facts=(Fact("Kind", "Other"),))),
        replace(page, body=replace(page.body, provider=replace(page.body.provider, floor=Decimal(3)))),
    ]
    assert content_hash(page) not in {content_hash(other) for other in others}


def test_the_model_s_hash_moves_with_all_that_a_template_is_given():
    page = provider_page()
    others = [
        replace(page, description="Other."),
        replace(page, gate=replace(page.gate, state="stub")),
        replace(page, crumbs=page.crumbs[:1]),
    ]
    assert make.hashes(page)[1] not in {make.hashes(other)[1] for other in others}


def test_a_page_reads_slices_of_its_own_subject_only():
    known = catalogue(offer("a", "ash", 2), offer("zz", "elm", 99))
    read = SliceReader(known)
    gpu_detail.PAGE_TYPE.page(read, LD, "a")
    assert "offers_by_gpu:a" in read.reads
    assert not [name for name in read.reads if name == "offers_by_gpu:zz"]


RECORD = PageRecord(
    "/gpu/a/",
    "gpu_detail",
    ["a"],
    1,
    "thin",
    [],
    "thin",
    AS_OF,
    1,
    AS_OF,
    False,
    [],
    "c1",
    "m1",
    {},
    AS_OF - timedelta(99),
)


def made(to_make, content="c1", newest=None):
    gate = settled(Gate("thin"), None, AS_OF)
    return make.Made(to_make, gate, frozenset(), content, "m1", (), [], newest, None)


@pytest.fixture
def run():
    """A build as of AS_OF + 1 hour."""
    one = object.__new__(build._Run)
    one.site = replace(LD.site, as_of=AS_OF + timedelta(hours=1))
    return one


def test_a_page_was_last_modified_when_its_content_was(run):
    known = ToMake(page_type("gpu_detail"), ("a",), RECORD)
    assert run._last_modified(made(known)) == RECORD.last_modified
    assert run._last_modified(made(known, "c2")) == run.site.as_of


def test_at_first_sight_a_page_is_as_old_as_the_newest_day_it_shows(run):
    page, new = provider_page(), ToMake(page_type("provider_detail"), ("ash",))
    assert run._last_modified(made(new, newest=page.newest)) == page.newest <= AS_OF
    assert run._last_modified(made(new)) == run.site.as_of


def test_pages_of_one_subject_are_in_one_shard():
    kinds = [("gpu_detail", "a"), ("provider_detail", "a"), ("gpu_detail", "b"), ("gpu_comparison", "a", "b")]
    pages = [ToMake(page_type(name), key) for name, *key in kinds for key in [tuple(key)]]
    shards = make.in_shards(pages, 2)
    assert [[(one.page_type.name, one.key[0]) for one in shard] for shard in shards] == [
        [("gpu_comparison", "a"), ("gpu_detail", "a")], [("gpu_detail", "b"), ("provider_detail", "a")],
    ]  # fmt: skip


def test_there_is_a_process_for_each_usable_processor_up_to_eight(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3, 5})
    assert make.usable_processors() == 2
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)))
    assert make.usable_processors() == 8
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert make.usable_processors() == 1


@pytest.fixture
def sharded(shop, connection, tmp_path, monkeypatch):
    """What builds the site in shards of three pages, in as many processes."""
    shop(0)
    monkeypatch.setattr(build, "ENOUGH", 0)
    monkeypatch.setattr(make, "in_shards", lambda pages, size=3, divide=make.in_shards: divide(pages, size))

    def build_it(jobs):
        options = build.Options(full=True, jobs=jobs)
        return build.build(connection, Settings(site_url="https://gpus.example"), tmp_path / f"jobs{jobs}", options)

    return build_it


def files(folder):
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.postgres
def test_several_processes_make_the_same_bytes_as_one(sharded, tmp_path):
    one, two = sharded(1), sharded(2)
    assert one.rendered == two.rendered == one.pages_n > 10
    assert files(tmp_path / "jobs1") == files(tmp_path / "jobs2") == files(tmp_path / "site")


@pytest.mark.postgres
def test_a_killed_process_is_one_line_and_the_site_stays_as_it_was(sharded, tmp_path, monkeypatch):
    sharded(2)
    before, parent = files(tmp_path / "jobs2"), os.getpid()
    page = Maker.page

    def dies(maker, one):
        if os.getpid() != parent and one.path == "/gpu/b/":
            os.kill(os.getpid(), signal.SIGKILL)
        return page(maker, one)

    monkeypatch.setattr(Maker, "page", dies)
    with pytest.raises(BuildError, match=r"^a process that made pages was killed; is there enough memory\?"):
        sharded(2)
    assert files(tmp_path / "jobs2") == before


@pytest.mark.postgres
def test_an_error_in_a_process_is_the_build_s(sharded, monkeypatch):
    def fails(maker, one):
        raise BuildError("no memory of it")

    monkeypatch.setattr(Maker, "page", fails)
    with pytest.raises(BuildError, match="no memory of it"):
        sharded(2)
