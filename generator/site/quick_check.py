"""The check that every page passes as it is made: each link to the site's own pages and files leads to one.

A thorough check (generator/site/checks.py) parses the page, which takes longer than to make it; where a build makes
many pages, it looks at a sample of each page type.
"""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import unquote, urlsplit

from generator import urls

_ADDRESS = re.compile(rb'\s(?:href|src)="([^"#]*)')


class QuickCheck:
    """Remembers the addresses that were found good; `has` says whether there is a page or file at a path."""

    def __init__(self, site_url: str, has: Callable[[str], bool]) -> None:
        self._base = urls.base_path(site_url)
        self._origin = site_url.rstrip("/").removesuffix(self._base)
        self._has = has
        self._good = {b""}

    def broken(self, html: bytes) -> list[str]:
        """The addresses on a page that lead nowhere."""
        new = set(_ADDRESS.findall(html)) - self._good
        broken = [address for address in new if not self._is_good(unescape(address.decode()))]
        self._good |= new - set(broken)
        return sorted(address.decode() for address in broken)

    def _is_good(self, address: str) -> bool:
        inside = address.removeprefix(self._origin) if address.startswith(self._origin + "/") else address
        if not inside.startswith("/") or inside.startswith("//"):
            return bool(urlsplit(inside).scheme)
        return inside.startswith(self._base + "/") and self._has(unquote(inside.removeprefix(self._base)))
