"""Akash Network: the console's public statistics of the providers' bids, no key needed.

Prices are US dollars per GPU-hour: the lowest that a provider bids for a deployment with one GPU (the console leaves
out bids for more: github.com/akash-network/console, apps/api, gpu-price.service.ts).  Medians and averages of the bids
are not offers; a model that nobody bids for has no price.
"""

from typing import Any

from scrapers.offer import Draft, Provider
from scrapers.records import Record, record
from scrapers.row_parser import LeftOut, RowParser
from scrapers.sources import Json

PROVIDER = Provider(
    "akash",
    "Akash Network",
    pricing_url="https://akash.network/pricing/gpus/",
    source_class="marketplace_api",
    minimum_offers=5,
)
SOURCE = Json("https://console-api.akash.network/v1/gpu-prices")

# Models sold in several form factors; the form factor is a field of its own.
_IN_SEVERAL_FORMS = {"a100", "h100", "h200", "v100"}
_STATISTICS = {"med", "weightedAverage", "avg"}


def _rows(answer: Any) -> list[Record]:
    return record(answer).records("models")


def _key(model: Record) -> tuple[str, str]:
    parts = (model.text("model"), model.text("ram", ""), model.text("interface", ""))
    return " ".join(f"1x {' '.join(parts)}".lower().split()), ""


def _read(model: Record) -> Draft | LeftOut:
    name, gpu = _key(model)[0], model.text("model")
    if model.is_null("price"):
        return LeftOut("no_price", name)
    bids = model.record("price")
    lowest = bids.price("min", None)
    if lowest is None:
        return LeftOut("average" if set(bids.names()) & _STATISTICS else "no_price", name)
    return Draft(
        instance_type=name,
        gpu_name=f"{gpu} {model.text('interface', '')}".strip() if gpu in _IN_SEVERAL_FORMS else gpu,
        gpu_count=1,
        gpu_memory_gb=model.memory_gb("ram", None),
        price=lowest,
        currency=bids.text("currency"),
        price_unit="gpu_hour",
        availability=model.record("availability", {}).availability("available"),
    )


offers = RowParser("a model with its bids", _rows, _read, _key)
