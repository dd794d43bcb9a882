from lxml import html

from generator.site import similarity
from generator.site.similarity import Texts

ONE, OTHER = ([f"{word}{n}" for n in range(60)] for word in ("a", "b"))


def texts(*said):
    return Texts(said, frozenset())


def test_words_are_compared_in_runs_of_five():
    pages = {"/a/": texts(" ".join(ONE)), "/b/": texts(" ".join(ONE[:33] + OTHER[33:])), "/c/": texts(" ".join(OTHER))}
    found = similarity.words_alike(pages, dict.fromkeys(pages, "x"))
    assert found["/a/"] == ("/b/", 29 / (56 + 56 - 29))
    assert found["/c/"].path == "/b/"


def test_what_half_of_a_type_s_pages_say_does_not_count():
    pages = {f"/{n}/": texts(" ".join(ONE), " ".join(f"{n}-{word}" for word in OTHER)) for n in range(4)}
    assert similarity.words_alike(pages, dict.fromkeys(pages, "x")) == {}
    assert similarity.words_alike(pages, {path: path for path in pages})["/0/"].share > 0.3


def test_facts_are_the_rows_of_tables_and_lists_without_charts():
    main = html.fromstring(
        "<main><svg><text>9</text></svg><dl><div><dt>From</dt><dd>$1</dd></div></dl>"
        "<table><thead><tr><th>GPU</th><th>Price</th></tr></thead><tr><th>A</th><td>$2</td><td>x</td></tr></table></main>"
    )
    said = similarity.texts_of(main)
    assert said.facts == {("From", "$1"), ("A", "0", "$2"), ("A", "1", "x")}
    assert "9" not in said.texts


def test_figures_are_compared_within_a_type():
    facts = frozenset((f"row {n}", "0", str(n)) for n in range(10))
    pages = {path: Texts((), facts) for path in ("/a/", "/b/", "/c/")}
    found = similarity.facts_alike(pages, {"/a/": "x", "/b/": "x", "/c/": "y"})
    assert found == {"/a/": ("/b/", 1.0), "/b/": ("/a/", 1.0)}
