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
def tell(priced_url, fresh_database, folder, tmp_path):
    """Run build.py in this process on a copy of it: the exit status of a command, and its lines."""
    settings = {"DATABASE_URL": fresh_database.copy_of(priced_url), "CLOUDGPUS_DATA_DIR": str(tmp_path / "data")}

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
