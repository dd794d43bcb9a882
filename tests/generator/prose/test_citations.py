from dataclasses import replace

from generator.catalogue.views.indices import index_lines
from generator.prose import citations
from tests.generator.catalogues import DAY, SITE, catalogue, readings

LINES = index_lines(catalogue(*readings("a", 40, ash=2, elm=3, fir=7)))


def test_a_citation_names_value_panel_release_source_and_address():
    made = citations.of_indices(SITE, DAY, "/price-index/a/", "A rental price index", LINES)
    assert made.text == (
        "Acme: A rental price index. On demand, 22 Aug 2026: $3.00 per GPU-hour (median of 3 providers). Release of "
        "22 Aug 2026, from readings by Readers. CloudGPUs, https://gpus.example/prices/price-index/a/"
    )
    assert made.bibtex.startswith("@misc{a-2026-08-22,\n  author = {{Acme}},\n")
    assert "  year = {2026},\n  month = aug,\n" in made.bibtex


def test_bibtex_takes_what_tex_would_as_text():
    made = citations.of_indices(replace(SITE, organisation="A & B_{C}"), DAY, "/price-index/", "100% #1", LINES)
    assert r"author = {{A \& B\_\{C\}}}" in made.bibtex
    assert r"title = {{100\% \#1}}" in made.bibtex
