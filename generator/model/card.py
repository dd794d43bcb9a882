"""What the picture of a page shows below its heading, where somebody shares its address."""

from datetime import datetime
from typing import NamedTuple


class Card(NamedTuple):
    """A page's figure in large, such as "$1.49"; `said` says what it is, `read_at` when it was read.

    `scale` and `trend` are SVG of ours (generator/charts/card_drawings.py): where the figure lies, and how it moved.
    The card of a page without a figure shows its description.
    """

    figure: str = ""
    said: str = ""
    read_at: datetime | None = None
    scale: str = ""
    trend: str = ""


NO_CARD = Card()
