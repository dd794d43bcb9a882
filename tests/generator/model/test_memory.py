from decimal import Decimal

from generator.model.memory import model_memory


def needs(vram_gb, parameters_bn):
    fit = next(fit for fit in model_memory(vram_gb).models if fit.parameters_bn == parameters_bn)
    return [(need.memory_gb, need.gpus_n) for need in fit.needs]


def test_a_model_of_seventy_billion_parameters_needs_168_gb_in_fp16():
    """70 x 2 bytes x 1.2 = 168 GB: three GPUs of 80 GB, so a machine of four; in INT4 42 GB: one GPU."""
    assert needs(80, 70) == [(168, 4), (84, 2), (42, 1)]


def test_what_needs_all_of_the_memory_fits():
    """70 x 2 bytes x 1.2 = 168 GB = 8 x 21 GB."""
    assert needs(21, 70)[0] == (168, 8)


def test_what_needs_more_than_eight_gpus_fits_none():
    assert needs(20, 70)[0] == (168, None)


def test_the_largest_model_is_the_memory_divided_by_what_a_parameter_takes_rounded_down():
    """24 / (0.5 x 1.2) = 40; 16 / (2 x 1.2) = 6.67."""
    assert model_memory(24).precisions[2].largest_bn == 40
    assert model_memory(16).precisions[0].largest_bn == Decimal("6.6")
