"""Make the icons that are no SVG from the one that is: templates/assets/favicon.ico and apple-touch-icon.png."""

import struct
from pathlib import Path

import resvg_py

ASSETS = Path(__file__).resolve().parent.parent / "templates" / "assets"
_IN_FAVICON = (16, 32, 48)  # pixels
_TOUCH = 180


def main() -> None:
    """Write both."""
    for name, data in icons().items():
        (ASSETS / name).write_bytes(data)
        print(f"{name}: {len(data):,} bytes")


def icons() -> dict[str, bytes]:
    """Both by name.  The touch icon fills its square: phones round its corners themselves."""
    svg = (ASSETS / "favicon.svg").read_text("utf-8")
    touch = _png(svg.replace(' rx="5"', ""), _TOUCH)
    return {"favicon.ico": _ico([(size, _png(svg, size)) for size in _IN_FAVICON]), "apple-touch-icon.png": touch}


def _png(svg: str, size: int) -> bytes:
    return resvg_py.svg_to_bytes(svg_string=svg, width=size, height=size, skip_system_fonts=True)


def _ico(images: list[tuple[int, bytes]]) -> bytes:
    """A Windows icon: a directory, then PNG images."""
    directory, body = struct.pack("<HHH", 0, 1, len(images)), b""
    start = len(directory) + 16 * len(images)
    for size, data in images:
        directory += struct.pack("<BBBBHHII", size, size, 0, 0, 1, 32, len(data), start + len(body))
        body += data
    return directory + body


if __name__ == "__main__":
    main()
