from decimal import Decimal

from generator.catalogue.views import market
from tests.generator.catalogues import catalogue, gpu, move, offer


def test_a_move_is_stated_as_a_ratio_with_its_source():
    (only,) = market.moves(catalogue(offer("a", "ash", 3), move("a", "ash", 2, 3)))
    assert (only.old, only.new, only.change, only.source) == (2, 3, Decimal("0.5"), "Readers")


def test_moves_of_gpus_or_providers_that_are_not_listed_are_left_out():
    known = catalogue(offer("a", "ash", 3), move("a", "nobody", 2, 3), move("z", "ash", 2, 3))
    assert market.moves(known) == ()


def test_what_is_interruptible_or_without_a_host_here_is_no_move_on_demand():
    spot, bare = offer("a", "ash", None, 1), offer("b", "ash", 1, price_basis="gpu_only")
    assert market.moves(catalogue(spot, bare, move("a", "ash", 2, 1), move("b", "ash", 2, 1))) == ()


def test_counts_are_of_what_is_shown_and_a_chip_is_no_gpu():
    known = catalogue(gpu("h100", kind="chip"), offer("h100", "ash", 1), offer("a", "ash", 1), offer("a", "elm", 1))
    assert market.counts(known) == {"providers": 2, "gpus": 1, "offers": 3}
