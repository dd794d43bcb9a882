import json
from decimal import Decimal

import pytest
from lxml import html

from generator.catalogue.slices import SliceReader
from generator.pages import gpu_detail, provider_detail
from generator.site.page_formats import documents
from generator.site.page_json import SCHEMAS, schemas
from generator.site.render import Renderer
from tests.generator.catalogues import LD, SITE, catalogue, offer

PRICED = [offer("a", "ash", 2, 1), offer("a", "elm", "0.123"), offer("a", "fir", None, 9)]


def files(kind, slug, *rows):
    page = kind.PAGE_TYPE.page(SliceReader(catalogue(*rows)), LD, slug)
    return page, documents(page, Renderer(SITE).rendered(page), kind.PAGE_TYPE.formats)


def twin(kind, slug, *rows):
    return json.loads(next(data for name, data in files(kind, slug, *rows)[1].items() if name.endswith(".json")))


@pytest.mark.parametrize(("kind", "slug", "folder"), [(gpu_detail, "a", "gpu"), (provider_detail, "ash", "provider")])
def test_a_page_is_written_as_html_and_as_json_that_its_schema_describes(kind, slug, folder):
    page, made = files(kind, slug, *PRICED)
    name = f"api/v1/{folder}/{slug}.json"
    assert {f"{folder}/{slug}/index.html", name} <= made.keys()
    held = SCHEMAS[folder].validate_json(made[name])
    assert SCHEMAS[folder].dump_python(held, mode="json") == json.loads(made[name])
    assert held.path == page.path
    root = html.fromstring(made[f"{folder}/{slug}/index.html"])
    assert root.xpath("//link[@type='application/json']/@href") == [f"/prices/{name}"]


def test_prices_are_those_of_the_page_and_of_its_json_ld():
    page, made = files(gpu_detail, "a", *PRICED)
    shown = json.loads(made["api/v1/gpu/a.json"])
    product = next(node for node in page.graph if node["@type"] == "Product")
    assert shown["floor"] == product["offers"]["lowPrice"]
    text = made["gpu/a/index.html"].decode()
    assert all(f"${one['on_demand']}" in text for one in shown["offers"] if one["on_demand"])


def test_a_price_that_is_missing_is_null_and_never_zero():
    offers = {one["provider"]: one for one in twin(gpu_detail, "a", *PRICED)["offers"]}
    assert (offers["fir"]["on_demand"], offers["fir"]["spot"]) == (None, "9.00")
    assert (offers["elm"]["spot"], offers["elm"]["reserved_1y"]) == (None, None)
    unpriced = twin(gpu_detail, "a", offer("a", "ash", None, Decimal(3)))
    assert (unpriced["floor"], unpriced["floor_provider"], unpriced["median"]) == (None, None, None)


def test_an_offer_of_several_tables_is_there_once():
    offers = twin(gpu_detail, "a", *PRICED)["offers"]
    assert sorted(one["provider"] for one in offers) == ["ash", "elm", "fir"]


def test_the_schemas_are_where_the_twins_say_and_name_every_field():
    published = {name: json.loads(data) for name, data in schemas().items()}
    assert sorted(published) == ["api/v1/schema/gpu.json", "api/v1/schema/provider.json"]
    for kind, slug in ((gpu_detail, "a"), (provider_detail, "ash")):
        made = twin(kind, slug, *PRICED)
        assert set(made) == set(published["api/v1/" + made["schema"].removeprefix("../")]["required"])
