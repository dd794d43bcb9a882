"""All hosts of all providers on one loopback port: an HTTP proxy that answers from the recordings, or with a fault.

The client finds it in the environment, like any proxy, so nothing in the client is replaced: it tunnels, makes TLS
handshakes, reads robots.txt and checks redirects as in production.
"""

import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Self

import httpx

from scrapers.captures import Capture
from scrapers.run import ProviderModule
from tests.faults.prices import last_needed, shipped
from tests.scrapers.misbehaving import SELF_SIGNED, Handler

ANY_HOST = Path(__file__).with_name("any_host.pem")  # a certificate with its key, for tests only; it names no host


@dataclass(frozen=True)
class Exchange:
    """A recorded answer, its place among its provider's, and whether it is the last one needed."""

    provider: str
    capture: Capture
    place: int
    is_last: bool


Serve = Callable[["Visit", Exchange], None]


class _Server(ThreadingHTTPServer):
    request_queue_size = 128  # all providers connect at once; a connection without a place waits for seconds


class Internet:
    """The proxy, as a context manager; `faults` holds, by provider, what serves in place of the recorded answers."""

    def __init__(self, modules: Iterable[ProviderModule]) -> None:
        self.faults: Mapping[str, Serve] = {}
        self.strangers: set[str] = set()
        self.exchanges: dict[tuple[str, str, str, bytes], Exchange] = {}
        self.last_host: dict[str, str] = {}
        for module in modules:
            self._add(module.PROVIDER.slug)
        # The handler counts requests here, as that of the misbehaving server does.
        self.asked: Counter[str] = Counter()
        self.headers: dict[str, Message] = {}
        self.lock, self.closing = threading.Lock(), threading.Event()
        self._trusted, self._stranger = _identity(ANY_HOST), _identity(SELF_SIGNED)
        self._server = _Server(("127.0.0.1", 0), type("Bound", (Visit,), {"internet": self, "site": self}))
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign] # clients hang up on faults
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def _add(self, provider: str) -> None:
        captures = shipped(provider).captures
        last = captures[last_needed(provider)].request
        for place, capture in enumerate(captures):
            url = httpx.URL(capture.request.url)
            key = (capture.request.method, url.host, url.raw_path.decode(), capture.request.body)
            self.exchanges[key] = Exchange(provider, capture, place, capture.request.identity == last.identity)
        self.last_host[provider] = httpx.URL(last.url).host

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def certificate(self, host: str) -> ssl.SSLContext:
        """The certificate that a host shows."""
        is_stranger = any(self.last_host[provider] == host for provider in self.strangers)
        return self._stranger if is_stranger else self._trusted


def environment(internet: Internet) -> dict[str, str]:
    """The environment variables that lead a client to this proxy only."""
    names = ("http_proxy", "https_proxy", "all_proxy")
    return {name: internet.url for lower in names for name in (lower, lower.upper())} | {"no_proxy": "", "NO_PROXY": ""}


def trusting() -> ssl.SSLContext:
    """A client's context that trusts one certificate for any host, since no certificate names all hosts."""
    context = ssl.create_default_context(cafile=ANY_HOST)
    context.check_hostname = False
    return context


def _identity(path: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


class Visit(Handler):
    """One connection to the proxy: a tunnel, and the requests through it."""

    internet: Internet
    host = ""

    def do_CONNECT(self) -> None:  # noqa: N802 (the library's name)
        self.host = self.path.partition(":")[0]
        self.send_response(200)
        self.end_headers()
        self.wfile.flush()
        self.connection = self.internet.certificate(self.host).wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")

    def do_GET(self) -> None:  # noqa: N802
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        found = self.internet.exchanges.get((self.command, self.host, self.path, body))
        if found is None:
            self.answer(404, b"no such thing")
            return
        with self.internet.lock:
            self.internet.asked[found.provider] += 1
        self.internet.faults.get(found.provider, right)(self, found)

    def do_POST(self) -> None:  # noqa: N802
        self.do_GET()

    def finish(self) -> None:
        for part in (self.wfile, self.rfile, self.connection):
            with suppress(OSError):  # the client may have gone
                part.close()


def right(visit: Visit, exchange: Exchange) -> None:
    """Answer as recorded."""
    visit.answer(200, exchange.capture.body, Content_Type=exchange.capture.content_type)


def at_the_last(serve: Serve) -> Serve:
    """Serve only the last needed answer of a provider this way, so that the others have come when it goes wrong."""
    return lambda visit, exchange: (serve if exchange.is_last else right)(visit, exchange)


def serving(bodies: Sequence[bytes]) -> Serve:
    """Serve these bodies in place of the recorded ones, in their order."""
    return lambda visit, exchange: visit.answer(200, bodies[exchange.place], Content_Type=exchange.capture.content_type)
