"""What raw names mean with the seeds: our own table of spellings, and what is true of any text."""

import csv
import os
import re
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.commands.source_names import in_words
from generator.database.seed_files import Seeds
from generator.database.seeds import SEED
from scrapers.providers import aws, azure, gcp
from scrapers.raw_names import machine_key

SEEDS = Seeds(SEED)
RAW = SEEDS.raw_names
with (Path(__file__).parent / "gpu_names.csv").open(encoding="utf-8") as _file:
    ROWS = list(csv.DictReader(_file))
CLASSES = sorted({row["class"] for row in ROWS})
DIGITS = {number for gpu in SEEDS.gpus for number in re.findall(r"\d+", gpu.slug)}
DIGITS |= {number for name, _ in SEEDS.aliases for number in re.findall(r"\d+", name)}
VARIANTS = [gpu for gpu in SEEDS.gpus if gpu.kind == "variant"]


@pytest.mark.parametrize("kind", CLASSES)
def test_every_spelling_of_the_table_means_what_vendors_and_clouds_say(kind: str) -> None:
    rows = [row for row in ROWS if row["class"] == kind]
    answers = {row["name"]: in_words(RAW.meaning(row["name"])) for row in rows}
    assert answers == {row["name"]: row["answer"] for row in rows}


def test_the_table_is_broad() -> None:
    kinds = Counter(row["answer"].split()[0] for row in ROWS)
    assert len(ROWS) >= 600
    assert min(kinds[kind] for kind in ("unknown", "slice", "share", "ambiguous")) >= 12


@pytest.mark.parametrize(
    ("module", "types"),
    [
        (aws, {name: (gpu, memory, Fraction(number)) for name, (gpu, memory, number) in aws.TYPES.items()}),
        (azure, {name: (gpu, memory, number) for name, (gpu, memory, number, _) in azure.SIZES.items()}),
        (
            gcp,
            {
                f"{family}-{size}": (gpu, memory, Fraction(number))
                for family, (gpu, memory, sizes) in gcp.FAMILIES.items()
                for size, number in sizes.items()
            },
        ),
    ],
    ids=["aws", "azure", "gcp"],
)
def test_machine_types_agree_with_the_providers_that_list_them(module, types) -> None:
    ours = {machine_key(name): machine for name, machine in SEEDS.machine_types.items()}
    both = {name: gpu for name, gpu in types.items() if machine_key(name) in ours}
    assert len(both) >= 20, module
    for name, (gpu, memory, number) in both.items():
        machine = ours[machine_key(name)]
        assert machine.slug == SEEDS.gpu_names.resolve(gpu, memory and Decimal(memory)).slug, name
        assert machine.gpu_count * machine.share == number, name


@given(st.text(max_size=80), st.none() | st.decimals(min_value="0.01", max_value=9999, places=2))
def test_any_text_means_something_or_nothing(text: str, memory: Decimal | None) -> None:
    found = RAW.meaning(text, memory)
    assert (found.kind in {"variant", "chip"}) <= (found.slug is not None)
    assert (found.kind == "ambiguous") == (len(found.candidates) > 1 and found.slug is None and found.share == 1)


@given(st.sampled_from(ROWS), st.data())
def test_case_and_outer_punctuation_change_no_meaning(row: dict[str, str], data: st.DataObject) -> None:
    upper = data.draw(st.lists(st.booleans(), min_size=len(row["name"]), max_size=len(row["name"])))
    name = "".join(c.upper() if up and c.isascii() else c for c, up in zip(row["name"], upper, strict=True))
    around = data.draw(st.sampled_from(["{}", " {} ", "\t{}", "{}\u00a0", "\u200b{}"]))
    assert in_words(RAW.meaning(around.format(name))) == row["answer"]


@pytest.mark.parametrize("gap", [" ", "  ", "-", "_", "\u00a0", "\u2011", " \u2013 "])
def test_any_gap_between_words_will_do(gap: str) -> None:
    for gpu in VARIANTS:
        assert RAW.meaning(gpu.name.replace(" ", gap)).slug == gpu.slug


@pytest.mark.parametrize(
    "words",
    ["{} GPU", "{}-GPU", "{}_gpu", "{} GPUs", "NVIDIA {}", "{} Tensor Core GPU", "{}\u2122", "{} VM", "{} Cloud"],
)
def test_words_that_tell_no_gpus_apart_change_no_meaning(words: str) -> None:
    for gpu in SEEDS.gpus:
        assert RAW.meaning(words.format(gpu.short_name))[:3] == RAW.meaning(gpu.short_name)[:3]


@pytest.mark.parametrize(
    "form", ["{n}x {}", "{n}x{}", "{n} x {}", "{} x{n}", "{} x {n}", "{}:{n}", "{n} {}", "{} {n}x"]
)
def test_a_count_changes_no_gpu(form: str) -> None:
    for gpu, number in product(VARIANTS, (2, 4, 8, 10)):
        found = RAW.meaning(form.format(gpu.name, n=number))
        assert found.gpu_count == number
        assert found.slug == gpu.slug or gpu.slug in found.candidates  # "2x RTX 4090 48GB": 48 GB each, or in all


@given(
    st.sampled_from(["H", "A", "B", "L", "T", "V", "GH", "GB", "MI", "RTX ", "RTX A", "GTX "]), st.integers(1, 99_999)
)
def test_a_number_that_no_gpu_has_is_unknown(prefix: str, number: int) -> None:
    if str(number) not in DIGITS:
        for suffix in ("", " SXM", "X", "S", " 80GB", " Ti", " PCIe"):
            assert RAW.meaning(f"{prefix}{number}{suffix}").slug is None


@pytest.mark.skipif("CLOUDGPUS_GPU_NAMES" not in os.environ, reason="the collected names are not part of the project")
def test_collected_names_mean_what_people_say_they_mean() -> None:
    with Path(os.environ["CLOUDGPUS_GPU_NAMES"]).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    answers = [(row, RAW.meaning(row["raw"])) for row in rows]
    for row, found in answers:
        if row["canonical_slug"] in ("", "ambiguous"):
            assert found.kind not in {"variant", "share"}, row
        elif found.kind == "variant":  # the seeds tell apart by form factor what the list lumps together
            assert f"{found.slug}".startswith(row["canonical_slug"]), row
    stated = [
        f"{found.slug}".startswith(row["canonical_slug"])
        for row, found in answers
        if row["kind"] == "gpu_name"
        and row["canonical_slug"] not in ("", "ambiguous")
        and not _says_chip_only(row, found)
    ]
    assert sum(stated) / len(stated) >= 0.98


def _says_chip_only(row: dict[str, str], found) -> bool:
    """Whether a person took the variant from elsewhere than the name."""
    return found.kind == "chip" and row["canonical_slug"] != found.slug
