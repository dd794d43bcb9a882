from decimal import Decimal

import psycopg
import pytest
from psycopg.errors import CheckViolation, ForeignKeyViolation, NotNullViolation, RestrictViolation, UniqueViolation

from tests.sql.samples import START, add_gpu, add_instance, add_provider, after, one

pytestmark = pytest.mark.postgres

ARCHITECTURES = (
    *("fermi", "kepler", "maxwell", "pascal", "rubin", "gcn", "vega", "cdna", "cdna2", "cdna3", "cdna4"),
    *("rdna", "rdna2", "rdna3", "rdna4", "gaudi"),
)


@pytest.fixture
def ids(connection):
    return add_provider(connection), add_gpu(connection)


def test_the_specified_tables_and_types_are_there(connection):
    tables = ["gpu_models", "providers", "instances", "price_history", "scrape_jobs", "gpu_benchmarks", "content_pages"]
    assert all(one(connection, "select to_regclass(%s)", f"cloudgpus.{table}") for table in tables)
    assert (
        one(connection, "select count(*) from pg_type where typnamespace = 'cloudgpus'::regnamespace and typtype = 'e'")
        == 7
    )


def test_the_month_of_history_is_computed_at_utc_whatever_the_session_says(connection, ids):
    connection.execute("set time zone 'Pacific/Auckland'")
    add_instance(connection, *ids, last_scraped_at="2026-02-28 23:30:00+00")
    assert str(one(connection, "select recorded_month from price_history")) == "2026-02-01"
    assert one(connection, "select tableoid::regclass::text from price_history") == "price_history_2026_02"


def test_a_benchmark_without_a_precision_is_there_once(connection, ids):
    add = "insert into gpu_benchmarks (gpu_model_id, workload_type, benchmark_name) values (%s, 'llm_training', 'x')"
    connection.execute(add, [ids[1]])
    with pytest.raises(UniqueViolation):
        connection.execute(add, [ids[1]])


def test_no_extension_is_needed(connection):
    assert one(connection, "select count(*) from pg_extension where extname <> 'plpgsql'") <= 2
    assert len(str(one(connection, "select gen_random_uuid()"))) == 36


def test_price_per_hour_is_documented_as_the_whole_instances(connection, ids):
    comment = one(connection, "select col_description('instances'::regclass, attnum) from pg_attribute"
                              " where attrelid = 'instances'::regclass and attname = 'price_per_hour'")  # fmt: skip
    assert "whole instance" in comment
    add_instance(connection, *ids, price_per_hour=16, gpu_count=8)
    assert one(connection, "select price_per_gpu_hour from instances") == 2


def test_every_table_is_commented(connection):
    bare = "select relname from pg_class where relnamespace = 'cloudgpus'::regnamespace and relkind in ('r', 'p')"
    bare += (
        " and obj_description(oid, 'pg_class') is null and not (relispartition and relname <> 'price_history_default')"
    )
    assert connection.execute(bare).fetchall() == []


def test_what_a_provider_charged_in_its_currency_is_kept(connection, ids):
    add_instance(
        connection, *ids, currency="EUR", price_per_hour="2.20", original_price_per_hour=2, exchange_rate="1.1"
    )
    kept = "select currency, original_price_per_hour, price_per_hour from price_history"
    assert connection.execute(kept).fetchone() == ("EUR", 2, Decimal("2.2"))


def test_a_price_in_another_currency_needs_its_original_amount(connection, ids):
    with pytest.raises(CheckViolation, match="instances_originals_kept"):
        add_instance(connection, *ids, currency="EUR")


def test_a_region_is_part_of_an_offers_key(connection, ids):
    add_instance(connection, *ids, region="eu")
    add_instance(connection, *ids, region="us")
    with pytest.raises(UniqueViolation):
        add_instance(connection, *ids, region="us")


@pytest.mark.parametrize("table", ["instances", "providers", "gpu_models"])
def test_nothing_that_history_refers_to_can_be_deleted(connection, ids, table):
    add_instance(connection, *ids)
    with pytest.raises((RestrictViolation, ForeignKeyViolation)):
        connection.execute(f"delete from {table}")


