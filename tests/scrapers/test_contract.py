from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from scrapers.contract import Band, Bands, check
from scrapers.errors import ImplausibleOffers
from scrapers.normalise import GpuNames, Normalised, Rates, normalise
from scrapers.offer import Offer, Provider

NIMBUS = Provider("nimbus", "Nimbus", "https://nimbus.example/pricing", minimum_offers=2, must_have=("h100-sxm",))
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


def refusal(normalised: Normalised, previous: int | None = None, **options: Any) -> ImplausibleOffers:
    with pytest.raises(ImplausibleOffers) as caught:
        check(NIMBUS, normalised, previous, **options)
    return caught.value


def test_sound_offers_pass() -> None:
    checked = check(NIMBUS, found("2.49", "2.99"), 2)
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


def test_offers_of_which_none_has_a_price_are_refused() -> None:
    error = refusal(found(None, None, availability="contact_sales"), 2)
    assert error.error_code == "no_prices"
    assert "2 offers in https://nimbus.example/pricing, and not one with a price" in error.message


@pytest.mark.parametrize(("previous", "passes"), [(None, True), (4, True), (5, False)])
def test_fewer_than_half_of_last_time_are_refused(previous: int | None, passes: bool) -> None:
    if passes:
        check(NIMBUS, found("2", "3"), previous)
    else:
        assert refusal(found("2", "3"), previous).error_code == "fewer_offers"


def test_mostly_unknown_names_are_refused_and_quoted() -> None:
    error = refusal(together(found("2", "3"), unknown(3)))
    assert error.error_code == "unknown_names"
    assert 'unknown GPU names in 3 of 5 offers, most often "H100 NVL2"' in error.message
    assert "sql/seed/" in error.message


def test_half_unknown_names_pass() -> None:
    assert len(check(NIMBUS, together(found("2", "3"), unknown(2)), None).offers) == 2


def test_missing_gpu_is_refused_by_name() -> None:
    error = refusal(found("1", "1", gpu_name="L40S"))
    assert error.error_code == "missing_gpu"
    assert "none of h100-sxm" in error.message


def test_single_impossible_price_is_held_back_with_its_figures() -> None:
    checked = check(NIMBUS, found("2", "3", "2", "2", "5000", gpu_count=8), None)
    (held,) = checked.held
    assert len(checked.offers) == 4
    assert (held.rule, held.instance_type) == ("price_band", "type-4")
    assert held.detail == ('"type-4": price_per_hour of 40000.0000 is 5000 USD per GPU-hour, outside 0.005 to 500')


@pytest.mark.parametrize("field", ["price", "price_spot", "price_1y", "price_3y", "price_month"])
def test_every_price_is_looked_at(field: str) -> None:
    stated = {"price": "2", "price_spot": "1", field: "900000", "gpu_name": "H100 SXM", "currency": "USD"}
    odd = Offer(instance_type="odd", price_unit="instance_hour", **stated)
    offers = normalise([odd], NAMES, Rates([]), date(2026, 8, 22))
    assert [held.rule for held in check(NIMBUS, together(found(*"222222"), offers), None).held] == ["price_band"]


def test_share_is_compared_as_a_whole_gpu() -> None:
    share = found("0.02", gpu_share="0.0625", price_unit="instance_hour")
    assert len(check(NIMBUS, together(found("2", "2"), share), None).offers) == 3


def test_many_impossible_prices_are_refused_together() -> None:
    error = refusal(found("2", "3", "4", "0.001"))
    assert error.error_code == "many_price_band"
    assert "1 of 4 offers" in error.message


def test_must_have_is_looked_for_among_the_offers_that_pass() -> None:
    offers = together(found("900"), found(*"1111111111", gpu_name="L40S"))
    assert refusal(offers).error_code == "missing_gpu"


def test_gpu_may_have_a_band_of_its_own() -> None:
    bands = Bands(by_gpu={"h100-sxm": Band(Decimal(1), Decimal(20))})
    assert refusal(found("0.5", "0.5"), bands=bands).error_code == "many_price_band"
