"""A draft as it reads today, for commands that need it checked."""

import importlib
from collections.abc import Callable
from functools import cache

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.gather import Snapshot
from generator.database import db, runs
from generator.desk.drafts import Draft, Reading
from generator.errors import BuildError
from generator.model.page import Site
from generator.settings import Settings
from generator.site import links, site_catalogue
from generator.site.render import Renderer
from generator.site.store import Settled


def read(connection: db.Connection, settings: Settings, draft: Draft) -> Reading:
    """What a draft's facts, claims and checks are today.  Raises BuildError before the first refresh."""
    reader = _reader()
    as_of = runs.last_as_of(connection)
    if as_of is None:
        raise BuildError(f"{draft.slug}: no prices are stored to check it with; run build.py refresh")
    db.rows(connection, "settle_slices", Settled, as_of=as_of)
    connection.commit()
    with db.another(connection) as reading:
        catalogue, _ = site_catalogue.gathered(Snapshot(reading), as_of)
        site = site_catalogue.site_of(settings, catalogue)
        return reader(links.with_anchors(catalogue, Renderer(site)), draft, site)


@cache
def _reader() -> Callable[[Catalogue, Draft, Site], Reading]:
    try:
        found: Callable[[Catalogue, Draft, Site], Reading] = importlib.import_module("generator.desk.reading").read
    except ModuleNotFoundError:
        raise BuildError("this checkout has no checks of drafts") from None
    return found
