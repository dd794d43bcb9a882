from collections import Counter
from itertools import product

from generator.catalogue.views import pairs
from tests.generator.catalogues import catalogue, comparable, gpu, offer


def sold(prices, providers=("ash", "elm")):
    """Offers of each GPU at its price, by each provider."""
    return [offer(slug, provider, price) for (slug, price), provider in product(prices.items(), providers)]


def test_related_gpus_need_two_providers_in_common():
    apart = [offer("a", "ash", 2), offer("a", "elm", 2), offer("b", "fir", 2), offer("b", "elm", 2)]
    assert pairs.gpu_pairs(catalogue(*apart)) == ()
    assert pairs.gpu_pairs(catalogue(*apart, offer("b", "ash", 2))) == (("a", "b"),)


def test_gpus_of_one_class_are_related_up_to_four_times_the_memory():
    sizes = [gpu("b", vram_gb=320), gpu("c", vram_gb=1281)]
    assert pairs.gpu_pairs(catalogue(*sizes, *sold({"a": 1, "b": 1, "c": 1}))) == (("a", "b"),)


def test_pairs_do_not_come_and_go_with_prices():
    sizes = [gpu(f"g{number:02}", vram_gb=40 + number) for number in range(12)]
    cheap, dear = (sold({f"g{number:02}": 1 + number * step for number in range(12)}) for step in (0, 9))
    assert pairs.gpu_pairs(catalogue(*sizes, *cheap)) == pairs.gpu_pairs(catalogue(*sizes, *dear))


def test_gpus_of_different_classes_are_related_up_to_twice_the_memory():
    other = [gpu("b", manufacturer="AMD", vram_gb=160), gpu("c", manufacturer="Intel", vram_gb=161)]
    found = pairs.gpu_pairs(catalogue(*other, *sold({"a": 1, "b": 1, "c": 9})))
    assert found == (("a", "b"), ("b", "c"))


def test_a_spot_price_makes_no_pair():
    known = catalogue(*sold({"a": 1}), offer("b", "ash", None, 1), offer("b", "elm", None, 1))
    assert pairs.gpu_pairs(known) == ()


def test_a_gpu_has_at_most_eight_pairs_and_they_are_the_nearest_in_speed_and_memory():
    speeds = [gpu(f"g{number:02}", fp16_tflops=100 + 10 * number) for number in range(20)]
    known = catalogue(*speeds, *sold({f"g{number:02}": 1 for number in range(20)}))
    found = pairs.gpu_pairs(known)
    taken = Counter(slug for pair in found for slug in pair)
    assert max(taken.values()) == 8
    assert {("g00", f"g{number:02}") for number in range(1, 5)} <= set(found)


def test_pairs_are_alphabetical_and_in_order():
    found = pairs.gpu_pairs(catalogue(*sold({"c": 1, "a": 1, "b": 1})))
    assert found == (("a", "b"), ("a", "c"), ("b", "c"))


def test_a_price_leaves_what_pairs_are_made_from_as_it_was():
    one, other = (catalogue(*sold({"a": price, "b": 2})) for price in (1, 3))
    assert pairs._specs(one) == pairs._specs(other)
    assert "listed_gpus" not in pairs.gpu_pairs.computed(one).passed_on


def test_more_common_providers_and_like_memory_make_a_pair_nearer():
    known = catalogue(
        gpu("twice", vram_gb=160), *sold({"a": 2, "same": 2, "twice": 2}),
        *sold({"a": 2, "wide": 2}, ["fir", "oak", "yew"]),
    )  # fmt: skip
    shared, specs = pairs._shared_sellers(known), pairs._specs(known)
    order = sorted(shared, key=lambda pair: pairs._unlikeness(*(specs[slug] for slug in pair), shared[pair]))
    assert [pair[1] for pair in order if pair[0] == "a"] == ["wide", "same", "twice"]


def test_providers_make_a_pair_with_three_variants_in_common():
    known = catalogue(
        *comparable("ash", "elm", "fir"), *sold({"a": 1, "b": 1, "c": 1}), *sold({"a": 1, "b": 1}, ["fir"])
    )
    assert pairs.provider_pairs(known) == (("ash", "elm"),)


def test_a_chip_is_no_variant_that_two_providers_share():
    known = catalogue(gpu("c", kind="chip"), *sold({"a": 1, "b": 1, "c": 1}))
    assert pairs.provider_pairs(known) == ()


def test_shared_prices_name_the_cheaper_side_and_by_how_much():
    known = catalogue(offer("a", "ash", 2), offer("a", "elm", 3), offer("b", "ash", 4), offer("b", "elm", 3))
    assert [(one.subject.text, one.a, one.b, one.cheaper) for one in pairs.shared_providers(known, "a", "b")] == [
        ("Ash", 2, 4, "a"), ("Elm", 3, 3, ""),
    ]  # fmt: skip
    assert pairs.shared_gpus(known, "ash", "elm")[1].gap == 1 / 2


def test_prices_that_read_the_same_are_equal():
    (one,) = pairs.shared_gpus(catalogue(offer("a", "ash", "2.001"), offer("a", "elm", "2.004")), "ash", "elm")
    assert (one.cheaper, one.gap) == ("", 0)


def test_what_one_provider_alone_sells_is_told_apart():
    known = catalogue(*sold({"a": 1}), offer("b", "ash", 1), offer("c", "ash", None, 1))
    assert [link.text for link in pairs.only_at(known, "ash", "elm")] == ["b"]
    assert pairs.only_at(known, "elm", "ash") == ()


def test_comparisons_are_linked_from_both_sides_at_one_address():
    known = catalogue(*sold({"b": 1, "a": 1}))
    assert [(link.text, link.path) for link in pairs.comparisons_of_gpu(known, "b")] == [("b vs a", "/compare/a-vs-b/")]
    assert pairs.comparisons_of_gpu(known, "a")[0].path == "/compare/a-vs-b/"
