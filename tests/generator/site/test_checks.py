import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from generator.output.write import Output
from generator.site import checks, sitemaps
from generator.site.checks import Finding
from generator.site.sitemaps import Entry

URL = "https://gpus.example/prices"
PATHS = {"/": "home", "/gpu/": "gpu_index", "/gpu/a100/": "gpu_detail", "/gpu/h100/": "gpu_detail"}


def graph(path: str, *nodes: Mapping[str, Any]) -> str:
    items = [(1, "Home", f"{URL}/"), (2, path, f"{URL}{path}")]
    trail = {
        "@type": "BreadcrumbList",
        "@id": f"{URL}{path}#breadcrumb",
        "itemListElement": [
            {"@type": "ListItem", "position": n, "name": name, "item": item} for n, name, item in items
        ],
    }
    return json.dumps({"@context": "https://schema.org", "@graph": [trail, *nodes]})


def product(low: str = "1.99", high: str = "1204.50", count: int = 12, **more: Any) -> dict[str, Any]:
    offer = {"@type": "AggregateOffer", "lowPrice": low, "highPrice": high, "priceCurrency": "USD", "offerCount": count}
    lease = {"businessFunction": "http://purl.org/goodrelations/v1#LeaseOut", "priceSpecification": {}}
    about = {"description": "A GPU.", "image": f"{URL}/assets/site.css", "brand": {"@type": "Brand", "name": "NVIDIA"}}
    return {"@type": "Product", "name": "A100", **about, "offers": {**offer, **lease, **more}}


