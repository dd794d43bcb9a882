"""A made-up market in a database, and the folders that a build reads: small, with something for all parts of pages."""

import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from generator.database import db, runs
from generator.ingest import store
from generator.prose import reviewed
from generator.root import ROOT
from scrapers.normalise import HeldBack, NormalisedOffer, UnmappedName
from tests.sql import samples

START = datetime(2025, 6, 10, 9, tzinfo=UTC)
GPUS = ("h100-sxm", "h100-pcie", "a100-sxm", "a100-pcie", "rtx-4090", "mi300x")
PROVIDERS = {
    "nimbus": ("provider_api", "regional_cloud"),
    "kestrel": ("price_page", "hyperscaler"),
    "bazaar": ("marketplace_api", "marketplace"),
    "mistral": ("provider_api", "depin"),
    "museum": ("provider_api", "specialized_neocloud"),
}
RECORDED = "museum"
_EDITOR = "Jo Doe"
_CHIPS = """
insert into gpu_models (slug, name, short_name, architecture, kind, chip) values
    ('h100', 'NVIDIA H100', 'H100', 'hopper', 'chip', 'h100'),
    ('a100', 'NVIDIA A100', 'A100', 'ampere', 'chip', 'a100');
update gpu_models set chip = split_part(slug, '-', 1), short_name = upper(slug) where slug ~ '^[ah]100-';
update gpu_models set manufacturer = 'AMD', architecture = 'cdna3' where slug = 'mi300x';
update gpu_models set is_consumer = true, is_datacenter = false where slug = 'rtx-4090';
insert into reference_sources (id, slug, name, url, licence, attribution, cadence) values
    (1, 'readers', 'Readers', 'https://readers.example', 'CC BY 4.0', 'Readers', '36 hours'),
    (2, 'others', 'Others', 'https://others.example', 'MIT', 'Others', '36 hours');
insert into reference_left_out (source_id, rule, readings_n) values (1, 'average', 3);
"""
_TERMS = """
insert into provider_terms (provider_id, field, value, word, unit, currency, source_url, checked_on)
select
    provider.id, term.field::provider_term_field, term.value, term.word, term.unit, term.currency, 'https://x.example',
    %s
from providers as provider
cross join (
    values
        ('billing_step', 60, null, 'seconds', null), ('egress', 0.05, null, 'per GB', 'EUR'),
        ('storage_running', 0.1, null, 'per GB-month', 'EUR'), ('storage_stopped', 0.1, null, 'per GB-month', 'USD'),
        ('compute_stopped', null, 'not billed', null, null)
) as term (field, value, word, unit, currency)
where provider.slug in ('nimbus', 'bazaar')
"""
_READINGS = """
insert into reference_history (source_id, provider, gpu_model_id, pricing_type, price_per_gpu_hour, observed_at)
select
    source.id, seller.slug, gpu.id, 'on_demand', 2 + source.id + (ago %% 7) / 10.0,
    %s::timestamptz - make_interval(days => ago)
from reference_sources as source
cross join (values ('nimbus'), ('kestrel'), ('elsewhere')) as seller (slug)
cross join gpu_models as gpu
cross join generate_series(0, 45) as ago
where gpu.slug in ('h100-sxm', 'a100-pcie') and (source.id = 1 or seller.slug = 'nimbus')
"""
_RATES = "insert into exchange_rates (currency, rate_date, usd_per_unit, source) values ('EUR', %s, 1.1, 'bank')"
_GUIDE = """---
title: {title}
description: What it says.
summary: The short answer.
author: CloudGPUs
published_on: {day}
sources:
  - title: One
    url: https://one.example/
  - title: Two
    url: https://two.example/
gpus: [{gpu}]
---

## Prices

Rent it from {{{{ floor:{gpu} }}}}, against {{{{ median:h100-sxm }}}}.

There are {{{{ count:offers }}}} offers at {{{{ provider:nimbus }}}} and others on {{{{ as_of }}}}.

Read [more](/guides/{other}/#prices), [prices](/gpu/{gpu}/#spot) and [how](/methodology/).
"""
_WORKLOAD = """---
title: Best GPU for {slug}
description: What it says.
summary: The short answer.
author: CloudGPUs
published_on: {day}
name: {slug}
sources:
  - title: One
    url: https://one.example/
  - title: Two
    url: https://two.example/
needs:
  version: 1
  of: A model
  formula: stated
  figures:
    memory_gb: {{value: {memory_gb}, source: "https://one.example/", checked_on: 2026-01-01}}
  runs_on: {{architectures: [hopper], source: "https://two.example/", checked_on: 2026-01-01}}
  interconnect: None.
---

### Prices

Rent it from {{{{ floor:h100-sxm }}}}, see [nodes](/guides/nodes/).
"""


