import pytest

from generator.prose.characters import seen, seen_bytes


@pytest.mark.parametrize("char", "\0\x1b\x7f\x85\u061c\u200b\u200e\u202a\u202e\u2060\u2066\u2069\ufeff\ud800\udfff")
def test_invisible_characters_are_removed(char):
    assert seen(f"a{char}\n{char}{char}b") == "a\nb"
    assert seen(f"a{char}{char}b", " ") == "a b"


def test_all_else_stays():
    text = "a\tb\r\nc\u00a0d – “é” \u200d\u200c 日本 😀"
    assert seen(text) == text


@pytest.mark.parametrize(
    "char", ["", "\n\t\r", "– “é” \u00a0\u2028 日本 😀", "\0", "\x7f", "\x9f", "\u202e", "\ud800", "\ufeff"]
)
def test_bytes_of_a_text_are_without_invisible_characters(char):
    text = f"a{char}b"
    assert seen_bytes(text) == seen(text).encode()
