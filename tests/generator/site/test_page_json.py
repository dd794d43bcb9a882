import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from lxml import html

from generator.catalogue.slices import SliceReader
from generator.model.jsonld import JsonLd
from generator.pages import (
    calculator,
    compare_any,
    data,
    gpu_detail,
    gpu_index,
    identifiers,
    price_changes,
    price_history,
    provider_detail,
    provider_index,
    status,
)
from generator.site.make import hashes
from generator.site.page_formats import documents
from generator.site.page_json import page_json
from generator.site.render import NOT_RENDERED, Renderer
from tests.generator.catalogues import LD, SITE, catalogue, gpu, offer, step

PRICED = [offer("a", "ash", 2, 1), offer("a", "elm", "0.123"), offer("a", "fir", None, 9)]
PAGES = [
    (gpu_detail, ("a",), "gpu/a", "gpu"),
    (gpu_index, (), "gpus", "gpus"),
    (provider_detail, ("ash",), "provider/ash", "provider"),
    (provider_index, (), "providers", "providers"),
    (data, (), "offers", "offers"),
    (calculator, (), "terms", "terms"),
    (compare_any, (), "comparisons", "comparisons"),
    (identifiers, (), "identifiers", "identifiers"),
    (status, (), "status", "status"),
    (price_changes, (), "changes", "changes"),
]


def made(kind: Any, key: tuple[str, ...], *rows: Any) -> Any:
    return kind.PAGE_TYPE.page(SliceReader(catalogue(*rows)), LD, *key)


@pytest.mark.parametrize(("version", "said"), [(0, "/methodology/"), (3, "/methodology/v3/")])
def test_every_file_names_the_methodology_in_force(version, said):
    ld = JsonLd(replace(SITE, methodology_version=version))
    rows = [*PRICED, step("ash/a", 2, 5)]
    for module, key in [(module, key) for module, key, _, _ in PAGES] + [(price_history, ("ash", "a"))]:
        page = module.PAGE_TYPE.page(SliceReader(catalogue(*rows)), ld, *key)
        files = documents(page, NOT_RENDERED, tuple({"json", "history"} & {*module.PAGE_TYPE.formats}))
        assert [json.loads(file)["methodology"] for file in files.values()] == [said]


def gpu_json(*rows: Any) -> Any:
    return json.loads(page_json(made(gpu_detail, ("a",), *rows)))


@pytest.mark.parametrize(("module", "key", "name", "kind"), PAGES)
def test_a_page_has_json_and_leads_to_it(module, key, name, kind):
    page = made(module, key, *PRICED)
    files = documents(page, Renderer(SITE).rendered(page), module.PAGE_TYPE.formats)
    held = json.loads(files[f"api/v1/{name}.json"])
    assert held["schema"].endswith(f"schema/{kind}.json")
    assert held["path"] == page.path
    led = html.document_fromstring(next(iter(files.values()))).xpath("//link[@type='application/json']/@href")
    assert led == [f"/prices/api/v1/{name}.json"]


def test_prices_are_those_of_the_page_and_of_its_json_ld():
    page = made(gpu_detail, ("a",), *PRICED)
    shown = json.loads(page_json(page))
    product = next(node for node in page.graph if node["@type"] == "Product")
    assert shown["gpu"]["floor"] == product["offers"]["lowPrice"]
    text = Renderer(SITE).rendered(page).html.decode()
    assert all(f"${one['on_demand']}" in text for one in shown["offers"] if one["on_demand"])


def test_what_is_missing_is_null_and_never_zero_or_empty():
    offers = {one["provider"]: one for one in gpu_json(*PRICED)["offers"]}
    assert (offers["fir"]["on_demand"], offers["fir"]["spot"]) == (None, "9.00")
    assert (offers["elm"]["spot"], offers["elm"]["reserved_1y"], offers["elm"]["region"]) == (None, None, None)
    unpriced = gpu_json(offer("a", "ash", None, Decimal(3)))["gpu"]
    assert (unpriced["floor"], unpriced["floor_provider"], unpriced["median"]) == (None, None, None)


def test_a_machine_of_unstated_size_has_no_count_and_no_price_of_its_own():
    (found,) = gpu_json(offer("a", "ash", 2, size_stated=False))["offers"]
    assert (found["gpu_count"], found["price_per_hour"], found["on_demand"]) == (None, None, "2.00")


def test_a_share_of_a_gpu_is_a_count_below_one_and_ranks_nowhere():
    (found,) = gpu_json(offer("a", "ash", 2, gpu_share=Decimal("0.125")))["offers"]
    assert (found["gpu_count"], found["on_demand"], found["ranked_as"]) == (0.125, "16.00", [])


def test_a_disputed_price_counts_nowhere_and_one_with_an_end_says_so():
    ends = {"price_per_hour_spot": "2026-09-01T02:00:00+02:00"}
    (found,) = gpu_json(offer("a", "ash", 2, 1, disputed_as=["on_demand"], price_ends=ends))["offers"]
    assert (found["ranked_as"], found["disputed_as"]) == (["spot"], ["on_demand"])
    assert found["ends"] == {"spot": "2026-09-01T00:00:00Z"}


def test_every_offer_is_there_region_by_region_whatever_the_page_has_room_for():
    many = [offer("a", "ash", 2 + n, region=f"r{n}", instance_type=f"machine {n}") for n in range(400)]
    page = made(gpu_detail, ("a",), *many)
    assert sum(len(section.lines) for section in page.body.sections) < 400
    assert len(json.loads(page_json(page))["offers"]) == 400
    assert '(<a href="/prices/api/v1/gpu/a.json">all as JSON</a>)' in Renderer(SITE).rendered(page).html.decode()


def test_offers_that_name_only_the_chip_stand_apart():
    chip, rows = gpu("c", kind="chip"), (gpu("a", chip="c"), offer("a", "ash", 2), offer("c", "elm", 1))
    found = gpu_json(chip, *rows)
    assert [one["provider"] for one in found["offers"]] == ["ash"]
    assert [one["gpu"] for one in found["form_factor_not_stated"]] == ["c"]


def test_an_offer_that_no_table_shows_makes_the_page_again_but_leaves_its_content():
    page = made(gpu_detail, ("a",), *PRICED)
    content, model = hashes(page)
    again = hashes(replace(page, offers=page.offers[1:]))
    assert (again[0] == content, again[1] == model) == (True, False)
