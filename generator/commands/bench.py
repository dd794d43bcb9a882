"""bench: what builds cost."""

from dataclasses import asdict

import click

from generator.bench import measure
from generator.commands.console import print_json, say, table
from generator.commands.options import json_option
from generator.formats import plural


@click.command()
@click.option("--gpus", type=click.IntRange(3), default=100, show_default=True, help="How many GPUs are made up.")
@click.option("--providers", type=click.IntRange(3), default=50, show_default=True, help="How many providers.")
@json_option
def bench(gpus: int, providers: int, as_json: bool) -> None:
    """Measure builds of a made-up catalogue: in full, without a change, with one changed price.

    Times are of this machine, now; compare the ratios.

    \b
    Example:
      build.py bench --gpus 300 --providers 100
    """
    found = measure(gpus, providers)
    if as_json:
        print_json(asdict(found))
        return
    rows = [
        ("full build", found.full, f"{found.pages_per_second:,.0f} pages/s"),
        (
            "writing the same bytes, nothing else",
            found.writing,
            f"1/{found.full / found.writing:.0f} of the full build",
        ),
        ("no change", found.unchanged, f"1/{found.full / found.unchanged:.0f}"),
        (
            "one price changed",
            found.one_changed,
            f"1/{found.full / found.one_changed:.0f}, {found.pages_made_again} pages made",
        ),
    ]
    say(f"{plural(found.pages, 'page')}, {found.bytes / found.pages / 1000:.1f} kB each.")
    table(("", "seconds", "ratio"), [(name, f"{seconds:.2f}", ratio) for name, seconds, ratio in rows])
