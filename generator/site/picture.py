"""A page's picture for those who share its address: PNG, made by resvg from SVG in a font of our own.

The same SVG gives the same bytes on every machine: no font of the machine is looked at.  To make one takes as long as
to make several pages; so the last one of each page is kept, and is made again only where it shows something else.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import resvg_py
import xxhash

from generator import urls
from generator.charts import card
from generator.model.page import Page, Site
from generator.output import disk
from generator.root import ROOT

WIDTH, HEIGHT = card.SIZE
FONTS = tuple(str(ROOT / "templates" / "fonts" / f"inter-4.1-{name}.ttf") for name in ("regular", "semibold"))
_MADE_BY = f"resvg-py {resvg_py.__version__}, {' '.join(Path(font).name for font in FONTS)}"


@dataclass(frozen=True)
class Picture:
    """What a page's picture shows: `alt` in words, `svg` as it is drawn.  The last one is kept in a folder, if any."""

    path: str
    alt: str
    svg: str
    kept_in: Path | None = None
    width: int = WIDTH
    height: int = HEIGHT

    @cached_property
    def version(self) -> str:
        """Another one where the picture shows something else, or would be drawn in another way."""
        return xxhash.xxh3_64_hexdigest(f"{_MADE_BY}\n{self.svg}".encode())

    @property
    def address(self) -> str:
        """Its path, with the version: networks keep what they have once read of an address."""
        return f"{self.path}?v={self.version[:10]}"

    def png(self) -> bytes:
        """The picture; the kept one, if that shows the same."""
        if self.kept_in is None:
            return png(self.svg)
        file = self.kept_in / xxhash.xxh3_64_hexdigest(self.path.encode())
        mark, _, kept = (disk.read(file) or b"").partition(b"\n")
        if mark.decode("ascii", "replace") == f"{self.version} {disk.hashed(kept)}":
            return kept
        made = png(self.svg)
        _keep(file, f"{self.version} {disk.hashed(made)}\n".encode() + made)
        return made


def picture_of(page: Page, site: Site, kept_in: Path | None = None) -> Picture | None:
    """The picture of a page that search engines may list; None for any other."""
    if page.gate.state != "indexable":
        return None
    shown = page.card
    read_at = shown.read_at or (page.newest if shown.figure or page.written_by == "template" else None)
    svg = card.card(site.name, page.heading, page.description, shown, read_at)
    said = f"{page.heading}: {shown.figure} {shown.said}" if shown.figure else f"{page.heading}. {page.description}"
    alt = ". ".join(filter(None, (said.rstrip(". "), card.month(read_at)))) + "."
    return Picture(urls.picture(page.path), alt, svg, kept_in)


def png(svg: str) -> bytes:
    """An SVG of ours as PNG."""
    return resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=list(FONTS), font_family="Inter")


def _keep(file: Path, data: bytes) -> None:
    """Replace a kept picture, if the folder may be written; one that a crash spoils is told by its hash."""
    new = file.with_name(f"{file.name}.{os.getpid()}")
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(data)
        new.replace(file)
