"""Files that a page offers for download."""

from dataclasses import dataclass
from datetime import date

from generator.model.offer import Offer


@dataclass(frozen=True, slots=True)
class Download:
    """A file: `name` within the page's folder, `bytes_n` long; `data` is told by its hash."""

    name: str
    media_type: str
    what: str
    bytes_n: int
    sha256: str
    data: bytes


@dataclass(frozen=True, slots=True)
class ProviderOffers:
    """How many offers a provider's own file holds."""

    provider: str
    offers_n: int


@dataclass(frozen=True, slots=True)
class Downloads:
    """All current offers as files, and what is in them: how many, and the first and last day on which one was read."""

    csv: Download
    sqlite: Download
    checksums: Download
    offers_n: int
    providers: tuple[ProviderOffers, ...]
    since: date | None
    until: date | None

    @property
    def files(self) -> tuple[Download, ...]:
        """All files, the table first."""
        return self.csv, self.sqlite, self.checksums


NAMES = {"csv": "offers.csv", "sqlite": "cloudgpus.sqlite", "checksums": "checksums.txt"}
"""The files' names by the formats that they are."""

COLUMNS = tuple(Offer.__dataclass_fields__)
"""The columns of a table of offers."""
