"""A Chromium for the tests: the system's, else Debian's package where we may install it, else Playwright's own.

Run as a program (`python -m tests.site.tools.browser`), it installs one where there is none.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def executable() -> str | None:
    """The program to start, or None where there is no Chromium that starts."""
    return next((path for path in _candidates() if _answers(path)), None)


def ensure() -> str:
    """Return the program to start, installed first where there is none; exit with a line where that fails."""
    if path := executable():
        return path
    sys.stdout.write("Installing a browser for the tests ...\n")
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _run("apt-get", "-qq", "update")
        _run("apt-get", "-qq", "install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core")
    if not executable():
        _run(sys.executable, "-m", "playwright", "install", *_with_libraries(), "chromium")
    if path := executable():
        return path
    raise SystemExit("no browser for the tests: install Chromium, or free the way to Debian's or Playwright's")


def arguments() -> list[str]:
    """What Chromium needs to run as root, in a container, with little shared memory."""
    return ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]


def _with_libraries() -> list[str]:
    return ["--with-deps"] if os.geteuid() == 0 and shutil.which("apt-get") else []


def _candidates() -> Iterator[str]:
    yield from (path for name in NAMES if (path := shutil.which(name)))
    if MAC.exists():
        yield str(MAC)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 (takes a second, saved by a system's Chromium)

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if Path(path).exists():
        yield path


def _answers(path: str) -> bool:
    """Whether it starts: Ubuntu's `chromium` only forwards to snap, which containers lack."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _run(*command: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)


if __name__ == "__main__":
    ensure()
