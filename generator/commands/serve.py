"""serve: look at a finished site in a browser, or at one that is made as it is looked at."""

from pathlib import Path

import click

from generator import urls
from generator.commands.console import say
from generator.commands.options import out_option, pass_settings
from generator.settings import Settings


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--watch", is_flag=True, help="Make pages as they are asked for, and reload them when anything changes.")
@out_option
@pass_settings
def serve(settings: Settings, port: int, host: str, watch: bool, out: Path | None) -> None:
    """Serve the output folder, to look at it; not for production.

    A change that a killed build left half done is finished first.

    With --watch each page is made from the database when it is asked for, and reloads in the browser when a template,
    an asset, a text, the code or the database changes.  Nothing is written to the output folder; only sitemaps are read
    from it.  Drafts of guides are shown as if they were approved, and an error is shown in place of the page.

    \b
    Examples:
      build.py serve --port 8080
      build.py serve --watch
    """
    folder, base = out or settings.output_dir, urls.base_path(settings.site_url)
    if watch:
        _watch(settings, folder, host, port)
        return
    from generator.site import serve as serving  # noqa: PLC0415 (each of the two has much that the other does not need)

    serving.serve(folder, host, port, base, say)


def _watch(settings: Settings, folder: Path, host: str, port: int) -> None:
    from generator.commands.prepare import prepared  # noqa: PLC0415
    from generator.live import serve as live  # noqa: PLC0415

    with live.listen(host, port) as listening:
        with prepared(settings, quiet=False):
            pass  # migrated and seeded
        live.serve(settings, folder, host, listening, say)
