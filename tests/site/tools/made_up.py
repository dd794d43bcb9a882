"""A small site of made-up rows, in a folder: the pages of all types, rendered as a build does, without a database."""

from pathlib import Path
from typing import Any

from generator import urls
from generator.catalogue.slices import SliceReader
from generator.model.jsonld import JsonLd
from generator.model.page import Site
from generator.pages.registry import page_types
from generator.site import other_files
from generator.site.page_formats import documents
from generator.site.render import Renderer
from tests.generator.catalogues import AS_OF, catalogue

SITE = Site("CloudGPUs", "https://gpus.example/prices", "Acme", AS_OF, False, "")


def build(folder: Path, *rows: Any) -> None:
    """Write the site of a catalogue of these rows."""
    known, renderer, ld = catalogue(*rows), Renderer(SITE), JsonLd(SITE)
    files: dict[str, bytes] = {**other_files.of_templates(SITE), urls.output_file(urls.FRESHNESS): b'{"providers":{}}'}
    for kind in page_types():
        for key in kind.keys(known) if kind.has_html else ():
            page = kind.page(SliceReader(known), ld, *key)
            files |= documents(page, renderer.rendered(page), kind.formats)
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
