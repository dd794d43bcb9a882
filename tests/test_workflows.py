import json
import re
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

import obstore
import pytest
from obstore.store import S3Store

from generator.database import backup_store
from generator.settings import key_variable
from scrapers import run as scraping
from tests import workflow
from tests.generator.publishing.sites import S3Place, moto
from tests.workflow import FOLDER, ROOT, Runner

PROGRAMS = Path(sys.executable).parent
LINT = ROOT / "node_modules" / "@tktco" / "node-actionlint" / "bin" / "node-actionlint.js"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))
KEY = backup_store.new_key()
STORED = ["backup.dump.age", "backup.dump.json.age", "latest.age"]


def said(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_actionlint_accepts_the_workflows():
    done = said(PROGRAMS / "node", LINT, ".github/workflows/*.yml")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert f"Checking {len(WORKFLOWS)} workflow file(s)" in done.stdout


def test_zizmor_accepts_the_workflows():
    done = said(PROGRAMS / "zizmor", "--offline", "--persona=auditor", "--no-progress", FOLDER)
    assert done.returncode == 0, done.stdout
    assert "No findings" in done.stdout


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_s_steps_are_one_line(file):
    for job in workflow.workflow(file.name)["jobs"].values():
        lines = [step["run"] for step in job["steps"] if "run" in step]
        assert lines
        assert [line for line in lines if "\n" in line or len(line) > 110] == []


def test_actions_are_pinned_with_their_version():
    used = [line for file in WORKFLOWS for line in file.read_text("utf-8").splitlines() if "uses:" in line]
    assert used
    assert [line for line in used if not re.search(r"uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line)] == []


def test_a_step_gets_no_secret_but_those_it_needs():
    allowed = {
        "Restore the last backup": r"DATABASE_URL|BACKUP_\w+|CLOUDGPUS_BACKUP_KEY",
        "Back up the database": r"DATABASE_URL|BACKUP_\w+|CLOUDGPUS_BACKUP_KEY",
        "Refresh the prices": r"DATABASE_URL|CLOUDGPUS_KEY_\w+",
        "Render the pages": "DATABASE_URL",
        "Publish": r"DATABASE_URL|PUBLISH_\w+|CLOUDGPUS_INDEXNOW_KEY",
        "Report broken sources": "DATABASE_URL",
    }
    assert "secrets." not in str(workflow.job()["env"])
    for step in workflow.job()["steps"]:
        named = set(re.findall(r"secrets\.(\w+)", str(step)))
        assert {name for name in named if not re.fullmatch(allowed.get(step["name"], "none"), name)} == set()


def test_every_provider_with_a_key_can_be_given_it():
    keys = {key_variable(one.PROVIDER.slug) for one in scraping.providers() if one.PROVIDER.needs_key}
    (step,) = [step for step in workflow.job()["steps"] if step["name"] == "Refresh the prices"]
    assert {name for name in step["env"] if name.startswith("CLOUDGPUS_KEY_")} == keys


def test_the_documents_list_every_secret_and_variable():
    named = set(re.findall(r"\b(?:secrets|vars)\.(\w+)", (FOLDER / "site.yml").read_text("utf-8")))
    documented = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert {name for name in named if f"`{name}`" not in documented and not name.startswith("CLOUDGPUS_KEY_")} == set()


@pytest.fixture
def served():
    """The environment of an S3 server, and the names of two buckets."""
    buckets = [f"{name}-{secrets.token_hex(4)}" for name in ("backups", "site")]
    server = moto()
    places = [S3Place("http://{}:{}".format(*server.get_host_and_port()), bucket) for bucket in buckets]
    yield places[0].environment, *buckets
    server.stop()


@pytest.fixture
def runner(served):
    """Make runners with empty disks, which share a store and an issue."""
    with tempfile.TemporaryDirectory(prefix="cloudgpus-run-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        gh = folder / "bin" / "gh"
        gh.parent.mkdir()
        gh.write_text(f"#!{sys.executable}\n{(ROOT / 'tests' / 'gh.py').read_text('utf-8')}", "utf-8")
        gh.chmod(0o755)
        yield lambda number, **stated: made(folder / str(number), gh.parent, *served, stated)


def made(folder, programs, store, backups, site, stated):
    """A runner with a checkout, and the secrets and variables that the documents name."""
    keys = {"AWS_ACCESS_KEY_ID": "store-id", "AWS_SECRET_ACCESS_KEY": "store-secret"}
    places = {name: store[name] for name in ("AWS_REGION", "AWS_ENDPOINT_URL")}
    secret = {f"{use}_{name}": value for use in ("BACKUP", "PUBLISH") for name, value in keys.items()}
    public = {f"{use}_{name}": value for use in ("BACKUP", "PUBLISH") for name, value in places.items()}
    runner = Runner(
        folder,
        {"BACKUP_TO": f"s3://{backups}/prices", "CLOUDGPUS_BACKUP_KEY": KEY, **secret, **stated},
        {"CLOUDGPUS_SITE_URL": "https://prices.example", "CLOUDGPUS_PUBLISH_TO": f"s3://{site}", **public},
        programs,
        {"SOURCE": "recorded", "GH_ISSUE": str(programs / "issue.json")},
        {"Publish": "--allow-recorded --allow-few-providers"},
    )
    runner.check_out()
    return runner


def names(served, number):
    """The objects in a bucket, each backup's under one name."""
    store = S3Store(served[number], config=served[0], client_options={"allow_http": True})
    found = [entry["path"].removeprefix("prices/") for batch in obstore.list(store) for entry in batch]
    return sorted(re.sub(r"cloudgpus_\d{8}_\d{6}", "backup", name) for name in found)


def stored(served):
    return names(served, 1)


def published(served):
    return names(served, 2)


def runs_in(runner):
    """The number of refreshes that a runner's database holds."""
    command = [".venv/bin/python", "build.py", "db", "psql", "--", "-Atc", "select count(*) from runs"]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(runner.folder)}
    return int(subprocess.run(command, cwd=runner.checkout, env=environment, capture_output=True, check=True).stdout)


@pytest.mark.long
@pytest.mark.postgres
def test_an_empty_disk_publishes_a_site_and_the_next_one_goes_on_from_it(runner, served):
    first, second = runner(1), runner(2)
    first.run()
    assert set(first.outcomes.values()) == {"success"}, first.log
    assert "has no backup yet; nothing was restored, and the database begins afresh" in first.log
    assert stored(served) == STORED
    assert "index.html" in published(served)
    second.run()
    assert set(second.outcomes.values()) == {"success"}, second.log
    assert "each as it was when it was dumped" in second.log
    assert (runs_in(first), runs_in(second), len(stored(served))) == (1, 2, 5)
    assert [secret for secret in (KEY, "store-secret", "ghs_token") if secret in first.log + second.log] == []


@pytest.mark.long
@pytest.mark.postgres
def test_what_fails_later_keeps_no_price_back_and_a_broken_source_has_an_issue(runner, served):
    run = runner(1)
    recording = run.checkout / "scrapers" / "recorded" / "civo.json"
    recording.write_text(re.sub(r'"body": ".*"', '"body": "@everyone"', recording.read_text("utf-8")), "utf-8")
    run.added = {"Render the pages": "--no-such-option"}
    run.run()
    failed = {name for name, outcome in run.outcomes.items() if outcome != "success"}
    assert failed == {"Render the pages", "Check the site", "Publish"}, run.log
    assert "Issue opened: " in run.log
    issue = json.loads((run.programs / "issue.json").read_text("utf-8"))
    assert issue["labels"] == ["broken-source"]
    assert "### Civo (`civo`)" in issue["body"]
    assert (stored(served), published(served)) == (STORED, [])


def test_nothing_is_published_or_stored_where_a_restore_fails(runner, served):
    run = runner(1, CLOUDGPUS_BACKUP_KEY="lost")
    run.run()
    assert "CLOUDGPUS_BACKUP_KEY is no age key" in run.log
    assert run.outcomes.pop("Libraries") == "success"
    assert run.outcomes.pop("restore") == "failure"
    assert set(run.outcomes.values()) == {"skipped"}
    assert (stored(served), published(served)) == ([], [])


@pytest.mark.long
def test_without_a_place_for_backups_nothing_begins(runner):
    run = runner(1, BACKUP_TO="")
    run.run()
    assert "'' is neither a path nor an address such as s3://bucket/prefix" in run.log
    assert run.outcomes["restore"] == "failure"


@pytest.mark.long
@pytest.mark.postgres
def test_a_database_that_lasts_is_neither_restored_nor_stored(runner, served, database_url):
    run = runner(1, DATABASE_URL=database_url, BACKUP_TO="", CLOUDGPUS_BACKUP_KEY="")
    run.added = {"Refresh the prices": "--no-such-option"}
    run.run()
    assert (run.outcomes["restore"], run.outcomes["Back up the database"]) == ("success", "success"), run.log
    assert stored(served) == []
