"""The seeds in the repository: what must be true of each row, and how broken files are refused."""

import importlib
import pkgutil
import re
import shutil
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pycountry
import pytest
from pydantic import ValidationError

import scrapers.providers
from generator.database.seed_files import Seeds
from generator.database.seed_rows import GpuModel, ProviderFacts, ProviderTerm
from generator.database.seeds import SEED
from generator.errors import BuildError
from scrapers.offer import Provider

SEEDS = Seeds(SEED)
GPUS = {gpu.slug: gpu for gpu in SEEDS.gpus}
PROVIDERS = {provider.slug: provider for provider in SEEDS.providers}
VARIANTS = [gpu for gpu in SEEDS.gpus if gpu.kind == "variant"]

SPECIFIED_GPUS = {"b200-sxm", "gb200-nvl", "h200-sxm", "h100-sxm", "h100-pcie", "l40s", "rtx-4090", "rtx-5090"}
SPECIFIED_GPUS |= {"a100-80gb", "a100-40gb", "a10g", "rtx-3090"}
SPECIFIED_PROVIDERS = {  # with the kind that their sources say, where the specification says another
    "specialized_neocloud": {
        "lambda-labs",
        "coreweave",
        "voltage-park",
        "crusoe",
        "nebius",
        "gmi-cloud",
        "hyperstack",
        "oblivus",
        "datacrunch",
        "paperspace",
        "fluidstack",
    },
    "regional_cloud": {"scaleway", "vultr"},
    "marketplace": {"runpod", "tensordock"},
    "depin": {"vast-ai", "io-net", "salad"},
    "bare_metal": {"latitude-sh"},
    "hyperscaler": {"aws", "gcp", "azure"},
}
CORRECTED_COUNTRIES = {
    "gmi-cloud": "USA",
    "fluidstack": "USA",
    "paperspace": "USA",
    "oblivus": None,
    "latitude-sh": None,
}


def test_the_specification_s_gpus_are_there() -> None:
    assert {gpu.slug for gpu in VARIANTS} >= SPECIFIED_GPUS


@pytest.mark.parametrize(("provider_type", "slugs"), SPECIFIED_PROVIDERS.items())
def test_the_specification_s_providers_are_there_with_their_type(provider_type: str, slugs: set[str]) -> None:
    assert {PROVIDERS[slug].provider_type for slug in slugs} == {provider_type}


@pytest.mark.parametrize("provider", SEEDS.providers, ids=lambda provider: provider.slug)
def test_every_kind_and_every_country_has_a_source(provider: ProviderFacts) -> None:
    assert provider.type_source.startswith("https://")
    assert (provider.headquarters_country is None) == (provider.country_source is None)


@pytest.mark.parametrize("field", ["headquarters_country", "country_source"])
def test_a_country_and_its_source_go_together(field: str) -> None:
    with pytest.raises(ValidationError, match="go together"):
        ProviderFacts.model_validate(PROVIDERS["vultr"].model_dump() | {field: None})


def test_countries_are_those_of_the_sources() -> None:
    assert {slug: PROVIDERS[slug].headquarters_country for slug in CORRECTED_COUNTRIES} == CORRECTED_COUNTRIES


def test_there_are_more_variants_and_providers_than_promised() -> None:
    assert len(VARIANTS) >= 100
    assert len(SEEDS.providers) >= 60
    assert {gpu.manufacturer for gpu in VARIANTS} == {"NVIDIA", "AMD", "Intel"}


@pytest.mark.parametrize("gpu", SEEDS.gpus, ids=lambda gpu: gpu.slug)
def test_every_gpu_says_what_it_is_and_where_that_was_read(gpu: GpuModel) -> None:
    assert 45 <= len(gpu.description) <= 320
    assert gpu.description.endswith(".")
    assert gpu.use_cases
    assert gpu.spec_source.split()[0].rstrip(":") in {"NVIDIA", "AMD", "Intel", "Habana", "AWS"}
    assert gpu.is_datacenter != gpu.is_consumer


@pytest.mark.parametrize("gpu", VARIANTS, ids=lambda gpu: gpu.slug)
def test_every_figure_beside_a_dense_one_is_larger(gpu: GpuModel) -> None:
    assert (gpu.fp16_sparse_tflops or 10**6) > (gpu.fp16_tflops or 0) * Decimal("1.9")
    assert (gpu.fp8_sparse_tflops or 10**6) > (gpu.fp8_tflops or 0) * Decimal("1.9")
    assert (gpu.fp8_tflops or 10**6) > (gpu.fp16_tflops or 0) * Decimal("0.9")


