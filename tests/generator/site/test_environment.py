from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import pytest

from generator.site.render import Renderer
from tests.generator.page_models import BODIES, SITE, bare, filled, page

PLAIN = Renderer(SITE, plain=True)


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("made", [filled, bare])
def test_page_is_the_same_as_jinja_alone_makes_it(name: str, made: Callable[[type], object]) -> None:
    one = page(name, made(BODIES[name]))
    kept = Renderer(SITE)
    assert kept.render(one) == kept.render(one) == PLAIN.render(one)


def test_pages_are_the_same_in_any_order() -> None:
    pages = [
        page(name, filled(body), path=f"/{path}/") for (name, body), path in zip(BODIES.items(), "abc", strict=False)
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
