from decimal import Decimal
from typing import Any

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.parse import cents, count, memory_gb, money, text_of, words_of


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
        "9" * 10**6,
        "2,50",
        "1,5",
        "1.299,00",
        "2.49.1",
        "12,34,567",
        "TBD",
        True,
        [],
        {},
    ],
)
def test_money_does_not_guess(value: Any) -> None:
    with pytest.raises(ValueError, match="is not a price"):
        money(value)


@pytest.mark.parametrize(("value", "amount"), [("2,50 €", "2.5"), ("1.299,00 EUR", "1299"), ("€ 0,7875", "0.7875")])
def test_money_reads_decimal_commas_where_told(value: str, amount: str) -> None:
    assert money(value, decimal=",", currency="EUR") == Decimal(amount)


@pytest.mark.parametrize(
    "value", ["€2.49", "2.49 EUR", "2.49 eur/h", "£2.49", "C$2.49", "A$ 2.49", "$2.49 CAD", "₹210"]
)
def test_money_refuses_another_currency(value: str) -> None:
    with pytest.raises(ValueError, match="is not a price in USD"):
        money(value)


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
        ("1,024", 1024),
        ("", None),
        ("-", None),
        (None, None),
    ],
)
def test_count_reads_whole_numbers(value: Any, number: int | None) -> None:
    assert count(value) == number


@pytest.mark.parametrize("value", ["eight", "-8", -8, 8.5, "0.5", True, "1,5"])
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
        (80.5, "80.5"),
    ],
)
def test_memory_is_in_gb(value: Any, size: str) -> None:
    assert memory_gb(value) == Decimal(size)


@pytest.mark.parametrize("value", ["-80", "eighty", "H100", "80 gigs", True])
def test_memory_refuses_what_is_no_size(value: Any) -> None:
    with pytest.raises(ValueError, match="is not a memory size"):
        memory_gb(value)


def test_text_has_its_white_space_folded() -> None:
    cell = lxml.html.fragment_fromstring("<td> H100\n  <b>SXM</b> </td>")
    assert text_of(cell) == "H100 SXM"


def test_words_leave_scripts_and_styles_out() -> None:
    page = lxml.html.document_fromstring("<p>H100</p><script>no()</script><style>p{}</style><p>$2</p>")
    assert words_of(page) == "H100 $2"
