"""serve --watch: one process that serves and watches, and one that makes pages."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import uvicorn

from generator import urls
from generator.database import db
from generator.live.changes import watch_database, watch_files
from generator.live.making import Making
from generator.live.preview import Preview
from generator.settings import Settings
from generator.site.serve import cannot_listen

_PATIENCE = 2  # seconds for answers under way when it ends


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there.  Raises BuildError for a port that is taken."""
    try:
        return socket.create_server((host, port))
    except (OSError, TypeError, UnicodeError) as error:
        raise cannot_listen(error, host, port) from None


def serve(settings: Settings, out: Path, host: str, listening: socket.socket, ready: Callable[[str], None]) -> None:
    """Serve until interrupted; `ready` is handed the front page's address.  Nothing is written to `out`."""
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(settings, out, host, listening, ready))


async def _serve(
    settings: Settings, out: Path, host: str, listening: socket.socket, ready: Callable[[str], None]
) -> None:
    base = urls.base_path(settings.site_url)
    making = Making(out, {"DATABASE_URL": db.url(settings)})
    preview = Preview(making, base)
    await making.start()
    watching = [asyncio.create_task(watch(preview)) for watch in (watch_files, watch_database)]
    bound, number = listening.getsockname()[:2]
    ready(f"http://{bound}:{number}{base}/")
    server = _Server(preview, host)
    for task in watching:
        task.add_done_callback(server.stop)
    try:
        await server.serve(sockets=[listening])
    finally:
        for task in watching:
            task.cancel()
        ended = await asyncio.gather(*watching, return_exceptions=True)
        await making.end()
    for problem in ended:
        if isinstance(problem, Exception):
            raise problem


class _Server(uvicorn.Server):
    """uvicorn's server, which ends our streams when it ends."""

    def __init__(self, preview: Preview, host: str) -> None:
        self._preview = preview
        super().__init__(
            uvicorn.Config(
                preview.app(host),
                log_config=None,
                log_level="error",
                access_log=False,
                server_header=False,
                lifespan="off",
                ws="none",
                timeout_graceful_shutdown=_PATIENCE,
            )
        )

    def stop(self, _: object) -> None:
        """Stop serving: a watch has ended, which is an error."""
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Shut down as uvicorn does, which waits for the end of each answer."""
        self._preview.end()
        await super().shutdown(sockets)
