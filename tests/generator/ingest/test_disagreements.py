"""Which prices are compared with which readings, and what happens to a disagreement from run to run."""

from datetime import timedelta
from decimal import Decimal

import pytest

from generator.database import runs
from generator.errors import BuildError
from generator.ingest import disagreements
from generator.ingest.disagreements import SecondOpinion
from tests.sql.samples import START, add_gpu, add_instance, add_provider, after, one

pytestmark = pytest.mark.postgres
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def gpu(connection):
    add_source(connection)
    return add_gpu(connection)


@pytest.fixture
def ours(connection, gpu):
    """An offer of nimbus at two dollars, confirmed at START; a test may change it or add more."""
    nimbus = add_provider(connection)

    def sell(price=2, **columns):
        columns = {"instance_type": f"plan-{one(connection, 'select count(*) from instances')}", **columns}
        return add_instance(connection, nimbus, columns.pop("gpu", gpu), price_per_hour=price, **columns)

    return sell


@pytest.fixture
def theirs(connection, gpu):
    """A reading of nimbus: two and a half dollars on demand at START."""

    def read(
        price="2.5", at=START, provider="nimbus", kind="on_demand", region="", count=None, source=1, basis="complete"
    ):
        connection.execute(
            "insert into reference_history (source_id, provider, gpu_model_id, pricing_type, price_per_gpu_hour,"
            " observed_at, region, gpu_count, price_basis) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [source, provider, gpu, kind, price, at, region, count, basis],
        )

    return read


def add_source(connection, number=1, name="Readers"):
    connection.execute(
        "insert into reference_sources values (%s, %s, %s, 'https://readers.example', 'CC BY 4.0', 'x', '1 day')",
        [number, name.lower(), name],
    )


def compare(connection, hours=1, **further):
    run_id = runs.start(connection, after(hours), "live", "v1")
    return disagreements.compare(connection, run_id, after(hours), **further)


def listed(connection, **options):
    entries = disagreements.entries(connection, **options)
    return [(one.price_per_gpu_hour, one.reading_price_per_gpu_hour, one.state) for one in entries]


def judge(connection, verdict="ours", number=1):
    return disagreements.judge(connection, number, verdict, by="Ada", at=after(1), reason="seen on the page")


def test_a_reading_five_per_cent_off_is_a_disagreement_with_both_figures_dates_and_sources(connection, ours, theirs):
    ours(8, gpu_count=4, instance_type="metal", region="oslo", source_url="https://nimbus.example/prices")
    theirs("2.11", at=START - DAY)
    assert compare(connection) == SecondOpinion(compared=1, apart=1, new=1, open=1)
    (entry,) = disagreements.entries(connection)
    assert (entry.provider, entry.gpu_slug, entry.pricing_type) == ("nimbus", "h100-sxm", "on_demand")
    assert (entry.instance_type, entry.instance_region, entry.price_per_gpu_hour) == ("metal", "oslo", 2)
    assert (entry.observed_at, entry.source_url) == (START, "https://nimbus.example/prices")
    assert (entry.reading_source, entry.reading_url, entry.reading_licence) == (
        "Readers", "https://readers.example", "CC BY 4.0",
    )  # fmt: skip
    assert (entry.reading_price_per_gpu_hour, entry.reading_observed_at) == (Decimal("2.11"), START - DAY)
    assert (entry.ratio, entry.state, entry.last_seen) == (Decimal("1.055"), "open", after(1))


@pytest.mark.parametrize("price", ["1.90", "2", "2.10"])
def test_a_reading_within_five_per_cent_agrees(connection, ours, theirs, price):
    ours()
    theirs(price)
    assert compare(connection) == SecondOpinion(compared=1)


@pytest.mark.parametrize(
    "another",
    [
        {"basis": "gpu_only"}, {"basis": None}, {"provider": "kestrel"}, {"kind": "spot"},
        {"region": "rome"}, {"count": 8},
        {"at": START - 31 * DAY}, {"at": START + 2 * DAY},
    ],
)  # fmt: skip
def test_a_reading_of_another_product_or_day_is_no_second_opinion(connection, ours, theirs, another):
    ours(region="oslo")
    theirs(**another)
    assert compare(connection) == SecondOpinion()


