"""A preview server for a finished site: answers as a static host would, on this machine only."""

import errno
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from generator import urls
from generator.errors import BuildError
from generator.output import disk
from generator.output.write import finish
from generator.site import host_rules


class Preview(ThreadingHTTPServer):
    """A server for one folder, under the base path of the site's address."""

    daemon_threads = True

    def __init__(self, folder: Path, host: str = "127.0.0.1", port: int = 8000, base: str = "") -> None:
        if not (folder / "index.html").is_file():
            raise BuildError(f"{folder}: no site there; make one with: build.py")
        try:
            super().__init__((host, port), partial(_Handler, folder.resolve(), base))
        except (OSError, TypeError, UnicodeError) as error:
            raise cannot_listen(error, host, port) from None

    @property
    def address(self) -> str:
        """Where the server listens, as a person would type it."""
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report the error, unless it is a client that hung up."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def cannot_listen(error: OSError | TypeError | UnicodeError, host: str, port: int) -> BuildError:
    """Why no server can listen there."""
    if not isinstance(error, OSError):  # a host name with an empty or too long part
        return BuildError(f"{host!r} is not a host; expected one such as 127.0.0.1")
    taken = " is taken; name another one with --port" if error.errno == errno.EADDRINUSE else f": {error.strerror}"
    return BuildError(f"port {port} of {host}{taken}")


def serve(
    folder: Path, host: str = "127.0.0.1", port: int = 8000, base: str = "", ready: Callable[[str], None] = print
) -> None:
    """Serve the site until interrupted; `ready` is handed the front page's address.

    Raises BuildError for a port that is taken, a folder without a site, or one that a killed build left half new.
    """
    if not finish(folder):
        raise BuildError(
            f"{folder}: half old, half new, and its journal can't be read; repair it with: build.py render"
        )
    with Preview(folder, host, port, base) as preview:
        ready(f"{preview.address}{base}/")
        with suppress(KeyboardInterrupt):
            preview.serve_forever()


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD from the folder, with its `_redirects` and `_headers`."""

    protocol_version = "HTTP/1.1"
    server_version = "CloudGPUs"
    sys_version = ""
    timeout = 30  # seconds for which a silent client may hold a thread

    def __init__(self, folder: Path, base: str, *arguments: object) -> None:
        self._folder, self._base = folder, base
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer with a file, a redirect, or 404.html."""
        try:
            path = urlsplit(self.path).path
        except ValueError:
            return self.send_error(HTTPStatus.BAD_REQUEST)
        if file := self._file_at(path):
            return self._send(HTTPStatus.OK, file, path)
        if target := self._moved(path):
            return self._redirect(target)
        return self._send(HTTPStatus.NOT_FOUND, self._folder / urls.output_file(urls.NOT_FOUND), path)

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *_arguments: object) -> None:
        """Log nothing: a preview needs no access log."""

    def _file_at(self, path: str) -> Path | None:
        """The file at a path; None outside the folder, even by a link, and for hidden files and the host's."""
        inside = unquote(path).removeprefix(self._base)
        name = urls.output_file(inside)
        hidden = any(part.startswith((".", "_")) for part in name.split("/"))
        if not path.startswith(self._base + "/") or hidden or "\0" in name:
            return None
        file = Path(os.path.realpath(self._folder / name))
        return file if file.is_relative_to(self._folder) and _is_plain(file) else None

    def _moved(self, path: str) -> str | None:
        if path in {"/", self._base} and self._base:
            return self._base + "/"
        if new := host_rules.redirects(self._rules("_redirects")).get(path):
            return new
        with_slash = path.rstrip("/") + "/"
        return with_slash if not path.endswith("/") and self._file_at(with_slash) else None

    def _redirect(self, target: str) -> None:
        self.send_response(HTTPStatus.MOVED_PERMANENTLY)
        self.send_header("Location", quote(target, safe="/%"))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: HTTPStatus, file: Path, path: str) -> None:
        body = disk.read(file)
        if body is None:  # a folder without a 404.html
            body = b"404: no such page\n"
        self.send_response(status)
        self.send_header("Content-Type", host_rules.content_type(file.name))
        self.send_header("Content-Length", str(len(body)))
        for name, value in host_rules.headers(self._rules("_headers"), path).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _rules(self, name: str) -> bytes:
        return disk.read(self._folder / name) or b""


def _is_plain(file: Path) -> bool:
    """Whether there is a plain file; False for a name that is too long."""
    return os.path.isfile(file)  # noqa: PTH113 (pathlib's raises for a long name)
