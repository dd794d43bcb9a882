"""build.py itself: the whole job, and the group of its commands."""

from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from generator import settings
from generator.commands.options import (
    allow_removals_option,
    as_of_option,
    force_option,
    json_option,
    out_option,
    source_option,
)
from generator.errors import BuildError

_COMMANDS = {  # in the order of the help
    "refresh": "refresh",
    "render": "render",
    "check": "check",
    "serve": "serve",
    "db": "database",
    "sources": "sources",
    "content": "content",
    "bench": "bench",
}


class Group(click.Group):
    """Commands whose modules are imported when they are called: most of a run without changes is start-up."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In order."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name; None where there is none."""
        if cmd_name not in _COMMANDS:
            return None
        found: click.Command = getattr(import_module(f"generator.commands.{_COMMANDS[cmd_name]}"), cmd_name)
        return found

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As always; neither a path nor a word goes on that can't be kept or shown as text."""
        for argument in args:
            if not argument.isascii() and _is_broken(argument):
                ctx.fail(f"{argument!r} is no text in UTF-8")
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """As always; what this machine refuses, a file or memory, is a line."""
        try:
            return super().invoke(ctx)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            raise BuildError(f"{where}{(error.strerror or str(error)).lower()}") from error
        except MemoryError as error:
            raise BuildError("this machine has no memory left for it") from error


def _is_broken(text: str) -> bool:
    """Whether a text came from bytes of another encoding than UTF-8."""
    return any("\ud800" <= character <= "\udfff" for character in text)


@click.group(cls=Group, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@source_option
@as_of_option
@force_option
@allow_removals_option
@out_option
@json_option
@click.pass_context
def main(
    ctx: click.Context,
    source: str,
    as_of: datetime | None,
    force: bool,
    allow_removals: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """Make a GPU cloud price site.

    Without a command: the whole job.  Prices are refreshed, then the site is rendered into site_output/.
    The database is PostgreSQL; where DATABASE_URL is not set, an embedded server is started.

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
    from generator.commands.build import whole_job  # noqa: PLC0415 (a command of its own does without)

    whole_job(settings.load(), source, as_of, out, force=force, allow_removals=allow_removals, as_json=as_json)


def _refuse_misplaced_options(ctx: click.Context, command: str) -> None:
    """Options before a command's name are of the whole job: they would be ignored in silence."""
    for parameter in ctx.command.params:
        if parameter.name and ctx.get_parameter_source(parameter.name) is ParameterSource.COMMANDLINE:
            option = parameter.opts[0]
            ctx.fail(f"{option} stands before {command}; expected it after: build.py {command} {option}")
