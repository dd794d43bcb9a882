"""Make sql/seed/reference_history.csv.gz from readings: prices that others have published.

    python tools/make_reference_history.py FOLDER

FOLDER holds the gathered readings, one gzipped CSV per source (see SOURCES); gather_karpenter_prices.py makes two of
them.  What a reading prices (a whole machine, the GPU alone, a bundle) is in sql/seed/reading_bases.csv by source and
provider, with where it was seen; a provider that is not there sells whole machines.

A reading is left out by the first of these rules that applies, and counted in sql/seed/reference_left_out.csv:

    carried_forward         the source repeats an old price after a failed fetch
    share_of_a_gpu          it is for less than one GPU
    wrong_gpu, average      sql/seed/reading_faults.csv says so
    spot_not_below          a spot price that is not below the on-demand price of the same machine and time
    before_price_cut        the price from before an announced cut (sql/seed/price_cuts.csv), dated after it
    contradicts_official    none of the prices that the provider itself stated for the GPU that day is within 5 %
    dearer_beside           a cheaper one has the same provider, GPU, count, region and time: RunPod's secure and
                            community tiers are both on demand, and Google sells a GPU in machines of several sizes

becloudready's readings are not used at all: they mix spot with on demand and don't say how many GPUs a price is for.
"""

import csv
import gzip
import io
import sys
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from generator.database.seed_files import READING_COLUMNS, Seeds
from generator.database.seed_rows import ReadingsLeftOut
from generator.database.seeds import SEED

# The sources' names of providers that differ from our slugs.
_PROVIDERS = {
    "lambda": "lambda-labs",
    "lambdalabs": "lambda-labs",
    "verda": "datacrunch",
    "latitude": "latitude-sh",
    "massedcompute": "massed-compute",
    "crusoecloud": "crusoe",
}
_SIX_PLACES = Decimal("0.000001")
_THE_SAME = Decimal("0.05")  # of the official price: sources round, and convert currencies a day apart
_UNCHANGED = Decimal("0.01")  # of the price before a cut: sources round
_PLAIN_A100 = "a100"

Row: TypeAlias = Mapping[str, str]


class Reading(NamedTuple):
    """A reading; `price` is US dollars per GPU-hour."""

    source: str
    provider: str
    gpu_slug: str
    pricing_type: str
    price: Decimal
    observed_at: str
    region: str
    gpu_count: int
    price_basis: str = "complete"

    @property
    def identity(self) -> tuple[str, ...]:
        """The fields that identify a reading, and sort the file."""
        return (*self[:4], self.region, f"{self.gpu_count:05}", self.observed_at)

    @property
    def market(self) -> tuple[str, str]:
        """The provider and GPU that it prices."""
        return self.provider, self.gpu_slug


class Found(NamedTuple):
    """A reading as a source has it, with the rule by which its own row leaves it out; "" for none."""

    reading: Reading
    rule: str


class Gathered(NamedTuple):
    """The readings to keep, in order, with no identity twice, and the counts of those left out."""

    readings: list[Reading]
    left_out: list[ReadingsLeftOut]


@dataclass(frozen=True)
class Source:
    """How to read a source's file: its name, what the source means by short GPU names, whose price a row is.

    `is_official`: its figures are answers of the provider's own price API, fetched nearly every month.
    """

    file: str
    meant: Mapping[str, str]
    provider: Callable[[Row], str]
    is_official: bool = False


def _own(row: Row) -> str:
    return row["provider"]


def _upstream(row: Row) -> str:
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
    "cyclenerd-gcp": Source("gcp_monthly_2022_2026.csv.gz", {"H100 80GB": "H100 SXM 80GB"}, _own, is_official=True),
    "ec2instances": Source("aws_2013_2017.csv.gz", {"V100": "V100 16GB"}, _own, is_official=True),
    "karpenter-aws": Source("karpenter_aws.csv.gz", {}, _own, is_official=True),
    "karpenter-azure": Source("karpenter_azure.csv.gz", {}, _own),
}


