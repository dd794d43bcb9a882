import string

from hypothesis import given
from hypothesis import strategies as st

from generator.prose.paragraphs import paragraphs
from generator.prose.parser import parsed

OURS = (
    *("a", "rents from ", " ", "3 ", "1,204 ", ".", ":", "(", ")", "/", "×", "“", "”", "é", "日", "²"),
    *("**$1.29 per GPU-hour**", " **$2** ", "\\*", "\\&", "\\<", "\\[", "\\]", "\\\\"),
    *(
        "\n\n",
        "\n\nb",
        "\n\n[c](/)",
        "[a](/x/)",
        "[b\\]](/gpu/x/#y)",
        "[c](https://a.example/b)",
        "[ d ](/)",
        "[e](/a.b/../c)",
        "[f](/a##b)",
    ),
)
OTHERS = (
    *string.punctuation,
    *(
        "1.",
        "2) ",
        "- ",
        "**$2.**",
        "**",
        "](",
        "[g](https://1.2.3.4/)",
        "[h](https://xn--a.example/)",
        "[i](//a.example/)",
    ),
    *("[j](javascript:x)", "www.a.com", "&amp;", "<b>", "\n", "\t", "\u00a0", "\u0301", "\u202e"),
)
PIECES = st.sampled_from(OURS) | st.sampled_from(OURS) | st.sampled_from(OTHERS)
TEXTS = st.tuples(st.sampled_from(("a", "", "[a](/x/)")), st.lists(PIECES, max_size=6)).map(
    lambda found: found[0] + "".join(found[1])
)


@given(
    TEXTS, st.sampled_from(("", "/prices", "/a/b~c")), st.frozensets(st.sampled_from(("/x/", "https://a.example/b")))
)
def test_a_text_is_what_the_parser_makes_of_it(text, base, dead):
    assert paragraphs(text, base, dead) in (None, parsed(text, base, dead, None))


@given(st.text(max_size=30))
def test_any_other_text_is_left_to_the_parser(text):
    assert paragraphs(text, "", ()) in (None, parsed(text, "", frozenset(), None))


def test_sentence_of_ours_needs_no_parser():
    text = (
        "The H100 \\<SXM\\> rents from **$1.29 per GPU-hour** at [A \\& B](/provider/a/). See [c](https://c.example/x)."
    )
    html, links = paragraphs(text, "/p", {"/y/"})
    assert html == (
        "<p>The H100 &lt;SXM&gt; rents from <strong>$1.29 per GPU-hour</strong> at "
        '<a href="/p/provider/a/">A &amp; B</a>. See <a href="https://c.example/x" rel="nofollow noopener">c</a>.</p>\n'
    )
    assert links == ("/provider/a/", "https://c.example/x")


def test_each_paragraph_is_one_of_its_own():
    html, links = paragraphs("It rents [a](/x/).\n\nAnd “b” at **$2**.", "", ())
    assert (html, links) == ('<p>It rents <a href="/x/">a</a>.</p>\n<p>And “b” at <strong>$2</strong>.</p>\n', ("/x/",))
    assert paragraphs("It rents a.\n\n- b", "", ()) is None


def test_dead_link_is_text_and_told_of():
    assert paragraphs("See [a\\_b](/x/).", "", {"/x/"}) == ("<p>See a_b.</p>\n", ("/x/",))


def test_texts_that_start_a_list_a_table_or_a_heading_are_none():
    for text in ("1. a", "- a", "+ a", "# a", "| a |", "  a", "> a", "a\nb", "a <b>", "", "*a*"):
        assert paragraphs(text, "", ()) is None
