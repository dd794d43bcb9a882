"""rates.json: what a US dollar is in other currencies, by the European Central Bank; the pages' script reads it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import orjson

from generator import urls
from generator.database import db
from generator.formats import iso_day

_CURRENT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Rate:
    """The newest rate of a currency on or before a day, in US dollars for one unit."""

    currency: str
    rate_date: date
    usd_per_unit: Decimal


def rates(connection: db.Connection, as_of: datetime) -> dict[str, bytes]:
    """The file, with the newest day's rates: units of each currency for one US dollar.  Older ones are left out."""
    known = [one for one in db.rows(connection, "exchange_rates", Rate, on_date=as_of.date()) if one.currency != "USD"]
    newest = max((one.rate_date for one in known), default=None)
    current = {
        one.currency: float(round(1 / one.usd_per_unit, 6))
        for one in sorted(known, key=lambda one: one.currency)
        if newest and newest - one.rate_date <= _CURRENT
    }
    day = iso_day(newest) if newest else None
    said = {"base": "USD", "day": day, "source": "European Central Bank, euro reference rates", "rates": current}
    return {urls.output_file(urls.RATES): orjson.dumps(said)}
