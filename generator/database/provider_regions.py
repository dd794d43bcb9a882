"""The providers' regions in the database: those from the scrapers' lists, and those of stored offers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from generator.database import db
from scrapers.regions import Place, regions


@dataclass(frozen=True, slots=True)
class OfferRegion:
    """A region in which offers are available, and how many."""

    provider: str
    region: str
    offers: int

    @property
    def place(self) -> Place | None:
        """Where it is; None where that is unknown."""
        return regions().place(self.provider, self.region)


def of_offers(connection: db.Connection) -> list[OfferRegion]:
    """The regions of all active offers, by provider."""
    return db.rows(connection, "regions_of_offers", OfferRegion)


def load_listed(connection: db.Connection) -> int:
    """Bring the database in line with the lists, and retire what is in none; return how many rows changed."""
    rows = db.json([_row(provider, place) for (provider, _), place in regions().listed.items()])
    return db.execute(connection, "save_regions", rows=rows) + db.execute(connection, "retire_regions", rows=rows)


def learn(connection: db.Connection) -> int:
    """Store the regions of offers whose code says where they are; return how many were new."""
    return db.execute(connection, "save_regions", rows=db.json(list(_read_off(of_offers(connection)))))


def _read_off(found: Iterable[OfferRegion]) -> Iterable[dict[str, Any]]:
    for one in found:
        if one.place and one.place.region == one.region and (one.provider, one.region) not in regions().listed:
            yield _row(one.provider, one.place)


def _row(provider: str, place: Place) -> dict[str, Any]:
    return {
        "provider": provider,
        "region": place.region,
        "name": place.name,
        "country": place.country,
        "continent": place.continent,
        "source_url": place.source_url,
        "checked_on": place.checked_on,
    }
