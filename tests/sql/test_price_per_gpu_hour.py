"""The price per GPU-hour: before storing, after it, and as shown, it is one figure."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.formats import money
from scrapers.price_per_gpu_hour import HOURS_PER_MONTH, price_per_gpu_hour
from tests.sql.samples import one

pytestmark = pytest.mark.postgres
AMOUNTS = st.decimals(min_value="0.0001", max_value="99999.9999", places=4)
SHARES = st.decimals(min_value="0.0001", max_value=1, places=4)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(price=AMOUNTS, count=st.integers(1, 32767), share=SHARES)
def test_python_and_sql_agree(connection, price, count, share):
    before = price_per_gpu_hour(price, count, share)
    after = one(connection, "select price_per_gpu_hour(%s, %s, %s)", price, count, share)
    assert abs(before - after) <= before * Decimal("1e-15")
    assert money(before) == money(after)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(month=st.decimals(min_value="0.01", max_value="999999.99", places=2), count=st.integers(1, 512))
def test_a_month_counts_as_many_hours_in_both(connection, month, count):
    before = price_per_gpu_hour(month / HOURS_PER_MONTH, count, Decimal(1))
    after = one(connection, "select price_per_gpu_hour(%s / hours_per_month(), %s, 1)", month, count)
    assert money(before) == money(after)


def test_nothing_is_rounded_before_it_is_shown(connection):
    figure = one(connection, "select price_per_gpu_hour(34.5996, 8, 1)")
    assert figure == Decimal("4.32495")  # at four places it would be 4.3250, and so 4.33 on the page
    assert money(figure) == "$4.32"


def test_a_price_that_is_missing_stays_so(connection):
    assert one(connection, "select price_per_gpu_hour(null, 8, 1)") is None
