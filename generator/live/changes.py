"""What changes while the preview runs: files, and the database."""

import asyncio
from collections.abc import Collection
from pathlib import Path

from watchfiles import awatch
from watchfiles._rust_notify import WatchfilesRustInternalError

from generator.errors import BuildError
from generator.live.making import Making
from generator.live.preview import Preview
from generator.settings import ROOT

_FOLDERS = ("templates", "content", "generator", "scrapers", "sql/queries")
_CODE = {".py", ".sql"}
_EVERY = 1  # seconds between two looks at the database
_TOGETHER = 20  # milliseconds without a change after which those before belong together


async def watch_files(preview: Preview) -> None:
    """Make pages with what was saved, and have them reloaded.

    Raises BuildError where the system can't watch so many files.
    """
    folders = [folder for folder in map(ROOT.joinpath, _FOLDERS) if folder.is_dir()]
    try:
        async for changes in awatch(*folders, step=_TOGETHER):
            if order := order_for({Path(path) for _, path in changes}):
                await _carry_out(order, preview.making)
                preview.move()
    except WatchfilesRustInternalError as error:
        raise BuildError(f"files can't be watched: {error}; raise fs.inotify.max_user_watches") from None


async def _carry_out(order: str, making: Making) -> None:
    if order == "code" or making.has_ended:
        await making.start()
    else:
        await making.ask(order)


async def watch_database(preview: Preview) -> None:
    """Look every second whether the database holds anything newer."""
    while True:
        if not preview.making.has_ended and (await preview.making.ask("look")).status == 200:
            preview.move()
        await asyncio.sleep(_EVERY)


def order_for(files: Collection[Path]) -> str:
    """What to make anew when these files change: "code", "content" or "templates"; "" for nothing."""
    if any(file.suffix in _CODE and not file.is_relative_to(ROOT / "templates") for file in files):
        return "code"
    changed = {name for name in ("content", "templates") if any(file.is_relative_to(ROOT / name) for file in files)}
    return min(changed, default="")  # content is gathered, and then rendered with the templates of then
