"""sources regions: where the stored offers are, and which regions are unknown."""

import click

from generator.commands.console import print_json, say, say_more, table
from generator.commands.options import json_option, most_option, pass_settings
from generator.commands.prepare import prepared
from generator.database.provider_regions import OfferRegion, of_offers
from generator.ingest.refresh import named
from generator.settings import Settings
from scrapers import run


@click.command()
@click.argument("provider", required=False)
@click.option("--unknown", is_flag=True, help="Only regions whose country is unknown.")
@most_option
@json_option
@pass_settings
def regions(settings: Settings, provider: str | None, unknown: bool, most: int, as_json: bool) -> None:
    """List the regions of the stored offers, of all providers or of one, each with its country.

    A region's place comes from scrapers/facts/regions.csv, or from a country in the provider's code.  An unknown one
    needs a row there, and a row in region_lists.csv for the list that it is from.

    \b
    Examples:
      build.py sources regions
      build.py sources regions shadeform --json
      build.py sources regions --unknown
    """
    if provider:
        named(run.providers(), [provider])
    with prepared(settings, quiet=True) as connection:
        found = [one for one in of_offers(connection) if provider in (None, one.provider)]
    if unknown:
        found = [one for one in found if one.place is None]
    if as_json:
        print_json([_fields(one) for one in found])
    elif found:
        _show(found, most)
    else:
        say("Every region is known." if unknown else "No offer names its region.")


def _show(found: list[OfferRegion], most: int) -> None:
    headings = ("provider", "region", "name", "country", "continent", "offers")
    table(headings, [list(fields.values()) for fields in map(_fields, found[:most])])
    say_more(len(found), most)
    missing = sum(one.place is None for one in found)
    say(f"{len(found)} regions, {missing} of them unknown.")


def _fields(one: OfferRegion) -> dict[str, object]:
    place = one.place
    return {
        "provider": one.provider,
        "region": one.region,
        "name": place.name if place else None,
        "country": place.country if place else None,
        "continent": place.continent if place else None,
        "offers": one.offers,
    }