@pytest.mark.parametrize(
    "another",
    [
        {"price_basis": "gpu_only"}, {"gpu_share": Decimal("0.5")}, {"availability_status": "deprecated"},
        {"is_active": False}, {"last_scraped_at": START - DAY},
    ],
)  # fmt: skip
def test_what_does_not_rank_is_not_compared(connection, ours, theirs, another):
    ours(**another)
    theirs()
    assert compare(connection) == SecondOpinion()


def test_readings_of_another_gpu_are_not_compared(connection, ours, theirs):
    ours(gpu=add_gpu(connection, "h100-pcie"))
    theirs()
    assert compare(connection) == SecondOpinion()


def test_a_reading_is_compared_with_its_region_or_with_the_lowest_of_all(connection, ours, theirs):
    ours(2, region="oslo")
    ours(3, region="rome")
    ours(4, region="", available_regions=["bern", "wien"])
    theirs("2.5")
    theirs("2.6", region="rome")
    theirs("2.7", region="wien")
    assert compare(connection).compared == 3
    figures = {(entry.region, entry.price_per_gpu_hour) for entry in disagreements.entries(connection)}
    assert figures == {("", 2), ("rome", 3), ("wien", 4)}


def test_a_reading_that_states_a_count_is_compared_with_machines_of_that_count(connection, ours, theirs):
    ours(2)
    ours(24, gpu_count=8)
    theirs("2.5", count=8)
    theirs("2.2", count=None)
    compare(connection)
    figures = {(entry.gpu_count, entry.price_per_gpu_hour) for entry in disagreements.entries(connection)}
    assert figures == {(8, 3), (None, 2)}


def test_pricing_types_are_compared_each_with_its_own(connection, ours, theirs):
    ours(2, price_per_hour_spot=1, price_per_month=730)
    for kind, price in (("on_demand", 2), ("spot", "1.5"), ("monthly", 3)):
        theirs(price, kind=kind)
    assert compare(connection).compared == 3
    kinds = [(entry.pricing_type, entry.price_per_gpu_hour) for entry in disagreements.entries(connection)]
    assert kinds == [("monthly", 1), ("spot", 1)]


def test_of_a_series_the_reading_nearest_in_time_counts(connection, ours, theirs):
    ours()
    theirs("2", at=START - HOUR)
    for at in (START - 29 * DAY, START - DAY, START + 20 * HOUR):
        theirs("3", at=at)
    assert compare(connection) == SecondOpinion(compared=1)


def test_each_source_is_compared_by_itself(connection, ours, theirs):
    add_source(connection, 2, "Others")
    ours()
    theirs("2.5")
    theirs("3", source=2)
    assert compare(connection).apart == 2
    assert [entry.reading_source for entry in disagreements.entries(connection)] == ["Others", "Readers"]


def test_a_disagreement_seen_again_keeps_its_number_and_has_the_new_figures(connection, ours, theirs):
    offer = ours()
    theirs("3")
    compare(connection)
    connection.execute("update instances set price_per_hour = 2.2 where id = %s", [offer])
    assert compare(connection, hours=2) == SecondOpinion(compared=1, apart=1, open=1)
    (entry,) = disagreements.entries(connection)
    assert (entry.id, entry.first_seen_run, entry.last_seen) == (1, 1, after(2))
    assert entry.price_per_gpu_hour == Decimal("2.2")


def test_a_disagreement_is_settled_when_the_prices_agree_again(connection, ours, theirs):
    offer = ours()
    theirs()
    compare(connection)
    connection.execute("update instances set price_per_hour = 2.5 where id = %s", [offer])
    assert compare(connection, hours=2) == SecondOpinion(compared=1, settled=1)
    assert listed(connection) == []
    assert listed(connection, everything=True) == [(2, Decimal("2.5"), "settled")]
    assert compare(connection, hours=3) == SecondOpinion(compared=1)


