import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import psycopg
import pytest
from click.testing import CliRunner

from generator.commands import main
from generator.database import clocks, db
from generator.site import built_pages, site_catalogue
from scrapers import captures, run
from tests.generator.answers import UNREACHABLE, Answers, module, recorded
from tests.generator.answers import run as refreshing
from tests.sql import samples

ROOT = Path(__file__).resolve().parents[3]
READ = ("hot-aisle", "runpod", "dataoorts")


def leaves(command=main, name=""):
    """Every command that is no group, by its words."""
    context = click.Context(command)
    for word in command.list_commands(context):
        inner = command.get_command(context, word)
        path = f"{name} {word}".strip()
        yield from leaves(inner, path) if isinstance(inner, click.Group) else [(path, inner)]


ALL = dict(leaves())


@pytest.mark.parametrize("path", ["", "db", "sources", "content", *ALL])
def test_every_help_has_an_example_of_the_command(path):
    shown = CliRunner(env={"CLOUDGPUS_PRODUCT_MARKUP": "wrong"}).invoke(main, [*path.split(), "--help"])
    assert shown.exit_code == 0
    assert "\n  Example" in shown.output
    assert path in shown.output.partition("Example")[2]


def test_every_command_speaks_to_machines_but_those_that_run_something_else():
    silent = {path for path, command in ALL.items() if "as_json" not in {option.name for option in command.params}}
    assert silent == {"serve", "review", "content preview", "db psql"}


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["nosuch"], "No such command 'nosuch'"),
        (["render", "--nosuch"], "No such option"),
        (["refresh", "--as-of", "yesterday"], "'yesterday' is not a time such as 2026-08-22T12:00:00Z"),
        (["--as-of", "0001-01-01T00:00+14:00"], "is not between 2000 and 2100"),
        (["--source", "paper"], "'paper' is not one of"),
        (["render", "--jobs", "0"], "0 is not in the range x>=1"),
        (["--jobs", "two"], "'two' is not a valid integer"),
        (["--out", "x", "render"], "--out comes before render; expected it after: build.py render --out"),
        (["content", "reject", "x"], "Missing option '--reason'"),
        (["check", "/no/such/folder"], "does not exist"),
        (["serve", "--port", "0"], "is not in the range"),
        (["db", "backup", "--keep-days", "99999999999"], "is not in the range"),
        (["sources", "captures", "--forget", "99999999999"], "is not in the range"),
    ],
)
def test_wrong_use_ends_with_2_and_says_what_is_wrong(arguments, problem):
    ended = CliRunner().invoke(main, arguments)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert problem in ended.stderr


