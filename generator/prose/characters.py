"""Characters that nobody sees: controls, marks that turn the writing around, widths of nothing, halves of characters.

In a name they make two things look alike that are not, or turn the rest of a line around; no page shows them.  A
terminal obeys some of them: it clears the screen, or writes over what was said.
"""

import re

_CLASS = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufeff"
)
_UNSEEN = re.compile(f"[{_CLASS}]+")
_NOT_FOR_TERMINALS = re.compile(f"[{_CLASS}\u2028\u2029]|\r(?!\n)")


def seen(text: str, instead: str = "") -> str:
    """A text without what nobody sees; a run of it becomes `instead`.  Line ends and tabs stay."""
    return text if text.replace("\n", "").isprintable() else _UNSEEN.sub(instead, text)  # ten times as fast on a page


def escaped(text: str) -> str:
    r"""A text as a terminal may have it: what nobody sees is written as \u202e, which JSON understands too."""
    return text if text.isprintable() else _NOT_FOR_TERMINALS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
