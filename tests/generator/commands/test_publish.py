import dataclasses
import json
import shutil
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from generator.commands import main
from generator.database import db, runs
from generator.desk import states
from generator.ingest import store
from generator.output.lock import Lock
from generator.settings import ROOT, Settings
from generator.site import build, content
from tests.generator.publishing.sites import S3Place, moto, served
from tests.generator.publishing.test_indexnow import KEY, Receiver
from tests.generator.site.test_content import DRAFT, approved
from tests.sql import samples

pytestmark = pytest.mark.postgres

SITE = "https://gpus.example/prices"


class Built:
    """A database with its site, which a test may change and publish."""

    def __init__(self, url, folder):
        self.url, self.out = url, folder / "site"
        self.environment = {"DATABASE_URL": url, "CLOUDGPUS_DATA_DIR": str(folder / "data"), "COLUMNS": "200"}

    def refresh(self, hours, price=2, **changes):
        with db.connect(self.url) as connection:
            run = runs.start(connection, samples.after(hours), "live", "v1")
            for number, slug in enumerate(("nimbus", "kestrel"), 2):
                offers = [samples.offer(slug, price * number)]
                store.store(connection, samples.run(hours, offers, provider=slug, run_id=run, **changes))
            runs.finish(connection, run)

    def render(self, site=SITE):
        with db.connect(self.url) as connection:
            build.build(connection, Settings(site_url=site), self.out)

    def publish(self, *arguments, **environment):
        command = ["publish", "--out", str(self.out), *map(str, arguments)]
        return CliRunner(env={**self.environment, **environment}).invoke(main, command)

    def published(self, *arguments, **environment):
        ended = self.publish(*arguments, "--json", **environment)
        assert ended.exit_code == 0, ended.output
        return json.loads(ended.stdout)


@pytest.fixture(scope="module")
def first(fresh_database, tmp_path_factory):
    """A database with the prices of two providers, and the site made of it."""
    folder, url = tmp_path_factory.mktemp("published"), fresh_database.migrated()
    with db.connect(url) as connection:
        samples.add_gpu(connection)
        for slug in ("nimbus", "kestrel"):
            samples.add_provider(connection, slug)
    made = Built(url, folder)
    made.refresh(0)
    made.render()
    return made


@pytest.fixture
def built(first, fresh_database, tmp_path):
    """A copy of them for one test."""
    shutil.copytree(first.out, tmp_path / "site")
    return Built(fresh_database.copy_of(first.url), tmp_path)


def test_a_site_is_published_once_and_then_nothing_is_transferred(built, tmp_path):
    done = built.published(tmp_path / "www")
    assert done["put"] == done["unchanged"] + done["put"] > 10
    assert json.loads((tmp_path / "www/build.json").read_text())["generation"] == done["generation"]
    again = built.published(CLOUDGPUS_PUBLISH_TO=str(tmp_path / "www"))
    assert (again["put"], again["deleted"], again["unchanged"]) == (0, 0, done["put"])
    said = built.publish(tmp_path / "www").output
    assert said.startswith(f"{tmp_path / 'www'}: 0 files put (0 kB), 0 removed, {done['put']} unchanged; generation ")


def test_a_rollback_is_one_command_and_the_generations_are_listed(built, tmp_path):
    before = built.published(tmp_path / "www")["generation"]
    home = (tmp_path / "www/index.html").read_bytes()
    built.refresh(30, price=3)
    built.render()
    after = built.published(tmp_path / "www")["generation"]
    assert (tmp_path / "www/index.html").read_bytes() != home
    assert [one["generation"] for one in built.published(tmp_path / "www", "--list")] == [after, before]
    assert built.publish(tmp_path / "www", "--rollback").exit_code == 0
    assert (tmp_path / "www/index.html").read_bytes() == home
    listed = built.publish(tmp_path / "www", "--list").output.splitlines()
    assert [line.split()[0] for line in listed] == ["generation", before[:8], after[:8]]


