"""The seeds in the database: loaded once, loaded again, and after a change."""

import gzip
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from generator.catalogue.rows import ReadingsLeftOutRow, ReferenceRow
from generator.database import db
from generator.database.seeds import CURRENCIES, SEED, SeedReport, exchange_rates, seed
from generator.errors import BuildError
from tests.conftest import Databases

pytestmark = pytest.mark.postgres

READINGS = {"gpurentalprices": 10837, "gpu-price-tracker": 1332, "cyclenerd-gcp": 9383, "ec2instances": 1005}
READINGS |= {"karpenter-aws": 2050, "karpenter-azure": 519}


def value(connection: db.Connection, query: str) -> Any:
    (found,) = connection.execute(query).fetchone()
    return found


@pytest.fixture(scope="module")
def seeded_once(fresh_database: Databases) -> Iterator[db.Connection]:
    with db.connect(fresh_database.migrated()) as connection:
        seed(connection)
        yield connection


@pytest.fixture
def seeded(seeded_once: db.Connection) -> Iterator[db.Connection]:
    """A database with the seeds; what a test does to it is undone."""
    seeded_once.execute("select")
    yield seeded_once
    seeded_once.rollback()


@pytest.fixture
def edit(tmp_path: Path) -> Callable[[str, str, str], Path]:
    shutil.copytree(SEED, tmp_path / "seed")

    def replace(file: str, old: str, new: str) -> Path:
        path = tmp_path / "seed" / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        return tmp_path / "seed"

    return replace


def test_all_seeds_arrive(connection: db.Connection) -> None:
    report = seed(connection)
    assert report.gpu_models == value(connection, "select count(*) from gpu_models") > 130
    assert report.providers == value(connection, "select count(*) from providers where is_active") > 60
    assert report.gpu_aliases == value(connection, "select count(*) from gpu_aliases") > 200
    assert report.terms == value(connection, "select count(*) from provider_terms") > 80
    assert report.regions == value(connection, "select count(*) from provider_regions") > 300
    assert report.sold_without_price == value(connection, "select count(*) from sold_without_price") >= 6
    assert report.benchmarks == value(connection, "select count(*) from gpu_benchmarks") == 10
    assert report.readings == value(connection, "select count(*) from reference_history") > 20_000
    assert report.readings_left_out == value(connection, "select count(*) from reference_left_out") > 5
    assert report.exchange_rates == value(connection, "select count(*) from exchange_rates") > 40_000
    assert report.retired == 0


def test_a_second_time_changes_no_row(seeded: db.Connection) -> None:
    before = row_versions(seeded)
    assert seed(seeded) == SeedReport()
    assert row_versions(seeded) == before


def row_versions(connection: db.Connection) -> list[Any]:
    tables = ("gpu_models", "gpu_aliases", "providers", "provider_terms", "provider_regions", "gpu_benchmarks")
    tables += ("reference_sources", "reference_history", "reference_left_out", "sold_without_price")
    return [
        value(connection, f"select md5(string_agg(ctid::text || xmin::text, ',' order by ctid)) from {t}")
        for t in tables
    ]


def test_a_change_of_one_row_writes_that_row(seeded: db.Connection, edit: Callable[..., Path]) -> None:
    assert seed(seeded, edit("gpus.csv", ",hopper,141,", ",hopper,142,")) == SeedReport(gpu_models=1)
    assert value(seeded, "select count(*) from gpu_models where updated_at > created_at") == 1


def test_what_a_seed_no_longer_has_is_retired_and_comes_back(seeded: db.Connection, edit: Callable[..., Path]) -> None:
    folder = edit("providers.yaml", "slug: io-net", "slug: io-network")
    assert seed(seeded, folder) == SeedReport(providers=1, retired=1)
    assert value(seeded, "select is_active from providers where slug = 'io-net'") is False
    assert seed(seeded, SEED) == SeedReport(providers=1, retired=1)
    assert value(seeded, "select is_active from providers where slug = 'io-net'") is True


def test_rows_that_are_not_from_the_seeds_are_kept(seeded: db.Connection, edit: Callable[..., Path]) -> None:
    seeded.execute("update providers set affiliate_url = 'https://vast.ai/?ref=1' where slug = 'vast-ai'")
    seed(seeded, edit("providers.yaml", "name: Vast.ai", "name: Vast"))
    assert value(seeded, "select affiliate_url from providers where name = 'Vast'") == "https://vast.ai/?ref=1"


def test_a_removed_spelling_is_unknown_again(seeded: db.Connection, edit: Callable[..., Path]) -> None:
    assert value(seeded, "select count(*) from gpu_aliases where alias = 'h100 mega'") == 1
    assert seed(seeded, edit("gpu_aliases.csv", "H100 Mega,80,h100-sxm\n", "")) == SeedReport(gpu_aliases=1)
    assert value(seeded, "select count(*) from gpu_aliases where alias = 'h100 mega'") == 0


