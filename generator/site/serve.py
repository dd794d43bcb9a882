"""A preview server for a finished site: answers as a static host would, on this machine only."""

import errno
import mimetypes
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from fnmatch import fnmatchcase
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

_TEXT = {".css", ".html", ".js", ".json", ".svg", ".txt", ".xml"}
_TYPES = {".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml", ".xml": "application/xml"}


class Preview(ThreadingHTTPServer):
    """A server for one folder, under the base path of the site's address."""

    daemon_threads = True

    def __init__(self, folder: Path, host: str = "127.0.0.1", port: int = 8000, base: str = "") -> None:
        if not (folder / "index.html").is_file():
            raise BuildError(f"{folder}: no site there; make one with: build.py")
        try:
            super().__init__((host, port), partial(_Handler, folder.resolve(), base))
        except OSError as error:
            taken = (
                " is taken; name another one with --port" if error.errno == errno.EADDRINUSE else f": {error.strerror}"
            )
            raise BuildError(f"port {port} of {host}{taken}") from None
        except (TypeError, UnicodeError):  # a host name with an empty or too long part
            raise BuildError(f"{host!r} is not a host; expected one such as 127.0.0.1") from None

    @property
    def address(self) -> str:
        """Where the server listens, as a person would type it."""
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report the error, unless it is a client that hung up."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


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
        for old, new, _status in _rules(self._folder / "_redirects"):
            if old == path:
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
        self.send_header("Content-Type", _content_type(file))
        self.send_header("Content-Length", str(len(body)))
        sent = dict(_headers(self._folder / "_headers", path))
        for name, value in {"Cache-Control": "no-cache", **sent}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _is_plain(file: Path) -> bool:
    """Whether there is a plain file; False for a name that is too long."""
    return os.path.isfile(file)  # noqa: PTH113 (pathlib's raises for a long name)


def _content_type(file: Path) -> str:
    kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if file.suffix in _TEXT else kind


def _rules(file: Path) -> Iterator[tuple[str, str, str]]:
    """The lines of `_redirects`: from, to, status."""
    lines = file.read_text("utf-8", "replace").splitlines() if file.is_file() else []
    for line in lines:
        match line.split():
            case [old, new, status] if not old.startswith("#"):
                yield old, new, status


def _headers(file: Path, path: str) -> Iterator[tuple[str, str]]:
    """The headers for a path, from every rule of `_headers` that matches it."""
    matches = False
    for line in file.read_text("latin-1").splitlines() if file.is_file() else []:
        if line.startswith("/"):
            matches = fnmatchcase(path, line.strip())
        elif matches and ":" in line:
            name, _, value = line.strip().partition(":")
            yield name, value.strip()
