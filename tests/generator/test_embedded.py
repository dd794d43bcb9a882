import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from generator import embedded
from generator.errors import DatabaseUnreachable

pytestmark = pytest.mark.postgres
ROOT = Path(__file__).resolve().parents[2]
ASK = "import sys, pathlib; from generator import embedded; print(embedded.url(pathlib.Path(sys.argv[1])), flush=True)"


def asking(folder, then="", **options):
    """A process that asks for the server of a folder."""
    command = [sys.executable, "-c", f"{ASK}\n{then}", str(folder)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, **options)


def is_running(folder):
    return embedded._ready(folder) is not None


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A server's folder that one process made, used and left."""
    folder = tmp_path_factory.mktemp("embedded") / "postgres"
    with asking(folder) as process:
        assert process.communicate()[0] == f"postgresql://postgres@/postgres?host={folder}\n"
    return folder


def test_the_server_stops_with_the_last_process_that_uses_it(folder):
    with asking(folder, "input()", stdin=subprocess.PIPE) as first:
        url = first.stdout.readline().strip()
        with asking(folder) as second:
            assert second.communicate()[0].strip() == url
        with psycopg.connect(url) as connection:
            sorted_by = connection.execute("select datlocale from pg_database where datname = 'postgres'").fetchone()
            assert sorted_by == ("C.UTF-8",)
        first.communicate("\n")
    assert not is_running(folder)


def test_the_server_that_a_killed_process_left_is_stopped_by_the_next(folder):
    with asking(folder, "input()", stdin=subprocess.PIPE) as process:
        process.stdout.readline()
        process.kill()
    assert is_running(folder)
    with asking(folder) as process:
        process.communicate()
    assert not is_running(folder)


def test_a_killed_server_recovers(folder):
    with asking(folder, "input()", stdin=subprocess.PIPE) as process:
        process.stdout.readline()
        server = int((folder / "postmaster.pid").read_text().split()[0])
        os.kill(server, signal.SIGKILL)
        while is_running(folder):
            time.sleep(0.05)
        with asking(folder) as second:
            url = second.communicate()[0].strip()
        with psycopg.connect(url) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        process.communicate("\n")
    assert not is_running(folder)


def test_a_server_in_use_by_somebody_else_goes_on(folder):
    busy = ASK.replace("sys.argv[1])", "sys.argv[1]), lambda url: False")
    subprocess.run([sys.executable, "-c", busy, str(folder)], cwd=ROOT, check=True, capture_output=True)
    assert is_running(folder)
    with asking(folder) as process:
        process.communicate()
    assert not is_running(folder)


def test_a_cluster_that_was_half_made_is_made_again(tmp_path):
    (tmp_path / "postgres.new").mkdir()
    (tmp_path / "postgres.new" / "PG_VERSION").write_text("18\n")
    with asking(tmp_path / "postgres") as process:
        assert process.communicate()[0]
    assert not (tmp_path / "postgres.new").exists()


def test_a_path_too_long_for_a_socket_is_no_hindrance(tmp_path):
    folder = tmp_path / ("long" * 30) / "postgres"
    with asking(folder, "input()", stdin=subprocess.PIPE) as process:
        url = process.stdout.readline().strip()
        with psycopg.connect(url) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        process.communicate("\n")
    assert not Path(url.partition("host=")[2]).exists()


def test_a_folder_that_can_not_be_is_one_line(tmp_path):
    (tmp_path / "data").write_text("a file")
    with pytest.raises(DatabaseUnreachable, match=r"data: file exists; name a folder of yours in CLOUDGPUS_DATA_DIR"):
        embedded.url(tmp_path / "data" / "postgres")


def test_a_folder_of_somebody_elses_files_is_left_alone(tmp_path):
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "mine.txt").write_text("mine")
    with pytest.raises(DatabaseUnreachable, match="directory not empty"):
        embedded.url(tmp_path / "postgres")
    embedded.keep(tmp_path / "postgres")
    assert (tmp_path / "postgres" / "mine.txt").read_text() == "mine"


NOBODY = 65534


def python_for_nobody():
    """A Python that anybody may run, with the libraries of this one."""
    libraries = os.pathsep.join([str(ROOT), *(path for path in sys.path if path.endswith("site-packages"))])
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        command = [python, "-c", "import generator.embedded, psycopg"]
        environment = {"PYTHONPATH": libraries, "PATH": os.environ["PATH"]}
        try:
            subprocess.run(
                command, env=environment, cwd="/", user=NOBODY, group=NOBODY, check=True, capture_output=True
            )
        except (OSError, subprocess.CalledProcessError):
            continue
        return python, environment
    return None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_an_unprivileged_user_has_a_server_of_their_own_that_root_may_use(tmp_path):
    found = python_for_nobody()
    if found is None:
        pytest.skip("no Python, or not this checkout, is open to other users")
    for above in (tmp_path, *tmp_path.parents[:2]):
        above.chmod(0o755)
    home = tmp_path / "home"
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)
    python, environment = found
    command = [python, "-c", ASK, str(home / "postgres")]
    subprocess.run(command, env=environment, cwd="/", user=NOBODY, group=NOBODY, extra_groups=(), check=True)
    with asking(home / "postgres") as process:
        assert process.communicate()[0]
    assert (home / "postgres").stat().st_uid == NOBODY
