"""A built site as a host serves it: compressed, assets cached for good."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class _Host(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: object, base: str, **named: object) -> None:
        self._base = base
        super().__init__(*arguments, **named)  # type: ignore[arg-type]

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path.removeprefix(self._base) or "/"))
        file = file / "index.html" if file.is_dir() else file
        if not file.is_file():
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)))
        body = file.read_bytes()
        if "gzip" in self.headers.get("Accept-Encoding", "") and file.suffix not in {".png", ".ico"}:
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        if "/assets/" in self.path:
            self.send_header("Cache-Control", "public, max-age=31536000, immutable")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def hosted(folder: Path, base: str) -> Iterator[str]:
    """The address of the site in a folder, whose links start with `base`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Host, directory=str(folder), base=base))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{base}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
