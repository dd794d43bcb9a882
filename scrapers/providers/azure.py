"""Microsoft Azure: public retail price API, no key needed; all GPU machines of all regions, in pages.

Prices are US dollars per hour for the whole Linux machine before tax.  A machine in a region has a row (a "meter")
for each way to pay: on demand, spot, reserved for one or three years.  A reservation's price is for the whole term,
whatever its unit says; here it is per hour.  A row may be valid until a day, no longer, or only later (an announced
price); of two valid ones, the one that began later counts.  Windows, low priority (the old spot), cloud services,
dev/test rows and placeholders of a cent are left out, and so are sizes that are no longer rented out.  The API names no
GPU: `SIZES` does.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple, overload
from urllib.parse import quote

from scrapers.errors import PARSE_ERRORS
from scrapers.offer import Draft, Key, PriceField, Provider, only
from scrapers.records import Record, records
from scrapers.row_parser import LeftOut, RowParser
from scrapers.sources import Dated, DatedDocument, Json, Paged

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
FIRST_PAGE = f"https://prices.azure.com/api/retail/prices?api-version=2023-01-01-preview&$filter={quote(_FILTER)}"


def _following(page: Any) -> Json | None:
    return Json(page["NextPageLink"]) if page.get("NextPageLink") else None


SOURCE = Dated(Paged(Json(FIRST_PAGE), _following, limit=600))

# GPU, its memory in GB, and the number of GPUs by the number of vCPUs ("{}"):
# https://learn.microsoft.com/en-us/azure/virtual-machines/sizes/overview, GPU accelerated, as of August 2026.
_FAMILIES: tuple[tuple[str, str, int, Mapping[int, str]], ...] = (
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

# Retired by Microsoft from 2022 to 2025 (NC, NCv2, NCv3, ND, NV, NVv2) or without a GPU (NP has FPGAs), still priced.
# NCv3: github.com/MicrosoftDocs/azure-docs, articles/virtual-machines/ncv3-nc6s-nc12s-nc24s-retirement.md, since
# 30 September 2025.
_NOT_LET = re.compile(r"Standard_(NP\w+|N[CV]\d+r?|NC\d+r?s_v[23]|ND\d+r?s|NV\d+s_v2)(_Promo)?")
_PLACEHOLDER = Decimal("0.01")
_LEFT_OUT = re.compile(r"Windows|Low Priority|Cloud ?Services|Dedicated")
_RESERVED: Mapping[str, tuple[PriceField, int]] = {  # term -> field of Draft, hours of the term
    "1 Year": ("price_1y", 8_760),
    "3 Years": ("price_3y", 26_280),
}
_ALWAYS = datetime.min.replace(tzinfo=UTC)


class _Meter(NamedTuple):
    """What a row's price is for: a field of `Draft`, for a size in a region."""

    size: str
    region: str
    currency: str
    field: PriceField


class _Row(NamedTuple):
    """A row, the time of the answer, and since when the present price of each meter is valid."""

    item: Record
    at: datetime
    since: Mapping[_Meter, datetime]


def _rows(dated: DatedDocument) -> Iterator[_Row]:
    pages, at = dated
    items = [item for page in records(pages) for item in page.records("Items")]
    since = _since(items, at)
    return (_Row(item, at, since) for item in items)


def _since(items: Iterable[Record], at: datetime) -> dict[_Meter, datetime]:
    """When the latest price of each meter that is valid at this time began."""
    since: dict[_Meter, datetime] = {}
    for item in items:
        with suppress(*PARSE_ERRORS):  # reported when the row itself is read
            if (field := _field(item)) and _holds(item, at):
                meter = _meter(item, field)
                since[meter] = max(_time(item, "effectiveStartDate", _ALWAYS), since.get(meter, _ALWAYS))
    return since


def _key(row: _Row) -> Key:
    return row.item.text("armSkuName"), row.item.text("armRegionName", "")


def _read(row: _Row) -> Draft | LeftOut:
    """Sizes that are not in `SIZES` keep their own name as the GPU's."""
    item, size = row.item, row.item.text("armSkuName")
    if _NOT_LET.fullmatch(size):
        return LeftOut("retired", size)
    field = _field(item)
    if field is None:
        return LeftOut("other_product", size)
    meter = _meter(item, field)
    starts = _time(item, "effectiveStartDate", _ALWAYS)
    if not _is_announced(item, row.at) and (not _holds(item, row.at) or starts < row.since[meter]):
        return LeftOut("not_in_force", size)
    amount = item.money("retailPrice", currency=meter.currency)
    if amount is None or amount <= _PLACEHOLDER:
        return LeftOut("no_price", size)
    valid_to = _time(item, "effectiveEndDate", None)
    return replace(_draft(meter, _per_hour(item, amount)), valid_from=starts, valid_to=valid_to)


def _meter(item: Record, field: PriceField) -> _Meter:
    return _Meter(item.text("armSkuName"), item.text("armRegionName", ""), item.text("currencyCode"), field)


def _holds(item: Record, at: datetime) -> bool:
    return bool(_time(item, "effectiveStartDate", at) <= at <= _time(item, "effectiveEndDate", at))


def _is_announced(item: Record, at: datetime) -> bool:
    return _time(item, "effectiveStartDate", at) > at


@overload
def _time(item: Record, name: str, default: datetime) -> datetime: ...
@overload
def _time(item: Record, name: str, default: None) -> datetime | None: ...
def _time(item: Record, name: str, default: datetime | None) -> datetime | None:
    stated = item.text(name, None)
    if stated is None:
        return default
    time = datetime.fromisoformat(stated)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _field(item: Record) -> PriceField | None:
    """The field of `Draft` that a row's price is for; None for a row that is not the Linux price of a machine."""
    names = " ".join(item.text(name, "") for name in ("productName", "meterName", "skuName"))
    if _LEFT_OUT.search(names) or not item.flag("isPrimaryMeterRegion", True):
        return None
    kind = item.text("type")
    if kind == "Reservation":
        return _RESERVED.get(item.text("reservationTerm"), (None, 0))[0]
    if kind == "Consumption" and item.text("unitOfMeasure") == "1 Hour":
        return "price_spot" if "Spot" in names else "price"
    return None


def _per_hour(item: Record, amount: Decimal) -> Decimal:
    """The amount, or a reservation's whole term divided by its hours, to a millionth."""
    _, hours = _RESERVED.get(item.text("reservationTerm", ""), ("", 0))
    return round(amount / hours, 6) if hours else amount


def _draft(meter: _Meter, price: Decimal) -> Draft:
    gpu, memory, gpus, vcpus = SIZES.get(meter.size.removesuffix("_Promo"), (meter.size, None, Fraction(1), None))
    return Draft(
        instance_type=meter.size,
        region=meter.region,
        gpu_name=gpu,
        gpu_count=max(1, int(gpus)),
        gpu_share=min(Decimal(1), Decimal(gpus.numerator) / gpus.denominator),
        gpu_memory_gb=None if memory is None else Decimal(memory),
        **only(meter.field, price),
        currency=meter.currency,
        price_unit="instance_hour",
        vcpu_count=vcpus,
    )


offers = RowParser("a meter", _rows, _read, _key)
