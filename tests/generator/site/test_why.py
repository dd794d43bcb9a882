"""What is said of a page is what the next build does with it."""

import random

import pytest

from generator.database import db, runs
from generator.errors import BuildError
from generator.ingest import store
from generator.settings import Settings
from generator.site import build, built_pages, code_versions, why
from tests.generator.site.conftest import SITE
from tests.generator.site.random_changes import KINDS, chosen
from tests.generator.site.test_incremental import ALL, builds  # noqa: F401 (a fixture)
from tests.sql import samples

pytestmark = pytest.mark.postgres
PAGE = "/gpu/h100-sxm/"


@pytest.fixture
def explain(prices, content, tmp_path):
    """What explains a page of the site in tmp_path/site."""
    return lambda page=PAGE, site=SITE: why.explain(prices, Settings(site_url=site), tmp_path / "site", page)


def refresh(connection, price):
    """Store another price of nimbus, an hour later."""
    run = runs.start(connection, samples.after(1), "live", "v1")
    offers = [samples.offer("nimbus", price, instance_name="<script>alert(1)</script>")]
    store.store(connection, samples.run(1, offers, provider="nimbus", run_id=run))
    runs.finish(connection, run)
    connection.commit()


def test_a_page_is_left_alone_while_nothing_that_it_read_moves(made, explain):
    made()
    found = explain()
    assert found.next_build == "left alone"
    assert found.verdict == (
        "The next build leaves it alone: nothing that it read has moved since the build of 1 Mar 2026, 00:00 UTC."
    )
    assert found.last_build == "changed"


def test_a_page_is_made_again_because_of_a_price_that_it_shows(made, explain, prices):
    made()
    refresh(prices, 9)
    found = explain()
    assert found.next_build == "made"
    assert found.verdict.startswith("The next build makes it again, because availability_by_gpu:h100-sxm, ")
    (offers,) = [read for read in found.reads if read.name == "offers_by_gpu:h100-sxm"]
    assert (offers.words, offers.since, offers.seen_as_of) == ("offers by GPU: h100-sxm", "moved", samples.START)
    made()
    assert explain().last_build == "changed"


def test_a_page_that_would_show_the_same_is_looked_at_and_left(made, explain, prices):
    made()
    prices.execute("insert into moved_slices (slice) values ('offers_by_gpu:h100-sxm')")
    prices.commit()
    found = explain()
    tables = ", ".join(f"{name}:h100-sxm" for name in ("availability_by_gpu", "offers_by_gpu", "placed_by_gpu"))
    assert (found.next_build, found.because) == ("same", (f"{tables} moved",))
    assert found.verdict.endswith("placed_by_gpu:h100-sxm moved, and leaves it: what it shows is the same.")
    report = made()
    assert (report.looked_at, report.rendered) == (1, 0)
    assert explain().last_build == "same"
    assert explain("/").last_build == "not looked at"


def test_what_came_out_the_same_ends_there(made, explain, prices):
    made()
    prices.execute("insert into moved_slices (slice) values ('listed_gpus')")
    prices.commit()
    found = explain()
    made()
    assert (found.next_build, explain().last_build) == ("left alone", "not looked at")
    assert "gpus.neighbour_slugs:h100-sxm was computed again and is as it was" in found.verdict


def test_to_ask_changes_nothing(made, explain, prices):
    made()
    refresh(prices, 9)
    state = "select revision, as_of, (select array_agg(id) from moved_slices) from slices_settled"
    before = prices.execute(state).fetchone()
    explain()
    assert before == prices.execute(state).fetchone()


def test_new_code_of_its_type_makes_a_page_again(made, explain, monkeypatch):
    made()
    versions = {kind.name: "1" for kind in build.page_types()}
    monkeypatch.setattr(code_versions, "of_everything", lambda: "new")
    monkeypatch.setattr(code_versions, "of_page_types", lambda names: {**versions})
    assert explain().verdict.startswith("The next build makes it again, because the code of gpu_detail is new: ")


def test_another_address_of_the_site_makes_every_page_again(made, explain):
    made()
    assert "what all pages show has changed" in explain(site="https://other.example").verdict


