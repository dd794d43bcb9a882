"""db: schema, address, prompt; the group of all commands on the database."""

import re
from dataclasses import asdict

import click

from generator import processes
from generator.commands.backup_places import new_key
from generator.commands.console import print_json, say, table
from generator.commands.database_backup import backup, restore, upgrade
from generator.commands.database_health import health, size, stale
from generator.commands.database_history import adopt_history, partitions, rollups
from generator.commands.database_report import report
from generator.commands.options import json_option, pass_settings
from generator.commands.prepare import brought
from generator.database import db as database
from generator.database import embedded, migrations, programs, seeds
from generator.formats import plural
from generator.settings import Settings

# -c or -f, alone or behind options without a value, as in -Atc.
_COMMANDS = re.compile(r"-[abeqstwxAEHLNSX01]*[cf]|--(command|file)\b")


@click.group()
def db() -> None:
    """The database: schema, address, a prompt, backups, history, health.

    \b
    Examples:
      build.py db status
      build.py db psql -- -c "select count(*) from instances"
      build.py db health
    """


for command in (backup, restore, new_key, upgrade, partitions, rollups, adopt_history, health, stale, size, report):
    db.add_command(command)


@db.command()
@json_option
@pass_settings
def migrate(settings: Settings, as_json: bool) -> None:
    """Bring the schema, its functions and the seeds up to date.

    \b
    Example:
      build.py db migrate
    """
    url = database.url(settings)
    applied = migrations.migrate(url)
    with database.connect(url) as connection:
        seeded = seeds.seed(connection)
    if as_json:
        print_json({"applied": applied.migrations, "functions": applied.functions, "seeded": asdict(seeded)})
    else:
        say(f"{brought(applied)} applied. Seeds: {seeded}.")


@db.command()
@click.option("--to", metavar="ID", help="Keep this migration and those before it.  [default: none]")
@click.option("--yes", is_flag=True, help="Don't ask.")
@json_option
@pass_settings
def rollback(settings: Settings, to: str | None, yes: bool, as_json: bool) -> None:
    """Undo migrations, all of them without --to.  Their data are lost.

    \b
    Examples:
      build.py db rollback --to 0007
      build.py db rollback --yes
    """
    if not yes:
        click.confirm("This deletes data" + (f" newer than {to}" if to else ", all of it") + ". Go on?", abort=True)
    undone = migrations.rollback(database.url(settings), to)
    print_json(undone) if as_json else say(f"{plural(len(undone), 'migration')} undone.")


@db.command()
@json_option
@pass_settings
def status(settings: Settings, as_json: bool) -> None:
    """List migrations, and functions that differ from this checkout; exit status 1 where any are pending.

    \b
    Example:
      build.py db status --json
    """
    address = database.url(settings)
    found = migrations.status(address)
    functions = migrations.pending_functions(address)
    if as_json:
        print_json({"migrations": [asdict(migration) for migration in found], "functions": functions})
    else:
        rows = [(one.id, one.applied_at or "pending") for one in found]
        table(("migration", "applied"), rows + [(f"functions/{name}", "pending") for name in functions])
    if functions or any(one.applied_at is None for one in found):
        raise click.exceptions.Exit(1)


@db.command()
@json_option
@pass_settings
def url(settings: Settings, as_json: bool) -> None:
    """Print the connection string of the database in use, with the password, if there is one.

    The embedded server keeps running; the next build that ends while nobody is connected stops it.

    \b
    Example:
      psql "$(build.py db url)"
    """
    found = database.without_schema(database.url(settings))[0]
    if not settings.database_url:
        embedded.keep(settings.data_dir / "postgres")
    print_json({"url": found}) if as_json else say(found)


@db.command(context_settings={"ignore_unknown_options": True})
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
@pass_settings
def psql(settings: Settings, args: tuple[str, ...]) -> None:
    """Open a psql prompt in the project's schema; ARGS go to psql.

    A pooler keeps no session settings: through one, what -c and -f give runs in that schema as one transaction, and a
    prompt begins without the schema.

    \b
    Example:
      build.py db psql -- -c "select slug from providers order by 1"
    """
    address = database.url(settings)
    conninfo, schema = database.without_schema(address)
    # By the environment: everybody on the machine can see a command line with the password in it.
    environment = programs.environment(conninfo)
    if database.takes_session_settings(address):
        environment |= {"PGOPTIONS": f"-c search_path={schema},public"}
    else:
        args = _in_one_transaction(args, schema)
    finished = processes.run([embedded.program("psql"), *args], env=environment)
    killed_by = -min(finished.returncode, 0)
    raise click.exceptions.Exit(128 + killed_by if killed_by else finished.returncode)


def _in_one_transaction(args: tuple[str, ...], schema: str) -> tuple[str, ...]:
    """The arguments, with the schema set in the one transaction of all -c and -f; unchanged for a prompt."""
    if not any(map(_COMMANDS.match, args)):
        say(f"A pooler keeps no settings: start with  begin; set local search_path = {schema};", quiet=True)
        return args
    path = f"set local search_path = {schema}, public"
    return ("--single-transaction", "-c", r"\set QUIET on", "-c", path, "-c", r"\set QUIET off", *args)
