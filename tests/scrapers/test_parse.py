import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.parse import GPU_NAME, availability, cents, count, memory_gb, money, names_gpu

BEYOND = [Decimal("1E+999999999"), "1e999999999", "1e99999999999999999999", Decimal("NaN"), Decimal("1" * 5000)]
"""Numbers that are short, or valid, in an answer, and can't be written out."""


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        ("$2.49/hr", "2.49"),
        ("1,299.00", "1299"),
        ("$1,000,000.50", "1000000.5"),
        ("1 234.50", "1234.5"),
        ("from $0.40/GPU/hr", "0.4"),
        ("2.49 USD per hour", "2.49"),
        ("On-demand:US$2.20", "2.2"),
        ("8x $2.00", "2"),
        ("$24.00 / 8 GPUs", "24"),
        ("$.50", "0.5"),
        ("$3.99*", "3.99"),
        ("2.49 US dollars", "2.49"),
        ("2.49USD", "2.49"),
        ("US$ 2.49", "2.49"),
        ("$\xa02.49", "2.49"),
        ("＄２．４９", "2.49"),
        ("$2\u200b.49", "2.49"),
        ("$11^99", "11.99"),
        ("$ 1,299^50 /hr", "1299.5"),
        ("$11⁹⁹", "11.99"),
        ("$2.69^1", "2.69"),
        ("$0.000694¹ / sec", "0.000694"),
        ("1e-8", "0.00000001"),
        ("1E5", "100000"),
        (2.49, "2.49"),
        (3, "3"),
        (Decimal("0.000001"), "0.000001"),
    ],
)
def test_money_reads_the_amount(value: Any, amount: str) -> None:
    assert money(value) == Decimal(amount)


@pytest.mark.parametrize("value", [None, "", " ", "-", "—", "Contact us", "Request a quote", "Sold out", "N/A", "Free"])
def test_money_is_none_where_there_is_no_price(value: Any) -> None:
    assert money(value) is None


@pytest.mark.parametrize("value", [0, "0", "$0.00", Decimal("0.0"), 0.0])
def test_money_of_zero_is_no_price(value: Any) -> None:
    assert money(value) is None


@pytest.mark.parametrize(
    "value",
    ["-5", "$-5", "−5", "- $5", -1, Decimal("-0.1"), "NaN", "Infinity", float("nan"), float("inf"), Decimal("NaN")],
)
def test_money_refuses_negative_and_infinite_amounts(value: Any) -> None:
    with pytest.raises(ValueError, match="is not a price"):
        money(value)


@pytest.mark.parametrize(
    "value",
    [
        "$1.2 - $3.4",
        "$2.49 (was $3.10)",
        "2 or 3",
        "8 $2.00",
        "H100 $2.49",
        "$11^9",
        "$3¹",
        "$2.69^12",
        "$11^999",
        "$2|69",
        "$2 69",
        "$2 .69",
        "$2. 69",
        "2 69 USD",
        "$2·69",
        "$2½",
        "$2<sup>69</sup>",
        "$2&#8203;.69",
        "$3.36 2.69",
        "$2.69-$3.36",
        "$0,250",
        "was $3.36",
        "$3.36 before",
        "$3.36 (20% off)",
        "Save $0.67",
        "9" * 10**6,
        "2,50",
        "1,5",
        "1.299,00",
        "2.49.1",
        "12,34,567",
        "TBD",
        *BEYOND,
        Decimal("1E-999999999"),
        True,
        [],
        {},
    ],
)
def test_money_does_not_guess(value: Any) -> None:
    with pytest.raises(ValueError, match="is not a price"):
        money(value)


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        ("2,50 €", "2.5"),
        ("1.299,00 EUR", "1299"),
        ("€ 0,7875", "0.7875"),
        ("2^50 €", "2.5"),
        ("1.299^50 EUR", "1299.5"),
    ],
)
def test_money_reads_decimal_commas_where_told(value: str, amount: str) -> None:
    assert money(value, decimal=",", currency="EUR") == Decimal(amount)


@pytest.mark.parametrize(
    "value",
    ["€2.49", "2.49 EUR", "2.49EUR", "2.49 eur/h", "£2.49", "C$2.49", "A$ 2.49", "$2.49 CAD", "₹210", "Rs. 210"],
)
def test_money_refuses_another_currency(value: str) -> None:
    with pytest.raises(ValueError, match="is not a price in USD"):
        money(value)


@pytest.mark.parametrize("value", ["₹1,80,000/month", "Rs. 1,80,000", "INR 180,000", "180000"])
def test_money_reads_rupees_in_groups_of_two(value: str) -> None:
    assert money(value, currency="INR") == 180_000


