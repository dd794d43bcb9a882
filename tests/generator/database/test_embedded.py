import os
import resource
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from generator.database import embedded
from generator.errors import DatabaseUnreachable
from tests.sampling import sample

pytestmark = pytest.mark.postgres
ROOT = Path(__file__).resolve().parents[3]
CONNECT = "import psycopg; psycopg.connect(embedded.url(pathlib.Path(sys.argv[1])))"
ASK = "import sys, pathlib; from generator.database import embedded; "
ASK += "print(embedded.url(pathlib.Path(sys.argv[1])), flush=True)"


def asking(folder, then="", **options):
    """A process that uses the server of a folder."""
    command = [sys.executable, "-c", f"{ASK}\n{then}", str(folder)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, **options)


def is_running(folder):
    return embedded._server(folder) is not None


@contextmanager
def open_folder():
    """A folder that every user may pass through, as pytest's own are not."""
    with tempfile.TemporaryDirectory(prefix="cloudgpus-", dir="/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def tmp_path():
    with open_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def above():
    with open_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def folder(above):
    """A server's folder that one process made, used and left."""
    folder = above / "postgres"
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


@pytest.mark.parametrize("name", ["Jürgen's $HOME", 'a `id` "x"', "one,two"])
def test_the_path_to_the_data_may_hold_any_letters_and_signs(name, tmp_path):
    folder = tmp_path / name / "postgres"
    with asking(folder, "input()", stdin=subprocess.PIPE) as process:
        with psycopg.connect(process.stdout.readline().strip()) as connection:
            assert connection.execute("show data_directory").fetchone() == (str(folder),)
        process.communicate("\n")
    assert not is_running(folder)


def test_the_server_knows_no_providers_key(folder, monkeypatch):
    monkeypatch.setenv("CLOUDGPUS_KEY_NIMBUS", "secret")
    with asking(folder, "input()", stdin=subprocess.PIPE) as process:
        process.stdout.readline()
        server = (folder / "postmaster.pid").read_text().split()[0]
        assert b"secret" not in Path("/proc", server, "environ").read_bytes()


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


def test_a_path_too_long_for_a_socket_works(tmp_path):
    folder = tmp_path / ("long" * 30) / "postgres"
    with asking(folder, "input()", stdin=subprocess.PIPE) as process:
        url = process.stdout.readline().strip()
        with psycopg.connect(url) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        process.communicate("\n")
    assert not Path(url.partition("host=")[2]).exists()


def test_an_impossible_folder_is_one_line(tmp_path):
    (tmp_path / "data").write_text("a file")
    with pytest.raises(DatabaseUnreachable, match=r"data: file exists; name a folder of yours in CLOUDGPUS_DATA_DIR"):
        embedded.url(tmp_path / "data" / "postgres")


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("mine.txt", "mine", "directory not empty, and no PG_VERSION in it; move it away"),
        ("PG_VERSION", "17\n", 'PG_VERSION: "17"; expected 18; move it away'),
        ("PG_VERSION", "", 'PG_VERSION: ""; expected 18'),
    ],
)
def test_a_folder_of_another_version_or_with_other_files_is_left_alone(tmp_path, name, text, problem):
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / name).write_text(text)
    with pytest.raises(DatabaseUnreachable, match=problem):
        embedded.url(tmp_path / "postgres")
    embedded.keep(tmp_path / "postgres")
    assert [file.name for file in tmp_path.rglob("*") if file.is_file() and file.suffix not in {".turn", ".users"}] == [
        name
    ]


def test_a_file_in_the_place_of_the_data_is_named(tmp_path):
    (tmp_path / "postgres").write_text("a file")
    with pytest.raises(DatabaseUnreachable, match="postgres: not a folder; move it away"):
        embedded.url(tmp_path / "postgres")
    embedded.keep(tmp_path / "postgres")


def processes_that_name(text):
    """The processes with a text in their command line."""
    found = [file.parent for file in Path("/proc").glob("[0-9]*/cmdline") if text.encode() in read(file)]
    return [int(process.name) for process in found if int(process.name) != os.getpid()]


def read(file):
    try:
        return file.read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def test_the_next_process_waits_for_the_initdb_that_a_killed_one_left(tmp_path):
    with asking(tmp_path / "postgres") as process:
        while not (making := processes_that_name(f"initdb\0-D\0{tmp_path}/postgres.new")):
            assert process.poll() is None
        os.kill(making[0], signal.SIGSTOP)
        process.kill()
    with asking(tmp_path / "postgres") as second:
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(1)
        os.kill(making[0], signal.SIGCONT)
        assert second.communicate()[0] == f"postgresql://postgres@/postgres?host={tmp_path}/postgres\n"


LOCKS = [
    b"PID\n/old\n1\n5432\n/old\n", b"", b"\xff\xfe\x00", b"nobody\n", b"99999999999999999999\n", b"1\n", b"-1\n"
]  # fmt: skip


@pytest.fixture
def somebody(folder):
    """A process of the server's user that is no server."""
    owner = folder.stat()
    options = {"user": owner.st_uid, "group": owner.st_gid} if os.geteuid() == 0 else {}
    with subprocess.Popen(["sleep", "600"], **options) as process:
        yield process.pid
        process.kill()