@pytest.mark.parametrize("gpu", [gpu for gpu in VARIANTS if gpu.fp16_acc16_tflops and gpu.slug != "titan-rtx"], ids=str)
def test_geforce_cards_accumulate_in_fp32_at_half_the_rate(gpu: GpuModel) -> None:
    assert gpu.fp16_acc16_tflops / gpu.fp16_tflops == pytest.approx(Decimal(2), rel=Decimal("0.01"))  # type: ignore[operator]
    assert gpu.int8_tops is None or gpu.int8_tops == pytest.approx(4 * gpu.fp16_tflops, rel=Decimal("0.02"))  # type: ignore[operator]


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("h100-sxm", "a100-80gb", 3.1, 3.3),
        ("h100-sxm", "rtx-4090", 5.8, 6.2),
        ("b200-sxm", "h100-sxm", 2.2, 2.4),
        ("mi300x", "h100-sxm", 1.2, 1.4),
        ("rtx-5090", "rtx-4090", 1.2, 1.3),
    ],
)
def test_fp16_figures_compare_like_with_like(one: str, other: str, least: float, most: float) -> None:
    assert least < GPUS[one].fp16_tflops / GPUS[other].fp16_tflops < most  # type: ignore[operator]


def test_parts_whose_published_figures_are_often_mixed_up() -> None:
    assert (GPUS["h100-pcie"].memory_type, GPUS["h100-pcie"].fp16_tflops) == ("HBM2e", 756)
    assert (GPUS["b200-sxm"].vram_gb, GPUS["gb200-nvl"].vram_gb) == (180, 186)
    assert (GPUS["a10g"].fp16_tflops, GPUS["a10"].fp16_tflops) == (70, 125)
    assert GPUS["rtx-5090"].architecture == "consumer_blackwell"
    assert GPUS["rtx-pro-6000"].architecture == "blackwell"


def test_parts_without_tensor_cores_have_no_tensor_figures() -> None:
    without = [gpu for gpu in VARIANTS if gpu.architecture in {"fermi", "kepler", "maxwell", "pascal", "vega", "rdna"}]
    assert len(without) > 10
    assert not [gpu.slug for gpu in without if gpu.fp16_tflops or gpu.fp8_tflops or gpu.int8_tops]


def test_every_chip_stands_for_more_than_one_variant() -> None:
    variants = Counter(gpu.chip for gpu in VARIANTS)
    assert {gpu.slug for gpu in SEEDS.gpus if gpu.kind == "chip"} == {chip for chip in variants if chip}
    assert min(count for chip, count in variants.items() if chip) > 1


@pytest.mark.parametrize(
    ("name", "memory_gb", "slug"),
    [
        ("NVIDIA H100", None, "h100"),
        ("H100-80G-PCIe-NVLink", None, "h100-pcie"),
        ("NVIDIA H100 80GB HBM3", None, "h100-sxm"),
        ("H100 NVL", 94, "h100-nvl"),
        ("H200", None, "h200-sxm"),
        ("A100", None, "a100"),
        ("A100", 80, "a100-80gb"),
        ("NVIDIA A100 40GB", None, "a100-40gb"),
        ("A100 PCIE", 80, "a100-80gb-pcie"),
        ("NVIDIA-A100-SXM4-80GB", None, "a100-80gb"),
        ("Tesla V100-FHHL-16GB", None, "v100-16gb"),
        ("V100", None, "v100"),
        ("RTX 6000", 24, "quadro-rtx-6000"),
        ("RTX 6000", 48, "rtx-6000-ada"),
        ("RTX PRO 6000 Blackwell Server Edition", 96, "rtx-pro-6000"),
        ("RTX 4060 Ti", 16, "rtx-4060-ti-16gb"),
        ("RTX 4060 Ti", None, "rtx-4060-ti"),
        ("RTX 4090", 48, "rtx-4090-48gb"),
        ("geforcertx2060super pcie 8gb", None, "rtx-2060-super"),
        ("RTX4070STi", 16, "rtx-4070-ti-super"),
        ("AMD Instinct MI300X OAM", 192, "mi300x"),
        ("B300 SXM6 AC", 262, "b300-sxm"),
        ("RTX 3070 laptop", 8, None),
        ("RTX 4000", None, None),
        ("Trainium2", None, None),
    ],
)
def test_names_mean_what_they_state_and_no_more(name: str, memory_gb: int | None, slug: str | None) -> None:
    assert SEEDS.gpu_names.resolve(name, Decimal(memory_gb) if memory_gb else None).slug == slug


