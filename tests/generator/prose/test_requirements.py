from decimal import Decimal

import pytest
from pydantic import ValidationError

from generator.formats import rounded
from tests.generator.catalogues import needing

SERVED = {"parameters_bn": 8, "bytes_per_parameter": 2, "layers": 32, "kv_heads": 8, "head_size": 128}
SERVED |= {"bytes_per_cached_value": 2, "context": 8192, "requests": 16, "usable_share": "0.9"}
TRAINED = {"parameters_bn": 70, "bytes_per_parameter": 18, "layers": 80, "hidden_size": 8192, "context": 8192}
TRAINED |= {"sequences": 1, "bytes_per_activation": 2}


def shown(terms):
    return [(term.label, term.product, rounded(term.memory_gb, 1)) for term in terms]


def test_inference_holds_the_weights_and_a_key_and_a_value_of_each_token():
    # 2 × 32 × 8 × 128 × 2 × 8,192 × 16 = 17,179,869,184 bytes; (16 + 17.18) ÷ 0.9 = 36.87
    memory = needing("inference", **SERVED).memory
    assert shown(memory.shared) == [
        ("Weights", "8 billion × 2 bytes", "16.0"),
        ("Cache", "2 × 32 × 8 × 128 × 2 × 8,192 × 16 bytes", "17.2"),
    ]
    assert shown(memory.totals) == [("Shared by the GPUs", "(16.0 + 17.2) ÷ 0.9", "36.9")]
    assert [memory.gpus_n(vram) for vram in (4, 5, 16, 24, 40)] == [None, 8, 4, 2, 1]


def test_training_shares_its_states_over_the_machines_and_keeps_activations_on_each_gpu():
    # 70 × 18 = 1,260; ÷ 4 = 315.  80 × 8,192 × 8,192 × 2 = 10,737,418,240 bytes; 4 × (80 - 10.74) < 315 < 8 × 69.26
    memory = needing("training", machines=4, **TRAINED).memory
    assert shown(memory.totals) == [("Shared by the GPUs", "1,260.0 ÷ 4 machines", "315.0")]
    assert shown(memory.each) == [("Activations on each GPU", "80 × 8,192 × 8,192 × 1 × 2 bytes", "10.7")]
    assert [memory.gpus_n(vram) for vram in (8, 40, 80, 141)] == [None, None, 8, 4]


def test_what_is_not_split_has_to_fit_on_one_gpu():
    assert [needing(memory_gb=40).memory.gpus_n(vram) for vram in (39, 40, 80)] == [None, 1, 1]
    loaded = needing("weights", parameters_bn=8, bytes_per_parameter=2).memory
    assert loaded.each_gb == Decimal("19.2")
    assert shown(loaded.each)[1] == ("Everything else", "20% of that", "3.2")


@pytest.mark.parametrize(
    ("formula", "figures", "said"),
    [
        ("inference", {"parameters_bn": 8}, "expected the figures parameters_bn, bytes_per_parameter, layers"),
        ("stated", {"memory_gb": 0}, "greater than 0"),
        ("weights", {"parameters_bn": 8, "bytes_per_parameter": 2, "context": 1}, "wrong: context"),
    ],
)
def test_a_requirement_has_the_figures_of_its_formula(formula, figures, said):
    with pytest.raises(ValidationError, match=said):
        needing(formula, **figures)


def test_every_figure_that_is_not_assumed_has_a_source_and_its_day(monkeypatch):
    monkeypatch.setattr("tests.generator.catalogues.ASSUMED", {"memory_gb"})
    with pytest.raises(ValidationError, match="expected memory_gb with a source and its day"):
        needing(memory_gb=40)
