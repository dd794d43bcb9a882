"""What a provider's parser makes of its recording, or of a document written by hand."""

import asyncio
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

from scrapers.captures import Capture, Request, recording, replay
from scrapers.offer import Offer


def recorded_offers(module: ModuleType) -> dict[str, Offer]:
    """Instance type -> offer, of the shipped recording."""
    stated = recording(module.PROVIDER.slug)
    assert stated, f"no recording of {module.PROVIDER.slug}"
    captures = replay(stated.captures)

    async def fetch(request: Request) -> Capture:
        return captures[request.identity]

    document = asyncio.run(module.SOURCE.document(fetch))
    return by_type(module.offers(document))


def by_type(offers: Any) -> dict[str, Offer]:
    """Instance type -> offer; two of one type fail."""
    found = list(offers)
    assert len({offer.instance_type for offer in found}) == len(found)
    return {offer.instance_type: offer for offer in found}


def decoded(source: Any, body: str) -> Any:
    """What a source of one request yields for a body."""
    capture = Capture("test", source.request(), 200, datetime(2026, 1, 1, tzinfo=UTC), "text/html", body.encode())
    return source.decode(capture)
