from datetime import datetime

from generator.catalogue.views.availability import availability_of_gpu, availability_of_provider
from tests.generator.catalogues import catalogue, offer, watched

OFFERS = (offer("a", "ash", 1), offer("a", "elm", 1), offer("b", "elm", 1))


def shown(found):
    return [(line.subject.text, float(line.available_share), int(line.watched_hours)) for line in found.lines]


def test_the_most_available_come_first():
    known = catalogue(*OFFERS, watched("a", "ash", "0.5"), watched("a", "elm", 1, 30), watched("b", "elm", "0.25"))
    assert shown(availability_of_gpu(known, "a")) == [("Elm", 1, 30), ("Ash", 0.5, 720)]
    assert shown(availability_of_provider(known, "elm")) == [("a", 1, 30), ("b", 0.25, 720)]


def test_less_than_a_day_of_observation_shows_nothing():
    known = catalogue(*OFFERS, watched("a", "ash", "0.5", "23.9"), watched("a", "elm", 0, 24))
    assert shown(availability_of_gpu(known, "a")) == [("Elm", 0, 24)]
    assert availability_of_provider(known, "ash") is None


def test_where_nobody_states_it_nothing_is_shown():
    assert availability_of_gpu(catalogue(*OFFERS), "a") is None
    assert availability_of_provider(catalogue(*OFFERS), "ash") is None


def test_it_ends_with_the_last_whole_day():
    found = availability_of_gpu(catalogue(*OFFERS, watched("a", "ash", 1)), "a")
    assert (found.days, found.until) == (30, datetime.fromisoformat("2026-08-22T00:00:00+00:00"))
