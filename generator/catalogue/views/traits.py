"""What an offer states of itself, as short words that the filters of a page look for.

A word stands for what is known; where nothing is stated there is no word, and a filter counts the offer as not stated.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.list_rows import PlacedOfferRow
from generator.catalogue.rows import OfferRow

IN_STOCK = frozenset({"available", "limited"})
_BOARD = re.compile(r"NVLink( \d+)?, ")  # of a board with NVLink between its GPUs: "NVLink 4, 900 GB/s"
_TIERS = ("secure", "community")


def traits(catalogue: Catalogue, offer: OfferRow, places: Sequence[str]) -> str:
    """The words of an offer that can be had in these places: "n=8 at=Europe at=FI stock=yes nvlink=board cpu=16"."""
    return _words(_stated(catalogue, offer, places))


def placed_traits(row: PlacedOfferRow) -> str:
    """The words of an offer in one region."""
    return _words(_placed(row))


def has_nvlink(catalogue: Catalogue, offer: OfferRow) -> str:
    """ "yes" or "no" as the offer says; "board" where its GPUs' board has NVLink by its specification; "" for unknown.

    A single GPU is joined to nothing, and a bridge is an extra that only the offer could state.
    """
    if offer.has_nvlink is not None:
        return "yes" if offer.has_nvlink else "no"
    interconnect = catalogue.gpus[offer.gpu_slug].interconnect or ""
    return "board" if _BOARD.match(interconnect) and offer.size_stated and offer.gpu_count > 1 else ""


def _words(named: Iterable[tuple[str, object]]) -> str:
    return " ".join(f"{name}={value}" for name, value in named)


def _placed(row: PlacedOfferRow) -> Iterator[tuple[str, object]]:
    if row.size_stated:
        yield "n", row.gpu_count
    for place in filter(None, (row.country, row.continent)):
        yield "at", place.replace(" ", "-")
    if row.availability_stated:
        yield "stock", _stock(row.availability_status)


def _stock(status: str) -> str:
    return "yes" if status in IN_STOCK else "no"


def _stated(catalogue: Catalogue, offer: OfferRow, places: Sequence[str]) -> Iterator[tuple[str, object]]:
    if offer.size_stated:
        yield "n", offer.gpu_count if offer.gpu_share == 1 else round(offer.gpu_count * offer.gpu_share, 2)
    for place in places:
        yield "at", place.replace(" ", "-")
    if offer.availability_stated:
        yield "stock", _stock(offer.availability_status)
    if nvlink := has_nvlink(catalogue, offer):
        yield "nvlink", nvlink
    if offer.has_infiniband:
        yield "infiniband", "yes"
    for tier in _TIERS:
        if offer.instance_type.startswith(f"{tier}/"):
            yield "tier", tier
    if vram := catalogue.gpus[offer.gpu_slug].vram_gb:
        yield "vram", vram
    if offer.price_basis != "complete":
        yield "basis", offer.price_basis
    if offer.vcpu_count:
        yield "cpu", offer.vcpu_count
    if offer.ram_gb:
        yield "ram", f"{offer.ram_gb.normalize():f}"