def test_a_file_that_is_gone_is_made_again_where_builds_look(made, explain, tmp_path):
    made()
    file = tmp_path / "site" / "gpu" / "h100-sxm" / "index.html"
    file.write_text("by hand")
    assert explain().by_hand == {"gpu/h100-sxm/index.html": "changed"}
    assert explain().next_build == "left alone"
    (tmp_path / "site" / ".boot").unlink()
    assert explain().verdict == "The next build makes it again, because gpu/h100-sxm/index.html is changed."


def test_a_page_whose_subject_goes_is_taken_off(made, explain, prices):
    made()
    prices.execute("update gpu_models set is_active = false")
    prices.commit()
    assert explain().verdict == "The next build takes it off the site: a GPU's page needs an offer, now or before."


def test_a_closed_page_says_what_it_needs(made, explain):
    made()
    found = explain("/provider/nimbus/")
    assert (found.gate_state, found.needs) == ("thin", ("2 GPUs with a fresh price, or one with complete terms",))


@pytest.mark.parametrize(
    "stated",
    [
        "gpu/h100-sxm",
        "/gpu/h100-sxm",
        "/prices/gpu/h100-sxm/",
        f"{SITE}/gpu/h100-sxm/?a#spot",
        "gpu/h100-sxm/index.html",
    ],
)
def test_a_page_is_found_by_path_address_and_file(stated, made, explain, tmp_path):
    made()
    assert explain(stated).path == explain(str(tmp_path / "site" / "gpu/h100-sxm/index.html")).path == PAGE


def test_the_front_page_is_found_by_its_address(made, explain, tmp_path):
    made()
    assert {explain(stated).path for stated in ("/", "", SITE, "index.html", str(tmp_path / "site"))} == {"/"}


def test_what_is_no_page_gets_the_nearest(made, explain, prices):
    made()
    with pytest.raises(BuildError, match=r"/gpu/h100/ is no page of the site; the nearest: /gpu/h100-sxm/"):
        explain("/gpu/h100/")
    prices.execute("update gpu_models set is_active = false")
    prices.commit()
    made(allow_removals=True)
    with pytest.raises(BuildError, match="it was one, and a GPU's page needs an offer"):
        explain()


def test_a_page_that_is_yet_to_be_made_is_announced(made, explain, prices):
    made()
    samples.add_provider(prices, "merlin")
    prices.commit()
    with pytest.raises(BuildError, match="/provider/merlin/ is not on the site yet; the next build makes it"):
        explain("/provider/merlin/")


@pytest.mark.parametrize(
    ("builds", "steps"), [(3, 2), *(pytest.param(n, 60, marks=pytest.mark.long) for n in (21, 22))], indirect=["builds"]
)
def test_what_is_said_of_each_page_is_what_the_next_build_does(builds, steps, monkeypatch, request):  # noqa: F811
    folder = builds.folders[0]
    monkeypatch.setattr(why, "Renderer", build.Renderer)
    builds.build(builds.market.url, folder, ALL)
    for _ in range(steps):
        name = chosen(builds.market)
        with db.connect(builds.market.url) as connection:
            KINDS[name](builds.market, connection)
            connection.commit()
        said, before = predicted(builds.market, folder, some=10), pages(builds.market)
        builds.build(builds.market.url, folder, ALL)
        now = pages(builds.market)
        became = {path: fate(before[path], now.get(path)) for path in said}
        assert {path: found.next_build for path, found in said.items()} == became, name


def predicted(market, folder, some):
    settings = Settings(**market.site)
    with db.connect(market.url) as connection:
        paths = sorted(built_pages.records(connection))
        chosen_paths = random.Random(some).sample(paths, min(some, len(paths)))
        return {path: why.explain(connection, settings, folder, path) for path in chosen_paths}


def pages(market):
    """When each page was last looked at and made."""
    with db.connect(market.url) as connection:
        return {row[0]: row[1:] for row in connection.execute("select path, looked_at, made_at from built_pages")}


def fate(before, now):
    if now is None:
        return "taken off"
    looked_at, made_at = (one != other for one, other in zip(before, now, strict=True))
    return "made" if made_at else "same" if looked_at else "left alone"
