from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.catalogue.slices import Slice, SliceReader, take_notes, version, view
from generator.catalogue.views.gpus import gpu_line, gpu_lines, stats
from generator.catalogue.views.offers import gpu_sections
from generator.pages.registry import page_types
from generator.site import make
from tests.generator.catalogues import AS_OF, LD, catalogue, offer


def test_a_page_notes_the_tables_rows_behind_each_view_that_it_reads():
    read = SliceReader(catalogue(offer("a", "ash", 2)))
    assert read(stats, "a", "on_demand").floor == 2
    assert read.reads == {"stats_by_gpu:a"}


def test_a_page_notes_an_aggregate_instead_of_what_is_behind_it():
    known = catalogue(offer("a", "ash", 2), offer("b", "ash", 2))
    read = SliceReader(known)
    read(gpu_lines)
    assert read.reads == {"gpus.gpu_order", "gpus.gpu_line:a", "gpus.gpu_line:b"}
    notes = take_notes(known)
    assert notes["gpus.gpu_line:a"].version == version(known, "gpus.gpu_line:a")
    assert {"gpus:a", "stats_by_gpu:a"} <= notes["gpus.gpu_line:a"].reads
    assert take_notes(known) == {}


def test_every_reader_of_a_view_notes_what_is_behind_it_though_it_is_computed_once():
    known = catalogue(offer("a", "ash", 2))
    one, other = SliceReader(known), SliceReader(known)
    for read in (one, other):
        read(stats, "a", "on_demand")
        read(gpu_line, "a")
    assert one.reads == other.reads == {"stats_by_gpu:a", "gpus.gpu_line:a"}


def test_what_a_view_reads_that_fails_is_not_mixed_with_what_its_reader_reads_afterwards():
    known = catalogue(offer("a", "ash", 2))
    read = SliceReader(known)
    with pytest.raises(KeyError):
        read(gpu_line, "none")
    read(stats, "a", "on_demand")
    assert read.reads == {"stats_by_gpu:a"}


def test_a_view_is_computed_once_a_build():
    calls = []

    @view
    def counted(_, slug):
        calls.append(slug)
        return slug

    known = catalogue()
    assert [counted(known, slug) for slug in ("a", "b", "a")] == ["a", "b", "a"]
    assert calls == ["a", "b"]


def test_the_same_rows_have_the_same_versions():
    one, other = (catalogue(offer("a", "ash", 2), offer("b", "elm", 3)) for _ in range(2))
    for name in (
        "gpus.gpu_lines",
        "gpus.gpu_line:a",
        "offers.gpu_sections:a",
        "providers.provider_lines",
        "pairs.gpu_pairs",
    ):
        assert version(one, name) == version(other, name)


@given(st.integers(1, 99), st.integers(1, 99))
def test_a_version_moves_exactly_when_the_value_does(price, other):
    one, two = catalogue(offer("a", "ash", price)), catalogue(offer("a", "ash", other))
    same = gpu_line(one, "a") == gpu_line(two, "a")
    assert (version(one, "gpus.gpu_line:a") == version(two, "gpus.gpu_line:a")) is same is (price == other)


def test_a_slice_does_not_move_with_what_it_does_not_show():
    before = catalogue(offer("a", "ash", 2), offer("b", "ash", 2))
    after = catalogue(offer("a", "ash", 2), offer("b", "ash", 3))
    assert gpu_sections(before, "b") != gpu_sections(after, "b")
    assert version(before, "offers.gpu_sections:a") == version(after, "offers.gpu_sections:a")
    assert version(before, "offers.gpu_sections:b") != version(after, "offers.gpu_sections:b")


def test_seeing_a_price_again_on_the_same_day_changes_no_page():
    early, late = (
        catalogue(offer("a", "ash", 2, last_confirmed_at=AS_OF + timedelta(hours=hours))) for hours in (0, 5)
    )
    for kind in page_types():
        for key in kind.keys(early):
            pages = [kind.page(SliceReader(known), LD, *key) for known in (early, late)]
            assert make.hashes(pages[0]) == make.hashes(pages[1])


@pytest.mark.parametrize("name", ["gpus.gpu_line:retired", "providers.provider_row:gone", "no_such_view"])
def test_a_view_or_a_subject_that_no_longer_exists_has_no_version_and_stops_nothing(name):
    known = catalogue(offer("a", "ash", 2))
    assert version(known, name) is None
    assert version(known, "gpus.gpu_line:a") is not None


def test_a_slice_is_named_after_its_module_its_view_and_its_arguments():
    assert str(stats.slice("a", "on_demand")) == "gpus.stats:a:on_demand"


@given(st.lists(st.text(st.characters(codec="utf-8")), max_size=3))
def test_a_name_identifies_its_slice_whatever_the_arguments(texts):
    slice_ = Slice("gpus.stats", tuple(texts))
    assert Slice.named(str(slice_)) == slice_


@pytest.mark.parametrize("arg", [80, None, True, Decimal(80), ("a",)])
def test_a_view_takes_strings_and_nothing_else(arg):
    with pytest.raises(TypeError, match=r"view gpus\.gpu_line: expected strings, not"):
        gpu_line(catalogue(offer("a", "ash", 2)), arg)


def test_no_two_views_have_one_name():
    def gpu_line(_, slug):
        return slug

    gpu_line.__module__, gpu_line.__qualname__ = "generator.catalogue.views.gpus", "gpu_line"
    with pytest.raises(TypeError, match=r"^two views are called gpus\.gpu_line$"):
        view(gpu_line)
