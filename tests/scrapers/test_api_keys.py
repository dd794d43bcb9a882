import html
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from time import monotonic
from urllib.parse import quote, quote_plus

import pytest

from scrapers.api_keys import ApiKey

SECRET = 'sk-1/a+b="<&%Zz9?>~'
SPELLINGS: Mapping[str, Callable[[str], str]] = {
    "as it is": str,
    "in capitals": str.upper,
    "in small letters": str.lower,
    "in an address": lambda key: quote(key, safe=""),
    "in a path": quote,
    "in a form": quote_plus,
    "in an address in an address": lambda key: quote(quote(key)),
    "in an address in small letters": lambda key: quote(key, safe="").lower(),
    "every letter of an address": lambda key: "".join(f"%{ord(one):02X}" for one in key),
    "in JSON": lambda key: json.dumps(key)[1:-1],
    "in PHP's JSON": lambda key: json.dumps(key)[1:-1].replace("/", r"\/"),
    "in JSON in JSON": lambda key: json.dumps(json.dumps(key)[1:-1])[1:-1],
    "every letter of JSON": lambda key: "".join(f"\\u{ord(one):04x}" for one in key),
    "in HTML": html.escape,
    "in HTML by numbers": lambda key: key.replace("&", "&#38;").replace("<", "&#60;").replace('"', "&#34;"),
    "in Python": repr,
    "in hexadecimal digits": lambda key: key.encode().hex(),
    "in hexadecimal capitals": lambda key: key.encode().hex().upper(),
    "in hexadecimal pairs": lambda key: key.encode().hex(":"),
}


@pytest.mark.parametrize("spelt", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_a_key_is_taken_out_in_every_spelling(spelt: Callable[[str], str]) -> None:
    said = f"before {spelt(SECRET)} after"
    assert "{key}" in ApiKey(SECRET).out_of(said)
    assert ApiKey(SECRET).out_of(said)[-6:] == " after"
    assert spelt(SECRET)[3:-3] not in ApiKey(SECRET).out_of(said)


@pytest.mark.parametrize("encode", [b64encode, urlsafe_b64encode, lambda text: quote(b64encode(text)).encode()])
@pytest.mark.parametrize("before", ["", "u", "us", "usr", "user:"])
@pytest.mark.parametrize("after", ["", ":", ":x", ":xy", ":password"])
def test_a_key_is_taken_out_of_base64(encode: Callable[[bytes], bytes], before: str, after: str) -> None:
    key = ApiKey("~~?k3y/of+ours")
    said = key.out_of(b'{"basic": "' + encode(f"{before}{key.secret}{after}".encode()) + b'"}')
    assert said.count(b"{key}") == 1
    assert len(said) <= len(b'{"basic": "{key}"}') + 4 * (len(before) + len(after)) + len("%3D%3D")


def test_a_key_is_taken_out_of_utf_16() -> None:
    assert ApiKey(SECRET).out_of(f"<{SECRET}>".encode("utf-16-be")) == b"\0<\0{key}\0>"


def test_what_is_no_key_stays_byte_for_byte() -> None:
    said = bytes(range(256)) + "ÄÖÜ sk-1/a+b=".encode()
    assert ApiKey(SECRET).out_of(said) == said
    assert ApiKey(SECRET).out_of("halves \udcff stay") == "halves \udcff stay"


@pytest.mark.parametrize("length", range(1, 8))
def test_a_key_of_few_characters_is_none_and_is_looked_for_nowhere(length: int) -> None:
    key = ApiKey("price"[:1] * length)
    assert key.problem == "has fewer than 8 characters; no key is that short"
    assert key.out_of("pppppppp") == "pppppppp"


@pytest.mark.parametrize("stated", ["two\nlines of it", "Schl\u00fcssel-eins", "with\0nul-in-it", "back\\slash"])
def test_a_key_of_odd_characters_is_none(stated: str) -> None:
    assert ApiKey(stated).problem == "has characters that no key has"


@pytest.mark.parametrize("said", [b"\\", b"%25", b"&#0", b"s", b"s\0", SECRET[:-1].encode(), b"73 "])
def test_much_that_is_like_a_key_takes_no_time(said: bytes) -> None:
    started = monotonic()
    ApiKey(SECRET).out_of(said * (4_000_000 // len(said)))
    assert monotonic() - started < 10