@given(st.decimals(min_value="0.000001", max_value=10**7, places=6))
def test_money_reads_back_what_was_written(amount: Decimal) -> None:
    assert money(f"${amount:,.6f}/hr") == amount
    assert money(f"{amount:f}") == amount
    assert money(amount) == amount


@given(st.text(max_size=40))
def test_money_of_any_text_is_positive_or_none_or_refused(text: str) -> None:
    try:
        amount = money(text)
    except ValueError as error:
        assert "is not a price" in str(error)  # noqa: PT017 (either is right)
    else:
        assert amount is None or amount > 0


def test_cents_are_hundredths() -> None:
    assert cents(249) == Decimal("2.49")
    assert cents("") is None


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("8x", 8),
        ("x8", 8),
        ("8 x", 8),
        (8, 8),
        ("8", 8),
        ("8.0", 8),
        ("4^1", 4),
        ("1,024", 1024),
        (Decimal("8E+1"), 80),
        ("8e1", 80),
        (8e1, 80),
        ("", None),
        ("-", None),
        (None, None),
    ],
)
def test_count_reads_whole_numbers(value: Any, number: int | None) -> None:
    assert count(value) == number


@pytest.mark.parametrize("value", [*BEYOND, "eight", "-8", -8, 8.5, "0.5", True, "1,5", [8], {"a": 8}, 1e-5])
def test_count_refuses_what_is_no_count(value: Any) -> None:
    with pytest.raises(ValueError, match="is not a count"):
        count(value)


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ("80 GB", "80"),
        ("81920MB", "80"),
        ("1.5TB", "1536"),
        ("24Gi", "24"),
        ("80GB HBM3", "80"),
        ("H100 80GB", "80"),
        ("1,024 GB", "1024"),
        ("80", "80"),
        ("80^1", "80"),
        (80.5, "80.5"),
        (Decimal("8E+1"), "80"),
        ("8E+1", "80"),
    ],
)
def test_memory_is_in_gb(value: Any, size: str) -> None:
    assert memory_gb(value) == Decimal(size)


@pytest.mark.parametrize("value", [*BEYOND, "-80", -80, "eighty", "H100", "80 gigs", "9" * 99 + "GB", True, [80]])
def test_memory_refuses_what_is_no_size(value: Any) -> None:
    with pytest.raises(ValueError, match="is not a memory size"):
        memory_gb(value)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("rent an RTX 4090 or NVIDIA H100 SXM5 80 GB", ["RTX 4090", "NVIDIA H100 SXM5"]),
        ("Deploy RTX PRO 6000 Blackwell today", ["RTX PRO 6000 Blackwell"]),
        ("RTX A6000, RTX 6000 Ada, RTX 4070 Ti Super", ["RTX A6000", "RTX 6000 Ada", "RTX 4070 Ti Super"]),
        ("NVIDIA GB300 NVL72 and AMD MI300X", ["NVIDIA GB300 NVL72", "AMD MI300X"]),
        ("Tesla V100 SXM2, HGX B200, L40S, T4, A10G", ["Tesla V100 SXM2", "HGX B200", "L40S", "T4", "A10G"]),
        ("24 GB RAM for $0.35 in 2026, 8 vCPUs, EPYC 9554P", []),
    ],
)
def test_gpu_names_are_found_in_running_text(text: str, names: list[str]) -> None:
    assert re.findall(GPU_NAME, text) == names


@pytest.mark.parametrize(
    ("said", "status"),
    [
        *[(said, "available") for said in (3, "1", True, "true", "High", "IN_STOCK", "Available", ["us"], {"us": 1})],
        (Decimal("1E+1"), "available"),
        *[(said, "sold_out") for said in (0, "0", "0.0", False, "None", "out-of-stock", "Sold out", [], {}, "NO")],
        *[(said, "limited") for said in ("low", "Limited")],
        *[(said, None) for said in (None, "", "soon", "ask", "highest")],
    ],
)
def test_availability_is_a_count_a_flag_a_word_or_a_list_of_places(said: Any, status: str | None) -> None:
    assert availability(said) == status


def test_a_negative_count_is_no_availability() -> None:
    with pytest.raises(ValueError, match="-1"):
        availability(-1)


@pytest.mark.parametrize(
    ("machine", "tells"),
    [
        *[(name, True) for name in ("h100-380", "L40S-2-48G", "gpu_8x_a100", "H100-SXM-2-80G", "l4-90", "rtx5000-28")],
        *[(name, True) for name in ("epyc-genoa-a100-pcie", "g3-h100-small", "B300-SXM-8-288G", "server_plan_GPU-8x")],
        *[(name, False) for name in ("b3-8", "t1-45", "PRO2-XS", "c3-large-x86", "C7", "nano", "COPARM1-4C-16G", "l2")],
    ],
)
def test_a_machines_name_may_tell_that_it_has_gpus(machine: str, tells: bool) -> None:
    assert names_gpu(machine) == tells
