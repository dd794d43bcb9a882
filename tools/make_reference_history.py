"""Makes sql/seed/reference_history.csv.gz from price readings that others have published.

    python tools/make_reference_history.py FOLDER

FOLDER holds the gathered readings, one gzipped CSV a source (see SOURCES).  Left out: readings marked as carried
forward, shares of a GPU, and all of becloudready's, which mix spot with on-demand and do not say how many GPUs a price
is for.  One reading a provider, GPU, count, region and time stays, the cheapest: RunPod's secure and community tiers
are both on demand, and Google sells the same GPUs in machines of several sizes.
"""

import csv
import gzip
import io
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from generator.seed_files import READING_COLUMNS, Seeds
from generator.seeds import SEED

# A source's names of providers, where ours differ.
_PROVIDERS = {
    "lambda": "lambda-labs",
    "lambdalabs": "lambda-labs",
    "verda": "datacrunch",
    "latitude": "latitude-sh",
    "massedcompute": "massed-compute",
    "crusoecloud": "crusoe",
}
_SIX_PLACES = Decimal("0.000001")


class Reading(NamedTuple):
    """A price reading; `price` is US dollars per GPU-hour."""

    source: str
    provider: str
    gpu_slug: str
    pricing_type: str
    price: Decimal
    observed_at: str
    region: str
    gpu_count: int

    @property
    def identity(self) -> tuple[str, ...]:
        """What no two readings share; also the order of the file."""
        return (*self[:4], self.region, f"{self.gpu_count:05}", self.observed_at)


@dataclass(frozen=True)
class Source:
    """How a source's file is read: its name, what the source means by short GPU names, whose price a row is."""

    file: str
    meant: Mapping[str, str]
    provider: Callable[[Mapping[str, str]], str]


def _own(row: Mapping[str, str]) -> str:
    return row["provider"]


def _upstream(row: Mapping[str, str]) -> str:
    """The cloud behind a marketplace's offer: "lambdalabs__H100_80GB_SXM5"."""
    return row["instance_type"].partition("__")[0]


# gpurentalprices.com means the 80 GB A100 and the 16 GB V100 where its ids do not say; Google's A3 machines have the
# SXM module, AWS's P3 of 2017 had the 16 GB V100.
SOURCES = {
    "gpurentalprices": Source(
        "gpurentalprices_daily.csv.gz",
        {"a100": "A100 80GB", "v100": "V100 16GB", "v100-pcie": "V100 PCIe 16GB", "v100-sxm2": "V100 SXM2 16GB"},
        _own,
    ),
    "gpu-price-tracker": Source("primeintellect_by_upstream.csv.gz", {}, _upstream),
    "cyclenerd-gcp": Source("gcp_monthly_2022_2026.csv.gz", {"H100 80GB": "H100 SXM 80GB"}, _own),
    "ec2instances": Source("aws_2013_2017.csv.gz", {"V100": "V100 16GB"}, _own),
}


def readings(folder: Path, seeds: Seeds) -> list[Reading]:
    """The readings of all sources, each identity once, in order."""
    cheapest: dict[tuple[str, ...], Reading] = {}
    for reading in _all(folder, seeds):
        other = cheapest.setdefault(reading.identity, reading)
        if reading.price < other.price:
            cheapest[reading.identity] = reading
    return [cheapest[identity] for identity in sorted(cheapest)]


def _all(folder: Path, seeds: Seeds) -> Iterator[Reading]:
    providers = {provider.slug for provider in seeds.providers}
    for slug, source in SOURCES.items():
        with gzip.open(folder / source.file, "rt", encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                if "stale" not in row["note"] and Decimal(row["gpu_count"]) >= 1:
                    yield from _of_row(slug, source, row, seeds, providers)


def _of_row(slug: str, source: Source, row: Mapping[str, str], seeds: Seeds, providers: set[str]) -> Iterator[Reading]:
    stated = source.provider(row)
    provider = _PROVIDERS.get(stated, stated)
    if provider not in providers:
        provider = f"{row['provider']}/{stated}"
    gpu, count = _gpu(source, row["gpu"], seeds), int(row["gpu_count"])
    for pricing_type, column in (("on_demand", "price_per_hour"), ("spot", "price_per_hour_spot")):
        if row[column]:
            price = (Decimal(row[column]) / count).quantize(_SIX_PLACES)
            yield Reading(slug, provider, gpu, pricing_type, price, row["recorded_at"], row["region"], count)


def _gpu(source: Source, name: str, seeds: Seeds) -> str:
    found = seeds.gpu_names.resolve(source.meant.get(name, name))
    if found.slug is None:
        raise SystemExit(f'{source.file}: unknown GPU "{name}" ({found.rule}); add an alias to sql/seed/')
    return found.slug


def write(rows: list[Reading], path: Path) -> None:
    """One gzipped CSV line a reading; the same readings make the same bytes."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(READING_COLUMNS)
    lines.writerows((*row[:4], f"{row.price.normalize():f}", *row[5:]) for row in rows)
    path.write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    made = readings(Path(sys.argv[1]), Seeds(SEED))
    write(made, SEED / "reference_history.csv.gz")
    print(f"{len(made)} readings in {SEED / 'reference_history.csv.gz'}")
