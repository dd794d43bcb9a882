"""publish: take the site to where it is served."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from generator.commands.console import print_json, progress, say, table
from generator.commands.options import json_option, out_option, pass_settings
from generator.database import db
from generator.desk.states import stale_since
from generator.errors import BuildError
from generator.formats import plural
from generator.publishing import publish as publishing
from generator.publishing.built_site import built_site
from generator.publishing.generations import MARK, read_mark
from generator.publishing.indexnow import IndexNow, key_file
from generator.publishing.last_build import Allowed, last_build, refuse
from generator.publishing.publish import Content, Published, SearchEngines
from generator.publishing.rollback import earlier, published
from generator.publishing.stores import Store, is_address, store_at
from generator.settings import ROOT, Settings

_NEWEST = "newest"
_GENERATION = re.compile("[0-9a-f-]{1,36}")


@click.command()
@click.argument("destination", required=False)
@out_option
@click.option("--keep", type=click.IntRange(1, 100), default=3, show_default=True, help="Generations to keep there.")
@click.option("--rollback", is_flag=False, flag_value=_NEWEST, metavar="[GENERATION]", help="Back to an earlier one.")
@click.option("--list", "lists", is_flag=True, help="List the generations that are kept there.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--allow-older", is_flag=True, help="Publish although the published site is newer.")
@click.option("--allow-recorded", is_flag=True, help="Publish although every price is recorded.")
@click.option("--allow-default-address", is_flag=True, help="Publish although CLOUDGPUS_SITE_URL is not set.")
@click.option("--allow-few-providers", is_flag=True, help="Publish although few providers have a fresh price.")
@click.option("--allow-stale-texts", is_flag=True, help="Publish although many reviewed texts became stale at once.")
@json_option
@pass_settings
def publish(
    settings: Settings,
    destination: str | None,
    out: Path | None,
    keep: int,
    rollback: str | None,
    lists: bool,
    dry_run: bool,
    allow_older: bool,
    allow_recorded: bool,
    allow_default_address: bool,
    allow_few_providers: bool,
    allow_stale_texts: bool,
    as_json: bool,
) -> None:
    """Publish the site to a folder or an S3-compatible store; CLOUDGPUS_PUBLISH_TO is the default DESTINATION.

    Only files that changed are put there, in an order in which readers always get a whole page with its style sheet.
    A publish that was killed is finished by the next one.

    \b
    Examples:
      build.py publish s3://bucket/prefix       endpoint, region and keys from the AWS_* variables
      build.py publish /srv/www/gpus            with compressed siblings, as nginx and Caddy serve them
      build.py publish --dry-run
      build.py publish --rollback               back to the generation before
      build.py publish /srv/www/gpus --rollback 3f2a91c0
      build.py publish --list
    """
    if lists and (rollback or dry_run):
        raise click.UsageError("--list excludes --rollback and --dry-run")
    if rollback and rollback != _NEWEST and not _GENERATION.fullmatch(rollback):
        raise click.UsageError(f"--rollback {rollback!r}: expected the beginning of a generation, such as 3f2a91c0")
    store = _store(settings, destination, out or settings.output_dir)
    if lists:
        return _list(store, as_json=as_json)
    allowed = Allowed(allow_older, allow_recorded, allow_default_address, allow_few_providers, allow_stale_texts)
    with _content(settings, store, out, rollback, allowed) as (content, send):
        if dry_run:
            return _tell(publishing.look(store, content), as_json=as_json)
        with progress("Publishing") as advance:
            done = publishing.publish(store, content, keep, send, lambda number, total: advance(number, total, ""))
    return _tell(done, as_json=as_json)


def _store(settings: Settings, destination: str | None, out: Path) -> Store:
    """The destination's store."""
    destination = destination or settings.publish_to
    if not destination:
        raise click.UsageError("no destination; name one, or set CLOUDGPUS_PUBLISH_TO")
    if not is_address(destination):
        _refuse_ours(Path(destination).expanduser().resolve(), out.resolve(), settings.data_dir.resolve())
    return store_at(destination, settings.store_access(), settings.compress)


def _refuse_ours(folder: Path, out: Path, data_dir: Path) -> None:
    """Raise BuildError for a folder that holds the output folder, files of the project or its database."""
    holds = any(one.is_relative_to(folder) for one in (out, ROOT, data_dir)) or folder.is_relative_to(out)
    is_near = any(folder.is_relative_to(one) for one in (ROOT, data_dir))
    if holds or (is_near and folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).exists()):
        raise BuildError(f"{folder}: holds the output folder, or files of the project or its database; name another")


@contextmanager
def _content(
    settings: Settings, store: Store, out: Path | None, rollback: str | None, allowed: Allowed
) -> Iterator[tuple[Content, SearchEngines | None]]:
    """What to publish, and who tells search engines."""
    if rollback:
        yield earlier(store, "" if rollback == _NEWEST else rollback), _search_engines(settings, settings.site_url)
        return
    mark = read_mark(store)
    with db.connect(db.url(settings)) as connection:
        build = last_build(connection)
        stale = stale_since(connection, mark.current.as_of if mark else None)
    refuse(build, mark, stale, settings, allowed)
    key = settings.indexnow_key
    added = {key_file(key): key.encode()} if key else {}
    with built_site(out or settings.output_dir, build, added) as content:
        yield content, _search_engines(settings, build.site_url)


def _search_engines(settings: Settings, site_url: str) -> SearchEngines | None:
    """Who tells search engines; nobody without a key, or for a site that they can't reach."""
    key, default = settings.indexnow_key, Settings.model_fields["site_url"].default
    return IndexNow(settings.indexnow_endpoint, key, site_url) if key and site_url != default else None


def _list(store: Store, *, as_json: bool) -> None:
    mark = published(store)
    if as_json:
        print_json([asdict(one) for one in mark.all])
        return
    rows = [
        (one.generation[:8], f"{one.as_of:%Y-%m-%d %H:%M}", f"{one.published_at:%Y-%m-%d %H:%M}", f"{one.pages:,}")
        for one in mark.all
    ]
    table(("generation", "as of", "published", "pages"), rows)


def _tell(done: Published, *, as_json: bool) -> None:
    if as_json:
        return print_json(asdict(done))
    would = "would be " if done.is_dry_run else ""
    resumed = f", {done.resumed:,} there from a publish that was killed" if done.resumed else ""
    copied = f", {done.copied:,} put by the cluster that made them" if done.copied else ""
    put = f"{plural(done.put, 'file')} {would}put ({done.put_bytes / 1000:,.0f} kB)"
    say(
        f"{done.destination}: {put}{resumed}{copied}, "
        f"{done.deleted:,} {would}removed, {done.unchanged:,} unchanged; "
        f"generation {done.generation[:8]}, as of {done.as_of:%Y-%m-%d %H:%M} UTC."
    )
    if done.sent:
        say(f"IndexNow: {plural(len(done.sent), 'address', 'addresses')} sent.")
    if done.unsent:
        left = plural(len(done.unsent), "address", "addresses")
        say(f"IndexNow: {left} not sent ({done.problem}); the next publish tries again.")
    return None