@pytest.mark.parametrize("gpu", SEEDS.gpus, ids=lambda gpu: gpu.slug)
def test_every_gpu_is_found_by_its_own_names(gpu: GpuModel) -> None:
    counted_as = {"h200": "h200-sxm", "b200": "b200-sxm", "b300": "b300-sxm"}.get(gpu.slug, gpu.slug)
    memory = Decimal(gpu.vram_gb) if gpu.vram_gb else None
    assert {SEEDS.gpu_names.resolve(name, memory).slug for name in (gpu.slug, gpu.name, gpu.short_name)} == {counted_as}


@pytest.mark.parametrize("provider", SEEDS.providers, ids=lambda provider: provider.slug)
def test_every_provider_is_described(provider: ProviderFacts) -> None:
    assert 30 <= len(provider.description) <= 400
    assert provider.pros
    assert provider.cons
    assert provider.best_for
    assert len(provider.source) > 8
    country = provider.headquarters_country
    assert country is None or pycountry.countries.get(alpha_3=country)


FALSIFIABLE = re.compile(
    r"\b(cheapest|lowest price|best|fastest|largest selection|unbeatable|leading)\b", re.IGNORECASE
)


@pytest.mark.parametrize("provider", SEEDS.providers, ids=lambda provider: provider.slug)
def test_texts_of_providers_claim_nothing_that_a_price_could_refute(provider: ProviderFacts) -> None:
    texts = " ".join([provider.description, *provider.pros, *provider.cons, *provider.best_for])
    assert not FALSIFIABLE.search(texts)


def test_verda_says_its_former_name() -> None:
    assert PROVIDERS["datacrunch"].display_name == "Verda"
    assert "DataCrunch" in PROVIDERS["datacrunch"].description


def scrapers_found() -> list[Provider]:
    modules = (m.name for m in pkgutil.iter_modules(scrapers.providers.__path__))
    return [importlib.import_module(f"scrapers.providers.{name}").PROVIDER for name in modules]


@pytest.mark.parametrize("provider", scrapers_found(), ids=lambda provider: provider.slug)
def test_every_scraper_s_provider_is_seeded_alike(provider: Provider) -> None:
    assert PROVIDERS[provider.slug].source_class == provider.source_class
    assert set(provider.must_have) <= GPUS.keys()


def test_terms_of_a_few_providers_are_as_their_sources_say() -> None:
    terms = {term.identity: term for term in SEEDS.terms}
    assert (terms["runpod", "storage_stopped", ""].value, terms["runpod", "egress", ""].value) == (Decimal("0.20"), 0)
    assert terms["gcp", "minimum_rental", ""].value == 60
    assert terms["vast-ai", "storage_running", ""].word == "by host"
    assert len({term.provider for term in SEEDS.terms}) >= 20


COMPARED = ("aws", "gcp", "azure", "oci", "coreweave", "lambda-labs")
COMPARED += ("runpod", "vast-ai", "nebius", "crusoe", "digitalocean", "vultr")
ASKED = {"egress", "storage_running", "compute_stopped", "minimum_rental", "billing_step"}


@pytest.mark.parametrize("provider", COMPARED)
def test_the_most_compared_providers_have_five_terms_or_a_source_without_them(provider: str) -> None:
    assert {term.field for term in SEEDS.terms if term.provider == provider and not term.qualifier} >= ASKED


@pytest.mark.parametrize("term", SEEDS.terms, ids=lambda term: "/".join(term.identity))
def test_a_term_s_words_are_short_and_our_own(term: ProviderTerm) -> None:
    assert len(term.note) <= 120
    assert term.qualifier == term.qualifier.strip()
    assert not term.note.endswith(".")
    assert '"' not in term.note + term.qualifier


def test_benchmarks_without_a_published_source_say_so() -> None:
    assert len(SEEDS.benchmarks) == 10
    assert all(row.source_url or "no published source" in row.notes for row in SEEDS.benchmarks)


def test_no_seed_is_unfinished() -> None:
    texts = [path.read_text("utf-8") for path in SEED.iterdir() if path.suffix in {".csv", ".yaml"}]
    assert not [word for word in ("TODO", "FIXME", "http://", "lorem") for text in texts if word in text]


def edited(folder: Path, file: str, old: str, new: str) -> Seeds:
    """The seeds with one text replaced in one file."""
    shutil.copytree(SEED, folder, dirs_exist_ok=True)
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    return Seeds(folder)