def test_an_older_site_is_refused_unless_allowed(built, first, tmp_path, fresh_database):
    older = Built(fresh_database.copy_of(first.url), tmp_path / "older")
    shutil.copytree(first.out, older.out)
    built.refresh(30, price=3)
    built.render()
    built.published(tmp_path / "www")
    refused = older.publish(tmp_path / "www")
    assert refused.exit_code == 1
    assert "the database is older than the site: its last build is as of 2026-03-01 00:00 UTC" in refused.output
    assert refused.output.endswith("to publish it all the same: --allow-older\n")
    assert older.published(tmp_path / "www", "--allow-older")["put"] > 0


def test_a_site_of_recorded_prices_is_refused_unless_allowed(built, tmp_path):
    built.refresh(30, is_recorded=True)
    built.render()
    with db.connect(built.url) as connection:
        connection.execute("update instances set is_recorded = true")
    refused = built.publish(tmp_path / "www")
    assert refused.exit_code == 1
    assert "every price of the site is recorded, none live" in refused.output
    assert built.published(tmp_path / "www", "--allow-recorded")["put"] > 0


def test_a_site_for_the_default_address_is_refused_unless_allowed(built, tmp_path):
    built.render(site="http://localhost:8000")
    refused = built.publish(tmp_path / "www")
    assert refused.exit_code == 1
    assert "the site was built for http://localhost:8000; set CLOUDGPUS_SITE_URL" in refused.output
    assert built.published(tmp_path / "www", "--allow-default-address")["put"] > 0


def test_a_site_with_few_fresh_providers_is_refused_unless_allowed(built, tmp_path):
    with db.connect(built.url) as connection:
        run = runs.start(connection, samples.after(24 * 20), "live", "v1")
        runs.finish(connection, run)
    built.render()
    refused = built.publish(tmp_path / "www")
    assert refused.exit_code == 1
    assert "0 of 2 providers have a fresh price; expected 20 % (CLOUDGPUS_FRESH_PROVIDERS)" in refused.output
    assert built.published(tmp_path / "www", "--allow-few-providers")["put"] > 0
    assert built.published(tmp_path / "www", CLOUDGPUS_FRESH_PROVIDERS="0")["put"] == 0


def test_many_texts_that_became_stale_since_the_published_site_stop_it_unless_allowed(built, tmp_path):
    texts = [approved(dataclasses.replace(DRAFT, slug=f"guide-{number}")) for number in range(5)]
    with db.connect(built.url) as connection:
        content.import_texts(connection, texts, samples.after(0))
    built.published(tmp_path / "www")
    with db.connect(built.url) as connection:
        for text in texts[:4]:
            states.mark_stale(connection, f"guides/{text.slug}", ["claim"], samples.after(2))
    built.published(tmp_path / "www")  # four may be the texts' own fault
    with db.connect(built.url) as connection:
        states.mark_stale(connection, f"guides/{texts[4].slug}", ["claim"], samples.after(2))
    refused = built.publish(tmp_path / "www")
    assert refused.exit_code == 1
    assert "5 of 9 reviewed texts can't say any more what was approved" in refused.output
    assert "--allow-stale-texts" in refused.output
    built.published(tmp_path / "www", "--allow-stale-texts")
    built.refresh(3)
    built.render()
    built.published(tmp_path / "www", "--allow-stale-texts")
    built.published(tmp_path / "www")  # they are as stale as on the published site


def test_a_folder_that_a_killed_build_left_is_refused(built, tmp_path):
    (built.out / ".generation").write_text(f"{'0' * 8}-0000-4000-8000-000000000000\n")
    assert "a build there has not finished; run build.py render first" in built.publish(tmp_path / "www").output
    shutil.rmtree(built.out)
    assert "no site there; run build.py render first" in built.publish(tmp_path / "www").output
    assert not (tmp_path / "www").exists()


