import socket
import struct
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

import psycopg
import pytest

from generator.database import db
from generator.errors import BuildError, DatabaseUnreachable

PASSWORD = "s3cret"


@pytest.mark.parametrize(
    "conninfo",
    [
        f"postgresql://jo:{PASSWORD}@127.0.0.1:1/prices",
        f"postgresql://jo@127.0.0.1:1/prices?password={PASSWORD}",
        f"postgresql://jo:{PASSWORD}@no-such-host.invalid/prices",
        f"postgresql://jo:{PASSWORD}@127.0.0.1:port/prices",
        f"postgresql://jo:{PASSWORD}#x@127.0.0.1:1/prices",
        f"postgresql://jo:{PASSWORD}%zz@127.0.0.1:1/prices",
        f"postgresql://[jo:{PASSWORD}/prices",
        f"postgresql://jo:{PASSWORD}@127.0.0.1:1/prices?connection_limit=5",
        f"postgresql://jo:{PASSWORD}?x@127.0.0.1:1/prices",
        f"mysql://jo:{PASSWORD}@127.0.0.1:1/prices",
        f"host=127.0.0.1 port=1 password='{PASSWORD} and more'",
        f"jo:{PASSWORD}@127.0.0.1/prices",
        f"prices {PASSWORD}",
    ],
)
def test_a_wrong_database_url_is_one_line_without_the_password(conninfo):
    with pytest.raises(DatabaseUnreachable) as told, db.connect(conninfo):
        pass
    assert "DATABASE_URL" in told.value.message
    assert PASSWORD not in told.value.message
    assert "and more" not in told.value.message
    assert "\n" not in told.value.message


def test_an_unreachable_address_is_named_by_host_port_and_database():
    with pytest.raises(DatabaseUnreachable, match=r'database "prices" at 127.0.0.1:1: .*refused; check DATABASE_URL'):
        db.connect("postgresql://jo:x@127.0.0.1:1/prices").__enter__()


@contextmanager
def refusing(severity: str, code: str, message: str):
    """A server that answers every connection with an error."""
    fields = f"S{severity}\0V{severity}\0C{code}\0M{message}\0\0".encode()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)  # it asks for TLS first
                connection.sendall(b"N")
                connection.recv(4096)
                connection.sendall(b"E" + struct.pack("!i", len(fields) + 4) + fields)

        thread = threading.Thread(target=answer)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


def test_a_wrong_password_is_reported_without_it():
    said = 'password authentication failed for user "jo"'
    with refusing("FATAL", "28P01", said) as port, pytest.raises(DatabaseUnreachable) as told:
        db.connect(f"postgresql://jo:{PASSWORD}@127.0.0.1:{port}/prices?gssencmode=disable").__enter__()
    assert said in told.value.message
    assert PASSWORD not in told.value.message


def hang_up(server):
    server.accept()[0].close()


def test_a_lost_server_is_one_line_that_asks_whether_it_stopped():
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=hang_up, args=(server,)).start()
        address = f"postgresql://jo@127.0.0.1:{server.getsockname()[1]}/prices?sslmode=disable&gssencmode=disable"
        with pytest.raises(DatabaseUnreachable, match="did the server stop"):
            db.connect(address).__enter__()


def test_the_schema_is_parsed_and_removed_from_a_url():
    assert db.without_schema("postgresql://h/d?schema=other&sslmode=require") == (
        "postgresql://h/d?sslmode=require",
        "other",
    )
    assert db.without_schema("postgresql://h/d?schema=cloudgpus") == ("postgresql://h/d", "cloudgpus")
    assert db.without_schema("postgresql://h/d") == ("postgresql://h/d", "cloudgpus")
    assert db.without_schema("host=h dbname=d") == ("host=h dbname=d", "cloudgpus")


def test_other_parameters_of_a_url_stay_as_they_are():
    url = "postgresql://h/d?host=%2Ftmp%2Fa%20b&options=-c%20jit%3Doff"
    assert db.without_schema(url) == (url, "cloudgpus")


@pytest.mark.postgres
def test_a_database_that_does_not_exist_is_named(server_url):
    url = server_url.replace("/postgres?", "/nowhere?")
    with pytest.raises(DatabaseUnreachable, match='database "nowhere" does not exist'), db.connect(url):
        pass


@pytest.mark.postgres
def test_an_older_postgresql_is_refused(database_url, monkeypatch):
    monkeypatch.setattr(db, "OLDEST", 99)
    with pytest.raises(DatabaseUnreachable, match=r"PostgreSQL \d\d; expected 99 or newer"), db.connect(database_url):
        pass


@pytest.mark.postgres
def test_a_connection_that_breaks_is_one_line(database_url):
    with pytest.raises(DatabaseUnreachable, match="command; run this again"), db.connect(database_url) as connection:
        connection.execute("select pg_terminate_backend(pg_backend_pid())")


def work_whose_connection_breaks(url):
    """As a backup's, while pg_dump fails."""
    with db.connect(url) as connection, db.unhurried(connection):
        with psycopg.connect(url) as other:
            other.execute("select pg_terminate_backend(%s)", (connection.info.backend_pid,))
        raise BuildError("no backup was made")


@pytest.mark.postgres
def test_a_connection_that_broke_while_a_program_failed_adds_no_line(database_url, caplog):
    with pytest.raises(BuildError):
        work_whose_connection_breaks(database_url)
    assert caplog.messages == []