def gather(folder: Path, seeds: Seeds) -> Gathered:
    """The readings of all sources, and the counts of those left out."""
    found = [one for slug, source in SOURCES.items() for one in _SourceFile(slug, source, seeds).read(folder)]
    rules = _Rules(seeds, [reading for reading, rule in found if not rule])
    cheapest: dict[tuple[str, ...], Reading] = {}
    left_out: Counter[tuple[str, str]] = Counter()
    for reading, row_rule in found:
        rule = row_rule or rules.broken_by(reading)
        if not rule:
            other = cheapest.setdefault(reading.identity, reading)
            cheapest[reading.identity] = min(reading, other, key=lambda one: one.price)
            rule = "" if other is reading else "dearer_beside"
        if rule:
            left_out[reading.source, rule] += 1
    counts = [ReadingsLeftOut(source=source, rule=rule, readings_n=n) for (source, rule), n in sorted(left_out.items())]
    return Gathered([cheapest[identity] for identity in sorted(cheapest)], counts)


class _SourceFile:
    """A source's file, read: names of providers and GPUs become slugs, prices become prices per GPU."""

    def __init__(self, slug: str, source: Source, seeds: Seeds) -> None:
        self.slug, self.source, self.names = slug, source, seeds.gpu_names
        self.providers = {provider.slug for provider in seeds.providers}
        self.bases = {one.provider: one.price_basis for one in seeds.reading_bases if one.source == slug}
        self.faults = [one for one in seeds.reading_faults if one.source == slug]

    def read(self, folder: Path) -> Iterator[Found]:
        """Every price in the file."""
        with gzip.open(folder / self.source.file, "rt", encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        name_the_sxm = {self._provider(row) for row in rows if row["gpu"] == "a100-sxm-80"}
        for row in rows:
            yield from self._of_row(row, name_the_sxm)

    def _of_row(self, row: Row, name_the_sxm: set[str]) -> Iterator[Found]:
        provider, gpus = self._provider(row), Decimal(row["gpu_count"])
        gpu = self._gpu(row["gpu"], is_chip=row["gpu"] == _PLAIN_A100 and provider in name_the_sxm)
        for pricing_type, column in (("on_demand", "price_per_hour"), ("spot", "price_per_hour_spot")):
            if row[column]:
                price = (Decimal(row[column]) / gpus).quantize(_SIX_PLACES)
                what = (self.slug, provider, gpu, pricing_type, price, row["recorded_at"], row["region"])
                reading = Reading(*what, max(1, int(gpus)), self.bases.get(provider, "complete"))
                yield Found(reading, self._rule(row, provider, pricing_type))

    def _rule(self, row: Row, provider: str, pricing_type: str) -> str:
        if "stale" in row["note"]:
            return "carried_forward"
        if Decimal(row["gpu_count"]) < 1:
            return "share_of_a_gpu"
        if pricing_type == "spot" and row["price_per_hour"] and _money(row, "_spot") >= _money(row):
            return "spot_not_below"
        day = datetime.fromisoformat(row["recorded_at"]).date()
        return next((fault.rule for fault in self.faults if fault.has(provider, row["gpu"], day)), "")

    def _provider(self, row: Row) -> str:
        stated = self.source.provider(row)
        provider = _PROVIDERS.get(stated, stated)
        return provider if provider in self.providers else f"{row['provider']}/{stated}"

    def _gpu(self, name: str, *, is_chip: bool) -> str:
        """A GPU's slug: of what the source means by a short name, or of the chip where `is_chip`."""
        found = self.names.resolve(name if is_chip else self.source.meant.get(name, name))
        if found.slug is None:
            raise SystemExit(f'{self.source.file}: unknown GPU "{name}" ({found.rule}); add an alias to sql/seed/')
        return found.slug


def _money(row: Row, kind: Literal["", "_spot"] = "") -> Decimal:
    return Decimal(row[f"price_per_hour{kind}"])


class _Rules:
    """The rules between readings: announced price cuts, and the providers' own prices of the same day."""

    def __init__(self, seeds: Seeds, sound: Iterable[Reading]) -> None:
        sound = list(sound)
        self.cuts = seeds.price_cuts
        self.official = _Official(sound, {one.slug: one.cadence.days for one in seeds.reference_sources})
        self.on_demand: defaultdict[tuple[str, ...], list[Decimal]] = defaultdict(list)
        for reading in sound:
            if reading.pricing_type == "on_demand":
                self.on_demand[_offered(reading)].append(reading.price)

    def broken_by(self, reading: Reading) -> str:
        """The rule by which a reading is left out; "" for none."""
        official = self.official.prices(reading) if reading.price_basis == "complete" else []
        if reading.pricing_type == "spot":
            beside = [] if SOURCES[reading.source].is_official else self.on_demand[_offered(reading)]
            return "spot_not_below" if any(reading.price >= max(known) for known in (beside, official) if known) else ""
        if self._is_before_a_cut(reading):
            return "before_price_cut"
        is_refuted = official and all(abs(reading.price / price - 1) > _THE_SAME for price in official)
        return "contradicts_official" if is_refuted else ""

    def _is_before_a_cut(self, reading: Reading) -> bool:
        return any(
            (cut.provider, cut.gpu_slug) == reading.market
            and _day(reading) >= cut.since
            and abs(reading.price * cut.gpu_count / cut.price_before - 1) <= _UNCHANGED
            for cut in self.cuts
        )


class _Official:
    """The on-demand prices that providers stated themselves, by provider, GPU and the day of the answer."""

    def __init__(self, sound: Iterable[Reading], cadences: Mapping[str, int]) -> None:
        self._prices: defaultdict[tuple[str, str], defaultdict[date, list[Decimal]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self._looks: defaultdict[str, dict[date, int]] = defaultdict(dict)
        for reading in sound:
            if SOURCES[reading.source].is_official and reading.pricing_type == "on_demand":
                self._prices[reading.market][_day(reading)].append(reading.price)
                self._looks[reading.provider][_day(reading)] = cadences[reading.source]
        self._days = {provider: sorted(looks) for provider, looks in self._looks.items()}

    def prices(self, reading: Reading) -> list[Decimal]:
        """The prices by the last answer before a reading; none for an official reading, or after too long a time."""
        days = self._days.get(reading.provider, [])
        number = bisect_right(days, _day(reading))
        if not number or SOURCES[reading.source].is_official:
            return []
        last = days[number - 1]
        is_recent = (_day(reading) - last).days <= self._looks[reading.provider][last]
        return self._prices[reading.market].get(last, []) if is_recent else []


def _offered(reading: Reading) -> tuple[str, ...]:
    return (*reading[:3], reading.region, str(reading.gpu_count), reading.observed_at)


def _day(reading: Reading) -> date:
    return datetime.fromisoformat(reading.observed_at).date()


def write(made: Gathered, folder: Path) -> None:
    """Write the seed's two files; the same readings make the same bytes."""
    rows = [(*row[:4], f"{row.price.normalize():f}", *row[5:]) for row in made.readings]
    readings = _csv([READING_COLUMNS, *rows])
    (folder / "reference_history.csv.gz").write_bytes(gzip.compress(readings.encode(), 9, mtime=0))
    counts = [tuple(count.model_dump().values()) for count in made.left_out]
    (folder / "reference_left_out.csv").write_text(_csv([tuple(ReadingsLeftOut.model_fields), *counts]), "utf-8")


def _csv(rows: Iterable[tuple[object, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    made = gather(Path(sys.argv[1]), Seeds(SEED))
    write(made, SEED)
    left_out_n = sum(count.readings_n for count in made.left_out)
    print(f"{len(made.readings)} readings in {SEED / 'reference_history.csv.gz'}; {left_out_n} left out")
