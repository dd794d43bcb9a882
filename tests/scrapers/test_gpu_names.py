from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.gpu_names import Alias, GpuNames, key

GB = Decimal


def variant(alias: str, slug: str, vram: int, *words: str, memory: int | None = None, chip: str | None = None) -> Alias:
    form, memory_type, architecture = (*words, "", "", "")[:3]
    size = None if memory is None else GB(memory)
    return Alias(alias, size, slug, "variant", chip, GB(vram), form, memory_type, architecture)


NAMES = GpuNames(
    [
        Alias("h100", None, "h100", "chip", "h100", architecture="hopper"),
        variant("h100", "h100-nvl", 94, "PCIe", "HBM3", "hopper", memory=94, chip="h100"),
        variant("h100 sxm", "h100-sxm", 80, "SXM5", "HBM3", "hopper", chip="h100"),
        variant("h100 hbm3", "h100-sxm", 80, "SXM5", "HBM3", "hopper", chip="h100"),
        variant("h100 pcie", "h100-pcie", 80, "PCIe", "HBM2e", "hopper", chip="h100"),
        variant("h100 nvl", "h100-nvl", 94, "PCIe", "HBM3", "hopper", chip="h100"),
        Alias("a100", None, "a100", "chip", "a100"),
        variant("a100", "a100-80gb", 80, "SXM4", "HBM2e", "ampere", memory=80, chip="a100"),
        variant("a100", "a100-40gb", 40, "SXM4", "HBM2", "ampere", memory=40, chip="a100"),
        variant("a100 pcie", "a100-80gb-pcie", 80, "PCIe", "HBM2e", "ampere", memory=80, chip="a100"),
        variant("l40s", "l40s", 48, "PCIe", "GDDR6", "ada_lovelace"),
        variant("b200", "b200-sxm", 180, "SXM6", "HBM3e", "blackwell", chip="b200"),
        variant("rtx6000", "quadro-rtx-6000", 24, "PCIe", "GDDR6", "turing"),
        variant("rtx6000ada", "rtx-6000-ada", 48, "PCIe", "GDDR6", "ada_lovelace"),
        variant("rtx4060ti", "rtx-4060-ti", 8, memory=8),
        variant("rtx4060ti", "rtx-4060-ti-16gb", 16, memory=16),
    ]
)


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        ("NVIDIA A100-SXM4-80GB", "a100 sxm"),
        ("8x A100 SXM", "a100 sxm"),
        ("SXM A100 (80 GB)", "a100 sxm"),
        ("8xH100", "h100"),
        ("A100 x8", "a100"),
        ("NVIDIA® A100™ Tensor Core GPU", "a100"),
        ("H100NVL", "h100 nvl"),
        ("H100_NVLINK_80GB", "h100 nvlink"),
        ("HGX H100", "h100 sxm"),
        ("NVIDIA-H100-80GB-HBM3", "h100 hbm3"),
        ("geforcertx3090-pcie-24gb", "rtx3090 pcie"),
        ("RTX 6000 Ada Generation", "rtx6000ada"),
        ("AMD Instinct MI300X OAM", "mi300x oam"),
        ("GH200 (Grace-Hopper)", "gh200 hopper"),
        ("ＮＶＩＤＩＡ Ｌ４０Ｓ", "l40s"),
        ("T4g", "t4g"),
        ("a100-pcie-80", "a100-80 pcie"),
        ("H100 SXM 80", "h100-80 sxm"),
        ("RTX 3060 laptop", "rtx3060laptop"),
        ("Titan X 12GB", "titanx"),
        ("gpu_8x_h100_sxm5", "h100 sxm"),
        ("---", ""),
    ],
)
def test_key_is_one_spelling_for_many(name: str, spelling: str) -> None:
    assert key(name) == spelling
    assert key(spelling) == spelling


@pytest.mark.parametrize(
    ("name", "memory", "slug"),
    [
        ("NVIDIA-H100-80GB-HBM3", None, "h100-sxm"),
        ("H100_80GB SXM5", 80, "h100-sxm"),
        ("H100 PCIe HBM2e", None, "h100-pcie"),
        ("H100", 94, "h100-nvl"),
        ("H100", 80, "h100"),
        ("H100", None, "h100"),
        ("H100 NVLink 80GB", None, "h100"),
        ("A100 80GB", None, "a100-80gb"),
        ("A100", 40, "a100-40gb"),
        ("A100", Decimal("74.5"), "a100-80gb"),
        ("A100 SXM4 80GB", None, "a100-80gb"),
        ("A100 PCIe", 80, "a100-80gb-pcie"),
        ("A100", None, "a100"),
        ("L40S", Decimal("44.7"), "l40s"),
        ("L40S PCIe", None, "l40s"),
        ("B200 SXM6 192GB", None, "b200-sxm"),
        ("RTX 6000 (Turing)", None, "quadro-rtx-6000"),
        ("RTX 6000 Ada Lovelace", None, "rtx-6000-ada"),
        ("RTX 4060 Ti 16GB", None, "rtx-4060-ti-16gb"),
    ],
)
def test_name_and_memory_mean_a_gpu(name: str, memory: int | Decimal | None, slug: str) -> None:
    assert NAMES.resolve(name, None if memory is None else GB(memory)).slug == slug


