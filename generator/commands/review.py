"""review: the editors' app, on this machine alone."""

import webbrowser

import click

from generator.commands.console import say
from generator.commands.options import pass_settings
from generator.commands.prepare import prepared
from generator.database import db
from generator.desk import editors
from generator.errors import BuildError
from generator.settings import Settings

_NOBODY = (
    "review: no editor has a password, so nobody could log in; first build.py content editors add NAME --role admin, "
    "then build.py content editors password NAME"
)


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port.  [default: a free one]")
@click.option("--no-browser", is_flag=True, help="Open no browser; only say the address.")
@pass_settings
def review(settings: Settings, port: int, no_browser: bool) -> None:
    """Open the editors' desk: drafts, held-back prices and unknown names that wait for somebody.

    It listens on 127.0.0.1 alone.  From another machine, come through an SSH tunnel to the same port:
    ssh -L 8100:127.0.0.1:8100 HOST.  Editors log in with the name and password that an admin gave them; while there
    are none, the command says how to add the first one, and ends.

    \b
    Examples:
      build.py review
      build.py review --port 8100 --no-browser
    """
    from generator.desk.app import serve  # noqa: PLC0415 (the other commands need none of it)
    from generator.desk.app.desk import Desk  # noqa: PLC0415

    listening = serve.listen(port)
    with listening:
        with prepared(settings, quiet=False) as connection:
            if not any(editor.is_active and editor.password_hash for editor in editors.editors(connection)):
                raise BuildError(_NOBODY)

        def ready(address: str) -> None:
            say(f"The desk is at {address}")
            if not no_browser:
                webbrowser.open(address)

        serve.serve(Desk(settings, db.url(settings)), listening, ready)
