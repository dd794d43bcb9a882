"""Where a link within the site may lead, as the view of link targets asks for it."""

from typing import Protocol


class Addresses(Protocol):
    """What a build knows of its pages (generator/site/links.py)."""

    def has(self, path: str, anchor: str = "") -> bool:
        """Whether there is a page or file at a path, and on it the anchor that a link names after "#"."""
        ...


class NoAddresses:
    """Those of no site."""

    def has(self, path: str, anchor: str = "") -> bool:
        """No page is anywhere."""
        return False
