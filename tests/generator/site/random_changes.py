"""Kinds of changes to a made-up market, each by chance: what refreshes, editors, the command line, psql and time do."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import psycopg

from generator.database import db, runs
from generator.errors import BuildError
from generator.ingest import disagreements, quarantine
from generator.site import content
from scrapers.normalise import HeldBack, UnmappedName
from tests.generator.site.made_up_market import GPUS, PROVIDERS, RECORDED, Market

Kind = Callable[[Market, db.Connection], None]

_TEXT = ("'One'", "'Another'", "'<b>Third</b>'")
_FACT = ("null", *_TEXT)
_LINK = ("null", "'https://link.example/1'", "'https://link.example/2'")
_ANY_BOOL = ("true", "false", "null")
_BOOL = ("true", "false")
_LIST = ("null", "array[]::text[]", "array['one', 'two']", "array['three']")
_SLUG = ("case when slug like '%-b' then replace(slug, '-b', '') else slug || '-b' end",)
_SMALL = ("null", "1", "2.5", "70")
_PRICE = ("1", "2.5", "4.0625", "9")
_OR_NONE = ("null", *_PRICE)
_DAY = "({at} at time zone 'UTC')::date"
_NEAR_DAYS = tuple(f"{_DAY} - {days}" for days in (400, 181, 180, 179, 40, 8, 1, 0, -1, -7))
_NEAR = tuple(
    f"{{at}} + interval '{span}'"
    for span in ("-400 days", "-31 days", "-7 days", "-1 day", "-3 hours", "-1 second", "0", "1 hour", "2 days")
)
_SPANS = ("interval '1 hour'", "interval '20 hours'", "interval '6 days'", "interval '150 days'")
_A_GPU = "(select id from gpu_models order by md5(id::text || {n}) limit 1)"
_A_PROVIDER = "(select id from providers order by md5(id::text || {n}) limit 1)"
# No price was seen before it began.
_BEGAN = "(select max(coalesce(valid_to, recorded_at)) from price_history as p where p.instance_id = confirmations.instance_id)"
_SEGMENT = ("price_per_hour", "price_per_hour_spot", "price_per_month", "price_per_hour_reserved_1y", "price_per_hour_reserved_3y")

# What psql may do to a column; {at} is the instant of the market, {n} any number.  Columns that pages read are all here.
COLUMNS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "gpu_models": {
        "name": _TEXT, "short_name": _TEXT, "manufacturer": ("'NVIDIA'", "'AMD'"), "kind": ("'variant'",),
        "chip": ("null", "'h100'", "'a100'"), "architecture": ("'hopper'", "'ampere'", "'cdna3'"),
        "vram_gb": ("24", "80", "141"), "memory_type": ("'HBM2'", "'HBM3'"), "memory_bandwidth_gbps": ("null", "900", "3000"),
        "tdp_watts": ("null", "300", "700"), "fp64_tflops": _SMALL, "fp32_tflops": _SMALL, "fp16_tflops": _SMALL,
        "fp8_tflops": _SMALL, "int8_tops": _SMALL, "fp16_sparse_tflops": _SMALL, "fp8_sparse_tflops": _SMALL,
        "form_factor": _FACT, "interconnect": _FACT, "is_datacenter": _BOOL, "is_consumer": _BOOL,
        "generation_year": ("null", "2020", "2023"), "description": _FACT, "use_cases": _LIST, "spec_source": _LINK,
        "notes": _FACT, "is_active": _BOOL, "slug": _SLUG,
    },
    "providers": {
        "slug": _SLUG, "name": _TEXT, "display_name": _TEXT,
        "provider_type": ("'hyperscaler'", "'marketplace'", "'depin'", "'bare_metal'"),
        "source_class": ("'provider_api'", "'price_page'", "'marketplace_api'"), "headquarters_country": ("null", "'DEU'", "'USA'"),
        "founded_year": ("null", "1999", "2020"), "website_url": _LINK[1:], "pricing_url": _LINK, "docs_url": _LINK,
        "affiliate_url": _LINK, "has_public_api": _BOOL, "sla_uptime_percent": ("null", "90", "99.9"),
        "supports_spot_instances": _ANY_BOOL, "supports_reserved_instances": _ANY_BOOL, "supports_bare_metal": _ANY_BOOL,
        "min_billing_increment_seconds": ("null", "1", "3600"), "description": _FACT, "pros": _LIST, "cons": _LIST,
        "best_for": _LIST, "is_active": _BOOL,
    },
    "source_classes": {"fresh_for": _SPANS[:2], "expires_after": _SPANS[1:], "maximum_gap": _SPANS},
    "provider_terms": {
        "provider_id": (_A_PROVIDER,), "qualifier": ("''", "'Asia'"), "value": ("0", "0.02", "60", "1200"),
        "word": ("'not billed'", "'not stated'"), "currency": ("'USD'", "'EUR'", "'GBP'"),
        "unit": ("'per GB-hour'", "'per GB-month'"), "note": ("''", *_TEXT), "source_url": _LINK[1:], "checked_on": _NEAR_DAYS,
    },
    "exchange_rates": {"currency": ("'EUR'", "'GBP'"), "rate_date": _NEAR_DAYS, "usd_per_unit": ("0.9", "1.1", "1.3")},
    "sold_without_price": {
        "provider_id": (_A_PROVIDER,), "gpu_model_id": (_A_GPU,), "machine_type": ("'h100-sxm.1'", "'a100-pcie.2'", "'x'"),
        "url": _LINK[1:], "checked_on": _NEAR_DAYS,
    },
    "instances": {
        "provider_id": (_A_PROVIDER,), "gpu_model_id": (_A_GPU,), "instance_type": ("'h100-sxm.1'", "'h100-sxm.9'", "'big'"),
        "region": ("''", "'eu'", "'asia'"), "instance_name": _FACT, "gpu_count": ("1", "4"), "gpu_share": ("1", "0.5"),
        "size_stated": _BOOL, **dict.fromkeys(_SEGMENT, _OR_NONE), "price_basis": ("'complete'", "'bundle'"),
        "currency": ("'USD'", "'EUR'"), "original_price_per_hour": _PRICE, "original_price_per_hour_spot": _PRICE,
        "exchange_rate": ("1", "1.1", "1.2"), "vcpu_count": ("null", "8"), "ram_gb": ("null", "64"),
        "storage_type": _FACT, "storage_gb": ("null", "100"), "network_bandwidth_gbps": ("null", "10"),
        "has_nvlink": _ANY_BOOL, "has_infiniband": _ANY_BOOL, "infiniband_bandwidth_gbps": ("null", "400"),
        "availability_status": ("'available'", "'limited'", "'sold_out'", "'contact_sales'"), "availability_stated": _BOOL,
        "available_regions": _LIST, "min_rental_hours": ("1", "24"), "max_rental_hours": ("null", "48"),
        "billing_increment_seconds": ("1", "3600"), "setup_fee": ("0", "5"), "upstream": ("null", "'nimbus'", "'Nobody'"),
        "instance_url": _LINK, "offers_merged": ("1", "5"), "source_url": _LINK, "is_recorded": _BOOL, "is_active": _BOOL,
        "last_scraped_at": _NEAR, "scrape_job_id": ("(select id from scrape_jobs order by md5(id::text || {n}) limit 1)",),
        "price_includes": ("'{{}}'", """'{{"a": 1}}'"""),
    },
    "confirmations": {
        "last_confirmed_at": tuple(f"greatest({_BEGAN}, {at})" for at in _NEAR), "scrape_job_id": ("(select id from scrape_jobs order by md5(id::text || {n}) limit 1)",),
    },
    "price_history": {
        **dict.fromkeys(_SEGMENT, _OR_NONE), "gpu_model_id": (_A_GPU,), "availability_status": ("'available'", "'sold_out'"),
        "gpu_share": ("1", "0.5"), "currency": ("'USD'", "'EUR'"), "original_price_per_hour": _PRICE, "is_recorded": _BOOL,
        "is_active": _BOOL, "recorded_at": tuple(f"recorded_at - interval '{span}'" for span in ("1 hour", "2 days")),
        "valid_to": ("valid_to + interval '1 hour'", "valid_to - interval '1 minute'"), "price_per_gpu_hour": _PRICE,
        "provider_id": (_A_PROVIDER,), "gpu_count": ("1", "4"),
    },
    "captures": {
        "url": _LINK[1:], "fetched_at": _NEAR, "is_recorded": _BOOL, "origin": ("null", "'A list'", "'Another list'"),
        "origin_url": _LINK, "provider_id": (_A_PROVIDER,),
        "scrape_job_id": ("(select id from scrape_jobs order by md5(id::text || {n}) limit 1)",),
    },
    "scrape_jobs": {"status": ("'completed'", "'failed'")},
    "reference_sources": {
        "slug": ("'readers'", "'lectors'"), "name": _TEXT, "url": _LINK[1:], "licence": _TEXT, "attribution": _TEXT,
        "cadence": ("interval '1 day'", "interval '5 days'"),
    },
    "reference_history": {
        "source_id": ("1", "2"), "provider": ("'nimbus'", "'kestrel'", "'elsewhere'"), "gpu_model_id": (_A_GPU,),
        "pricing_type": ("'on_demand'", "'spot'"), "price_per_gpu_hour": _PRICE, "observed_at": _NEAR, "region": ("''", "'eu'"),
        "gpu_count": ("null", "8"), "price_basis": ("'complete'", "'gpu_only'", "null"),
    },
    "reference_left_out": {"rule": ("'average'", "'wrong_gpu'"), "readings_n": ("1", "8"), "source_id": ("1", "2")},
    "quarantine": {
        "provider_id": (_A_PROVIDER,), "gpu_model_id": ("null", _A_GPU), "rule": ("'price_jump'", "'price_band'", "'gone'"),
        "state": ("'waiting'", "'withdrawn'"), "first_seen_at": _NEAR, "instance_type": ("''", "'a'", "'b'"),
    },
    "unmapped_gpu_names": {
        "provider_id": (_A_PROVIDER,), "offers": ("1", "9"), "first_seen_at": _NEAR, "gpu_name": ("'X9'", "'Y1'"),
    },
    "disagreements": {
        "provider_id": (_A_PROVIDER,), "gpu_model_id": (_A_GPU,), "pricing_type": ("'on_demand'", "'spot'"),
        "region": ("''", "'eu'"), "gpu_count": ("null", "8"), "reading_source": ("'Readers'", "'Others'"),
        "instance_type": ("'a'", "'b'"), "price_per_gpu_hour": _PRICE, "observed_at": _NEAR, "reading_url": _LINK[1:],
        "reading_licence": _TEXT, "reading_price_per_gpu_hour": _PRICE, "reading_observed_at": _NEAR,
        "state": ("'open'", "'settled'"), "reason": _TEXT, "verdict": ("'ours'", "'both'"),
    },
    "content_pages": {
        "title": ("'A title'", "'Another title'"), "meta_description": _TEXT, "is_published": _BOOL,
        "content_markdown": ("'A text.'", "'With {{{{ floor:h100-sxm }}}}.'"), "slug": ("slug || 'b'",),
    },
    "market_days": {"floor": _PRICE, "median": _PRICE, "providers_n": ("1", "9")},
}  # fmt: skip
DELETED = (
    "provider_terms", "exchange_rates", "sold_without_price", "confirmations", "price_history", "captures",
    "reference_history", "reference_left_out", "quarantine", "unmapped_gpu_names", "disagreements", "content_pages",
)  # fmt: skip
_INSERTED = {
    "gpu_models": "insert into gpu_models (slug, name, short_name, architecture, vram_gb, memory_type, chip)"
    " values ('new-{n}', 'New {n}', 'N{n}', 'hopper', 80, 'HBM3', 'h100')",
    "providers": "insert into providers (slug, name, display_name, provider_type, reliability_tier, website_url)"
    " values ('new-{n}', 'New {n}', 'New {n}', 'bare_metal', 'standard', 'https://new.example')",
    "instances": "insert into instances (provider_id, gpu_model_id, instance_type, price_per_hour, last_scraped_at)"
    f" values ({_A_PROVIDER}, {_A_GPU}, 'psql-{{n}}', 3, {{at}} - interval '1 hour')",
    "instances without a price": "insert into instances (provider_id, gpu_model_id, instance_type, availability_status,"
    f" last_scraped_at) values ({_A_PROVIDER}, {_A_GPU}, 'ask-{{n}}', 'contact_sales', {{at}} + interval '1 hour')",
    "provider_terms": "insert into provider_terms (provider_id, field, word, source_url, checked_on)"
    f" values ({_A_PROVIDER}, 'compute_stopped', 'billed', 'https://x.example', {_DAY} - 1)",
    "exchange_rates": f"insert into exchange_rates values ('GBP', {_DAY} - 2, 1.3, 'bank'), ('EUR', {_DAY} + 1, 1.2, 'bank')",
    "sold_without_price": "insert into sold_without_price (provider_id, gpu_model_id, machine_type, url, source_url, checked_on)"
    f" values ({_A_PROVIDER}, {_A_GPU}, 'sold-{{n}}', 'https://x.example', 'https://x.example', {_DAY} + {{n}} % 3 - 1)",
    "reference_history": "insert into reference_history (source_id, provider, gpu_model_id, pricing_type, price_per_gpu_hour,"
    f" observed_at) select 1, 'kestrel', {_A_GPU}, 'on_demand', 2 + day % 3, {{at}} - make_interval(days => 12 - day)"
    " from generate_series(0, 14) as day",
    "reference_left_out": "insert into reference_left_out values (2, 'wrong_gpu', 2)",
    "unmapped_gpu_names": "insert into unmapped_gpu_names (provider_id, gpu_name, offers, first_seen_at, last_seen_at)"
    f" values ({_A_PROVIDER}, 'Z{{n}}', 2, {{at}} + interval '1 hour', {{at}} + interval '1 hour')",
    "disagreements": "insert into disagreements (provider_id, gpu_model_id, pricing_type, reading_source, instance_type,"
    " instance_region, price_per_gpu_hour, observed_at, reading_price_per_gpu_hour, reading_observed_at, reading_url,"
    f" reading_licence, first_seen_run, last_seen) select {_A_PROVIDER}, {_A_GPU}, 'on_demand', 'Psql', 'a', '', 2,"
    " {at} + interval '1 hour', 3, {at}, 'https://x.example', 'MIT', max(id), {at} from runs",
    "market_days": f"insert into market_days select {_DAY} - 2, {_A_GPU}, 2, 3, 2",
}


def _updated(table: str, column: str, values: Sequence[str]) -> Kind:
    def change(market: Market, connection: db.Connection) -> None:
        _psql(market, connection, f"update {table} set {column} = {market.chance.choice(values)} where {_row(table)}")

    return change


def _deleted(table: str) -> Kind:
    return lambda market, connection: _psql(market, connection, f"delete from {table} where {_row(table)}")


def _inserted(statement: str) -> Kind:
    return lambda market, connection: _psql(market, connection, statement)


def _row(table: str) -> str:
    return f"(tableoid, ctid) = (select tableoid, ctid from {table} order by md5(ctid::text || {{n}}) limit 1)"


def _psql(market: Market, connection: db.Connection, statement: str) -> None:
    """Run a statement; one that breaks a rule of the schema changes nothing."""
    filled = statement.format(n=market.chance.randint(1, 10**6), at=f"'{market.as_of.isoformat()}'::timestamptz")
    try:
        with connection.transaction():
            connection.execute(filled)  # type: ignore[arg-type]
    except (psycopg.IntegrityError, psycopg.DataError, psycopg.errors.RaiseException):
        pass


def _seen_again(market: Market, connection: db.Connection) -> None:
    market.refresh(connection, market.as_of + timedelta(minutes=market.chance.randint(1, 50)), _some_providers(market))


def _seen_on_another_day(market: Market, connection: db.Connection) -> None:
    market.refresh(connection, market.as_of + timedelta(days=1), _some_providers(market))


def _seen_at_the_same_instant(market: Market, connection: db.Connection) -> None:
    market.refresh(connection, market.as_of)


def _new_prices(market: Market, connection: db.Connection) -> None:
    slug = market.chance.choice(list(PROVIDERS))
    offers = market.answers[slug]
    for place in market.chance.sample(range(len(offers)), min(2, len(offers))):
        price = (offers[place].price_per_hour or Decimal(2)) + Decimal(market.chance.randint(-90, 90)) / 100
        own = offers[place].original_price_per_hour if offers[place].currency == "EUR" else max(price, Decimal("0.5"))
        offers[place] = replace(offers[place], price_per_hour=max(price, Decimal("0.5")), original_price_per_hour=own)
    market.refresh(connection, market.as_of + timedelta(minutes=20), [slug])


def _another_status(market: Market, connection: db.Connection) -> None:
    slug = market.chance.choice(list(PROVIDERS))
    for place, offer in enumerate(market.answers[slug]):
        if market.chance.random() < 0.3:
            status = market.chance.choice(("available", "limited", "sold_out"))
            market.answers[slug][place] = replace(offer, availability_status=status)
    market.refresh(connection, market.as_of + timedelta(hours=1), [slug])


def _new_offer(market: Market, connection: db.Connection) -> None:
    slug = market.chance.choice(list(PROVIDERS))
    market.put(slug, market.offer(slug))
    market.refresh(connection, market.as_of + timedelta(minutes=5), [slug])


def _dropped_offers(market: Market, connection: db.Connection) -> None:
    slug = market.chance.choice(list(PROVIDERS))
    if len(market.answers[slug]) > 3:
        market.answers[slug].pop(market.chance.randrange(len(market.answers[slug])))
    market.refresh(connection, market.as_of + timedelta(minutes=5), [slug])


def _held_back(market: Market, connection: db.Connection) -> None:
    slug = market.chance.choice(list(PROVIDERS))
    offer = market.chance.choice(market.answers[slug])
    key = offer.instance_type, offer.region
    held = HeldBack(*key, offer.gpu_slug, "price_jump", "twice", {"price_per_hour": Decimal(9)})
    market.held[slug] = [] if market.held.get(slug) else [held]
    market.unmapped[slug] = [] if market.unmapped.get(slug) else [UnmappedName("H400", None, "x", 2, "no alias")]
    market.refresh(connection, market.as_of + timedelta(minutes=5), [slug])


def _decided(market: Market, connection: db.Connection) -> None:
    for entry in quarantine.entries(connection)[:1]:
        state = market.chance.choice(("released", "rejected"))
        try:
            quarantine.decide(connection, entry.id, state, by="Jo", at=market.as_of, reason="seen")
        except BuildError:
            connection.rollback()


def _compared(market: Market, connection: db.Connection) -> None:
    run_id = runs.start(connection, market.as_of, "live", "v1")
    disagreements.compare(connection, run_id, market.as_of)
    runs.finish(connection, run_id)


def _judged(market: Market, connection: db.Connection) -> None:
    _compared(market, connection)
    found = [entry for entry in disagreements.entries(connection) if entry.state == "open"]
    if found:
        number = market.chance.choice(found).id
        disagreements.judge(connection, number, "ours", by="Jo", at=market.as_of, reason="Read there.")


def _corrected(market: Market, connection: db.Connection) -> None:
    """A stored answer is parsed again, and its prices come out otherwise."""
    slug = market.chance.choice([name for name in PROVIDERS if name != RECORDED])
    run_id = runs.start(connection, market.as_of, "replay", "v2")
    if market.answers[slug]:
        market.answers[slug][0] = replace(market.answers[slug][0], price_per_hour=Decimal(market.chance.randint(1, 9)))
    market.store(connection, slug, market.as_of, run_id, corrects=True, replayed_until=market.as_of - timedelta(hours=2))
    runs.finish(connection, run_id)


def _market_settled(market: Market, connection: db.Connection) -> None:
    db.execute(connection, "history_close_market_days", as_of=market.as_of)


def _first_live_or_last(market: Market, connection: db.Connection) -> None:
    """All prices become recorded ones, or those of real providers live again."""
    are_live = market.chance.random() < 0.7
    provider = "select id from providers where slug <> 'museum'"
    connection.execute(f"update instances set is_recorded = %s where provider_id in ({provider})", [not are_live])  # type: ignore[arg-type]


def _failed(market: Market, connection: db.Connection) -> None:
    run_id = runs.start(connection, market.as_of, "live", "v1")
    failure = {"status": "failed", "error_code": "x", "error_message": "x", "held": None, "offers": ()}
    market.store(connection, "nimbus", market.as_of, run_id, **failure)
    runs.finish(connection, run_id)


def _time(**span: float) -> Kind:
    """Time passes, and a run that reaches nobody ends."""

    def pass_by(market: Market, connection: db.Connection) -> None:
        market.refresh(connection, market.as_of + timedelta(**span), ())

    return pass_by


def _guide_written(market: Market, _: db.Connection) -> None:
    slug = market.chance.choice(("nodes", "memory", "later", "new"))
    market.write_guide(slug, market.as_of.date() + timedelta(days=market.chance.choice((-3, 0, 1, 5))))
    if market.chance.random() < 0.8:
        market.approve(slug)


def _guide_removed(market: Market, _: db.Connection) -> None:
    if files := market.guide_files():
        market.chance.choice(files).unlink()


def _guide_off(market: Market, connection: db.Connection) -> None:
    for status in content.statuses(connection, "guide"):
        if status.is_published and market.chance.random() < 0.5:
            content.unpublish(connection, status.slug)
            return


def _methodology(market: Market, _: db.Connection) -> None:
    texts = ("It is new.", "{{ count:offers }} offers at {{ provider:nimbus }}.", "See [it](/guides/memory/#prices).", " ")
    market.write_methodology(market.chance.choice(texts))


def _template(market: Market, _: db.Connection) -> None:
    files = [*(market.root / "templates").rglob("*.html"), *(market.root / "templates").rglob("*.css")]
    file = market.chance.choice(sorted(files))
    mark = f"<!-- {market.chance.randint(1, 99)} -->" if file.suffix == ".html" else "/* new */"
    text = file.read_text("utf-8")
    place = text.rfind("</main>") if "</main>" in text else len(text)
    file.write_text(f"{text[:place]}{mark}{text[place:]}" if file.suffix == ".css" or "</main>" in text else text + "{# new #}")


def _code(market: Market, _: db.Connection) -> None:
    file = market.chance.choice(sorted((market.root / "generator").rglob("*.py")))
    file.write_text(file.read_text("utf-8") + "\n# new\n", "utf-8")


def _settings(market: Market, _: db.Connection) -> None:
    name, values = market.chance.choice(
        [
            ("site_url", ("https://gpus.example/prices", "https://gpus.example", "https://other.example/x")),
            ("site_name", ("CloudGPUs", "Otherwise")),
            ("organisation", ("Acme", "Other")),
            ("product_markup", (True, False)),
        ]
    )
    market.site[name] = market.chance.choice(values)


def _some_providers(market: Market) -> list[str]:
    return [slug for slug in PROVIDERS if market.chance.random() < 0.6]


def _kinds() -> Iterator[tuple[str, Kind]]:
    for table, columns in COLUMNS.items():
        for column, values in columns.items():
            yield f"update {table}.{column}", _updated(table, column, values)
    for table in DELETED:
        yield f"delete from {table}", _deleted(table)
    for name, statement in _INSERTED.items():
        yield f"insert into {name}", _inserted(statement)
    yield from _WRITERS.items()


_WRITERS: dict[str, Kind] = {
    "seen again": _seen_again,
    "seen on another day": _seen_on_another_day,
    "seen at the same instant": _seen_at_the_same_instant,
    "new prices": _new_prices,
    "another status": _another_status,
    "a new offer": _new_offer,
    "dropped offers": _dropped_offers,
    "held back": _held_back,
    "decided": _decided,
    "compared": _compared,
    "judged": _judged,
    "corrected": _corrected,
    "a failed answer": _failed,
    "market settled": _market_settled,
    "live or recorded": _first_live_or_last,
    "a guide written": _guide_written,
    "a guide removed": _guide_removed,
    "a guide taken off": _guide_off,
    "methodology": _methodology,
    "a template": _template,
    "code": _code,
    "settings": _settings,
    **{
        f"time {span}": _time(**{unit: value})
        for span, unit, value in (
            ("40 minutes", "minutes", 40), ("7 hours", "hours", 7), ("13 hours", "hours", 13), ("25 hours", "hours", 25),
            ("3 days", "days", 3), ("8 days", "days", 8), ("31 days", "days", 31), ("back an hour", "hours", -1),
            ("back two days", "days", -2),
        )
    },
}  # fmt: skip
KINDS: Mapping[str, Kind] = dict(_kinds())
_OFTEN = [name for name in _WRITERS if name not in {"a template", "code", "settings"}]


def chosen(market: Market) -> str:
    """The name of a kind of change: one of the real writers half of the time."""
    return market.chance.choice(_OFTEN if market.chance.random() < 0.4 else list(KINDS))
