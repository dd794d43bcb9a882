"""Fetch what is more than the client will hold: python -m tests.faults.fetch_too_much URL."""

import asyncio
import sys
from datetime import UTC, datetime

from scrapers.captures import Request
from scrapers.errors import SourceUnavailable
from scrapers.http import Client


async def fetch(url: str) -> str:
    """The code of the failure, by the client as it is in earnest."""
    async with Client(contact="tests", clock=lambda: datetime.now(UTC)) as client:
        try:
            await client.fetch("nimbus", Request(url))
        except SourceUnavailable as error:
            return error.error_code
    return "it was held"


if __name__ == "__main__":
    code = asyncio.run(fetch(sys.argv[1]))
    sys.exit(None if code == "too_large" else code)
