"""serve: look at a finished site in a browser."""

from pathlib import Path

import click

from generator import urls
from generator.commands.console import say
from generator.commands.options import out_option, pass_settings
from generator.settings import Settings
from generator.site import serve as serving


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@out_option
@pass_settings
def serve(settings: Settings, port: int, host: str, out: Path | None) -> None:
    """Serve the output folder, to look at it; not for production.

    A change that a killed build left half done is finished first.

    \b
    Example:
      build.py serve --port 8080
    """
    serving.serve(out or settings.output_dir, host, port, urls.base_path(settings.site_url), say)
