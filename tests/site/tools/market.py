"""The market in the database, ranked here by an independent set of rules, to compare headlines with."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from statistics import median

from generator.database import db, runs
from generator.formats import money
from scrapers.price_per_gpu_hour import PER_GPU_HOUR, prices_per_gpu_hour

COLUMNS = {
    "on_demand": "price_per_hour",
    "spot": "price_per_hour_spot",
    "monthly": "price_per_month",
    "reserved_1y": "price_per_hour_reserved_1y",
    "reserved_3y": "price_per_hour_reserved_3y",
}
KINDS = {"hyperscaler": "Hyperscalers", "marketplace": "Marketplaces", "depin": "Marketplaces"}
_RECORDED_FRESH_FOR = timedelta(days=30)

_OFFERS = """
    select
        provider.slug as provider, provider.display_name as provider_name, provider.provider_type::text as kind,
        coalesce(provider.sla_uptime_percent, 100) as uptime, gpu.slug as gpu, gpu.kind as gpu_kind,
        offer.instance_type, offer.instance_name, offer.region, offer.available_regions, offer.gpu_count,
        offer.gpu_share, offer.size_stated, offer.upstream, offer.price_basis,
        offer.availability_status::text as availability, offer.availability_stated, offer.price_per_hour,
        offer.price_per_hour_spot, offer.price_per_month, offer.price_per_hour_reserved_1y,
        offer.price_per_hour_reserved_3y, coalesce(seen.last_confirmed_at, offer.last_scraped_at) as seen_at
    from cloudgpus.instances as offer
    join cloudgpus.providers as provider on provider.id = offer.provider_id and provider.is_active
    join cloudgpus.gpu_models as gpu on gpu.id = offer.gpu_model_id
    left join cloudgpus.confirmations as seen on seen.instance_id = offer.id
    where offer.is_active and offer.is_recorded
"""


@dataclass(frozen=True)
class Offer:
    """A row of `instances` with its provider, as recorded."""

    provider: str
    provider_name: str
    kind: str
    uptime: Decimal
    gpu: str
    gpu_kind: str
    instance_type: str
    instance_name: str | None
    region: str
    available_regions: list[str] | None
    gpu_count: int
    gpu_share: Decimal
    size_stated: bool
    upstream: str | None
    price_basis: str
    availability: str
    availability_stated: bool
    price_per_hour: Decimal | None
    price_per_hour_spot: Decimal | None
    price_per_month: Decimal | None
    price_per_hour_reserved_1y: Decimal | None
    price_per_hour_reserved_3y: Decimal | None
    seen_at: datetime

    def __str__(self) -> str:
        return f"{self.provider} {self.instance_type} {self.region or '(no region)'}".strip()

    @cached_property
    def prices(self) -> dict[str, Decimal]:
        """US dollars per GPU-hour, by the names of the database's columns."""
        return {PER_GPU_HOUR[column]: price for column, price in prices_per_gpu_hour(self).items()}  # type: ignore[arg-type]

    def price(self, pricing_type: str) -> Decimal | None:
        return self.prices.get(PER_GPU_HOUR[COLUMNS[pricing_type]])

    def can_be_had(self, as_of: datetime) -> bool:
        """Complete, whole, fresh, and not known to be unavailable."""
        return (
            self.price_basis == "complete"
            and self.gpu_share == 1
            and (self.availability in ("available", "limited") or not self.availability_stated)
            and self.seen_at >= as_of - _RECORDED_FRESH_FOR
            and (self.kind != "depin" or self.uptime >= 95)
        )


class Market:
    """All offers in a database of recordings, and those that may be behind a headline."""

    def __init__(self, database_url: str) -> None:
        with db.connect(database_url) as connection:
            self.as_of = runs.last_as_of(connection)
            cursor = connection.execute(_OFFERS)
            names = [column.name for column in cursor.description or ()]
            self.offers = [Offer(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
            self.gpu_names = dict(connection.execute("select short_name, slug from cloudgpus.gpu_models").fetchall())
            self.chips = dict(
                connection.execute("select slug, chip from cloudgpus.gpu_models where chip > ''").fetchall()
            )
            names_of = "select display_name, slug from cloudgpus.providers"
            self.providers = dict(connection.execute(names_of).fetchall())
            self.provider_names = {slug: name for name, slug in self.providers.items()}
        assert self.as_of is not None
        self.ranked = [offer for offer in self.offers if offer.can_be_had(self.as_of)]
        self._own = {(one.provider, one.gpu, kind) for one in self.ranked for kind in COLUMNS if one.price(kind)}

    def votes(self, gpu: str, kind: str, segment: str = "") -> list[Offer]:
        """Each provider's cheapest offer; a reseller's counts only where the cloud itself has none."""
        least: dict[str, Offer] = {}
        for offer in sorted(self.voting(gpu, kind), key=lambda one: one.price(kind) or 0):
            if segment in ("", KINDS.get(offer.kind, "GPU clouds")):
                least.setdefault(offer.provider, offer)
        return list(least.values())

    def voting(self, gpu: str, kind: str) -> Iterator[Offer]:
        """All offers that count in a GPU's market."""
        for offer in self.ranked:
            outvoted = offer.upstream != offer.provider and (offer.upstream, gpu, kind) in self._own
            if offer.gpu == gpu and offer.price(kind) and not outvoted:
                yield offer

    @cached_property
    def by_provider(self) -> dict[str, dict[str, Offer]]:
        """Provider -> variant -> its cheapest on-demand offer."""
        found: defaultdict[str, dict[str, Offer]] = defaultdict(dict)
        for gpu in {offer.gpu for offer in self.ranked if offer.gpu_kind == "variant"}:
            for offer in self.votes(gpu, "on_demand"):
                found[offer.provider][gpu] = offer
        return dict(found)

    def figure(self, statistic: str, votes: list[Offer], kind: str) -> str:
        """What a headline must say."""
        prices = [offer.price(kind) or Decimal(0) for offer in votes]
        if not prices:
            return "–"
        return money({"lowest": min, "highest": max, "median": median}[statistic](prices))

    def behind(self, gpu: str, kind: str, figure: str) -> list[str]:
        """The offers with this price, for rent or not."""
        return [str(offer) for offer in self.offers if offer.gpu == gpu and money(offer.price(kind)) == figure]
