import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest

from scrapers.captures import Capture, Request
from scrapers.row_parser import LeftOut, Parsed
from scrapers.sources import (
    Graphql,
    Html,
    HtmlCards,
    HtmlTable,
    HtmlText,
    Json,
    NextJsData,
    Paged,
    Several,
    Source,
    Yaml,
)

URL = "https://nimbus.example/plans"
TABLE = """<table class=gpu>
  <thead><tr><th> gpu </th><th>Count</th><th>Hourly</th><th>Notes</th></tr></thead>
  <tbody>
    <tr><td>H100 <b>SXM</b></td><td>8x</td><td>$19.92</td><td>new</td></tr>
    <tr><td>L40S</td><td>1</td><td>Contact us</td><td></td></tr>
  </tbody></table>"""


COLUMNS = {"gpu_name": "GPU", "gpu_count": "Count", "price": "Hourly"}


def document(source: Source, answers: Mapping[str, str | bytes]) -> Any:
    """What a source yields, given the answers by address."""

    async def fetch(request: Request) -> Capture:
        body = answers[request.url]
        body = body.encode() if isinstance(body, str) else body
        return Capture("nimbus", request, 200, datetime(2026, 8, 22, tzinfo=UTC), "", body)

    return asyncio.run(source.document(fetch))


def parsed(source: HtmlTable | HtmlCards, page: str) -> Parsed:
    """What became of each row of a page."""
    return source.row_parser().parse(document(source, {URL: page}))


def test_json_amounts_are_exact() -> None:
    assert document(Json(URL), {URL: '{"hourly": 0.1, "count": 8}'}) == {"hourly": Decimal("0.1"), "count": 8}


def test_a_number_that_no_int_or_decimal_holds_costs_no_answer() -> None:
    found = document(Json(URL), {URL: f'{{"long": {"1" * 5000}, "beyond": 1e9999999999999999999, "count": 8}}'})
    assert (found["long"], found["count"]) == (Decimal("1" * 5000), 8)
    assert found["beyond"].is_nan()


def test_json_with_something_to_post_is_posted() -> None:
    assert Json(URL).request() == Request(URL)
    assert Json(URL, post={"a": 1}).request() == Request(URL, "POST", b'{"a":1}')


@pytest.mark.parametrize(
    "body", ["NaN", '{"hourly": Infinity}', '{"plans": [', "<html>", "", b"\xff\xfe", "[" * 100_000]
)
def test_what_is_not_json_is_quoted(body: str | bytes) -> None:
    with pytest.raises(ValueError, match=r"https://nimbus\.example/plans is not Json but b'.{0,400}$"):
        document(Json(URL), {URL: body})


def test_graphql_yields_its_data() -> None:
    source = Graphql(URL, query="{gpus{id}}")
    assert source.request().body == b'{"query":"{gpus{id}}"}'
    assert document(source, {URL: '{"data": {"gpus": []}}'}) == {"gpus": []}


@pytest.mark.parametrize("answer", ['{"errors": [{"message": "no such field"}]}', '{"data": null}', "[]"])
def test_graphql_without_data_is_an_error(answer: str) -> None:
    with pytest.raises(ValueError, match="is not Graphql"):
        document(Graphql(URL, query="{}"), {URL: answer})


def test_yaml_scalars_stay_text() -> None:
    assert document(Yaml(URL), {URL: "hourly: 0.10\nno: yes"}) == {"hourly": "0.10", "no": "yes"}


@pytest.mark.parametrize("body", ["a: [", "\x00", "!!python/object/apply:os.system [x]: ]"])
def test_broken_yaml_is_an_error(body: str) -> None:
    with pytest.raises(ValueError, match="is not Yaml"):
        document(Yaml(URL), {URL: body})


@pytest.mark.parametrize("body", [f"a: {'[' * 50_000}", "- " * 50_000, "&a [*a]", "a: &b 1\nc: *b"])
def test_endless_yaml_is_an_error(body: str) -> None:
    with pytest.raises(ValueError, match="an alias, or more than 100 levels"):
        document(Yaml(URL), {URL: body})


def test_html_yields_the_page() -> None:
    assert document(Html(URL), {URL: "<title>Préis</title>"}).findtext(".//title") == "Préis"
    assert document(HtmlText(URL), {URL: "<p>H100</p><p>$2</p>"}) == "H100 $2"


