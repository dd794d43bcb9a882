import orjson

from generator.errors import BuildError
from generator.live.answer import Answer
from generator.live.maker import DONE, NOTHING_NEW, Maker


class Site:
    """A site that gathers only while it has prices, and counts how often."""

    def __init__(self, *, has_prices=True):
        self.has_prices, self.moved, self.gathered, self.rendered = has_prices, False, 0, 0

    def has_moved(self):
        return self.moved

    def gather(self):
        if not self.has_prices:
            raise BuildError("no prices")
        self.gathered += 1

    def render_anew(self):
        self.rendered += 1

    def answer(self, path):
        return Answer(200, path.encode())


def test_a_look_gathers_only_what_has_moved():
    site = Site()
    maker = Maker(lambda: site)
    assert maker.answer("look", "") == NOTHING_NEW
    site.moved = True
    assert (maker.answer("look", ""), site.gathered) == (DONE, 2)


def test_templates_are_read_anew_without_gathering():
    site = Site()
    assert Maker(lambda: site).answer("templates", "") == DONE
    assert (site.gathered, site.rendered) == (1, 1)


def test_what_can_not_be_gathered_is_shown_until_it_can():
    site = Site(has_prices=False)
    maker = Maker(lambda: site)
    assert b"no prices" in maker.answer("page", "/").body
    assert maker.answer("templates", "").status == 500
    site.has_prices = site.moved = True
    assert maker.answer("look", "") == DONE
    assert maker.answer("page", "/") == Answer(200, b"/")


def test_code_that_can_not_be_loaded_is_shown_in_place_of_every_page():
    def broken():
        raise SyntaxError("never closed")

    maker = Maker(broken)
    assert [maker.answer(order, "").status for order in ("page", "look", "templates")] == [500, 500, 500]
    assert b"never closed" in maker.answer("page", "/").body


def test_answer_is_packed_as_a_line_and_its_body():
    head, body = Answer(404, b"no\n", {"Content-Type": "text/plain"}).packed().split(b"\n", 1)
    assert (orjson.loads(head), body) == (
        {"status": 404, "headers": {"Content-Type": "text/plain"}, "length": 3},
        b"no\n",
    )
