"""A provider's API key, and how it is removed from everything that comes back.

A server may repeat the key it was sent: as it is, in capitals, escaped for an address, for JSON or for HTML, in UTF-16,
in hexadecimal digits, or within a longer text in Base64.  None of these is stored or shown: {key} takes their place.
"""

import html
import re
from base64 import b64encode
from collections.abc import Iterable
from functools import cached_property
from typing import AnyStr

SHORTEST = 8
"""Characters of the shortest key that is sent: a shorter one would be found in ordinary words."""

_PLACE = "{key}"
_BASE64_DIGIT = rb"[a-z0-9+/_-]"
_URL_DIGITS = {ord("+"): (b"-",), ord("/"): (b"_",)}
_BACKSLASH = rb"(?:\\|%(?:25){0,3}5c)"
# What may stand between two hexadecimal pairs: \u00, \x, %, &#x and ;, a colon, a space.
_BETWEEN_PAIRS = rb"[^0-9a-f]{0,4}(?:00)?"


class ApiKey:
    """A provider's key as configured, without spaces around it."""

    def __init__(self, stated: str) -> None:
        self.secret = stated.strip()

    @property
    def problem(self) -> str | None:
        """Why it can't be a key, in words that don't show it; None where it can."""
        if not (self.secret.isascii() and self.secret.isprintable()) or "\\" in self.secret:
            return "has characters that no key has"
        return f"has fewer than {SHORTEST} characters; no key is that short" if len(self.secret) < SHORTEST else None

    def put_into(self, header: str) -> str:
        """The header's value with the key in place of {key}."""
        return header.replace(_PLACE, self.secret)

    def out_of(self, said: AnyStr) -> AnyStr:
        """The text with {key} in place of the key, in whichever spelling."""
        if isinstance(said, str):
            return self.out_of(said.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")
        for spelling in () if self.problem else self._spellings:
            said = _replaced(spelling, said)
        return said

    @cached_property
    def _spellings(self) -> list[re.Pattern[bytes]]:
        """Patterns for lower-case text, each by itself: one that begins with a letter is fast, alternatives are not."""
        raw = self.secret.encode()
        characters = [_escaped(code) for code in raw.lower()]
        pairs = [b"%02x" % code for code in raw]
        spellings = [b"".join(characters), b"\0".join(characters), _BETWEEN_PAIRS.join(pairs)]
        return [re.compile(spelling) for spelling in (*spellings, *_base64(raw))]


def _replaced(spelling: re.Pattern[bytes], said: bytes) -> bytes:
    kept, end = [], 0
    for found in spelling.finditer(said.lower()):
        kept += [said[end : found.start()], _PLACE.encode()]
        end = found.end()
    return b"".join((*kept, said[end:])) if kept else said


def _escaped(code: int, *others: bytes) -> bytes:
    r"""A pattern for a character: alphanumeric as it is; others also as %2f (%252f), \/, \u002f, \x2f, &#47;, &lt;."""
    plain, digits = bytes([code]), b"%02x" % code
    if plain.isalnum():
        return plain
    spellings = b"|".join(map(re.escape, (plain, *others)))
    escapes = rb"%%(?:25){0,3}%s|&#0{0,4}%d;|&#x0{0,4}%s;|u00%s|x%s" % (digits, code, digits, digits, digits)
    if plain in b"<>&\"'":
        escapes += b"|" + re.escape(html.escape(chr(code)).encode())
    # Each spelling matches in a single way, so that a text that is nearly the key takes no longer than any other.
    return rb"(?:%s|%s{1,4}(?:%s)|%s{0,4}(?:%s))" % (spellings, _BACKSLASH, spellings, _BACKSLASH, escapes)


def _base64(raw: bytes) -> Iterable[bytes]:
    """Patterns for bytes within a longer text in Base64 or base64url: one for each number of bytes before, modulo 3.

    The last digit, which may also hold bits of what follows, may be any; the digit before the first, which holds four
    bits of the key at most, is left in place.
    """
    for before, first in enumerate((0, 2, 3)):
        digits = b64encode(b"\0" * before + raw).rstrip(b"=").lower()
        last = len(digits) - ((before + len(raw)) % 3 > 0)
        inner = b"".join(map(_base64_digit, digits[first:last]))
        yield inner + (_BASE64_DIGIT if last < len(digits) else b"")


def _base64_digit(code: int) -> bytes:
    return _escaped(code, *_URL_DIGITS.get(code, ()))
