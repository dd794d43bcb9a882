"""Answers byte for byte, identified by their hash: live ones, and the recordings that the project ships.

A recording is `scrapers/recorded/<slug>.json` (hyphens kept):

    {"provider": "nimbus", "recorded_at": "2026-08-22T04:00:00Z",
     "origin": "where the figures come from", "origin_url": "https://...",
     "licence": "CC BY 4.0", "note": "what was reconstructed",
     "exchanges": [{"method": "GET", "url": "https://...", "status": 200,
                    "content_type": "application/json", "body": <JSON value, or text as a string>}]}

An exchange may have a `recorded_at` of its own.  A POST also has `"request_body"`.  A recording whose date nobody knows
has null as `recorded_at`: it is for tests only, and never published.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).parent / "recorded"
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of answers whose date nobody knows."""


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request.  `headers` may hold `{key}`, replaced by the provider's key when it is sent."""

    url: str
    method: str = "GET"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def identity(self) -> tuple[str, str, bytes]:
        """What two equal requests have in common; headers don't count."""
        return (self.method, self.url, self.body)


@dataclass(frozen=True)
class Capture:
    """One answer, byte for byte.  `origin` and `origin_url` name the collection it is from; both are "" for a live one.

    `retries` is how many attempts failed before it came.
    """

    provider: str
    request: Request
    status: int
    fetched_at: datetime
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    origin: str = ""
    origin_url: str = ""
    retries: int = 0

    @cached_property
    def sha256(self) -> str:
        """The body's hash, 64 hex digits."""
        return hashlib.sha256(self.body).hexdigest()

    @property
    def is_recorded(self) -> bool:
        """Whether this is a shipped recording, not a live answer."""
        return bool(self.origin)


@dataclass(frozen=True, slots=True)
class Recording:
    """A provider's shipped answers, with the origin and licence of their figures."""

    provider: str
    origin: str
    licence: str
    note: str
    captures: tuple[Capture, ...]

    @property
    def recorded_at(self) -> datetime:
        """The time of the newest answer; `UNDATED` where nobody knows it."""
        return max(capture.fetched_at for capture in self.captures)

    @property
    def is_dated(self) -> bool:
        """Whether the date of its figures is known, so that they may be published."""
        return self.recorded_at > UNDATED


def recording(provider: str, folder: Path = RECORDED) -> Recording | None:
    """The provider's shipped recording, or None where there is none."""
    path = folder / f"{provider}.json"
    if not path.exists():
        return None
    stated = json.loads(path.read_text("utf-8"))
    captures = tuple(_capture(stated, exchange) for exchange in stated["exchanges"])
    return Recording(provider, stated["origin"], stated["licence"], stated.get("note", ""), captures)


def replay(captures: Iterable[Capture]) -> Mapping[tuple[str, str, bytes], Capture]:
    """Captures by the identity of their request."""
    return {capture.request.identity: capture for capture in captures}


def _capture(stated: Mapping[str, Any], exchange: Mapping[str, Any]) -> Capture:
    request = Request(
        url=exchange["url"],
        method=exchange.get("method", "GET"),
        body=_bytes(exchange["request_body"]) if "request_body" in exchange else b"",
    )
    recorded_at = exchange.get("recorded_at", stated["recorded_at"])
    return Capture(
        provider=stated["provider"],
        request=request,
        status=exchange.get("status", 200),
        fetched_at=datetime.fromisoformat(recorded_at) if recorded_at else UNDATED,
        content_type=exchange["content_type"],
        body=_bytes(exchange["body"]),
        origin=stated["origin"],
        origin_url=stated.get("origin_url", ""),
    )


def _bytes(value: Any) -> bytes:
    """The bytes of text as it is, and of any other JSON value in compact form."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode()
