from decimal import Decimal

from scrapers.providers import replicate
from scrapers.row_parser import LeftOut
from tests.scrapers.providers.replayed import by_type, recorded_offers

ROWS = """CPU cpu $0.000100/sec $0.36/hr - 4x - 8GB 2x Nvidia A100 (80GB) GPU gpu-a100-large-2x $0.002800/sec $10.08/hr
2x 20x 160GB 288GB Nvidia A40 (Large) GPU gpu-a40-large $ 0.000725 /sec $ 2.61 /hr 1x 10x 48GB 72GB"""


def test_prices_per_second_make_those_per_hour() -> None:
    offers = recorded_offers(replicate)
    assert offers["gpu-a100-large"].price * 3600 == Decimal("5.04")
    assert offers["gpu-h100"].price * 3600 == Decimal("5.49")
    assert offers["gpu-t4"].price * 3600 == Decimal("0.81")


def test_a_price_is_a_machines_with_the_service() -> None:
    offer = recorded_offers(replicate)["gpu-l40s"]
    assert (offer.price_unit, offer.price_basis) == ("instance_second", "bundle")


def test_machines_have_their_sizes() -> None:
    offer = by_type(replicate.offers(ROWS.replace("\n", " ")))["gpu-a100-large-2x"]
    assert (offer.gpu_count, offer.gpu_memory_gb, offer.vcpu_count, offer.ram_gb) == (2, 80, 20, 288)


def test_large_is_the_machine_not_the_gpu() -> None:
    offer = by_type(replicate.offers(ROWS.replace("\n", " ")))["gpu-a40-large"]
    assert (offer.gpu_name, offer.gpu_memory_gb, offer.price) == ("Nvidia A40", 48, Decimal("0.000725"))


def test_hardware_without_a_price_per_second_is_left_out_by_name() -> None:
    parsed = replicate.offers.parse("CPU cpu $0.000100/sec Nvidia T4 GPU gpu-t4 $0.81/hr")
    assert (parsed.left_out, parsed.rows) == ([LeftOut("no_price", "gpu-t4")], 1)