def test_a_verdict_is_kept_across_refreshes_while_both_figures_stay_as_they_were(connection, ours, theirs):
    offer = ours()
    theirs()
    compare(connection)
    assert judge(connection, "both") == ("nimbus", "h100-sxm")
    connection.execute("update instances set price_per_hour = 2.05 where id = %s", [offer])
    assert compare(connection, hours=2) == SecondOpinion(compared=1, apart=1)
    (entry,) = disagreements.entries(connection)
    assert (entry.state, entry.verdict, entry.judged_by, entry.judged_at) == ("judged", "both", "Ada", after(1))
    assert (entry.reason, entry.price_per_gpu_hour) == ("seen on the page", Decimal("2.05"))


@pytest.mark.parametrize("moved", ["ours", "theirs"])
def test_a_verdict_on_other_figures_no_longer_holds_but_is_kept(connection, ours, theirs, moved):
    offer = ours()
    theirs("3")
    compare(connection)
    judge(connection)
    if moved == "ours":
        connection.execute("update instances set price_per_hour = 2.2 where id = %s", [offer])
    else:
        theirs("3.2", at=START + HOUR / 2)
        connection.execute("update instances set last_scraped_at = %s where id = %s", [START + HOUR, offer])
    assert compare(connection, hours=2).open == 1
    (entry,) = disagreements.entries(connection)
    assert (entry.state, entry.verdict, entry.judged_price_per_gpu_hour) == ("open", "ours", 2)


def test_a_disagreement_that_comes_back_as_it_was_judged_has_its_verdict(connection, ours, theirs):
    offer = ours()
    theirs()
    compare(connection)
    judge(connection)
    connection.execute("update instances set is_active = false where id = %s", [offer])
    assert compare(connection, hours=2).settled == 1
    connection.execute("update instances set is_active = true where id = %s", [offer])
    assert compare(connection, hours=3) == SecondOpinion(compared=1, apart=1, new=1)
    (entry,) = disagreements.entries(connection)
    assert (entry.state, entry.verdict, entry.first_seen_run) == ("judged", "ours", 3)


def test_a_later_verdict_replaces_an_earlier_one(connection, ours, theirs):
    ours()
    theirs()
    compare(connection)
    judge(connection, "ours")
    judge(connection, "theirs")
    assert [entry.verdict for entry in disagreements.entries(connection)] == ["theirs"]


def test_what_is_settled_or_unknown_can_not_be_judged(connection, ours, theirs):
    offer = ours()
    theirs()
    compare(connection)
    connection.execute("update instances set price_per_hour = 2.5 where id = %s", [offer])
    compare(connection, hours=2)
    with pytest.raises(BuildError, match="number 1 is settled: the prices agree, or can't be compared any more"):
        judge(connection)
    with pytest.raises(BuildError, match=r"no disagreement has the number 7; `build.py sources disagreements` lists"):
        judge(connection, number=7)


def test_readings_that_are_not_stored_are_compared_too(connection, ours):
    ours()
    reading = {
        "source": "A spreadsheet", "url": "https://sheet.example", "licence": "CC0", "provider": "nimbus",
        "gpu_slug": "h100-sxm", "pricing_type": "on_demand", "region": "", "gpu_count": "1",
        "price_per_gpu_hour": "3", "observed_at": "2026-03-01T00:00:00Z", "price_basis": "complete",
    }  # fmt: skip
    assert compare(connection, further=[reading]) == SecondOpinion(compared=1, apart=1, new=1, open=1)
    (entry,) = disagreements.entries(connection)
    assert (entry.reading_source, entry.reading_licence, entry.gpu_count) == ("A spreadsheet", "CC0", 1)
    assert one(connection, "select count(*) from reference_history") == 0
    alone = reading | {"price_basis": "gpu_only", "price_per_gpu_hour": "1"}
    assert compare(connection, hours=2, further=[alone]) == SecondOpinion(settled=1)