@dataclass
class Market:
    """The database, the content, a copy of the code and templates, and what the providers answer at the moment."""

    url: str
    folder: Path
    chance: random.Random
    as_of: datetime = START
    site: dict[str, Any] = field(default_factory=lambda: {"site_url": "https://gpus.example/prices"})
    answers: dict[str, list[NormalisedOffer]] = field(default_factory=dict)
    held: dict[str, list[HeldBack]] = field(default_factory=dict)
    unmapped: dict[str, list[UnmappedName]] = field(default_factory=dict)

    @property
    def content(self) -> Path:
        """Guides and methodology."""
        return self.root / "content"

    @property
    def root(self) -> Path:
        """What the versions of code are read from."""
        return self.folder / "root"

    def make(self) -> None:
        """Fill the database and the folders."""
        self._copy_code()
        with db.connect(self.url) as connection:
            for number, slug in enumerate(GPUS):
                samples.add_gpu(connection, slug, vram_gb=(80, 80, 80, 40, 24, 192)[number])
            for slug, (source_class, kind) in PROVIDERS.items():
                samples.add_provider(connection, slug, source_class, provider_type=kind)
            connection.execute(_CHIPS)
            connection.execute(_TERMS, [START.date() - timedelta(days=170)])
            connection.execute(_READINGS, [START])
            connection.execute(_RATES, [START.date() - timedelta(days=60)])
            connection.execute(_SOLD, [START.date() - timedelta(days=3)])
            self.answers = {slug: self._first_answer(slug) for slug in PROVIDERS}
            for days in (3, 2, 1, 0):
                self.refresh(connection, START - timedelta(days=days))
        for number, slug in enumerate(("nodes", "memory", "later")):
            day = START.date() + timedelta(days=(-9, -8, 6)[number])
            self.write_guide(slug, day)
            self.approve(slug)
        for slug in ("small", "large"):
            self.write_workload(slug)
        self.write_methodology("It has {{ count:gpus }} GPUs. See [nodes](/guides/nodes/).")

    def refresh(self, connection: db.Connection, at: datetime, only: Sequence[str] = tuple(PROVIDERS)) -> None:
        """Store what these providers answer, as a run of that instant."""
        run_id = runs.start(connection, at, "live", "v1")
        for slug in only:
            self.store(connection, slug, at, run_id)
        runs.finish(connection, run_id)
        self.as_of = at
        connection.commit()

    def store(self, connection: db.Connection, slug: str, at: datetime, run_id: int, **changes: Any) -> None:
        """Store what a provider answers, as far as the database knows it and the GPUs."""
        if not samples.one(connection, "select id from providers where slug = %s", slug):
            return
        gpus = {row[0] for row in connection.execute("select slug from gpu_models")}
        is_recorded = slug == RECORDED
        origin = {"origin": "A list", "origin_url": "https://list.example"} if is_recorded else {}
        asked = samples.capture(
            repr(self.answers[slug]).encode(), f"https://{slug}.example/plans", fetched_at=at, **origin
        )
        values = {
            "provider": slug, "run_id": run_id, "source_class": PROVIDERS[slug][0], "is_recorded": is_recorded,
            "captures": [replace(asked, provider=slug)], "observed_at": at, "started_at": at, "completed_at": at,
            "held": self.held.get(slug, []), "unmapped": self.unmapped.get(slug, []),
            "offers": [offer for offer in self.answers[slug] if offer.gpu_slug in gpus],
            "request_url": asked.request.url,
        }  # fmt: skip
        store.store(connection, store.ProviderRun(**(values | changes)))

    def offer(self, slug: str) -> NormalisedOffer:
        """Any offer of a provider, perhaps under a key that it has already."""
        price = Decimal(self.chance.randint(100, 900)) / 100
        gpu = self.chance.choice((*GPUS, "h100"))
        in_euros = slug == "kestrel" and price < 5
        euros = {"currency": "EUR", "exchange_rate": Decimal("1.1"), "exchange_rate_date": START.date()}
        more = euros if in_euros else self._more_prices(price)
        return samples.offer(
            f"{gpu}.{self.chance.randint(1, 2)}",
            price,
            gpu_slug=gpu,
            region=self.chance.choice(("eu", "us")),
            gpu_count=self.chance.choice((1, 8)),
            upstream="nimbus" if slug == "bazaar" and self.chance.random() < 0.3 else None,
            **more,
        )

    def _more_prices(self, price: Decimal) -> dict[str, Decimal]:
        found = {"price_per_hour_spot": price / 2, "price_per_month": price * 500, "price_per_hour_reserved_1y": price}
        return {name: value for name, value in found.items() if self.chance.random() < 0.3}

    def put(self, slug: str, offer: NormalisedOffer) -> None:
        """Add an offer to a provider's answer, in place of the one with its key."""
        key = (offer.instance_type, offer.region)
        self.answers[slug] = [one for one in self.answers[slug] if (one.instance_type, one.region) != key] + [offer]

    def write_guide(self, slug: str, day: date) -> None:
        """Write a guide's file with a text of chance; nobody has reviewed it."""
        text = _GUIDE.format(
            title=f"What about {slug} {self.chance.randint(1, 99)}?",
            day=day,
            gpu=self.chance.choice(GPUS),
            other=self.chance.choice(("nodes", "memory", "later", "nothing")),
        )
        self._guide(slug).write_text(text, "utf-8")

    def approve(self, slug: str) -> None:
        """Approve a guide as it is."""
        reviewed.approve(self._guide(slug), _EDITOR, START.date() - timedelta(days=30))

    def write_workload(self, slug: str) -> None:
        """Write the file of a text about a workload that needs an amount of memory of chance, and approve it."""
        file = self.content / "workloads" / f"{slug}.md"
        day, memory_gb = START.date() - timedelta(days=9), self.chance.choice((20, 40, 80, 150, 900))
        file.write_text(_WORKLOAD.format(slug=slug, day=day, memory_gb=memory_gb), "utf-8")
        reviewed.approve(file, _EDITOR, START.date() - timedelta(days=8))

    def write_methodology(self, text: str) -> None:
        """Write the methodology."""
        (self.content / "methodology.md").write_text(text, "utf-8")

    def guide_files(self) -> list[Path]:
        """The guides' files."""
        return sorted((self.content / "guides").glob("*.md"))

    def _guide(self, slug: str) -> Path:
        return self.content / "guides" / f"{slug}.md"

    def _first_answer(self, slug: str) -> list[NormalisedOffer]:
        self.answers[slug] = []
        for _ in range(9):
            self.put(slug, self.offer(slug))
        return self.answers[slug]

    def _copy_code(self) -> None:
        for name in ("guides", "workloads"):
            (self.content / name).mkdir(parents=True)
        for name in ("generator", "templates"):
            shutil.copytree(ROOT / name, self.root / name, ignore=shutil.ignore_patterns("__pycache__"))
        (self.root / "scrapers").symlink_to(ROOT / "scrapers")
        shutil.copy(ROOT / "requirements.lock", self.root)


_SOLD = """
insert into sold_without_price (provider_id, gpu_model_id, machine_type, url, source_url, checked_on)
select provider.id, gpu.id, gpu.slug || '.9', 'https://x.example/sold', 'https://x.example', %s
from providers as provider cross join gpu_models as gpu
where provider.slug = 'kestrel' and gpu.slug in ('mi300x', 'h100-sxm')
"""
