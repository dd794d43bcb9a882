from generator.catalogue.slices import SliceReader
from generator.pages import price_index
from generator.site.render import Renderer
from tests.generator.catalogues import LD, SITE, catalogue, offer, readings

ROWS = [
    *readings("a", 40, ash=2, elm=lambda ago: 3 if ago > 5 else 4, fir=7),
    *readings("b", 40, ash=2, elm=3, fir=7),
    *(offer(gpu, "ash", 2) for gpu in "ab"),
    offer("b", "elm", 3),
]


def page(*rows):
    return price_index.PAGE_TYPE.page(SliceReader(catalogue(*rows)), LD)


def test_the_list_says_how_many_moved_and_begins_with_the_gpus_that_most_providers_sell():
    made = page(*ROWS)
    assert [line.gpu.path for line in made.body.lines] == ["/price-index/b/", "/price-index/a/"]
    assert made.words["answer"] == (
        "Of 2 indices, **1 rose and 1 stood still** in the 30 days to 22 Aug 2026.\n\n"
        "The largest move: [a](/price-index/a/) +33.3%."
    )


def test_the_chart_has_the_first_indices_by_gpu_and_credits_who_read_them():
    trend = page(*ROWS).body.trend
    assert trend.title == "Indices of the GPUs with the most providers, 14 Jul to 22 Aug 2026"
    assert [line.partition(":")[0] for line in trend.summary.splitlines()] == [
        "b, by Readers (reference)",
        "a, by Readers (reference)",
    ]
    assert trend.credit == "Readers (CC BY 4.0)"


def test_changes_that_no_index_has_are_no_columns():
    made = page(*ROWS)
    assert made.body.spans == (1, 7, 30)
    assert {len(line.changes) for line in made.body.lines} == {3}
    assert b"365 days" not in Renderer(SITE).render(made)


def test_the_dataset_has_its_licence_span_and_keywords():
    dataset = page(*ROWS).graph[1]
    assert dataset["temporalCoverage"] == "2026-07-14/2026-08-22"
    assert dataset["license"][0]["name"] == "CC BY 4.0"
    assert "a" in dataset["keywords"]
    assert "distribution" not in dataset


def test_without_an_index_there_is_nothing_to_find_or_cite():
    made = page(offer("a", "ash", 2))
    assert (made.gate.state, made.body.citation, made.graph) == ("thin", None, ())
    assert "No GPU has a price index yet" in made.words["answer"]
