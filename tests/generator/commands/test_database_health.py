import json

import pytest
from click.testing import CliRunner

from generator.commands import main
from tests.generator.database.test_health import watched  # noqa: F401

pytestmark = pytest.mark.postgres


@pytest.fixture
def tell(watched):  # noqa: F811
    """Run build.py in this process on the watched database."""

    def run(line, **environment):
        return CliRunner().invoke(main, line.split(), env={"DATABASE_URL": watched, **environment})

    return run


def test_health_of_a_fresh_database_ends_with_0(tell):
    ended = tell("db health --as-of 2026-03-01T01:00Z --indexes")
    assert ended.exit_code == 0
    assert "kestrel" in ended.output
    assert "idx_instances_gpu_price" in ended.output


def test_a_warning_ends_with_0_and_a_failure_with_1(tell):
    warned = tell("db health --as-of 2026-03-01T13:00Z --json")
    assert (warned.exit_code, json.loads(warned.stdout)["state"]) == (0, "warn")
    failed = tell("db health --as-of 2026-03-05T13:00Z --json")
    assert (failed.exit_code, json.loads(failed.stdout)["state"]) == (1, "fail")


def test_limits_come_from_the_settings_and_from_options(tell):
    later = "db health --as-of 2026-03-03T02:00Z"
    assert tell(later).exit_code == 1
    assert tell(later, CLOUDGPUS_HEALTH_LIMITS="stale=2:3").exit_code == 0
    assert tell(f"{later} --limit stale=0.1:0.2", CLOUDGPUS_HEALTH_LIMITS="stale=2:3").exit_code == 1


def test_missing_backup_fails_where_a_folder_is_named(tell, tmp_path):
    ended = tell("db health --as-of 2026-03-01T01:00Z", CLOUDGPUS_BACKUP_DIR=str(tmp_path))
    assert ended.exit_code == 1
    assert "no good backup in" in ended.output


def test_stale_names_providers(tell):
    assert tell("db stale --as-of 2026-03-01T01:00Z").output == "Every live offer is fresh.\n"
    rows = json.loads(tell("db stale --as-of 2026-03-01T13:00Z --json").stdout)
    assert [(row["provider"], row["aging"], row["expired"]) for row in rows] == [("kestrel", 0, 1), ("nimbus", 2, 0)]
    assert "marketplace_api" in tell("db stale --as-of 2026-03-01T13:00Z").output


def test_size_has_every_table_once(tell):
    found = [row["name"] for row in json.loads(tell("db size --json").stdout)]
    assert len(found) == len(set(found))
    assert {"instances", "price_history", "captures"} <= set(found)
    assert "price_history" in tell("db size").output


@pytest.mark.parametrize("line", ["cheapest h100-sxm", "provider nimbus", "trend h100-sxm", "tiers", "depin"])
def test_reports_have_rows_for_people_and_machines(tell, line):
    as_of = "--as-of 2026-03-01T01:00Z"
    assert json.loads(tell(f"db report {line} {as_of} --json").stdout)
    assert len(tell(f"db report {line} {as_of}").output.splitlines()) >= 2


def test_report_on_an_unknown_gpu_or_provider_says_where_to_look(tell):
    ended = tell("db report cheapest h1000")
    assert ended.exit_code == 1
    assert ended.stderr.startswith('Error: no GPU has the slug "h1000"; the nearest: h100')
