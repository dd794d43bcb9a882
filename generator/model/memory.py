"""Which language models fit into a GPU's memory: parameters times bytes, and a fifth more for all else."""

from decimal import ROUND_FLOOR, Decimal
from math import prod
from typing import NamedTuple

OVERHEAD = Decimal("0.2")  # for the runtime, activations and the cache of a few short requests
_NEEDED = 1 + OVERHEAD
PRECISIONS = (("FP16", Decimal(2)), ("FP8", Decimal(1)), ("INT4", Decimal("0.5")))  # bytes per parameter
_PARAMETERS_BN = (7, 14, 32, 70, 120, 235, 405)
MACHINES = (1, 2, 4, 8)  # GPUs in a machine, as they are rented out


class Need(NamedTuple):
    """What a model needs at one precision: GB, and the smallest machine with so much, in GPUs; None for none."""

    memory_gb: Decimal
    gpus_n: int | None


class ModelFit(NamedTuple):
    """A model of so many billion parameters, and what it needs at each of `PRECISIONS`."""

    parameters_bn: int
    needs: tuple[Need, ...]


class Precision(NamedTuple):
    """Bytes per parameter, and the most parameters, in billions, that one GPU holds."""

    name: str
    bytes_per_parameter: Decimal
    largest_bn: Decimal


class ModelMemory(NamedTuple):
    """Which models fit into GPUs of one memory: the largest that one holds, then those of the usual sizes.

    `overhead` is what all else takes, as a share of the weights; `needed` is the weights and that.
    """

    vram_gb: int
    overhead: Decimal
    needed: Decimal
    precisions: tuple[Precision, ...]
    models: tuple[ModelFit, ...]


def weights_gb(parameters_bn: Decimal | int, bytes_per_parameter: Decimal) -> Decimal:
    """What the weights of so many billion parameters take."""
    return parameters_bn * bytes_per_parameter


def cache_gb(layers: Decimal, kv_heads: Decimal, head_size: Decimal, width: Decimal, tokens: Decimal) -> Decimal:
    """What a model keeps of the tokens it has seen: a key and a value of `width` bytes for each head of each layer."""
    return gigabytes(Decimal(2), layers, kv_heads, head_size, width, tokens)


def gigabytes(*factors: Decimal) -> Decimal:
    """The product of these, in bytes, as gigabytes."""
    return prod(factors, start=Decimal(1)) / 10**9


def model_memory(vram_gb: int) -> ModelMemory:
    """What fits into GPUs of this memory."""
    precisions = tuple(Precision(name, width, _largest(vram_gb, width)) for name, width in PRECISIONS)
    return ModelMemory(vram_gb, OVERHEAD, _NEEDED, precisions, tuple(_fit(size, vram_gb) for size in _PARAMETERS_BN))


def _largest(vram_gb: int, bytes_per_parameter: Decimal) -> Decimal:
    """Rounded down to a tenth: what is said to fit, fits."""
    return (vram_gb / (bytes_per_parameter * _NEEDED)).quantize(Decimal("0.1"), ROUND_FLOOR)


def _fit(parameters_bn: int, vram_gb: int) -> ModelFit:
    return ModelFit(parameters_bn, tuple(_need(parameters_bn, width, vram_gb) for _, width in PRECISIONS))


def _need(parameters_bn: int, bytes_per_parameter: Decimal, vram_gb: int) -> Need:
    memory = weights_gb(parameters_bn, bytes_per_parameter) * _NEEDED
    return Need(memory, next((gpus_n for gpus_n in MACHINES if gpus_n * vram_gb >= memory), None))
