"""sources probe: what one provider answers now, on one screen."""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click

from generator.commands.console import print_json, say, table
from generator.commands.options import json_option, pass_settings
from generator.commands.prepare import prepared
from generator.formats import plural
from generator.ingest.probe import Probed
from generator.ingest.probe import probe as probed
from generator.ingest.refresh import named
from generator.settings import Settings
from scrapers import run
from scrapers.normalise import NormalisedOffer, prices_per_gpu_hour
from scrapers.price_per_gpu_hour import PER_GPU_HOUR
from scrapers.run import row_parser

_LISTED = 5  # names and offers that are listed of each kind that is not stored
_AROUND = 14  # lines above and below the offers
_PRICES = {
    "price_per_hour": "on demand",
    "price_per_hour_spot": "spot",
    "price_per_month": "by month",
    "price_per_hour_reserved_1y": "1 year",
    "price_per_hour_reserved_3y": "3 years",
}


@click.command()
@click.argument("provider")
@click.option("--recorded", is_flag=True, help="Use its recorded answer instead of asking it.")
@click.option("--all", "everything", is_flag=True, help="List every offer, however many there are.")
@json_option
@pass_settings
def probe(settings: Settings, provider: str, recorded: bool, everything: bool, as_json: bool) -> None:
    """Ask PROVIDER now; show its answer, and what a refresh would store.  Nothing is written.

    Prices are US dollars per GPU-hour.  The exit status is 1 where a refresh would refuse the answer.

    \b
    Examples:
      build.py sources probe runpod
      build.py sources probe gcp --recorded --json
    """
    (module,) = named(run.providers(), [provider])
    with prepared(settings, quiet=as_json) as connection:
        found = probed(
            connection,
            module,
            recorded=recorded,
            keys=settings.provider_keys(),
            contact=settings.contact,
            clock=lambda: datetime.now(UTC),
        )
    if as_json:
        print_json(_as_dict(found))
    else:
        _show(found, everything=everything)
    if found.made.error:
        raise click.exceptions.Exit(1)


def _show(found: Probed, *, everything: bool) -> None:
    provider = found.scraped.provider
    kind = provider.source_class.replace("_", " ").replace("api", "API")
    say(f"{provider.name} ({provider.slug}), {kind}, {provider.pricing_url}")
    for capture in found.scraped.captures:
        answered = f"{capture.status}, {len(capture.body):,} bytes, {capture.fetched_at:%Y-%m-%d %H:%M} UTC"
        say(f"  {capture.request.method} {capture.request.url}: {answered}, sha256 {capture.sha256[:12]}")
    if found.scraped.captures:
        _show_offers(found, None if everything else max(_LISTED, shutil.get_terminal_size((100, 40)).lines - _AROUND))
        _show_others(found, None if everything else _LISTED)
    say(_verdict(found))


def _show_offers(found: Probed, most: int | None) -> None:
    offers = found.made.checked.offers if found.made.checked else []
    rows = [_row(offer, found) for offer in sorted(offers, key=lambda offer: (offer.gpu_slug, _cheapness(offer)))]
    if rows:
        table(("instance type", "region", "GPU", *_PRICES.values(), "", "is"), rows[:most])
    if most is not None and len(rows) > most:
        say(f"... and {plural(len(rows) - most, 'more offer')}; --all lists them")


def _show_others(found: Probed, most: int | None) -> None:
    """Name what is not stored."""
    for name in found.made.normalised.unmapped[:most]:
        say(f'Unknown GPU name: "{name.gpu_name}" in {plural(name.offers, "offer")} ({name.rule})')
    for one in (found.made.checked.held if found.made.checked else [])[:most]:
        say(f"Held back ({one.rule}): {one.detail}")
    no_spot = found.made.checked.no_spot if found.made.checked else []
    if no_spot:
        named = ", ".join(f'"{instance_type}"' for instance_type, _ in no_spot[:most])
        say(f"Spot price left out, not below the on-demand price, in {plural(len(no_spot), 'offer')}: {named}")


