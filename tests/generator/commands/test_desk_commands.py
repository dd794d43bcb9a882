"""An editor's work by commands alone; the checks of a draft are those of the desk, and here find what a test says."""

import json

import pytest

from generator.commands import desk_reading
from generator.desk.drafts import Reading
from tests.generator.commands.test_content_commands import folder, priced_url, tell  # noqa: F401
from tests.generator.desk.conftest import RED

pytestmark = pytest.mark.postgres

PAGE = "---\npage_type: gpu\ntitle: ''\ndescription: ''\n---\n\n{}\n"


@pytest.fixture
def checks(monkeypatch):
    """What the checks find of every draft."""
    found = [Reading()]
    monkeypatch.setattr(desk_reading, "read", lambda *_: found[0])
    return found


@pytest.fixture
def at_desk(tell, checks, tmp_path):  # noqa: F811
    """A function that runs a command of `content` and returns its JSON, or the line of an error."""
    for name, role in (("ada", "admin"), ("jo", "editor"), ("kim", "reviewer")):
        assert tell("content", "editors", "add", name, "--role", role, "--actor", "ada")[0] == 0

    def run(*arguments, text=None):
        if text is not None:
            (tmp_path / "draft.md").write_text(PAGE.format(text))
            arguments = (*arguments, "--file", str(tmp_path / "draft.md"))
        status, lines = tell("content", *arguments, "--json")
        return json.loads("\n".join(lines)) if status == 0 else lines[-1]

    return run


def test_a_text_goes_from_draft_to_site_and_back(at_desk):
    made = at_desk("new", "gpu", "gpu/h100-sxm", "--actor", "jo", text="Own words.")
    assert (made["state"], made["revision"], made["audit"] > 0) == ("draft", 1, True)
    assert at_desk("submit", "h100-sxm", "--actor", "jo")["state"] == "in_review"
    sent = at_desk("request-changes", "h100-sxm", "--reason", "thin", "--comment", "Say more.", "--actor", "kim")
    assert sent["state"] == "draft"
    at_desk("edit", "gpu/h100-sxm", "--actor", "jo", text="Own words, more of them.")
    at_desk("submit", "gpu/h100-sxm", "--actor", "jo")
    assert at_desk("approve", "gpu/h100-sxm", "--actor", "kim")["state"] == "approved"
    assert at_desk("publish", "gpu/h100-sxm", "--actor", "jo")["state"] == "published"
    at_desk("edit", "gpu/h100-sxm", "--minor", "--actor", "jo", text="Own words: more of them.")
    assert at_desk("rollback", "gpu/h100-sxm", "--to", "2", "--actor", "jo")["revision"] == 4
    assert at_desk("unpublish", "gpu/h100-sxm", "--comment", "Old.", "--actor", "jo")["is_published"] is False
    assert at_desk("archive", "gpu/h100-sxm", "--actor", "jo")["state"] == "archived"
    assert [one["action"] for one in at_desk("history", "gpu/h100-sxm")][-3:] == ["rollback", "unpublish", "archive"]
    assert at_desk("audit", "verify")["problems"] == []


def test_what_is_refused_is_one_line(at_desk, checks):
    at_desk("new", "gpu", "gpu/h100-sxm", "--actor", "jo", text="Own words.")
    at_desk("submit", "gpu/h100-sxm", "--actor", "jo")
    assert '"jo" may not approve: expected an active reviewer' in at_desk("approve", "gpu/h100-sxm", "--actor", "jo")
    checks[0] = RED
    assert "breaks F1" in at_desk("approve", "gpu/h100-sxm", "--actor", "kim")
    assert "has revisions already" in at_desk("new", "gpu", "gpu/h100-sxm", "--actor", "jo", text="Other.")
    assert at_desk("audit", "--page", "gpu/h100-sxm")[0]["action"] == "refused"
    assert "no revision" in at_desk("submit", "nowhere", "--actor", "jo")


def test_a_schedule_is_listed(at_desk):
    at_desk("new", "gpu", "gpu/h100-sxm", "--actor", "jo", text="Own words.")
    at_desk("submit", "gpu/h100-sxm", "--actor", "jo")
    at_desk("approve", "gpu/h100-sxm", "--actor", "kim")
    assert at_desk("schedule", "gpu/h100-sxm", "--at", "2099-01-01", "--actor", "jo")["state"] == "scheduled"
    (listed,) = at_desk("list", "--state", "scheduled")
    assert (listed["slug"], listed["waits_for"]) == ("gpu/h100-sxm", "2099-01-01")


def test_a_draft_is_shown_and_compared(at_desk):
    at_desk("new", "gpu", "gpu/h100-sxm", "--actor", "jo", text="Own words.")
    at_desk("edit", "gpu/h100-sxm", "--actor", "jo", text="Other words.")
    assert at_desk("show", "gpu/h100-sxm", "--revision", "1")["markdown"] == "Own words."
    assert "+Other words." in at_desk("diff", "gpu/h100-sxm", "--against", "previous")["diff"]
    assert at_desk("diff", "gpu/h100-sxm")["from"] is None
    assert 'found "x"' in at_desk("diff", "gpu/h100-sxm", "--against", "x")


def test_an_export_that_nobody_touched_imports_nothing(at_desk, tell, tmp_path):  # noqa: F811
    tell("content", "publish", "a", "--reviewer", "Jo Doe")
    at_desk("new", "gpu", "gpu/h100-sxm", "--actor", "jo", text="Own words.")
    out = tmp_path / "out"
    assert sorted(at_desk("export", str(out))["files"]) == ["guides/a.md", "pages/gpu/h100-sxm.md"]
    before = {path: path.read_bytes() for path in out.rglob("*.md")}
    assert at_desk("import", str(out), "--actor", "jo")["drafts"] == []
    file = out / "guides" / "a.md"
    file.write_text(file.read_text().replace("several GPUs", "many GPUs"))
    assert at_desk("import", str(out), "--actor", "jo")["drafts"] == [{"slug": "guides/a", "revision": 2}]
    at_desk("export", str(out))
    assert {path: path.read_bytes() for path in out.rglob("*.md")} == before


def test_the_real_checks_read_a_draft(tell, tmp_path):  # noqa: F811
    (tmp_path / "draft.md").write_text(PAGE.format("It has 3 of them."))
    status, lines = tell("content", "new", "gpu", "gpu/h100-sxm", "--file", str(tmp_path / "draft.md"))
    assert (status, lines[0].startswith("gpu/h100-sxm: revision 1 is a draft")) == (0, True), lines
    assert any(line.startswith("block: ") for line in lines[1:])


def test_a_password_is_read_from_standard_input_and_editors_are_listed_without(at_desk, tell):  # noqa: F811
    listed = at_desk("editors", "list")
    assert [(one["name"], one["role"], one["has_password"]) for one in listed] == [
        ("ada", "admin", False), ("jo", "editor", False), ("kim", "reviewer", False),
    ]  # fmt: skip
    assert "password_hash" not in listed[0]
    assert at_desk("editors", "deactivate", "jo", "--actor", "ada")["audit"] > 0
    assert "no active admin" in at_desk("editors", "add", "max", "--actor", "kim")
