"""A draft as it reads today, for commands that need it checked."""

from generator.database import db
from generator.desk import reading, revisions
from generator.desk.drafts import Draft, Reading
from generator.desk.today import today
from generator.settings import Settings


def read(connection: db.Connection, settings: Settings, draft: Draft) -> Reading:
    """What a draft's facts, claims and checks are today.  Raises BuildError before the first refresh."""
    with today(connection, settings) as (catalogue, site):
        return reading.read(catalogue, draft, site, revisions.others(connection, draft))
