import re
from decimal import Decimal
from typing import Any

import pytest

from scrapers.offer import Unreadable
from scrapers.prices_in_text import cards, price_after, segments


def prices(text: str, **how: Any) -> dict[str, str]:
    """The price of each card by its name, or why it can't be read; cards without a price are left out."""
    found = cards(text, **({"currency": "USD", "per": "hour"} | how))
    return {card.name: str(card.price) for card in found if card.price is not None}


def test_a_price_belongs_to_the_name_before_it() -> None:
    text = "NOW NVIDIA GB200 from $8.00 /GPU-hour NOW NVIDIA H100 GPU from $2 /GPU-hour"
    assert prices(text) == {"NVIDIA GB200": "8.00", "NVIDIA H100": "2"}


def test_the_end_of_a_price_is_no_count_of_the_next_name() -> None:
    assert prices("H100 $3.20/hr x 2x L40S $1.56/hr") == {"H100": "3.20", "2x L40S": "1.56"}
    assert prices("per hour H100 $3.20 x L40S $1.56", unit_above=True) == {"H100": "3.20", "L40S": "1.56"}


@pytest.mark.parametrize(
    "price", ["$2.49/hr", "$2.49 / GPU / hour", "$ 2.49 /GPU/hr", "$2.49 per GPU hour", "$2.49 an hour", "$2.49/h"]
)
def test_units_are_written_in_many_ways(price: str) -> None:
    assert prices(f"H100 {price}") == {"H100": "2.49"}


@pytest.mark.parametrize("price", ["$1,440/month", "$2.49", "$0.07/min", "$3 / 1M tokens"])
def test_prices_in_other_units_are_not_read(price: str) -> None:
    assert prices(f"H100 {price}") == {}


@pytest.mark.parametrize("price", ["$2.4.9/hr", "$abc/hr", "$-2.49/hr", "$NaN /hr"])
def test_other_text_in_place_of_a_price_is_an_error(price: str) -> None:
    assert "is not a price" in prices(f"H100 {price}")["H100"]


@pytest.mark.parametrize("price", ["€2.49", "C$2.49", "-$2.49", "2.49 EUR"])
def test_a_price_in_another_currency_is_an_error(price: str) -> None:
    assert "is not a price in USD" in prices(f"H100 {price}/hr")["H100"]


@pytest.mark.parametrize("price", ["US$2.49", "US$ 2.49", "USD 2.49", "2.49 USD", "2.49USD", "2.49 $", "2.49 US$"])
def test_dollars_may_be_called_american(price: str) -> None:
    assert prices(f"H100 {price}/hr") == {"H100": "2.49"}


def test_a_gpu_to_ask_for_takes_no_other_gpus_price() -> None:
    assert prices("GB300 Pre order /GPU-hour B200 Contact us H200 $2.60/hr") == {"H200": "2.60"}


def test_a_sentence_is_no_card() -> None:
    assert prices("Train on H100. From $2/hr you get more") == {}
    assert prices("B200 and more, as low as $1.89/hr for H100") == {}


def test_a_price_far_after_the_name_is_not_the_gpus() -> None:
    far = f"H100 {'word ' * 20}$2/hr"
    assert prices(far) == {}
    assert prices(far, within=200) == {"H100": "2"}


def test_memory_is_the_gpus_not_the_machines() -> None:
    [card] = cards("RTX 6000 Pro 6 vCPU 64 GB RAM 96GB $0.66/hr", "USD", "hour")
    assert (card.gpu, card.memory_gb) == ("RTX 6000 Pro", 96)


def test_a_number_before_the_name_counts_gpus() -> None:
    [card] = cards("8x H200 SXM 141 GB $18.32/hr", "USD", "hour")
    assert (card.name, card.gpu_count, card.price) == ("8x H200 SXM 141 GB", 8, Decimal("18.32"))


def test_a_unit_further_up_is_enough_if_asked() -> None:
    text = "GPU Price per minute T4 16 GiB VRAM $0.01052 H100 80 GiB VRAM $0.10833 Disk $0.2 / GB"
    assert prices(text, per="minute") == {}
    assert prices(text, per="minute", unit_above=True) == {"T4 16 GB": "0.01052", "H100 80 GB": "0.10833"}


def test_a_unit_below_is_not_above() -> None:
    assert prices("T4 $0.73 L4 $1.05 All prices per hour", unit_above=True) == {}


