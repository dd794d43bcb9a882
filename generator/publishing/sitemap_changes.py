"""Which indexable addresses changed, by the sitemaps before and after."""

import re
from collections.abc import Iterable
from xml.sax.saxutils import unescape

_ENTRY = re.compile(rb"<url><loc>([^<]*)</loc><lastmod>([^<]*)</lastmod></url>")  # as generator/site/sitemaps.py has it


def is_sitemap(path: str) -> bool:
    """Whether a file lists pages."""
    return path.startswith("sitemaps/")


def changed_addresses(before: Iterable[bytes], after: Iterable[bytes]) -> list[str]:
    """The addresses that are new, gone, or have another `lastmod`."""
    old, new = _entries(before), _entries(after)
    return sorted(address for address in old.keys() | new.keys() if old.get(address) != new.get(address))


def _entries(sitemaps: Iterable[bytes]) -> dict[str, bytes]:
    return {unescape(one[1].decode()): one[2] for data in sitemaps for one in _ENTRY.finditer(data)}
