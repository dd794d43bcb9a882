from decimal import Decimal

from generator.catalogue.views.floors import floors_at, spot_ratio
from tests.generator.catalogues import catalogue, offer


def test_floors_are_by_number_of_gpus_and_machines_of_unstated_size_come_last():
    known = catalogue(
        offer("a", "ash", 3), offer("a", "ash", 16, gpu_count=8), offer("a", "elm", 2),
        offer("a", "fir", 1, size_stated=False),
    )  # fmt: skip
    assert list(floors_at(known, "a", "on_demand").items()) == [
        (1, {"ash": 3, "elm": 2}),
        (8, {"ash": 2}),
        (0, {"fir": 1}),
    ]


def test_what_spot_costs_is_the_median_of_the_providers_that_have_both():
    both = [
        offer("a", name, price, spot)
        for name, price, spot in (("ash", 4, 1), ("elm", 4, 2), ("fir", 2, 2), ("oak", 5, 4))
    ]
    lowest = offer("a", "only-spot", None, "0.01")
    assert spot_ratio(catalogue(*both, lowest), "a") == Decimal("0.65")  # of 0.25, 0.5, 1 and 0.8
    assert spot_ratio(catalogue(*both[:3], lowest), "a") is None


def test_spot_of_a_node_is_not_compared_with_one_gpu_on_demand():
    apart = [offer("a", name, 4) for name in ("ash", "elm", "fir", "oak")]
    nodes = [offer("a", name, None, 8, gpu_count=8) for name in ("ash", "elm", "fir", "oak")]
    assert spot_ratio(catalogue(*apart, *nodes), "a") is None
