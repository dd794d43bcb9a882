import pytest

from generator.prose.characters import seen


@pytest.mark.parametrize("char", "\0\x1b\x7f\x85\u061c\u200b\u200e\u202a\u202e\u2060\u2066\u2069\ufeff\ud800\udfff")
def test_invisible_characters_are_removed(char):
    assert seen(f"a{char}\n{char}{char}b") == "a\nb"
    assert seen(f"a{char}{char}b", " ") == "a b"


def test_all_else_stays():
    text = "a\tb\r\nc\u00a0d – “é” \u200d\u200c 日本 😀"
    assert seen(text) == text
