from decimal import Decimal

from generator.model.memory import largest_model, model_fits


def test_a_model_of_seventy_billion_parameters_needs_168_gb_in_fp16():
    """70 x 2 bytes x 1.2 = 168 GB: three GPUs of 80 GB; in INT4 42 GB: one."""
    fit = next(fit for fit in model_fits(80) if fit.parameters_bn == 70)
    assert [(need.memory_gb, need.gpus_n) for need in fit.needs] == [(168, 3), (84, 2), (42, 1)]


def test_what_needs_more_than_eight_gpus_fits_none():
    assert model_fits(16)[-1].needs[0].gpus_n is None


def test_the_largest_model_is_the_memory_divided_by_what_a_parameter_takes():
    assert largest_model(24, Decimal("0.5")) == 40
