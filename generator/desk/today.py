"""The catalogue and the site as they are today, with which drafts are read."""

from collections.abc import Iterator
from contextlib import contextmanager

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.gather import Snapshot
from generator.database import db, runs
from generator.errors import BuildError
from generator.model.page import Site
from generator.settings import Settings
from generator.site import links, site_catalogue
from generator.site.render import Renderer
from generator.site.store import Settled


@contextmanager
def today(connection: db.Connection, settings: Settings) -> Iterator[tuple[Catalogue, Site]]:
    """The catalogue, which knows the site's addresses, and the site.  Raises BuildError before the first refresh."""
    as_of = runs.last_as_of(connection)
    if as_of is None:
        raise BuildError("no prices are stored to check texts with; run build.py refresh")
    db.rows(connection, "settle_slices", Settled, as_of=as_of)
    connection.commit()
    with db.another(connection) as snapshot:
        catalogue, _ = site_catalogue.gathered(Snapshot(snapshot), as_of)
        site = site_catalogue.site_of(settings, catalogue)
        yield links.with_anchors(site_catalogue.stating(catalogue, site), Renderer(site)), site
