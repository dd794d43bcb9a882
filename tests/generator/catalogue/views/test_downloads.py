import csv
import hashlib
import io
import random
import sqlite3
from contextlib import closing
from decimal import Decimal
from typing import Any

from generator.catalogue.views.downloads import downloads
from generator.catalogue.views.published import offers_of_provider
from generator.model.downloads import COLUMNS
from tests.generator.catalogues import catalogue, offer

ROWS = [
    offer("a", "ash", 2, 1, region="eu", available_regions=["eu", "us"]),
    offer("a", "elm", "0.01335", size_stated=False),
    offer(
        "b",
        "elm",
        None,
        3,
        instance_type='4"x, big',
        gpu_count=4,
        price_ends={"price_per_hour_spot": "2026-09-01T02:00:00+02:00"},
    ),
]


def files(*rows: Any) -> dict[str, bytes]:
    return {one.name: one.data for one in downloads(catalogue(*rows)).files}


def of_csv(*rows: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files(*rows)["offers.csv"].decode())))


def of_sqlite(query: str, *rows: Any) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(files(*rows)["cloudgpus.sqlite"])
        return database.execute(query).fetchall()


def test_csv_has_a_line_for_each_offer_with_the_figures_of_the_pages() -> None:
    first, second, third = of_csv(*ROWS)
    assert (first["on_demand"], first["spot"], first["regions"], first["gpu_count"]) == ("2.00", "1.00", "eu;us", "1")
    assert (second["on_demand"], second["gpu_count"], second["price_per_hour"]) == ("0.0134", "", "")
    assert (third["instance_type"], third["on_demand"], third["spot"]) == ('4"x, big', "", "0.75")
    assert third["ends"] == "spot=2026-09-01T00:00:00Z"


def test_sqlite_names_the_methodology_in_force() -> None:
    (said,) = of_sqlite("select value from about where name = 'methodology'", *ROWS)
    assert said == ("/methodology/v1/",)


def test_sqlite_holds_the_same_and_can_be_asked_for_the_cheapest() -> None:
    cheapest = "select provider, on_demand from offers where on_demand is not null order by on_demand"
    assert of_sqlite(cheapest, *ROWS) == [("elm", 0.0134), ("ash", 2)]
    held = of_sqlite("select * from offers", *ROWS)
    lines = [list(line.values()) for line in of_csv(*ROWS)]
    pairs = [pair for row, line in zip(held, lines, strict=True) for pair in zip(row, line, strict=True)]
    assert all(same(value, text) for value, text in pairs)


def same(value: Any, text: str) -> bool:
    """Whether a value of SQLite is what a line of CSV says."""
    if value is None or isinstance(value, str):
        return (value or "") == text
    return Decimal(str(value)) == Decimal(text)


def test_a_missing_price_is_missing_and_never_zero() -> None:
    asked = "select count(*) from offers where 0 in (on_demand, spot, monthly, reserved_1y, price_per_hour)"
    assert of_sqlite(asked, *ROWS) == [(0,)]
    assert {line["monthly"] for line in of_csv(*ROWS)} == {""}


def test_the_columns_are_those_of_the_api() -> None:
    known = catalogue(*ROWS)
    (record,) = offers_of_provider(known, "ash")
    line = of_csv(*ROWS)[0]
    assert tuple(line) == COLUMNS
    assert [line[name] for name in ("gpu", "provider", "evidence")] == [
        record.gpu,
        record.provider,
        record.evidence or "",
    ]


def test_the_same_offers_make_the_same_bytes_and_others_do_not() -> None:
    assert files(*ROWS) == files(*ROWS)
    many = [offer("a", f"p{n}", random.Random(n).randint(1, 99), instance_type="x" * (n % 50 + 1)) for n in range(3000)]
    assert files(*many) == files(*many)
    assert files(*many)["cloudgpus.sqlite"] != files(*many[1:])["cloudgpus.sqlite"]


def test_checksums_are_those_of_the_files() -> None:
    held = files(*ROWS)
    told = [line.split("  ") for line in held["checksums.txt"].decode().splitlines()]
    assert told == [[hashlib.sha256(held[name]).hexdigest(), name] for name in ("offers.csv", "cloudgpus.sqlite")]


def test_without_an_offer_the_tables_are_empty() -> None:
    assert (of_csv(), of_sqlite("select count(*) from offers")) == ([], [(0,)])
    assert downloads(catalogue()).since is None
