"""Builds on a real Dask cluster: a scheduler and two workers, each a process on this machine."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from distributed import Client

from generator.database import db
from generator.errors import BuildError
from generator.publishing.built_site import built_site
from generator.publishing.last_build import last_build
from generator.publishing.made import put_made
from generator.publishing.publish import publish
from generator.root import ROOT
from generator.settings import Settings
from generator.site import build, built_pages, cluster, make, site_catalogue
from tests.generator.publishing.sites import S3Place, moto, served
from tests.generator.site.conftest import SITE
from tests.generator.site.made_up_market import START, Market
from tests.generator.site.test_incremental import files_of
from tests.site.conftest import free_port

pytestmark = pytest.mark.postgres


@dataclass
class Processes:
    """A scheduler and its workers, which run code from the checkout."""

    address: str
    log: Path
    running: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    def start(self, *arguments: str) -> None:
        command = [sys.executable, "-W", "ignore", "-m", "dask", *arguments, "--no-dashboard"]
        environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
        with self.log.open("ab") as log:
            self.running.append(subprocess.Popen(command, env=environment, cwd="/", stdout=log, stderr=log))

    def stop(self) -> None:
        for one in self.running:
            one.kill()
        for one in self.running:
            one.wait()


@pytest.fixture(scope="module")
def processes(tmp_path_factory) -> Iterator[Processes]:
    port = free_port()
    started = Processes(f"tcp://127.0.0.1:{port}", tmp_path_factory.mktemp("cluster") / "log")
    started.start("scheduler", "--host", "127.0.0.1", "--port", port)
    for _ in range(2):
        started.start("worker", started.address, "--nthreads", "1", "--no-nanny")
    try:
        with Client(started.address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(2, 60)
        yield started
    finally:
        started.stop()


@pytest.fixture
def small_shards(monkeypatch):
    monkeypatch.setattr(build, "MANY", 5)
    monkeypatch.setattr(make.in_shards, "__defaults__", (8,))


def recorded(connection):
    """What builds noted: the slices that each page has read, and of aggregates also their versions, by name."""
    slices = built_pages.slices_named(connection, numbers=range(10_000)).values()
    names = {one.number: one.name for one in slices}
    pages = {path: {names[n] for n in one.reads} for path, one in built_pages.records(connection).items()}
    return pages, {one.name: (one.version, {names[n] for n in one.reads}) for one in slices}


@pytest.fixture
def market(fresh_database, tmp_path, monkeypatch) -> Iterator[Market]:
    made_up = Market(fresh_database.migrated(), tmp_path, random.Random(0))
    made_up.make()
    monkeypatch.setattr(site_catalogue, "CONTENT", made_up.content)
    yield made_up
    fresh_database.drop(made_up.url)


def built(url, folder, progress=None, **options):
    """Build a site, and return its files, with what builds recorded."""
    with db.connect(url) as connection:
        build.build(connection, Settings(site_url=SITE), folder, build.Options(**options), progress)
        return files_of(folder), recorded(connection)


@pytest.mark.parametrize("builds", [1, pytest.param(2, marks=pytest.mark.long)])
def test_a_cluster_makes_the_same_bytes_and_records(market, fresh_database, small_shards, processes, tmp_path, builds):
    for days in range(builds):
        with db.connect(market.url) as connection:
            market.refresh(connection, START + timedelta(days=days))
        alone = built(fresh_database.copy_of(market.url), tmp_path / "alone", jobs=1)
        together = built(market.url, tmp_path / "together", cluster=processes.address)
        assert together == alone
        assert len(together[0]) > 40


def test_workers_with_other_code_make_nothing(made, small_shards, processes, monkeypatch, tmp_path):
    monkeypatch.setattr(cluster, "_AT_START", "another version")
    with pytest.raises(BuildError, match=r"^tcp://127.0.0.1:\d+, tcp://127.0.0.1:\d+, the scheduler: other code"):
        made(cluster=processes.address)
    assert files_of(tmp_path / "site") == {}


def test_a_worker_without_the_database_is_one_line_and_no_log_has_its_password(
    prices, small_shards, processes, tmp_path
):
    prices.address = "postgresql://desk:kept-secret@127.0.0.1:1/prices"
    with pytest.raises(
        BuildError, match=r"^tcp://127.0.0.1:\d+, a worker of the cluster: .* at 127.0.0.1:1: .*DATABASE_URL$"
    ):
        build.build(prices, Settings(site_url=SITE), tmp_path / "site", build.Options(cluster=processes.address))
    said = processes.log.read_text("utf-8")
    assert "Compute Failed" in said
    assert "kept-secret" not in said


def test_an_address_without_a_scheduler_is_one_line(made, small_shards, monkeypatch):
    monkeypatch.setattr(cluster, "_PATIENCE", 0.2)
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(BuildError, match=f"^{address}: no Dask scheduler answers there; start one, or leave out"):
        made(cluster=address)


def test_without_the_library_a_line_says_what_to_install(made, small_shards, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(BuildError, match=r"^--cluster needs the package distributed, here and where"):
        made(cluster="tcp://127.0.0.1:1")


@pytest.mark.long
def test_files_that_workers_have_put_are_not_transferred_again(market, small_shards, processes, tmp_path):
    server = moto()
    place = S3Place("http://{}:{}".format(*server.get_host_and_port()), "bucket")
    put = partial(put_made, place.destination, place.environment)
    files, _ = built(market.url, tmp_path / "site", cluster=processes.address, put=put)
    with db.connect(market.url) as connection, built_site(tmp_path / "site", last_build(connection), {}) as content:
        done = publish(place.store(), content, 3)
        made = {file for record in built_pages.records(connection).values() for file in record.files}
    assert (done.copied, done.put) == (len(made), len(content.files) - len(made))
    assert {path: data for path, data in served(place).items() if path in content.files} == {
        path: files[path] for path in content.files
    }
    server.stop()


def test_a_killed_worker_costs_only_its_time(market, fresh_database, small_shards, processes, tmp_path):
    copy, killed = fresh_database.copy_of(market.url), processes.running[-1]
    together = built(market.url, tmp_path / "together", lambda *_: killed.kill(), cluster=processes.address)
    assert killed.wait() == -signal.SIGKILL
    assert together == built(copy, tmp_path / "alone", jobs=1)


@pytest.mark.long
def test_a_scheduler_that_is_lost_is_one_line_and_leaves_the_site_as_it_was(
    market, small_shards, processes, tmp_path, capfd
):
    lost = f"^{processes.address}: the Dask scheduler is gone; render again when it runs$"
    with pytest.raises(BuildError, match=lost):
        built(market.url, tmp_path / "site", lambda *_: processes.running[0].kill(), cluster=processes.address)
    assert files_of(tmp_path / "site") == {}
    assert capfd.readouterr().err == ""
