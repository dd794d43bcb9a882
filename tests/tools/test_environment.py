"""make site and make test in a small checkout, with the real Makefile and script; venv, pip and npm are stand-ins."""

import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest

from generator.settings import ROOT

VENV = """
import os, pathlib, shutil, sys
folder = pathlib.Path(sys.argv[-1])
if "--clear" in sys.argv:
    for path in folder.glob("*"):
        path.unlink() if path.is_symlink() or path.is_file() else shutil.rmtree(path)
(folder / "bin").mkdir(parents=True, exist_ok=True)
(folder / "bin" / "python").symlink_to(sys.executable)
import stand_in
stand_in.works("venv", folder)
(folder / "pyvenv.cfg").write_text(f"home = {os.path.dirname(sys.executable)}")
"""
PIP = """
import pathlib, sys
import stand_in
if not pathlib.Path(".venv/pyvenv.cfg").exists(): sys.exit("half an environment")
stand_in.works("pip", pathlib.Path(".venv"))
with open(".venv/libraries", "a") as file: file.write(pathlib.Path(sys.argv[-1]).read_text())
"""
STAND_IN = """
import os, pathlib, sys, time
def works(name, folder):
    folder.mkdir(exist_ok=True)
    with open("log", "a") as log: log.write(name + " began" + chr(10))
    if os.environ.get("SLOW") == name:
        (folder / "half").touch()
        time.sleep(0.8)
        (folder / "half").unlink()
    if os.environ.get("FAILS") == name: sys.exit(name + " fails")
    with open("log", "a") as log: log.write(name + " ended" + chr(10))
"""
NPM = """#!{python}
import pathlib, sys
sys.path.insert(0, {modules!r})
import stand_in
stand_in.works("npm", pathlib.Path("node_modules"))
"""


