"""Microsoft Azure: public retail price API, no key needed; all GPU machines of all regions, in pages.

Prices are US dollars per hour for the whole Linux machine before tax.  A machine in a region has a row (a "meter")
for each way to pay: on demand, spot, reserved for one or three years.  A reservation's price is for the whole term,
whatever its unit says; here it is per hour.  Windows, low priority (the old spot), cloud services, dev/test rows and
placeholders of a cent are left out, and so are sizes that are no longer let.  The API names no GPU: `SIZES` does.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import quote

from scrapers.offer import Offer, Provider
from scrapers.parse import money
from scrapers.sources import Json, Paged

PROVIDER = Provider(
    "azure",
    "Microsoft Azure",
    pricing_url="https://azure.microsoft.com/en-us/pricing/details/virtual-machines/linux/",
    minimum_offers=6,
    must_have=("h100-sxm",),
)
_FILTER = (
    "serviceName eq 'Virtual Machines' and contains(armSkuName, 'Standard_N') "
    "and contains(productName, 'Windows') eq false and contains(meterName, 'Low Priority') eq false"
)


def _following(page: Any) -> Json | None:
    return Json(page["NextPageLink"]) if page.get("NextPageLink") else None


SOURCE = Paged(
    Json(f"https://prices.azure.com/api/retail/prices?api-version=2023-01-01-preview&$filter={quote(_FILTER)}"),
    _following,
    limit=600,
)

# GPU, its memory in GB, and the number of GPUs by the number of vCPUs ("{}"):
# https://learn.microsoft.com/en-us/azure/virtual-machines/sizes/overview, GPU accelerated, as of August 2026.
_FAMILIES: tuple[tuple[str, str, int, Mapping[int, str]], ...] = (
    ("NC{}s_v3", "V100 16GB PCIe", 16, {6: "1", 12: "2", 24: "4"}),
    ("NC{}rs_v3", "V100 16GB PCIe", 16, {24: "4"}),
    ("NC{}as_T4_v3", "T4", 16, {4: "1", 8: "1", 16: "1", 64: "4"}),
    ("NC{}ads_A100_v4", "A100 80GB PCIe", 80, {24: "1", 48: "2", 96: "4"}),
    ("NC{}ads_H100_v5", "H100 NVL", 94, {40: "1"}),
    ("NC{}adis_H100_v5", "H100 NVL", 94, {80: "2"}),
    ("NCC{}ads_H100_v5", "H100 NVL", 94, {40: "1"}),
    ("ND{}rs_v2", "Tesla V100-SXM2-32GB", 32, {40: "8"}),
    ("ND{}asr_v4", "A100 40GB SXM", 40, {96: "8"}),
    ("ND{}asr_A100_v4", "A100 40GB SXM", 40, {96: "8"}),
    ("ND{}amsr_A100_v4", "A100 80GB SXM", 80, {96: "8"}),
    ("ND{}is_H100_v5", "H100 80GB SXM", 80, {96: "8"}),
    ("ND{}isr_H100_v5", "H100 80GB SXM", 80, {96: "8"}),
    ("ND{}isr_H200_v5", "H200 SXM", 141, {96: "8"}),
    ("ND{}is_MI300X_v5", "MI300X", 192, {96: "8"}),
    ("ND{}isr_MI300X_v5", "MI300X", 192, {96: "8"}),
    ("ND{}isr_NDR_GB200_v6", "GB200", 186, {128: "4"}),
    ("ND{}isr_GB300_v6", "GB300", 288, {128: "4"}),
    ("NG{}ads_V620_v1", "Radeon PRO V620", 32, {8: "1/4", 16: "1/2", 32: "1"}),
    ("NG{}adms_V620_v1", "Radeon PRO V620", 32, {32: "1"}),
    ("NV{}s_v3", "M60", 8, {12: "1", 24: "2", 48: "4"}),
    ("NV{}as_v4", "Radeon MI25", 16, {4: "1/8", 8: "1/4", 16: "1/2", 32: "1"}),
    ("NV{}ads_A10_v5", "A10", 24, {6: "1/6", 12: "1/3", 18: "1/2", 36: "1", 72: "2"}),
    ("NV{}adms_A10_v5", "A10", 24, {36: "1"}),
)
SIZES = {
    f"Standard_{family.format(vcpus)}": (gpu, memory, Fraction(gpus), vcpus)
    for family, gpu, memory, sizes in _FAMILIES
    for vcpus, gpus in sizes.items()
}

# Closed by Microsoft in 2022 and 2023 (NC, NCv2, ND, NV, NVv2) or without a GPU (NP has FPGAs), but still priced.
_NOT_LET = re.compile(r"Standard_(NP\w+|N[CV]\d+r?|NC\d+r?s_v2|ND\d+r?s|NV\d+s_v2)(_Promo)?")
_PLACEHOLDER = Decimal("0.01")
_LEFT_OUT = re.compile(r"Windows|Low Priority|Cloud ?Services|Dedicated")
_HOURS = {"1 Year": 8_760, "3 Years": 26_280}
_RESERVED = {"1 Year": "price_1y", "3 Years": "price_3y"}


def offers(pages: Any) -> Iterator[Offer]:
    """One offer of each machine size and region; sizes not in `SIZES` keep their own name as the GPU's."""
    machines: dict[tuple[str, str, str], dict[str, Decimal]] = defaultdict(dict)
    for item in (item for page in pages for item in page["Items"]):
        amount, term = money(item["retailPrice"]), _term(item)
        if amount and amount > _PLACEHOLDER and term:
            key = (item["armSkuName"], item.get("armRegionName", ""), item["currencyCode"])
            machines[key][term] = _per_hour(item, amount)
    for key, prices in machines.items():
        yield _offer(*key, prices)


def _term(item: Mapping[str, Any]) -> str | None:
    """The field of `Offer` a row is for; None for a row that is no Linux price of a GPU machine."""
    names = " ".join(item.get(name) or "" for name in ("productName", "meterName", "skuName"))
    if _LEFT_OUT.search(names) or _NOT_LET.fullmatch(item["armSkuName"]):
        return None
    if not item.get("isPrimaryMeterRegion", True):
        return None
    if item["type"] == "Reservation":
        return _RESERVED.get(item["reservationTerm"])
    if item["type"] == "Consumption" and item["unitOfMeasure"] == "1 Hour":
        return "price_spot" if "Spot" in names else "price"
    return None


def _per_hour(item: Mapping[str, Any], amount: Decimal) -> Decimal:
    """The amount, or a reservation's whole term divided by its hours, to a millionth."""
    hours = _HOURS.get(item.get("reservationTerm", ""))
    return round(amount / hours, 6) if hours else amount


def _offer(size: str, region: str, currency: str, prices: Mapping[str, Decimal]) -> Offer:
    gpu, memory, gpus, vcpus = SIZES.get(size.removesuffix("_Promo"), (size, None, Fraction(1), None))
    return Offer(
        instance_type=size,
        region=region,
        gpu_name=gpu,
        gpu_count=max(1, int(gpus)),
        gpu_share=min(Decimal(1), Decimal(gpus.numerator) / gpus.denominator),
        gpu_memory_gb=None if memory is None else Decimal(memory),
        **{name: prices.get(name) for name in ("price", "price_spot", "price_1y", "price_3y")},
        currency=currency,
        price_unit="instance_hour",
        vcpu_count=vcpus,
    )