def test_build_py_is_the_command():
    shown = subprocess.run([sys.executable, "build.py", "-h"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout.startswith("Usage: build.py ")


def test_a_render_needs_no_client_and_no_parser():
    script = "import sys, generator.commands.render; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert not {"httpx", "lxml", "rich", "generator.ingest.refresh", "generator.site.checks"} & set(loaded.split())


@pytest.fixture(scope="module")
def prices_url(fresh_database):
    """A database with the seeds and the recorded prices of three providers."""
    url = fresh_database.empty()
    done = CliRunner(env={"DATABASE_URL": url}).invoke(main, ["refresh", "--source", "recorded", *READ])
    assert done.exit_code == 0, done.output
    return url


@pytest.fixture
def tell(prices_url):
    """Run build.py in this process on that database."""

    def invoke(*arguments, **settings):
        ended = CliRunner(env={"DATABASE_URL": prices_url, **settings}).invoke(main, list(arguments))
        unforeseen = ended.exception and not isinstance(ended.exception, SystemExit)
        assert not unforeseen, repr(ended.exception)
        return ended

    return invoke


@pytest.fixture
def own(fresh_database, prices_url):
    """The address of a copy of that database."""
    return fresh_database.copy_of(prices_url)


@pytest.fixture
def asked(monkeypatch):
    """Replace all providers with those of a test."""
    return lambda *modules: monkeypatch.setattr(run, "providers", lambda: list(modules))


@pytest.mark.postgres
def test_an_impossible_key_is_reported_and_stops_nothing(tell):
    ended = tell("refresh", "lambda-labs", CLOUDGPUS_KEY_LAMBDA_LABS="s3crt")
    assert "Not asked: lambda-labs: CLOUDGPUS_KEY_LAMBDA_LABS has fewer than 8 characters" in ended.output
    assert "s3crt" not in ended.output
    assert ended.exit_code == 0


@pytest.mark.postgres
@pytest.mark.parametrize(
    "arguments",
    [
        "refresh --source recorded hot-aisle --json",
        "db status --json",
        "db migrate --json",
        "db url --json",
        "sources list --json",
        "sources unmapped --json",
        "sources regions --json",
        "content list --json",
        "content check --json",
    ],
)
def test_json_is_all_that_is_on_standard_output(arguments, tell):
    ended = tell(*arguments.split())
    assert ended.exit_code == 0
    assert json.loads(ended.stdout) is not None


@pytest.mark.postgres
def test_the_whole_job_in_json_and_again(tell, own, tmp_path, asked):
    asked(*[one for one in run.providers() if one.PROVIDER.slug in READ])
    arguments = ("--source", "recorded", "--json", "--out", str(tmp_path / "site"))
    first, second = (json.loads(tell(*arguments, DATABASE_URL=own).stdout) for _ in range(2))
    assert first["build"]["written"]["changed"] > 100
    assert second["build"]["written"]["changed"] == second["build"]["rendered"] == 0
    assert first["refresh"]["as_of"] == second["refresh"]["as_of"] == first["build"]["as_of"]
    checked = tell("check", str(tmp_path / "site"), "--json")
    assert [one for one in json.loads(checked.stdout)["findings"] if one["severity"] == "error"] == []
    assert json.loads(tell("content", "show", "home", "--json", DATABASE_URL=own).stdout)["is_published"]
    why = ("why", "gpu/", "--out", str(tmp_path / "site"))
    assert json.loads(tell(*why, "--json", DATABASE_URL=own).stdout)["next_build"] == "left alone"
    assert "The next build leaves it alone" in tell(*why, DATABASE_URL=own).stdout


@pytest.mark.postgres
def test_unknown_names_are_listed(tell):
    assert "NVIDIA RTX PRO 6000 CC" in tell("sources", "unmapped").stdout
    assert [one["provider"] for one in json.loads(tell("sources", "unmapped", "--json").stdout)] == ["dataoorts"] * 2


@pytest.mark.postgres
def test_regions_of_offers_are_listed_with_their_country_and_the_unknown_ones_apart(tell, own):
    assert tell("refresh", "--source", "recorded", "sesterce", "lium", DATABASE_URL=own).exit_code == 0
    (finland,) = [
        one for one in json.loads(tell("sources", "regions", "lium", "--json", DATABASE_URL=own).stdout)
        if one["region"] == "FI"
    ]  # fmt: skip
    assert (finland["country"], finland["continent"], finland["offers"]) == ("FI", "Europe", 3)
    unknown = json.loads(tell("sources", "regions", "--unknown", "--json", DATABASE_URL=own).stdout)
    assert [(one["provider"], one["region"]) for one in unknown] == [("sesterce", "AMS"), ("sesterce", "SYD2")]
    assert "2 of them unknown" in tell("sources", "regions", DATABASE_URL=own).stdout
    assert tell("sources", "regions", "lium", "--unknown", DATABASE_URL=own).stdout == "Every region is known.\n"


@pytest.mark.postgres
def test_sources_are_listed_with_their_last_run_and_their_key(tell):
    shown = tell("sources", "list").stdout
    assert "CLOUDGPUS_KEY_LAMBDA_LABS" in shown
    (runpod,) = [line for line in shown.splitlines() if line.startswith("runpod ")]
    assert "completed (recorded)" in runpod


@pytest.mark.postgres
def test_an_unknown_provider_is_one_line(tell):
    ended = tell("refresh", "runpot")
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr.startswith('Error: no provider is called "runpot"; the nearest: runpod')
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.postgres
@pytest.mark.parametrize("command", ["", "refresh", "render", "db status", "sources list", "content list"])
def test_a_database_that_can_not_be_reached_is_one_line_without_the_password(command, tell):
    ended = tell(*command.split(), DATABASE_URL="postgresql://jo:s3cret@127.0.0.1:1/prices")
    assert (ended.exit_code, ended.stdout, len(ended.stderr.splitlines())) == (1, "", 1)
    assert "127.0.0.1" in ended.stderr
    assert "s3cret" not in ended.stderr


@pytest.mark.postgres
def test_another_schema_is_refused(tell, own):
    ended = tell("render", DATABASE_URL=f"{own}&schema=other")
    assert ended.exit_code == 1
    assert 'DATABASE_URL asks for schema "other"; expected cloudgpus, or none' in ended.stderr
    assert tell("sources", "unmapped", DATABASE_URL=f"{own}&schema=cloudgpus").exit_code == 0


@pytest.mark.postgres
def test_a_database_of_a_newer_version_is_left_alone(tell, own):
    with db.connect(own) as connection:
        connection.execute("insert into schema_migrations (id) values ('9999_what_is_to_come')")
    ended = tell("refresh", "--source", "recorded", DATABASE_URL=own)
    assert (ended.exit_code, len(ended.stderr.splitlines())) == (1, 1)
    assert 'the database has migration "9999_what_is_to_come"' in ended.stderr
    assert "newer checkout" in ended.stderr


@pytest.mark.postgres
def test_without_prices_render_says_what_to_do(tell, database_url, tmp_path):
    ended = tell("render", "--out", str(tmp_path / "site"), DATABASE_URL=database_url)
    assert ended.exit_code == 1
    assert "nothing to render: no prices were ever stored; run build.py refresh" in ended.stderr


@pytest.mark.postgres
def test_without_a_network_the_job_ends_well_and_says_what_stands_in(tell, database_url, tmp_path, asked, monkeypatch):
    runpod = module("runpod", UNREACHABLE)
    asked(runpod, module("lambda-labs", UNREACHABLE, needs_key=True))
    monkeypatch.setattr(captures, "recording", {"runpod": recorded(runpod, 2)}.get)
    ended = tell("--out", str(tmp_path / "site"), DATABASE_URL=database_url)
    assert ended.exit_code == 0
    assert "Not reached: 1 of 1 provider; recorded answers stand in. The first: runpod: http" in ended.stdout
    assert "without a key; nothing is stored. To ask, set CLOUDGPUS_KEY_LAMBDA_LABS" in ended.stdout
    assert "(recorded prices)" in ended.stdout


@pytest.mark.postgres
def test_live_only_without_a_network_fails_and_keeps_the_site(tell, own, tmp_path, asked):
    out = ("--out", str(tmp_path / "site"))
    assert tell("render", *out, DATABASE_URL=own).exit_code == 0
    asked(*[module(slug, UNREACHABLE) for slug in READ])
    ended = tell("--source", "live", *out, DATABASE_URL=own)
    assert ended.exit_code == 1
    assert ended.stdout.count("(its last prices stay)") == len(READ)
    with db.connect(own) as connection:
        assert samples.one(connection, "select count(*) from instances where is_active") > 50


@pytest.mark.postgres
def test_a_malformed_answer_fails_a_refresh_and_no_whole_job(tell, own, tmp_path, asked):
    with Answers() as answers:
        answers.bodies["/runpod"] = b"<html>"
        asked(module("runpod", answers.url))
        refreshed = tell("refresh", DATABASE_URL=own)
        job = tell("--out", str(tmp_path / "site"), DATABASE_URL=own)
    assert (refreshed.exit_code, job.exit_code) == (1, 0)
    assert "Failed: runpod: " in refreshed.stdout
    assert "Failed: runpod: " in job.stdout


@pytest.mark.postgres
@pytest.mark.parametrize("command", [(), ("refresh",)])
def test_a_clock_that_the_answers_contradict_is_one_line_and_nothing_is_stored(command, tell, own, tmp_path, asked):
    with db.connect(own) as connection:
        stored = samples.one(connection, "select count(*) from scrape_jobs")
    with Answers() as answers:
        answers.plans("runpod", *[2] * 20)
        answers.dates = {"/runpod": datetime(2016, 11, 26, tzinfo=UTC)}
        asked(module("runpod", answers.url))
        ended = tell(*command, *(() if command else ("--out", str(tmp_path / "site"))), DATABASE_URL=own)
    assert (ended.exit_code, ended.stderr.count("\n")) == (1, 1)
    assert "the answer of runpod 2016-11-26 00:00 UTC; nothing was stored" in ended.stderr
    assert not (tmp_path / "site").exists()
    with db.connect(own) as connection:
        assert samples.one(connection, "select count(*) from scrape_jobs") == stored


@pytest.mark.postgres
def test_an_instant_before_what_is_stored_is_one_line(tell, own, tmp_path):
    ended = tell("--as-of", "2020-01-01", "--out", str(tmp_path / "site"), DATABASE_URL=own)
    assert (ended.exit_code, ended.stderr.count("\n")) == (1, 1)
    assert ended.stderr.startswith("Error: --as-of 2020-01-01 00:00 UTC: prices from 20")
    assert not (tmp_path / "site").exists()


@pytest.mark.postgres
def test_a_clock_that_was_ahead_is_reported_and_health_fails_until_it_is_set_right(tell, own, tmp_path, asked):
    with Answers() as answers, db.connect(own) as connection:
        answers.plans("runpod", *[2] * 200)
        asked(module("runpod", answers.url))
        ahead = datetime.now(UTC) + timedelta(days=3650)
        refreshing(connection, module("runpod", answers.url), now=ahead)
        health = tell("db", "health", DATABASE_URL=own)
        refreshed = tell("refresh", DATABASE_URL=own)
        again = [tell(*command, DATABASE_URL=own) for command in (("refresh",), ("db", "health"))]
    assert (health.exit_code, "were confirmed later than now" in health.stdout) == (1, True)
    told = (
        f"Clock: an earlier run's clock was ahead, and dated prices up to {clocks.stamp(ahead)}, which is in the future"
    )
    assert told in refreshed.stdout
    assert [one.exit_code for one in again] == [0, 0]
    assert "Clock" not in again[0].stdout


class Ahead(datetime):
    """A clock that is ten years ahead."""

    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + timedelta(days=3650)


@pytest.mark.postgres
@pytest.mark.parametrize(
    "command",
    [
        "sources captures --forget 30",
        "sources captures --replay --all",
        "sources quarantine --release 1 --by Ada",
        "sources disagreements --verdict ours 1 --by Ada --reason seen",
        "content publish how-to-read-a-price-here --reviewer Ada",
        "db backup --keep-days 30",
        "db partitions --detach-before 2036-01 --yes",
    ],
)
def test_nothing_is_dated_or_deleted_by_a_clock_that_is_not_the_database_servers(command, tell, own, monkeypatch):
    monkeypatch.setattr(clocks, "datetime", Ahead)
    ended = tell(*command.split(), DATABASE_URL=own)
    assert (ended.exit_code, ended.stderr.count("\n")) == (1, 1)
    assert "the database server's" in ended.stderr
    assert "nothing was done" in ended.stderr


@pytest.mark.postgres
def test_an_output_folder_that_is_a_file_is_one_line(tell, own, tmp_path):
    (tmp_path / "file").write_text("mine")
    ended = tell("render", "--out", str(tmp_path / "file" / "site"), DATABASE_URL=own)
    assert (ended.exit_code, len(ended.stderr.splitlines())) == (1, 1)
    assert str(tmp_path / "file") in ended.stderr


@pytest.mark.postgres
def test_rollback_asks_undoes_all_and_status_shows_it(tell, own):
    assert tell("db", "rollback", DATABASE_URL=own).exit_code == 1  # nobody said yes
    assert tell("db", "status", DATABASE_URL=own).exit_code == 0
    assert len(json.loads(tell("db", "rollback", "--yes", "--json", DATABASE_URL=own).stdout)) > 10
    status = tell("db", "status", DATABASE_URL=own)
    assert (status.exit_code, status.stdout.count("pending")) == (1, status.stdout.count("\n") - 1)


@pytest.mark.postgres
def test_psql_hands_on_its_arguments_and_its_exit_status(own):
    def psql(sql):
        environment = {**os.environ, "DATABASE_URL": own}
        command = [sys.executable, "build.py", "db", "psql", "--", "-v", "ON_ERROR_STOP=1", "-Atc", sql]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert psql("select slug from providers where slug = 'runpod'").stdout == "runpod\n"
    assert psql("select nothing from nowhere").returncode == 1


@pytest.mark.postgres
def test_a_guide_goes_live_and_off_by_commands(tell, own, tmp_path, monkeypatch):
    content = tmp_path / "content"
    (content / "guides").mkdir(parents=True)
    (content / "methodology.md").write_text("As it is.")
    source = ROOT / "content" / "guides" / "marketplace-or-datacentre.md"
    kept = [line for line in source.read_text("utf-8").splitlines() if not line.startswith(("reviewed_", "related:"))]
    (content / "guides" / "nodes.md").write_text("\n".join(kept), "utf-8")
    monkeypatch.setattr(site_catalogue, "CONTENT", content)

    def live():
        assert tell("render", "--out", str(tmp_path / "site"), DATABASE_URL=own).exit_code == 0
        return (tmp_path / "site" / "guides" / "nodes" / "index.html").exists()

    def command(*arguments):
        return json.loads(tell("content", *arguments, "--json", DATABASE_URL=own).stdout)

    assert not live()
    published = command("publish", "nodes", "--reviewer", "Jo Doe")
    assert (published["slug"], published["is_published"], published["audit"] > 0) == ("nodes", True, True)
    assert live()
    assert command("unpublish", "guides/nodes")["is_published"] is False
    assert not live()
    assert command("approve", "nodes.md", "--reviewer", "Jo Doe")["reviewed_by"] == "Jo Doe"
    assert live()


@pytest.mark.postgres
def test_a_guide_that_is_not_there_is_named_with_those_that_are(tell):
    ended = tell("content", "publish", "../../build", "--reviewer", "Jo Doe")
    assert ended.exit_code == 1
    assert 'no text is called "../../build"' in ended.stderr
    assert "sxm-pcie-nvl" in ended.stderr


@pytest.mark.postgres
@pytest.mark.long
def test_a_killed_refresh_leaves_good_prices_and_the_next_one_goes_on(own, tmp_path):
    environment = {**os.environ, "DATABASE_URL": own}
    command = [sys.executable, "build.py", "refresh", "--source", "recorded"]
    selling = [module.PROVIDER for module in run.providers() if module.PROVIDER.minimum_offers]
    recordings = [captures.recording(provider.slug) for provider in selling]
    published = sum(recording is not None and recording.is_dated for recording in recordings)
    with psycopg.connect(own, autocommit=True) as watcher:
        count = "select count(distinct provider_id) from cloudgpus.instances"
        before = watcher.execute(count).fetchone()
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        while watcher.execute(count).fetchone() == before:
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert before[0] < watcher.execute(count).fetchone()[0] < published
        unfinished = watcher.execute("select count(*) from cloudgpus.runs where completed_at is null").fetchone()
        assert unfinished == (1,)
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
        assert watcher.execute(count).fetchone() == (published,)
    with db.connect(own) as connection:
        assert built_pages.records(connection) == {}
