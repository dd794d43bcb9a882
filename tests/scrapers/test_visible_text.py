import sys
from typing import Any

import lxml.html
import pytest

from scrapers.visible_text import is_visible, visible_text


def text(html: str, **how: Any) -> str:
    return visible_text(lxml.html.document_fromstring(f"<main>{html}</main>"), **how)


@pytest.mark.parametrize(
    "html",
    [
        "$2<!-- -->.69",
        "$<!-- -->2<!-- -->.69",
        "<b>$</b>2.69",
        "$<span>2</span><span>.69</span>",
        "<span>$</span><span>2</span><span>.</span><span>69</span>",
        "<span><i>$</i></span><span>2.<small>69</small></span>",
        "$2<wbr>.69",
        "$2&shy;.&#8203;69",
        "＄２．６９",
        "<price-tag>$<x-y>2.69</x-y></price-tag>",
        "$2.<script>var x = 1</script>69",
    ],
)
def test_text_that_looks_like_one_word_is_one_word(html: str) -> None:
    assert text(html) == "$2.69"


@pytest.mark.parametrize(
    ("html", "read"),
    [
        ("NVI<b>DIA</b> <b>H</b>100 L40<b>S</b>", "NVIDIA H100 L40S"),
        ("<p>H100<p>80 GB", "H100 80 GB"),
        ("H100<br>80 GB", "H100 80 GB"),
        ("<div>H100</div>$2", "H100 $2"),
        ("<span style='display: block'>H100</span><i>80</i>", "H100 80"),
        ("<ul><li>H100<ul><li>80 GB</ul><li>$2</ul>", "H100 80 GB $2"),
        ("<button>A</button><button>B</button>", "A B"),
        ("A<b>B</b>\n C<!-- x -->D<style>p{}</style>E", "AB CDE"),
    ],
)
def test_blocks_separate_words_and_marks_in_the_text_do_not(html: str, read: str) -> None:
    assert text(html) == read


@pytest.mark.parametrize(
    ("html", "read"),
    [
        ("<span>H100</span><span>80 GB</span><span>$2.69</span>", "H100 80 GB $2.69"),
        ("<i>24 GB</i><i>8 vCPU</i>", "24 GB 8 vCPU"),
        ("H100<span>SXM</span><span>/hr</span>", "H100 SXM/hr"),
        ("<b>RTX 4090</b><span>24 GB</span>", "RTX 4090 24 GB"),
        ("N/A<span>per hour</span>", "N/A per hour"),
    ],
)
def test_elements_side_by_side_may_be_columns(html: str, read: str) -> None:
    assert text(html) == read


@pytest.mark.parametrize("html", ["$2<small>69</small>", "<span>$2</span><span>69</span>", "$2<sub>69</sub>"])
def test_a_border_inside_a_number_is_kept(html: str) -> None:
    assert text(html) == "$2|69"


@pytest.mark.parametrize(
    "html",
    [
        "$11<sup>99</sup> /hr",
        "$11 <sup>99</sup> /hr",
        "$11⁹⁹ /hr",
        '$11<span class="price-cents">99</span> /hr',
        '$11<span style="vertical-align: super">99</span> /hr',
    ],
)
def test_raised_digits_after_a_number_are_marked(html: str) -> None:
    assert text(html) == "$11^99 /hr"


@pytest.mark.parametrize(
    "html", ["H100<sup>1</sup> SXM", "H100 <sup>TM</sup> SXM", "H100<sup>*</sup> SXM", "H100¹ SXM"]
)
def test_footnotes_of_words_are_not_read(html: str) -> None:
    assert text(html) == "H100 SXM"


