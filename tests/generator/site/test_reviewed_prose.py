"""Reviewed words of a page through builds: on it while they hold, off it when a price proves them wrong."""

from datetime import timedelta
from decimal import Decimal

import pytest

from generator.database import runs
from generator.desk import editors, revisions, states
from generator.desk.drafts import Draft, Reading
from generator.ingest import store
from tests.generator.site.conftest import linking
from tests.sql import samples

pytestmark = pytest.mark.postgres
SLUG = "gpu/h100-sxm"
CLAIM = "{% claim lowest_at:h100-sxm:nimbus %}Nimbus has the lowest price on demand.{% endclaim %}"
WORDS = f"It rents from {{{{ floor:h100-sxm }}}} per GPU-hour on demand. {CLAIM} Ask for a quota."


def published(connection, words=WORDS, at=samples.START):
    editors.add_editor(connection, "jo", "reviewer", actor="jo", at=at, public_name="Jo Doe")
    draft = Draft(SLUG, "gpu_detail", "", "", words)
    revision = revisions.new_revision(connection, draft, Reading(), actor="jo", kind="human", base=None, at=at)
    states.submit(connection, SLUG, revision.number, actor="jo", at=at)
    states.approve(connection, SLUG, revision.number, actor="jo", at=at, reading=Reading(), publish_now=True)
    connection.commit()


def answer(folder):
    page = (folder / "gpu" / "h100-sxm" / "index.html").read_text()
    return page.partition('<div class="answer">')[2].partition("</div>")[0]


def store_prices(connection, hours, **prices):
    run = runs.start(connection, samples.START + timedelta(hours=hours), "live", f"v{hours}")
    for slug, price in prices.items():
        offers = [samples.offer(slug, Decimal(price), instance_name="a")]
        store.store(connection, samples.run(hours, offers, provider=slug, run_id=run))
    runs.finish(connection, run)
    connection.commit()


def test_a_price_that_falsifies_a_claim_takes_its_sentence_off_the_page(made, prices, tmp_path):
    made()
    published(prices)
    made()
    assert "Nimbus has the lowest price on demand." in answer(tmp_path / "site")
    assert states.state(prices, SLUG).stale_reasons == []

    store_prices(prices, 2, kestrel="1")
    made()
    shown = answer(tmp_path / "site")
    assert "lowest price" not in shown
    assert "Ask for a quota." in shown
    found = states.state(prices, SLUG)
    assert found.state == "stale"
    assert found.stale_reasons == ["lowest_at:h100-sxm:nimbus does not hold"]
    assert SLUG in [one.slug for one in states.states(prices, "stale")]

    store_prices(prices, 4, kestrel="5")
    made()
    assert "Nimbus has the lowest price on demand." in answer(tmp_path / "site")
    assert states.state(prices, SLUG).state == "published"


def test_a_build_without_a_change_writes_nothing_beside_reviewed_words(made, prices):
    made()
    published(prices)
    made()
    again = made()
    assert (again.rendered, again.written.changed) == (0, 0)


def test_words_that_name_something_gone_leave_the_page_to_its_own(made, prices, tmp_path):
    made()
    own = answer(tmp_path / "site")
    published(prices, "It costs {{ floor:gone }} per GPU-hour on demand.")
    made()
    assert answer(tmp_path / "site") == own
    assert states.state(prices, SLUG).stale_reasons == ["it names something that is no longer known"]


def test_unpublished_words_give_the_page_its_own_back(made, prices, tmp_path):
    made()
    own = answer(tmp_path / "site")
    published(prices)
    made()
    assert answer(tmp_path / "site") != own
    states.unpublish(prices, SLUG, 1, actor="jo", at=samples.START, comment="wrong tone")
    prices.commit()
    made()
    assert answer(tmp_path / "site") == own


def test_a_guide_that_was_taken_off_leads_to_where_its_editor_said(made, prices, content, tmp_path):
    linking(content, "A node is a machine.", "old")
    linking(content, "A node is one machine.", "new")
    made()
    redirects = tmp_path / "site" / "_redirects"
    states.unpublish(prices, "guides/old", 1, actor="jo", at=samples.START, comment="joined", moved_to="/guides/new/")
    prices.commit()
    made()
    assert "/prices/guides/old/ /prices/guides/new/ 301" in redirects.read_text().splitlines()
    states.unpublish(prices, "guides/new", 1, actor="jo", at=samples.START, comment="gone", is_gone=True)
    prices.commit()
    made()
    assert "/guides/new/" not in redirects.read_text()
