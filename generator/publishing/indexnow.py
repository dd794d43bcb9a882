"""IndexNow: search engines are told which addresses changed (indexnow.org)."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from generator import urls

MOST = 10_000  # addresses in one request
_PATIENCE = 30  # seconds
_TAKEN = {200, 202}


@dataclass(frozen=True, slots=True)
class IndexNow:
    """Sends addresses of the site; the key's file, which shows that the site is ours, is published with it."""

    endpoint: str
    key: str
    site_url: str

    def __call__(self, addresses: Sequence[str]) -> tuple[list[str], str]:
        """Send the addresses; returns those that were not taken, and why."""
        for start in range(0, len(addresses), MOST):
            if problem := self._send(addresses[start : start + MOST]):
                return list(addresses[start:]), problem
        return [], ""

    def _send(self, addresses: Sequence[str]) -> str:
        """Send one batch; returns what went wrong."""
        said = {
            "host": urlsplit(self.site_url).netloc,
            "key": self.key,
            "keyLocation": urls.absolute(self.site_url, f"/{key_file(self.key)}"),
            "urlList": list(addresses),
        }
        try:
            status = httpx.post(self.endpoint, json=said, timeout=_PATIENCE).status_code
        except httpx.HTTPError as error:
            return type(error).__name__
        return "" if status in _TAKEN else f"status {status}"


def key_file(key: str) -> str:
    """The file that holds the key, at the root of the site."""
    return f"{key}.txt"
