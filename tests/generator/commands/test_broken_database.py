import shlex
import threading

import psycopg
import pytest
from click.testing import CliRunner

from generator.commands import main
from tests.generator.commands.test_commands import prices_url  # noqa: F401
from tests.generator.commands.test_streams import EVERY

pytestmark = pytest.mark.postgres
WITHOUT_IT = ("serve", "check", "content check", "content preview", "content approve", "bench", "db psql", "db url")
COMMANDS = [command for command in EVERY if not command.startswith(WITHOUT_IT)]
FAULTS = {
    "a column is gone": "alter table cloudgpus.instances drop column price_per_hour cascade",
    "a table is gone": "drop table cloudgpus.providers cascade",
    "its runs are gone": "drop table cloudgpus.runs cascade",
    "its bookkeeping is gone": "drop table cloudgpus.schema_migrations cascade",
    "its schema is another's": "alter schema cloudgpus rename to another",
    "its routines are gone": """
        do $$ declare one regprocedure; begin
            for one in select oid::regprocedure from pg_proc where pronamespace = 'cloudgpus'::regnamespace loop
                execute format('drop routine if exists %s cascade', one);
            end loop;
        end $$""",
    "its extensions are gone": """
        do $$ declare one name; begin
            for one in select extname from pg_extension where extname <> 'plpgsql' loop
                execute format('drop extension %I cascade', one);
            end loop;
        end $$""",
    "it is read-only": """
        do $$ begin
            execute format('alter database %I set default_transaction_read_only = on', current_database());
        end $$""",
}
CUT = """
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = %s and xact_start < clock_timestamp() - interval '15 ms'
"""


@pytest.fixture
def told(tmp_path):
    """Run a command on a database: it ends well, or with one line."""

    def invoke(command, url):
        folders = {f"CLOUDGPUS_{name}_DIR": str(tmp_path / name) for name in ("DATA", "OUTPUT", "BACKUP")}
        ended = CliRunner(env={"DATABASE_URL": url, **folders}).invoke(main, shlex.split(command))
        assert ended.exception is None or isinstance(ended.exception, SystemExit), repr(ended.exception)
        errors = [line for line in ended.stderr.splitlines() if line.startswith("Error: ")]
        assert ended.exit_code == 0 or len(errors) <= 1
        return errors[0] if errors else ""

    return invoke


@pytest.mark.parametrize(
    ("command", "table"),
    [("refresh --source recorded hot-aisle", "instances"), ("render", "providers"), ("db status", "schema_migrations")],
)
def test_damage_is_a_line_that_says_what_to_do(command, table, told, prices_url, fresh_database):  # noqa: F811
    said = told(command, fresh_database.damaged_copy_of(prices_url, table))
    assert "invalid page in block 0" in said
    assert said.endswith("is it damaged? see the server's log; build.py db restore puts a backup in its place")


@pytest.mark.parametrize("fault", ["a column is gone", "a table is gone", "it is read-only"])
def test_another_database_than_expected_is_a_line(fault, told, prices_url, fresh_database):  # noqa: F811
    assert told("render --full", broken(fresh_database.copy_of(prices_url), fault)).startswith("Error: database ")


def broken(url, fault):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(FAULTS[fault])
    return url


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_breaks_off_over_a_broken_schema(command, fault, told, prices_url, fresh_database):  # noqa: F811
    told(command, broken(fresh_database.copy_of(prices_url), fault))


@pytest.mark.long
@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_breaks_off_over_damage(command, told, prices_url, fresh_database):  # noqa: F811
    told(command, fresh_database.damaged_copy_of(prices_url, "instances", "providers", "runs", "scrape_jobs"))


@pytest.mark.long
@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_breaks_off_over_a_connection_that_is_cut(command, told, prices_url, fresh_database):  # noqa: F811
    url, done = fresh_database.copy_of(prices_url), threading.Event()

    def cut():
        with psycopg.connect(fresh_database.url, autocommit=True) as connection:
            while not done.wait(0.005):
                connection.execute(CUT, (fresh_database.names[-1],))

    cutting = threading.Thread(target=cut)
    cutting.start()
    try:
        told(command, url)
    finally:
        done.set()
        cutting.join()
