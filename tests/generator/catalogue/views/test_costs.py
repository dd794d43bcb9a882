"""Costs of a month, with every amount worked out by hand."""

from decimal import Decimal

import pytest

from generator.catalogue.views.costs import monthly_costs, scenarios
from tests.generator.catalogues import catalogue, offer, provider, term

STEP = term("ash", "billing_step", 1, "seconds")
PAUSED = term("ash", "compute_stopped", word="not billed")
DISK = term("ash", "storage_running", "0.10", "per GB-month")
KEPT = term("ash", "storage_stopped", "0.20", "per GB-month")
FREE = term("ash", "egress", 0, "per GB")
OFFERS = [offer("a", "ash", 2), offer("b", "ash", "1.5")]


def costs(*terms, offers=OFFERS):
    return monthly_costs(catalogue(*offers, *terms), "ash").costs


def amounts(month):
    return [line.amount for line in month.lines]


def test_a_month_running_is_gpu_storage_and_traffic():
    running, _ = costs(PAUSED, DISK, KEPT, term("ash", "egress", "0.09", "per GB"))
    assert amounts(running) == [Decimal(1095), 50, 90]
    assert [line.sum for line in running.lines] == ["730 h × $1.50", "500 GB × $0.10", "1,000 GB × $0.09"]
    assert (running.total, running.missing) == (1235, ())


def test_half_a_month_stopped_costs_half_the_gpu_and_the_storage_rate_of_a_stopped_machine():
    _, half = costs(PAUSED, DISK, KEPT, FREE)
    assert amounts(half) == [Decimal("547.5"), 75, 0]
    assert [line.sum for line in half.lines] == [
        "365 h × $1.50", "500 GB × $0.10 × ½ month + 500 GB × $0.20 × ½ month", "1,000 GB × $0.00",
    ]  # fmt: skip
    assert half.total == Decimal("622.5")


def test_a_gpu_that_is_billed_while_stopped_saves_nothing():
    _, half = costs(term("ash", "compute_stopped", word="billed"), DISK, KEPT, FREE)
    assert half.lines[0].amount == 1095
    assert half.lines[0].sum == "730 h × $1.50: stopped hours are billed in full"


def test_storage_by_the_hour_is_summed_by_the_hour():
    hourly = term("ash", "storage_running", "0.0001", "per GB-hour")
    running, half = costs(PAUSED, hourly, term("ash", "storage_stopped", word="as running"), FREE)
    assert running.lines[1].amount == half.lines[1].amount == Decimal("36.5")
    assert running.lines[1].sum == "500 GB × 730 h × $0.0001"


def test_storage_that_costs_nothing_while_stopped_is_half():
    _, half = costs(PAUSED, DISK, term("ash", "storage_stopped", word="not billed"), FREE)
    assert half.lines[1].amount == 25


def test_traffic_that_is_included_is_taken_off():
    price = term("ash", "egress", "0.09", "per GB")
    some, all_ = (
        term("ash", "egress_included", 100, "GB per month"),
        term("ash", "egress_included", 20000, "GB per month"),
    )
    assert costs(DISK, price, some)[0].lines[2].amount == 81
    assert costs(DISK, price, some)[0].lines[2].sum == "(1,000 − 100) GB × $0.09"
    assert costs(DISK, all_)[0].lines[2].amount == 0


@pytest.mark.parametrize(("terms", "missing", "why"), [
    ([DISK], "1 TB out", "traffic out: not known"),
    ([FREE], "500 GB of storage", "storage: not known"),
    ([FREE, term("ash", "storage_running", word="by host")], "500 GB of storage", "storage: set by each host"),
    ([DISK, term("ash", "egress", "0.01", "per GB"), term("ash", "egress_included", word="by plan")],
     "1 TB out", "traffic out included: depends on the plan"),
    ([FREE, term("ash", "storage_running", "0.10", "per GB-month", currency="XXX", usd=None)],
     "500 GB of storage", "storage: not known"),
])  # fmt: skip
def test_what_is_not_known_is_named_and_never_counts_as_nothing(terms, missing, why):
    running, half = costs(*terms)
    assert (running.total, running.missing) == (None, (missing,))
    assert [line.sum for line in running.lines if line.amount is None] == [why]
    assert half.total is None
    assert "GPU" in half.missing


def test_an_unknown_rate_while_stopped_leaves_that_month_without_a_total():
    running, half = costs(PAUSED, DISK, term("ash", "storage_stopped", word="billed"), FREE)
    assert (running.total, half.total, half.missing) == (1145, None, ("500 GB of storage",))


def test_the_cost_is_for_the_cheapest_ranked_offer_and_says_how_many_gpus_that_has():
    node = offer("c", "ash", 8, gpu_count=8, instance_type="node")
    found = monthly_costs(catalogue(*OFFERS, node, offer("d", "ash", "0.1", price_basis="gpu_only"), DISK), "ash")
    assert (found.gpu.text, found.instance_type, found.gpu_count, found.price_per_gpu_hour) == ("c", "node", 8, 1)


def test_there_is_no_cost_without_a_ranked_offer_or_any_term():
    assert monthly_costs(catalogue(provider("ash"), DISK), "ash") is None
    assert monthly_costs(catalogue(*OFFERS, STEP), "ash") is None


def test_each_line_of_a_month_comes_to_what_it_says():
    price = offer("a", "ash", "49.24", gpu_count=8)
    (line, *_), total = (month := costs(DISK, FREE, offers=[price])[0]).lines, month.total
    assert line.sum == "730 h × $6.155"
    assert (line.amount, total) == (Decimal("4493.15"), Decimal("4543.15"))


def test_scenarios_are_of_those_whose_storage_and_traffic_are_known_the_cheapest_month_first():
    known = catalogue(
        offer("a", "ash", 2), offer("a", "elm", 1), offer("a", "fir", 3), DISK, FREE,
        term("fir", "storage_running", "0.073", "per GB-month"), term("fir", "egress", "0.01", "per GB"),
    )  # fmt: skip
    ash, fir = scenarios(known, "a")
    assert (ash.provider.text, fir.provider.text) == ("Ash", "Fir")
    assert [round(total, 4) for total in ash.totals] == [Decimal("16.5479"), Decimal("347.5068"), 1510]
    assert fir.totals == (Decimal("34.4"), Decimal("522.4"), Decimal("2236.5"))
