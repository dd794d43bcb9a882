from decimal import Decimal

import pytest

from generator.catalogue.views.traits import has_nvlink, placed_traits, traits
from tests.generator.catalogues import catalogue, gpu, offer, placed

BOARD = "NVLink 4, 900 GB/s"


def stated(one, places=(), **of_gpu):
    return traits(catalogue(gpu("a", **{"interconnect": BOARD} | of_gpu), one), one, places).split()


@pytest.mark.parametrize(
    ("says", "count", "interconnect", "expected"),
    [
        (True, 8, None, "yes"),
        (True, 1, BOARD, "yes"),
        (False, 8, BOARD, "no"),
        (None, 8, BOARD, "board"),
        (None, 2, BOARD, "board"),
        (None, 1, BOARD, ""),
        (None, 8, "NVLink, 400 GB/s", "board"),
        (None, 8, "NVLink bridge", ""),
        (None, 8, "PCIe 5.0, NVLink bridge", ""),
        (None, 8, "NVLink-C2C, 900 GB/s", ""),
        (None, 8, "Infinity Fabric, 896 GB/s", ""),
        (None, 8, "PCIe 5.0 x16", ""),
        (None, 8, None, ""),
    ],
)
def test_nvlink_is_what_the_offer_says_or_else_what_its_board_has(says, count, interconnect, expected):
    one = offer("a", "ash", 2, gpu_count=count, has_nvlink=says)
    assert has_nvlink(catalogue(gpu("a", interconnect=interconnect), one), one) == expected
    words = [word for word in stated(one, interconnect=interconnect) if word.startswith("nvlink")]
    assert words == ([f"nvlink={expected}"] if expected else [])


def test_a_machine_of_unknown_size_has_no_nvlink_by_its_board():
    one = offer("a", "ash", 2, gpu_count=8, size_stated=False)
    assert has_nvlink(catalogue(gpu("a", interconnect=BOARD), one), one) == ""


def test_what_is_not_stated_has_no_word():
    assert stated(offer("a", "ash", 2, size_stated=False), vram_gb=None) == []


def test_what_an_offer_states_is_a_word_each():
    one = offer(
        "a", "ash", 2, instance_type="secure/x", gpu_count=8, availability_stated=True, has_infiniband=True,
        price_basis="gpu_only", vcpu_count=64, ram_gb=Decimal("512.00"),
    )  # fmt: skip
    assert stated(one, ["North America", "US"]) == [
        "n=8", "at=North-America", "at=US", "stock=yes", "nvlink=board", "infiniband=yes", "tier=secure", "vram=80",
        "basis=gpu_only", "cpu=64", "ram=512",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "in_stock"), [("available", "yes"), ("limited", "yes"), ("sold_out", "no"), ("waitlist", "no")]
)
def test_stock_is_yes_or_no_where_it_is_stated(status, in_stock):
    one = offer("a", "ash", 2, availability_status=status, availability_stated=True)
    assert f"stock={in_stock}" in stated(one)
    assert not any(word.startswith("stock") for word in stated(one._replace(availability_stated=False)))


def test_a_share_of_a_gpu_is_less_than_one():
    assert stated(offer("a", "ash", 2, gpu_share=Decimal("0.25")))[0] == "n=0.25"


def test_an_offer_in_a_region_is_in_its_country_and_continent():
    there = placed("a", "ash", 2, gpu_count=4, continent="South America", country="BR", availability_stated=True)
    assert placed_traits(there) == "n=4 at=BR at=South-America stock=yes"
    assert placed_traits(placed("a", "ash", 2, country=None, size_stated=False)) == "at=Europe"
