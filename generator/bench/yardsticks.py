"""What builds are compared with: writing the same bytes, and a plain Jinja2 loop over the same models.

    python -m generator.bench.yardsticks writing <a built site> <an empty folder>
    python -m generator.bench.yardsticks loop <number of pages> <an empty folder>

Each prints its figures as JSON.  Files and models are in memory before the clock starts.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from time import perf_counter

from generator import settings, urls
from generator.catalogue.gather import Snapshot
from generator.catalogue.slices import SliceReader
from generator.database import db, runs
from generator.errors import BuildError
from generator.model.jsonld import JsonLd
from generator.model.page import Page
from generator.site import links
from generator.site.render import Renderer
from generator.site.site_catalogue import gathered, site_of


def writing(site: Path, folder: Path) -> dict[str, float]:
    """Write the files of a built site into a folder."""
    files = {str(file.relative_to(site)): file.read_bytes() for file in site.rglob("*") if file.is_file()}
    start = perf_counter()
    for path, data in files.items():
        _write(folder / path, data)
    seconds = perf_counter() - start
    return {"seconds": seconds, "page_bytes": sum(len(data) for path, data in files.items() if path.endswith(".html"))}


def loop(database: str, most: int, folder: Path) -> dict[str, float]:
    """Render at most so many pages, from all parts of the site, one after the other, each from the beginning."""
    with db.connect(database) as connection:
        as_of = runs.last_as_of(connection)
        if as_of is None:
            raise BuildError("bench: the database has no prices")
        connection.commit()
        catalogue, _ = gathered(Snapshot(connection), as_of)
        renderer = Renderer(site_of(settings.load(), catalogue), plain=True)
        plan = [(kind, key) for kind, key in links.planned(catalogue) if kind.has_html]
        step = -(-len(plan) // most)
        pages = [kind.page(SliceReader(catalogue), JsonLd(renderer.site), *key) for kind, key in plan[::step]]
    seconds = _rendered(pages, renderer, folder)
    return {"seconds": seconds, "pages": len(pages)}


def _rendered(pages: Iterable[Page], renderer: Renderer, folder: Path) -> float:
    start = perf_counter()
    for page in pages:
        _write(folder / urls.output_file(page.path), renderer.render(page))
    return perf_counter() - start


def _write(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


def main() -> None:
    """Measure one of the two."""
    which, what, folder = sys.argv[1:]
    if which == "writing":
        found = writing(Path(what), Path(folder))
    else:
        found = loop(settings.load().database_url, int(what), Path(folder))
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
