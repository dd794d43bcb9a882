"""Prices of the built site agree with the database: an offer has one price everywhere, a headline is for rent."""

import re
from collections import Counter, defaultdict
from decimal import Decimal
from statistics import median

import pytest
from lxml import html

from generator.formats import money
from generator.prose.reviewed import read
from generator.site import site_catalogue
from tests.site.conftest import BuiltSite
from tests.site.tools.headlines import Headline, headlines, rows, words
from tests.site.tools.market import Market, Offer

pytestmark = [pytest.mark.site, pytest.mark.postgres]
PLACES = {
    "GPU table", "JSON-LD", "answer", "both at one provider", "description", "guide", "node sizes",
    "provider table", "provider's answer", "provider's description", "scale", "segments",
    "shared GPUs", "side by side", "statistics", "tile", "whole cost",
}  # fmt: skip


@pytest.fixture(scope="module")
def market(built_site: BuiltSite) -> Market:
    return Market(built_site.database_url)


@pytest.fixture(scope="module")
def found(built_site: BuiltSite) -> list[Headline]:
    return list(headlines(built_site, read(site_catalogue.CONTENT / "guides").texts))


def test_headlines_are_found_in_every_kind_of_place(found: list[Headline]) -> None:
    assert {one.place for one in found} == PLACES
    assert len(found) > 3000


def test_every_headline_is_made_from_offers_for_rent(market: Market, found: list[Headline]) -> None:
    assert [problem for one in found if (problem := wrong(one, market))] == []


def wrong(one: Headline, market: Market) -> str:
    """Why a figure does not follow from the offers for rent, and where it may come from; "" where it does."""
    votes = behind(one, market)
    right = figure(one, votes, market)
    shown = one.figure.split() if one.statistic.endswith(" among") else [one.figure]
    if right not in shown:
        return f"{one}: {right} of {[*map(str, votes)]}, not of {market.behind(one.gpu, one.kind, one.figure)}"
    sellers = {vote.provider_name for vote in votes if money(vote.price(one.kind)) == right}
    return f"{one}: sold by {sellers}" if one.seller and one.seller not in sellers else ""


def figure(one: Headline, votes: list[Offer], market: Market) -> str:
    """What a headline must say."""
    if one.statistic == "offers":
        return f"{len(list(market.voting(one.gpu, one.kind))):,}"
    if one.statistic == "providers":
        return f"{len(votes):,}"
    return market.figure(one.statistic.split()[0], votes, one.kind)


def behind(one: Headline, market: Market) -> list[Offer]:
    """The offers that a headline is made from."""
    if not one.gpu:
        return list(market.by_provider.get(market.providers[one.provider], {}).values())
    votes = market.votes(one.gpu, one.kind, one.segment)
    if one.statistic.startswith("lowest of "):
        size = one.statistic.removeprefix("lowest of ")
        votes = [offer for offer in market.voting(one.gpu, one.kind) if size_of(offer) == size]
    return [vote for vote in votes if one.provider in ("", vote.provider_name)]


def size_of(offer: Offer) -> str:
    return str(offer.gpu_count) if offer.size_stated else "not stated"


def test_a_comparison_says_at_first_what_its_table_of_the_same_sellers_says(built_site: BuiltSite) -> None:
    said = 0
    for path in (path for path, page_type in built_site.page_types.items() if page_type == "gpu_comparison"):
        root = html.fromstring(built_site.read(path).decode())
        prices = [list(cells.values())[-3:-1] for _, cells in rows(root, "Both at one provider")]
        ratio = median(Decimal(b[1:]) / Decimal(a[1:]) for a, b in prices)
        answer = words(root.xpath('//*[contains(@class, "answer")]')[0])
        if more := re.match(r"At the (\d+) providers that rent out both, the (.+) costs (\d+)% more", answer):
            named = root.xpath('//p[@class="both"]/a[contains(@href, "/gpu/")]')[ratio > 1]
            assert (int(more[1]), more[2]) == (len(prices), words(named)), path
            assert abs(max(ratio, 1 / ratio) - 1 - Decimal(more[3]) / 100) < Decimal("0.02"), path
            said += 1
        elif len(prices) < 4:
            assert "% more" not in answer, path
    assert said > 20


