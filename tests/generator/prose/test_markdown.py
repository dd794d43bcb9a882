import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.prose.markdown import literal, render, to_html


def seen(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def test_tables_scroll_in_a_box_of_their_own() -> None:
    html = to_html("| GPU | Price |\n|---|--:|\n| H100 | $2.49 |")
    assert 'role="region" tabindex="0" aria-label="Table 1 of the text"><table>' in html
    assert '<th class="num" scope="col">Price</th>' in html or '<th scope="col" class="num">Price</th>' in html
    assert "style=" not in html


def test_headings_can_be_linked_to() -> None:
    assert to_html("## What is SXM?") == '<h2 id="what-is-sxm">What is SXM?</h2>\n'


def test_headings_of_one_name_are_told_apart() -> None:
    html = render("## A\n\n## A\n\n## A-1\n\n### !\n\n## B", taken=frozenset({"b"})).html
    assert re.findall('id="([^"]*)"', html) == ["a", "a-1", "a-1-1", "section", "b-1"]
    assert "id=" not in render("## A", taken=None).html


def test_dead_links_are_text_and_told_of() -> None:
    html, links = render("[*a*](/b/) [c](/d/) </b/> [e]\n\n[e]: /b/", "/p", frozenset({"/b/"}))
    assert links == ("/b/", "/d/", "/b/")
    assert html == '<p><em>a</em> <a href="/p/d/">c</a> &lt;/b/&gt; e</p>\n'


def test_links_inside_stay_under_the_base() -> None:
    assert to_html("[L4](/gpu/l4/)", "/prices") == '<p><a href="/prices/gpu/l4/">L4</a></p>\n'


@pytest.mark.parametrize("url", ["https://example.com/a", "http://example.com/", "//example.com/"])
def test_links_out_pass_on_no_credit(url: str) -> None:
    assert f'<a href="{url}" rel="nofollow noopener">x</a>' in to_html(f"[x]({url})")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc"]
)
def test_other_schemes_are_no_links(url: str) -> None:
    assert "href" not in to_html(f"[x]({url}) <{url}> [y]: {url}")


@pytest.mark.parametrize(
    "text",
    [
        "</script><img src=x onerror=alert(1)>",
        "<b onclick=alert(1)>x</b>",
        "<!-- x",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ],
)
def test_html_in_markdown_is_text(text: str) -> None:
    assert not re.search(r"<(script|img|b|!--)", to_html(text))


@pytest.mark.parametrize(
    "text", ["[x](javascript:alert(1))", "*a* _b_ `c`", "# not a heading", "1. no list", "a | b", "\\*"]
)
def test_literal_shows_itself(text: str) -> None:
    assert seen(to_html(literal(text))) == text
    assert not re.search(r"<(a|em|code|h1|ol|table)", to_html(literal(text)))


def test_literal_drops_marks_that_reverse_the_writing() -> None:
    assert literal("a\u202eb\u2066c\x00d\u200be") == "a b c d e"


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf")), max_size=60))
def test_literal_shows_any_text_as_itself(text: str) -> None:
    html = to_html(f"At {literal(text)} now")
    assert seen(html) == " ".join(f"At {text} now".split())
    assert re.findall(r"<[^>]+>", html) == ["<p>", "</p>"]
