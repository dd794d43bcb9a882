from generator.catalogue.slices import SliceReader
from generator.pages import corrections
from tests.generator.catalogues import LD, catalogue, differing, held, offer, provider


def page(*rows):
    return corrections.PAGE_TYPE.page(SliceReader(catalogue(*rows)), LD)


def test_prices_that_editors_found_wrong_are_listed_and_others_are_not():
    rows = provider("ash"), provider("elm"), offer("a", "ash", 2), offer("a", "elm", 3)
    made = page(*rows, differing("a", "ash", verdict="theirs"), differing("a", "elm", verdict="ours"))
    assert [line.subject.text for line in made.body.lost] == ["a at Ash"]
    assert "contradict 2 prices of ours; 2 are judged." in made.words["counts"]


def test_what_is_held_back_is_counted():
    assert "2 offers are held back" in page(provider("ash"), held("ash", "a", "price_band", 2)).words["counts"]


def test_it_says_where_to_report_a_wrong_price():
    assert "[here](https://code.example/x)" in page().words["answer"]
