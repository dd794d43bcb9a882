from decimal import Decimal

import pytest

from generator.catalogue.list_rows import FeatureFloorRow
from generator.catalogue.views.gpu_sets import (
    beside,
    gpu_sets,
    members,
    most_alike,
    set_lines,
    set_providers_n,
    set_words,
    sets_of_gpu,
)
from tests.generator.catalogues import catalogue, gpu, offer


def nvlink(gpu_slug, provider_slug, floor):
    return FeatureFloorRow(gpu_slug, "nvlink", provider_slug, Decimal(floor))


def test_a_list_by_memory_has_the_gpus_of_exactly_that_memory_that_somebody_rents_out():
    rows = [gpu("b", vram_gb=96), gpu("c"), gpu("d")]
    offers = [offer("a", "ash", 2), offer("b", "ash", 2), offer("c", "elm", 1), offer("d", "elm", 1, freshness="aging")]
    known = catalogue(*rows, *offers)
    assert [line.gpu.slug for line in set_lines(known, "vram", "80gb")] == ["c", "a"]
    assert set_providers_n(known, "vram", "80gb") == 2


@pytest.mark.parametrize(("price", "band"), [("0.49", "under-0.5-usd"), ("0.5", "0.5-to-1-usd"), ("1", "1-to-2-usd")])
def test_a_price_is_in_one_band(price, band):
    known = catalogue(offer("a", "ash", price), offer("b", "ash", price))
    assert [one for one in gpu_sets(known) if one[0] == "per-hour"] == [("per-hour", band)]


def test_a_list_by_feature_has_the_prices_with_that_feature():
    known = catalogue(offer("a", "ash", 1), offer("a", "elm", 2), nvlink("a", "elm", 2), nvlink("a", "fir", 3))
    (line,) = set_lines(known, "with", "nvlink")
    assert (line.floor, line.provider.text, line.median, line.providers_n) == (2, "Elm", Decimal("2.5"), 2)


def test_spot_prices_are_a_feature():
    known = catalogue(offer("a", "ash", 2, 1), offer("b", "elm", 2))
    assert members(known, "with", "spot") == ("a",)


def test_a_list_needs_two_gpus():
    assert gpu_sets(catalogue(offer("a", "ash", 9), offer("b", "ash", 2), gpu("b", vram_gb=24))) == ()


def test_lists_that_name_the_same_gpus_are_alike():
    rows = [nvlink(slug, "ash", 2) for slug in "ab"]
    known = catalogue(*[offer(slug, "ash", 2, 1) for slug in "abc"], *rows)
    assert round(most_alike(known, "with", "nvlink"), 2) == Decimal("0.67")
    assert most_alike(known, "vram", "80gb") == 0


def test_a_list_by_memory_is_beside_the_next_smaller_and_larger():
    sizes = {"a": 24, "b": 24, "c": 48, "d": 48, "e": 96, "f": 96}
    rows = [row for slug, size in sizes.items() for row in (gpu(slug, vram_gb=size), offer(slug, "ash", 9))]
    assert beside(catalogue(*rows), "vram", "48gb") == (("vram", "24gb"), ("vram", "96gb"))


def test_a_gpu_links_to_the_lists_that_it_is_in():
    known = catalogue(offer("a", "ash", 9), offer("b", "ash", 9))
    assert [link.path for link in sets_of_gpu(known, "a")] == ["/gpu/vram/80gb/"]


def test_a_constraint_has_words_that_complete_gpus():
    assert set_words("per-hour", "under-0.5-usd") == "under $0.50 per hour"
    assert set_words("vram", "80gb") == "with 80 GB of memory"
    assert set_words("with", "nvlink") == "with NVLink"
