from datetime import date

from generator.catalogue.list_rows import SourceStatusRow
from generator.catalogue.slices import SliceReader
from generator.pages import status
from tests.generator.catalogues import LD, catalogue, provider

DAY = date(2026, 8, 22)


def page(*rows):
    return status.PAGE_TYPE.page(SliceReader(catalogue(provider("ash"), provider("elm"), provider("fir"), *rows)), LD)


def test_failed_sources_come_first_and_are_counted():
    good = SourceStatusRow("ash", DAY, True, "", 7, False, DAY)
    failed = SourceStatusRow("elm", DAY, False, "unavailable", 0, False, date(2026, 8, 20))
    never = SourceStatusRow("fir", None, False, "", 0, False, None)
    made = page(good, failed, never)
    assert [(line.provider.text, line.error) for line in made.body.lines] == [
        ("Elm", "unavailable"), ("Fir", ""), ("Ash", None),
    ]  # fmt: skip
    assert made.words["answer"].startswith("1 of 2 sources were read without an error")


def test_it_is_not_for_search_engines():
    assert page().gate.state == "thin"
