"""The style sheet, the scripts and the icons, at addresses that change with their bytes.

A folder is one file to the browser: `site.css/` holds the parts of `site.css`, joined in the order of their names.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from generator import urls
from generator.settings import ROOT

FOLDER = ROOT / "templates" / "assets"
_AT_A_FIXED_ADDRESS = {".svg"}
_AT_THE_ROOT = {".ico", ".png"}  # icons that browsers ask for there, whatever the page says


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that pages link to; `path` is where it is served, before any base."""

    name: str
    path: str
    body: bytes

    @property
    def is_lasting(self) -> bool:
        """Whether other bytes would have another address."""
        return Path(self.name).suffix not in _AT_A_FIXED_ADDRESS | _AT_THE_ROOT


@lru_cache(maxsize=1)
def assets() -> Mapping[str, Asset]:
    """The files of `templates/assets/` by name; all but pictures have a hash in their address, for caches."""
    return {file.name: _asset(file) for file in sorted(FOLDER.iterdir())}


def _asset(file: Path) -> Asset:
    body = b"".join(part.read_bytes() for part in sorted(file.iterdir())) if file.is_dir() else file.read_bytes()
    if file.suffix in _AT_THE_ROOT:
        return Asset(file.name, f"/{file.name}", body)
    if file.suffix in _AT_A_FIXED_ADDRESS:
        return Asset(file.name, urls.asset(file.name), body)
    return Asset(file.name, urls.asset(f"{file.stem}.{hashlib.sha256(body).hexdigest()[:10]}{file.suffix}"), body)
