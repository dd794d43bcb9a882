"""Read and check the facts in `sql/seed/`: GPUs, names, machine types, providers, terms, benchmarks, readings.

A file that can't be right is refused as a whole, with one line that names file, row and field.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import ValidationError

from generator import yaml_files
from generator.database.seed_rows import (
    Benchmark,
    DisputedPrice,
    GpuAlias,
    GpuMachine,
    GpuModel,
    PriceCut,
    ProviderFacts,
    ProviderTerm,
    ReadingBasis,
    ReadingFault,
    ReadingsLeftOut,
    ReferenceSource,
    Row,
    SoldWithoutPrice,
)
from generator.errors import BuildError, quoted
from scrapers import text_files
from scrapers.gpu_names import Alias, GpuNames, key
from scrapers.raw_names import MachineType, RawNames, machine_key
from scrapers.text_files import DamagedFile

READING_COLUMNS = (
    "source",
    "provider",
    "gpu_slug",
    "pricing_type",
    "price_per_gpu_hour",
    "observed_at",
    "region",
    "gpu_count",
    "price_basis",
)

_INSTANT = re.compile(r"[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ")  # one form only: fromisoformat() takes others too


def _is_instant(text: str) -> bool:
    try:
        return bool(_INSTANT.fullmatch(text) and datetime.fromisoformat(text))
    except ValueError:  # the 30th of February
        return False


_READING_RULES: Mapping[str, tuple[Callable[[str], object], str]] = {
    "pricing_type": (
        frozenset({"on_demand", "spot", "monthly", "reserved_1y", "reserved_3y"}).__contains__,
        "on_demand or spot",
    ),
    "price_per_gpu_hour": (re.compile(r"\d{1,5}(\.\d{1,6})?").fullmatch, "US dollars"),
    "observed_at": (_is_instant, "a time such as 2026-08-22T06:21:49Z"),
    "gpu_count": (re.compile(r"[1-9]\d{0,3}").fullmatch, "a count"),
    "price_basis": (frozenset({"complete", "gpu_only", "bundle"}).__contains__, "complete, gpu_only or bundle"),
}


S = TypeVar("S", ReadingBasis, ReadingFault, ReadingsLeftOut)


class Seeds:
    """The seed files of a folder, each read and checked when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def gpus(self) -> list[GpuModel]:
        """GPU variants and chips; every variant's chip is among them."""
        gpus = _csv(self.folder / "gpus.csv", GpuModel)
        for field in ("slug", "name", "short_name"):
            _unique("gpus.csv", field, [getattr(gpu, field) for gpu in gpus])
        chips = {gpu.slug for gpu in gpus if gpu.kind == "chip"}
        for gpu in gpus:
            if gpu.chip is not None and gpu.chip not in chips:
                raise _refused("gpus.csv", f'"{gpu.slug}"', "chip", gpu.chip, "the slug of a chip in this file")
        return gpus

    @cached_property
    def aliases(self) -> dict[tuple[str, Decimal | None], str]:
        """GPU slug by normalised name and stated memory; the file's own rows win over names in `gpus`."""
        known = {gpu.slug for gpu in self.gpus}
        stated: dict[tuple[str, Decimal | None], str] = {}
        for row in _csv(self.folder / "gpu_aliases.csv", GpuAlias):
            meaning = key(row.alias), row.memory_gb
            if row.slug not in known:
                raise _refused("gpu_aliases.csv", f'"{row.alias}"', "slug", row.slug, "a slug of gpus.csv")
            if stated.setdefault(meaning, row.slug) != row.slug:
                raise _refused(
                    "gpu_aliases.csv", f'"{row.alias}"', "slug", row.slug, f'one meaning, not also "{stated[meaning]}"'
                )
        return self._own_names(stated) | stated

    def _own_names(self, stated: Mapping[tuple[str, Decimal | None], str]) -> dict[tuple[str, Decimal | None], str]:
        names: dict[tuple[str, Decimal | None], str] = {}
        for gpu in self.gpus:
            for name in (gpu.slug, gpu.short_name, gpu.name):
                size = f"{gpu.vram_gb}gb"
                meaning = key(name), Decimal(gpu.vram_gb) if gpu.vram_gb and size in name.casefold() else None
                if meaning not in stated and names.setdefault(meaning, gpu.slug) != gpu.slug:
                    wanted = f'a name of its own ("{names[meaning]}" has the same), or a row in gpu_aliases.csv'
                    raise _refused("gpus.csv", f'"{gpu.slug}"', "name", name, wanted)
        return names

    @cached_property
    def gpu_names(self) -> GpuNames:
        """The GPUs that names mean, by these files."""
        gpus = {gpu.slug: gpu for gpu in self.gpus}
        return GpuNames(_alias(name, memory, gpus[slug]) for (name, memory), slug in self.aliases.items())

    @cached_property
    def machine_types(self) -> dict[str, MachineType]:
        """The GPUs of clouds' machine types, by the types' names as the clouds write them."""
        kinds = {gpu.slug: gpu.kind for gpu in self.gpus}
        rows = _csv(self.folder / "machine_types.csv", GpuMachine)
        _unique("machine_types.csv", "machine_type", [machine_key(row.machine_type) for row in rows])
        for row in rows:
            if row.gpu_slug not in kinds:
                wanted = "a slug of gpus.csv"
                raise _refused("machine_types.csv", f'"{row.machine_type}"', "gpu_slug", row.gpu_slug, wanted)
        return {row.machine_type: _machine(row, kinds[row.gpu_slug]) for row in rows}

    @cached_property
    def raw_names(self) -> RawNames:
        """The GPUs, counts and shares that raw names mean, by these files."""
        sellers = {
            name
            for provider in self.providers
            for name in (provider.slug, provider.name, provider.display_name.partition(",")[0])
        }
        return RawNames(self.gpu_names, self.machine_types, sellers)

    @cached_property
    def providers(self) -> list[ProviderFacts]:
        """Providers, in the order of the file."""
        providers = _yaml(self.folder / "providers.yaml", ProviderFacts)
        for field in ("slug", "name", "display_name"):
            _unique("providers.yaml", field, [getattr(provider, field) for provider in providers])
        return providers

    @cached_property
    def terms(self) -> list[ProviderTerm]:
        """The terms that providers state beside their prices; the providers are among `providers`."""
        terms = _csv(self.folder / "provider_terms.csv", ProviderTerm)
        known = {provider.slug for provider in self.providers}
        for line, term in enumerate(terms, 2):
            if term.provider not in known:
                where = f"line {line} ({term.field})"
                raise _refused("provider_terms.csv", where, "provider", term.provider, "a slug of providers.yaml")
        _unique("provider_terms.csv", "term", [term.identity for term in terms])
        return terms

    @cached_property
    def sold_without_price(self) -> list[SoldWithoutPrice]:
        """Machines that are sold without a price at hand; their providers and GPUs are known."""
        machines = _csv(self.folder / "sold_without_price.csv", SoldWithoutPrice)
        known = {"provider": {one.slug for one in self.providers}, "gpu_slug": {one.slug for one in self.gpus}}
        for line, machine in enumerate(machines, 2):
            for field, slugs in known.items():
                if (slug := getattr(machine, field)) not in slugs:
                    where = f"line {line} ({machine.machine_type})"
                    raise _refused("sold_without_price.csv", where, field, slug, "a slug of the other seeds")
        _unique("sold_without_price.csv", "machine type", [machine.identity for machine in machines])
        return machines

    @cached_property
    def disputed_prices(self) -> list[DisputedPrice]:
        """Prices that were not found again at their source; their providers are known."""
        prices = _csv(self.folder / "disputed_prices.csv", DisputedPrice)
        known = {one.slug for one in self.providers}
        for line, price in enumerate(prices, 2):
            if price.provider not in known:
                raise _refused(
                    "disputed_prices.csv", f"line {line}", "provider", price.provider, "a slug of the providers"
                )
        _unique("disputed_prices.csv", "price", [price.identity for price in prices])
        return prices

    @cached_property
    def benchmarks(self) -> list[Benchmark]:
        """Benchmark results; their GPUs are among `gpus`."""
        benchmarks = _csv(self.folder / "benchmarks.csv", Benchmark)
        known = {gpu.slug for gpu in self.gpus}
        for row in benchmarks:
            if row.gpu_slug not in known:
                raise _refused(
                    "benchmarks.csv", f'"{row.benchmark_name}"', "gpu_slug", row.gpu_slug, "a slug of gpus.csv"
                )
        _unique("benchmarks.csv", "benchmark", [row.identity for row in benchmarks])
        return benchmarks

    @cached_property
    def reference_sources(self) -> list[ReferenceSource]:
        """The publishers of readings."""
        sources = _yaml(self.folder / "reference_sources.yaml", ReferenceSource)
        for field in ("id", "slug"):
            _unique("reference_sources.yaml", field, [getattr(source, field) for source in sources])
        return sources

    @cached_property
    def reading_bases(self) -> list[ReadingBasis]:
        """The sources and providers whose readings are not for whole machines."""
        bases = self._of_sources("reading_bases.csv", ReadingBasis)
        _unique("reading_bases.csv", "provider of a source", [(row.source, row.provider) for row in bases])
        return bases

    @cached_property
    def reading_faults(self) -> list[ReadingFault]:
        """Readings known to be wrong."""
        return self._of_sources("reading_faults.csv", ReadingFault)

    @cached_property
    def readings_left_out(self) -> list[ReadingsLeftOut]:
        """The counts of readings that were left out of the seed."""
        counts = self._of_sources("reference_left_out.csv", ReadingsLeftOut)
        _unique("reference_left_out.csv", "rule of a source", [row.identity for row in counts])
        return counts

    @cached_property
    def price_cuts(self) -> list[PriceCut]:
        """Announced cuts of list prices; their GPUs are among `gpus`."""
        cuts = _csv(self.folder / "price_cuts.csv", PriceCut)
        known = {gpu.slug for gpu in self.gpus}
        for cut in cuts:
            if cut.gpu_slug not in known:
                wanted = "a slug of gpus.csv"
                raise _refused("price_cuts.csv", f'"{cut.machine_type}"', "gpu_slug", cut.gpu_slug, wanted)
        return cuts

    def _of_sources(self, file: str, model: type[S]) -> list[S]:
        rows = _csv(self.folder / file, model)
        known = {source.slug for source in self.reference_sources}
        for line, row in enumerate(rows, 2):
            if row.source not in known:
                raise _refused(file, f"line {line}", "source", row.source, "a slug of reference_sources.yaml")
        return rows

    @property
    def _readings(self) -> Path:
        return self.folder / "reference_history.csv.gz"

    @cached_property
    def readings_sha256(self) -> str:
        """A hash of the readings and of the sources they belong to."""
        sources = ",".join(f"{source.id}={source.slug}" for source in self.reference_sources)
        with _explained(self._readings):
            return hashlib.sha256(text_files.data(self._readings) + sources.encode()).hexdigest()

    def readings(self) -> Iterator[tuple[str, ...]]:
        """Readings in the order of READING_COLUMNS, US dollars per GPU-hour, as text; the source as its id."""
        ids = {source.slug: str(source.id) for source in self.reference_sources}
        gpus = {gpu.slug for gpu in self.gpus}
        line = 0
        with _explained(self._readings):
            for line, row in text_files.rows(self._readings):
                if line == 1 and row == READING_COLUMNS:
                    continue
                if problem := reading_problem(row, ids, gpus):
                    raise DamagedFile(self._readings, problem, line)
                yield (ids[row[0]], *row[1:])
            if line < 2:
                raise DamagedFile(self._readings, f"no reading; expected {', '.join(READING_COLUMNS)}")


