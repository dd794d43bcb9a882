"""Which GPU a name means."""

from typing import NamedTuple


class GpuName(NamedTuple):
    """A spelling of a GPU's name, without case, punctuation and vendor; `memory_gb`: only with this memory."""

    name: str
    memory_gb: float | None
    gpu: str


class InstanceType(NamedTuple):
    """A provider's own name for a machine; `gpu_count` as in an offer, None where the machine's size is not stated."""

    provider: str
    name: str
    gpu: str
    gpu_count: int | float | None
