import re

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from generator.desk.app import diffs
from generator.prose import markdown


def without(diff: str, gone: str) -> str:
    """One side of a comparison: without what is marked as the other's, and without marks."""
    return re.sub("</?(?:ins|del)>", "", re.sub(rf"<{gone}>.*?</{gone}>", "", diff, flags=re.DOTALL))


def test_words_that_came_and_went_are_marked() -> None:
    assert diffs.of_text("It costs $2.10 today", "It costs $2.30 today") == (
        "It costs <del>$2.10 </del><ins>$2.30 </ins>today"
    )


def test_equal_texts_have_no_marks() -> None:
    assert diffs.of_text("a < b", "a < b") == "a &lt; b"


@given(st.text("ab <>&.\n", max_size=30), st.text("ab <>&.\n", max_size=30))
def test_both_texts_can_be_read_from_their_comparison(old: str, new: str) -> None:
    diff = diffs.of_text(old, new)
    assert without(diff, "del") == escape(new)
    assert without(diff, "ins") == escape(old)


TEXTS = (
    "# One\n\nTwo *three* [four](/gpu/l4/).",
    "Two three.\n\n- four\n- five < 6",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "",
)


def test_a_comparison_of_pages_has_the_elements_of_the_new_one() -> None:
    rendered = [markdown.render(text).html for text in TEXTS]
    for old in rendered:
        for new in rendered:
            assert without(diffs.of_html(old, new), "del") == new


def test_a_paragraph_that_is_gone_is_shown_where_it_was() -> None:
    diff = diffs.of_html("<p>One.</p><p>Two &amp; a half.</p><p>Three.</p>", "<p>One.</p><p>Three.</p>")
    assert "<del>Two &amp; a half.</del>" in diff
    assert isinstance(diff, Markup)