def test_a_folder_that_the_last_build_did_not_write_is_refused(built, tmp_path):
    built.refresh(30, price=3)
    with db.connect(built.url) as connection:
        build.build(connection, Settings(site_url=SITE), tmp_path / "other")
    refused = built.publish(tmp_path / "www")
    assert refused.exit_code == 1
    assert "but the database's last build is" in refused.output


def test_a_folder_in_which_a_build_is_at_work_is_refused(built, tmp_path):
    lock = Lock(built.out)
    lock.acquire()
    refused = built.publish(tmp_path / "www")
    lock.release()
    assert refused.exit_code == 1
    assert "another build is running there" in refused.output
    assert not (tmp_path / "www").exists()


def test_a_file_that_was_edited_is_not_published(built, tmp_path):
    (built.out / "robots.txt").write_text("edited")
    refused = built.publish(tmp_path / "www")
    assert refused.exit_code == 1
    assert "robots.txt: not as it was built; run build.py render --verify first" in refused.output
    assert not (tmp_path / "www/build.json").exists()


@pytest.mark.parametrize("place", ["site", "site/www", ".", "data", "data/postgres", ROOT, ROOT / "templates"])
def test_a_destination_among_our_own_files_is_refused(first, place):
    (first.out.parent / "data/postgres/base").mkdir(parents=True, exist_ok=True)
    refused = first.publish(first.out.parent / place)
    assert refused.exit_code == 1
    assert "holds the output folder, or files of the project or its database" in refused.output


def test_a_destination_is_needed(built, tmp_path):
    assert "no destination; name one, or set CLOUDGPUS_PUBLISH_TO" in built.publish().output
    assert built.publish().exit_code == 2
    assert "nothing was published there yet" in built.publish(tmp_path / "www", "--rollback").output
    wrong = built.publish("--rollback", tmp_path / "www")
    assert (wrong.exit_code, "expected the beginning of a generation" in wrong.output) == (2, True)


def test_a_dry_run_changes_nothing(built, tmp_path):
    said = built.publish(tmp_path / "www", "--dry-run").output
    assert "files would be put" in said
    assert not (tmp_path / "www").exists()


def test_search_engines_get_exactly_the_indexable_addresses_that_changed(built, tmp_path):
    receiver = Receiver()
    told = {"CLOUDGPUS_INDEXNOW_KEY": KEY, "CLOUDGPUS_INDEXNOW_ENDPOINT": receiver.address}
    sent = built.published(tmp_path / "www", **told)["sent"]
    assert (tmp_path / "www" / f"{KEY}.txt").read_text() == KEY
    with db.connect(built.url) as connection:
        indexable = "select path from built_pages where gate_state = 'indexable' and last_modified > %s"
        every = {SITE + path for (path,) in connection.execute(indexable, [datetime(2000, 1, 1, tzinfo=UTC)])}
        assert set(sent) == every
        built.refresh(30, price=3)
        built.render()
        changed = {SITE + path for (path,) in connection.execute(indexable, [samples.START])}
    assert built.published(tmp_path / "www", **told)["sent"] == sorted(changed)
    assert [set(one["urlList"]) for one in receiver.taken] == [every, changed]
    assert changed
    receiver.close()


def test_no_key_is_shown_and_a_site_goes_to_a_bucket(built, tmp_path):
    server = moto()
    place = S3Place("http://{}:{}".format(*server.get_host_and_port()), "gpus")
    ended = built.publish(place.destination, CLOUDGPUS_INDEXNOW_KEY="", **place.environment)
    assert ended.exit_code == 0, ended.output
    assert "kept-secret" not in ended.output
    there = served(place)
    assert there.pop("build.json")
    files = {str(file.relative_to(built.out)): file for file in built.out.rglob("*") if file.is_file()}
    assert there == {path: file.read_bytes() for path, file in files.items() if not path.startswith(".")}
    server.stop()
