"""One site for a test run, built from the recorded answers as a user would build it, and a browser to look at it."""

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from generator import urls
from generator.database import db
from generator.pages.registry import page_types
from generator.site import built_pages
from generator.site.serve import Preview
from tests.conftest import Databases
from tests.site.tools import browser as chromium

ROOT = Path(__file__).resolve().parents[2]
URL = "https://gpus.example/prices"


def free_port() -> str:
    """A port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


@dataclass(frozen=True)
class BuiltSite:
    """A finished site with the database it was built from."""

    folder: Path
    database_url: str

    @cached_property
    def page_types(self) -> Mapping[str, str]:
        """Path -> page type of every page."""
        with db.connect(self.database_url) as connection:
            records = built_pages.records(connection)
        has_html = {kind.name for kind in page_types() if kind.has_html}
        return {path: record.page_type for path, record in records.items() if record.page_type in has_html}

    @cached_property
    def _by_size(self) -> list[list[str]]:
        """The pages of each type, the smallest first."""
        by_type = sorted((page_type, len(self.read(path)), path) for path, page_type in self.page_types.items())
        return [[path for *_, path in group] for _, group in groupby(by_type, key=lambda page: page[0])]

    @property
    def extreme(self) -> tuple[str, ...]:
        """The largest and the smallest page of every type."""
        return tuple(path for paths in self._by_size for path in dict.fromkeys((paths[-1], paths[0])))

    @property
    def typical(self) -> tuple[str, ...]:
        """The page of every type that is neither small nor large."""
        return tuple(paths[len(paths) // 2] for paths in self._by_size)

    def file(self, path: str) -> Path:
        return self.folder / urls.output_file(path)

    def read(self, path: str) -> bytes:
        return self.file(path).read_bytes()

    def build(
        self, *arguments: str, program: tuple[str, ...] = ("build.py",), **settings: str
    ) -> "subprocess.CompletedProcess[str]":
        """Run build.py on this site's database and folder."""
        return subprocess.run(
            self.command(*arguments, program=program),
            env=self.environment(**settings),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def command(self, *arguments: str, program: tuple[str, ...] = ("build.py",)) -> list[str]:
        """The command that builds into this folder."""
        return [sys.executable, *program, *arguments, "--out", str(self.folder)]

    def environment(self, **settings: str) -> dict[str, str]:
        """The environment variables that a build gets, and no others."""
        kept = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
        data = {"CLOUDGPUS_DATA_DIR": str(self.folder.parent / "data"), "DATABASE_URL": self.database_url}
        return {**kept, **data, "CLOUDGPUS_SITE_URL": URL, **settings}


SMALL = ("coreweave", "datacrunch", "hot-aisle", "hyperstack", "lambda-labs", "runpod")
A_FEW_PROVIDERS = f"""
from scrapers import run
few = [one for one in run.providers() if one.PROVIDER.slug in {SMALL}]
run.providers = lambda: few
from generator.commands import main
main()
"""


@pytest.fixture(scope="session")
def small_site(fresh_database, tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:  # type: ignore[no-untyped-def]
    """The site of a few providers, for what takes many builds."""
    site = BuiltSite(tmp_path_factory.mktemp("small") / "site", fresh_database.empty())
    done = site.build("--source", "recorded", program=("-c", A_FEW_PROVIDERS), PYTHONPATH=str(ROOT))
    assert done.returncode == 0, done.stderr
    return site


@pytest.fixture(scope="session")
def built_site(fresh_database, tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:  # type: ignore[no-untyped-def]
    """The site of all recorded answers."""
    site = BuiltSite(tmp_path_factory.mktemp("built") / "site", fresh_database.empty())
    done = site.build("--source", "recorded")
    assert done.returncode == 0, done.stderr
    return site


Copy = Callable[[BuiltSite], BuiltSite]


@pytest.fixture
def copy(fresh_database: Databases, tmp_path: Path) -> Copy:
    """Copies a site with its database."""

    def copied(site: BuiltSite) -> BuiltSite:
        shutil.copytree(site.folder, tmp_path / "site")
        return BuiltSite(tmp_path / "site", fresh_database.copy_of(site.database_url))

    return copied


@pytest.fixture(scope="session")
def served(built_site: BuiltSite) -> Iterator[str]:
    """The address at which the built site is served."""
    with Preview(built_site.folder, port=0, base=urls.base_path(URL)) as preview:
        thread = threading.Thread(target=preview.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield preview.address + urls.base_path(URL)
        preview.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, which `make test` installs.  While it runs, this process can start no event loop."""
    program = chromium.executable()
    assert program, "no Chromium; `make test` installs one"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=chromium.arguments())
        yield started
        started.close()
