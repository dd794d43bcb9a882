"""What psql may do to the tables of a made-up market: to any column that pages read, by chance."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import psycopg

from generator.database import db
from tests.generator.site.made_up_market import Market

Kind = Callable[[Market, db.Connection], None]

# fmt: off
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
_BEGAN = (
    "(select max(coalesce(valid_to, recorded_at)) from price_history as price"
    " where price.instance_id = confirmations.instance_id)"
)
_ENDS = (
    "'{{}}'",
    *(
        f"jsonb_build_object('price_per_hour', {{at}} + interval '{span}', 'price_per_hour_spot', {{at}})"
        for span in ("-2 days", "-1 minute", "40 minutes", "1 day")
    ),
)
_SEGMENT = (
    "price_per_hour", "price_per_hour_spot", "price_per_month", "price_per_hour_reserved_1y",
    "price_per_hour_reserved_3y",
)

# What psql may do to a column; {at} is the instant of the market, {n} any number.
COLUMNS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "gpu_models": {
        "name": _TEXT, "short_name": _TEXT, "manufacturer": ("'NVIDIA'", "'AMD'"), "kind": ("'variant'",),
        "chip": ("null", "'h100'", "'a100'"), "architecture": ("'hopper'", "'ampere'", "'cdna3'"),
        "vram_gb": ("24", "80", "141"), "memory_type": ("'HBM2'", "'HBM3'"), "memory_bandwidth_gbps": ("null",
        "900", "3000"),
        "tdp_watts": ("null", "300", "700"), "fp64_tflops": _SMALL, "fp32_tflops": _SMALL, "fp16_tflops": _SMALL,
        "fp8_tflops": _SMALL, "int8_tops": _SMALL, "fp16_sparse_tflops": _SMALL, "fp8_sparse_tflops": _SMALL,
        "form_factor": _FACT, "interconnect": _FACT, "is_datacenter": _BOOL, "is_consumer": _BOOL,
        "generation_year": ("null", "2020", "2023"), "description": _FACT, "use_cases": _LIST, "spec_source": _LINK,
        "notes": _FACT, "is_active": _BOOL, "slug": _SLUG,
    },
    "providers": {
        "slug": _SLUG, "name": _TEXT, "display_name": _TEXT,
        "provider_type": ("'hyperscaler'", "'marketplace'", "'depin'", "'bare_metal'"),
        "source_class": ("'provider_api'", "'price_page'", "'marketplace_api'"), "headquarters_country": ("null",
        "'DEU'", "'USA'"),
        "founded_year": ("null", "1999", "2020"), "website_url": _LINK[1:], "pricing_url": _LINK, "docs_url": _LINK,
        "affiliate_url": _LINK, "has_public_api": _BOOL, "sla_uptime_percent": ("null", "90", "99.9"),
        "supports_spot_instances": _ANY_BOOL, "supports_reserved_instances": _ANY_BOOL,
        "supports_bare_metal": _ANY_BOOL,
        "min_billing_increment_seconds": ("null", "1", "3600"), "description": _FACT, "pros": _LIST, "cons": _LIST,
        "best_for": _LIST, "is_active": _BOOL,
    },
    "gpu_aliases": {"alias": ("'h100'", "'x'"), "memory_gb": ("null", "80"), "gpu_model_id": (_A_GPU,)},
    "source_classes": {"fresh_for": _SPANS[:2], "expires_after": _SPANS[1:], "maximum_gap": _SPANS},
    "provider_terms": {
        "provider_id": (_A_PROVIDER,), "qualifier": ("''", "'Asia'"), "value": ("0", "0.02", "60", "1200"),
        "word": ("'not billed'", "'not stated'"), "currency": ("'USD'", "'EUR'", "'GBP'"),
        "unit": ("'per GB-hour'", "'per GB-month'"), "note": ("''", *_TEXT), "source_url": _LINK[1:],
        "checked_on": _NEAR_DAYS,
    },
    "exchange_rates": {"currency": ("'EUR'", "'GBP'"), "rate_date": _NEAR_DAYS, "usd_per_unit": ("0.9", "1.1",
    "1.3")},
    "sold_without_price": {
        "provider_id": (_A_PROVIDER, ), "gpu_model_id": (_A_GPU, ), "machine_type": ("'h100-sxm.1'",
        "'a100-pcie.2'", "'x'"),
        "url": _LINK[1:], "checked_on": _NEAR_DAYS,
    },
    "instances": {
        "provider_id": (_A_PROVIDER, ), "gpu_model_id": (_A_GPU, ), "instance_type": ("'h100-sxm.1'",
        "'h100-sxm.9'", "'big'"),
        "region": ("''", "'eu'", "'asia'"), "instance_name": _FACT, "gpu_count": ("1", "4"), "gpu_share": ("1",
        "0.5"),
        "size_stated": _BOOL, **dict.fromkeys(_SEGMENT, _OR_NONE), "price_basis": ("'complete'", "'bundle'"),
        "currency": ("'USD'", "'EUR'"), "original_price_per_hour": _PRICE, "original_price_per_hour_spot": _PRICE,
        "exchange_rate": ("1", "1.1", "1.2"), "vcpu_count": ("null", "8"), "ram_gb": ("null", "64"),
        "storage_type": _FACT, "storage_gb": ("null", "100"), "network_bandwidth_gbps": ("null", "10"),
        "has_nvlink": _ANY_BOOL, "has_infiniband": _ANY_BOOL, "infiniband_bandwidth_gbps": ("null", "400"),
        "availability_status": ("'available'", "'limited'", "'sold_out'", "'contact_sales'"),
        "availability_stated": _BOOL,
        "available_regions": _LIST, "min_rental_hours": ("1", "24"), "max_rental_hours": ("null", "48"),
        "billing_increment_seconds": ("1", "3600"), "setup_fee": ("0", "5"), "upstream": ("null", "'nimbus'",
        "'Nobody'"),
        "price_ends": _ENDS,
        "instance_url": _LINK, "offers_merged": ("1", "5"), "source_url": _LINK, "is_recorded": _BOOL,
        "is_active": _BOOL,
        "last_scraped_at": _NEAR,
        "scrape_job_id": ("(select id from scrape_jobs order by md5(id::text || {n}) limit 1)", ),
        "price_includes": ("'{{}}'", """'{{"a": 1}}'"""),
    },
    "confirmations": {
        "last_confirmed_at": tuple(f"greatest({_BEGAN}, {at})" for at in _NEAR if "1 hour" not in at),
        "scrape_job_id": ("(select id from scrape_jobs order by md5(id::text || {n}) limit 1)", ),
    },
    "price_history": {
        **dict.fromkeys(_SEGMENT, _OR_NONE), "price_ends": _ENDS, "gpu_model_id": (_A_GPU, ),
        "availability_status": ("'available'",
        "'sold_out'"),
        "gpu_share": ("1", "0.5"), "currency": ("'USD'", "'EUR'"), "original_price_per_hour": _PRICE,
        "is_recorded": _BOOL,
        "is_active": _BOOL, "recorded_at": tuple(f"recorded_at - interval '{span}'" for span in ("1 hour", "2 days")),
        "valid_to": ("valid_to + interval '1 hour'", "valid_to - interval '1 minute'"), "price_per_gpu_hour": _PRICE,
        "provider_id": (_A_PROVIDER,), "gpu_count": ("1", "4"),
    },
    "captures": {
        "url": _LINK[1:], "fetched_at": _NEAR, "is_recorded": _BOOL, "origin": ("null", "'A list'", "'Another list'"),
        "origin_url": _LINK, "provider_id": (_A_PROVIDER,),
        "scrape_job_id": ("(select id from scrape_jobs order by md5(id::text || {n}) limit 1)",),
        "method": ("'GET'", "'POST'"), "status": ("200", "206"), "content_type": _FACT,
        "sha256": ("(select sha256 from capture_bodies order by md5(sha256 || {n}) limit 1)",),
    },
    "scrape_jobs": {"status": ("'completed'", "'failed'"), "request_url": _LINK},
    "reference_sources": {
        "slug": ("'readers'", "'lectors'"), "name": _TEXT, "url": _LINK[1:], "licence": _TEXT, "attribution": _TEXT,
        "cadence": ("interval '1 day'", "interval '5 days'"),
    },
    "reference_history": {
        "source_id": ("1", "2"), "provider": ("'nimbus'", "'kestrel'", "'elsewhere'"), "gpu_model_id": (_A_GPU,),
        "pricing_type": ("'on_demand'", "'spot'"), "price_per_gpu_hour": _PRICE, "observed_at": _NEAR,
        "region": ("''", "'eu'"),
        "gpu_count": ("null", "8"), "price_basis": ("'complete'", "'gpu_only'", "null"),
    },
    "reference_left_out": {"rule": ("'average'", "'wrong_gpu'"), "readings_n": ("1", "8"), "source_id": ("1", "2")},
    "quarantine": {
        "provider_id": (_A_PROVIDER, ), "gpu_model_id": ("null", _A_GPU), "rule": ("'price_jump'", "'price_band'",
        "'gone'"),
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
        "state": ("'open'", "'settled'"), "reason": _TEXT, "verdict": ("'ours'", "'both'", "'theirs'", "'neither'"),
    },
    "content_pages": {
        "title": ("'A title'", "'Another title'"), "meta_description": _TEXT, "is_published": _BOOL,
        "content_markdown": ("'A text.'", "'With {{{{ floor:h100-sxm }}}}.'"), "slug": ("slug || 'b'",),
    },
    "provider_regions": {
        "name": ("''", *_TEXT), "country": ("null", "'DE'", "'JP'"), "continent": ("'Europe'", "'Asia'"),
        "provider_id": (_A_PROVIDER,), "region": ("region || 'x'",),
    },
    "scheduled_prices": {
        "provider_id": (_A_PROVIDER,), "gpu_model_id": (_A_GPU,), "instance_type": ("'h100-sxm.1'", "'later'"),
        "region": ("''", "'eu'"), "gpu_count": ("1", "8"), "pricing_type": ("'on_demand'", "'spot'"),
        "price_per_gpu_hour": _PRICE, "original_price": _PRICE, "starts_at": _NEAR, "source_url": _LINK,
        "first_seen_at": ("last_seen_at",), "withdrawn_at": ("null", *_NEAR), "ends_at": ("null", *_NEAR),
    },
    "disputed_prices": {
        "provider_id": (_A_PROVIDER,), "instance_type": ("'h100-sxm.1'", "'a100-sxm.2'"), "region": ("''", "'eu'"),
        "pricing_type": ("''", "'on_demand'", "'spot'"), "checked_on": _NEAR_DAYS,
    },
    "retracted_price_events": {
        "regions": ("array['eu', 'us']::varchar[]",), "old_price": _PRICE, "changed_at": _NEAR,
        "new_source_url": _LINK, "retracted_on": _NEAR_DAYS,
    },
    "market_days": {"floor": _PRICE, "median": _PRICE, "providers_n": ("1", "9")},
}  # fmt: skip
DELETED = (
    "provider_terms", "exchange_rates", "sold_without_price", "confirmations", "price_history", "captures",
    "reference_history", "reference_left_out", "quarantine", "unmapped_gpu_names", "disagreements", "content_pages",
    "provider_regions", "scheduled_prices", "disputed_prices", "retracted_price_events",
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
    "exchange_rates": "insert into exchange_rates values"
    f" ('GBP', {_DAY} - 2, 1.3, 'bank'), ('EUR', {_DAY} + 1, 1.2, 'bank')",
    "sold_without_price": "insert into sold_without_price"
    " (provider_id, gpu_model_id, machine_type, url, source_url, checked_on)"
    f" values ({_A_PROVIDER}, {_A_GPU}, 'sold-{{n}}', 'https://x.example', 'https://x.example',"
    f" {_DAY} + {{n}} % 3 - 1)",
    "reference_history": "insert into reference_history"
    " (source_id, provider, gpu_model_id, pricing_type, price_per_gpu_hour, observed_at)"
    f" select 1, 'kestrel', {_A_GPU}, 'on_demand', 2 + day % 3, {{at}} - make_interval(days => 12 - day)"
    " from generate_series(0, 14) as day",
    "reference_left_out": "insert into reference_left_out values (2, 'wrong_gpu', 2)",
    "unmapped_gpu_names": "insert into unmapped_gpu_names (provider_id, gpu_name, offers, first_seen_at, last_seen_at)"
    f" values ({_A_PROVIDER}, 'Z{{n}}', 2, {{at}} + interval '1 hour', {{at}} + interval '1 hour')",
    "disagreements": "insert into disagreements (provider_id, gpu_model_id, pricing_type, reading_source,"
    " instance_type,"
    " instance_region, price_per_gpu_hour, observed_at, reading_price_per_gpu_hour, reading_observed_at, reading_url,"
    f" reading_licence, first_seen_run, last_seen) select {_A_PROVIDER}, {_A_GPU}, 'on_demand', 'Psql', 'a', '', 2,"
    " {at} + interval '1 hour', 3, {at}, 'https://x.example', 'MIT', max(id), {at} from runs",
    "provider_regions": "insert into provider_regions (provider_id, region, name, country, continent)"
    f" values ({_A_PROVIDER}, case when {{n}} % 2 = 0 then 'eu' else 'us' end, 'Place {{n}}', 'FI', 'Europe')",
    "scheduled_prices": "insert into scheduled_prices (provider_id, gpu_model_id, instance_type, gpu_count, gpu_share,"
    " pricing_type, price_per_gpu_hour, currency, original_price, starts_at, first_seen_at, last_seen_at)"
    f" values ({_A_PROVIDER}, {_A_GPU}, 'h100-sxm.1', 1, 1, 'on_demand', 3, 'USD', 3,"
    " {at} + make_interval(hours => {n} % 50), {at} + make_interval(hours => {n} % 3 - 1), {at} + interval '3 hours')",
    "disputed_prices": "insert into disputed_prices (provider_id, instance_type, checked_on, source_url, note)"
    f" select provider_id, instance_type, {_DAY} + {{n}} % 3 - 1, 'https://x.example', 'gone' from instances"
    " order by md5(id::text || {n}) limit 1",
    "retracted_price_events": "insert into retracted_price_events (provider_id, gpu_model_id, instance_type, regions,"
    " pricing_type, gpu_count, currency, old_price, new_price, old_since, changed_at, retracted_on)"
    f" values ({_A_PROVIDER}, {_A_GPU}, 'psql-{{n}}', array['eu'], 'on_demand', 1, 'USD', 4, 3,"
    f" {{at}} - interval '9 days', {{at}} - interval '40 days', {_DAY} - 1)",
    "market_days": f"insert into market_days select {_DAY} - 2, {_A_GPU}, 2, 3, 2",
}
# fmt: on


def kinds() -> Iterator[tuple[str, Kind]]:
    """Each statement as a kind of change, by its name."""
    for table, columns in COLUMNS.items():
        for column, values in columns.items():
            yield f"update {table}.{column}", _updated(table, column, values)
    for table in DELETED:
        yield f"delete from {table}", _deleted(table)
    for name, statement in _INSERTED.items():
        yield f"insert into {name}", _inserted(statement)


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
