from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import pytest
from markupsafe import Markup, escape

from generator.model.blocks import Link
from generator.pages.registry import page_types
from generator.site.environment import Fragments
from generator.site.render import Renderer
from tests.generator.page_models import BODIES, SITE, bare, filled, page

PLAIN = Renderer(SITE, plain=True)


def row(block: Link, *how: str) -> Markup:
    return Markup("{}:{}").format(block.text, "".join(how))


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("made", [filled, bare])
def test_page_is_the_same_as_jinja_alone_makes_it(name: str, made: Callable[[type], object]) -> None:
    one = page(name, made(BODIES[name]))
    kept = Renderer(SITE)
    assert kept.render(one) == kept.render(one) == PLAIN.render(one)


def test_pages_are_the_same_in_any_order() -> None:
    pages = [
        page(kind.name, filled(kind.body), path=f"/{path}/") for kind, path in zip(page_types(), "abc", strict=False)
    ]
    expected = [PLAIN.render(one) for one in pages]
    for order in permutations(range(len(pages))):
        renderer = Renderer(SITE)
        made = {number: renderer.render(pages[number]) for number in order}
        assert [made[number] for number in range(len(pages))] == expected


def test_sites_share_no_markup() -> None:
    one = page("home", filled(BODIES["home"]))
    other = replace(SITE, name="Other", url="https://other.example", is_all_recorded=False)
    assert Renderer(other).render(one) == Renderer(other, plain=True).render(one) != Renderer(SITE).render(one)


def test_header_marks_the_entry_of_the_page_and_of_its_index() -> None:
    renderer = Renderer(SITE)
    for path, mark in (("/gpu/", "page"), ("/gpu/x/", "true"), ("/gpu/", "page"), ("/404.html", "")):
        found = renderer.render(page("home", filled(BODIES["home"]), path=path, crumbs=())).decode()
        assert (f'<a href="/prices/gpu/" aria-current="{mark}">' in found) == bool(mark)
        assert found.count("aria-current") == bool(mark)


def test_macro_is_asked_once_for_a_block_and_how_it_looks() -> None:
    asked, shared = [], Fragments()
    block = Link("<a>", "/a/")

    def asking(one: Link, *how: str) -> Markup:
        asked.append(how)
        return row(one, *how)

    assert shared(asking, block) == shared(asking, block) == escape("<a>") + ":"
    assert shared(asking, block, "x") == shared(asking, block, "x") == "&lt;a&gt;:x"
    assert asked == [(), ("x",)]


def test_two_blocks_never_share_a_fragment() -> None:
    shared = Fragments(most=50)
    assert [shared(row, Link(str(n), "/")) for n in range(1000)] == [f"{n}:" for n in range(1000)]


def test_two_macros_never_share_a_fragment() -> None:
    shared, block = Fragments(), Link("a", "/a/")
    assert shared(row, block) == "a:"
    assert shared(lambda one: Markup(escape(one.path)), block) == "/a/"


def test_no_more_than_the_most_are_kept() -> None:
    shared = Fragments(most=10)
    for n in range(95):
        shared(row, Link(str(n), "/"))
    assert len(shared._kept) == 5