def test_no_foreign_key_cascades_but_to_figures_that_can_be_settled_again(connection):
    cascading = "select conrelid::regclass::text from pg_constraint where contype = 'f' and confdeltype = any(%s)"
    tables = {table for (table,) in connection.execute(cascading, [["c", "n", "d"]])}
    assert tables == {"gpu_figures", "gpu_floors", "gpu_offers", "provider_figures", "price_spans", "crowded_pairs"}


def test_three_specified_indexes_are_left_out_and_the_named_ones_are_there(connection):
    names = "select indexname from pg_indexes where schemaname = 'cloudgpus' and indexname like 'idx%'"
    there = {name for (name,) in connection.execute(names)}
    gone = {"idx_price_history_recorded_at", "idx_price_history_gpu_time", "idx_instances_last_scraped"}
    named = {"idx_instances_compare_query", "idx_price_history_gpu_agg", "idx_instances_regions_gin",
             "idx_providers_slug_covering", "idx_instances_provider_gpu", "idx_gpu_models_slug",
             "idx_content_pages_slug", "idx_price_history_brin", "idx_scrape_jobs_status"}  # fmt: skip
    assert not there & gone
    assert named <= there


def test_partitions_are_made_ahead_once_with_their_settings(connection):
    make = "select ensure_price_history_partitions('2026-11-15', '2027-02-01')"
    assert one(connection, make) == 4
    assert one(connection, make) == 0
    settings = "select reloptions from pg_class where relname = 'price_history_2026_12'"
    assert "fillfactor=90" in one(connection, settings)


def test_a_partition_begins_and_ends_at_utc(connection):
    connection.execute("set time zone 'America/New_York'")
    connection.execute("select ensure_price_history_partitions('2026-07-01 00:00+00', '2026-07-01 00:00+00')")
    connection.execute("set time zone 'UTC'")
    bounds = "select pg_get_expr(relpartbound, oid) from pg_class where relname = 'price_history_2026_07'"
    assert one(connection, bounds) == "FOR VALUES FROM ('2026-07-01 00:00:00+00') TO ('2026-08-01 00:00:00+00')"


def test_a_past_partition_can_be_detached_beside_the_default_one(connection, ids):
    add_instance(connection, *ids)
    connection.execute("alter table price_history detach partition price_history_2026_03")
    assert one(connection, "select count(*) from price_history") == 0


def test_history_has_foreign_keys(connection, ids):
    connection.execute("select ensure_price_history_partitions(%s, %s)", [START, START])
    stray = "insert into price_history (instance_id, provider_id, gpu_model_id, price_per_hour, availability_status,"
    with pytest.raises(ForeignKeyViolation):
        connection.execute(
            stray + " gpu_count, recorded_at) values (gen_random_uuid(), %s, %s, 1, 'available', 1, %s)", [*ids, START]
        )


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_architectures_of_every_vendor_are_known(connection, architecture):
    assert one(connection, "select %s::gpu_architecture::text", architecture) == architecture


def test_an_instance_refers_to_its_job(connection, ids):
    with pytest.raises(ForeignKeyViolation):
        add_instance(connection, *ids, scrape_job_id="00000000-0000-0000-0000-000000000001")


def test_a_specification_as_long_as_vendors_write_it_fits(connection):
    add_gpu(connection)
    connection.execute("update gpu_models set memory_type = %s, interconnect = %s, fp8_tflops = 12345.67",
                       ["HBM3e with ECC, 8 stacks", "NVLink 5 and NVSwitch, 1,800 GB/s"])  # fmt: skip


@pytest.mark.parametrize("price", ["price_per_hour_spot", "price_per_month", "price_per_hour_reserved_3y"])
def test_an_offer_without_an_on_demand_price_can_be_stored(connection, ids, price):
    add_instance(connection, *ids, **{"price_per_hour": None, price: 3})
    assert one(connection, f"select array[price_per_hour, {price}] from price_history") == [None, 3]


def test_an_offer_without_any_price_must_be_on_request(connection, ids):
    add_instance(connection, *ids, price_per_hour=None, availability_status="contact_sales")
    with pytest.raises(CheckViolation, match="instances_has_a_price"):
        add_instance(connection, *ids, instance_type="b", price_per_hour=None)