def reading_problem(row: tuple[str, ...], sources: Container[str], gpus: Container[str]) -> str:
    """What is wrong with a reading: field, what was found, what was expected; "" for a valid one."""
    if len(row) != len(READING_COLUMNS):
        return f"{len(row)} fields; expected {', '.join(READING_COLUMNS)}"
    reading = dict(zip(READING_COLUMNS, row, strict=True))
    for field, (is_right, expected) in _READING_RULES.items():
        if not is_right(reading[field]):
            return f'{field} "{reading[field]}": expected {expected}'
    if reading["source"] not in sources:
        return f'source "{reading["source"]}": expected a slug of reference_sources.yaml'
    return "" if reading["gpu_slug"] in gpus else f'gpu_slug "{reading["gpu_slug"]}": expected a slug of gpus.csv'


def _alias(name: str, memory_gb: Decimal | None, gpu: GpuModel) -> Alias:
    vram = Decimal(gpu.vram_gb) if gpu.vram_gb else None
    return Alias(
        name, memory_gb, gpu.slug, gpu.kind, gpu.chip, vram, gpu.form_factor, gpu.memory_type, gpu.architecture
    )


def _machine(row: GpuMachine, kind: Literal["variant", "chip"]) -> MachineType:
    gpus = Fraction(row.gpus)
    return MachineType(row.gpu_slug, kind, max(1, int(gpus)), min(Fraction(1), gpus))