def test_a_spelling_may_come_to_mean_another_gpu(seeded: db.Connection, edit: Callable[..., Path]) -> None:
    assert seed(seeded, edit("gpu_aliases.csv", "A800,,a800-80gb", "A800,,h800")) == SeedReport(gpu_aliases=1)


def test_a_removed_term_is_unknown_again(seeded: db.Connection, edit: Callable[..., Path]) -> None:
    term = "massed-compute,billing_step,,60,,seconds,,,"
    term += "https://vm-docs.massedcompute.com/docs/billing/overview,2026-11-24"
    known = "select count(*) from provider_terms join providers on id = provider_id where slug = 'massed-compute'"
    before = value(seeded, known)
    assert seed(seeded, edit("provider_terms.csv", term + "\n", "")) == SeedReport(terms=1)
    assert value(seeded, known) == before - 1


def test_a_term_that_changes_is_written_alone(seeded: db.Connection, edit: Callable[..., Path]) -> None:
    assert seed(seeded, edit("provider_terms.csv", "civo,billing_step,,3600", "civo,billing_step,,60")) == SeedReport(
        terms=1
    )


def test_the_uptime_of_a_provider_is_that_of_its_usual_term(seeded: db.Connection, edit: Callable[..., Path]) -> None:
    uptimes = "select string_agg(slug || ' ' || sla_uptime_percent, ',') from providers where sla_uptime_percent < 100"
    assert value(seeded, uptimes) == "gcp 99.90"
    seed(seeded, edit("provider_terms.csv", "gcp,sla_uptime,,99.9,", "gcp,sla_uptime,one machine,99.9,"))
    assert value(seeded, uptimes) is None


def test_terms_that_were_lost_are_loaded_again(seeded: db.Connection) -> None:
    lost = value(seeded, "with gone as (delete from provider_terms returning 1) select count(*) from gone")
    assert seed(seeded).terms == lost


def test_regions_that_were_lost_are_loaded_again(seeded: db.Connection) -> None:
    lost = value(seeded, "with gone as (delete from provider_regions returning 1) select count(*) from gone")
    assert seed(seeded).regions == lost


def test_a_broken_seed_changes_nothing(seeded: db.Connection, edit: Callable[..., Path]) -> None:
    before = row_versions(seeded)
    edit("gpus.csv", ",hopper,141,", ",hopper,142,")
    with pytest.raises(BuildError, match=r"providers\.yaml"):
        seed(seeded, edit("providers.yaml", "slug: vultr", "slug: Vultr!"))
    assert row_versions(seeded) == before


@pytest.mark.parametrize(("source", "count"), READINGS.items())
def test_every_source_s_readings_are_all_there(seeded: db.Connection, source: str, count: int) -> None:
    counted = "select count(*) from reference_history join reference_sources on id = source_id where slug = %s"
    assert seeded.execute(counted, (source,)).fetchone() == (count,)


def test_readings_reach_from_2013_to_august_2026(seeded: db.Connection) -> None:
    first, last = seeded.execute("select min(observed_at), max(observed_at) from reference_history").fetchone()
    assert (first.year, f"{last:%Y-%m}") == (2013, "2026-08")


def test_readings_know_what_aws_charged_for_a_k80_in_2016(seeded: db.Connection) -> None:
    prices = seeded.execute(
        "select distinct price_per_gpu_hour from reference_history join gpu_models on id = gpu_model_id"
        " where slug = 'k80' and provider = 'aws' and region = 'us-east-1' and gpu_count = 8"
    ).fetchall()
    assert prices == [(Decimal("0.900000"),)]


def test_every_source_is_attributed_and_has_a_cadence(seeded: db.Connection) -> None:
    for name, licence, attribution, cadence in seeded.execute(
        "select name, licence, attribution, cadence from reference_sources"
    ):
        assert licence in attribution, name
        assert timedelta(hours=24) < cadence <= timedelta(days=62)


def test_missing_readings_are_loaded_again(seeded: db.Connection) -> None:
    seeded.execute("delete from reference_history where pricing_type = 'spot'")
    assert seed(seeded) == SeedReport(readings=sum(READINGS.values()))


def test_readings_of_a_database_from_before_their_basis_was_kept_are_loaded_again(seeded: db.Connection) -> None:
    seeded.execute("update reference_history set price_basis = null")
    assert drawn(seeded) == 0
    assert seed(seeded).readings == sum(READINGS.values())
    assert value(seeded, "select count(*) from reference_history where price_basis is null") == 0
    assert drawn(seeded) > 1000