def _row(offer: NormalisedOffer, found: Probed) -> list[str]:
    prices = prices_per_gpu_hour(offer)
    share = "" if offer.gpu_share == 1 else f"{offer.gpu_share.normalize():f} of "
    count = f"{offer.gpu_count} x " if offer.gpu_share == 1 and offer.size_stated else ""
    return [
        offer.instance_type,
        offer.region or f"{len(offer.available_regions) or ''}",
        f"{share}{count}{offer.gpu_slug}",
        *(f"{prices[column]:.3f}" if column in prices else "" for column in _PRICES),
        ", ".join(_remarks(offer)),
        found.compared[offer.instance_type, offer.region],
    ]


def _remarks(offer: NormalisedOffer) -> Iterator[str]:
    if not offer.size_stated:
        yield "machine size not stated"
    if offer.price_basis != "complete":
        yield offer.price_basis.replace("_", " ")
    if offer.availability_stated:
        yield offer.availability_status


def _cheapness(offer: NormalisedOffer) -> tuple[bool, Any]:
    prices = prices_per_gpu_hour(offer)
    return (not prices, min(prices.values(), default=None) or 0)


def _verdict(found: Probed) -> str:
    if found.made.error:
        return f"Would be refused: {found.made.error.message}"
    kinds = Counter(found.compared.values())
    counted = ", ".join(f"{kinds[kind]:,} {kind}" for kind in ("new", "changed", "same"))
    held = len(found.made.checked.held) if found.made.checked else 0
    unknown = sum(name.offers for name in found.made.normalised.unmapped)
    rest = f"{len(found.gone):,} gone, {held:,} held back, {unknown:,} of unknown GPUs"
    return f"Would be stored: {plural(len(found.offers), 'offer')} ({counted}); {rest}.\n{_rows(found)}"


_ENDS = {"offer": "offer", "unknown_name": "unknown name"}  # the other ends have one form


def _rows(found: Probed) -> str:
    """How the answer's rows ended."""
    counts = found.made.row_counts(found.scraped)
    rows = plural(counts.pop("rows"), "row")
    ends = ", ".join(_end(end, number) for end, number in counts.items())
    return f"{rows} in the answer, each {row_parser(found.module).what}: {ends}."


def _end(end: str, number: int) -> str:
    what, _, rule = end.partition(":")
    counted = plural(number, _ENDS[what]) if what in _ENDS else f"{number:,} {what.replace('_', ' ')}"
    return f"{counted} ({rule.replace('_', ' ')})" if rule else counted


def _as_dict(found: Probed) -> dict[str, Any]:
    made = found.made
    return {
        "provider": found.scraped.provider.slug,
        "error": made.error.message if made.error else None,
        "error_code": made.error.error_code if made.error else None,
        "captures": [
            {
                "method": one.request.method,
                "url": one.request.url,
                "status": one.status,
                "fetched_at": one.fetched_at,
                "bytes": len(one.body),
                "sha256": one.sha256,
            }
            for one in found.scraped.captures
        ],
        "offers": [_offer(offer, found) for offer in (made.checked.offers if made.checked else [])],
        "no_spot": made.checked.no_spot if made.checked else [],
        "held_back": [asdict(one) for one in (made.checked.held if made.checked else [])],
        "rows": made.row_counts(found.scraped),
        "left_out": [
            *(asdict(one) for one in found.scraped.left_out),
            *({"rule": "not_in_force", "name": offer.instance_type} for offer in made.timed.over),
        ],
        "scheduled": [asdict(one) for one in made.scheduled],
        "unknown_names": [asdict(name) for name in made.normalised.unmapped],
        "gone": [{"instance_type": key[0], "region": key[1]} for key in found.gone],
    }


def _offer(offer: NormalisedOffer, found: Probed) -> dict[str, Any]:
    facts = {name: value for name, value in asdict(offer).items() if name != "raw_data" and value is not None}
    prices = {PER_GPU_HOUR[column]: round(price, 6) for column, price in prices_per_gpu_hour(offer).items()}
    return {**facts, **prices, "standing": found.compared[offer.instance_type, offer.region]}
