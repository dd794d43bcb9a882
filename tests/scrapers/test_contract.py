from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from scrapers.contract import AGREES_AFTER, ANSWER, KEPT_FOR, Band, Bands, Checked, HeldBefore, Past, require, sift
from scrapers.errors import ImplausibleOffers
from scrapers.normalise import COLUMNS, GpuNames, HeldBack, Normalised, Rates, normalise, prices_per_gpu_hour
from scrapers.offer import Offer, Provider

NIMBUS = Provider("nimbus", "Nimbus", "https://nimbus.example/pricing", minimum_offers=2, must_have=("h100-sxm",))
NOW = datetime(2026, 8, 22, 12, tzinfo=UTC)
NAMES = GpuNames([("h100 sxm", None, "h100-sxm", "variant"), ("l40s", None, "l40s", "variant")])


def found(*prices: str | None, **fields: Any) -> Normalised:
    stated = {"gpu_name": "H100 SXM", "currency": "USD", "price_unit": "gpu_hour"} | fields
    offers = [Offer(instance_type=f"type-{n}", price=price, **stated) for n, price in enumerate(prices)]
    return normalise(offers, NAMES, Rates([]), date(2026, 8, 22))


def unknown(number: int) -> Normalised:
    return found(*["2"] * number, gpu_name="H100 NVL2")


def together(*parts: Normalised) -> Normalised:
    return Normalised(
        [offer for part in parts for offer in part.offers],
        [name for part in parts for name in part.unmapped],
        [held for part in parts for held in part.held],
    )


def check(normalised: Normalised, previous: int | None = None, **options: Any) -> Checked:
    at, past = options.pop("at", NOW), replace(options.pop("past", Past()), offers_n=previous)
    checked = sift(normalised, at, past=past, **options)
    require(NIMBUS, normalised, checked, past, at)
    return checked


def refusal(normalised: Normalised, previous: int | None = None, **options: Any) -> ImplausibleOffers:
    with pytest.raises(ImplausibleOffers) as caught:
        check(normalised, previous, **options)
    return caught.value


def test_prices_held_back_in_the_future_are_held_back_from_now() -> None:
    later = [HeldBefore({"price_per_hour": Decimal(8)}, NOW + timedelta(days=3650), "waiting")]
    past = Past({("type-0", ""): {"price_per_hour": Decimal(2)}}, {("type-0", ""): later})
    checked = sift(found("8"), NOW, past=past)
    assert [(one.rule, one.since) for one in checked.held] == [("price_jump", NOW)]


def test_sound_offers_pass() -> None:
    checked = check(found("2.49", "2.99"), 2)
    assert (len(checked.offers), checked.held) == (2, [])


def test_nothing_found_is_refused_with_the_figures() -> None:
    error = refusal(found(), 14)
    assert error.error_code == "no_offers"
    assert error.message == (
        "nimbus: 0 offers in https://nimbus.example/pricing; the last run had 14. Has the response changed?"
    )


def test_fewer_than_the_minimum_are_refused() -> None:
    error = refusal(found("2"))
    assert error.error_code == "few_offers"
    assert "1 offer in https://nimbus.example/pricing, expected at least 2" in error.message


def test_offers_without_any_price_are_refused() -> None:
    error = refusal(found(None, None, availability="contact_sales"), 2)
    assert error.error_code == "no_prices"
    assert "2 offers in https://nimbus.example/pricing, and not one with a price" in error.message


@pytest.mark.parametrize(("previous", "passes"), [(None, True), (4, True), (5, False)])
def test_fewer_than_half_of_last_time_are_refused(previous: int | None, passes: bool) -> None:
    if passes:
        check(found("2", "3"), previous)
    else:
        assert refusal(found("2", "3"), previous).error_code == "fewer_offers"


@pytest.mark.parametrize(
    ("previous", "most"),
    [(1, 200), (20, 200), (21, 210), (49, 490), (500, 5000), (1000, 5000), (2501, 5002), (6000, 12_000), (None, 5000)],
)
def test_far_more_than_last_time_are_refused(previous: int | None, most: int) -> None:
    check(found(*["2"] * most), previous)
    error = refusal(found(*["2"] * (most + 1)), previous)
    assert error.error_code == "more_offers"
    assert f"{most + 1:,} offers of known GPUs in https://nimbus.example/pricing" in error.message


def counted(offers: int, verdict: Any = "waiting") -> Past:
    return Past(held={ANSWER: [HeldBefore({"offers": Decimal(offers)}, NOW, verdict)]})


