"""Lines of lists by one constraint or place.  Prices are US dollars before tax, per GPU-hour."""

from decimal import Decimal
from typing import NamedTuple

from generator.model.blocks import Link


class SetGpu(NamedTuple):
    """What a list by one constraint shows of a GPU, whatever it costs."""

    slug: str
    name: str
    short_name: str
    path: str
    vram_gb: int | None
    memory_bandwidth_gbps: int | None
    fp16_tflops: Decimal | None


class SetLine(NamedTuple):
    """A GPU in a list by one constraint, with its prices of the pricing type or feature that the list is of."""

    gpu: SetGpu
    floor: Decimal
    provider: Link
    median: Decimal | None
    providers_n: int


class Located(NamedTuple):
    """How many offers of how many providers are in a country or continent."""

    offers_n: int
    providers_n: int


class PlaceLine(NamedTuple):
    """A GPU in a country or continent: the lowest ranked on-demand price there, and the world's median.

    `against_world` is the price divided by that median; both are None where too few providers are behind it.
    """

    gpu: Link
    floor: Decimal
    provider: Link
    site: str
    providers_n: int
    world_median: Decimal | None
    world_providers_n: int
    against_world: Decimal | None


class SiteLine(NamedTuple):
    """A provider with offers in a country or continent: the country of its seat ("" for unknown), and its sites there.

    `ranked_n` of its `gpus_n` GPUs there have a ranked on-demand price.
    """

    provider: Link
    home: str
    sites: tuple[str, ...]
    more_sites: int
    gpus_n: int
    offers_n: int
    ranked_n: int