class Checkout:
    """A checkout in which make has little to do."""

    def __init__(self, folder, modules):
        self.folder = folder
        path = os.pathsep.join([str(modules), os.environ["PATH"]])
        own = {name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "MFLAGS"}
        self.environment = {**own, "PYTHONPATH": str(modules), "PATH": path, "PYTHON": sys.executable}

    def start(self, *targets, **environment):
        return subprocess.Popen(
            ["make", *targets],
            cwd=self.folder,
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def make(self, *targets, **environment):
        with self.start(*targets or ["site"], **environment) as process:
            said, complained = process.communicate(timeout=120)
        return process.returncode, said, complained

    def works(self, **environment):
        status, said, complained = self.make(**environment)
        assert (status, said.splitlines()[-1:]) == (0, ["built"]), complained
        assert not (self.folder / ".venv" / "half").exists()
        return True

    @property
    def log(self):
        return (self.folder / "log").read_text().splitlines()

    def libraries(self):
        return (self.folder / ".venv" / "libraries").read_text().split()


def checkout_in(folder, modules):
    (folder / "tools").mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", folder)
    shutil.copy(ROOT / "tools" / "environment.py", folder / "tools")
    (folder / "build.py").write_text("print('built')")
    (folder / "requirements.lock").write_text("one\n")
    (folder / "requirements-dev.lock").write_text("one\ntwo\n")
    (folder / "package-lock.json").write_text("{}\n")
    return Checkout(folder, modules)


@pytest.fixture
def checkout(tmp_path):
    modules = tmp_path / "modules"
    modules.mkdir()
    for name, text in {"venv": VENV, "pip": PIP, "stand_in": STAND_IN}.items():
        (modules / f"{name}.py").write_text(text)
    (modules / "npm").write_text(NPM.format(python=sys.executable, modules=str(modules)))
    (modules / "npm").chmod(0o755)
    return checkout_in(tmp_path / "checkout", modules)


def wait_for(file):
    until = time.monotonic() + 60
    while not file.exists():
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("slow", ["venv", "pip"])
def test_what_a_killed_make_leaves_is_made_again(checkout, slow, together):
    with checkout.start("site", SLOW=slow) as process:
        wait_for(checkout.folder / ".venv" / "half")
        os.killpg(process.pid, signal.SIGKILL) if together else process.kill()
    assert checkout.works()
    assert checkout.libraries() == ["one"]
    if not together:  # the second make waited for what still ran
        assert checkout.log[::2] == [line.replace("ended", "began") for line in checkout.log[1::2]]


def test_a_program_that_outlives_the_script_is_waited_for(checkout):
    with checkout.start("site", SLOW="pip") as process:
        wait_for(checkout.folder / ".venv" / "half")
        kill_all_but_pip(process.pid)
        assert checkout.works()
    assert checkout.log == [f"{name} {did}" for name in ("venv", "pip") * 2 for did in ("began", "ended")]


def kill_all_but_pip(session):
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(ProcessLookupError, FileNotFoundError):
            is_pip = b"pip" in (process / "cmdline").read_bytes().split(b"\0")
            if os.getsid(int(process.name)) == session and not is_pip:
                os.kill(int(process.name), signal.SIGKILL)


def test_two_makes_at_once_make_one_environment(checkout):
    with checkout.start("site", SLOW="venv") as first, checkout.start("site", SLOW="venv") as second:
        assert [first.wait(60), second.wait(60)] == [0, 0]
    assert checkout.log == ["venv began", "venv ended", "pip began", "pip ended"]


def test_no_program_is_started_where_everything_is_installed(checkout):
    checkout.works()
    assert checkout.works(PYTHON="false")


def test_a_list_that_changed_is_installed_whatever_its_date(checkout):
    checkout.works()
    (checkout.folder / "requirements.lock").write_text("three\n")
    os.utime(checkout.folder / "requirements.lock", (0, 0))
    checkout.works()
    assert checkout.libraries() == ["one", "three"]
    assert checkout.log.count("venv began") == 1


def test_a_failed_installation_begins_again(checkout):
    assert checkout.make(FAILS="pip")[0] == 2
    checkout.works()
    assert checkout.libraries() == ["one"]


@pytest.mark.parametrize("change", [Path.rename, shutil.copytree])
def test_an_environment_that_was_moved_or_copied_is_made_again(checkout, change):
    checkout.works()
    new = checkout.folder.with_name("elsewhere")
    options = {"symlinks": True} if change is shutil.copytree else {}
    change(checkout.folder, new, **options)
    checkout.folder = new
    checkout.works()
    assert checkout.log.count("venv ended") == 2


def test_an_environment_whose_python_is_gone_is_made_again(checkout):
    checkout.works()
    python = checkout.folder / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3")
    assert checkout.works()


def test_an_environment_keeps_its_python_whatever_its_name_comes_to_mean(checkout, tmp_path):
    (tmp_path / "python3").symlink_to(os.path.realpath(sys.executable))
    checkout.works(PYTHON=str(tmp_path / "python3"))
    python = checkout.folder / ".venv" / "bin" / "python"
    assert python.readlink() == Path(os.path.realpath(sys.executable))


def test_an_environment_that_this_make_did_not_make_is_made_again(checkout):
    (checkout.folder / ".venv" / "bin").mkdir(parents=True)
    (checkout.folder / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (checkout.folder / ".venv" / ".installed").touch()
    assert checkout.works()


def test_an_environment_of_another_checkout_may_be_used_by_a_link(checkout, tmp_path):
    checkout.works()
    other = checkout_in(tmp_path / "other", tmp_path / "modules")
    (other.folder / ".venv").symlink_to(checkout.folder / ".venv")
    assert other.works(PYTHON="false")


def test_the_target_of_a_link_is_never_cleared(checkout, tmp_path):
    (tmp_path / "mine.txt").touch()
    (checkout.folder / ".venv").symlink_to(tmp_path)
    status, _, complained = checkout.make()
    assert (status, "is a link to" in complained) == (2, True)
    assert (tmp_path / "mine.txt").exists()


def test_make_site_installs_nothing_after_make_test(checkout):
    assert checkout.make("libraries-of-tests")[0] == 0
    assert checkout.works(PYTHON="false")


def test_a_half_written_checker_is_installed_again(checkout):
    with checkout.start("checker", SLOW="npm") as process:
        wait_for(checkout.folder / "node_modules" / "half")
        os.killpg(process.pid, signal.SIGKILL)
    assert checkout.make("checker")[0] == 0
    assert checkout.make("checker", PYTHON="false")[0] == 0
    assert checkout.log == ["venv began", "venv ended", "pip began", "pip ended", "npm began", "npm began", "npm ended"]


def test_a_python_that_is_too_old_is_named(checkout, tmp_path):
    old = tmp_path / "old"
    old.write_text(
        f'#!/bin/sh\nexec {sys.executable} -c "import sys, runpy; sys.version_info = (3, 10); '
        'sys.argv[0:1] = []; runpy.run_path(sys.argv[0], run_name=\'__main__\')" "$@"\n'
    )
    old.chmod(0o755)
    assert "CloudGPUs needs Python 3.11 or newer" in checkout.make(PYTHON=str(old))[2]


@pytest.fixture
def real_checkout(tmp_path):
    """A checkout with a real environment of one small library."""
    wheel = tmp_path / "wheels" / "small-1-py3-none-any.whl"
    wheel.parent.mkdir()
    with zipfile.ZipFile(wheel, "w") as file:
        for number in range(200):
            file.writestr(f"small/part_{number}.py", f"number = {number}\n")
        file.writestr("small/__init__.py", "")
        file.writestr("small-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: small\nVersion: 1\n")
        file.writestr("small-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr("small-1.dist-info/RECORD", "")
    checkout = checkout_in(tmp_path / "checkout", tmp_path / "none")
    (checkout.folder / "requirements.lock").write_text(
        f"small==1 --hash=sha256:{sha256(wheel.read_bytes()).hexdigest()}\n"
    )
    (checkout.folder / "build.py").write_text(
        "import importlib\nfor number in range(200): importlib.import_module(f'small.part_{number}')\nprint('built')"
    )
    pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheel.parent), "PIP_CONFIG_FILE": os.devnull}
    checkout.environment |= pip
    return checkout


@pytest.mark.long
@pytest.mark.parametrize("share", [number / 12 for number in range(12)])
def test_a_make_site_killed_at_any_moment_mends_itself(real_checkout, share):
    began = time.monotonic()
    real_checkout.works()
    seconds = time.monotonic() - began
    shutil.rmtree(real_checkout.folder / ".venv")
    with real_checkout.start("site") as process:
        time.sleep(share * seconds)
        os.killpg(process.pid, signal.SIGKILL)
    assert real_checkout.works()
