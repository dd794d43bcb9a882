"""A price is the same figure in a page, its JSON-LD, its Markdown, the API, the CSV and the SQLite file.

A missing one is missing in all of them, and never 0.
"""

import csv
import json
import re
import sqlite3
import struct
from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import closing
from decimal import Decimal
from typing import Any

import pytest
from lxml import html
from markdown_it import MarkdownIt

from generator import urls
from generator.formats import plain_money
from generator.model.downloads import COLUMNS
from tests.site.conftest import URL, BuiltSite
from tests.site.test_site_prices import offer_rows
from tests.site.tools.headlines import MONEY
from tests.site.tools.market import Market

pytestmark = [pytest.mark.site, pytest.mark.postgres]
PRICING = ("on_demand", "spot", "monthly", "reserved_1y", "reserved_3y")
READER = MarkdownIt("commonmark", {"html": False}).enable("table")
LEFT_OUT = "//main//*[self::nav or self::svg or self::summary or self::script]"

Prices = tuple[str | None, ...]
Found = dict[tuple[str, ...], Counter[Prices]]
"""The prices of offers, by provider, GPU, machine and region."""


@pytest.fixture(scope="module")
def market(built_site: BuiltSite) -> Market:
    return Market(built_site.database_url)


@pytest.fixture(scope="module")
def stored(market: Market) -> Found:
    """The offers in the database, by a query and rules that are not the site's."""
    return gathered(
        (
            (one.provider, one.gpu, one.instance_type, one.region or ""),
            tuple(plain_money(price) if (price := one.price(kind)) is not None else None for kind in PRICING),
        )
        for one in market.offers
    )


def gathered(offers: Iterable[tuple[tuple[str, ...], Prices]]) -> Found:
    found: Found = defaultdict(Counter)
    for key, prices in offers:
        found[key][prices] += 1
    return dict(found)


def of_records(records: Iterable[Any]) -> Found:
    return gathered(
        (
            (one["provider"], one["gpu"], one["instance_type"], one["region"] or ""),
            tuple(one[kind] or None for kind in PRICING),
        )
        for one in records
    )


def api(site: BuiltSite, kind: str) -> list[Any]:
    return [json.loads(file.read_bytes()) for file in sorted((site.folder / "api" / "v1" / kind).glob("*.json"))]