@pytest.mark.parametrize(
    ("part", "file", "old", "new", "message"),
    [
        ("gpus", "gpus.csv", ",hopper,80,", ",hopper,eighty,", r"gpus.csv line \d+ \(h100-sxm\): vram_gb 'eighty'"),
        ("gpus", "gpus.csv", "\nl40s,", "\nl40,", r"gpus.csv: slug 'l40' is there twice"),
        ("gpus", "gpus.csv", "h100-nvl,variant,h100,", "h100-nvl,variant,h1,", r'"h100-nvl": chip "h1": expected'),
        ("gpus", "gpus.csv", ",hopper,80,", ",hoper,80,", r"\(h100-sxm\): architecture 'hoper'"),
        ("gpus", "gpus.csv", ",hopper,80,HBM3,", ",hopper,80,,", r"\(h100-sxm\): row: .*a variant needs vram_gb"),
        ("gpus", "gpus.csv", "spec_source,notes", "spec_source,remarks", r"gpus.csv line \d+ \(.*\): remarks"),
        ("aliases", "gpu_aliases.csv", "H100 Mega,80,h100-sxm", "H100 Mega,80,h100-sx", r'"H100 Mega": slug "h100-sx"'),
        ("aliases", "gpu_aliases.csv", "A800,,a800-80gb", "nvidia h200,,h200-nvl", r'slug "h200-sxm": expected one '),
        ("machine_types", "machine_types.csv", "metal,t4,8,", "metal,t44,8,", r'"g4dn.metal": gpu_slug "t44"'),
        ("machine_types", "machine_types.csv", "metal,t4,8,", "metal,t4,2/3,", r"line \d+ \(g4dn.metal\): gpus '2/3'"),
        ("machine_types", "machine_types.csv", "g4dn.metal,", "ML.G5.xlarge,", r"'g5.xlarge' is there twice"),
        ("providers", "providers.yaml", "https://lambda.ai\n", "http://lambda.ai\n", r"\(lambda-labs\): website_url"),
        ("providers", "providers.yaml", "slug: vultr", "slug: runpod", r"providers.yaml: slug 'runpod' is there twice"),
        ("providers", "providers.yaml", "pros: [", "pros: [[", r"providers.yaml line \d+: "),
        ("terms", "provider_terms.csv", "runpod,", "runpot,", r'\(billing_step\): provider "runpot": expected a '),
        ("terms", "provider_terms.csv", ",billing_step,", ",billing,", r"line 2 \(runpod\): field 'billing': Input "),
        ("terms", "provider_terms.csv", ",1,,seconds,", ",1,,hours,", r'unit "hours" does not fit billing_step; expec'),
        ("terms", "provider_terms.csv", ",0.10,,per GB-", ",,cheap,per GB-", r'"cheap" does not fit storage_running'),
        ("terms", "provider_terms.csv", "0.10,,per GB-month,USD", "0.10,,per GB-month,", r"\(runpod\): row: .*currenc"),
        ("terms", "provider_terms.csv", ",1,,seconds,", ",1,none,seconds,", r"either a value with its unit or a word"),
        ("terms", "provider_terms.csv", "https://docs.runpod.io/pods/pricing", "", r"\(runpod\): source_url: Field"),
        ("terms", "provider_terms.csv", "2026-11-24", "2999-11-24", r"checked_on 2999-11-24 is in the future"),
        ("terms", "provider_terms.csv", "2026-11-24", "soon", r"line 2 \(runpod\): checked_on 'soon'"),
        ("terms", "provider_terms.csv", "runpod,ingress,", "runpod,egress,", r"\('runpod', 'egress', ''\) is there"),
        ("sold_without_price", "sold_without_price.csv", "aws,h200", "asw,h200", r'line 2 .*: provider "asw": e'),
        ("sold_without_price", "sold_without_price.csv", "aws,h200-", "aws,h20-", r'\(p5e.48xlarge\): gpu_slug "h20'),
        ("sold_without_price", "sold_without_price.csv", ",p6e-gb200.36xlarge,", ",p5e.48xlarge,", r"is there twice"),
        ("benchmarks", "benchmarks.csv", "a100-80gb,", "a999,", r'gpu_slug "a999": expected a slug of gpus.csv'),
        ("reading_bases", "reading_bases.csv", ",modal,gpu_only,", ",modal,complete,", r"\(modal\): price_basis 'com"),
        ("reading_bases", "reading_bases.csv", "gpurentalprices,modal", "x,modal", r'line 4: source "x": expected a'),
        ("reading_bases", "reading_bases.csv", ",salad,", ",modal,", r"\('gpurentalprices', 'modal'\) is there twice"),
        ("reading_faults", "reading_faults.csv", "wrong_gpu", "wrong", r"line 2 \(nebius\): rule 'wrong': Input"),
        ("price_cuts", "price_cuts.csv", ",h100-sxm,8,", ",h100-sx,8,", r'"p5.48xlarge": gpu_slug "h100-sx": exp'),
        ("price_cuts", "price_cuts.csv", "2025-06-05", "in June", r"line 2 \(p4d.24xlarge\): since 'in June'"),
        ("readings_left_out", "reference_left_out.csv", "average,34", "average,0", r"line \d+: readings_n '0'"),
        ("reference_sources", "reference_sources.yaml", "36 hours", "a while", r"entry 1 .*: cadence 'a while'"),
    ],
)  # fmt: skip
def test_a_broken_seed_is_one_clear_line(
    tmp_path: Path, part: str, file: str, old: str, new: str, message: str
) -> None:
    seeds = edited(tmp_path, file, old, new)
    with pytest.raises(BuildError, match=message) as refused:
        getattr(seeds, part)
    assert str(refused.value).startswith(f"sql/seed/{file}")
    assert "\n" not in str(refused.value)


