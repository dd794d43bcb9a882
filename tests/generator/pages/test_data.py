import json

from generator.catalogue.slices import SliceReader
from generator.model.downloads import COLUMNS
from generator.pages import data
from generator.site.page_formats import documents
from generator.site.render import Renderer
from tests.generator.catalogues import LD, SITE, catalogue, gpu, offer

ROWS = [offer("a", "ash", 2), offer("a", "elm", 3), offer("c", "elm", 3), gpu("c", kind="chip")]


def page(*rows):
    return data.PAGE_TYPE.page(SliceReader(catalogue(*rows)), LD)


def test_it_says_how_many_offers_there_are_and_from_which_days():
    words = page(*ROWS).words["answer"]
    assert words.startswith(
        "3 current offers of cloud GPUs, region by region, can be downloaded as CSV or SQLite: 1 GPU at"
    )
    assert "2 providers" in words
    assert words.endswith("They were last read from 22 Aug 2026 to 22 Aug 2026.")


def test_its_files_are_those_that_page_and_data_set_name():
    made = page(*ROWS)
    files = documents(made, Renderer(SITE).rendered(made), data.PAGE_TYPE.formats)
    html = files["data/index.html"].decode()
    (dataset,) = made.graph
    for one in dataset["distribution"]:
        name = one["contentUrl"].removeprefix("https://gpus.example/prices/")
        assert f'href="/prices/{name}" download' in html
        assert one["sha256"] in html
        assert name in files
    assert (dataset["temporalCoverage"], dataset["version"]) == ("2026-08-22/2026-08-22", "2026-08-22")


def test_its_json_leads_to_each_provider_s_file():
    made = page(*ROWS)
    files = documents(made, Renderer(SITE).rendered(made), data.PAGE_TYPE.formats)
    held = json.loads(files["api/v1/offers.json"])
    assert held["offers_n"] == 3
    assert held["files"][1] == {"provider": "elm", "path": "provider/elm.json", "offers_n": 2}


def test_it_says_what_each_column_holds():
    assert [name for names, _ in page(*ROWS).body.columns for name in names] == list(COLUMNS)


def test_it_is_cited_with_the_day_of_its_newest_price():
    assert page(*ROWS).body.citation.text == (
        "Acme: Cloud GPU offers. Release of 22 Aug 2026, 3 offers. CloudGPUs, https://gpus.example/prices/data/"
    )


def test_without_an_offer_it_is_not_for_search_engines_and_cites_nothing():
    made = page()
    assert (made.gate.reasons, made.body.citation) == (("no_offers",), None)