@pytest.mark.parametrize("many", [2, 600])
def test_a_number_of_offers_is_accepted_when_a_second_answer_agrees(many: int) -> None:
    answer, later = found(*["2"] * many), NOW + AGREES_AFTER
    assert check(answer, 10 * 5, past=counted(many), at=later).agreed == [ANSWER]
    assert refusal(answer, 50, past=counted(many), at=later - timedelta(seconds=1)).held.since == NOW
    assert refusal(answer, 50, past=counted(many * 2), at=later).held.since == later


@pytest.mark.parametrize(("offers", "agrees"), [(555, True), (546, True), (545, False), (700, False)])
def test_a_second_answer_agrees_when_it_has_about_as_many_offers(offers: int, agrees: bool) -> None:
    past, later = counted(offers), NOW + AGREES_AFTER
    answer = found(*["2"] * 600)
    if agrees:
        check(answer, 50, past=past, at=later)
    else:
        assert refusal(answer, 50, past=past, at=later).error_code == "more_offers"


def test_an_editor_has_the_last_word_on_a_number_of_offers() -> None:
    answer, later = found(*["2"] * 600), NOW + timedelta(days=1)
    assert check(answer, 50, past=counted(600, "released"), at=NOW).agreed == []
    assert refusal(answer, 50, past=counted(600, "rejected"), at=later).error_code == "more_offers"


def test_too_many_unreadable_or_held_back_rows_are_refused() -> None:
    unreadable = [row(key=f"type-{n}") for n in range(600)]
    assert refusal(found("2"), 50, unreadable=unreadable).error_code == "more_offers"
    assert refusal(together(found(*["900"] * 600), unknown(700)), 50).error_code == "more_offers"


def test_a_provider_that_may_have_no_offers_is_not_refused_for_few() -> None:
    at_times, few = replace(NIMBUS, minimum_offers=0, must_have=()), found("2")
    require(at_times, few, sift(few, NOW), Past(offers_n=50), NOW)


def test_an_answer_that_corrects_stored_offers_may_have_any_number() -> None:
    check(found(*["2"] * 600), 5, past=Past(is_doubted=True))
    check(found("2", "2"), 50, past=Past(is_doubted=True))


def test_mostly_unknown_names_are_refused_and_quoted() -> None:
    error = refusal(together(found("2", "3"), unknown(3)))
    assert error.error_code == "unknown_names"
    assert 'unknown GPU names in 3 of 5 offers, most often "H100 NVL2"' in error.message
    assert "sql/seed/" in error.message


def test_half_unknown_names_pass() -> None:
    assert len(check(together(found("2", "3"), unknown(2)), None).offers) == 2


def test_missing_gpu_is_refused_by_name() -> None:
    error = refusal(found("1", "1", gpu_name="L40S"))
    assert error.error_code == "missing_gpu"
    assert "none of h100-sxm" in error.message


def test_single_impossible_price_is_held_back_with_its_figures() -> None:
    checked = check(found("2", "3", "2", "2", "5000", gpu_count=8), None)
    (held,) = checked.held
    assert len(checked.offers) == 4
    assert (held.rule, held.instance_type) == ("price_band", "type-4")
    assert held.detail == ('"type-4": price_per_hour of 40000.0000 is 5000 USD per GPU-hour, outside 0.005 to 500')


@pytest.mark.parametrize("field", ["price", "price_spot", "price_1y", "price_3y", "price_month"])
def test_every_price_is_looked_at(field: str) -> None:
    stated = {field: "900000", "gpu_name": "H100 SXM", "currency": "USD"}
    odd = Offer(instance_type="odd", price_unit="instance_hour", **stated)
    offers = normalise([odd], NAMES, Rates([]), date(2026, 8, 22))
    assert [held.rule for held in check(together(found(*"222222"), offers), None).held] == ["price_band"]


def test_share_is_compared_as_a_whole_gpu() -> None:
    share = found("0.02", gpu_share="0.0625", price_unit="instance_hour")
    assert len(check(together(found("2", "2"), share), None).offers) == 3


def test_many_impossible_prices_are_refused_together() -> None:
    error = refusal(found("2", "3", "4", "0.001", "0.001"))
    assert error.error_code == "many_price_band"
    assert "2 of 5 rows" in error.message


def test_one_wrong_row_refuses_nothing_even_of_a_few() -> None:
    checked = check(together(found("900"), unknown(1)))
    assert (checked.offers, [held.rule for held in checked.held]) == ([], ["price_band"])


