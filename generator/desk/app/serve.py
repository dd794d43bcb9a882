"""Serve the app, on this machine alone."""

import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn

from generator.desk.app.app import app
from generator.desk.app.desk import Desk
from generator.errors import BuildError
from generator.site.serve import cannot_listen

HOST = "127.0.0.1"
_PATIENCE = 2  # seconds for answers under way when it ends


def listen(port: int, host: str = HOST) -> socket.socket:
    """A socket that listens on this machine alone; port 0 is a free one.

    Raises BuildError for another host, and for a port that is taken.
    """
    if host != HOST:
        raise BuildError(f"review: {host!r} is not {HOST}; from another machine, come through an SSH tunnel")
    try:
        return socket.create_server((host, port))
    except OSError as error:
        raise cannot_listen(error, host, port) from None


def server(desk: Desk) -> uvicorn.Server:
    """The server of a desk: it logs no request, since addresses and forms are nobody else's business."""
    return uvicorn.Server(
        uvicorn.Config(
            app(desk),
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=_PATIENCE,
        )
    )


def serve(desk: Desk, listening: socket.socket, ready: Callable[[str], None]) -> None:
    """Serve until interrupted; `ready` is handed the address."""
    ready(address(listening))
    with suppress(KeyboardInterrupt):
        server(desk).run(sockets=[listening])


def address(listening: socket.socket) -> str:
    """Where the desk is, as a browser is told."""
    host, port = listening.getsockname()[:2]
    return f"http://{host}:{port}/"
