"""Invisible characters: controls, marks that change the direction of writing, zero-width characters, lone surrogates.

In a name they make two different names look alike, or reverse the rest of a line, so no page shows them.  A terminal
obeys some of them: it clears the screen, or overwrites what was printed.
"""

import re

_CLASS = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufeff"
)
_UNSEEN = re.compile(f"[{_CLASS}]+")
_PLAIN = b"\t\n\r" + bytes(range(0x20, 0x7F))
_NOT_FOR_TERMINALS = re.compile(f"[{_CLASS}\u2028\u2029]|\r(?!\n)")


def seen(text: str, instead: str = "") -> str:
    """A text without invisible characters; a run of them becomes `instead`.  Line ends and tabs stay."""
    return text if text.replace("\n", "").isprintable() else _UNSEEN.sub(instead, text)  # ten times as fast on a page


def seen_bytes(text: str) -> bytes:
    """A long text in UTF-8, without invisible characters."""
    data = text.encode("utf-8", "surrogatepass")
    others = data.translate(None, _PLAIN).decode("utf-8", "surrogatepass")
    return data if others.isprintable() else seen(text).encode()


def escaped(text: str) -> str:
    r"""A text that is safe for a terminal: invisible characters are written like \u202e, which is valid in JSON too."""
    return text if text.isprintable() else _NOT_FOR_TERMINALS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