def row(reason: str = 'no "gpu"', key: str = "type-9") -> HeldBack:
    return HeldBack(key, "", "", "unreadable", reason)


@pytest.mark.parametrize(("unreadable", "of", "passes"), [(1, 1, True), (2, 8, True), (2, 7, False), (3, 12, True)])
def test_more_than_a_fifth_of_unreadable_rows_and_more_than_one_are_refused(unreadable, of, passes) -> None:
    offers = found(*["2"] * of)
    if passes:
        assert len(check(offers, unreadable=[row()] * unreadable).held) == unreadable
    else:
        assert refusal(offers, unreadable=[row()] * unreadable).error_code == "many_unreadable"


def test_a_gpu_that_must_be_there_may_be_the_row_that_can_not_be_read() -> None:
    assert len(check(found(*"1111", gpu_name="L40S"), unreadable=[row()]).offers) == 4


def test_rows_of_one_key_that_disagree_refuse_nothing() -> None:
    twice = [
        Offer(instance_type="x", price=p, gpu_name="H100 SXM", currency="USD", price_unit="gpu_hour") for p in "23"
    ]
    checked = check(together(found("2"), normalise(twice, NAMES, Rates([]), date(2026, 8, 22))))
    assert (len(checked.offers), [held.rule for held in checked.held]) == (1, ["equal_keys", "equal_keys"])


def test_an_odd_price_is_held_back_alone() -> None:
    bands = Bands(by_gpu={"h100-sxm": Band(Decimal(1), Decimal(20), lowest_spot=Decimal("0.1"))})
    (offer,) = (checked := sift(found("2", price_spot="0.006"), NOW, bands)).offers
    assert (offer.price_per_hour, offer.price_per_hour_spot) == (Decimal("2.0000"), None)
    assert checked.held[0].columns == ("price_per_hour_spot",)
    assert checked.held[0].prices == {"price_per_hour_spot": Decimal("0.006")}


@pytest.mark.parametrize(("later", "kept"), [(timedelta(hours=47), ("price_per_hour_spot",)), (KEPT_FOR, ())])
def test_the_last_good_price_is_kept_in_place_of_an_odd_one_for_two_days(
    later: timedelta, kept: tuple[str, ...]
) -> None:
    past = Past({("type-0", ""): {"price_per_hour_spot": Decimal(1)}})
    odd = {("type-0", ""): [HeldBefore({"price_per_hour_spot": Decimal("0.1")}, NOW, "rejected")]}
    checked = sift(found("2", price_spot="0.1"), NOW + later, past=Past(past.stored, odd))
    assert checked.offers[0].kept_prices == kept


def test_a_gpu_that_must_be_there_is_there_when_its_price_is_held_back() -> None:
    offers = together(found("900"), found(*"1111111111", gpu_name="L40S"))
    assert len(check(offers).held) == 1


def test_gpu_may_have_a_band_of_its_own() -> None:
    bands = Bands(by_gpu={"h100-sxm": Band(Decimal(1), Decimal(20))})
    assert refusal(found("0.5", "0.5"), bands=bands).error_code == "many_price_band"


def test_spot_prices_may_be_lower_than_others() -> None:
    bands = Bands(by_gpu={"h100-sxm": Band(Decimal(1), Decimal(20), lowest_spot=Decimal("0.1"))})
    cheap = found(*"2222", price_spot="0.2")
    assert len(check(cheap, bands=bands).offers) == 4


STANDING = {(f"type-{n}", ""): {"price_per_hour": Decimal(2)} for n in range(5)}


@pytest.mark.parametrize(
    ("price", "passes"), [("3.99", True), ("4", False), ("1.01", True), ("1", False), ("20", False)]
)
def test_a_price_that_doubles_or_halves_waits_with_both_figures(price: str, passes: bool) -> None:
    checked = check(found("2", "2", "2", "2", price), past=Past(STANDING))
    assert [held.rule for held in checked.held] == ([] if passes else ["price_jump"])
    assert passes or checked.held[0].detail == (
        f'"type-4": price_per_hour moved from 2 to {Decimal(price)} USD per GPU-hour, 2 times or more'
    )


def test_a_changed_count_of_gpus_moves_the_price_of_each() -> None:
    checked = check(together(found("2", "2", "2"), found("2", "2", "2", "16", gpu_count=8)), past=Past(STANDING))
    assert [held.rule for held in checked.held] == ["price_jump"]


