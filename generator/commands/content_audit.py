"""content: the audit log, and who may write and review."""

import sys
from dataclasses import asdict

import click

from generator.commands.console import print_json, say, say_more, table
from generator.commands.desk_options import actor_option, at_desk
from generator.commands.options import WORDS, json_option, most_option, pass_settings
from generator.database import clocks
from generator.desk import audit as log
from generator.desk import editors as people
from generator.desk.editors import ROLES, Role
from generator.settings import Settings, load

name_argument = click.argument("name", type=WORDS)


@click.group(invoke_without_command=True)
@click.option("--page", "target", type=WORDS, help='Only of this page, or of "editor NAME".')
@most_option
@json_option
@click.pass_context
def audit(ctx: click.Context, target: str | None, most: int, as_json: bool) -> None:
    """List what was done at the desk, and what was refused, newest first; or verify that the log was not touched.

    \b
    Examples:
      build.py content audit --page guides/spot
      build.py content audit verify
    """
    if ctx.invoked_subcommand:
        return
    with at_desk(load()) as (connection, _):
        found = log.audit(connection, target)[::-1]
    if as_json:
        print_json([asdict(one) for one in found])
        return
    rows = [
        (one.seq, clocks.stamp(one.at), one.actor, one.action.replace("_", " "), one.object, one.detail.get("reason"))
        for one in found[:most]
    ]
    table(("no.", "when", "by", "what", "of", "refused because"), rows)
    say_more(len(found), most)


@audit.command()
@click.option("--head", type=WORDS, help="The hash of a row that was there once, to find out whether the log was cut.")
@json_option
@pass_settings
def verify(settings: Settings, head: str | None, as_json: bool) -> None:
    """Read the whole log; exit status 1 where a row was changed, is missing, or was there when a build recorded it.

    \b
    Example:
      build.py content audit verify
    """
    with at_desk(settings) as (connection, _):
        problems = log.verify(connection, head)
        entries = log.audit(connection)
    last = entries[-1].this_hash if entries else ""
    if as_json:
        print_json({"problems": problems, "rows": len(entries), "head": last})
    else:
        for problem in problems:
            say(problem)
        if not problems:
            say(f"{len(entries):,} rows, each as it was written; the last one's hash is {last or 'none'}.")
    if problems:
        raise click.exceptions.Exit(1)


@click.group()
def editors() -> None:
    """Who may write (editor), approve (reviewer), and manage editors (admin).

    \b
    Examples:
      build.py content editors add jo --role reviewer --public-name "Jo Doe"
      build.py content editors list
    """


@editors.command()
@name_argument
@click.option("--role", type=click.Choice(ROLES), default="editor", show_default=True, help="What they may do.")
@click.option("--public-name", default="", type=WORDS, help="As pages name who reviewed them.  [default: the name]")
@click.option("--profile-url", default="", type=WORDS, help="A page about them.")
@actor_option
@json_option
@pass_settings
def add(
    settings: Settings, name: str, role: Role, public_name: str, profile_url: str, actor: str, as_json: bool
) -> None:
    """Add an editor, or change one's role and names.

    \b
    Example:
      build.py content editors add jo --role reviewer --public-name "Jo Doe" --actor admin
    """
    with at_desk(settings) as (connection, now):
        seq = people.add_editor(
            connection, name, role, actor=actor, at=now, public_name=public_name, profile_url=profile_url
        )
    _tell(name, f"is {role}", seq, as_json=as_json)


@editors.command("list")
@json_option
@pass_settings
def list_(settings: Settings, as_json: bool) -> None:
    """List everybody who may write or review, or may no longer.

    \b
    Example:
      build.py content editors list
    """
    with at_desk(settings) as (connection, _):
        found = people.editors(connection)
    if as_json:
        shown = [asdict(one) | {"has_password": one.password_hash is not None} for one in found]
        print_json([{name: value for name, value in one.items() if name != "password_hash"} for one in shown])
    else:
        rows = [(one.name, one.role, one.public_name, _standing(one)) for one in found]
        table(("name", "role", "public name", ""), rows)


def _standing(one: people.Editor) -> str:
    if not one.is_active:
        return "inactive"
    return "" if one.password_hash else "no password: can't log in"


@editors.command()
@name_argument
@actor_option
@json_option
@pass_settings
def deactivate(settings: Settings, name: str, actor: str, as_json: bool) -> None:
    """Let an editor do nothing any more; the name stays on what was done.

    \b
    Example:
      build.py content editors deactivate jo --actor admin
    """
    with at_desk(settings) as (connection, now):
        seq = people.deactivate(connection, name, actor=actor, at=now)
    _tell(name, "is no longer active", seq, as_json=as_json)


@editors.command()
@name_argument
@actor_option
@json_option
@pass_settings
def password(settings: Settings, name: str, actor: str, as_json: bool) -> None:
    """Set a password, asked for on a terminal, or else read from standard input.

    \b
    Example:
      build.py content editors password jo --actor jo
    """
    if sys.stdin.isatty():
        said = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        said = sys.stdin.readline().rstrip("\n")
    with at_desk(settings) as (connection, now):
        seq = people.set_password(connection, name, said, actor=actor, at=now)
    _tell(name, "has a new password", seq, as_json=as_json)


def _tell(name: str, done: str, seq: int, *, as_json: bool) -> None:
    print_json({"name": name, "audit": seq}) if as_json else say(f"{name} {done} (audit {seq}).")
