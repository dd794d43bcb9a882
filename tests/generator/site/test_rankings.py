"""What a provider pays moves nothing: with affiliate addresses permuted, every ranking is as before."""

import random
import re
from collections.abc import Mapping

import pytest

from generator.catalogue.slices import SliceReader
from generator.database import db
from generator.pages.registry import page_types
from generator.site.render import Renderer
from tests.generator.catalogues import (
    LD,
    SITE,
    catalogue,
    gpu,
    offer,
    placed,
    provider,
    readings,
    term,
    watched,
    workload,
)

PROVIDERS = ("ash", "elm", "fir", "oak", "yew")
GPUS = ("h100-sxm", "h100-pcie", "b", "c", "d")
_ROW = re.compile(rb"<tr\b[^>]*>\s*<t[hd].*?</tr>|<li>.*?</li>|<script type.*?</script>", re.DOTALL)
_ADDRESS = re.compile(rb"""\s(?:href|rel)="(?:https?:[^"]*|nofollow[^"]*)"|\s*<span class="tag">partner</span>""")


def market():
    """Providers with equal prices, terms and places too, so that nothing but an order of names decides."""
    rows = [gpu("h100", kind="chip"), *(gpu(slug, chip="h100", vram_gb=80) for slug in GPUS[:2])]
    for place, name in enumerate(PROVIDERS):
        for slug in GPUS:
            price = 1 + place % 3
            rows += [offer(slug, name, price, price, availability_stated=True), placed(slug, name, price)]
            rows += [watched(slug, name, "0.9")]
        terms = {"storage_running": ("0.1", "per GB-month"), "egress": (0, "per GB"), "billing_step": (60, "seconds")}
        rows += [term(name, field, *value) for field, value in terms.items()]
        rows += [term(name, field, word="not billed") for field in ("storage_stopped", "compute_stopped")]
    return [*rows, *readings("b", **dict.fromkeys(PROVIDERS, 1)), workload("talk")]


def ranked(addresses: Mapping[str, str | None]) -> Mapping[str, list[bytes]]:
    """The rows, list items and JSON-LD of each page in order, without addresses outside the site."""
    known = catalogue(*market(), *(provider(name, affiliate_url=url) for name, url in addresses.items()))
    renderer, found = Renderer(SITE), {}
    for kind in (kind for kind in page_types() if kind.has_html):
        for key in kind.keys(known):
            page = kind.page(SliceReader(known), LD, *key)
            found[page.path] = [_ADDRESS.sub(b"", row) for row in _ROW.findall(renderer.fitted(page))]
    return found


@pytest.fixture(scope="module")
def unpaid():
    return ranked(dict.fromkeys(PROVIDERS))


def test_rows_of_offers_are_looked_at(unpaid):
    assert sum(row.startswith(b"<tr data-offer=") for row in unpaid["/gpu/b/"]) > len(PROVIDERS)


def test_every_page_type_that_ranks_is_looked_at(unpaid):
    assert unpaid.keys() >= {
        "/",
        "/gpu/",
        "/gpu/b/",
        "/gpu/h100/",
        "/gpu/vram/80gb/",
        "/gpu/with/spot/",
        "/best-gpu-for/talk/",
        "/provider/",
        "/provider/ash/",
        "/cheapest/b/",
        "/cheapest/b/spot/",
        "/region/germany/",
        "/compare/b-vs-c/",
    }


@pytest.mark.parametrize("seed", range(3))
def test_affiliate_addresses_permuted_leave_every_ranking_as_it_was(unpaid, seed):
    urls = [f"https://pays.example/{number}?ref=us" for number in range(3)] + [None, None]
    random.Random(seed).shuffle(urls)
    assert ranked(dict(zip(PROVIDERS, urls, strict=True))) == unpaid


def test_no_query_of_figures_or_orders_reads_an_affiliate_address():
    found = {
        file.name for folder in ("queries", "functions") for file in (db.QUERIES.parent / folder).glob("*.sql")
        if "affiliate" in re.sub(r"--.*", "", file.read_text("utf-8"))
    }  # fmt: skip
    assert found == {"catalogue_providers.sql"}
