from dataclasses import replace

import pytest

from generator.model.blocks import GpuLine
from generator.prose.instance_names import parts_of_name
from tests.generator.page_models import filled

H100 = replace(filled(GpuLine), vram_gb=80, form_factor="SXM5")


@pytest.mark.parametrize(("name", "told"), [
    ("gpu_8x_h100_sxm5", "“8x” is the number of GPUs, “h100” the chip and “sxm5” the form factor."),
    ("8x NVIDIA H100 80GB HBM3", "“8x” is the number of GPUs, “H100” the chip and “80GB” the memory of each."),
    ("BM.GPU.H100.8", "“8” is the number of GPUs and “H100” the chip."),
    ("a3-highgpu-8g", "“8g” is the number of GPUs."),
    ("H100x8", "“x8” is the number of GPUs and “H100” the chip."),
])  # fmt: skip
def test_a_name_is_read_as_far_as_it_states_what_is_known(name, told):
    made = parts_of_name(name, "8", H100, "h100").replace("\\", "")
    assert made == f"In the provider’s name for it, “{name}”, {told}"


@pytest.mark.parametrize("name", ["p5.48xlarge", "H100 SXM", "gpu_4x_h100", "18xh100", "ND96isr_H100_v5"])
def test_a_name_that_does_not_state_the_number_of_gpus_is_not_read(name):
    assert parts_of_name(name, "8", H100, "h100") == ""


def test_another_form_factor_than_is_known_is_not_read():
    assert "form factor" not in parts_of_name("8x H100 PCIe", "8", H100, "h100")
