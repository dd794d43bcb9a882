"""sources report: which sources are broken, as text for an issue, and that issue itself."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import click

from generator import processes
from generator.commands.console import print_json, say
from generator.commands.options import json_option, pass_settings
from generator.commands.prepare import prepared
from generator.database import db
from generator.database.clocks import stamp
from generator.database.health import ABSENT
from generator.errors import BuildError
from generator.formats import plural
from generator.prose.characters import seen
from generator.settings import Settings

LABEL, _TITLE = "broken-source", "Sources are broken"
_LONGEST_MESSAGE = 400
_HELD_BACK = {"more_offers", "fewer_offers", "many_price_jump", "many_price_band"}


@dataclass(frozen=True, slots=True)
class SourceState:
    """A provider that was asked: its last job, since when its jobs have failed, its stored offers."""

    slug: str
    name: str
    status: str
    error_code: str | None
    error_message: str | None
    failing_since: datetime | None
    offers: int
    confirmed_at: datetime | None

    @property
    def is_broken(self) -> bool:
        """Whether its last job failed with something that a person could mend."""
        return self.failing_since is not None and self.error_code not in ABSENT


@dataclass(frozen=True, slots=True)
class _Issue:
    number: int
    state: str
    body: str


@click.command()
@click.option(
    "--issue", "keeps_issue", is_flag=True, help="Open, update or close the issue about it on GitHub, with gh."
)
@json_option
@pass_settings
def report(settings: Settings, keeps_issue: bool, as_json: bool) -> None:
    """Report the sources whose last answer could not be used, in Markdown: why, since when, what to do.

    With --issue, the text goes into one issue with the label "broken-source", which is opened, updated, or closed when
    all is well again.  The program gh finds the repository, and a token in GH_TOKEN that may write issues.

    \b
    Examples:
      build.py sources report
      build.py sources report --issue
    """
    with prepared(settings, quiet=True) as connection:
        asked = db.rows(connection, "source_states", SourceState)
    broken = [one for one in asked if one.is_broken]
    text = _text(broken, len(asked), settings.repository)
    done = _keep_issue(text if broken else "") if keeps_issue else ""
    if as_json:
        print_json({"asked": len(asked), "broken": [asdict(one) for one in broken], "issue": done or None})
    else:
        say(done or text)


def _text(broken: Sequence[SourceState], asked: int, repository: str) -> str:
    """The report; the same for as long as the same sources fail with the same words."""
    if not broken:
        return f"{plural(asked, 'source')} asked, none broken."
    head = (
        f"{len(broken)} of {plural(asked, 'source')} could not be read in the last run. The prices that are stored "
        "stay, with their dates, until they are too old. Each run brings this text up to date, and closes the issue "
        "when all is well again."
    )
    meaning = f"What the codes mean: [docs/sources.md]({repository}/blob/HEAD/docs/sources.md#an-answer-is-refused)."
    return "\n\n".join((head, *map(_paragraph, broken), meaning))


def _paragraph(one: SourceState) -> str:
    since = stamp(one.failing_since) if one.failing_since else "an unknown time"
    why = f"`{one.error_code}`" if one.error_code else "its job did not end"
    offers = f"{plural(one.offers, 'offer')} stored"
    up_to = f", confirmed up to {stamp(one.confirmed_at)}" if one.confirmed_at else ""
    command = f"quarantine {one.slug}" if one.error_code in _HELD_BACK else f"probe {one.slug}"
    return (
        f"### {one.name} (`{one.slug}`)\n\n"
        f"Since {since}: {why}; {offers}{up_to}.\n\n"
        f"{_quoted(one.error_message or '')}\n\n"
        f"To see more: `build.py sources {command}`."
    )


def _quoted(words: str) -> str:
    """A provider's words as one line of code, in which Markdown and GitHub see no mention, link or HTML."""
    line = " ".join(seen(words, "?").split())
    cut = line if len(line) <= _LONGEST_MESSAGE else f"{line[:_LONGEST_MESSAGE]} ..."
    return f"    {cut or 'no message'}"


def _keep_issue(text: str) -> str:
    """Bring the issue in line with the report, "" where no source is broken; return what was done."""
    found = _issue()
    if not text:
        return _closed(found)
    if found is None:
        _gh("label", "create", LABEL, "--force", "--color", "B60205", "--description", "A source could not be read")
        address = _gh("issue", "create", "--title", _TITLE, "--label", LABEL, "--body-file", "-", text=text).strip()
        return f"Issue opened: {address}"
    number = str(found.number)
    if found.state != "OPEN":
        _gh("issue", "reopen", number)
    elif found.body.split() == text.split():
        return f"Issue {number} says so already."
    _gh("issue", "edit", number, "--body-file", "-", text=text)
    return f"Issue {number} {'updated' if found.state == 'OPEN' else 'opened again'}."


def _closed(found: _Issue | None) -> str:
    if found is None or found.state != "OPEN":
        return "No source is broken, and no issue is open."
    _gh("issue", "close", str(found.number), "--comment", "All sources could be read again.")
    return f"Issue {found.number} closed: no source is broken."


def _issue() -> _Issue | None:
    """The newest issue with the label, open or closed; outsiders can't set labels."""
    fields = "--json", "number,state,body"
    listed = json.loads(_gh("issue", "list", "--label", LABEL, "--state", "all", "--limit", "1", *fields))
    return _Issue(**listed[0]) if listed else None


def _gh(*arguments: str, text: str = "") -> str:
    """Run gh; return what it printed.  Raises BuildError with its message."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    try:
        with processes.running(["gh", *arguments], text=True, **pipes) as program:
            said, complained = program.communicate(text)
    except FileNotFoundError:
        raise BuildError(
            "gh: not found; expected GitHub's program on PATH; without --issue the report is printed"
        ) from None
    if program.returncode:
        raise BuildError(f"gh {' '.join(arguments[:2])}: {complained.strip() or f'ended with {program.returncode}'}")
    return str(said)
