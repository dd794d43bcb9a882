import pytest

from generator.publishing import headers
from generator.site import sitemaps
from generator.site.assets import assets


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("freshness.json", "application/json; charset=utf-8"),
        ("assets/site.0123456789.js", "text/javascript; charset=utf-8"),
        ("changes/feed.xml", "application/xml; charset=utf-8"),
        ("_redirects", "text/plain; charset=utf-8"),
        ("image.png", "image/png"),
        ("data.sqlite", "application/octet-stream"),
    ],
)
def test_a_file_has_the_type_of_its_name(path, kind):
    assert headers.content_type(path) == kind


def test_caches_keep_for_good_what_the_site_s_own_rules_keep_for_good():
    lasting = {one.path for one in assets().values() if one.is_lasting}
    (file,) = sitemaps.headers("https://gpus.example", "x", lasting).values()
    stated = file.decode().split("Cache-Control: ")[-1].strip()
    assert lasting == {one.path for one in assets().values() if headers.cache_control(one.path.lstrip("/")) == stated}
    assert lasting
