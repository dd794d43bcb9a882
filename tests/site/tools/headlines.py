"""Every market figure on a site: on which page, for which GPU, and how it reads."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from lxml import html

from generator.prose import bound
from generator.prose.calls import Call
from generator.prose.texts import Guide
from tests.site.conftest import BuiltSite

MONEY = re.compile(r"\$[\d,]+\.\d+")
PRICING = {
    "On demand": "on_demand",
    "Spot": "spot",
    "Monthly": "monthly",
    "Reserved, 1 year": "reserved_1y",
    "Reserved, 3 years": "reserved_3y",
}


@dataclass(frozen=True)
class Headline:
    """A figure of a GPU's market, or of one `provider` (name) in it; `seller`: the name beside it on the page."""

    page: str
    place: str
    gpu: str
    figure: str
    statistic: str = "lowest"
    kind: str = "on_demand"
    segment: str = ""
    provider: str = ""
    seller: str = ""


def headlines(site: BuiltSite, guides: list[Guide]) -> Iterator[Headline]:
    """All headlines of a site and its guides."""
    for path, page_type in site.page_types.items():
        root = html.fromstring(site.read(path).decode())
        yield from (replace(one, page=path) for one in _of_page(page_type, path, root))
    for guide in guides:
        path = f"/guides/{guide.slug}/"
        if path in site.page_types:
            yield from _of_guide(path, guide, words(html.fromstring(site.read(path).decode())))


def words(element: html.HtmlElement) -> str:
    """The text of an element as a reader sees it; a missing price is a dash."""
    return re.sub(r"\s+", " ", str(element.text_content())).strip().replace("–none", "–")


def slug_of(link: html.HtmlElement) -> str:
    return str(link.get("href")).rstrip("/").rsplit("/", 1)[-1]


def rows(root: html.HtmlElement, caption: str) -> Iterator[tuple[html.HtmlElement, dict[str, str]]]:
    """The rows of a table, each with its cells by column heading."""
    for table in root.xpath(f'//table[starts-with(normalize-space(caption), "{caption}")]'):
        headings = [words(cell) for cell in table.xpath("./thead//th")]
        for row in table.xpath("./tbody/tr"):
            yield row, dict(zip(headings, map(words, row.xpath("./th | ./td")), strict=False))


def _of_page(page_type: str, path: str, root: html.HtmlElement) -> Iterator[Headline]:
    if page_type != "gpu_set":
        yield from _gpu_tables(root)
    yield from _provider_tables(root)
    yield from _cards(root)
    slug = path.rstrip("/").rsplit("/", 1)[-1]
    if page_type == "gpu_detail":
        yield from _gpu_page(slug, root)
    if page_type == "provider_detail":
        yield from _provider_page(root)
    if page_type == "gpu_comparison":
        yield from _comparison(slug.split("-vs-"), root)
    if page_type == "provider_comparison":
        yield from _shared(root)


def _gpu_tables(root: html.HtmlElement) -> Iterator[Headline]:
    for row, cells in rows(root, ""):
        if {"From", "Median", "Memory"} <= cells.keys():
            gpu = slug_of(row.xpath(".//a")[0])
            yield Headline("", "GPU table", gpu, cells["From"])
            yield Headline("", "GPU table", gpu, cells["Median"], "median")
            if "Spot from" in cells:
                yield Headline("", "GPU table", gpu, cells["Spot from"], kind="spot")


def _provider_tables(root: html.HtmlElement) -> Iterator[Headline]:
    for _, cells in rows(root, ""):
        if {"From", "Against others"} <= cells.keys():
            yield Headline("", "provider table", "", cells["From"], provider=cells["Provider"])


def _cards(root: html.HtmlElement) -> Iterator[Headline]:
    for card in root.xpath('//ul[@class="cards"]/li'):
        gpu, (floor, median) = slug_of(card.xpath("./a")[0]), MONEY.findall(words(card))
        seller = re.search(r"at (.*), median", words(card))
        yield Headline("", "tile", gpu, floor, seller=seller[1] if seller else "")
        yield Headline("", "tile", gpu, median, "median")


def _gpu_page(gpu: str, root: html.HtmlElement) -> Iterator[Headline]:
    for scale in root.xpath('//div[@class="market"]//desc/text()'):
        yield from _scale(gpu, scale)
    yield from _sentences(gpu, "description", root.xpath('//meta[@name="description"]/@content')[0])
    first = words(root.xpath('//*[contains(@class, "answer")]')[0])
    yield from _sentences(gpu, "answer", " ".join([first, *map(words, root.xpath("//main/p"))]))
    for _, cells in rows(root, "Market figures"):
        for heading, statistic in (("Lowest", "lowest"), ("Median", "median"), ("Highest", "highest")):
            yield Headline("", "statistics", gpu, cells[heading], statistic, PRICING[cells["Pricing"]])
        yield Headline("", "statistics", gpu, cells["Providers"], "providers", PRICING[cells["Pricing"]])
        yield Headline("", "statistics", gpu, cells["Offers"], "offers", PRICING[cells["Pricing"]])
    for _, cells in rows(root, "On demand by segment"):
        segment, seller = cells["On demand, by segment"], cells["At"]
        yield Headline("", "segments", gpu, cells["Lowest"], segment=segment, seller=seller)
        yield Headline("", "segments", gpu, cells["Median"], "median", segment=segment)
    for _, cells in rows(root, "On-demand offers by machine size"):
        statistic = f"lowest of {cells['GPUs in the machine'].removesuffix('×')}"
        yield Headline("", "node sizes", gpu, cells["From, per GPU-hour"], statistic, seller=cells["At"])
    for _, cells in rows(root, "What one GPU costs"):
        provider, _, price = cells["Provider"].rpartition(" ")
        yield Headline("", "whole cost", gpu, price.removesuffix("/h"), provider=provider)
    yield from _structured(gpu, root)


