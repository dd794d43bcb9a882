"""An unreadable row costs only itself, named with the reason in plain words; up to a fifth of the rows may be."""

import re

import pytest

from tests.faults.rows import as_recorded
from tests.odd_rows.edited import GONE, after, new_ends, row, untouched

ODD = [
    (
        "lambda-labs",
        3,
        {"instance_type.gpu_description": None},
        "'gpu_1x_a100': \"instance_type.gpu_description\" is null",
    ),
    ("lambda-labs", 0, {"instance_type.specs": GONE}, "'gpu_8x_b200_sxm6': no \"instance_type.specs\""),
    ("hyperbolic", 0, {"costPerHourCents": GONE}, 'no "costPerHourCents"'),
    ("hyperbolic", 1, {"gpuCount": "one"}, '"gpuCount" is "one", not a whole number'),
    ("io-net", 0, {"price": {}}, '"price" is an object, not a price in USD'),
    ("lium", 0, {"gpu_model": ["B300"]}, '"gpu_model" is a list, not text'),
    ("koyeb", 1, {"price_hourly": None}, "'gpu-nvidia-rtx-a6000': \"price_hourly\" is null"),
    ("seeweb", 0, {"gpu": "zero"}, '\'ECS1GPU\': "gpu" is "zero", not a whole number'),
    ("datacrunch", 0, {"price_per_hour": True}, "'1GB300.32V': \"price_per_hour\" is true, not a price in USD"),
    ("scaleway", 0, {"unit_of_measure": None}, "'L4-1-24G': \"unit_of_measure\" is null"),
    ("cudo", 0, {"gpuPriceHr": "0.35"}, '"gpuPriceHr" is "0.35", not an object'),
    ("cloudrift", 1, {"brand_short": GONE}, 'no "brand_short"'),
    ("oci", 0, {"products": 5}, '"products" is 5, not a list'),
    ("runpod", 0, {"memoryInGb": "lots", "maxGpuCountCommunityCloud": 0}, '"memoryInGb" is "lots", not a number'),
    ("shadeform", 0, {"configuration": None}, '"configuration" is null'),
    ("sesterce", 0, {"availability": "everywhere"}, '"availability" is "everywhere", not a list'),
    ("simplepod", 0, {"gpuModel": 3060.5, "gpuCount": []}, '"gpuCount" is a list, not a whole number'),
    ("mithril", 0, {"instance_type": ["it_0"]}, '"instance_type" is a list, not text'),
    ("latitude-sh", 2, {"attributes.specs": GONE}, "'g3-h100-small': no \"attributes.specs\""),
]
PYTHONS = re.compile(r"\w+Error\b|NoneType|\bNone\b|Decimal\(|'\w+' object|<class|\bdict\b|Traceback")


@pytest.mark.parametrize(("slug", "place", "fields", "reason"), ODD)
def test_an_odd_row_is_held_back_by_name_and_in_plain_words(slug, place, fields, reason):
    found = after(slug, row(fields, place))
    assert not found.refused
    [held] = [one for one in found.held if one.rule == "unreadable"]
    assert reason in held.detail
    assert not PYTHONS.search(held.detail)
    lost = as_recorded(slug).offers.keys() - found.offers.keys()
    assert len(lost) <= 1
    assert untouched(slug, found, [key[0] for key in lost])


def _all(fields):
    return lambda rows: [row(fields, place)(rows) for place in range(len(rows))]


MANY = [
    ("lambda-labs", {"instance_type.gpu_description": GONE}),
    ("hyperbolic", {"gpuCount": "some"}),
    ("seeweb", {"hourly_price": None}),
    ("datacrunch", {"gpu": GONE}),
    ("koyeb", {"price_hourly": {}}),
]


@pytest.mark.parametrize(("slug", "fields"), MANY)
def test_an_answer_of_which_all_rows_are_odd_is_refused_with_the_first_reason(slug, fields):
    found = after(slug, _all(fields))
    assert re.search(r"(\d+) of \1 rows can't be right, the first of them: ", found.refused)
    assert not PYTHONS.search(found.refused)


@pytest.mark.parametrize(("odd", "is_refused"), [(1, False), (2, False), (3, True)])
def test_up_to_a_fifth_of_ten_rows_may_be_odd(odd, is_refused):
    description = {"instance_type.gpu_description": GONE}
    found = after("lambda-labs", lambda rows: [row(description, place)(rows) for place in range(3, 3 + odd)])
    assert (bool(found.refused), found.account["held_back:unreadable"]) == (is_refused, odd)


def test_the_only_row_may_be_odd():
    found = after("fluidstack", row({"price_per_gpu_hr": None}))
    assert (found.refused, found.offers, len(found.held)) == ("", {}, 1)


@pytest.mark.parametrize(
    ("slug", "fields"),
    [
        ("cloudrift", {"brand_short": "RTX 4O9O"}),
        ("vultr", {"gpu_type": "NVIDIA_LXX"}),
        ("scaleway", {"properties.hardware.gpu.type": "L4-new"}),
    ],
)
def test_a_misspelt_name_of_a_gpu_that_must_be_there_costs_its_row(slug, fields):
    found = after(slug, row(fields))
    assert not found.refused
    assert set(new_ends(slug, found)) == {"unknown_name"}


@pytest.mark.postgres
def test_probe_stores_the_other_rows_and_says_what_is_missing(probe):
    told = probe("lambda-labs", row({"instance_type.price_cents_per_hour": {}}, 9))
    assert told["error"] is None
    [held] = told["held_back"]
    assert held["detail"] == "'gpu_1x_rtx6000': \"instance_type.price_cents_per_hour\" is an object, not a price in USD"
    assert len(told["offers"]) == len(as_recorded("lambda-labs").offers) - 1
