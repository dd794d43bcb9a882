"""Which language models fit into a GPU's memory: parameters times bytes, and a fifth more for all else."""

from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

OVERHEAD = Decimal("0.2")  # for the runtime, activations and the cache of a few short requests
PRECISIONS = (("FP16", Decimal(2)), ("FP8", Decimal(1)), ("INT4", Decimal("0.5")))  # bytes per parameter
_SIZES = (7, 14, 32, 70, 120, 235, 405)  # billions of parameters
_MOST_GPUS = 8


class Need(NamedTuple):
    """What a model needs at one precision: GB, and how many of the GPUs hold that; None for more than eight."""

    memory_gb: Decimal
    gpus_n: int | None


class ModelFit(NamedTuple):
    """A model of so many billion parameters, and what it needs at each of `PRECISIONS`."""

    parameters_bn: int
    needs: tuple[Need, ...]


def model_fits(vram_gb: int) -> tuple[ModelFit, ...]:
    """Models of the usual sizes on GPUs of this memory."""
    return tuple(ModelFit(size, tuple(_need(size, width, vram_gb) for _, width in PRECISIONS)) for size in _SIZES)


def largest_model(vram_gb: int, bytes_per_parameter: Decimal) -> Decimal:
    """The most parameters, in billions, that fit into this memory."""
    return Decimal(vram_gb) / (bytes_per_parameter * (1 + OVERHEAD))


def _need(parameters_bn: int, bytes_per_parameter: Decimal, vram_gb: int) -> Need:
    memory = parameters_bn * bytes_per_parameter * (1 + OVERHEAD)
    gpus = int((memory / vram_gb).to_integral_value(ROUND_CEILING))
    return Need(memory, gpus if gpus <= _MOST_GPUS else None)
