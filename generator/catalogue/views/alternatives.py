"""What one would rent instead of a GPU: one step down, alike, one step up, each with what one gives up or gains."""

from decimal import Decimal

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import view
from generator.catalogue.views.gpus import gpu_line, neighbours
from generator.formats import rounded
from generator.model.blocks import Alternative, GpuLine

_ORDER = ("down", "", "up")


@view
def alternatives(catalogue: Catalogue, slug: str) -> tuple[Alternative, ...]:
    """The neighbours of a GPU: the one a step below it, those like it, the one a step above; each the most alike first.

    A step down is less memory or less speed, and not more of the other; a step up the other way round.
    """
    own = gpu_line(catalogue, slug)
    found: list[Alternative] = []
    for other in neighbours(catalogue, slug):
        step = _step(own, other)
        is_taken = any(one.step == step for one in found)
        found.append(Alternative("" if is_taken else step, other, _words(own, other)))
    return tuple(sorted(found, key=lambda one: _ORDER.index(one.step)))


def _step(own: GpuLine, other: GpuLine) -> str:
    """Down where one figure is less and none more; up the other way round; neither where one is not known."""
    pairs = ((own.vram_gb, other.vram_gb), (own.fp16_tflops, other.fp16_tflops))
    shares = [_change(ours, theirs) for ours, theirs in pairs]
    less = any(share is not None and share < 0 for share in shares)
    more = any(share is not None and share > 0 for share in shares)
    return "" if None in shares or less == more else "down" if less else "up"


def _words(own: GpuLine, other: GpuLine) -> str:
    """What changes: "32 GB less memory, 63% less FP16 speed, median 46% lower"; what is not known says so."""
    return ", ".join((_memory(own, other), _speed(own, other), _price(own, other)))


def _memory(own: GpuLine, other: GpuLine) -> str:
    if not own.vram_gb or not other.vram_gb:
        return "memory not stated"
    more = other.vram_gb - own.vram_gb
    return f"{abs(more):,} GB {'more' if more > 0 else 'less'} memory" if more else "the same memory"


def _speed(own: GpuLine, other: GpuLine) -> str:
    share = _change(own.fp16_tflops, other.fp16_tflops)
    return "speed not stated" if share is None else _differing(share, "more", "less", "the same") + " FP16 speed"


def _price(own: GpuLine, other: GpuLine) -> str:
    share = _change(own.median, other.median)
    return "no median to compare" if share is None else "median " + _differing(share, "higher", "lower", "the same")


def _change(own: Decimal | int | None, other: Decimal | int | None) -> Decimal | None:
    return Decimal(other) / Decimal(own) - 1 if own and other else None


def _differing(share: Decimal, more: str, less: str, same: str) -> str:
    percent = rounded(abs(share) * 100, 0)
    return same if percent == "0" else f"{percent}% {more if share > 0 else less}"
