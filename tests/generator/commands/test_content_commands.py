import json
import os
import shutil

import pytest
from click.testing import CliRunner

from generator.commands import main
from generator.database import db, runs, seeds
from generator.ingest import store
from generator.site import site_catalogue
from tests.generator.site.conftest import GUIDE
from tests.sql import samples

pytestmark = pytest.mark.postgres


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A content folder with two drafts of guides, one of which links to the other."""
    guides = tmp_path / "content" / "guides"
    guides.mkdir(parents=True)
    (guides.parent / "methodology.md").write_text("As it is, see [b](/guides/b/).")
    (guides / "a.md").write_text(GUIDE.replace("several GPUs.\n", "several GPUs: [b](/guides/b/#nodes).\n"))
    (guides / "b.md").write_text(GUIDE.replace("What is a node?", "What is b?"))
    monkeypatch.setattr(site_catalogue, "CONTENT", guides.parent)
    return guides


@pytest.fixture(scope="module")
def priced_url(fresh_database):
    """A database with the seeds and one price."""
    url = fresh_database.migrated()
    with db.connect(url) as connection:
        seeds.seed(connection)
        seeds.exchange_rates(connection)
        run = runs.start(connection, samples.START, "live", "v1")
        offers = [samples.offer()]
        store.store(connection, samples.run(0, offers, provider="runpod", run_id=run))
        runs.finish(connection, run)
    return url


@pytest.fixture
def tell(priced_url, fresh_database, folder):
    """Run build.py in this process on a copy of it: the exit status of a command, and its lines."""
    settings = {"DATABASE_URL": fresh_database.copy_of(priced_url)}

    def invoke(*arguments):
        ended = CliRunner(env=settings).invoke(main, list(arguments))
        assert ended.exception is None or isinstance(ended.exception, SystemExit), repr(ended.exception)
        return ended.exit_code, ended.output.splitlines()

    return invoke


def render(tell, tmp_path):
    status, lines = tell("render", "--out", str(tmp_path / "site"))
    assert status == 0, lines
    return [line for line in lines if "leads nowhere" in line]


def test_check_names_each_link_that_leads_nowhere_and_what_brings_it_back(tell):
    status, lines = tell("content", "check")
    assert status == 1
    assert [line.partition(" leads")[0] for line in lines[:-1]] == [
        "content/methodology.md: the link to /guides/b/",
        "content/guides/a.md: the link to /guides/b/#nodes",
    ]
    assert all(line.endswith("build.py content publish b --reviewer NAME") for line in lines[:-1])
    assert tell("content", "approve", "b", "--reviewer", "Jo Doe")[0] == 0
    assert tell("content", "check") == (0, ["2 guides can be read; drafts: a."])


def test_approving_and_publishing_say_which_links_of_the_text_lead_nowhere(tell):
    for command in ("approve", "publish"):
        status, lines = tell("content", command, "a", "--reviewer", "Jo Doe")
        assert status == 0
        assert [line.partition(" leads")[0] for line in lines[1:]] == [
            "content/guides/a.md: the link to /guides/b/#nodes"
        ]


@pytest.mark.long
def test_taking_a_guide_off_says_who_links_to_it_and_the_site_goes_on(tell, tmp_path):
    for slug in ("a", "b"):
        tell("content", "approve", slug, "--reviewer", "Jo Doe")
    assert render(tell, tmp_path) == []
    status, lines = tell("content", "unpublish", "b")
    assert (status, lines[1]) == (0, "Links to it become plain text on /guides/a/, /methodology/.")
    assert len(render(tell, tmp_path)) == 2
    assert tell("content", "publish", "b", "--reviewer", "Jo Doe")[0] == 0
    assert render(tell, tmp_path) == []


def test_a_waiting_guide_is_listed_as_waiting_and_can_be_taken_back(tell, folder, tmp_path):
    (folder / "b.md").write_text((folder / "b.md").read_text().replace("2026-02-01", "9999-12-31"))
    status, lines = tell("content", "publish", "b", "--reviewer", "Jo Doe")
    assert status == 1
    assert "published_on is 9999-12-31, a day yet to come" in lines[-1]
    tell("content", "approve", "b", "--reviewer", "Jo Doe")
    render(tell, tmp_path)
    listed = json.loads("\n".join(tell("content", "list", "--type", "guide", "--json")[1]))
    assert [(one["slug"], one["is_published"], one["waits_for"]) for one in listed] == [
        ("guides/a", False, None),
        ("guides/b", False, "9999-12-31"),
    ]
    assert "waiting for 9999-12-31" in "\n".join(tell("content", "list")[1])
    assert tell("content", "unpublish", "b")[0] == 0
    render(tell, tmp_path)
    assert "waiting" not in "\n".join(tell("content", "list")[1])


@pytest.mark.parametrize(
    "odd", ["a\0b", os.fsdecode(b"\xff"), "a\nb", "\x1b[2J", "x" * 5000, "../../etc/passwd", "%", "'"]
)
def test_an_odd_name_is_refused_in_words(tell, odd):
    for arguments in (("show", odd), ("unpublish", odd), ("approve", odd, "--reviewer", "Jo")):
        assert tell("content", *arguments)[0] in {1, 2}
    assert tell("content", "list", "--type", odd)[0] in {0, 2}
    assert tell("content", "publish", "a", "--reviewer", odd)[0] in {0, 1, 2}


def test_every_command_copes_with_a_folder_full_of_odd_files(tell, folder, tmp_path):
    (folder / "nul.md").write_bytes(GUIDE.encode() + b"\0")
    (folder / "deep.md").write_text("---\na: " + "[" * 10_000 + "\n---\nx")
    (folder / "dir.md").mkdir()
    os.mkfifo(folder / "pipe.md")
    (folder / "gone.md").symlink_to("nowhere")
    (folder / "braces.md").write_text("{{" * 40_000)
    shutil.copy(folder / "b.md", os.fsencode(folder / "b") + b"\xff\n.md")
    status, lines = tell("content", "check")
    assert status == 1
    assert len([line for line in lines if "leads nowhere" not in line]) == 7 + 1  # one a file, and how many can be read
    for odd in ("nul", "deep", "dir", "pipe", "gone", "braces"):
        for command in ("approve", "publish"):
            assert tell("content", command, odd, "--reviewer", "Jo Doe")[0] == 1
    assert "drafts" not in render(tell, tmp_path)
    assert tell("content", "list")[0] == tell("content", "show", "guides/a")[0] == 0


PAGE = "gpu/h100-sxm"


def drafted(tell, tmp_path, text):
    """A draft of the H100's page with a text of one's own, made in a file as people would."""
    file = tmp_path / "h100.md"
    file.write_text(f"---\npage_type: gpu_detail\ntitle: ''\ndescription: ''\n---\n\n{text}\n")
    status, lines = tell("content", "new", "gpu_detail", PAGE, "--file", str(file), "--actor", "jo")
    assert status == 0, lines


def test_generated_drafts_are_told_page_by_page_and_not_made_twice(tell):
    status, lines = tell("content", "generate", PAGE, "--actor", "jo")
    assert (status, lines) == (0, [f"{PAGE}: drafted as revision 1", "1 page drafted, 0 unchanged, 0 refused."])
    status, lines = tell("content", "generate", "--changed", "--json", "--actor", "jo")
    assert lines[0] == f"{PAGE}: unchanged"  # on standard error
    assert [one["outcome"] for one in json.loads("\n".join(lines[1:]))] == ["unchanged"]


def test_generate_says_what_it_needs(tell):
    assert tell("content", "generate")[0] == 2
    assert "no such page is built today" in tell("content", "generate", "gpu/nope")[1][-1]
    assert "drafts by a language model are off" in tell("content", "generate", PAGE, "--llm")[1][-1]
    assert "no page has a generated draft yet" in tell("content", "generate", "--changed")[1][-1]
    _, lines = tell("content", "generate", PAGE, "--dry-run", "--actor", "jo")
    assert lines[-1] == "1 page would be drafted, 0 unchanged, 0 refused."
    assert tell("content", "history", PAGE)[0] != 0


def test_check_of_a_draft_names_rule_place_and_reason_in_each_format(tell, tmp_path):
    drafted(tell, tmp_path, "The {{ gpu:h100-sxm }} costs $2 on demand.")
    status, lines = tell("content", "check", PAGE)
    assert status == 1
    assert lines[0].startswith(f"{PAGE}: block unbound-number (text 29)")
    (found, *_) = json.loads("\n".join(tell("content", "check", PAGE, "--format", "json")[1]))
    assert (found["rule"], found["found"], found["start"]) == ("unbound-number", "$2", 29)
    log = json.loads("\n".join(tell("content", "check", "--all", "--format", "sarif")[1]))
    (result, *_) = (one for one in log["runs"][0]["results"] if one["ruleId"] == "unbound-number")
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == f"{PAGE}.md"
    assert (place["region"]["startLine"], place["region"]["startColumn"]) == (1, 30)
    assert {one["id"] for one in log["runs"][0]["tool"]["driver"]["rules"]} >= {"unbound-number", "filler"}


def test_a_clean_draft_checks_green(tell, tmp_path):
    drafted(tell, tmp_path, "The {{ gpu:h100-sxm }} costs {{ floor:h100-sxm }} per GPU-hour on demand.")
    assert tell("content", "check", PAGE) == (0, ["1 draft checked; 0 with a finding that blocks."])