def drawn(connection: db.Connection) -> int:
    """The number of days whose readings are drawn."""
    as_of = datetime(2026, 8, 22, 7, tzinfo=UTC)
    return len(db.rows(connection, "reference_trend_daily", ReferenceRow, as_of=as_of, gpus=None))


def test_the_count_of_what_is_left_out_follows_the_seed(seeded: db.Connection, edit: Callable[..., Path]) -> None:
    folder = edit("reference_left_out.csv", "gpurentalprices,average,34\n", "gpurentalprices,stale,34\n")
    assert seed(seeded, folder).readings_left_out == 2
    rules = db.rows(seeded, "reference_left_out", ReadingsLeftOutRow)
    assert {row.rule for row in rules} >= {"stale", "gpu_only", "bundle"}
    assert "average" not in {row.rule for row in rules}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (",8,complete", ",8,whole", r'price_basis "whole": expected complete, gpu_only or bundle'),
        ("on_demand", "on demand", r'pricing_type "on demand"'),
        ("a100-40gb", "a100-41gb", r'gpu_slug "a100-41gb": expected a slug of gpus.csv'),
        (",4.049591,", ",-4,", r'price_per_gpu_hour "-4": expected US dollars'),
        ("2022-02-27T18:15:49Z", "yesterday", r'observed_at "yesterday"'),
        ("2022-02-27T18:15:49Z", "2022-02-30T18:15:49Z", r'observed_at "2022-02-30T18:15:49Z"'),
        ("source,provider", "src,provider", r"line 1: "),
    ],
)
def test_a_broken_reading_is_one_clear_line(
    connection: db.Connection, tmp_path: Path, old: str, new: str, message: str
) -> None:
    shutil.copytree(SEED, tmp_path / "seed")
    path = tmp_path / "seed" / "reference_history.csv.gz"
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(old.encode(), new.encode(), 1)))
    with pytest.raises(BuildError, match=rf"^sql/seed/reference_history.csv.gz .*{message}"):
        seed(connection, tmp_path / "seed")


def test_a_torn_file_of_readings_is_one_clear_line(connection: db.Connection, tmp_path: Path) -> None:
    shutil.copytree(SEED, tmp_path / "seed")
    path = tmp_path / "seed" / "reference_history.csv.gz"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(BuildError, match=r"^sql/seed/reference_history.csv.gz: .*; expected gzipped CSV$"):
        seed(connection, tmp_path / "seed")


@pytest.mark.parametrize(
    "content", [gzip.compress(bytes(50_000_000)), b"source,provider", b""], ids=["bomb", "csv", "no"]
)
def test_an_unreadable_file_of_readings_is_one_clear_line(
    connection: db.Connection, tmp_path: Path, content: bytes
) -> None:
    shutil.copytree(SEED, tmp_path / "seed")
    (tmp_path / "seed" / "reference_history.csv.gz").write_bytes(content)
    with pytest.raises(BuildError, match=r"^sql/seed/reference_history.csv.gz( line 1)?: [^\n]*; (expected|take)"):
        seed(connection, tmp_path / "seed")


def test_a_fact_that_the_database_refuses_is_one_clear_line(
    connection: db.Connection, edit: Callable[..., Path]
) -> None:
    folder = edit("gpus.csv", ",HBM3,", f",{'HBM3' * 2000},")
    with pytest.raises(BuildError, match=r"^sql/seed/: the database refuses them: value too long[^\n]*$"):
        seed(connection, folder)


def test_exchange_rates_are_dollars_for_one_unit(connection: db.Connection) -> None:
    exchange_rates(connection)
    rates = dict(
        connection.execute(
            "select currency, usd_per_unit from exchange_rates where rate_date = '2024-07-01'"
        ).fetchall()
    )
    assert rates.keys() == set(CURRENCIES)
    assert rates["EUR"] == Decimal("1.0745")
    assert Decimal("1.26") < rates["GBP"] < Decimal("1.27")
    assert Decimal("0.0119") < rates["INR"] < Decimal("0.0121")


def test_exchange_rates_are_of_working_days_since_2013(connection: db.Connection) -> None:
    exchange_rates(connection)
    assert str(value(connection, "select min(rate_date) from exchange_rates")) == "2013-01-02"
    assert value(connection, "select count(*) from exchange_rates where extract(isodow from rate_date) > 5") == 0


def test_exchange_rates_of_a_live_answer_are_kept(connection: db.Connection) -> None:
    connection.execute("insert into exchange_rates values ('EUR', '2024-07-01', 1.5, 'live')")
    first = exchange_rates(connection)
    assert first > 40_000
    assert exchange_rates(connection) == 0
    assert value(connection, "select usd_per_unit from exchange_rates where source = 'live'") == Decimal("1.5")
