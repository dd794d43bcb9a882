from decimal import Decimal

from scrapers.captures import recording
from scrapers.providers import coreweave
from tests.scrapers.providers.replayed import decoded

ROW = """<div role="listitem"><h3>NVIDIA {name}</h3><h3>NVIDIA {name}</h3>
<span class="instance-price">On-Demand Price: <span class="item-value">{price}</span></span>
<span class="spot-price">Spot Price: <span class="item-value">{spot}</span></span>
<span class="inference-price">Inference: <span class="item-value">$0.01</span></span>
<div class="table-meta-value">{gpus}</div><div>GPU Count</div>
<div class="table-meta-value">61.44</div><div>Local Storage (TB)</div></div>"""


def recorded():
    page = decoded(coreweave.SOURCE, recording("coreweave").captures[0].body.decode())
    return {(offer.region, offer.instance_type): offer for offer in coreweave.offers(page)}


def only(body):
    (offer,) = coreweave.offers(decoded(coreweave.SOURCE, body))
    return offer


def test_prices_are_those_of_whole_machines() -> None:
    offers = recorded()
    b200 = offers["NORTH AMERICA", "NVIDIA HGX B200"]
    assert (b200.price, b200.gpu_count, b200.price_unit) == (Decimal("8.6") * 8, 8, "instance_hour")
    assert offers["EUROPE", "NVIDIA HGX H100"].price == Decimal("6.155") * 8
    assert offers["EUROPE", "NVIDIA GH200"].price == Decimal("6.5")
    assert offers["NORTH AMERICA", "NVIDIA A100"].price == Decimal("2.7") * 8


def test_spot_prices_differ_by_region() -> None:
    offers = recorded()
    assert offers["NORTH AMERICA", "NVIDIA HGX H100"].price_spot == Decimal("19.71")
    assert offers["EUROPE", "NVIDIA HGX H100"].price_spot == Decimal("19.51")


def test_the_machine_is_described() -> None:
    b200 = recorded()["EUROPE", "NVIDIA HGX B200"]
    assert (b200.vcpu_count, b200.ram_gb, b200.gpu_memory_gb, b200.storage_gb) == (128, 2048, 180, 62914)


def test_a_footnote_is_not_part_of_the_count() -> None:
    assert only(ROW.format(name="GB200 NVL72", price="$42.00", spot="N/A", gpus="4^1")).gpu_count == 4


def test_a_machine_without_a_price_is_to_be_asked_for() -> None:
    offer = only(ROW.format(name="GB300 NVL72", price="", spot="N/A", gpus="4^1"))
    assert (offer.price, offer.price_spot, offer.availability) == (None, None, "contact_sales")


def test_thousands_are_read() -> None:
    assert only(ROW.format(name="HGX R300", price="$1,068.80", spot="", gpus="8")).price == Decimal("1068.80")


def test_the_memory_of_the_host_is_not_in_the_gpu_name() -> None:
    offer = only(ROW.format(name="RTX PRO 6000 (High Memory)", price="$20.00", spot="", gpus="8"))
    assert (offer.gpu_name, offer.instance_type) == ("NVIDIA RTX PRO 6000", "NVIDIA RTX PRO 6000 (High Memory)")


def test_processors_are_no_gpus() -> None:
    row = ROW.format(name="Grace", price="$6.42", spot="", gpus="96").replace("GPU Count", "vCPUs")
    assert not [*coreweave.offers(decoded(coreweave.SOURCE, row))]
