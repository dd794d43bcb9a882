from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.gpu_counts import fold, stated_count


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("8x H100", 8),
        ("x8 H100", 8),
        ("8 × NVIDIA H100", 8),
        ("8*H100", 8),
        ("H100x8", 8),
        ("MI300Xx8", 8),
        ("gpu_8x_h100_sxm5", 8),
        ("A100:4", 4),
        ("L40S-2-48G", 2),
        ("1H100.80S.30V", 1),
        ("gpu-h100-sxm_8gpu-128vcpu-1600gb", 8),
        ("HGX H100 8-GPU", 8),
        ("8 NVIDIA A100", 8),
        ("72 GPUs", 72),
        ("8x H100, 8 GPUs", 8),
        ("H100", None),
        ("A100X", None),
        ("A100*", None),
        ("RTX 4090", None),
        ("GeForce MX450", None),
        ("16 GB V100", None),
        ("L4 PCIe 4.0 x16", None),
        ("RTX 4090 24 vCPU 96 GB RAM", None),
        ("GPU 0: Tesla T4", None),
    ],
)
def test_a_count_is_one_of_gpus(name: str, count: int | None) -> None:
    found = stated_count(name)
    assert (found.gpu_count, found.share, found.is_clear) == (count, 1, True)


@pytest.mark.parametrize(
    ("name", "share"),
    [
        ("1/2 L4", Fraction(1, 2)),
        ("½ L4", Fraction(1, 2)),
        ("0.5x A100", Fraction(1, 2)),
        ("0,25 x A100", Fraction(1, 4)),
        ("L4 (1/8)", Fraction(1, 8)),
        ("half A100", Fraction(1, 2)),
        ("25% of an A100", Fraction(1, 4)),
        ("A100 MIG 1g.10gb", None),
        ("H100 1c.3g.40gb", None),
        ("A100-1-5C", None),
        ("A16-2Q", None),
        ("NVIDIA-L4-SHARED", None),
        ("RTX 3080 10/12 GB", Fraction(1)),
        ("V100 16/32 GB", Fraction(1)),
        ("T4G 16GB", Fraction(1)),
        ("b200-sxm.8x", Fraction(1)),
    ],
)
def test_a_part_of_a_gpu_is_a_share_or_a_slice(name: str, share: Fraction | None) -> None:
    assert stated_count(name).share == share


@pytest.mark.parametrize("name", ["8x H100, 4 GPUs", "0x H100", "1/2 L4 x8"])
def test_counts_that_contradict_each_other_are_none(name: str) -> None:
    found = stated_count(name)
    assert (found.gpu_count, found.is_clear) == (None, False)
    assert "expected one count above 0" in found.rule


def test_the_rest_is_the_name() -> None:
    assert stated_count("8x NVIDIA H100").name.split() == ["nvidia", "h100"]


@given(st.text(max_size=80))
def test_any_text_has_a_count(text: str) -> None:
    found = stated_count(text)
    assert found.gpu_count is None or found.gpu_count > 0
    assert found.share is None or 0 < found.share <= 1


@given(st.text(max_size=80))
def test_folded_text_stays_as_it_is(text: str) -> None:
    assert fold(fold(text)) == fold(text)
