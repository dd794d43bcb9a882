import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.prose.clauses import DESCRIPTION_LENGTH, TITLE_LENGTH, branded, description, listed, title

WORDS = st.text(min_size=1, max_size=200).filter(str.strip)


def test_a_title_is_the_first_candidate_that_fits():
    assert title("x" * 61, "short enough", "shorter") == "short enough"


def test_a_title_that_never_fits_is_cut_at_a_word():
    assert title("one " * 20, "two " * 20) == ("two " * 15).strip()


def test_the_site_s_name_ends_a_title_where_there_is_room():
    assert branded("T4 Cloud Pricing", "CloudGPUs") == "T4 Cloud Pricing | CloudGPUs"
    assert branded("x" * 48, "CloudGPUs") == "x" * 48 + " | CloudGPUs"
    assert branded("x" * 49, "CloudGPUs") == "x" * 49


def test_a_title_names_the_site_once():
    assert branded("About CloudGPUs", "CloudGPUs") == "About CloudGPUs"


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_a_title_fits_whatever_the_names(names):
    assert 0 < len(title(*names)) <= TITLE_LENGTH


def test_a_description_leaves_out_whole_clauses():
    assert description(("First.", "x" * 200, "Last.")) == "First. Last."


def test_a_description_without_its_end_does_not_stop_at_a_comma():
    assert description(("A and B both rent out,", "y" * 150)) == "A and B both rent out."


def test_a_first_clause_that_does_not_fit_is_cut_at_a_word():
    assert description(("word " * 40,)) == ("word " * 30).strip() + "."


@given(st.lists(st.one_of(st.just(""), WORDS), max_size=5), WORDS)
def test_a_description_fits_and_ends_whatever_the_clauses(clauses, first):
    text = description((first, *clauses))
    assert 0 < len(text) <= DESCRIPTION_LENGTH
    assert text[-1] in ".!?"


@pytest.mark.parametrize(
    ("items", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_items_are_listed_as_in_a_sentence(items, text):
    assert listed(items) == text