@pytest.mark.postgres
def test_a_read_only_database_is_one_line(database_url):
    url = f"{database_url}&options=-c%20default_transaction_read_only%3Don"
    with pytest.raises(DatabaseUnreachable, match="read-only"), db.connect(url) as connection:
        connection.execute("delete from providers")


@pytest.mark.postgres
def test_a_transaction_has_the_schema_utc_and_its_time_limit(database_url):
    with db.connect(database_url) as connection:
        shown = [
            connection.execute(f"show {name}").fetchone()[0]  # type: ignore[index]
            for name in ("search_path", "timezone", "statement_timeout")
        ]
    assert shown == ["cloudgpus, pg_temp", "UTC", "30s"]


@pytest.mark.postgres
def test_limits_end_with_the_transaction_and_unhurried_work_has_only_one_for_locks(database_url):
    def limits(connection):
        names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        return [connection.execute("select current_setting(%s)", (name,)).fetchone()[0] for name in names]

    with db.connect(database_url) as connection:
        assert limits(connection) == ["30s", "10s", "1min"]
        with db.unhurried(connection):
            assert limits(connection) == ["0", "1min", "0"]
        connection.commit()
        assert limits(connection) == ["30s", "10s", "1min"]


def broken_off(database_url):
    with db.connect(database_url) as connection:
        connection.execute("insert into kept values (1)")
        raise ValueError("no")


@pytest.mark.postgres
def test_a_connection_commits_at_the_end_and_rolls_back_on_an_error(database_url):
    with db.connect(database_url) as connection:
        connection.execute("create table kept (x int)")
    with pytest.raises(ValueError, match="no"):
        broken_off(database_url)
    with db.connect(database_url) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (0,)


@dataclass
class Kept:
    value: str


@pytest.mark.postgres
def test_amounts_in_json_keep_their_digits(connection, tmp_path, monkeypatch):
    (tmp_path / "kept.sql").write_text("select %(value)s::jsonb->>'price' as value")
    monkeypatch.setattr(db, "QUERIES", tmp_path)
    db.query.cache_clear()
    assert db.rows(connection, "kept", Kept, value=db.json({"price": Decimal("2.500")})) == [Kept("2.500")]
    db.query.cache_clear()


@pytest.mark.postgres
def test_a_server_is_idle_while_nobody_else_is_connected(server_url):
    with psycopg.connect(server_url, dbname="template1"):
        assert not db._is_idle(server_url)


@contextmanager
def holding(url, statement):
    """A session that holds what a statement locks, and its name in an error."""
    with psycopg.connect(f"{url}&application_name=report") as holder:
        holder.execute(f"set search_path = cloudgpus; {statement}")
        yield rf'the lock is held by "postgres" \(process {holder.info.backend_pid}, report, since 20.* UTC\)$'


@pytest.fixture
def hasty(monkeypatch):
    """Locks time out after a second, and who holds them is looked up sooner."""
    monkeypatch.setattr(db, "_LOOK", 0.3)
    monkeypatch.setattr(db.Connection, "patience", "1s")
    monkeypatch.setattr(db, "_UNHURRIED", db._UNHURRIED.replace("60s", "1s"))


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("lock", "statement"),
    [
        ("lock table runs in access exclusive mode", "select from runs"),
        ("lock table runs in share mode", "insert into runs (as_of, source, version) values (now(), 'live', 'v')"),
        ("create table runs_2 (id integer)", "create table if not exists runs_2 (id integer)"),
        ("select pg_advisory_xact_lock(1)", "select pg_advisory_xact_lock(1)"),
    ],
)
def test_a_lock_timeout_names_who_holds_the_lock(database_url, hasty, lock, statement):
    with (
        holding(database_url, lock) as named,
        pytest.raises(DatabaseUnreachable, match=f"lock timeout; {named}"),
        db.connect(database_url) as connection,
    ):
        connection.execute(statement)


@pytest.mark.postgres
def test_copying_and_unhurried_work_name_the_holder_too(database_url, hasty):
    with holding(database_url, "lock table runs in access exclusive mode") as named:
        with (
            pytest.raises(DatabaseUnreachable, match=named),
            db.connect(database_url) as connection,
            connection.cursor() as cursor,
            cursor.copy("copy runs to stdout") as copy,
        ):
            list(copy)
        with (
            pytest.raises(DatabaseUnreachable, match=named),
            db.connect(database_url) as connection,
            db.unhurried(connection),
        ):
            connection.execute("select from runs")


@pytest.mark.postgres
def test_a_slow_statement_without_a_lock_blames_nobody(database_url, monkeypatch):
    monkeypatch.setattr(db, "_LOOK", 0.1)
    monkeypatch.setattr(db, "_SETTINGS", db.sql.SQL(db._SETTINGS.as_string(None).replace("'30s'", "'500ms'")))
    with (
        pytest.raises(DatabaseUnreachable, match="statement timeout; is it busy, or locked by another"),
        db.connect(database_url) as connection,
    ):
        connection.execute("select pg_sleep(5)")


@pytest.mark.postgres
def test_a_lock_holder_whose_session_is_hidden_is_named_without_the_time(database_url, hasty):
    with psycopg.connect(database_url, autocommit=True) as admin:
        admin.execute("do $$ begin create role onlooker login; exception when duplicate_object then end $$")
    with (
        holding(database_url, "select pg_advisory_xact_lock(1)"),
        pytest.raises(DatabaseUnreachable, match=r'held by "postgres" \(process \d+, report\)$'),
        db.connect(f"{database_url}&user=onlooker") as connection,
    ):
        connection.execute("select pg_advisory_xact_lock(1)")
