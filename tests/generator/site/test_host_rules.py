import pytest

from generator.site import host_rules, sitemaps

RULES = b"/prices/*\n  X-Frame: no\n  Cache-Control: max-age=60\n\n/prices/a.css\n  Cache-Control: immutable\n"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/elsewhere", {"Cache-Control": "no-cache"}),
        ("/prices/", {"Cache-Control": "max-age=60", "X-Frame": "no"}),
        ("/prices/a.css", {"Cache-Control": "immutable", "X-Frame": "no"}),
    ],
)
def test_later_rule_replaces_a_header_of_an_earlier_one(path, expected):
    assert host_rules.headers(RULES, path) == expected


def test_redirects_are_read_as_they_are_written():
    written = sitemaps.redirects("https://gpus.example/prices", {"/compare/b-vs-a/": "/compare/a-vs-b/"})
    assert host_rules.redirects(written["_redirects"]) == {"/prices/compare/b-vs-a/": "/prices/compare/a-vs-b/"}


def test_first_of_two_redirects_counts_and_comments_are_none():
    assert host_rules.redirects(b"# /a /b 301\n/a /c 301\n/a /d 301\nnonsense\n") == {"/a": "/c"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.html", "text/html; charset=utf-8"),
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.md", "text/markdown; charset=utf-8"),
        ("a.png", "image/png"),
    ],
)
def test_text_is_utf_8(name, expected):
    assert host_rules.content_type(name) == expected
