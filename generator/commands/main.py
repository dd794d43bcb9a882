"""build.py itself: the whole job, and the group of its commands."""

from datetime import datetime
from pathlib import Path

import click

from generator import settings as settings_module
from generator.commands import build, content, database, sources
from generator.commands.options import as_of_option, force_option, json_option, out_option, source_option


class Group(click.Group):
    """Commands listed in the order in which they are added."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In order."""
        return list(self.commands)


@click.group(cls=Group, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@source_option
@as_of_option
@force_option
@out_option
@json_option
@click.pass_context
def main(ctx: click.Context, source: str, as_of: datetime | None, force: bool, out: Path | None, as_json: bool) -> None:
    r"""Make a GPU cloud price site.

    Without a command: the whole job.  Prices are refreshed, then the site is rendered into site_output/.
    The database is PostgreSQL; where DATABASE_URL is not set, an embedded server is started.

    \b
    Examples:
      build.py                             refresh what is due, render what changed
      build.py --source recorded           without any network, from the recorded answers
      build.py refresh runpod lambda-labs  two providers only
      build.py render --full --out /tmp/x  every page, into another folder
    """
    ctx.obj = settings_module.load()
    if ctx.invoked_subcommand is None:
        build.whole_job(ctx.obj, source, as_of, force=force, out=out, as_json=as_json)


for command in (
    build.refresh,
    build.render,
    build.check,
    build.serve,
    database.db,
    sources.sources,
    content.content,
    build.bench,
):
    main.add_command(command)
