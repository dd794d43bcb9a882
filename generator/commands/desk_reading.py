"""A draft as it reads today, for commands that need it checked."""

from generator.catalogue.gather import Snapshot
from generator.database import db, runs
from generator.desk import reading
from generator.desk.drafts import Draft, Reading
from generator.errors import BuildError
from generator.settings import Settings
from generator.site import links, site_catalogue
from generator.site.render import Renderer
from generator.site.store import Settled


def read(connection: db.Connection, settings: Settings, draft: Draft) -> Reading:
    """What a draft's facts, claims and checks are today.  Raises BuildError before the first refresh."""
    as_of = runs.last_as_of(connection)
    if as_of is None:
        raise BuildError(f"{draft.slug}: no prices are stored to check it with; run build.py refresh")
    db.rows(connection, "settle_slices", Settled, as_of=as_of)
    connection.commit()
    with db.another(connection) as snapshot:
        catalogue, _ = site_catalogue.gathered(Snapshot(snapshot), as_of)
        site = site_catalogue.site_of(settings, catalogue)
        return reading.read(links.with_anchors(catalogue, Renderer(site)), draft, site)