@pytest.mark.parametrize(
    "price", ["price_per_hour", "price_per_hour_spot", "price_per_month", "price_per_hour_reserved_1y"]
)
def test_prices_are_above_zero(connection, ids, price):
    with pytest.raises(CheckViolation):
        add_instance(connection, *ids, **{price: 0})


def test_every_number_that_is_stored_is_one(connection):
    columns = connection.execute(
        "select a.attrelid::regclass::text, a.attname from pg_attribute as a join pg_class as c on c.oid = a.attrelid"
        " where c.relnamespace = 'cloudgpus'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition"
        " and a.atttypid = 'numeric'::regtype and a.attgenerated = ''"
    ).fetchall()
    checks = connection.execute(
        "select conrelid::regclass::text, pg_get_constraintdef(oid) from pg_constraint where conname like '%%_numbers'"
    ).fetchall()
    assert len(columns) > 50
    assert [column for column in columns if not any(t == column[0] and column[1] in rule for t, rule in checks)] == []


@pytest.mark.parametrize("table", ["instances", "price_history"])
def test_nan_is_refused_as_a_price(connection, ids, table):
    add_instance(connection, *ids)
    with pytest.raises(CheckViolation, match=f"{table}_numbers"):
        connection.execute(f"update {table} set price_per_hour = 'NaN'")


@pytest.mark.parametrize("slug", ["", "..", "a/b", "A", "a--b", "-a", "index.html", "n\u0443mbus", "a\n", "a b"])
@pytest.mark.parametrize("table", ["providers", "gpu_models"])
def test_a_slug_must_fit_in_a_url(connection, ids, table, slug):
    with pytest.raises(CheckViolation, match=f"{table}_slug_is_an_address"):
        connection.execute(f"update {table} set slug = %s", [slug])


def test_a_blank_name_is_refused(connection, ids):
    with pytest.raises(CheckViolation, match="providers_name_is_there"):
        connection.execute("update providers set display_name = ' \n'")


def test_a_share_of_a_gpu_is_a_share_of_one(connection, ids):
    add_instance(connection, *ids, gpu_share="0.125", price_per_hour="0.25")
    assert one(connection, "select price_per_gpu_hour from instances") == 2
    with pytest.raises(CheckViolation, match="instances_share_of_one_gpu"):
        add_instance(connection, *ids, instance_type="b", gpu_share="0.5", gpu_count=2)


def test_a_chip_may_lack_memory_and_a_variant_may_not(connection):
    chip = "insert into gpu_models (slug, name, short_name, architecture, kind, chip)"
    chip += " values (%s, 'x', 'x', 'hopper', %s, 'h100')"
    connection.execute(chip, ["h100", "chip"])
    with pytest.raises(CheckViolation, match="gpu_variant_has_memory"):
        connection.execute(chip, ["h100-sxm", "variant"])


def test_a_model_id_with_its_endpoint_fits(connection):
    model = "vendor/model-" + "x" * 60 + " at https://gateway.example/v1"
    connection.execute(
        "insert into content_pages (slug, page_type, title, generation_model) values ('home', 'home', 'x', %s)", [model]
    )


def test_a_published_page_has_its_date(connection):
    with pytest.raises(CheckViolation):
        connection.execute(
            "insert into content_pages (slug, page_type, title, is_published) values ('a', 'b', 'c', true)"
        )


def test_an_alias_means_one_gpu_for_each_memory(connection):
    gpu = add_gpu(connection)
    add = "insert into gpu_aliases (alias, memory_gb, gpu_model_id) values ('h100', %s, %s)"
    connection.execute(add, [80, gpu])
    connection.execute(add, [None, gpu])
    with pytest.raises(UniqueViolation):
        connection.execute(add, [None, gpu])


def test_source_classes_say_how_long_a_price_counts(connection):
    hours = (
        "select source_class, extract(epoch from fresh_for)::int / 3600, extract(epoch from expires_after)::int / 3600"
    )
    found = connection.execute(f"{hours} from source_classes where maximum_gap = expires_after order by fresh_for")
    assert found.fetchall() == [
        ("marketplace_api", 2, 12), ("provider_api", 6, 48), ("price_page", 24, 168), ("stated", 720, 4320)
    ]  # fmt: skip


