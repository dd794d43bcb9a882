from generator.catalogue import Reader
from generator.pages import methodology
from generator.rows import HeldBackRow
from tests.generator.catalogues import LD, catalogue, offer, provider


def test_each_source_is_listed_with_where_it_is_read_and_what_is_held_back_is_counted():
    known = catalogue(
        provider("ash", evidence_url="https://api.example/", is_recorded=True, origin="a snapshot"), provider("elm"),
        offer("a", "ash", 1), held_back=HeldBackRow(3, 4),
    )  # fmt: skip
    made = methodology.page(Reader(known), LD)
    (row,) = made.body.sources
    assert (row.provider.text, row.url, row.is_recorded, row.origin) == (
        "Ash",
        "https://api.example/",
        True,
        "a snapshot",
    )
    assert (made.body.unmapped_n, made.body.rejected_n) == (3, 4)
    assert [reference.licence for reference in made.body.references] == ["CC BY 4.0"]