def test_a_missing_seed_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(
        BuildError, match=r"^sql/seed/gpus.csv: No such file or directory; it belongs to the repository$"
    ):
        _ = Seeds(tmp_path).gpus


def damaged(folder: Path, file: str, content: bytes) -> Seeds:
    shutil.copytree(SEED, folder, dirs_exist_ok=True)
    (folder / file).write_bytes(content)
    return Seeds(folder)


def test_a_seed_saved_with_a_byte_order_mark_reads_as_without(tmp_path: Path) -> None:
    shutil.copytree(SEED, tmp_path, dirs_exist_ok=True)
    for path in (*SEED.glob("*.csv"), *SEED.glob("*.yaml")):
        (tmp_path / path.name).write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    seeds = Seeds(tmp_path)
    assert (seeds.gpus, seeds.providers, seeds.terms) == (SEEDS.gpus, SEEDS.providers, SEEDS.terms)


@pytest.mark.parametrize(
    ("part", "file", "old", "new", "message"),
    [
        ("gpus", "gpus.csv", b",hopper,80,", b",hop\0per,80,", r" line \d+: U\+0000, a control character; tak"),
        ("gpus", "gpus.csv", b"spec_source,notes", b"spec_source,slug", r' line 1: column "slug" is there twice'),
        ("gpus", "gpus.csv", b",hopper,80,", b",hopper\n80,", r" line \d+: \d+ fields; expected 28: slug, kind"),
        ("gpus", "gpus.csv", b",hopper,80,", b",hopp\xe9r,80,", r" line \d+: byte \d+ is not UTF-8; save the file as"),
        ("aliases", "gpu_aliases.csv", b"alias,memory_gb,slug", b"", r" line 1: no column|: Field required| fields; "),
        ("providers", "providers.yaml", b"pros: [", b"pros: " + b"[" * 10_000, r" line \d+: more than 8 levels; expe"),
        ("providers", "providers.yaml", b"pros: [", b"pros: &a [", r' line \d+: found the anchor or alias "a"'),
        ("providers", "providers.yaml", b"  name: ", b"  name: A\n  name: ", r' line \d+: "name" is there twice; it'),
        ("providers", "providers.yaml", b"  name: ", b"  name: 0x" + b"f" * 9_000 + b" #", r": name an unprin"),
    ],
)  # fmt: skip
def test_a_damaged_seed_is_one_line_with_its_place(
    tmp_path: Path, part: str, file: str, old: bytes, new: bytes, message: str
) -> None:
    content = (SEED / file).read_bytes()
    assert old in content
    with pytest.raises(BuildError, match=message) as refused:
        getattr(damaged(tmp_path, file, content.replace(old, new, 1)), part)
    assert str(refused.value).startswith(f"sql/seed/{file}")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"\n", b"slug\n", b"\xef\xbb\xbf"], ids=["empty", "line", "heading", "mark"])
def test_a_seed_cut_to_nothing_retires_nothing(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BuildError, match=r'^sql/seed/gpus.csv line 1: no column "(slug|kind)"; expected slug, kind, '):
        _ = damaged(tmp_path, "gpus.csv", content).gpus
