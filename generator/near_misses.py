"""What may have been meant by a name that nobody knows."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str:
    """Up to three known names that are like a name, as an error says them: "the nearest: a, b"; "" for none."""
    found = get_close_matches(name.lower(), list(known), 3)
    return f"the nearest: {', '.join(found)}" if found else ""
