"""An incremental build leaves the same bytes as a full one from a copy of the same database, whatever has changed."""

import difflib
import random
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from generator.database import db
from generator.settings import Settings
from generator.site import assets, build, code_versions, render, site_catalogue
from generator.site.report import BuildReport
from tests.generator.site.made_up_market import Market
from tests.generator.site.random_changes import KINDS, chosen

pytestmark = pytest.mark.postgres
_LINE = re.compile(r"\n|(?<=>)(?=<)")
A_BUILDS_OWN = {".boot", ".lock"}
ALL = build.Options(allow_removals=True, allow_gates=True, jobs=1)


class KilledError(Exception):
    """Ends a build after its files are in place, before anything is recorded."""


@dataclass
class Builds:
    """A market with the folders that are built from it."""

    market: Market
    databases: object
    patched: pytest.MonkeyPatch
    folders: list[Path]
    log: list[str] = field(default_factory=list)

    def step(self, number: int) -> None:
        """Change something, build, and compare with a full build of a copy."""
        names = [chosen(self.market) for _ in range(self.market.chance.choice((1, 1, 2)))]
        for name in names:
            self.log.append(f"{number}: {name}")
            with db.connect(self.market.url) as connection:
                KINDS[name](self.market, connection)
                connection.commit()
        folder = self._folder()
        copy = self.databases.copy_of(self.market.url)  # type: ignore[attr-defined]
        options = self._damaged(folder)
        report = self.build(self.market.url, folder, options)
        self._compare(folder, copy)
        if self.market.chance.random() < 0.3:
            again = self.build(self.market.url, folder, ALL)
            counts = again.looked_at, again.written.changed, again.written.removed
            assert counts == (0, 0, 0), "\n".join([*self.log[-3:], f"built again: {counts}"])
        self.log[-1] += f" ({report.looked_at} looked at, {report.rendered} rendered, {report.written.changed} written)"

    def _folder(self) -> Path:
        """One of the folders, at times emptied, and at times with a build that was killed."""
        folder = self.folders[self.market.chance.random() < 0.1]
        if self.market.chance.random() < 0.03:
            self.log[-1] += ", folder emptied"
            shutil.rmtree(folder, ignore_errors=True)
        if self.market.chance.random() < 0.05:
            self.log[-1] += ", killed"
            with self.patched.context() as patched, suppress(KilledError):
                patched.setattr(build.store.Storing, "finish", _killed)
                self.build(self.market.url, folder, ALL)
        return folder

    def _damaged(self, folder: Path) -> build.Options:
        """At times, change or delete a file; then the options of a build that compares all of them."""
        files = sorted(file for file in folder.rglob("*.*") if file.is_file() and not file.name.startswith("."))
        if self.market.chance.random() > 0.05 or not files:
            return ALL
        self.log[-1] += ", damaged"
        file = self.market.chance.choice(files)
        file.write_text("") if self.market.chance.random() < 0.5 else file.unlink()
        return build.Options(allow_removals=True, allow_gates=True, jobs=1, verify=True)

    def _compare(self, folder: Path, copy: str) -> None:
        anew = folder.with_name("anew")
        with db.connect(copy) as connection:
            connection.execute("insert into moved_slices (slice) values ('everything')")
            connection.commit()
        self.build(copy, anew, build.Options(full=True, allow_removals=True, allow_gates=True, jobs=1))
        found, expected = files_of(folder), files_of(anew)
        shutil.rmtree(anew)
        if found != expected:
            raise AssertionError("\n".join([*self.log[-4:], *differences(found, expected)]))
        self.databases.drop(copy)  # type: ignore[attr-defined]

    def build(self, url: str, folder: Path, options: build.Options) -> BuildReport:
        for cached in (assets.assets, code_versions._used, code_versions._module, code_versions._templates):
            cached.cache_clear()
        with db.connect(url) as connection:
            return build.build(connection, Settings(**self.market.site), folder, options)


def _killed(*_: object, **__: object) -> None:
    raise KilledError


def files_of(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file() and file.name not in A_BUILDS_OWN)
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def differences(found: dict[str, bytes], expected: dict[str, bytes]) -> Iterator[str]:
    """For each file that differs, the lines that only one of the two has."""
    for path in sorted(found.keys() | expected.keys()):
        one, other = found.get(path, b""), expected.get(path, b"")
        if one != other and not path.startswith("."):
            lines = difflib.ndiff(_LINE.split(one.decode()), _LINE.split(other.decode()))
            yield "\n".join([path, *(line for line in lines if line[0] in "+-")])[:1500]


@pytest.fixture
def builds(request, fresh_database, tmp_path, monkeypatch) -> Iterator[Builds]:
    market = Market(fresh_database.migrated(), tmp_path, random.Random(request.param))
    market.make()
    templates = market.root / "templates"
    monkeypatch.setattr(site_catalogue, "CONTENT", market.content)
    monkeypatch.setattr(assets, "FOLDER", templates / "assets")
    monkeypatch.setattr(build, "Renderer", partial(render.Renderer, folder=templates))
    for name in ("of_everything", "of_page_types"):
        monkeypatch.setattr(code_versions, name, partial(getattr(code_versions, name), root=market.root))
    yield Builds(market, fresh_database, monkeypatch, [tmp_path / "site", tmp_path / "other"])
    assets.assets.cache_clear()
    fresh_database.drop(market.url)


@pytest.mark.parametrize(
    ("builds", "steps"),
    [(0, 3), *(pytest.param(seed, 100, marks=pytest.mark.long) for seed in range(11))],
    indirect=["builds"],
)
def test_an_incremental_build_is_equal_to_a_full_one(builds: Builds, steps: int) -> None:
    for number in range(steps):
        builds.step(number)


@pytest.mark.parametrize("builds", [0], indirect=True)
def test_seeing_the_same_prices_again_looks_at_the_sources_status_alone(builds: Builds) -> None:
    market, folder = builds.market, builds.folders[0]
    builds.build(market.url, folder, ALL)
    with db.connect(market.url) as connection:
        market.refresh(connection, market.as_of + timedelta(minutes=30))
    report = builds.build(market.url, folder, ALL)
    assert (report.looked_at, report.rendered, report.written.changed, report.written.removed) == (1, 0, 1, 0)
    assert "09:30:00" in (folder / "freshness.json").read_text()
