import os
import socket
import struct
import threading
from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from generator.commands import main
from generator.database import conninfo, db, programs
from generator.errors import BuildError, DatabaseUnreachable

PARTS = ("s3cret", "t4il", "m1ddle")
ODD = st.text("@/:?#&=%[]+ ;,\\'\"~", min_size=1, max_size=3)


def told(address):
    """What is said about an address, readable or not."""
    try:
        return conninfo.named(conninfo.read(db.without_schema(address)[0]))
    except DatabaseUnreachable as error:
        return error.message


@given(ODD, ODD)
def test_no_part_of_an_unencoded_password_is_shown(one, two):
    password = f"{PARTS[0]}{one}{PARTS[1]}{two}{PARTS[2]}"
    for address in (
        f"postgresql://jo:{password}@127.0.0.1:1/prices",
        f"postgresql://jo:{password}@127.0.0.1",
        f"postgres://jo:{password}@a.example:1,b.example:2/prices?sslmode=require",
        f"postgresql://jo@127.0.0.1:1/prices?password={password}",
        f"postgresql://jo@127.0.0.1:1/prices?sslpassword={password}&sslmode=require",
        f"host=127.0.0.1 port=1 dbname=prices password={password}",
        f"password={password} host=127.0.0.1 dbname=prices",
        f"dbname=postgresql://jo:{password}@127.0.0.1/prices",
    ):
        assert not [part for part in PARTS if part in told(address)], address


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://jo:a@s3cret@127.0.0.1:1/prices",
        "postgresql://jo:a/s3cret@127.0.0.1:1/prices",
        "postgresql://jo:a@b/s3cret@127.0.0.1:1/prices",
        "postgresql://jo:s3cret",
        "postgresql://h:1,jo:s3cret@h/d@",
        "postgresql://jo@h/d?password=a&s3cret=b",
        "postgresql://jo:a/b?s3cret=c@h/d",
        "host=a@s3cret dbname=d",
        "host=h dbname=jo:s3cret@h",
        "host=h port=s3cret",
        "postgresql://jo:\udcffs3cret@h/d",
    ],
)
@pytest.mark.parametrize("command", ["db status", "db psql -c select", "db backup", "render", "db health"])
def test_an_ambiguous_address_is_refused_in_one_line_by_every_command(address, command, tmp_path):
    settings = {"DATABASE_URL": address, "CLOUDGPUS_DATA_DIR": str(tmp_path)}
    ended = CliRunner(env=settings).invoke(main, command.split())
    assert (ended.exit_code, ended.output.count("\n")) == (1, 1), ended.output
    assert ended.output.startswith("Error: DATABASE_URL")
    assert "s3cret" not in ended.output


def test_a_valid_address_is_named_without_user_and_password():
    assert told("postgresql://jo:a%40b%2Fc@h.example:5432/prices") == 'database "prices" at h.example:5432'
    assert told("postgresql://jo:x@h") == "the database at h"
    assert told("postgresql:///prices?host=/run/postgresql") == 'database "prices" at /run/postgresql'
    assert told("postgresql://h/d?connection_limit=5").startswith(
        'DATABASE_URL can\'t be read: invalid URI query parameter: "connection_limit"; expected postgresql://'
    )


@contextmanager
def saying(message, times=1):
    """A server that answers every connection with an error."""
    fields = f"SFATAL\0VFATAL\0C28P01\0M{message}\0\0".encode()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            for _ in range(times):
                connection, _ = server.accept()
                with connection:
                    connection.recv(4096)
                    connection.sendall(b"E" + struct.pack("!i", len(fields) + 4) + fields)

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        thread.join()


PLAIN = "sslmode=disable&gssencmode=disable"


@pytest.mark.parametrize("password", ["s3cret", "s3%40cret", "%2Fs3cret%3F"])
def test_a_server_that_repeats_the_password_is_quoted_without_it(password):
    with saying(f"no {password} and no {conninfo_password(password)} here") as at:
        message = failure(f"postgresql://jo:{password}@{at}/prices?{PLAIN}")
    assert "no *** and no *** here" in message


def conninfo_password(quoted):
    return conninfo.read(f"postgresql://jo:{quoted}@h")["password"]


def failure(address):
    with pytest.raises(DatabaseUnreachable) as error, db.connect(address):
        pass
    return error.value.message


def test_a_password_from_the_environment_or_a_file_is_not_shown(monkeypatch, tmp_path):
    monkeypatch.setenv("PGPASSWORD", "fr0m-environment")
    with saying("fr0m-environment") as at:
        assert "fr0m" not in failure(f"postgresql://jo@{at}/prices?{PLAIN}")
    monkeypatch.delenv("PGPASSWORD")
    file, service = tmp_path / "pgpass", tmp_path / "services"
    file.write_text("*:*:*:*:fr0m-file\n")
    file.chmod(0o600)
    with saying("fr0m-file") as at:
        assert "fr0m" not in failure(f"postgresql://jo@{at}/prices?{PLAIN}&passfile={file}")
    service.write_text("[prices]\nuser=jo\npassword=fr0m-service\n")
    monkeypatch.setenv("PGSERVICEFILE", str(service))
    with saying("fr0m-service") as at:
        assert "fr0m" not in failure(f"postgresql://{at}/prices?{PLAIN}&service=prices")


def test_a_program_that_repeats_its_password_is_quoted_without_it(tmp_path):
    program = tmp_path / "pg_dump"
    program.write_text('#!/bin/sh\necho "pg_dump: error: no $PGPASSWORD here" >&2\nexit 1\n')
    program.chmod(0o755)
    environment = programs.environment("postgresql://jo:s3cret@h/prices")
    with pytest.raises(BuildError, match=r"pg_dump: no \*\*\* here"):
        programs.run(program, [], environment)
    assert environment["PATH"] == os.environ["PATH"]


def test_one_command_shows_the_password_and_says_so():
    address = "postgresql://jo:s3cret@127.0.0.1:1/prices"
    shown = CliRunner(env={"DATABASE_URL": address}).invoke(main, ["db", "url"])
    assert shown.output == f"{address}\n"
    assert "with the password" in " ".join(CliRunner().invoke(main, ["db", "url", "--help"]).output.split())
