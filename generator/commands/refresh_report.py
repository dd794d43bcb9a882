"""The report of a refresh: live on a terminal, a line per provider elsewhere, and a table at the end."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from generator.commands.console import say, table
from generator.formats import plural
from generator.ingest.outcome import Outcome

OnDone = Callable[[Outcome, int], None]

HEADINGS = ("provider", "prices", "found", "new", "changed", "gone", "held back", "unknown names", "seconds", "kB", "")
_STATES = {"live": "live", "recorded": "recorded", "kept": "the last ones", "none": "none"}
_AROUND = 6  # lines of a terminal that are not rows


def report(outcomes: tuple[Outcome, ...], *, quiet: bool) -> None:
    """Print the table of a refresh, by provider; nothing where standard output is for a machine."""
    if outcomes and not quiet:
        table(HEADINGS, [_row(one) for one in sorted(outcomes, key=lambda one: one.provider)])


@contextmanager
def watching(*, quiet: bool) -> Iterator[OnDone]:
    """Report each provider as it is done: in a growing table on a terminal, in plain lines elsewhere."""
    if sys.stderr.isatty():
        with _live_table() as on_done:
            yield on_done
    else:
        yield lambda outcome, _: say(_line(outcome), quiet=quiet)


@contextmanager
def _live_table() -> Iterator[OnDone]:
    from rich.console import Console  # noqa: PLC0415 (saves a run without a terminal 70 ms)
    from rich.live import Live  # noqa: PLC0415

    console, done = Console(stderr=True), list[Outcome]()
    with Live(console=console, transient=True, refresh_per_second=8) as live:

        def on_done(outcome: Outcome, total: int) -> None:
            done.append(outcome)
            live.update(_board(done, total, max(3, console.height - _AROUND)))

        yield on_done


def _board(done: list[Outcome], total: int, rows: int) -> Any:
    """The newest rows, and the progress."""
    from rich.console import Group  # noqa: PLC0415
    from rich.progress_bar import ProgressBar  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    made = Table(box=None, pad_edge=False, header_style="bold")
    for heading in HEADINGS:
        made.add_column(heading, no_wrap=True, justify="left" if heading in ("provider", "prices", "") else "right")
    for one in done[-rows:]:
        made.add_row(*(Text(str(cell)) for cell in _row(one)))
    bar = ProgressBar(total=total, completed=len(done), width=40)
    return Group(made, bar, Text(f"{len(done)} of {plural(total, 'provider')}"))


def _row(one: Outcome) -> list[object]:
    counts = (one.found, one.created, one.updated, one.deactivated, one.held_back, one.unmapped_n)
    return [
        one.provider,
        _STATES[one.state],
        *(f"{count:,}" if count else "" for count in counts),
        f"{one.seconds:.1f}",
        f"{one.bytes / 1000:,.1f}" if one.bytes else "",
        one.error_code or "",
    ]


def _line(one: Outcome) -> str:
    if one.state in ("kept", "none"):
        return f"{one.provider}: prices {_STATES[one.state]}; {one.error_code}"
    counts = (
        (one.created, "new"),
        (one.updated, "changed"),
        (one.deactivated, "gone"),
        (one.held_back, "held back"),
        (one.unmapped_n, "unknown names"),
    )
    told = "".join(f", {count:,} {what}" for count, what in counts if count)
    return f"{one.provider}: {plural(one.found, 'offer')} {_STATES[one.state]}{told}; {one.seconds:.1f} s"
