"""The catalogue and the site as they are today, with which drafts are read."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.gather import Snapshot
from generator.database import db
from generator.errors import BuildError
from generator.model.page import Site
from generator.prose import reviewed
from generator.settings import Settings
from generator.site import links, site_catalogue
from generator.site.render import Renderer


@dataclass(frozen=True, slots=True)
class _Settled:
    as_of: datetime | None


@contextmanager
def today(connection: db.Connection, settings: Settings) -> Iterator[tuple[Catalogue, Site]]:
    """The catalogue, which knows the site's addresses, and the site.  Raises BuildError before the first refresh."""
    as_of = settled(connection)
    with db.another(connection) as snapshot:
        yield gathered(snapshot, as_of, settings)


def settled(connection: db.Connection) -> datetime:
    """The instant of the last refresh, up to which all figures are settled now; its transaction has ended."""
    as_of = db.rows(connection, "settle_for_drafts", _Settled)[0].as_of
    if as_of is None:
        raise BuildError("no prices are stored to read drafts with; run build.py refresh")
    connection.commit()
    return as_of


def gathered(connection: db.Connection, as_of: datetime, settings: Settings) -> tuple[Catalogue, Site]:
    """The same as of an instant; the catalogue reads on from the connection, which is in no transaction yet.

    Approved files that no build has imported are as live as they will be.
    """
    files = reviewed.read_all(site_catalogue.CONTENT).texts
    catalogue, _ = site_catalogue.gathered(Snapshot(connection), as_of, files)
    site = site_catalogue.site_of(settings, catalogue)
    return links.with_anchors(site_catalogue.stating(catalogue, site), Renderer(site)), site
