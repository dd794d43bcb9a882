"""What an attempt to fetch brings: an answer, its body limited in size, or the reason why there is none."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from protego import Protego

from scrapers.addresses import host_of

_ROBOTS_RULES = 200_000  # parsing more would hold up everything else


class FetchFailed(Exception):
    """An attempt that brought no answer; `again`: whether to retry, or after how many seconds."""

    def __init__(self, code: str, detail: str, again: bool | float = False, status: int | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.again = again
        self.status = status
        self.retries = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: the status, headers by lower-case name, and the body, decompressed."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def robots_rules(origin: str, text: str) -> Protego | FetchFailed:
    """The rules of a robots.txt; a failure where there are so many that parsing them would hold up everything else."""
    if _count_rules(text) > _ROBOTS_RULES:
        return FetchFailed("robots", f"robots.txt of {host_of(origin)} has more than {_ROBOTS_RULES:,} rules of agents")
    return Protego.parse(text)


def _count_rules(text: str) -> int:
    """An upper bound of the rules that the library makes of the text: each line counts for each agent above it."""
    agents = rules = 0
    is_group_open = False
    for line in text.casefold().splitlines():
        if line.lstrip().startswith("user"):
            agents, is_group_open = agents + 1 if is_group_open else 1, True
        elif line.lstrip().startswith(("allow:", "disallow:")):
            is_group_open = False
        rules += agents
    return rules


async def read_body(response: httpx.Response, limit: int) -> bytes:
    """The body, decompressed.  Raises FetchFailed for one larger than the limit, or not complete."""
    unpack = _unpacker(response.headers.get("content-encoding", ""))
    body, packed = bytearray(), 0
    try:
        async for chunk in response.aiter_raw():
            packed += len(chunk)
            body += unpack.decompress(chunk, limit - len(body) + 1)
            if max(packed, len(body)) > limit:
                raise FetchFailed("too_large", f"{response.url} sends more than {limit // 2**20} MB")
            if unpack.unused_data:  # zlib would keep whatever follows, and copy it with each chunk
                raise FetchFailed("encoding", f"{response.url} sends data after the end of its compressed body")
    except zlib.error as error:
        raise FetchFailed("encoding", f"{response.url} can't be decompressed: {error}") from None
    if packed and not unpack.eof:
        raise FetchFailed("encoding", f"{response.url} ends before it is complete", True)
    return bytes(body)


class _Whole:
    """Takes the place of a decompressor where nothing is compressed."""

    eof = True
    unused_data = b""

    def decompress(self, chunk: bytes, _: int) -> bytes:
        return chunk


def _unpacker(encoding: str) -> Any:
    """A decompressor whose output can be limited, which the HTTP library's can't."""
    if encoding.strip().lower() in ("", "identity"):
        return _Whole()
    if encoding.strip().lower() in ("gzip", "x-gzip", "deflate"):
        return zlib.decompressobj(zlib.MAX_WBITS | 32)
    raise FetchFailed("encoding", f"the answer's encoding is {encoding!r}; expected gzip or deflate")
