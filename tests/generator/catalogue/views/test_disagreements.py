from datetime import UTC, datetime, timedelta

from generator.catalogue.views import disagreements
from tests.generator.catalogues import AS_OF, catalogue, differing, offer

KNOWN = catalogue(
    offer("a", "ash", 1), offer("b", "elm", 1),
    differing("a", "ash"), differing("a", "elm", 3, 2, verdict="both", reason="another tier"),
    differing("b", "elm", pricing_type="spot", gpu_count=8, region="oslo"),
)  # fmt: skip


def shown(lines):
    return [(line.subject.text, line.what, line.verdict) for line in lines]


def test_a_gpus_prices_are_named_by_their_providers():
    assert shown(disagreements.disagreements_of_gpu(KNOWN, "a")) == [
        ("Ash", "On demand", ""),
        ("Elm", "On demand", "both"),
    ]


def test_a_providers_prices_are_named_by_their_gpus_with_what_the_reading_states():
    assert shown(disagreements.disagreements_of_provider(KNOWN, "elm"))[1] == (
        "b", "Spot, 8×, oslo", "",
    )  # fmt: skip


def test_those_judged_are_counted_apart():
    assert (disagreements.disagreements_n(KNOWN), disagreements.judged_n(KNOWN)) == (3, 1)


def test_seen_again_on_the_same_day_a_disagreement_is_the_same():
    midnight = datetime(AS_OF.year, AS_OF.month, AS_OF.day, tzinfo=UTC)
    lines = {
        disagreements.disagreements_of_gpu(catalogue(offer("a", "ash", 1), one), "a")
        for one in (differing("a", "ash", observed_at=midnight + timedelta(hours=hours)) for hours in (0, 9, 23))
    }
    assert len(lines) == 1
