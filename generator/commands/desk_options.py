"""What commands about texts share: who acts, on which page and revision, and how the result is told."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click

from generator.commands.console import print_json, say
from generator.commands.options import INSTANT, WORDS
from generator.commands.prepare import prepared
from generator.database import clocks, db
from generator.desk import revisions, states
from generator.settings import Settings

slug_argument = click.argument("slug", type=WORDS)
actor_option = click.option(
    "--actor", default=getpass.getuser, type=WORDS, help="Who does it, by name.  [default: the login name]"
)
revision_option = click.option(
    "--revision", type=click.IntRange(min=1), help="Which revision; refused unless it is the newest.  [default: newest]"
)
comment_option = click.option("--comment", default="", type=WORDS, help="What to say about it.")
reason_option = click.option("--reason", type=click.Choice(states.REASONS), required=True, help="Why, as a code.")
why_option = click.option("--comment", required=True, type=WORDS, help="Why, in words.")
file_option = click.option(
    "--file", type=click.Path(path_type=str, dir_okay=False), help="Take the text from this file instead of an editor."
)
time_type = INSTANT


@contextmanager
def at_desk(settings: Settings) -> Iterator[tuple[db.Connection, datetime]]:
    """A connection, and now (UTC) by a clock that agrees with the server's."""
    with prepared(settings, quiet=True) as connection:
        now = clocks.agreed(connection)
        connection.commit()
        yield connection, now


def page_of(connection: db.Connection, slug: str) -> str:
    """The slug of a page by its last part, as "guides/spot" for "spot"; as given where that is not one page."""
    bare = slug.strip("/").removesuffix(".md") or "home"
    known = [one.slug for one in states.states(connection)]
    meant = [one for one in known if one.rpartition("/")[2] == bare]
    connection.commit()
    return meant[0] if bare not in known and len(meant) == 1 else bare


def number_of(connection: db.Connection, slug: str, number: int | None) -> int:
    """The revision that is meant: this one, or the newest.  Raises Refused where the page has none."""
    found = number or revisions.revision(connection, slug).number
    connection.commit()
    return found


def tell(connection: db.Connection, slug: str, done: str, seq: int | None, *, as_json: bool, **more: Any) -> None:
    """Say what was done, and the number of its audit row."""
    found = states.state_or_none(connection, slug)
    connection.commit()
    if as_json:
        is_published = found is not None and found.live_revision is not None
        page = {"state": found.state, "revision": found.revision} if found else {}
        print_json({"slug": slug, "is_published": is_published, "audit": seq, **page, **more})
    else:
        say(f"{slug}: {done}" + (f" (audit {seq})." if seq else "."))