def test_empty_page_is_an_error() -> None:
    with pytest.raises(ValueError, match="is not Html"):
        document(Html(URL), {URL: ""})


@pytest.mark.parametrize("source", [Html(URL), HtmlText(URL), NextJsData(URL)])
def test_page_that_was_cut_short_is_an_error(source: Source) -> None:
    with pytest.raises(ValueError, match="the page ends before its </html>"):
        document(source, {URL: "<!doctype html><html lang=en><body><p>H100 $2</p>"})


def table(html: str, columns: Mapping[str, str] = COLUMNS, **described: Any) -> Parsed:
    fixed = {"currency": "USD", "price_unit": "gpu_hour"}
    return parsed(HtmlTable(URL, columns=columns, fixed=fixed, **described), html)


def test_a_tables_rows_become_offers() -> None:
    first, second = table(TABLE).offers
    assert (first.instance_type, first.gpu_name, first.gpu_count) == ("8x H100 SXM", "H100 SXM", 8)
    assert (first.price, first.currency, first.price_unit) == (Decimal("19.92"), "USD", "gpu_hour")
    assert second.price is None


def test_a_row_without_a_number_of_gpus_is_called_by_its_gpu() -> None:
    first, _ = table(TABLE, {"gpu_name": "GPU"}).offers
    assert first.instance_type == "H100 SXM"


def test_hidden_rows_and_cells_of_a_table_are_left_out() -> None:
    row = "<tr{}><td>T4</td><td hidden>9</td><td>1</td><td><s>$3</s> $2<sup>50</sup></td></tr>"
    head = "<tr><th>GPU</th><th hidden>Old</th><th>Count</th><th>Hourly</th></tr>"
    body = row.format("") + row.format(' style="display:none"')
    [found] = table(f"<table>{head}{body}</table>", rows="tr:has(td)").offers
    assert (found.gpu_count, found.price) == (1, Decimal("2.5"))


def test_a_row_whose_price_cant_be_read_says_why() -> None:
    [odd] = table(TABLE.replace("$19.92", "$24.90 $19.92")).unreadable
    assert odd.reason == "'8x H100 SXM': '$24.90 $19.92' is not a price in USD"


def test_a_row_without_a_gpu_affects_no_other() -> None:
    found = table(TABLE.replace("L40S", ""))
    assert [offer.gpu_name for offer in found.offers] == ["H100 SXM"]
    assert 'gpu_name is ""' in found.unreadable[0].reason


def test_an_odd_row_of_a_table_affects_no_other() -> None:
    found = table(TABLE.replace("8x", "eight"))
    assert [offer.gpu_name for offer in found.offers] == ["L40S"]
    assert "'eight' is not a count" in found.unreadable[0].reason


def test_table_without_a_heading_names_it() -> None:
    with pytest.raises(ValueError, match=r"no column 'Per hour' in the table; its headings are \['gpu', 'count'"):
        table(TABLE, {"price": "Per hour"})


def test_a_table_of_40_000_rows_is_an_error() -> None:
    page = f"<table><tr><th>GPU</th></tr><tbody>{'<tr><td>H100</td></tr>' * 40_000}</table>"
    with pytest.raises(ValueError, match="more than 2,000 rows, each a row of the table"):
        table(page, {"gpu_name": "GPU"})


def test_each_table_has_its_own_headings() -> None:
    first, second = table(TABLE.replace("L40S", "H200") * 2, {"gpu_name": "GPU"}).offers[1:3]
    assert (first.gpu_name, second.gpu_name) == ("H200", "H100 SXM")
    with pytest.raises(ValueError, match="no column 'GPU'"):
        table(TABLE + TABLE.replace("gpu </th>", "card</th>"), {"gpu_name": "GPU"})


def test_rows_outside_a_table_are_an_error() -> None:
    with pytest.raises(ValueError, match="are in no table"):
        table("<div class=row></div>", rows=".row")


def test_a_page_without_the_table_has_no_rows() -> None:
    assert table("<p>Down for maintenance</p>").rows == 0


def following(page: Any) -> Json | None:
    return Json(page["next"]) if page["next"] else None


