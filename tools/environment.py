"""What the commands of make need, each made of its list to the end, or again from the beginning.

    python3 tools/environment.py requirements.lock      the libraries, in .venv/
    python3 tools/environment.py requirements-dev.lock  and those of the tests
    python3 tools/environment.py package-lock.json      the HTML checker of the tests, in node_modules/

A folder holds a copy of the list that it was made of, written last; an environment of Python's also a link to itself,
which is there only while nothing changes in it, and leads astray in one that was copied or moved.  So it does not
matter when `make` is killed, or what it leaves half done; whatever still runs of a killed one is waited for.

Needs the standard library only, and can be read by a Python that is too old.
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
LISTS = ("requirements-dev.lock", "requirements.lock")  # what is in the second is in the first
PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r")
NPM = ("npm", "ci", "--ignore-scripts", "--omit-lockfile-registry-resolved", "--no-audit", "--no-fund", "--silent")


def main(wanted: str) -> None:
    """Make what a list names, where that is not done."""
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
    """Whether an environment was made here, to the end, and its Python is still there."""
    return (BIN / "python").exists() and HERE.exists() and HERE.samefile(ENVIRONMENT / "pyvenv.cfg")


def _checker(turn: int, wanted: str) -> None:
    if not _is_made_of(wanted, NODE):
        _refuse_link(NODE)
        _say("Installing the HTML checker and the vocabularies of the tests ...")
        (NODE / wanted).unlink(missing_ok=True)
        _run(turn, *NPM)
        os.sync()
        shutil.copyfile(wanted, NODE / wanted)


def _is_made_of(wanted: str, folder: Path) -> bool:
    copy = folder / wanted
    return copy.exists() and copy.read_bytes() == Path(wanted).read_bytes()


def _refuse_link(folder: Path) -> None:
    """What somebody keeps elsewhere is not cleared."""
    if folder.is_symlink():
        sys.exit(f"make: {folder} is a link to {folder.resolve()}, which is not made of these lists; remove the link")


def _wait(turn: int) -> None:
    """Until nobody else, and nothing that somebody killed has left, is making anything."""
    try:
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        _say("Waiting for another make that is installing ...")
        fcntl.flock(turn, fcntl.LOCK_EX)


def _run(turn: int, *command: str) -> None:
    """Run a program that holds our turn as long as it runs; where it fails, it has said why."""
    path = os.pathsep.join([str(BIN.absolute()), os.environ.get("PATH", os.defpath)])
    environment = {**os.environ, "PATH": path, "NODE_USE_SYSTEM_CA": "1"}
    status = subprocess.run(command, env=environment, pass_fds=[turn], check=False).returncode
    if status:
        sys.exit(f"make: {' '.join(command[:4])} ... ended with {status}; the next make begins again")


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 (whoever comes with an older one hears of it here)
        sys.exit(
            f"CloudGPUs needs Python 3.11 or newer; this is {sys.version.split()[0]}. "
            "PYTHON=/path/to/python3.12 make ... names another one."
        )
    main(sys.argv[1])
