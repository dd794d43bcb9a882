import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import urls

SLUGS = st.text(min_size=1)


def test_paths_end_in_a_slash_and_name_their_subject():
    assert urls.gpu("h100-sxm") == "/gpu/h100-sxm/"
    assert urls.provider("lambda-labs") == "/provider/lambda-labs/"
    assert urls.guide("sxm-pcie-nvl") == "/guides/sxm-pcie-nvl/"


@given(SLUGS, SLUGS)
def test_a_comparison_has_one_address_whichever_side_is_named_first(one, other):
    assert urls.compare(one, other) == urls.compare(other, one)
    assert urls.compare_reversed(one, other) == urls.compare_reversed(other, one)
    assert (urls.compare(one, other) == urls.compare_reversed(one, other)) is (one == other)


@given(SLUGS.filter(lambda slug: not any(0xD800 <= ord(char) < 0xE000 for char in slug)))
def test_a_slug_stays_in_its_segment_whatever_it_holds(slug):
    path = urls.gpu(slug)
    assert path.count("/") == 3
    assert not {"..", "."} & set(urls.output_file(path).split("/"))
    assert set(path) <= set("/%-_.~abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


@pytest.mark.parametrize(
    ("path", "file", "slug"),
    [("/", "index.html", "home"), ("/gpu/a/", "gpu/a/index.html", "gpu/a"), ("/404.html", "404.html", "404.html")],
)
def test_a_path_lies_in_a_file_and_has_a_key(path, file, slug):
    assert (urls.output_file(path), urls.page_slug(path)) == (file, slug)


def test_a_site_may_live_under_a_subpath():
    assert urls.absolute("https://x.example/prices/", "/gpu/a/") == "https://x.example/prices/gpu/a/"
    assert (urls.base_path("https://x.example/prices/"), urls.base_path("https://x.example")) == ("/prices", "")


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:,x", "ftp://x.example/", "//x.example", "/x", "https:///x", "https://[", "", None],
)
def test_an_address_that_is_not_of_the_web_leads_nowhere(address):
    assert urls.outgoing(address) is None


def test_an_address_of_the_web_is_kept():
    assert urls.outgoing("https://x.example/?a=1&b=2#c") == "https://x.example/?a=1&b=2#c"


def test_a_sitemap_is_named_for_its_page_type():
    assert urls.sitemap("gpu_detail") == "/sitemaps/gpu-detail.xml"