def _scale(gpu: str, text: str) -> Iterator[Headline]:
    """What the picture of a market says of it."""
    sellers, *figures = re.findall(r"\$?[\d,.]*\d", text)
    yield Headline("", "scale", gpu, sellers, "providers")
    for statistic, at in (("lowest", 0), ("highest", 1), ("median", 4)):
        yield Headline("", "scale", gpu, figures[at], statistic)


def _provider_page(root: html.HtmlElement) -> Iterator[Headline]:
    name = words(root.xpath("//h1")[0]).removesuffix(" GPU pricing")
    told = {
        "provider's answer": (words(root.xpath('//*[@class="answer"]')[0]), r"from (\$[\d,.]*\d) per GPU-hour"),
        "provider's description": (root.xpath('//meta[@name="description"]/@content')[0], r"from (\$[\d,.]*\d)/GPU"),
    }
    for place, (text, pattern) in told.items():
        if match := re.search(pattern, text):
            yield Headline("", place, "", match[1], provider=name)


def _sentences(gpu: str, place: str, text: str) -> Iterator[Headline]:
    found = {
        "lowest": re.search(r"(?:from|rents from) (\$[\d,.]*\d)(?: per GPU-hour|/GPU-hour)", text),
        "median": re.search(r"[Mm]edian (?:across \d+ providers is )?(\$[\d,.]*\d)", text),
    }
    for statistic, match in found.items():
        if match:
            yield Headline("", place, gpu, match[1], statistic)
    if match := re.search(r"Spot (?:from|starts at) (\$[\d,.]*\d)", text):
        yield Headline("", place, gpu, match[1], kind="spot")


def _structured(gpu: str, root: html.HtmlElement) -> Iterator[Headline]:
    for script in root.xpath("//script[@type='application/ld+json']/text()"):
        for node in json.loads(script)["@graph"]:
            if node["@type"] == "Product":
                yield from _aggregate(gpu, node["offers"])


def _aggregate(gpu: str, offer: dict[str, Any]) -> Iterator[Headline]:
    specified = float(offer["priceSpecification"]["price"])
    yield Headline("", "JSON-LD", gpu, f"${float(offer['lowPrice']):,.2f}")
    yield Headline("", "JSON-LD", gpu, f"${specified:,.2f}")
    yield Headline("", "JSON-LD", gpu, f"${float(offer['highPrice']):,.2f}", "highest")
    yield Headline("", "JSON-LD", gpu, str(offer["offerCount"]), "offers")


def _comparison(gpus: list[str], root: html.HtmlElement) -> Iterator[Headline]:
    for scales in root.xpath('//div[@class="market"]//desc/text()'):
        for gpu, scale in zip(gpus, re.findall(r": (\d+ providers?,.*?, median [^ ]+)\.(?: |$)", scales), strict=True):
            yield from _scale(gpu, scale)
    for _, cells in rows(root, "The whole market"):
        what, *figures = list(cells.values())[:3]
        kind, _, statistic = what.rpartition(", ")
        for gpu, figure in zip(gpus, figures, strict=True):
            yield Headline("", "side by side", gpu, figure, statistic, PRICING[kind])
    for _, cells in rows(root, "Both at one provider"):
        provider, count, figures = cells["Provider"], cells.get("GPUs", "not stated"), list(cells.values())[-3:-1]
        for gpu, figure in zip(gpus, figures, strict=True):
            yield Headline("", "both at one provider", gpu, figure, f"lowest of {count}", provider=provider)


def _shared(root: html.HtmlElement) -> Iterator[Headline]:
    for row, cells in rows(root, "Shared GPUs"):
        counts = (cells.get("GPUs", "not stated").split(" / ") * 2)[:2]
        for provider, count in zip(list(cells)[-3:-1], counts, strict=True):
            gpu = slug_of(row.xpath(".//a")[0])
            yield Headline("", "shared GPUs", gpu, cells[provider], f"lowest of {count}", provider=provider)


def _of_guide(path: str, guide: Guide, text: str) -> Iterator[Headline]:
    """The figures that a guide's bindings stand for, which must be among those of its page.

    Those beside a saving are left out: where spot saves nothing, so is their row.
    """
    shown = set(MONEY.findall(text))
    kept = "\n".join(line for line in guide.text.splitlines() if "spot_saving" not in line)
    for call in (Call(binding.source) for binding in bound.parse(kept).bindings):
        if call.name in _BOUND:
            statistic, kind = _BOUND[call.name]
            yield Headline(path, "guide", call.arguments[0], " ".join(sorted(shown)), f"{statistic} among", kind)


_BOUND = {"floor": ("lowest", "on_demand"), "median": ("median", "on_demand"), "spot_floor": ("lowest", "spot")}
