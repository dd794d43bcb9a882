import json

import psycopg
import pytest
from click.testing import CliRunner

from generator.commands import main
from tests.generator.database.test_backup import names, stocked, stocked_once  # noqa: F401
from tests.generator.database.test_backup_store import KEY, address, served  # noqa: F401
from tests.sql.samples import one

pytestmark = pytest.mark.postgres


@pytest.fixture
def tell(stocked, tmp_path):  # noqa: F811
    """Run build.py in this process on the stocked database, with a folder for its backups."""

    def run(*arguments, answer=None, **environment):
        given = {"DATABASE_URL": stocked, "CLOUDGPUS_BACKUP_DIR": str(tmp_path / "backups"), **environment}
        return CliRunner().invoke(main, list(arguments), env=given, input=answer)

    return run


@pytest.fixture
def backed_up(tell, tmp_path):
    """The file of a backup of the stocked database."""
    assert tell("db", "backup").exit_code == 0
    (file,) = (tmp_path / "backups").glob("*.dump")
    return str(file)


def price(url):
    with psycopg.connect(url) as connection:
        return one(connection, "select max(price_per_hour) from cloudgpus.instances")


def raise_prices(url):
    with psycopg.connect(url) as connection:
        connection.execute("update cloudgpus.instances set price_per_hour = 50")


def test_backup_says_what_it_holds_and_how_it_was_verified(tell, tmp_path):
    ended = tell("db", "backup", "--to", str(tmp_path / "here"), "--keep-days", "0")
    assert ended.exit_code == 0
    assert "restored into a scratch database and found equal." in ended.output
    assert len(names(tmp_path / "here")) == 2


def test_backup_speaks_to_machines(tell):
    stated = json.loads(tell("db", "backup", "--table", "instances", "--json").stdout)
    assert (stated["kind"], stated["verified"], stated["deleted"]) == ("tables", "restored", [])
    assert [(table["name"], table["rows"]) for table in stated["tables"]] == [("instances", 2)]


def test_parts_of_a_backup_exclude_each_other(tell):
    ended = tell("db", "backup", "--data-only", "--table", "instances")
    assert ended.exit_code == 2
    assert "exclude each other" in ended.stderr


def test_restore_asks_and_does_nothing_without_a_yes(tell, backed_up, stocked):  # noqa: F811
    raise_prices(stocked)
    ended = tell("db", "restore", backed_up, answer="n\n")
    assert ended.exit_code == 1
    assert "the whole schema (2 offers, 5 rows of history, the newest price from 2026-03-01 01:00 UTC)" in ended.output
    assert price(stocked) == 50


def test_restore_says_what_is_there_now(tell, backed_up, stocked):  # noqa: F811
    raise_prices(stocked)
    ended = tell("db", "restore", backed_up, answer="y\n")
    assert ended.exit_code == 0
    assert "each as it was when it was dumped. Now: 2 offers, 3 rows of history" in ended.output
    assert price(stocked) == 3


def test_restore_of_a_table_speaks_to_machines(tell, backed_up, stocked):  # noqa: F811
    raise_prices(stocked)
    stated = json.loads(tell("db", "restore", backed_up, "--table", "instances", "--yes", "--json").stdout)
    assert (stated["is_whole"], stated["tables"], stated["checked"]) == (False, ["instances"], True)
    assert stated["restored"]["offers"] == 2
    assert price(stocked) == 3


def test_restore_needs_a_file_that_is_there(tell, tmp_path):
    ended = tell("db", "restore", str(tmp_path / "nowhere.dump"), "--yes")
    assert ended.exit_code == 1
    assert ended.stderr.startswith(f"Error: {tmp_path / 'nowhere.dump'}: no such file")


def test_the_newest_backup_of_a_folder_is_found(tell, backed_up, stocked):  # noqa: F811
    raise_prices(stocked)
    assert tell("db", "restore", "--latest", "--yes").exit_code == 0
    assert price(stocked) == 3


def test_a_backup_in_a_store_is_made_and_brought_back(tell, stocked, address):  # noqa: F811
    key = {"CLOUDGPUS_BACKUP_KEY": KEY.get_secret_value()}
    ended = tell("db", "backup", "--to", address, "--keep-days", "30", **key)
    assert ended.output.endswith("MB; encrypted, read back and found equal.\n")
    raise_prices(stocked)
    ended = tell("db", "restore", "--latest", "--from", address, "--yes", **key)
    assert "each as it was when it was dumped. Now: 2 offers" in ended.output
    assert price(stocked) == 3


@pytest.mark.long
def test_an_older_backup_in_a_store_is_brought_back_by_its_address(tell, stocked, address):  # noqa: F811
    key = {"CLOUDGPUS_BACKUP_KEY": KEY.get_secret_value()}
    stated = json.loads(tell("db", "backup", "--to", address, "--json", **key).stdout)
    raise_prices(stocked)
    assert tell("db", "restore", f"{address}/{stated['name']}.age", "--yes", **key).exit_code == 0
    assert price(stocked) == 3


def test_a_place_without_a_backup_stops_a_restore_unless_told_otherwise(tell, tmp_path, stocked, address):  # noqa: F811
    key = {"CLOUDGPUS_BACKUP_KEY": KEY.get_secret_value()}
    for place in (str(tmp_path), address):
        assert "has no good backup of everything" in tell("db", "restore", "--latest", "--from", place, **key).stderr
        ended = tell("db", "restore", "--latest", "--from", place, "--if-any", **key)
        assert ended.output == f"{place}: has no backup yet; nothing was restored, and the database begins afresh.\n"


@pytest.mark.parametrize("place", ["", "https://example.org/backups"])
def test_a_place_is_a_path_or_an_address_of_a_store(tell, place):
    ended = tell("db", "restore", "--latest", "--if-any", "--from", place)
    assert ended.exit_code == 2
    assert f"{place!r} is neither a path nor an address such as s3://bucket/prefix" in ended.stderr


def test_a_new_key_is_one_that_age_knows(tell):
    assert tell("db", "new-key").output.startswith("AGE-SECRET-KEY-1")


def test_wrong_address_is_one_line_without_the_password(tell, tmp_path):
    wrong = "postgresql://me:geheim@127.0.0.1:1/prices"
    for arguments in (["backup"], ["restore", "x.dump"], ["health"], ["size"]):
        ended = tell("db", *arguments, DATABASE_URL=wrong)
        assert ended.exit_code == 1
        assert ended.stderr.startswith('Error: database "prices" at 127.0.0.1:1: ')
        assert "geheim" not in ended.stderr


def test_password_is_on_no_command_line(tell, stocked, monkeypatch):  # noqa: F811
    seen = []
    run = backup_programs().run
    monkeypatch.setattr(backup_programs(), "run", lambda *all_: (seen.append(all_), run(*all_))[1])
    assert tell("db", "backup", DATABASE_URL=f"{stocked}&password=geheim").exit_code == 0
    assert not any("geheim" in str(argument) for _, arguments, _ in seen for argument in arguments)
    assert all(environment["PGPASSWORD"] == "geheim" for _, _, environment in seen)


def backup_programs():
    from generator.database import programs  # noqa: PLC0415

    return programs
