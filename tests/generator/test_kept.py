from markupsafe import Markup, escape

from generator.kept import Kept
from generator.model.blocks import Link


def row(block: Link, *how: str) -> Markup:
    return Markup("{}:{}").format(block.text, "".join(how))


def test_function_is_asked_once_for_an_object_and_the_values_beside_it() -> None:
    asked, kept = [], Kept(100)
    block = Link("<a>", "/a/")

    def asking(one: Link, *how: str) -> Markup:
        asked.append(how)
        return row(one, *how)

    assert kept(asking, block) == kept(asking, block) == escape("<a>") + ":"
    assert kept(asking, block, "x") == kept(asking, block, "x") == "&lt;a&gt;:x"
    assert asked == [(), ("x",)]


def test_two_objects_never_share_a_result() -> None:
    kept = Kept(most=50)
    assert [kept(row, Link(str(n), "/")) for n in range(1000)] == [f"{n}:" for n in range(1000)]


def test_two_functions_never_share_a_result() -> None:
    kept, block = Kept(100), Link("a", "/a/")
    assert kept(row, block) == "a:"
    assert kept(lambda one: Markup(escape(one.path)), block) == "/a/"


def test_no_more_than_the_most_are_kept_and_those_asked_for_last() -> None:
    kept, asked = Kept(most=10), []
    often, blocks = Link("often", "/"), [Link(str(n), "/") for n in range(95)]

    def asking(block: Link) -> str:
        asked.append(block.text)
        return block.text

    for block in blocks:
        assert (kept(asking, block), kept(asking, often)) == (block.text, "often")
        assert len(kept) <= 10
    assert asked.count("often") == 1


def test_result_without_an_object_is_kept_too() -> None:
    kept = Kept(100)
    assert kept(list) is kept(list)
