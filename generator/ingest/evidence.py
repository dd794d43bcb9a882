"""The answers that are kept: listed, found by hash, used for conditional requests, and deleted when they are old."""

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from generator.database import db
from generator.errors import BuildError
from scrapers.captures import Capture, Request

_SHORTEST_HASH = 6


@dataclass(frozen=True, slots=True)
class CaptureLine:
    """One answer that is kept, and the result of its run.

    `body_bytes` is its size before compression; `prices` is how many current prices were last seen in its run.
    """

    provider: str
    fetched_at: datetime
    status: int
    body_bytes: int
    sha256: str
    method: str
    url: str
    is_recorded: bool
    outcome: str
    error_code: str | None
    offers: int | None
    prices: int
    job: str


@dataclass(frozen=True, slots=True)
class _Count:
    answers: int


@dataclass(frozen=True, slots=True)
class _Kept:
    provider: str
    method: str
    url: str
    request_body: bytes
    status: int
    content_type: str | None
    headers: Mapping[str, str] | None
    fetched_at: datetime
    origin: str | None
    origin_url: str | None
    body: bytes

    def capture(self) -> Capture:
        return Capture(
            provider=self.provider,
            request=Request(self.url, self.method, bytes(self.request_body)),
            status=self.status,
            fetched_at=self.fetched_at,
            content_type=self.content_type or "",
            body=zlib.decompress(self.body),
            headers=self.headers or {},
            origin=self.origin or "",
            origin_url=self.origin_url or "",
        )


@dataclass(frozen=True, slots=True)
class _Found(_Kept):
    job: str


def listed(connection: db.Connection, providers: Sequence[str] = (), *, most: int = 20) -> list[CaptureLine]:
    """The newest kept answers, of all providers or of those named."""
    return db.rows(connection, "captures_list", CaptureLine, providers=list(providers), most=most)


def kept(connection: db.Connection, providers: Sequence[str] = ()) -> int:
    """How many answers are kept, of all providers or of those named."""
    return db.rows(connection, "captures_count", _Count, providers=list(providers))[0].answers


def found(connection: db.Connection, sha256: str) -> tuple[Capture, UUID]:
    """The newest answer whose hash begins with `sha256`, and its job.  Raises BuildError for none or several bodies."""
    digits = sha256.strip().lower()
    if len(digits) < _SHORTEST_HASH or not set(digits) <= set("0123456789abcdef"):
        raise BuildError(
            f'"{sha256}" is not a hash; expected {_SHORTEST_HASH} or more hex digits, as `sources captures` lists'
        )
    rows = db.rows(connection, "captures_found", _Found, hash=digits)
    captures = {row.capture().sha256: row for row in reversed(rows)}
    if not captures:
        raise BuildError(f'no answer is kept whose hash begins with "{digits}"; `build.py sources captures` lists them')
    if len(captures) > 1:
        raise BuildError(f'{len(captures)} answers have a hash that begins with "{digits}"; give more digits')
    ((_, row),) = captures.items()
    return row.capture(), UUID(row.job)


def of_job(connection: db.Connection, job: UUID) -> list[Capture]:
    """All answers of a provider's run."""
    return [row.capture() for row in db.rows(connection, "captures_of_job", _Kept, job_id=job)]


def asked_before(connection: db.Connection, providers: Iterable[str]) -> Callable[[str, Request], Capture | None]:
    """A lookup of a request's newest answer, where its server can confirm that nothing changed since.

    Bodies stay compressed until they are asked for.
    """
    rows = db.rows(connection, "captures_known", _Kept, providers=list(providers))
    kept = {(row.provider, (row.method, row.url, bytes(row.request_body))): row for row in rows}

    def known(provider: str, request: Request) -> Capture | None:
        row = kept.get((provider, request.identity))
        return row.capture() if row else None

    return known


def forget(connection: db.Connection, before: datetime) -> int:
    """Delete the answers from before an instant; return how many.  The first and last of every price stay for good."""
    with db.unhurried(connection):
        forgotten = db.execute(connection, "captures_expire", before=before)
        db.execute(connection, "captures_forget_bodies")
    return forgotten
