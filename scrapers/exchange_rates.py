"""Exchange rates: US dollars per unit of a currency, by day."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from scrapers.errors import ImplausibleOffers


class Rate(NamedTuple):
    """US dollars per unit of a currency on a day; the day is None for the dollar itself."""

    currency: str
    rate_date: date | None
    usd_per_unit: Decimal


class UnknownCurrency(ImplausibleOffers):
    """The prices are in a currency without a rate on or before the day."""

    code = "unknown_currency"


class Rates:
    """Exchange rates by currency and day."""

    def __init__(self, rates: Iterable[tuple[str, date, Decimal]]) -> None:
        self._by_currency: dict[str, list[tuple[date, Decimal]]] = {}
        for currency, rate_date, usd_per_unit in sorted(rates):
            self._by_currency.setdefault(currency, []).append((rate_date, usd_per_unit))

    def at(self, currency: str, on: date) -> Rate | None:
        """The last rate on or before the day; None where there is none."""
        if currency == "USD":
            return Rate("USD", None, Decimal(1))
        days = self._by_currency.get(currency, [])
        position = bisect_right(days, on, key=lambda day: day[0])
        return Rate(currency, *days[position - 1]) if position else None