def test_pages_are_followed_to_the_end() -> None:
    answers = {f"{URL}?{n}": json.dumps({"n": n, "next": f"{URL}?{n + 1}" if n < 3 else None}) for n in (1, 2, 3)}
    pages = document(Paged(Json(f"{URL}?1"), following), answers)
    assert [page["n"] for page in pages] == [1, 2, 3]


def test_pages_in_a_circle_are_an_error() -> None:
    with pytest.raises(ValueError, match="more than 5 pages"):
        document(Paged(Json(URL), following, limit=5), {URL: json.dumps({"next": URL})})


@pytest.mark.parametrize("elsewhere", ["http://127.0.0.1/x", "https://evil.example/x", "http://nimbus.example/plans"])
def test_a_next_page_on_another_site_is_an_error(elsewhere: str) -> None:
    with pytest.raises(ValueError, match="is elsewhere"):
        document(Paged(Json(URL), following), {URL: json.dumps({"next": elsewhere})})


def test_several_sources_are_named() -> None:
    source = Several({"plans": Json(URL), "regions": Json(f"{URL}/regions")})
    assert document(source, {URL: "1", f"{URL}/regions": "2"}) == {"plans": 1, "regions": 2}


def test_a_table_row_without_a_price_means_contact_sales() -> None:
    assert [offer.availability for offer in table(TABLE).offers] == [None, "contact_sales"]


def cards_of(html: str, fixed: Mapping[str, Any] = MappingProxyType({}), **described: Any) -> Parsed:
    return parsed(HtmlCards(URL, fixed={"price_unit": "gpu_hour", **fixed}, **described), html)


def test_cards_become_offers() -> None:
    [card] = cards_of("<h3>NVIDIA H100 GPU</h3><span>80 GB</span><b>from $2.00</b><i>/GPU-hour</i>").offers
    assert (card.instance_type, card.gpu_name, card.gpu_memory_gb) == ("NVIDIA H100 80 GB", "NVIDIA H100", 80)
    assert (card.price, card.currency, card.price_unit, card.size_stated) == (2, "USD", "gpu_hour", False)


@pytest.mark.parametrize(("name", "fixed", "number"), [
    ("L4", {}, None), ("1x L4", {}, 1), ("8 x L4", {}, 8),
    ("L4", {"gpu_count": 1}, 1), ("2x L4", {"gpu_count": 1}, 2),
])  # fmt: skip
def test_a_card_has_as_many_gpus_as_it_says_or_all_have(name: str, fixed: dict[str, int], number: int | None) -> None:
    [card] = cards_of(f"<p>{name} $1/hr</p>", fixed).offers
    assert (card.gpu_count if card.size_stated else None) == number


def test_each_card_of_a_gpu_is_a_row() -> None:
    assert [card.price for card in cards_of("<p>L4 $1/hr</p><p>L4 $2/hr</p>").offers] == [1, 2]


def test_a_gpu_without_a_price_is_left_out_by_name() -> None:
    found = cards_of("<p>L4 $1/hr</p><p>B300 Contact us</p><p>T4 $1/hr $2/hr</p>")
    assert [offer.instance_type for offer in found.offers] == ["L4"]
    assert found.left_out == [LeftOut("no_price", "B300")]
    [odd] = found.unreadable
    assert (odd.instance_type, "two prices, '$1' and '$2'" in odd.reason) == ("T4", True)


def test_a_page_without_a_priced_card_is_an_error() -> None:
    with pytest.raises(ValueError, match="no GPU with a price in USD per hour, but 'H100 Contact us'"):
        cards_of("<p>H100</p><p>Contact us</p>")


def test_a_page_without_a_name_of_a_gpu_is_an_error() -> None:
    with pytest.raises(ValueError, match="no GPU with a price in USD per hour, but 'Down for maintenance'"):
        cards_of("<p>Down for maintenance</p>")


def test_a_page_with_too_many_cards_is_an_error() -> None:
    with pytest.raises(ValueError, match="more than 2,000 rows, each a GPU that the page names"):
        cards_of("<p>H100 $2/hr. " * 3_000)


def test_a_price_per_month_is_kept_as_such() -> None:
    [card] = cards_of("<p>H100</p><b>₹1,80,000/month</b>", currency="INR", per="month").offers
    assert (card.price_month, card.currency, card.price) == (180_000, "INR", None)
