"""Install what make's commands need from a lock file, completely or else again from the beginning.

    python3 tools/environment.py requirements.lock      the libraries, in .venv/
    python3 tools/environment.py requirements-dev.lock  the same and those of the tests
    python3 tools/environment.py package-lock.json      the checkers of the tests, in node_modules/

Each folder gets a copy of its lock file when it is finished.  .venv/ also gets a link to itself, which is removed while
anything is installed, and leads elsewhere once the folder was copied or moved.  So make may be killed at any time: the
next one finds out, waits for programs that still run, and begins again.

It needs the standard library only, and a Python that is too old can still parse it.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

ENVIRONMENT, NODE = Path(".venv"), Path("node_modules")
BIN = ENVIRONMENT / "bin"
HERE = ENVIRONMENT / ".here"
LISTS = ("requirements-dev.lock", "requirements.lock")  # the first contains the second
PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r")
NPM = ("npm", "ci", "--ignore-scripts", "--omit-lockfile-registry-resolved", "--no-audit", "--no-fund", "--silent")


def main(wanted: str) -> None:
    """Install what a lock file names, unless that is done."""
    turn = os.open(".", os.O_RDONLY)
    _wait(turn)
    if wanted in LISTS:
        _libraries(turn, wanted)
    else:
        _checker(turn, wanted)


def _libraries(turn: int, wanted: str) -> None:
    if not _is_whole():
        _refuse_link(ENVIRONMENT)
        _say(f"Making an environment in {ENVIRONMENT}/ ...")
        HERE.unlink(missing_ok=True)
        _run(turn, os.path.realpath(sys.executable), "-m", "venv", "--clear", str(ENVIRONMENT))
    elif _is_made_of(wanted, ENVIRONMENT):
        return
    _say("Installing the libraries ..." if wanted == LISTS[1] else "Installing the libraries of the tests ...")
    HERE.unlink(missing_ok=True)
    _run(turn, str(BIN / "python"), *PIP, wanted)
    for name in LISTS:
        (ENVIRONMENT / name).unlink(missing_ok=True)
    for name in LISTS[LISTS.index(wanted) :]:
        shutil.copyfile(name, ENVIRONMENT / name)
    os.sync()
    HERE.symlink_to((ENVIRONMENT / "pyvenv.cfg").resolve())


def _is_whole() -> bool:
    """Whether a complete environment was made here, and its Python is still there."""
    return (BIN / "python").exists() and HERE.exists() and HERE.samefile(ENVIRONMENT / "pyvenv.cfg")


def _checker(turn: int, wanted: str) -> None:
    if not _is_made_of(wanted, NODE):
        _refuse_link(NODE)
        _say("Installing the checkers and the vocabularies of the tests ...")
        (NODE / wanted).unlink(missing_ok=True)
        _run(turn, *NPM)
        os.sync()
        shutil.copyfile(wanted, NODE / wanted)


def _is_made_of(wanted: str, folder: Path) -> bool:
    copy = folder / wanted
    return copy.exists() and copy.read_bytes() == Path(wanted).read_bytes()


def _refuse_link(folder: Path) -> None:
    """End for a folder that is a link, so as not to clear what somebody keeps elsewhere."""
    if folder.is_symlink():
        sys.exit(f"make: {folder} is a link to {folder.resolve()}, which was not made from this lock file; remove it")


def _wait(turn: int) -> None:
    """Wait until no other make, and no program that a killed one left, is installing anything."""
    try:
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        _say("Waiting for another make that is installing ...")
        fcntl.flock(turn, fcntl.LOCK_EX)


def _run(turn: int, *command: str) -> None:
    """Run a program, which holds our lock while it runs; end where it fails, since it has said why."""
    path = os.pathsep.join([str(BIN.absolute()), os.environ.get("PATH", os.defpath)])
    environment = {**os.environ, "PATH": path, "NODE_USE_SYSTEM_CA": "1"}
    status = subprocess.run(command, env=environment, pass_fds=[turn], check=False).returncode
    if status:
        sys.exit(f"make: {' '.join(command[:4])} ... ended with {status}; run make again, it starts afresh")


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 (this is where a user of an older one is told)
        sys.exit(
            f"CloudGPUs needs Python 3.11 or newer; this is {sys.version.split()[0]}. "
            "PYTHON=/path/to/python3.12 make ... names another one."
        )
    main(sys.argv[1])
