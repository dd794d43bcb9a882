"""Offers held back, and those under unknown names, as a build counts them."""

import pytest

from generator.catalogue.rows import HeldBackRow
from generator.database import db
from generator.ingest import store
from scrapers.normalise import HeldBack, UnmappedName
from tests.sql.samples import START, add_gpu, add_provider, after, offer, run

pytestmark = pytest.mark.postgres

ALL = {"gpus": None, "providers": None}


def hold_back(connection, provider, *held):
    """Store an answer with one good offer that holds back these: instance type, GPU and rule."""
    held = [HeldBack(name, "", gpu, rule, "figures", since=START) for name, gpu, rule in held]
    store.store(connection, run(0, [offer(f"good-{provider}")], provider=provider, held=held))


def held_back(connection, hours=0):
    rows = db.rows(connection, "held_back", HeldBackRow, as_of=after(hours), **ALL)
    return [(row.provider_slug, row.gpu_slug, row.rule, row.offers_n, row.names_n) for row in rows]


def test_offers_held_back_are_counted_by_provider_gpu_and_rule(catalogue):
    add_provider(catalogue, "gone", is_active=False)
    retired = add_gpu(catalogue, "k80")
    catalogue.execute("update gpu_models set is_active = false where id = %s", [retired])
    band = [(name, "h100-sxm", "price_band") for name in ("a", "b", "b", "c")]
    hold_back(catalogue, "nimbus", *band, ("d", "", "unreadable"), ("e", "k80", "price_jump"))
    hold_back(catalogue, "gone", *band)
    assert held_back(catalogue) == [
        ("nimbus", "h100-sxm", "price_band", 3, 0),
        ("nimbus", None, "price_jump", 1, 0),
        ("nimbus", None, "unreadable", 1, 0),
    ]


def test_an_answer_that_is_held_back_as_a_whole_is_no_offer(catalogue):
    hold_back(catalogue, "nimbus", ("", "", "more_offers"))
    assert held_back(catalogue) == []


def test_released_and_withdrawn_offers_are_no_longer_held_back_and_rejected_ones_are(catalogue):
    hold_back(catalogue, "nimbus", *((name, "h100-sxm", "price_band") for name in "abc"))
    catalogue.execute(
        "update quarantine set decided_by = 'Ada', decided_at = now(), state ="
        " case instance_type when 'a' then 'released' when 'b' then 'withdrawn' else 'rejected' end"
    )
    assert held_back(catalogue) == [("nimbus", "h100-sxm", "price_band", 1, 0)]


def test_offers_under_unknown_names_are_counted_with_their_names(catalogue):
    unmapped = [UnmappedName(name, None, "x", offers, "unknown") for name, offers in (("H900", 3), ("H901", 1))]
    store.store(catalogue, run(0, [offer()], unmapped=unmapped))
    assert held_back(catalogue) == [("nimbus", None, "unknown_name", 4, 2)]


def test_an_offer_held_back_later_is_not_known_yet(catalogue):
    hold_back(catalogue, "nimbus", ("a", "h100-sxm", "price_band"))
    store.store(catalogue, run(0, [offer()], unmapped=[UnmappedName("H900", None, "b", 1, "no alias", [("b", "")])]))
    assert held_back(catalogue, hours=-1) == []
    assert len(held_back(catalogue)) == 2
