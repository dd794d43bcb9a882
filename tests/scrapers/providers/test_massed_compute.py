import json
from decimal import Decimal

from scrapers.providers import massed_compute
from tests.scrapers.providers.replayed import by_type, decoded, recorded_offers


def cell(content):
    return ["$", "td", None, {"children": content}]


def page_of(*rows):
    stream = "".join(f"{number}:{json.dumps(row)}\n" for number, row in rows)
    return decoded(massed_compute.SOURCE, f"<script>self.__next_f.push([1,{json.dumps(stream)}])</script>")


def test_prices_are_those_of_whole_machines() -> None:
    offers = recorded_offers(massed_compute)
    assert offers["H100 NVL (94GB) NVLink x 2"].price == Decimal("2.92") * 2
    assert offers["H100 SXM5 (80GB) x 8"].price == Decimal("3.14") * 8
    assert offers["RTX A6000 (48GB) x 1"].price == Decimal("0.57")
    assert offers["H200 NVL (141GB) x 1"].price == Decimal("3.62")


def test_the_key_of_a_row_names_the_machine() -> None:
    pair = recorded_offers(massed_compute)["H100 NVL (94GB) NVLink x 2"]
    assert (pair.gpu_name, pair.gpu_count, pair.gpu_memory_gb, pair.has_nvlink) == ("H100 NVL", 2, 94, True)
    assert (pair.vcpu_count, pair.ram_gb, pair.storage_gb) == (40, 256, 2500)


def test_a_machine_to_ask_for_has_no_price() -> None:
    offer = recorded_offers(massed_compute)["H100 (80GB) x 8"]
    assert (offer.price, offer.vcpu_count, offer.availability) == (None, None, "contact_sales")


def test_cells_that_come_later_are_found() -> None:
    row = ["$", "tr", "RTX A6000 (48GB) [Premium]-x 1-0", {"children": [cell("1"), cell("6"), "$L2", "$L3", "$L4"]}]
    page = page_of((0, row), (2, cell("96 GB")), (3, cell(300)), (4, cell(["$$0.57", "/hr"])))
    offer = by_type(massed_compute.offers(page))["RTX A6000 (48GB) [Premium] x 1"]
    assert (offer.gpu_name, offer.ram_gb, offer.storage_gb, offer.price) == ("RTX A6000", 96, 300, Decimal("0.57"))


def test_the_copy_for_narrow_screens_is_left_out() -> None:
    cells = [cell("1"), cell("14"), cell("72 GB"), cell(625), cell("$$0.86")]
    page = page_of((0, ["$", "tr", "L40 (48GB)-mobile-x 1-0", {"children": cells}]))
    assert not by_type(massed_compute.offers(page))


def test_struck_out_prices_are_not_read() -> None:
    old = ["$", "del", None, {"children": "$$0.86"}]
    cells = [cell("1"), cell("14"), cell("72 GB"), cell(625), cell([old, " ", "$$0", ".79"])]
    page = page_of((0, ["$", "tr", "L40 (48GB)-x 1-0", {"children": cells}]))
    assert by_type(massed_compute.offers(page))["L40 (48GB) x 1"].price == Decimal("0.79")