@pytest.mark.parametrize(
    "old",
    [
        "<del>$3</del>",
        "<s><b>$3</b></s>",
        "<strike>$3</strike>",
        "<b style='text-decoration:line-through red'>$3</b>",
        "<b class='muted line-through'>$3</b>",
        "<b class='price--old'>$3</b>",
        "<b hidden>$3</b>",
        "<b style='color: red; display : none'>$3</b>",
        "<b style='visibility:hidden'>$3</b>",
        "<b style='position:absolute; left: -9999px'>$3</b>",
        "<b class='d-none'>$3</b>",
        "<b class='Price_srOnly__1x'>$3</b>",
        "<b class='visually-hidden'>$3 <i>a</i></b>",
        "<b class='screen-reader-text'>$3</b>",
        "<b class='md:hidden'>$3</b>",
        "<template><p>$3</p></template>",
        "<noscript>$3</noscript>",
        "<script>'$3'</script>",
    ],
)
def test_struck_or_hidden_text_is_not_read(old: str) -> None:
    assert text(f"{old} $2.69") == text(f"$2.69 {old}") == "$2.69"


@pytest.mark.parametrize(
    "shown", ["hidden md:block", "d-none d-lg-inline", "overflow-hidden", "bold-price", "sr-only not-sr-only"]
)
def test_text_hidden_only_on_narrow_screens_is_read(shown: str) -> None:
    assert text(f'<b class="{shown}">$2.69</b>') == "$2.69"


@pytest.mark.parametrize(
    "html",
    [
        '<span aria-hidden="true">$2.69</span><span class="sr-only">2 dollars 69</span>',
        '<span class="sr-only">2 dollars 69</span><span aria-hidden="true">$<b>2</b>.69</span>',
        '<span aria-hidden="true">$2.69</span><span>$2.69</span>',
        '<span aria-hidden="true">$3.36</span> <span>$2.69</span>',
        '<span>$2.69</span><span aria-hidden="true">$3.36</span>',
    ],
)
def test_a_price_repeated_for_screen_readers_is_one(html: str) -> None:
    assert text(html) == "$2.69"


def test_text_hidden_only_from_screen_readers_is_read() -> None:
    assert text('<h3>H100</h3><p aria-hidden="true">$2.69</p><p>80 GB</p>') == "H100 $2.69 80 GB"
    assert text('<td>H100</td><td aria-hidden="true">$2.69</td><td>$3</td>') == "H100 $2.69 $3"


def test_a_tab_may_separate_cells() -> None:
    assert text("<table><tr><td>H100</td><td></td>\n<td>$2</td></table>", cells=True) == "H100\t\t$2"
    row = "<tr><td>H100<br>SXM</td>\n<td><p>$2</p></td><td><table><tr><td>a</td><td>b</td></tr></table></td></tr>"
    assert text(f"<table>{row}</table>", cells=True) == "H100 SXM\t$2\t\ta\tb"
    assert text(f"<table>{row}</table>") == "H100 SXM $2 a b"


def test_an_elements_text_ends_with_it() -> None:
    page = lxml.html.document_fromstring("<p><b>A</b>B</p>C<s>D</s><i hidden>E</i>")
    assert [visible_text(element) for element in page.iter("b", "p", "s", "i")] == ["AB", "A", "", ""]


def test_parts_of_hidden_elements_are_not_visible() -> None:
    page = lxml.html.document_fromstring("<del><p><b>A</b></p></del><p><i>B</i></p>")
    assert [is_visible(element) for element in page.iter("b", "i")] == [False, True]


def steps(html: str) -> int:
    """How many functions are called to read a page."""
    page, calls = lxml.html.document_fromstring(html), 0

    def count(_frame: Any, event: str, _what: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        visible_text(page)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize(
    "part",
    ["<p>H100 <b>$</b>2<!-- -->.69</p>", "<b>1</b>", "<div>", "<i aria-hidden=true>$1</i>", "<s>$1</s>1<sup>9</sup>"],
)
def test_a_page_twice_as_long_takes_twice_as_long(part: str) -> None:
    once, twice = steps(part * 500), steps(part * 1000)
    assert twice < once * 2.1
