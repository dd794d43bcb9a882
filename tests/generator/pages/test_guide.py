from datetime import date

from generator.catalogue.slices import SliceReader
from generator.pages import guide, guide_index
from tests.generator import catalogues
from tests.generator.catalogues import LD, catalogue, offer

REVIEWED = catalogues.guide(
    "sxm",
    text="From {{ floor:a }} at {{ floor_provider:a }}.",
    reviewed_by="Acme",
    reviewed_on=date(2026, 8, 1),
    related=("zzz",),
)
ROWS = [REVIEWED, catalogues.guide("aaa"), catalogues.guide("zzz"), offer("a", "ash", 2)]


def page():
    return guide.PAGE_TYPE.page(SliceReader(catalogue(*ROWS)), LD, "sxm")


def test_a_guide_states_todays_figures_and_who_answers_for_it():
    made = page()
    assert made.words["text"] == "From $2.00 at [Ash](/provider/ash/)."
    assert (made.body.byline.reviewed_by, made.body.byline.reviewed_on) == ("Acme", date(2026, 8, 1))
    assert (made.written_by, made.related_gpu_ids) == ("human", ("id-a",))


def test_related_guides_come_first():
    assert [link.path for link in page().body.others] == ["/guides/zzz/", "/guides/aaa/"]


def test_an_article_was_modified_when_it_was_reviewed():
    (article,) = page().graph
    assert (article["@type"], article["dateModified"], article["datePublished"]) == (
        "Article",
        "2026-08-01",
        "2026-08-22",
    )


def test_the_index_of_guides_is_listed_once_there_is_one():
    assert list(guide_index.PAGE_TYPE.keys(catalogue())) == [()]
    assert guide_index.PAGE_TYPE.page(SliceReader(catalogue()), LD).gate.state == "thin"
    made = guide_index.PAGE_TYPE.page(SliceReader(catalogue(*ROWS)), LD)
    assert {card.link.path: card.summary for card in made.body.guides}["/guides/sxm/"] == "Short."
