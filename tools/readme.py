"""Update the README's table of providers from the modules and their recordings; run it after adding a provider."""

import asyncio
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from scrapers import captures, run

README = Path(__file__).resolve().parent.parent / "README.md"
BETWEEN = re.compile(r"(<!-- providers -->\n).*?(<!-- /providers -->)", re.DOTALL)
_CLASSES = {
    "marketplace_api": "marketplace API",
    "provider_api": "API",
    "price_page": "price page",
    "stated": "stated",
}


def main() -> None:
    """Write the table; with --check, only say whether it is current."""
    text = README.read_text("utf-8")
    current = with_table(text)
    if "--check" in sys.argv:
        sys.exit(
            0 if current == text else "README.md: the table of providers is out of date; run python -m tools.readme"
        )
    README.write_text(current, "utf-8")


def with_table(text: str) -> str:
    """The README with today's table."""
    return BETWEEN.sub(lambda found: found[1] + "\n".join(table()) + "\n" + found[2], text)


def table() -> Iterator[str]:
    """A line for each provider: how it is read, and what its recorded answer holds."""
    yield "| provider | read from | key | offers in the recording | recorded on |"
    yield "| --- | --- | --- | ---: | --- |"
    for module in run.providers():
        provider, recording = module.PROVIDER, captures.recording(module.PROVIDER.slug)
        offers = asyncio.run(_offers(module, recording)) if recording else 0
        cells = (
            f"[{provider.name}]({provider.pricing_url})",
            _CLASSES[provider.source_class],
            "yes" if provider.needs_key else "",
            str(offers),
            _dated(recording),
        )
        yield f"| {' | '.join(cells)} |"


def _dated(recording: captures.Recording | None) -> str:
    if recording is None:
        return "–"
    return str(recording.recorded_at.date()) if recording.is_dated else "undated, for tests"


async def _offers(module: run.ProviderModule, recording: captures.Recording) -> int:
    scraped = await run.scrape(module, run.replayer(recording.captures), clock=lambda: datetime.now(UTC))
    return len({(offer.instance_type, offer.region) for offer in scraped.offers})


if __name__ == "__main__":
    main()
