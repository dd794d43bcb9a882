import json

import pytest

from scrapers.nextjs_data import elements, flight_rows, values_of, visible_text


def page_of(*pieces: str) -> str:
    return "".join(f"<script>self.__next_f.push([1,{json.dumps(piece)}])</script>" for piece in pieces)


def test_rows_may_be_pushed_in_pieces() -> None:
    assert flight_rows(page_of('0:["a', 'b"]\n1:{"price":', "2}\n")) == {"0": ["ab"], "1": {"price": 2}}


def test_modules_and_hints_are_left_out() -> None:
    assert flight_rows(page_of('1:I["x.js",["main"]]\n:HL["a.css","style"]\n2:"text"\n')) == {"2": "text"}


def test_a_text_row_is_skipped_by_its_length_in_bytes() -> None:
    text = 'ä 😀\n3:["not a row"]'
    piece = f"2:T{len(text.encode()):x},{text}4:[1]\n"
    assert flight_rows(page_of(piece[:7], piece[7:])) == {"4": [1]}


def test_a_character_split_over_two_pieces_is_one() -> None:
    high, low = json.dumps("😀")[1:7], json.dumps("😀")[7:13]
    page = f'self.__next_f.push([1,"0:[\\"{high}"]) self.__next_f.push([1,"{low}\\"]\\n"])'
    assert flight_rows(page) == {"0": ["😀"]}


def test_a_page_without_data_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"no Next\.js data"):
        flight_rows("<html></html>")


def test_values_are_found_at_any_depth() -> None:
    tree = {"0": ["$", "main", None, {"a": [{"price": 1}], "price": {"price": 2}}]}
    assert [*values_of(tree, "price")] == [{"price": 2}, 2, 1]


def test_elements_are_found_by_their_tag() -> None:
    table = ["$", "table", None, {"children": [["$", "tr", "first", {"children": ["x"]}], ["$", "tr", None, {}]]}]
    assert [*elements(table, "tr")] == [("first", ["x"])]


def test_text_follows_references_and_undoes_the_doubled_dollar() -> None:
    rows = {"2f": ["$", "b", None, {"children": ["$$1.10", " ", 3, None, True]}]}
    cell = ["$", "td", None, {"children": ["from", "$L2f", "$L99"]}]
    assert visible_text(cell, rows).split() == [
        "from",
        "$1.10",
        "3",
    ]


def test_text_of_a_circle_is_an_error() -> None:
    with pytest.raises(ValueError, match="in a circle"):
        visible_text("$L1", {"1": ["$L1"]})


def test_text_is_read_as_that_of_a_page() -> None:
    old = ["$", "del", None, {"children": "$$3.36"}]
    hidden = ["$", "span", None, {"style": {"textDecoration": "line-through"}, "children": "$$3.10"}]
    copy = ["$", "span", None, {"className": "sr-only", "children": "2 dollars"}]
    price = ["$", "p", None, {"children": [old, hidden, copy, "$$2", ["$", "sup", None, {"children": 69}], "/hr"]}]
    assert visible_text([price, ["$", "p", None, {"children": ["$$", "2", ".69"]}]], {}) == "$2^69/hr $2.69"
