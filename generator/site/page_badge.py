"""A GPU's price as a small picture to show elsewhere: its lowest ranked price on demand, and the day of it.

Its pale edge sets it off from dark pages; on light ones the ground does.
"""

from datetime import datetime
from typing import Protocol

from markupsafe import escape

from generator.formats import day, money
from generator.model.blocks import GpuLine
from generator.model.page import Page

_LETTER = 7  # pixels, about, of the widest font that a reader may have; textLength fits the text into it
_LEFT, _RIGHT = 29, 9  # pixels beside the text; the mark stands to the left
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="22" role="img" aria-label="{text}">'
    "<title>{text}</title>"
    '<rect x="0.5" y="0.5" width="{inner}" height="21" rx="4" fill="#0a5f66" stroke="#fff" stroke-opacity="0.35"/>'
    '<path d="M8 15h4v-3h5v-4h4" fill="none" stroke="#9fdcdd" stroke-width="2"/>'
    '<text x="{left}" y="15" textLength="{length}" lengthAdjust="spacingAndGlyphs" fill="#fff"'
    ' font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11">{text}</text></svg>\n'
)


def page_badge(page: Page) -> bytes:
    """The badge of a GPU's page; without a ranked price it says so."""
    text = _text(page.body)
    length = _LETTER * len(text)
    width = _LEFT + length + _RIGHT
    return _SVG.format(text=escape(text), length=length, left=_LEFT, width=width, inner=width - 1).encode()


class _Gpu(Protocol):
    """What is read of the body of a GPU's page.  Not its class: then a change of that page would touch all others."""

    gpu: GpuLine
    confirmed_at: datetime | None


def _text(body: _Gpu) -> str:
    gpu = body.gpu
    if body.confirmed_at is None:  # nor is there a price
        return f"{gpu.short_name}: no ranked price"
    return f"{gpu.short_name} on demand from {money(gpu.floor)} per GPU-hour, {day(body.confirmed_at)}"