def page(path: str, *nodes: Mapping[str, Any], body: str = "", head: str = "") -> bytes:
    links = "".join(f'<a href="/prices{other}">{other}</a>' for other in PATHS)
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page {path}</title>
        <meta name="viewport" content="width=device-width"><meta name="description" content="About {path}">
        <link rel="canonical" href="{URL}{path}"><link rel="stylesheet" href="/prices/assets/site.css">{head}
        <script type="application/ld+json">{graph(path, *nodes)}</script></head>
        <body><h1 id="top">{path}</h1>{links}<p>$1.99 to $1,204.50 in 12 offers</p>{body}</body></html>""".encode()


def site() -> dict[str, bytes]:
    at = datetime(2026, 8, 22, tzinfo=UTC)
    pages = {path.lstrip("/") + "index.html": page(path) for path in PATHS}
    entries = [Entry(path, page_type, at) for path, page_type in PATHS.items()]
    return {**pages, **sitemaps.sitemaps(URL, entries), **sitemaps.robots(URL), "assets/site.css": b"body{}"}


def found(files: Mapping[str, bytes]) -> list[Finding]:
    return checks.check_files(files, URL)


def with_page(data: bytes, path: str = "/gpu/a100/") -> list[Finding]:
    return found({**site(), path.lstrip("/") + "index.html": data})


def test_sound_site_has_no_findings() -> None:
    assert found(site()) == []


def test_folder_is_read_without_its_hidden_files(tmp_path: Path) -> None:
    for name, data in {**site(), ".staging/x.html": b"", ".lock": b""}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert checks.check(tmp_path, URL) == []


@pytest.mark.parametrize("url", ["https://other.example", "https://gpus.example", "https://gpus.example/prices/new"])
def test_site_for_another_address_is_told_in_one_line(tmp_path: Path, url: str) -> None:
    build(tmp_path, site())
    (finding,) = checks.check(tmp_path, url)
    assert (finding.path, finding.rule, finding.severity) == ("/", "address", "error")
    own = f"to check it for its own: CLOUDGPUS_SITE_URL={URL} build.py check {tmp_path}"
    assert finding.message == f"built for {URL}, but checked for {url}; {own}"


def test_home_page_alone_does_not_speak_for_the_sites_address(tmp_path: Path) -> None:
    stray = page("/").replace(f'canonical" href="{URL}'.encode(), b'canonical" href="https://other.example')
    build(tmp_path, {**site(), "index.html": stray})
    assert "canonical" in {finding.rule for finding in checks.check(tmp_path, URL)}


def test_page_that_no_build_wrote_is_not_judged(tmp_path: Path) -> None:
    build(tmp_path, {**site(), "gpu/x.html": b""})
    (tmp_path / "verification.html").write_bytes(b"token")
    assert {finding.path for finding in checks.check(tmp_path, URL)} == {"/gpu/x.html"}


def build(folder: Path, files: Mapping[str, bytes]) -> None:
    with Output(folder) as output:
        for path, data in files.items():
            output.add(path, data)
        output.commit()


@pytest.mark.parametrize(
    ("name", "data", "damage"),
    [
        ("gpu/a100/index.html", b"", "empty"),
        ("gpu/a100/index.html", page("/gpu/a100/")[:200], "changed"),
        ("assets/site.css", b"body{color:red}", "changed"),
        ("robots.txt", None, "gone"),
        ("sitemap.xml", b"", "empty"),
    ],
)
def test_file_that_is_not_as_a_build_wrote_it_is_named_with_what_repairs_it(
    tmp_path: Path, name: str, data: bytes | None, damage: str
) -> None:
    build(tmp_path, site())
    (tmp_path / name).unlink()
    if data is not None:
        (tmp_path / name).write_bytes(data)
    (finding,) = checks.check(tmp_path, URL)
    assert (finding.path, finding.rule, finding.severity) == (f"/{name}", "bytes", "error")
    repair = f"build.py render --verify --out {tmp_path}"
    assert finding.message == f"{damage} since a build wrote it; to repair it: {repair}"


@pytest.mark.parametrize("data", [b"", b"{", b'{"generation": "", "hashes": {}, "moves": [], "removes": []}'])
def test_change_that_waits_to_be_finished_is_an_error(tmp_path: Path, data: bytes) -> None:
    build(tmp_path, site())
    (tmp_path / ".staging").mkdir()
    (tmp_path / ".staging/journal.json").write_bytes(data)
    (finding,) = checks.check(tmp_path, URL)
    assert (finding.rule, finding.severity) == ("unfinished", "error")
    assert "build.py render" in finding.message


@pytest.mark.parametrize("data", [None, b"", b"{", b"[[[", b"\xff"])
def test_lost_manifest_is_an_error(tmp_path: Path, data: bytes | None) -> None:
    build(tmp_path, site())
    (tmp_path / ".manifest.json").unlink()
    if data is not None:
        (tmp_path / ".manifest.json").write_bytes(data)
    (finding,) = checks.check(tmp_path, URL)
    assert (finding.rule, finding.severity) == ("manifest", "error")


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"{", b'{"a": 1}', b"[1]"])
def test_any_file_may_hold_anything(data: bytes) -> None:
    for name in (*site(), "_redirects", "redirects.json"):
        found({**site(), name: data})


@pytest.mark.parametrize(
    "data",
    [
        b'<a href="http://[">x</a>',
        b'<img src="//[" alt="">',
        b"<urlset><url><loc>https://gpus.example/prices/[</loc></url><url><loc>http://[</loc></url></urlset>",
        b'[{"from": "//[", "to": "["}]',
        b"a{background:url(http://[)}",
        *(
            b'<script type="application/ld+json">{"@graph": [%s]}</script>' % node
            for node in (
                b'{"@type": ["Product", 3]}',
                b'{"@type": "BreadcrumbList", "itemListElement": 5}',
                b'{"@type": "ItemList", "itemListElement": [1, "x"]}',
                b'{"@type": "Dataset", "description": 5}',
                b'{"@id": {"a": 1}}',
                b"[" * 1000 + b"]" * 1000,
            )
        ),
    ],
)
def test_what_is_no_address_and_no_graph_is_a_finding_at_most(data: bytes) -> None:
    for name in (*site(), "redirects.json", "assets/site.css"):
        found({**site(), name: data})


@pytest.mark.parametrize(
    ("body", "rule", "message"),
    [
        ('<a href="/prices/gpu/b200/">', "link", "'/prices/gpu/b200/' leads nowhere"),
        ('<a href="../h200/">', "link", "'../h200/' leads nowhere"),
        ('<a href="/prices/gpu/h100">', "link", "'/prices/gpu/h100' leads nowhere"),
        ('<a href="/gpu/h100/">', "link", "'/gpu/h100/' leads outside the site's folder /prices/"),
        ('<a href="/prices/gpu/h100/#offers">', "link", "leads to 'offers', which is not on that page"),
        ('<a href="#offers">', "link", "'#offers' leads to 'offers', which is not on that page"),
        ('<a href="javascript:alert(1)">', "link", "has the scheme 'javascript'; expected https, http or mailto"),
        ('<img alt="" src="/prices/assets/gone.png">', "asset", "leads nowhere"),
        ('<img alt="" srcset="/prices/assets/a.png 1x, /prices/b.png 2x">', "asset", "leads nowhere"),
        ('<svg><use href="/prices/icons.svg#a"/></svg>', "asset", "leads nowhere"),
        ('<img alt="" src="https://cdn.example/a.png">', "content-security", "comes from another site"),
        ('<script src="https://cdn.example/a.js"></script>', "content-security", "comes from another site"),
        ('<img src="data:image/gif;base64,AA">', "html", "without alt"),
        ("<script>alert(1)</script>", "content-security", "inline script: 'alert(1)'"),
        ("<p onclick='x()'>", "content-security", "inline handler on p: onclick"),
        ("<svg><rect style='fill:red'/></svg>", "content-security", "inline style on rect: 'fill:red'"),
        ("<svg><style>a{}</style></svg>", "content-security", "inline style sheet of 3 characters"),
        ("<h1>Again</h1>", "html", "2 h1 headings; expected one"),
        ("<p id=top>", "html", "id 'top' is used by several elements"),
        ("<p>" + "x" * 190_000, "page-size", "expected at most 190,000"),
    ],
)
def test_flaw_in_a_body_is_found(body: str, rule: str, message: str) -> None:
    findings = with_page(page("/gpu/a100/", body=body))
    assert [finding.rule for finding in findings if message in finding.message] == [rule] * (
        2 if "srcset" in body else 1
    )


@pytest.mark.parametrize(
    "link", ["/prices/gpu/h100/#top", "#top", "../h100/?sort=price", "https://other.example/", "."]
)
def test_link_that_leads_somewhere_is_no_finding(link: str) -> None:
    assert with_page(page("/gpu/a100/", body=f'<a href="{link}">')) == []


@pytest.mark.parametrize(
    ("old", "new", "rule", "severity"),
    [
        ("<title>Page /gpu/a100/</title>", "<title> </title>", "title", "error"),
        ("<title>Page /gpu/a100/</title>", f"<title>{'x' * 61}</title>", "title", "warning"),
        ("<title>Page /gpu/a100/</title>", "<title>Page /gpu/</title>", "title", "warning"),
        ('content="About /gpu/a100/"', 'content=""', "description", "error"),
        ('content="About /gpu/a100/"', f'content="{"x" * 156}"', "description", "warning"),
        (f'rel="canonical" href="{URL}/gpu/a100/"', f'rel="canonical" href="{URL}/gpu/"', "canonical", "error"),
        ('rel="canonical"', 'rel="nothing"', "canonical", "error"),
        ('<html lang="en">', "<html>", "html", "error"),
        ('name="viewport"', 'name="x"', "html", "error"),
        ("<meta charset", '<link rel="alternate" hreflang="de" href="/prices/"><meta charset', "hreflang", "error"),
        ("<meta charset", '<meta name="robots" content="noindex,follow"><meta charset', "sitemap", "error"),
    ],
)
def test_flaw_in_a_head_is_found(old: str, new: str, rule: str, severity: str) -> None:
    findings = with_page(page("/gpu/a100/").replace(old.encode(), new.encode(), 1))
    assert (rule, severity) in {(finding.rule, finding.severity) for finding in findings}


@pytest.mark.parametrize(
    ("node", "message"),
    [
        ({"@type": "FAQPage"}, "FAQPage: search engines retired it"),
        (product(aggregateRating={"@type": "AggregateRating"}), "AggregateRating: nobody rated"),
        (product(review=[]), "a review or rating that people did not write"),
        (product(low="2000"), "lowPrice 2000 is above highPrice 1204.50"),
        (product(low="$1.99"), "lowPrice is '$1.99'; expected a number"),
        (product(low="1.98"), "lowPrice 1.98 can't be read on the page"),
        (product(count=13), "offerCount 13 can't be read on the page"),
        (product(count=0), "offerCount is 0; expected one or more"),
        (product(priceCurrency="$"), "priceCurrency is '$'; expected a code such as USD"),
        ({"@type": "Product", "name": "A100"}, "Product: no AggregateOffer or Offer in offers"),
        (
            {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "position": 2, "name": "A"}]},
            "positions are [2]",
        ),
        ({"@type": "Dataset", "name": "History", "description": "Short"}, "description of 5 characters"),
        (
            {"@type": "Article", "headline": "A", "author": {"name": "B"}, "dateModified": "22.8."},
            "dateModified is '22.8.'",
        ),
        ({"@type": "WebPage", "url": f"{URL}/gone/"}, f"'{URL}/gone/' leads nowhere"),
        ({"@type": "Product", "name": "A100", "offers": {}}, "Product: no image"),
        ({"@type": "Dataset", "name": "History", "description": "x" * 50}, "Dataset: no temporalCoverage"),
        ({"@type": "Dataset", "lowPrice": 2}, "Dataset: schema.org has no lowPrice for it"),
        ({"@type": "Datenset", "name": "x"}, "Datenset: no type that schema.org and schema_org.json know"),
        ({"@type": "Organization", "@id": f"{URL}/#organization", "name": "x", "url": URL}, "Organization: no logo"),
        ({"@type": "WebPage", "publisher": {"@id": f"{URL}/#organization"}}, "is defined nowhere"),
    ],
)
def test_flaw_in_structured_data_is_found(node: dict[str, Any], message: str) -> None:
    findings = with_page(page("/gpu/a100/", node))
    assert any(message in finding.message for finding in findings), findings
    assert {finding.rule for finding in findings} == {"json-ld"}


def test_product_with_readable_figures_is_no_finding() -> None:
    assert with_page(page("/gpu/a100/", product())) == []


def rows(*values: str) -> str:
    lines = "".join(f"<tr><th>row {number}</th><td>{value}</td></tr>" for number, value in enumerate(values))
    return f"<main><p>{' '.join(values)}</p><table><tbody>{lines}</tbody></table></main>"


def test_page_with_the_words_and_figures_of_another_is_found() -> None:
    one, other = [f"one{n}" for n in range(50)], [f"other{n}" for n in range(50)]
    files = {f"gpu/{name}/index.html": page(f"/gpu/{name}/", body=rows(*one)) for name in ("a100", "h100")}
    said = {(finding.path, finding.message) for finding in found({**site(), **files})}
    assert ("/gpu/h100/", "100% of its words are those of /gpu/a100/; expected at most 80%") in said
    assert ("/gpu/a100/", "100% of its figures are those of /gpu/h100/; expected at most 60%") in said
    half = page("/gpu/h100/", body=rows(*one[:25], *other[25:]))
    assert found({**site(), **files, "gpu/h100/index.html": half}) == []


def test_figures_are_told_by_page_type() -> None:
    figures = checks._checked(site(), URL, site()).figures
    assert [(one.page_type, one.pages) for one in figures] == [("gpu-detail", 2), ("gpu-index", 1), ("home", 1)]
    assert [(one.most_clicks, one.fewest_links_in) for one in figures] == [(1, 3), (1, 3), (0, 3)]


def test_product_stands_on_the_page_of_one_gpu_only() -> None:
    findings = with_page(page("/gpu/", product()), "/gpu/")
    assert [finding.message for finding in findings] == ["Product: on a page that is not about one GPU"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b'"position": 1', b'"position": 0', "BreadcrumbList: positions are [0, 2]"),
        (b'"name": "Home", ', b"", "BreadcrumbList: an item is not a ListItem with a name"),
        (b'"https://gpus.example/prices/"}', b'"/prices/"}', "BreadcrumbList: '/prices/' is not an absolute address"),
        (b'prices/gpu/a100/"}]', b'prices/gpu/"}]', "expected the page itself"),
        (b'"@graph"', b'"graph"', "no @graph"),
        (b'{"@context"', b'"@context"', "not JSON"),
        (b"ld+json", b"json", "no JSON-LD; expected a breadcrumb at least"),
    ],
)
def test_flaw_in_a_breadcrumb_is_found(old: bytes, new: bytes, message: str) -> None:
    data = page("/gpu/a100/")
    assert old in data
    assert any(message in finding.message for finding in with_page(data.replace(old, new)))


def test_sitemaps_list_exactly_the_indexable_pages() -> None:
    gone, extra = site(), site()
    del gone["gpu/h100/index.html"]
    extra["gpu/b200/index.html"] = page("/gpu/b200/")
    assert f"{URL}/gpu/h100/ is listed, but is not a page" in {finding.message for finding in found(gone)}
    assert "indexable, but in no sitemap" in {finding.message for finding in found(extra)}


def test_sitemap_without_true_times_is_found() -> None:
    files = site()
    files["sitemaps/home.xml"] = files["sitemaps/home.xml"].replace(b"2026-08-22T00:00:00+00:00", b"yesterday")
    assert [str(finding) for finding in found(files)] == [
        f"error: /sitemaps/home.xml: lastmod of {URL}/ is 'yesterday'; expected a date and time [sitemap]"
    ]


def test_missing_sitemap_is_found() -> None:
    files = site()
    del files["sitemaps/home.xml"]
    assert Finding("/sitemaps/home.xml", "sitemap", "missing") in found(files)


def test_page_nobody_links_to_is_a_warning() -> None:
    files = site() | {"gpu/b200/index.html": page("/gpu/b200/")}
    warnings = [finding for finding in found(files) if finding.severity == "warning"]
    assert [finding.message for finding in warnings] == [
        "0 indexable pages link here; expected 3",
        "not reachable from home; expected at most 3",
    ]


def test_link_to_a_redirect_and_a_redirect_to_nothing_are_found() -> None:
    moved = {"/compare/b-vs-a/": "/compare/a-vs-b/"}
    files = {**site(), **sitemaps.redirects(URL, moved)}
    files["gpu/index.html"] = page("/gpu/", body='<a href="/prices/compare/b-vs-a/">')
    assert [finding.message for finding in found(files)] == [
        "'/prices/compare/b-vs-a/' leads to a redirect",
        "leads to /prices/compare/a-vs-b/, which is not a page",
    ]


def test_style_sheet_asks_for_files_of_the_site_only() -> None:
    css = b"@import url('https://fonts.example/a.css'); a{background:url(x.png)} b{background:url(data:image/png,)}"
    assert [finding.message for finding in found(site() | {"assets/site.css": css})] == [
        "'https://fonts.example/a.css' is not a file of the site",
        "'x.png' is not a file of the site",
    ]


def test_page_not_found_needs_no_canonical_but_noindex() -> None:
    body = (
        b"<!doctype html><html lang=en><head><meta name=viewport><title>Gone</title><meta name=description content=x>"
    )
    files = site() | {"404.html": body + b"</head><body><h1>Gone</h1></body></html>"}
    assert [finding.message for finding in found(files)] == ["expected noindex"]


def test_empty_folder_is_no_site(tmp_path: Path) -> None:
    assert [finding.message for finding in checks.check(tmp_path, URL)] == ["no page; expected index.html at least"]


def test_some_pages_can_be_checked_alone() -> None:
    files = site() | {"gpu/index.html": page("/gpu/", body='<a href="/prices/x/">'), "gpu/a100/index.html": b""}
    findings = checks.check_pages(files, URL, ["gpu/index.html"])
    assert [(finding.path, finding.message) for finding in findings] == [("/gpu/", "'/prices/x/' leads nowhere")]
