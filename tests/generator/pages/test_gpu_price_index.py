from lxml import html

from generator.catalogue.slices import SliceReader
from generator.pages import gpu_chip, gpu_detail, gpu_price_index
from generator.site.render import Renderer
from tests.generator.catalogues import LD, SITE, catalogue, gpu, observed, offer, readings

ROWS = readings("a", 40, ash=2, elm=lambda ago: 4 if ago == 30 else 3, fir=7, late=lambda ago: None if ago > 9 else 1)


def page(*rows, slug="a"):
    return gpu_price_index.PAGE_TYPE.page(SliceReader(catalogue(*rows)), LD, slug)


def test_the_page_opens_with_the_value_its_day_its_panel_and_its_change():
    made = page(*ROWS)
    assert made.words["answer"] == (
        "On 22 Aug 2026 the a stood at **$3.00 per GPU-hour** on demand: the median of 3 providers, as read by "
        "Readers. That is 25.0% less than 30 days before."
    )
    assert (made.title, made.gate.state) == ("a Rental Price Index and History", "indexable")
    assert made.description.startswith(
        "a index: $3.00 per GPU-hour on demand on 22 Aug 2026, the median of 3 providers."
    )


def test_constituents_exclusions_gaps_and_citation_are_shown():
    shown = html.fromstring(Renderer(SITE).render(page(*ROWS))).text_content()
    assert "not read on enough of the days (read on 10 days, the last one 22 Aug 2026)" in shown
    assert "It has a value on 40 of the 40 days from 14 Jul 2026 to 22 Aug 2026." in shown
    assert "@misc{a-2026-08-22," in shown


def test_the_dataset_says_what_it_measures_and_over_which_days():
    rows = [row._replace(pricing_type="spot") for row in observed("a", 40, ash=2, elm=3, fir=7)]
    on_demand, spot = page(*ROWS).graph[0], page(*rows).graph[0]
    assert on_demand["variableMeasured"] == "US dollars per GPU-hour, on demand"
    assert spot["variableMeasured"] == "US dollars per GPU-hour, spot"
    assert spot["temporalCoverage"] == "2026-07-13/2026-08-21"


def test_a_page_without_a_current_index_is_thin_and_says_so():
    ended = [row for row in readings("a", 60, ash=2, elm=3, fir=7) if row.day < ROWS[-9].day]
    made = page(*ended)
    assert (made.gate.reasons, made.body.main, made.body.citation) == (("no_index",), None, None)
    assert "has no price index today" in made.words["answer"]
    assert len(made.body.lines) == 1
    assert made.graph == ()


def test_an_index_of_a_bare_chip_says_that_its_variants_are_mixed():
    assert "without the form factor" in page(gpu("a", kind="chip"), *ROWS).words["caveats"]
    assert "caveats" not in page(*ROWS).words


def test_pages_of_gpus_and_chips_lead_to_their_index():
    rows = [gpu("c", kind="chip"), gpu("a", chip="c"), gpu("b", chip="c"), offer("a", "ash", 2), offer("b", "ash", 2)]
    rows += [*ROWS, *readings("c", 40, ash=2, elm=3, fir=7)]
    for kind, slug in ((gpu_detail, "a"), (gpu_chip, "c")):
        made = kind.PAGE_TYPE.page(SliceReader(catalogue(*rows)), LD, slug)
        assert made.body.index.path == f"/price-index/{slug}/"
        assert f'href="/prices/price-index/{slug}/"' in Renderer(SITE).render(made).decode()
    assert gpu_detail.PAGE_TYPE.page(SliceReader(catalogue(*rows)), LD, "b").body.index is None