def test_a_price_with_its_own_unit_keeps_it_whatever_stands_above() -> None:
    assert prices("Hourly GPU prices: H100 $1,440/month H200 $2.60", unit_above=True) == {"H200": "2.60"}


def test_other_currencies_have_their_signs() -> None:
    assert prices("H100 ₹219/hr A100 Rs. 1,200.50 per hour", currency="INR") == {"H100": "219", "A100": "1200.50"}
    assert prices("A100 (40GB) $.000555/s", per="second") == {"A100 40 GB": "0.000555"}


def test_an_hour_in_a_sentence_is_no_heading() -> None:
    assert prices("Up and running in an hour! H100 $1,440", unit_above=True) == {}


def test_a_gpu_without_a_price_is_a_card_without_one() -> None:
    assert [(card.name, card.price) for card in cards("B200 Contact us H200 $2.60/hr", "USD", "hour")] == [
        ("B200", None),
        ("H200", Decimal("2.60")),
    ]


@pytest.mark.parametrize(
    "words",
    [
        "was $3.36/hr now $2.69/hr",
        "$2.69/hr (was $3.36)",
        "$2.69/hr instead of $3.36/hr",
        "list price $3.36/hr, $2.69/hr",
        "$2.69/hr, save $0.67/hr",
        "$2.69/hr Reserved from $1.99/hr",
        "Spot $1.20/hr On-demand $2.69/hr",
        "$2.69/hr $1,963.70",
        "$2.69/hr\t$3.36/hr",
        "$2.69/hr $0.000747/sec",
        "was $3.36/hr, 20% off: $2.69/hr",
        "$2.69/hr, up to 40% off when reserved",
        "list price $2.69/hr",
        "$1.99/hr reserved, $2.69/hr on demand",
        "$1.99/hr (1 year) $2.69/hr",
        "$2.69 USD/hr, 20% cheaper than elsewhere",
    ],
)
def test_of_several_prices_the_one_on_demand_today_is_read(words: str) -> None:
    assert price_after(words) == Decimal("2.69")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("$3.36/hr $2.69/hr", "two prices, '$3.36' and '$2.69'; no word says which holds"),
        ("$3.36 $2.69/hr", "two prices"),
        ("Sale $2.69 Reg. $3.36/hr", "two prices"),
        ("$3.36/hr → $2.69/hr", "two prices"),
        ("$3.36/hr 20% off", "'20% off' beside '$3.36', and no word whether that is before or after it"),
        ("save 20% $3.36/hr", "'save 20%' beside"),
        ("was $3.36/hr", "'$3.36' is an old price, and no new one stands beside it"),
        ("was $3.36/hr\t$2.69/hr", "is an old price"),
        ("$2 69 /hr", "'$2 69' is not a price in USD"),
        ("$2.69k/hr", "is not a price in USD"),
        ("$3.36/hr (-20%)", "'-20%' beside"),
        ("$2.69 CAD/hr", "'$2.69 CAD' is not a price in USD"),
        ("$2|69/hr", "is not a price in USD"),
    ],
)
def test_a_price_that_may_be_an_old_one_is_refused(words: str, problem: str) -> None:
    with pytest.raises(Unreadable, match=re.escape(problem)):
        price_after(words)


@pytest.mark.parametrize("cell", ["", "-", "—", "N/A", "Contact us", "Sold out", "Reserved only"])
def test_a_price_after_an_empty_cell_is_of_another_column(cell: str) -> None:
    assert price_after(f"\t80 GB\t{cell}\t$1,963", bare=True) is None
    assert price_after(f"\tHopper\t80 GB\t$2.69\t{cell}\t$1,963", bare=True) == Decimal("2.69")


def test_a_sign_without_its_number_is_no_price() -> None:
    with pytest.raises(Unreadable, match=r"'\$' is not a price in USD"):
        price_after("\t80 GB\t$\t$1,963", bare=True)


def test_other_kinds_of_price_alone_are_none() -> None:
    assert price_after("Spot $1.20/hr") is None
    assert price_after("Reserved from $1.99/hr, 1 year $1.80/hr") is None


def test_a_page_without_a_gpu_has_no_segments() -> None:
    assert [*segments(re.compile("H100"), "Down for maintenance")] == []