def test_a_headline_from_a_sold_out_offer_would_be_found(market: Market) -> None:
    sold_out = next(offer for offer in market.offers if offer.availability == "sold_out" and offer.price_per_hour)
    headline = Headline("/", "tile", sold_out.gpu, money(sold_out.price("on_demand")))
    assert str(sold_out) in wrong(headline, market)


COLUMNS = {
    "On demand": "price_per_gpu_hour", "Spot": "price_per_gpu_hour_spot", "Monthly": "price_per_gpu_hour_monthly",
    "1 year": "price_per_gpu_hour_reserved_1y", "3 years": "price_per_gpu_hour_reserved_3y",
}  # fmt: skip


def test_an_offer_has_one_price_per_gpu_hour_on_every_page(built_site: BuiltSite, market: Market) -> None:
    """A row of a table shows an offer with all its prices, to the cent; pages count the offers that they leave out."""
    known, each_of = defaultdict(set), defaultdict(set)
    for offer in (one for one in market.offers if one.prices):
        names = (offer.provider_name, offer.gpu, offer.instance_name or offer.instance_type)
        prices = tuple(money(offer.prices.get(column)) for column in COLUMNS.values())
        known[names].add(prices)
        each_of[offer.gpu] |= by_kind(names, prices)
    shown, left_out = defaultdict(set), Counter()
    for path, page_type in built_site.page_types.items():
        root = html.fromstring(built_site.read(path).decode())
        left_out[page_type] += (cut := offers_left_out(root))
        listed: set[tuple[object, ...]] = set()
        for names, prices in offer_rows(root, path, market):
            assert any(all(a in ("", b) for a, b in zip(prices, offer, strict=True)) for offer in known[names]), (
                path, names, prices, known[names],
            )  # fmt: skip
            shown[page_type].add(names)
            listed |= by_kind(names, prices)
        if page_type in {"gpu_detail", "gpu_chip"}:
            slug = path.split("/")[2]
            missing = (each_of[slug] | each_of[market.chips.get(slug, "")]) - listed
            assert len(missing) <= cut, (path, missing)
    assert len(known.keys() - shown["provider_detail"]) <= min(left_out["provider_detail"], 20)
    assert len(known.keys() - shown["gpu_detail"] - shown["gpu_chip"]) <= left_out["gpu_detail"] + left_out["gpu_chip"]


def by_kind(names: tuple[str, ...], prices: tuple[str, ...]) -> set[tuple[object, ...]]:
    """An offer's prices on demand, spot, and with a commitment, each with its names; those that it has."""
    kinds = (prices[:1], prices[1:2], tuple(price or "–" for price in prices[2:]))
    return {(names, kind, part) for kind, part in enumerate(kinds) if set(part) - {"", "–"}}


def offers_left_out(root: html.HtmlElement) -> int:
    """How many offers the page says that its tables leave out."""
    captions = " ".join(words(caption) for caption in root.xpath('//table[contains(@class, "offers")]/caption'))
    return sum(int(total) - int(listed) for listed, total in re.findall(r"(\d+) of (\d+) rows", captions))


def offer_rows(root: html.HtmlElement, path: str, market: Market):
    """(provider, GPU, instance) of each row of the page's tables of offers, and its prices; "" where none is shown."""
    for table in root.xpath('//table[contains(@class, "offers")]'):
        caption = words(table.xpath("./caption")[0])
        for row, cells in rows(table, caption):
            named = {link.get("href").split("/")[-3]: words(link) for link in row.xpath("./th//a")}
            slug, chip = path.split("/")[2], caption.startswith("Form factor")
            provider = named.get("provider") or market.provider_names[slug]
            gpu = market.gpu_names[named["gpu"]] if "gpu" in named else market.chips.get(slug, slug) if chip else slug
            names = (provider, gpu, words(row.xpath('.//span[@class="id"]')[0]))
            yield names, tuple(cells.get(heading, "") for heading in COLUMNS)
