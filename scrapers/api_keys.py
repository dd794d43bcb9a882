"""A provider's key, and how it is taken out of all that comes back.

A server may repeat the key it was sent: as it is, in capitals, escaped for an address, for JSON or for HTML, in UTF-16,
in hexadecimal digits, or within a longer text in Base64.  None of these is kept or said: {key} stands in their place.
"""

import html
import re
from base64 import b64encode
from collections.abc import Iterable
from functools import cached_property
from typing import AnyStr

SHORTEST = 8
"""Characters of the shortest key that is sent: a shorter one would be found in innocent words."""

_PLACE = "{key}"
_BASE64_DIGIT = rb"[a-z0-9+/_-]"
_URL_DIGITS = {ord("+"): (b"-",), ord("/"): (b"_",)}
_BACKSLASH = rb"(?:\\|%(?:25){0,3}5c)"
# What may part two hexadecimal pairs: \u00, \x, %, &#x and ;, a colon, a blank.
_BETWEEN_PAIRS = rb"[^0-9a-f]{0,4}(?:00)?"


class ApiKey:
    """A provider's key as it was configured, without blanks around it."""

    def __init__(self, stated: str) -> None:
        self.secret = stated.strip()

    @property
    def problem(self) -> str | None:
        """Why it can't be a key, without any of it; None where it can."""
        if not (self.secret.isascii() and self.secret.isprintable()) or "\\" in self.secret:
            return "has characters that no key has"
        return f"has less than {SHORTEST} characters; no key is that short" if len(self.secret) < SHORTEST else None

    def put_into(self, header: str) -> str:
        """A header's value with the key where {key} stands."""
        return header.replace(_PLACE, self.secret)

    def out_of(self, said: AnyStr) -> AnyStr:
        """What was said, with {key} wherever the key stood in any of its spellings."""
        if isinstance(said, str):
            return self.out_of(said.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")
        for spelling in () if self.problem else self._spellings:
            said = _replaced(spelling, said)
        return said

    @cached_property
    def _spellings(self) -> list[re.Pattern[bytes]]:
        """Of lower case, one by one: a pattern that begins with a letter is found fast, alternatives are not."""
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
    r"""A pattern for a character, whether a letter, or as %2f (also %252f), \/, \u002f, \x2f, &#47;, &#x2f; or &lt;."""
    plain, digits = bytes([code]), b"%02x" % code
    if plain.isalnum():
        return plain
    spellings = b"|".join(map(re.escape, (plain, *others)))
    escapes = rb"%%(?:25){0,3}%s|&#0{0,4}%d;|&#x0{0,4}%s;|u00%s|x%s" % (digits, code, digits, digits, digits)
    if plain in b"<>&\"'":
        escapes += b"|" + re.escape(html.escape(chr(code)).encode())
    # What is written in one way matches in one way: a text that is nearly the key takes no longer than another.
    return rb"(?:%s|%s{1,4}(?:%s)|%s{0,4}(?:%s))" % (spellings, _BACKSLASH, spellings, _BACKSLASH, escapes)


def _base64(raw: bytes) -> Iterable[bytes]:
    """Patterns for a text within a longer one in Base64 or base64url, by how many bytes stand before it modulo 3.

    The last digit, which may hold bits of what follows too, is matched whatever it is; the one before the first, with
    four bits of the text at most, is left.
    """
    for before, first in enumerate((0, 2, 3)):
        digits = b64encode(b"\0" * before + raw).rstrip(b"=").lower()
        last = len(digits) - ((before + len(raw)) % 3 > 0)
        inner = b"".join(map(_base64_digit, digits[first:last]))
        yield inner + (_BASE64_DIGIT if last < len(digits) else b"")


def _base64_digit(code: int) -> bytes:
    return _escaped(code, *_URL_DIGITS.get(code, ()))