@pytest.mark.parametrize(
    ("name", "memory", "because"),
    [
        ("H100 NVL2", None, 'no alias "h100nvl2"'),
        ("RTX 3060 laptop", None, "no alias"),
        ("RTX 6000 Blackwell", None, "no alias"),
        ("H200 SXM", None, "no alias"),
        ("B200 PCIe", None, 'no alias "b200 pcie"'),
        ("H100 SXM PCIe", None, "no alias"),
        ("A100 80GB", 40, "40 GB and 80 GB at once"),
        ("A100 40GB 80GB", None, "at once"),
        ("H100 SXM", 94, "comes with 80 GB; the offer states 94 GB"),
        ("A100", 64, "comes with 40 GB or 80 GB; the offer states 64 GB"),
        ("RTX 4060 Ti", None, "comes with 8 GB or 16 GB; the offer states no memory"),
        ("A100 40GB PCIe", None, "comes with 80 GB"),
        ("H100 MIG 1g.10gb", None, "slice"),
        ("", None, "no alias"),
        ("А100", None, "no alias"),
    ],
)
def test_what_is_not_known_is_not_guessed(name: str, memory: int | None, because: str) -> None:
    found = NAMES.resolve(name, None if memory is None else GB(memory))
    assert (found.slug, found.kind) == (None, "unknown")
    assert because in found.rule


@pytest.mark.parametrize(
    ("name", "memory", "share", "slug"),
    [
        ("L40S", 48, "0.5", "l40s"),
        ("L40S", 24, "0.5", "l40s"),
        ("L40S", 12, "0.5", "l40s"),
        ("A100", 40, "0.5", "a100"),  # half of 80 GB, or of a card of 40
        ("A100", 10, "0.125", "a100-80gb"),
        ("H100 SXM MIG 1g.10gb", None, "0.125", "h100-sxm"),
    ],
)
def test_memory_of_a_share_may_be_the_shares_or_the_gpus(name: str, memory: int | None, share: str, slug: str) -> None:
    assert NAMES.resolve(name, None if memory is None else GB(memory), Decimal(share)).slug == slug


@pytest.mark.parametrize(
    ("name", "memory", "slug"),
    [
        ("H100SXM80", None, "h100-sxm"),
        ("H100-SXM580GB", None, "h100-sxm"),
        ("A100SXM480GB", None, "a100-80gb"),
        ("A10080GB", None, "a100-80gb"),
        ("A10080GB", 80, "a100-80gb"),
        ("A100-40", None, "a100-40gb"),
        ("L40S-48", None, "l40s"),
        ("RTX4060Ti 16", None, "rtx-4060-ti-16gb"),
        ("A10080GB", 40, None),
        ("A100-64", None, None),
        ("A100-75", None, None),
        ("L40S-96", None, None),
        ("A100800GB", None, None),
    ],
)
def test_memory_may_be_run_together_with_the_name(name: str, memory: int | None, slug: str | None) -> None:
    assert NAMES.resolve(name, None if memory is None else GB(memory)).slug == slug


def test_digits_at_the_end_make_no_other_gpu_of_a_name_that_is_one() -> None:
    names = GpuNames([variant("rtx4090", "rtx-4090", 24), variant("rtx4090", "rtx-4090-48gb", 48, memory=48)])
    assert names.resolve("RTX4090-24").slug == "rtx-4090"
    assert names.resolve("RTX4090-48").slug is None
    assert names.resolve("RTX4090-48G").slug == "rtx-4090-48gb"


@pytest.mark.parametrize(
    ("name", "memory", "slug"),
    [
        ("A100 80GB", None, "a100"),
        ("A100", 80, "a100"),
        ("A100-80", None, "a100"),
        ("A100 NVLink", 80, "a100"),
        ("A100 SXM4", 80, "a100-80gb"),
        ("A100 PCIe", 80, "a100-80gb-pcie"),
        ("A100", 40, "a100-40gb"),  # these aliases know no other form of 40 GB
        ("H100 80GB HBM3", None, "h100-sxm"),
        ("H100", 94, "h100-nvl"),
        ("B200", None, "b200-sxm"),
        ("L40S", None, "l40s"),
        ("H100", None, "h100"),
    ],
)
def test_where_sxm_is_named_a_plain_name_stays_under_the_chip(name: str, memory: int | None, slug: str) -> None:
    assert NAMES.resolve(name, None if memory is None else GB(memory), plain_is_sxm=False).slug == slug


def test_rule_says_what_was_found_and_left_out() -> None:
    assert NAMES.resolve("A100 80GB SXM").rule == 'alias "a100" with 80 GB, "sxm" left out'


def test_bare_rows_do_for_a_table_of_names() -> None:
    names = GpuNames([("a100", Decimal(80), "a100-80gb", "variant"), ("a100", None, "a100", "chip")])
    assert names.resolve("A100 80GB").slug == "a100-80gb"
    assert names.resolve("A100").kind == "chip"


@given(st.text(max_size=60), st.none() | st.decimals(min_value="0.01", max_value=9999, places=2))
def test_any_text_is_a_name_or_unknown(name: str, memory: Decimal | None) -> None:
    found = NAMES.resolve(name, memory)
    assert (found.slug is None) == (found.kind == "unknown")
