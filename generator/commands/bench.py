"""bench: how fast builds, the database and refreshes are."""

from dataclasses import asdict

import click

from generator.bench import builds, refreshes
from generator.bench import database as database_bench
from generator.bench.made_up_site import Size
from generator.commands.console import print_json, say, table
from generator.commands.options import json_option, pass_settings
from generator.database import db
from generator.formats import plural
from generator.settings import Settings

_FIFTH, _MOST_MB = 0.2, 300


@click.command()
@click.option(
    "--pages", type=click.IntRange(100), default=1_000, show_default=True, help="About how many pages the site has."
)
@click.option("--rounds", type=click.IntRange(1), default=3, show_default=True, help="How often to measure builds.")
@click.option("--database", is_flag=True, help="Measure the database instead, against the first draft of its schema.")
@click.option(
    "--rows", type=click.IntRange(1), default=1_000_000, show_default=True, help="Rows of history, with --database."
)
@click.option(
    "--offers", type=click.IntRange(1), default=20_000, show_default=True, help="Offers of a run, with --database."
)
@click.option(
    "--sources", is_flag=True, help="Measure a refresh of all providers instead, from their recorded answers."
)
@click.option(
    "--answer-ms",
    type=click.IntRange(0),
    default=500,
    show_default=True,
    help="Milliseconds that each answer takes, with --sources.",
)
@json_option
@pass_settings
def bench(
    settings: Settings,
    pages: int,
    rounds: int,
    database: bool,
    rows: int,
    offers: int,
    sources: bool,
    answer_ms: int,
    as_json: bool,
) -> None:
    """Measure builds of a made-up site: in full, without a change, with one changed price or template, on a new day.

    Each is a process of its own, measured from its start to its end, with the database.  The catalogue is made in a
    database that is dropped again (the user has to be a superuser); its pages are as large as the real site's, however
    many there are.  What they are compared with: just writing the same bytes, a plain Jinja2 loop over the same
    models, and a bare Python that connects and runs one query.

    With --database: how fast a provider's offers are stored and trends are read, and how much disk history takes, in
    two databases that are made on the server in use and dropped again.

    With --sources: how long a refresh of all providers takes, all at once and one after the other, and the memory it
    needs; also in databases that are dropped again.

    Times depend on the machine; compare the ratios.

    \b
    Examples:
      build.py bench
      build.py bench --pages 50000 --rounds 1
      build.py bench --database --rows 10000000   up to an hour, 10 GB of disk
      build.py bench --sources
    """
    if sources:
        _sources(settings, answer_ms, as_json=as_json)
    elif database:
        _database(settings, rows, offers, as_json=as_json)
    else:
        _pages(settings, pages, rounds, as_json=as_json)


def _database(settings: Settings, rows: int, offers: int, *, as_json: bool) -> None:
    sizes = database_bench.Sizes(one_provider=offers, each_provider=max(1, offers // 20), rows=rows)
    found = database_bench.measure(db.url(settings), sizes, lambda step: say(f"... {step}", quiet=True))
    if as_json:
        print_json([{**asdict(one), "ratio": one.ratio, "is_met": one.is_met} for one in found])
        return
    headings = ("", "ours", "first draft", "ratio", "at least", "")
    table(
        headings,
        [
            (one.what, one.shown(one.ours), one.shown(one.document), f"{one.ratio:.1f}", one.bar, _verdict(one.is_met))
            for one in found
        ],
    )


def _sources(settings: Settings, answer_ms: int, *, as_json: bool) -> None:
    found = refreshes.measure(db.url(settings), answer_ms / 1000, lambda step: say(f"... {step}", quiet=True))
    if as_json:
        print_json({**asdict(found), "share": found.share})
        return
    say(f"{plural(found.providers, 'provider')}, {found.offers:,} offers, each answer after {answer_ms} ms.")
    rows = [
        ("one after the other", f"{found.one_by_one:.2f} s", "", ""),
        ("at once", f"{found.at_once:.2f} s", f"{found.share:.3f} of it", _verdict(found.share < _FIFTH)),
        ("peak memory", f"{found.peak_mb:.0f} MB", f"at most {_MOST_MB}", _verdict(found.peak_mb < _MOST_MB)),
    ]
    table(("", "", "", ""), rows)


def _verdict(is_met: bool) -> str:
    return "" if is_met else "missed"


def _pages(settings: Settings, pages: int, rounds: int, *, as_json: bool) -> None:
    size = Size.of(pages)
    found = builds.measure(db.url(settings), size, rounds, lambda step: say(f"... {step}", quiet=True))
    if as_json:
        print_json({**asdict(found), "ratios": found.ratios})
        return
    say(
        f"{plural(found.pages, 'page')}, {found.page_bytes / found.pages / 1000:.1f} kB each; "
        f"{size.members:,} GPUs, as many providers; medians of {plural(found.rounds, 'round')}."
    )
    headings = ("", "seconds", "CPU s", "pages made", "pages changed", "files", "peak MB")
    table(headings, [(name, *_cells(one)) for name, one in found.builds.items()])
    full = found.builds["full"]
    yardsticks = [
        ("full build", f"{found.pages / full.seconds:,.0f} pages/s"),
        ("writing the same bytes", f"{found.writing:.3f} s"),
        ("a plain Jinja2 loop", f"{1 / found.loop_page:,.0f} pages/s"),
        ("a bare Python with one query", f"{found.bare:.3f} s"),
        *((name, f"{ratio:.3g}") for name, ratio in found.ratios.items()),
    ]
    table(("", ""), yardsticks)


def _cells(one: builds.Build) -> tuple[str, ...]:
    return (
        f"{one.seconds:.2f}",
        f"{one.cpu_seconds:.2f}",
        f"{one.made:,}",
        f"{one.changed:,}",
        f"{one.files:,}",
        f"{one.peak_mb:.0f}",
    )
