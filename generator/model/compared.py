"""A provider's price of a GPU beside those of others."""

from decimal import Decimal
from typing import NamedTuple

from generator.model.blocks import Link


class Standing(NamedTuple):
    """A provider's price divided by the median of the others for the same number of GPUs, and how many these are."""

    ratio: Decimal
    gpu_count: int
    median: Decimal
    others_n: int


class CheaperOffer(NamedTuple):
    """Another provider's lower price for the same number of GPUs; `less`: by which share of the price here."""

    provider: Link
    gpu_count: int
    price_per_gpu_hour: Decimal
    less: Decimal
