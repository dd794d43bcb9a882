"""Providers whose answers a test writes: modules as the scrapers have them, and the server that they ask."""

import hashlib
import json
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from generator.ingest import outcome, refresh
from scrapers.captures import Capture, Recording
from tests.scrapers import made_up
from tests.sql import samples

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
UNREACHABLE = "http://127.0.0.1:1"


class Answers:
    """A server on loopback that answers with what `bodies` holds for a path; 404 for the rest.

    With `tags` it says which version of a body it has, and "not modified" to who knows it: `spared` counts these.
    `dates` and `ages` hold what it says of the time and of how long a cache kept the answer, by path.
    """

    def __init__(self, *, tags: bool = False) -> None:
        self.bodies: dict[str, bytes] = {}
        self.asked: Counter[str] = Counter()
        self.spared: Counter[str] = Counter()
        self.tags = tags
        self.dates: dict[str, datetime] = {}
        self.ages: dict[str, int] = {}
        handler = type("Handler", (_Handler,), {"answers": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def plans(self, provider: str, *prices: float, gpu: str = "H100 SXM") -> None:
        """Let a provider answer with a plan for each price, in US dollars per instance-hour."""
        plans = [{"id": f"plan-{number}", "gpu": gpu, "hourly": price} for number, price in enumerate(prices)]
        self.bodies[f"/{provider}"] = json.dumps(plans).encode()


class _Handler(BaseHTTPRequestHandler):
    answers: Answers

    def do_GET(self) -> None:
        self.answers.asked[self.path] += 1
        body = self.answers.bodies.get(self.path)
        tag = f'"{hashlib.sha256(body or b"").hexdigest()}"'
        if self.answers.tags and self.headers["If-None-Match"] == tag:
            self.answers.spared[self.path] += 1
            self.send_response(304)
            body = b""
        else:
            self.send_response(404 if body is None else 200)
        if self.answers.tags:
            self.send_header("ETag", tag)
        if self.path in self.answers.ages:
            self.send_header("Age", str(self.answers.ages[self.path]))
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def date_time_string(self, timestamp: float | None = None) -> str:
        stated = self.answers.dates.get(self.path)
        return format_datetime(stated, usegmt=True) if stated else super().date_time_string(timestamp)

    def log_message(self, *_: object) -> None:
        pass


def module(slug: str, url: str, **contract: Any) -> Any:
    """A provider's file of scrapers/providers/, whose answer is at `url`/`slug`."""
    return made_up.module(slug, url, **contract)


def recorded(one: Any, *prices: float, days: int = -10) -> Recording:
    """The shipped answer of a provider's module."""
    plans = [{"id": f"plan-{number}", "gpu": "H100 SXM", "hourly": price} for number, price in enumerate(prices)]
    slug, at = one.PROVIDER.slug, NOW + timedelta(days=days)
    body = json.dumps(plans).encode()
    capture = Capture(slug, one.SOURCE.request(), 200, at, "application/json", body, origin="a test")
    return Recording(slug, "a test", "CC0", "", (capture,))


def add_catalogue(connection: Any, *providers: str) -> None:
    """One GPU under two names, and providers without an offer."""
    gpu = samples.add_gpu(connection)
    for alias in ("h100 sxm", "h100-sxm"):
        connection.execute("insert into gpu_aliases (alias, gpu_model_id) values (%s, %s)", (alias, gpu))
    for provider in providers:
        samples.add_provider(connection, provider)
    connection.commit()


def run(
    connection: Any, *modules: Any, now: datetime = NOW, keys: Any = None, is_clock_known: bool = True, **options: Any
) -> Any:
    """A refresh of these providers only, one at a time, by a clock that is stopped."""
    return refresh.refresh(
        connection,
        outcome.Options(**options),
        keys=keys or {},
        contact="tests",
        version="v1",
        clock=lambda: now,
        modules=modules,
        at_once=1,
        is_clock_known=is_clock_known,
    )
