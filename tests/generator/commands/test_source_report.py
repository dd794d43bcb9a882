import json
import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.commands import main
from generator.database import db, runs
from generator.ingest import store
from tests.generator.database.test_health import watched  # noqa: F401
from tests.sql.samples import run

pytestmark = pytest.mark.postgres

HOSTILE = "answer is not JSON:\n```\n@everyone closes #1 <img src=x onerror=alert(1)> [a](javascript:b)\u202e"


@pytest.fixture
def tell(watched, monkeypatch, tmp_path):  # noqa: F811
    """Run `build.py sources report` on a database with two providers, with a gh that keeps its issue in a file."""
    monkeypatch.setattr("generator.database.seeds.seed", lambda _: type("Nothing", (), {"changed": False})())
    monkeypatch.setattr("generator.database.seeds.exchange_rates", lambda _: None)
    gh = tmp_path / "bin" / "gh"
    gh.parent.mkdir()
    gh.write_text(f"#!{sys.executable}\n{(Path(__file__).parents[2] / 'gh.py').read_text('utf-8')}")
    gh.chmod(0o755)
    environment = {"PATH": f"{gh.parent}{os.pathsep}{os.environ['PATH']}", "GH_ISSUE": str(tmp_path / "issue.json")}

    def tell(*arguments):
        given = {"DATABASE_URL": watched, **environment}
        return CliRunner().invoke(main, ["sources", "report", *arguments], env=given)

    return tell


@pytest.fixture
def issue(tmp_path):
    """Read the issue that gh keeps."""
    return lambda: json.loads((tmp_path / "issue.json").read_text("utf-8"))


def fail(url, hours, message="0 offers"):
    with db.connect(url) as connection:
        runs.start(connection, run(hours).started_at, "live", "v1")
        store.store(connection, run(hours, status="failed", error_code="changed", error_message=message, offers=()))


def test_a_report_says_that_all_is_well(tell):
    assert tell().output == "2 sources asked, none broken.\n"


def test_a_broken_source_is_named_with_its_code_and_since_when(tell, watched):  # noqa: F811
    fail(watched, 2)
    fail(watched, 3)
    said = tell().output
    assert said.startswith("1 of 2 sources could not be read in the last run.")
    assert "### nimbus (`nimbus`)" in said
    assert "Since 2026-03-01 02:00 UTC: `changed`; 2 offers stored, confirmed up to 2026-03-01 00:00 UTC." in said
    assert "`build.py sources probe nimbus`" in said


def test_a_provider_s_words_are_one_line_of_code(tell, watched):  # noqa: F811
    fail(watched, 2, HOSTILE)
    (line,) = [line for line in tell().output.splitlines() if "@everyone" in line]
    assert line.startswith("    answer is not JSON: ``` @everyone closes #1 <img")
    assert "\u202e" not in line


def test_one_issue_is_opened_updated_and_closed(tell, watched, issue):  # noqa: F811
    assert tell("--issue").output == "No source is broken, and no issue is open.\n"
    fail(watched, 2)
    assert tell("--issue").output.startswith("Issue opened: ")
    assert tell("--issue").output == "Issue 1 says so already.\n"
    fail(watched, 3, "1 offer")
    assert tell("--issue").output == "Issue 1 updated.\n"
    assert "1 offer" in issue()["body"]
    with db.connect(watched) as connection:
        store.store(connection, run(4))
    assert tell("--issue").output == "Issue 1 closed: no source is broken.\n"
    fail(watched, 5)
    assert tell("--issue").output == "Issue 1 opened again.\n"
    assert (issue()["number"], issue()["state"], issue()["labels"]) == (1, "OPEN", ["broken-source"])


def test_machines_get_the_rows(tell, watched):  # noqa: F811
    fail(watched, 2)
    stated = json.loads(tell("--json").stdout)
    assert (stated["asked"], [one["slug"] for one in stated["broken"]], stated["issue"]) == (2, ["nimbus"], None)


def test_what_gh_refuses_is_one_line(tell, watched, monkeypatch):  # noqa: F811
    fail(watched, 2)
    monkeypatch.setenv("GH_REFUSES", "HTTP 403: Resource not accessible by integration")
    ended = tell("--issue")
    assert ended.exit_code == 1
    assert ended.stderr == "Error: gh issue list: HTTP 403: Resource not accessible by integration\n"