def test_the_specifications_own_seed_statements_still_run(connection):
    connection.execute(
        "insert into cloudgpus.gpu_models (slug, name, short_name, manufacturer, architecture, vram_gb, memory_type)"
        " values ('b200-sxm', 'NVIDIA B200 SXM', 'B200', 'NVIDIA', 'blackwell', 180, 'HBM3e')"
        " on conflict (slug) do update set vram_gb = excluded.vram_gb, updated_at = now()"
    )
    connection.execute(
        "insert into cloudgpus.gpu_benchmarks (gpu_model_id, workload_type, benchmark_name, score, precision)"
        " select id, 'llm_inference', 'x', 85.0, 'FP16' from cloudgpus.gpu_models on conflict"
        " (gpu_model_id, workload_type, benchmark_name, precision)"
        " do update set score = excluded.score, updated_at = now()"
    )


def test_readings_of_others_are_stored_once(connection):
    gpu = add_gpu(connection)
    connection.execute(
        "insert into reference_sources values (1, 's', 'S', 'https://s.example', 'CC BY 4.0', 'S', '2 days')"
    )
    add = "insert into reference_history (source_id, provider, gpu_model_id, pricing_type, price_per_gpu_hour,"
    add += " observed_at) values (1, 'aws', %s, 'on_demand', 2, %s)"
    connection.execute(add, [gpu, START])
    connection.execute(add, [gpu, after(24)])
    with pytest.raises(UniqueViolation):
        connection.execute(add, [gpu, START])


def test_history_that_ends_before_it_begins_is_refused(connection, ids):
    add_instance(connection, *ids)
    with pytest.raises(CheckViolation, match="price_history_in_order"):
        connection.execute("update price_history set valid_to = %s, last_confirmed_at = %s", [after(-1), after(-1)])


def test_statements_that_break_a_rule_name_it(connection, ids):
    with pytest.raises(NotNullViolation), connection.transaction():
        add_instance(connection, *ids, region=None)
    with pytest.raises(psycopg.Error, match="instances_currency_code"):
        add_instance(connection, *ids, currency="usd")


TERM = "insert into provider_terms (provider_id, field, value, word, unit, currency, source_url, checked_on)"
TERM += " values (%s, %s, %s, %s, %s, %s, 'https://x.example', '2026-08-01')"


@pytest.mark.parametrize("term", [
    ("egress", "0.09", None, "per GB", "USD"), ("egress", "0", None, "per GB", "EUR"),
    ("egress_included", "100", None, "GB per month", None), ("compute_stopped", None, "billed", None, None),
    ("sla_uptime", "99.9", None, "percent", None), ("storage_running", "0.000096774", None, "per GB-hour", "USD"),
])  # fmt: skip
def test_a_term_is_a_number_with_its_unit_or_a_word(connection, ids, term):
    connection.execute(TERM, [ids[0], *term])
    assert one(connection, "select count(*) from provider_terms") == 1


@pytest.mark.parametrize("term", [
    ("egress", "0.09", "billed", "per GB", "USD"), ("egress", None, None, None, None),
    ("egress", "0.09", None, "per GB", None), ("egress", "0.09", None, "percent", None),
    ("egress", "0.09", None, None, "USD"), ("egress", "-1", None, "per GB", "USD"),
    ("billing_step", "1", None, "seconds", "USD"), ("compute_stopped", "1", None, "seconds", None),
    ("egress", None, "billed", "per GB", None),
])  # fmt: skip
def test_a_term_that_could_be_misread_is_refused(connection, ids, term):
    with pytest.raises(CheckViolation):
        connection.execute(TERM, [ids[0], *term])


def test_a_provider_has_a_term_once_for_each_qualifier(connection, ids):
    connection.execute(TERM, [ids[0], "egress", "0.09", None, "per GB", "USD"])
    with pytest.raises(UniqueViolation):
        connection.execute(TERM, [ids[0], "egress", "0.10", None, "per GB", "USD"])
