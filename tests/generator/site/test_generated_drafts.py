"""Drafts from pages' own sentences: bound, checked, stored once, and asked for anew only where the facts moved."""

from datetime import timedelta
from decimal import Decimal

import pytest

from generator.database import runs
from generator.desk import reading, revisions
from generator.desk.generators.generate import Generator, Order, pages_of
from generator.desk.today import today
from generator.errors import BrokenContent, BuildError
from generator.ingest import store
from generator.settings import Settings
from tests.generator.site.conftest import SITE
from tests.sql import samples

pytestmark = pytest.mark.postgres
SLUG = "gpu/h100-sxm"
SETTINGS = Settings(site_url=SITE)


def generated(connection, *slugs, page_type=None, is_trial=False):
    with today(connection, SETTINGS) as (catalogue, site):
        maker = Generator(connection, catalogue, site, Order("jo", samples.START, is_trial=is_trial))
        found = [maker.draft(*one) for one in pages_of(catalogue, page_type, slugs)]
    connection.commit()
    return found


def test_a_draft_has_bindings_for_figures_and_passes_the_checks(made, prices):
    made()
    (one,) = generated(prices, SLUG)
    assert (one.outcome, one.number) == ("drafted", 1)
    kept = revisions.revision(prices, SLUG)
    assert "{{ floor:h100-sxm }}" in kept.markdown
    assert "$" not in kept.markdown
    assert (kept.kind, kept.author) == ("template", "jo")
    assert next(fact["source"] for fact in kept.facts) == "floor:h100-sxm"
    assert kept.facts[0]["read_from"]
    assert [one for one in kept.checks if one["severity"] == "block"] == []


def test_the_same_facts_make_no_second_draft_and_others_do(made, prices):
    made()
    generated(prices, SLUG)
    assert generated(prices, SLUG)[0].outcome == "unchanged"
    run = runs.start(prices, samples.START + timedelta(hours=2), "live", "v2")
    offers = [samples.offer("nimbus", Decimal("1.5"), instance_name="a")]
    store.store(prices, samples.run(2, offers, provider="nimbus", run_id=run))
    runs.finish(prices, run)
    prices.commit()
    made()
    assert generated(prices, SLUG)[0].outcome == "drafted"


def test_a_trial_stores_nothing(made, prices):
    made()
    assert generated(prices, page_type="gpu_detail", is_trial=True)[0].outcome == "drafted"
    assert revisions.newest(prices, SLUG) is None


def test_a_page_that_is_not_built_is_named(made, prices):
    made()
    with pytest.raises(BrokenContent, match="gpu/h1000: no such page is built today"):
        generated(prices, "gpu/h1000")


def test_before_the_first_refresh_nothing_is_drafted(connection, content):
    with pytest.raises(BuildError, match="no prices are stored"), today(connection, SETTINGS):
        pass


def test_a_draft_reads_the_same_as_the_page_that_it_came_from(made, prices, tmp_path):
    made()
    generated(prices, SLUG)
    page = (tmp_path / "site" / "gpu" / "h100-sxm" / "index.html").read_text()
    with today(prices, SETTINGS) as (catalogue, site):
        draft = revisions.revision(prices, SLUG).draft
        read = reading.read(catalogue, draft, site, revisions.others(prices, draft))
    assert read.is_green
    assert all(fact.text in page for fact in read.facts)
