import pytest

from generator.errors import OutputUnwritable
from generator.output import location
from generator.output.folder import MANIFEST
from generator.output.location import check_output


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    """A checkout with its data beside it."""
    for folder in ("home/project/content", "home/project/.git", "home/project/public", "data/postgres/base"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "home/project/content/methodology.md").touch()
    (tmp_path / "home/project/.git/HEAD").touch()
    (tmp_path / "data/postgres/PG_VERSION").touch()
    (tmp_path / "home/link").symlink_to(tmp_path / "home/project/content")
    monkeypatch.setattr(location, "ROOT", tmp_path / "home/project")
    return tmp_path


@pytest.mark.parametrize(
    "out",
    [
        *("home/project", "home/project/content", "home/project/.git", "home", "home/link", "home/project/public/.."),
        *("data", "data/postgres", "data/postgres/base", "data/postgres/site", "."),
    ],
)
def test_no_site_is_put_among_the_projects_files(out, project):
    with pytest.raises(OutputUnwritable, match=r"holds files of the project or its database; name another folder"):
        check_output(project / out, project / "data")


@pytest.mark.parametrize("out", ["home/project/site_output", "home/project/public", "data/site", "elsewhere"])
def test_an_empty_or_a_new_folder_takes_a_site(out, project):
    check_output(project / out, project / "data")


def test_a_site_stays_where_it_is_and_so_do_a_hosts_files_elsewhere(project):
    for folder, file in (("home/project/public", MANIFEST), ("elsewhere", "CNAME")):
        (project / folder).mkdir(exist_ok=True)
        (project / folder / file).touch()
        (project / folder / "index.html").touch()
        check_output(project / folder, project / "data")


def test_what_a_killed_first_build_left_keeps_no_other_away(project):
    (project / "home/project/public/.lock").touch()
    check_output(project / "home/project/public", project / "data")
