import pytest

from generator.database import programs
from generator.errors import BuildError


def test_program_of_the_wheel_serves_servers_up_to_its_own_version():
    assert programs.find("pg_dump", 15) == programs.find("pg_dump", 18)
    assert programs.find("pg_dump", 18).name == "pg_dump"


def test_newer_program_on_path_is_taken_for_a_newer_server(tmp_path, monkeypatch):
    newer = tmp_path / "pg_dump"
    newer.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 21beta1'\n")
    newer.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert programs.find("pg_dump", 21) == newer
    assert programs.find("pg_dump", 18) != newer


def test_server_newer_than_every_program_is_refused_with_what_was_found():
    with pytest.raises(
        BuildError, match=r"the server is PostgreSQL 99; found 18 at .*; put the pg_dump of PostgreSQL 99"
    ):
        programs.find("pg_dump", 99)


def test_address_goes_into_the_environment():
    found = programs.environment("postgresql://me:s%40crt@db.example:6432/prices?schema=cloudgpus&sslmode=require")
    wanted = {"PGUSER": "me", "PGPASSWORD": "s@crt", "PGHOST": "db.example", "PGPORT": "6432", "PGDATABASE": "prices"}
    assert wanted.items() <= found.items()
    assert found["PGSSLMODE"] == "require"


def test_no_program_gets_a_providers_key(monkeypatch):
    monkeypatch.setenv("CLOUDGPUS_KEY_NIMBUS", "secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:secret@db.example/prices")
    assert "secret" not in " ".join(programs.environment("host=db.example").values())


def test_other_database_of_the_same_server_keeps_the_rest():
    other = programs.environment(
        programs.of_database("host=db.example user=me password='a b' dbname=prices", "scratch")
    )
    assert (other["PGDATABASE"], other["PGPASSWORD"], other["PGHOST"]) == ("scratch", "a b", "db.example")


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (b"pg_dump: error: no matching schemas were found\n", "no matching schemas were found"),
        (b"psql:<stdin>:4: ERROR:  division by zero\nCONTEXT:  x\n", "division by zero"),
        (b"one\ntwo\n", "two"),
        (b"", ""),
    ],
)
def test_complaint_is_the_line_that_says_what_is_wrong(said, problem):
    assert programs.complaint(said) == problem