def of_csv(site: BuiltSite) -> list[dict[str, str]]:
    with (site.folder / "data" / "offers.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def of_sqlite(site: BuiltSite) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(f"file:{site.folder}/data/cloudgpus.sqlite?mode=ro", uri=True)) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute("select * from offers")]


def in_cents(record: dict[str, Any]) -> dict[str, Any]:
    """A row of SQLite, whose prices are numbers, with prices as texts."""
    prices = {kind: plain_money(Decimal(str(record[kind]))) for kind in PRICING if record[kind] is not None}
    return record | prices


def test_each_offer_has_its_price_in_api_csv_and_sqlite_and_no_other_is_there(
    built_site: BuiltSite, stored: Found
) -> None:
    providers = [one for held in api(built_site, "provider") for one in held["offers"]]
    gpus = api(built_site, "gpu")
    assert of_records(providers) == stored
    assert of_records(of_csv(built_site)) == stored
    assert of_records(map(in_cents, of_sqlite(built_site))) == stored
    by_gpu = of_records(one for held in gpus for one in held["offers"])
    chips = of_records(one for held in gpus for one in held["form_factor_not_stated"])
    assert by_gpu == {key: prices for key, prices in stored.items() if key[1] in {held["gpu"]["slug"] for held in gpus}}
    assert chips.keys() == stored.keys() - by_gpu.keys()


def test_a_missing_price_is_missing_in_each_and_none_is_zero(built_site: BuiltSite, stored: Found) -> None:
    assert any(None in prices for found in stored.values() for prices in found)
    records = [
        *of_csv(built_site),
        *of_sqlite(built_site),
        *(one for held in api(built_site, "provider") for one in held["offers"]),
    ]
    shown = [one[kind] for one in records for kind in (*PRICING, "price_per_hour") if one[kind] not in (None, "")]
    assert all(Decimal(str(price)) > 0 for price in shown)


def test_each_row_of_a_page_is_an_offer_of_the_api(built_site: BuiltSite, market: Market) -> None:
    known = defaultdict(set)
    for one in (one for held in api(built_site, "provider") for one in held["offers"]):
        names = market.provider_names[one["provider"]], one["gpu"], one["instance_name"] or one["instance_type"]
        known[names].add(tuple(f"${Decimal(one[kind]):,}" if one[kind] else "–" for kind in PRICING))
    rows_n = 0
    for path in built_site.page_types:
        root = html.fromstring(built_site.read(path).decode())
        for names, prices in offer_rows(root, path, market):
            rows_n += 1
            assert any(all(a in ("", b) for a, b in zip(prices, offer, strict=True)) for offer in known[names]), (
                path,
                names,
            )
    assert rows_n > 2000


def twins_differ(site: BuiltSite, path: str) -> str:
    """Which amounts a page and its Markdown, or its JSON-LD, do not have in common; "" for none."""
    root = html.fromstring(site.read(path).decode())
    structured = "".join(root.xpath("//script[@type='application/ld+json']/text()"))
    for part in root.xpath(LEFT_OUT):
        part.drop_tree()
    shown = amounts(root.xpath("//main")[0])
    made = site.read(f"{path}index.md").decode().split("---", 2)[2]
    told = amounts(html.fromstring(f"<div>{READER.render(made)}</div>"))
    linked = {f"${Decimal(price):,}" for price in re.findall(r'"(?:price|lowPrice|highPrice)":"([^"]+)"', structured)}
    differ = (shown - told) + (told - shown)
    return f"{path}: {differ}, {linked - shown.keys()}" if differ or linked - shown.keys() else ""


def amounts(element: Any) -> Counter[str]:
    return Counter(MONEY.findall(" ".join(element.itertext())))


def twinned(site: BuiltSite, paths: Iterable[str]) -> list[str]:
    return [path for path in paths if (site.folder / f"{path.lstrip('/')}index.md").is_file()]


def test_pages_of_every_type_have_the_amounts_of_their_twins_and_json_ld(built_site: BuiltSite) -> None:
    paths = twinned(built_site, built_site.extreme)
    assert {built_site.page_types[path] for path in paths} >= {
        "gpu_detail",
        "gpu_comparison",
        "guide",
        "home",
        "region",
    }
    assert [said for path in paths if (said := twins_differ(built_site, path))] == []


@pytest.mark.long
def test_all_pages_have_the_amounts_of_their_twins_and_json_ld(built_site: BuiltSite) -> None:
    paths = twinned(built_site, built_site.page_types)
    assert len(paths) > 350
    assert [said for path in paths if (said := twins_differ(built_site, path))] == []


def test_a_gpu_s_lowest_price_is_the_same_on_its_page_in_lists_in_json_ld_and_on_its_badge(
    built_site: BuiltSite,
) -> None:
    listed = {one["slug"]: one for one in json.loads((built_site.folder / "api/v1/gpus.json").read_bytes())["gpus"]}
    priced = 0
    for held in api(built_site, "gpu"):
        slug, floor = held["gpu"]["slug"], held["gpu"]["floor"]
        badge = (built_site.folder / f"badge/{slug}.svg").read_text("utf-8")
        page = built_site.read(f"/gpu/{slug}/").decode()
        assert listed[slug]["floor"] == floor
        assert (f"${Decimal(floor):,} per GPU-hour" if floor else "no ranked price") in badge
        if floor and '"AggregateOffer"' in page:
            assert f'"lowPrice":"{floor}"' in page
            priced += 1
    assert priced > 30


def test_each_page_that_search_engines_may_list_has_its_picture_and_no_other(built_site: BuiltSite) -> None:
    listed = [path for path in built_site.page_types if b'content="index,follow"' in built_site.read(path)]
    pictures = {path: built_site.folder / urls.picture(path).lstrip("/") for path in listed}
    assert len(pictures) > 250
    assert set(pictures.values()) == set((built_site.folder / "share").rglob("*.png"))
    for path, file in pictures.items():
        data = file.read_bytes()
        assert data[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", data[16:24]) == (1200, 630)
        assert len(data) < 60_000
        assert f'<meta property="og:image" content="{URL}{urls.picture(path)}?v=' in built_site.read(path).decode()


def test_the_columns_of_the_files_are_the_fields_of_the_api(built_site: BuiltSite) -> None:
    (first, *_) = api(built_site, "provider")
    assert [tuple(of_csv(built_site)[0]), tuple(of_sqlite(built_site)[0])] == [COLUMNS, COLUMNS]
    assert all(tuple(one) == COLUMNS for one in first["offers"])
