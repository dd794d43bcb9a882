"""sources captures: list the kept answers, show one, replay or delete them."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import click

from generator.commands.console import print_json, progress, say, say_more, table
from generator.commands.options import INSTANT, MOST_DAYS, json_option, pass_settings
from generator.commands.prepare import prepared
from generator.commands.refresh import version
from generator.database import clocks, db
from generator.formats import plural
from generator.ingest import evidence, replay
from generator.ingest.refresh import named
from generator.ingest.replay import KeptRun, Replayed
from generator.settings import Settings
from scrapers import run
from scrapers.captures import Capture
from scrapers.run import ProviderModule

_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_Runs = list[tuple[ProviderModule, list[KeptRun]]]


@click.command()
@click.argument("providers", nargs=-1, metavar="[PROVIDER]...")
@click.option("--show", metavar="HASH", help="Show the answer whose hash begins with HASH: its request and its body.")
@click.option("--body", is_flag=True, help="With --show: only the body, byte for byte.")
@click.option(
    "--replay", "is_replay", is_flag=True, help="Read each provider's newest answer again, with today's parser."
)
@click.option("--all", "everything", is_flag=True, help="With --replay: every kept answer.")
@click.option("--since", type=INSTANT, help="With --replay: every kept answer since then.")
@click.option("--dry-run", is_flag=True, help="With --replay: say what would change, and change nothing.")
@click.option(
    "--forget", type=click.IntRange(1, MOST_DAYS), metavar="DAYS", help="Delete older answers that no price needs."
)
@click.option("--most", type=click.IntRange(min=1), default=20, show_default=True, help="How many to list.")
@json_option
@pass_settings
def captures(
    settings: Settings,
    providers: tuple[str, ...],
    show: str | None,
    body: bool,
    is_replay: bool,
    everything: bool,
    since: datetime | None,
    dry_run: bool,
    forget: int | None,
    most: int,
    as_json: bool,
) -> None:
    """List the kept answers of providers, show one, or replay them.

    After a parser was fixed, --replay corrects what was stored from an answer, in prices and their history, and says
    what changed.  With --all every answer is replayed, the oldest first, of the named providers or of all: prices that
    were never true leave history too.  --forget keeps the first and the last answer of every price for good.

    \b
    Examples:
      build.py sources captures runpod
      build.py sources captures --show 3fa9c1d2 --body | less
      build.py sources captures scaleway --replay --dry-run
      build.py sources captures scaleway --replay --since 2026-08-01
      build.py sources captures --replay --all
      build.py sources captures --forget 30
    """
    if is_replay and not (providers or everything):
        raise click.UsageError("--replay needs the providers whose answers to replay, or --all")
    _check_options(is_replay=is_replay, everything=everything, since=since, dry_run=dry_run, body=body, show=show)
    modules = named(run.providers(), providers)
    with prepared(settings, quiet=as_json or body) as connection:
        if show:
            _show(evidence.found(connection, show)[0], body=body, as_json=as_json)
        elif is_replay:
            runs = _runs(connection, modules, _EVER if everything else since, are_named=bool(providers))
            _replay(connection, runs, dry_run=dry_run, most=most, as_json=as_json)
        elif forget:
            _forgot(_forget(connection, timedelta(days=forget)), as_json=as_json)
        else:
            found = evidence.listed(connection, providers, most=most)
            _list(found, evidence.kept(connection, providers), as_json=as_json)


def _check_options(
    *,
    is_replay: bool,
    everything: bool,
    since: datetime | None,
    dry_run: bool,
    body: bool,
    show: str | None,
) -> None:
    if (everything or since or dry_run) and not is_replay:
        raise click.UsageError("--all, --since and --dry-run go with --replay")
    if everything and since:
        raise click.UsageError("--all and --since exclude each other; expected one of them")
    if body and not show:
        raise click.UsageError("--body goes with --show HASH")


def _list(found: list[evidence.CaptureLine], kept: int, *, as_json: bool) -> None:
    if as_json:
        print_json([asdict(line) for line in found])
    elif not found:
        say("No answer is kept; build.py refresh fetches some.")
    else:
        headings = ("provider", "answered", "status", "bytes", "hash", "address", "run", "offers", "current")
        table(headings, [_row(line) for line in found])
        say_more(kept, len(found))


def _row(line: evidence.CaptureLine) -> list[object]:
    return [
        line.provider,
        f"{line.fetched_at:%Y-%m-%d %H:%M}{' (recorded)' if line.is_recorded else ''}",
        line.status,
        f"{line.body_bytes:,}",
        line.sha256[:12],
        _short(f"{line.method} {line.url}"),
        line.error_code or line.outcome,
        line.offers,
        line.prices,
    ]


def _short(address: str, most: int = 72) -> str:
    return address if len(address) <= most else f"{address[: most // 2]}...{address[-most // 2 :]}"


def _show(capture: Capture, *, body: bool, as_json: bool) -> None:
    text = capture.body.decode("utf-8", "replace")
    if body:
        sys.stdout.buffer.write(capture.body)
    elif as_json:
        asked = {"method": capture.request.method, "url": capture.request.url}
        print_json({**asked, **_facts(capture), "body": text})
    else:
        say(f"{capture.request.method} {capture.request.url}")
        if capture.request.body:
            say(f"  asked with: {capture.request.body.decode('utf-8', 'replace')}")
        for name, value in _facts(capture).items():
            say(f"  {name.replace('_', ' ')}: {value}")
        say("")
        say(text)


def _facts(capture: Capture) -> dict[str, object]:
    facts: dict[str, object] = {
        "provider": capture.provider,
        "status": capture.status,
        "answered_at": f"{capture.fetched_at:%Y-%m-%d %H:%M:%S} UTC",
        "content_type": capture.content_type,
        "sha256": capture.sha256,
        "bytes": len(capture.body),
        **capture.headers,
        "figures_from": capture.origin,
    }
    return {name: value for name, value in facts.items() if value not in ("", None)}


def _runs(
    connection: db.Connection, modules: Sequence[ProviderModule], since: datetime | None, *, are_named: bool
) -> _Runs:
    """The runs to replay, of the providers that have any.  Raises BuildError for a named one that has none."""
    kept = replay.kept_runs if are_named else replay.runs_kept
    until = clocks.agreed(connection) + clocks.TOLERANCE
    found = [(module, kept(connection, module.PROVIDER.slug, since, until)) for module in modules]
    return [(module, runs) for module, runs in found if runs]


def _replay(connection: db.Connection, kept: _Runs, *, dry_run: bool, most: int, as_json: bool) -> None:
    done: dict[str, list[Replayed]] = {}
    total = sum(len(runs) for _, runs in kept)
    with progress("Replaying answers") as advance:
        for number, (slug, one) in enumerate(_replayed(connection, kept, dry_run=dry_run), 1):
            done.setdefault(slug, []).append(one)
            advance(number, total, f"{slug} {one.observed_at:%Y-%m-%d %H:%M}")
    if as_json:
        print_json({slug: [asdict(one) for one in found] for slug, found in done.items()})
    else:
        for line in _told(done, dry_run=dry_run, most=most):
            say(line)
    if any(one.problem for found in done.values() for one in found):
        raise click.exceptions.Exit(1)


def _replayed(connection: db.Connection, kept: _Runs, *, dry_run: bool) -> Iterator[tuple[str, Replayed]]:
    def clock() -> datetime:
        return datetime.now(UTC)

    for module, runs in kept:
        found = replay.replay(connection, module, runs, version=version(), clock=clock, dry_run=dry_run)
        yield from ((module.PROVIDER.slug, one) for one in found)


def _told(done: Mapping[str, Sequence[Replayed]], *, dry_run: bool, most: int) -> Iterator[str]:
    for slug, found in done.items():
        yield from (f"{_at(one)}  {slug}: left as it is: {one.problem}" for one in found if one.problem)
        changes = [(one, change) for one in found for change in one.changes]
        yield from (f"{_at(one)}  {slug}  {_moved(change)}" for one, change in changes[:most])
        if len(changes) > most:
            more = plural(len(changes) - most, "more change")
            yield f"{slug}: {more}; --most {len(changes)} or --json lists them all."
        changed = {(change.instance_type, change.region) for _, change in changes}
        what = "would be corrected" if dry_run else "corrected"
        yield f"{slug}: {plural(len(found), 'answer')} replayed, {plural(len(changed), 'offer')} {what}."


def _at(one: Replayed) -> str:
    return f"{one.observed_at:%Y-%m-%d %H:%M}"


def _moved(change: replay.Change) -> str:
    where = f"{change.instance_type}{f' in {change.region}' if change.region else ''}"
    return f"{where}: {change.field} {change.before or 'nothing'} -> {change.after or 'nothing'}"


def _forget(connection: db.Connection, age: timedelta) -> int:
    """Delete answers older than `age`; the clock is checked, since one that is ahead would delete all."""
    return evidence.forget(connection, clocks.agreed(connection) - age)


def _forgot(forgotten: int, *, as_json: bool) -> None:
    if as_json:
        print_json({"forgotten": forgotten})
    else:
        say(f"{plural(forgotten, 'answer')} deleted; the first and the last of every price are kept.")