@pytest.mark.parametrize("lock", ["postmaster.pid", ".s.PGSQL.5432.lock"])
@pytest.mark.parametrize("text", sample(LOCKS, 2))
def test_a_lock_that_names_no_server_of_the_folder_is_removed(folder, somebody, lock, text):
    (folder / lock).write_bytes(text.replace(b"PID", b"%d" % somebody))
    with asking(folder) as process:
        assert process.communicate(timeout=60)[0]
    assert not (folder / lock).exists()


def left_running(folder):
    """A server that nobody uses."""
    with asking(folder, "embedded.keep(pathlib.Path(sys.argv[1]))") as process:
        process.communicate()
    assert is_running(folder)


def test_a_copy_of_a_folder_whose_server_runs_is_another_database(folder, tmp_path):
    copy = tmp_path / "postgres"
    subprocess.run(["cp", "-a", folder, copy], check=True)
    left_running(folder)
    subprocess.run(["cp", "-a", folder / "postmaster.pid", copy], check=True)
    with asking(copy) as process:
        assert process.communicate()[0].strip().endswith(f"host={copy}")
    with asking(folder) as process:
        process.communicate()


def test_a_folder_that_was_moved_while_its_server_ran_is_found(folder, tmp_path):
    left_running(folder)
    folder.rename(tmp_path / "postgres")
    with asking(
        tmp_path / "postgres", "import psycopg; psycopg.connect(embedded.url(pathlib.Path(sys.argv[1])))"
    ) as moved:
        assert moved.communicate()[0].strip().endswith(f"host={tmp_path}/postgres")
    assert moved.returncode == 0
    assert not is_running(tmp_path / "postgres")
    (tmp_path / "postgres").rename(folder)


def test_a_server_whose_socket_is_gone_is_started_again(folder):
    left_running(folder)
    (folder / ".s.PGSQL.5432").unlink()
    with asking(folder, CONNECT) as process:
        process.communicate(timeout=60)
    assert process.returncode == 0


def refused(folder, **options):
    """The last line of a process that could not get a server."""
    with asking(folder, stderr=subprocess.PIPE, **options) as process:
        return process.communicate(timeout=60)[1].strip().splitlines()[-1]


def test_the_reason_for_not_starting_is_that_of_this_attempt(folder):
    settings = folder / "postgresql.conf"
    right = settings.read_text()
    settings.write_text("no_such_setting = 1\n")
    assert "contains errors" in refused(folder)
    settings.write_text(right)
    words = refused(folder, preexec_fn=allow_no_more_bytes)
    settings.write_text(right)
    assert "the embedded PostgreSQL does not start: " in words
    assert "contains errors" not in words


def allow_no_more_bytes():
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


@pytest.mark.parametrize("then", ["os.kill(server, 9)", "shutil.rmtree(folder.parent)"])
def test_leaving_a_dead_server_is_no_traceback(folder, tmp_path, then):
    subprocess.run(["cp", "-a", folder, tmp_path / "data"], check=True)
    find = "folder = pathlib.Path(sys.argv[1]); server = int((folder / 'postmaster.pid').read_text().split()[0])"
    with asking(tmp_path / "data", f"import os, shutil; {find}; {then}", stderr=subprocess.PIPE) as process:
        assert len(process.communicate()[1].splitlines()) <= 1
    assert process.returncode == 0
    tmp_path.mkdir(exist_ok=True)


@pytest.mark.long  # PostgreSQL itself waits five seconds
def test_a_server_that_can_not_stop_in_order_is_stopped_at_once(folder):
    with asking(folder, "embedded._ENDING = 7; input()", stdin=subprocess.PIPE) as process:
        process.stdout.readline()
        server = (folder / "postmaster.pid").read_text().split()[0]
        writers = processes_that_name("postgres: checkpointer")
        (writer,) = [pid for pid in writers if Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[1] == server]
        os.kill(writer, signal.SIGSTOP)
        process.communicate("\n", timeout=60)
    assert not is_running(folder)


def test_a_process_that_is_told_to_end_stops_its_server(folder):
    with asking(
        folder,
        "from generator.processes import orderly\nwith orderly(): input(print('ready', flush=True))",
        stdin=subprocess.PIPE,
    ) as process:
        assert [process.stdout.readline() for _ in range(2)][1] == "ready\n"
        process.terminate()
        process.communicate(timeout=60)
    assert process.returncode == 143
    assert not is_running(folder)


NOBODY = 65534


def python_for_nobody():
    """A Python that anybody may run, with the libraries of this one."""
    libraries = os.pathsep.join([str(ROOT), *(path for path in sys.path if path.endswith("site-packages"))])
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        command = [python, "-c", "import generator.database.embedded, psycopg"]
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
    home = tmp_path / "home"
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)
    python, environment = found
    command = [python, "-c", ASK, str(home / "postgres")]
    subprocess.run(command, env=environment, cwd="/", user=NOBODY, group=NOBODY, extra_groups=(), check=True)
    with asking(home / "postgres") as process:
        assert process.communicate()[0]
    assert (home / "postgres").stat().st_uid == NOBODY
