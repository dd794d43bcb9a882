"""All shapes of charts on one page to look at, and the references that the tests compare with.

`python -m tests.generator.charts.sheet` writes both: the references anew, and site_output/charts.html.
"""

import gzip
import json
import sys
from collections.abc import Mapping
from html import escape
from pathlib import Path

from tests.generator.charts.shapes import shapes

ROOT = Path(__file__).parents[3]
REFERENCES = Path(__file__).parent / "shapes.json.gz"
SHEET = ROOT / "site_output" / "charts.html"


def references() -> dict[str, str]:
    """Each shape's drawing as it was last looked at, by name."""
    known: dict[str, str] = json.loads(gzip.decompress(REFERENCES.read_bytes()))
    return known


def main() -> None:
    """Write the references and the page."""
    drawn = dict(shapes())
    text = json.dumps(drawn, indent=0, ensure_ascii=False, sort_keys=True).encode()
    REFERENCES.write_bytes(gzip.compress(text, 9, mtime=0))
    SHEET.parent.mkdir(exist_ok=True)
    SHEET.write_text(_page(drawn), "utf-8")
    sys.stdout.write(f"{len(drawn)} shapes; look at {SHEET.relative_to(ROOT)}\n")


def _page(drawn: Mapping[str, str]) -> str:
    style = "\n".join(part.read_text("utf-8") for part in sorted((ROOT / "templates/assets/site.css").glob("*.css")))
    figures = "".join(_figure(name, svg, theme) for name, svg in drawn.items() for theme in ("light", "dark"))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Charts</title><style>{_scoped(style)}'
        ".sheet{display:grid;grid-template-columns:repeat(4,1fr)}.sheet>div{background:var(--bg);color:var(--ink);"
        f'padding:10px}}.sheet .figure{{margin:0}}</style><main class="sheet">{figures}</main></html>'
    )


def _scoped(style: str) -> str:
    """The tokens of each scheme for the figures of that theme, not for the page."""
    return style.replace(':root[data-theme="dark"]', '[data-theme="dark"]')


def _figure(name: str, svg: str, theme: str) -> str:
    shown = svg or "<p>nothing to draw</p>"
    figure = f'<div class="figure"><b>{escape(name)}</b><div class="plot">{shown}</div></div>'
    return f'<div data-theme="{theme}">{figure}</div>'


if __name__ == "__main__":
    main()
