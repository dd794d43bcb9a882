"""Fetch more than the client accepts: python -m tests.faults.fetch_too_much URL."""

import asyncio
import sys
from datetime import UTC, datetime

from scrapers.captures import Request
from scrapers.errors import SourceUnavailable
from scrapers.http import Client


async def fetch(url: str) -> str:
    """The error code of the failure, from the client with its production settings."""
    async with Client(contact="tests", clock=lambda: datetime.now(UTC)) as client:
        try:
            await client.fetch("nimbus", Request(url))
        except SourceUnavailable as error:
            return error.error_code
    return "the body was accepted, expected too_large"


if __name__ == "__main__":
    code = asyncio.run(fetch(sys.argv[1]))
    sys.exit(None if code == "too_large" else code)