R = TypeVar("R", bound=Row)


def _csv(path: Path, model: type[R]) -> list[R]:
    """The rows of a CSV file; an empty field is unknown."""
    with _explained(path):
        table = text_files.table(path)
        known = ((line, {name: value for name, value in row.items() if value != ""}) for line, row in table.rows)
        rows = [_checked(path, model, row, f"line {line}") for line, row in known]
        text_files.check_columns(path, table, list(model.model_fields))
        return rows


def _yaml(path: Path, model: type[R]) -> list[R]:
    try:
        with _explained(path):
            entries = yaml_files.load(text_files.text(path))
    except yaml_files.BrokenYaml as error:
        where = f" line {error.line}" if error.line else ""
        raise BuildError(f"sql/seed/{path.name}{where}: {error.problem}; expected YAML") from None
    if not isinstance(entries, list):
        raise BuildError(f"sql/seed/{path.name}: expected a list of entries, each with a slug")
    return [_checked(path, model, entry, f"entry {number}") for number, entry in enumerate(entries, 1)]


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn a damaged or missing file into a BuildError that names the seed."""
    if not path.exists():
        raise BuildError(f"sql/seed/{path.name}: No such file or directory; it belongs to the repository")
    try:
        yield
    except DamagedFile as error:
        where = f" line {error.line}" if error.line else ""
        raise BuildError(f"sql/seed/{path.name}{where}: {error.problem}") from None


def _checked(path: Path, model: type[R], row: Any, where: str) -> R:
    try:
        return model.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        keys = ("slug", "alias", "machine_type", "benchmark_name", "provider")
        name = next((str(row[k]) for k in keys if isinstance(row, dict) and k in row), "")
        field = ".".join(map(str, first["loc"])) or "row"
        found = "" if field == "row" or first["type"] == "missing" else f" {quoted(first['input'], 100)}"
        raise BuildError(
            f"sql/seed/{path.name} {where}{f' ({name})' if name else ''}: {field}{found}: {first['msg']}"
        ) from None


def _unique(file: str, field: str, values: list[Any]) -> None:
    twice = next((value for value, count in Counter(values).items() if count > 1), None)
    if twice is not None:
        raise BuildError(f"sql/seed/{file}: {field} {twice!r} is there twice; it must be unique")


def _refused(file: str, row: str, field: str, found: str, wanted: str) -> BuildError:
    return BuildError(f'sql/seed/{file} {row}: {field} "{found}": expected {wanted}')