def waiting(price: str, verdict: Any = "waiting") -> Past:
    jumped = {("type-4", ""): [HeldBefore({"price_per_hour": Decimal(price)}, NOW, verdict)]}
    return Past(STANDING, jumped)


def at(price: str, past: Past, later: timedelta = AGREES_AFTER) -> Checked:
    return check(found("2", "2", "2", "2", price), past=past, at=NOW + later)


def test_a_second_answer_that_agrees_lets_a_jump_through() -> None:
    checked = at("20", waiting("20"))
    assert (len(checked.offers), checked.held, checked.agreed) == (5, [], [("type-4", "")])


def test_an_answer_within_half_an_hour_is_no_second_answer() -> None:
    (held,) = at("20", waiting("20"), timedelta(minutes=29)).held
    assert held.since == NOW


def test_a_second_answer_that_disagrees_waits_anew() -> None:
    (held,) = at("30", waiting("20")).held
    assert (held.since, held.prices) == (NOW + AGREES_AFTER, {"price_per_hour": Decimal(30)})


def test_a_second_answer_does_not_let_through_what_the_market_does_not_know() -> None:
    bands = Bands(by_gpu={"h100-sxm": Band(Decimal(1), Decimal(15))})
    checked = check(found(*"2222", "20"), past=waiting("20"), at=NOW + AGREES_AFTER, bands=bands)
    assert [held.rule for held in checked.held] == ["price_band"]


@pytest.mark.parametrize(("verdict", "held"), [("released", 0), ("rejected", 1)])
def test_an_editor_has_the_last_word_while_the_price_stays(verdict: str, held: int) -> None:
    assert len(at("20", waiting("20", verdict), timedelta(days=30)).held) == held
    assert len(at("30", waiting("20", verdict), timedelta(days=30)).held) == 1


def test_prices_are_compared_per_gpu_and_hour() -> None:
    (offer,) = found("2.5", gpu_count=8, price_month="5840").offers
    assert prices_per_gpu_hour(offer) == {"price_per_hour": Decimal("2.5"), "price_per_month": Decimal(1)}


@pytest.mark.parametrize(("spot", "kept"), [("1.99", True), ("2", False), ("3.5", False)])
def test_a_spot_price_not_below_the_price_on_demand_is_dropped(spot: str, kept: bool) -> None:
    checked = sift(found("2", price_spot=spot), NOW)
    assert (checked.offers[0].price_per_hour_spot is not None, checked.no_spot) == (
        kept,
        [] if kept else [("type-0", "")],
    )


def test_a_spot_price_that_jumped_above_the_price_on_demand_waits_and_the_last_one_is_kept() -> None:
    past = Past({("type-0", ""): {"price_per_hour_spot": Decimal(1)}})
    checked = sift(found("2", price_spot="10"), NOW, past=past)
    assert (checked.offers[0].kept_prices, checked.no_spot) == (("price_per_hour_spot",), [])
    assert [held.rule for held in checked.held] == ["price_jump"]


def test_the_stored_price_of_an_unreadable_row_is_kept_beside_those_of_other_rows() -> None:
    checked = sift(found("2"), NOW, unreadable=[row(key="type-0")])
    assert set(checked.offers[0].kept_prices) == {*COLUMNS} - {"price_per_hour"}
    assert [held.columns for held in checked.held] == [()]


def test_a_stored_price_is_not_held_back_when_the_market_moves_away() -> None:
    bands = Bands(by_gpu={"h100-sxm": Band(Decimal(1), Decimal(5))})
    past = Past({("type-0", ""): {"price_per_hour": Decimal(9)}})
    assert [held.rule for held in sift(found("9"), NOW, bands).held] == ["price_band"]
    assert sift(found("9"), NOW, bands, past).held == []


def test_an_answer_read_anew_is_not_compared_with_stored_prices_but_unchanged_ones_are_accepted() -> None:
    bands = Bands(by_gpu={"h100-sxm": Band(Decimal(1), Decimal(5))})
    doubted = Past({("type-0", ""): {"price_per_hour": Decimal("1.1")}}, is_doubted=True)
    assert sift(found("4"), NOW, bands, doubted).held == []
    as_it_was = replace(doubted, stored={("type-0", ""): {"price_per_hour": Decimal(9)}})
    assert sift(found("9"), NOW, bands, as_it_was).held == []
    assert [held.rule for held in sift(found("9"), NOW, bands, doubted).held] == ["price_band"]
