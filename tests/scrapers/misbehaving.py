"""An HTTP server on loopback that misbehaves by path, as the sources of prices do now and then."""

import gzip
import json
import socket
import ssl
import struct
import threading
import zlib
from collections import Counter
from collections.abc import Callable
from email.message import Message
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic
from typing import Self
from urllib.parse import parse_qs

PLANS = {"plans": [{"id": "h100x8", "gpu": "H100 SXM", "count": 8, "hourly": "19.92"}]}
SELF_SIGNED = Path(__file__).with_name("self_signed.pem")  # for localhost, trusted by nobody, worth nothing
EXPIRED = Path(__file__).with_name("expired.pem")  # the same, of January 2020
SLOW = 6.0  # seconds; a client under test is less patient


class Misbehaving:
    """A context manager; `url(path)` is what to ask, `asked` counts the requests by path."""

    def __init__(self, *, certificate: Path | None = None) -> None:
        self.asked: Counter[str] = Counter()
        self.headers: dict[str, Message] = {}
        self.times: list[float] = []
        self.robots, self.robots_after, self.robots_like = "", 0.0, ""
        self.open_at_once = self.most_at_once = 0
        self.lock, self.closing = threading.Lock(), threading.Event()
        handler = type("Handler", (Handler,), {"site": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign] # clients hang up; that's the point
        self._scheme = "https" if certificate else "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, path: str = "/right") -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}{path}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Misbehaving

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        with self.site.lock:
            self.site.asked[path] += 1
            self.site.headers[path] = self.headers
            self.site.times.append(monotonic())
            self.site.open_at_once += 1
            self.site.most_at_once = max(self.site.most_at_once, self.site.open_at_once)
        try:
            BEHAVIOURS.get(path, _not_found)(self)
        finally:
            with self.site.lock:
                self.site.open_at_once -= 1

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        stated = {"Content-Type": "application/json", "Content-Length": str(len(body))}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in (stated | named).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def _right(handler: Handler) -> None:
    handler.answer(200, json.dumps(PLANS).encode(), ETag='"1"', X_Noise="1")


def _not_found(handler: Handler) -> None:
    handler.answer(404, b"no such thing")


def _robots(handler: Handler) -> None:
    if like := handler.site.robots_like:
        handler.site.asked[like] += 1
        BEHAVIOURS.get(like, _not_found)(handler)
        return
    handler.site.closing.wait(handler.site.robots_after)
    handler.answer(200 if handler.site.robots else 404, handler.site.robots.encode(), Content_Type="text/plain")


def _silent(handler: Handler) -> None:
    handler.site.closing.wait(SLOW)
    handler.close_connection = True


def _slow(handler: Handler) -> None:
    handler.site.closing.wait(0.1)
    _right(handler)


def _drip(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    while not handler.site.closing.wait(0.05):
        handler.wfile.write(b" ")
        handler.wfile.flush()


def _reset(handler: Handler) -> None:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


def _cut(handler: Handler) -> None:
    """A body shorter than its Content-Length."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"plans": [')
    handler.close_connection = True


def _right_the_fourth_time(handler: Handler) -> None:
    if handler.site.asked["/500-three-times"] < 4:
        handler.answer(500, b"oops")
    else:
        _right(handler)


def _busy_once(handler: Handler) -> None:
    if handler.site.asked["/429-once"] == 1:
        handler.answer(429, Retry_After="1")
    else:
        _right(handler)


def _endless(handler: Handler) -> None:
    """A gigabyte, or as much as the client reads of it."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(2**30))
    handler.end_headers()
    chunk = b" " * 65536
    for _ in range(2**30 // len(chunk)):
        handler.wfile.write(chunk)


def _bomb(handler: Handler) -> None:
    handler.answer(200, _packed_spaces(), Content_Encoding="gzip")


def _great_bomb(handler: Handler) -> None:
    handler.answer(200, _packed_spaces(256), Content_Encoding="gzip")


@cache
def _packed_spaces(megabytes: int = 4) -> bytes:
    """Spaces, compressed to a thousandth of their size."""
    packer = zlib.compressobj(1, wbits=zlib.MAX_WBITS | 16)
    return b"".join(packer.compress(b" " * 2**20) for _ in range(megabytes)) + packer.flush()


def _packed(handler: Handler) -> None:
    handler.answer(200, gzip.compress(json.dumps(PLANS).encode()), Content_Encoding="gzip")


def _packed_and_more(handler: Handler) -> None:
    handler.answer(200, gzip.compress(json.dumps(PLANS).encode()) + b" " * 2**18, Content_Encoding="gzip")


def _packed_nothing(handler: Handler) -> None:
    """Two megabytes of empty deflate blocks."""
    handler.answer(200, b"\x78\x9c" + b"\0\0\0\xff\xff" * 2**19, Content_Encoding="deflate")


def _half_packed(handler: Handler) -> None:
    handler.answer(200, gzip.compress(json.dumps(PLANS).encode() * 99)[:40], Content_Encoding="gzip")


def _modified(handler: Handler) -> None:
    if handler.headers.get("If-None-Match") == '"1"':
        handler.answer(304, ETag='"1"')
    else:
        _right(handler)


def _echo(handler: Handler) -> None:
    handler.answer(200, json.dumps(dict(handler.headers.items())).encode())


def _echo_everywhere(handler: Handler) -> None:
    """The value of `said` in the address, in every header that may be kept, and in the body."""
    said = parse_qs(handler.path.partition("?")[2])["said"][0]
    stated = dict.fromkeys(("ETag", "Last_Modified", "Date", "Age", "Content_Type"), said)
    handler.answer(200, said.encode(), **stated)


def _echo_as_encoding(handler: Handler) -> None:
    handler.answer(200, b"x", Content_Encoding=parse_qs(handler.path.partition("?")[2])["said"][0])


def _echo_as_location(handler: Handler) -> None:
    said = handler.path.partition("?said=")[2]
    handler.answer(302, Location=f"https://elsewhere.example/{'x' * 150}{said}")


def _lead_away(handler: Handler) -> None:
    """Redirect to the address in the query."""
    handler.answer(302, Location=handler.path.partition("?to=")[2])


def _status(status: int, **headers: str) -> Callable[[Handler], None]:
    return lambda handler: handler.answer(status, b"{}", **headers)


def _body(body: bytes) -> Callable[[Handler], None]:
    return lambda handler: handler.answer(200, body)


BEHAVIOURS: dict[str, Callable[[Handler], None]] = {
    "/robots.txt": _robots,
    "/right": _right,
    "/silent": _silent,
    "/slow": _slow,
    "/drip": _drip,
    "/reset": _reset,
    "/cut": _cut,
    "/401": _status(401),
    "/403": _status(403),
    "/418": _status(418),
    "/429": _status(429, Retry_After="3600"),
    "/429-once": _busy_once,
    "/500": _status(500),
    "/500-three-times": _right_the_fourth_time,
    "/truncated": _body(b'{"plans": [{"id": "h100x8", "gp'),
    "/html": _body(b"<!DOCTYPE html><title>Down for maintenance</title>"),
    "/empty-list": _body(b'{"plans": []}'),
    "/endless": _endless,
    "/bomb": _bomb,
    "/great-bomb": _great_bomb,
    "/packed": _packed,
    "/half-packed": _half_packed,
    "/packed-and-more": _packed_and_more,
    "/packed-nothing": _packed_nothing,
    "/not-gzip": lambda handler: handler.answer(200, b"plain", Content_Encoding="gzip"),
    "/brotli": lambda handler: handler.answer(200, b"x", Content_Encoding="br"),
    "/modified": _modified,
    "/echo": _echo,
    "/echo-everywhere": _echo_everywhere,
    "/echo-as-encoding": _echo_as_encoding,
    "/echo-as-location": _echo_as_location,
    "/led-away": _lead_away,
    "/moved": _status(302, Location="/right"),
    "/moved-rules": _status(301, Location="/rules"),
    "/rules": _body(b"User-agent: *\nDisallow: /right\n"),
    "/elsewhere": _status(302, Location="http://prices.example/right"),
    "/to-localhost": _status(302, Location="http://localhost:1/right"),
    "/to-file": _status(302, Location="file:///etc/passwd"),
    "/round-and-round": _status(302, Location="/round-and-round"),
}
