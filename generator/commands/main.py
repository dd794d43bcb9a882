"""build.py itself: the group of its commands, and its options for the whole job."""

from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from generator import settings
from generator.commands.options import (
    allow_gates_option,
    allow_removals_option,
    as_of_option,
    cluster_option,
    force_option,
    jobs_option,
    json_option,
    out_option,
    source_option,
)
from generator.errors import BuildError

_COMMANDS = {  # in the order of the help
    "refresh": "refresh",
    "render": "render",
    "check": "check",
    "publish": "publish",
    "why": "why",
    "serve": "serve",
    "review": "review",
    "db": "database",
    "sources": "sources",
    "content": "content",
    "bench": "bench",
}


class Group(click.Group):
    """Commands whose modules are imported only when called, since most of a run without changes is start-up."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, in the order of the help."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command with a name; None where there is none."""
        if cmd_name not in _COMMANDS:
            return None
        found: click.Command = getattr(import_module(f"generator.commands.{_COMMANDS[cmd_name]}"), cmd_name)
        return found

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse as click does, but refuse arguments that are not text in UTF-8 and can't be stored or shown."""
        for argument in args:
            if not argument.isascii() and _is_broken(argument):
                ctx.fail(f"{argument!r} is not text in UTF-8")
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Invoke as click does; what the machine refuses, a file or memory, becomes one line."""
        try:
            return super().invoke(ctx)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            raise BuildError(f"{where}{(error.strerror or str(error)).lower()}") from error
        except MemoryError as error:
            raise BuildError("this machine has too little free memory for it") from error


def _is_broken(text: str) -> bool:
    """Whether a text was decoded from bytes that are not UTF-8."""
    return any("\ud800" <= character <= "\udfff" for character in text)


@click.group(cls=Group, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@source_option
@as_of_option
@force_option
@allow_removals_option
@allow_gates_option
@jobs_option
@cluster_option
@out_option
@json_option
@click.pass_context
def main(
    ctx: click.Context,
    source: str,
    as_of: datetime | None,
    force: bool,
    allow_removals: bool,
    allow_gates: bool,
    jobs: int | None,
    cluster: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Make a site of GPU cloud prices.

    Without a command: the whole job.  Prices are refreshed, then the site is rendered into site_output/.
    The database is PostgreSQL; without DATABASE_URL, an embedded server is started.

    \b
    Examples:
      build.py                             refresh what is due, render what changed
      build.py --source recorded           without any network, from the recorded answers
      build.py refresh runpod lambda-labs  two providers only
      build.py render --full --out /tmp/x  every page, into another folder
    """
    if ctx.invoked_subcommand is not None:
        _refuse_misplaced_options(ctx, ctx.invoked_subcommand)
        return
    from generator.commands.build import whole_job  # noqa: PLC0415 (commands don't need it)

    whole_job(
        settings.load(),
        source,
        as_of,
        out,
        force=force,
        allow_removals=allow_removals,
        allow_gates=allow_gates,
        jobs=jobs,
        cluster=cluster,
        as_json=as_json,
    )


def _refuse_misplaced_options(ctx: click.Context, command: str) -> None:
    """Refuse options before a command's name, which are for the whole job and would be ignored silently."""
    for parameter in ctx.command.params:
        if parameter.name and ctx.get_parameter_source(parameter.name) is ParameterSource.COMMANDLINE:
            option = parameter.opts[0]
            ctx.fail(f"{option} comes before {command}; expected it after: build.py {command} {option}")
