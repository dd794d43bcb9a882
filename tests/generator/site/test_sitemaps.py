from datetime import UTC, datetime, timedelta, timezone

import orjson
from lxml import etree
from protego import Protego

from generator.site import sitemaps
from generator.site.sitemaps import Entry

SITE = "https://gpus.example/prices"
NOON = datetime(2026, 8, 22, 12, tzinfo=UTC)
LATER = datetime(2026, 8, 23, 1, tzinfo=timezone(timedelta(hours=2)))


def addresses(sitemap: bytes) -> list[str]:
    return [str(text) for text in etree.fromstring(sitemap).xpath("//*[local-name()='loc']/text()")]


def test_index_names_one_sitemap_per_page_type_with_its_newest_change() -> None:
    pages = [Entry("/gpu/b/", "gpu_detail", NOON), Entry("/", "home", NOON), Entry("/gpu/a/", "gpu_detail", LATER)]
    files = sitemaps.sitemaps(SITE, pages)
    assert sorted(files) == ["sitemap.xml", "sitemaps/gpu-detail.xml", "sitemaps/home.xml"]
    assert addresses(files["sitemap.xml"]) == [f"{SITE}/sitemaps/gpu-detail.xml", f"{SITE}/sitemaps/home.xml"]
    assert b"gpu-detail.xml</loc><lastmod>2026-08-22T23:00:00+00:00</lastmod>" in files["sitemap.xml"]


def test_sitemap_lists_absolute_addresses_in_order_with_true_times() -> None:
    pages = [Entry("/gpu/b/", "gpu_detail", NOON), Entry("/gpu/a/", "gpu_detail", LATER)]
    sitemap = sitemaps.sitemaps(SITE, pages)["sitemaps/gpu-detail.xml"]
    assert addresses(sitemap) == [f"{SITE}/gpu/a/", f"{SITE}/gpu/b/"]
    assert b"<lastmod>2026-08-22T12:00:00+00:00</lastmod>" in sitemap
    assert b"priority" not in sitemap
    assert b"changefreq" not in sitemap


def test_sitemap_splits_at_its_limit() -> None:
    pages = [Entry(f"/gpu/{number:05}/", "gpu_detail", NOON) for number in range(sitemaps.MAXIMUM + 1)]
    files = sitemaps.sitemaps(SITE, pages)
    assert sorted(files) == ["sitemap.xml", "sitemaps/gpu-detail-2.xml", "sitemaps/gpu-detail.xml"]
    assert addresses(files["sitemaps/gpu-detail-2.xml"]) == [f"{SITE}/gpu/50000/"]


def test_address_with_markup_in_it_stays_text() -> None:
    sitemap = sitemaps.sitemaps(SITE, [Entry("/gpu/<a>&b/", "gpu_detail", NOON)])["sitemaps/gpu-detail.xml"]
    assert addresses(sitemap) == [f"{SITE}/gpu/<a>&b/"]


def test_robots_may_read_everything_and_find_the_sitemap() -> None:
    robots = Protego.parse(sitemaps.robots(SITE)["robots.txt"].decode())
    assert robots.can_fetch(f"{SITE}/gpu/", "anybot")
    assert list(robots.sitemaps) == [f"{SITE}/sitemap.xml"]


def test_host_rules_forbid_frames_and_keep_hashed_assets() -> None:
    files = sitemaps.headers(SITE, "default-src 'none'; base-uri 'none'", ["/assets/site.0a1b.css"])
    everywhere, *others, assets = files["_headers"].decode().split("\n\n")
    assert others[0] == "/prices/*.md\n  X-Robots-Tag: noindex"
    assert everywhere.startswith("/prices/*\n  Content-Security-Policy: default-src 'none'; base-uri 'none'; frame-anc")
    assert "; frame-ancestors 'none'\n" in everywhere
    assert assets == "/prices/assets/site.0a1b.css\n  Cache-Control: public, max-age=31536000, immutable\n"


def test_pair_named_the_other_way_round_redirects_for_good() -> None:
    moved = sitemaps.reversed_comparisons([("h100-sxm", "a100-sxm")])
    files = sitemaps.redirects(SITE, moved)
    old, new = "/prices/compare/h100-sxm-vs-a100-sxm/", "/prices/compare/a100-sxm-vs-h100-sxm/"
    assert files["_redirects"].decode() == f"{old} {new} 301\n"
    assert orjson.loads(files["redirects.json"]) == [{"from": old, "to": new, "status": 301}]


def test_nginx_compares_decoded_paths() -> None:
    moved = {'/gpu/a%20"b/': "/gpu/"}
    assert sitemaps.redirects(SITE, moved)["redirects.map"] == b'"/prices/gpu/a \\"b/" /prices/gpu/;\n'


def test_freshness_names_each_provider_with_its_last_confirmation() -> None:
    file = sitemaps.freshness({"vast-ai": LATER, "runpod": NOON}, NOON)["freshness.json"]
    assert orjson.loads(file) == {
        "as_of": "2026-08-22T12:00:00+00:00",
        "providers": {"runpod": "2026-08-22T12:00:00+00:00", "vast-ai": "2026-08-22T23:00:00+00:00"},
    }
