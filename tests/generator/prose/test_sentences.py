from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from generator.catalogue.views.availability import availability_of_gpu, availability_of_provider
from generator.catalogue.views.gpus import gpu_line, stat_lines
from generator.catalogue.views.providers import provider_line
from generator.model.blocks import HeldBack, Link, SharedPrice
from generator.prose import sentences
from generator.prose.markdown import to_html
from tests.generator.catalogues import HOSTILE, catalogue, offer, watched

PRICES = st.decimals("0.01", "99.99", places=2)


def line(*offers, slug="a"):
    return gpu_line(catalogue(*offers), slug)


def shown(markdown):
    return html.fromstring(to_html(markdown)).text_content().strip()


def test_an_answer_names_the_floor_and_its_provider_and_more_the_number_of_sellers_and_spot():
    gpu = line(offer("a", "ash", 2, "0.5"), offer("a", "elm", 3), offer("a", "fir", 9))
    answer = sentences.gpu_answer(gpu)
    assert shown(answer) == "The NVIDIA a rents from $2.00 per GPU-hour on demand at Ash."
    assert "[Ash](/provider/ash/)" in answer
    assert sentences.gpu_more(gpu) == "3 providers have a ranked on-demand price. Spot starts at $0.50."


def test_a_gpu_with_one_provider_says_so():
    assert sentences.gpu_more(line(offer("a", "ash", 2))) == "No other provider has a ranked on-demand price."


def test_an_answer_without_an_on_demand_price_says_so_whatever_else_is_sold():
    spot = line(offer("a", "ash", None, 1, price_per_hour_reserved_1y=Decimal(3)))
    assert shown(sentences.gpu_answer(spot)) == "No provider here offers the NVIDIA a on demand at a ranked price."
    assert sentences.gpu_more(spot) == "Spot starts at $1.00."
    aging = line(offer("a", "ash", 2, freshness="aging"))
    assert shown(sentences.gpu_answer(aging)).endswith("at a ranked price.")


def spread(*prices):
    known = catalogue(*(offer("a", f"p{number}", price) for number, price in enumerate(prices)))
    return sentences.market(stat_lines(known, "a"))


def test_the_market_is_described_from_three_providers_on():
    assert spread(1, 2) == ""
    assert spread(1, 2, 3) == (
        "Across 3 providers, each counted once with its cheapest offer, prices range from $1.00 to $3.00 "
        "(3.0 times as much); the middle half is between $1.50 and $2.50."
    )


def test_a_market_of_equal_prices_has_no_spread():
    assert spread(2, 2, 2).endswith("cheapest offer, the price is the same, $2.00.")
    assert "times" not in spread("2.00", "2.02", "2.05")


def test_a_chips_variants_are_named_only_where_there_are_two():
    chip, (one, two) = Link("H100", "/gpu/h100/"), (line(offer(slug, "ash", 1), slug=slug) for slug in ("a", "b"))
    assert shown(sentences.unstated(chip, [one, two])) == (
        "“H100” alone does not say which card it is: a and b differ in speed, memory or price."
    )
    assert shown(sentences.unstated(chip, [one])) == "“H100” alone does not say which card it is."


def test_a_provider_without_prices_is_described_without_a_figure():
    known = catalogue(offer("a", "ash", 2))
    empty = replace(provider_line(known, "ash"), gpus_n=0, offers_n=0, floor=None)
    assert (
        shown(sentences.provider_answer(empty, None, ""))
        == "Ash is a GPU cloud. None of its prices is listed here yet."
    )


def test_a_provider_is_described_by_its_offers_its_floor_and_its_position():
    others = [offer(slug, other, 2) for slug in "abcd" for other in ("elm", "fir")]
    known = catalogue(*(offer(slug, "ash", 1) for slug in "abcd"), *others)
    first, more = sentences.provider_answer(provider_line(known, "ash"), gpu_line(known, "a"), "It leads.").split(
        "\n\n"
    )
    assert shown(first) == "Ash rents out GPUs from $1.00 per GPU-hour on demand (a)."
    assert shown(more) == (
        "It is a GPU cloud, listed here with 4 GPU models in 4 offers. Like for like, "
        "it charges 50% less on demand than other sellers: the median over 4 GPUs, each "
        "against the median of at least two others in machines of the same size. It leads."
    )


@pytest.mark.parametrize(
    ("position", "words"),
    [("1.004", "charges the same"), ("1.005", "1% more"), ("0.99", "1% less"), ("2.48", "148% more")],
)
def test_a_position_is_said_in_whole_per_cents_and_never_as_zero(position, words):
    known = provider_line(catalogue(offer("a", "ash", 1)), "ash")
    assert words in sentences.position(replace(known, position=Decimal(position)))


def verdict(ratio, sellers=13):
    gpus = line(offer("a", "ash", 2)), line(offer("b", "ash", 3), slug="b")
    return shown(sentences.gpu_verdict(*gpus, None if ratio is None else Decimal(ratio), sellers)).replace("<br>", "")


def test_a_verdict_is_of_the_providers_that_rent_out_both():
    assert verdict("1.17").split("\n") == [
        "At the 13 providers that rent out both, the NVIDIA b costs 17% more per GPU-hour on demand than the NVIDIA a "
        "(median, same number of GPUs).",
        "It is cheaper per unit of work only if it is more than about 1.17 times as fast.",
    ]
    assert "the NVIDIA a costs 25% more" in verdict("0.8")


def test_a_difference_of_no_whole_per_cent_is_hardly_one():
    assert "costs hardly more per GPU-hour" in verdict("1.004")


def test_too_few_providers_for_a_figure_are_said_to_be():
    assert verdict(None, 2).startswith(
        "2 providers rent out both on demand in machines of the same size, too few for a single figure: "
    )
    assert verdict(None, 0).startswith("Across all sellers")


def test_a_market_needs_both_prices():
    priceless = line(offer("b", "ash", None, 1), slug="b")
    assert sentences.gpu_verdict(line(offer("a", "ash", 1)), priceless, None, 0) == ""


@given(st.decimals("0.01", "100", places=4))
def test_no_verdict_says_zero_per_cent_or_one_time(ratio):
    assert not {" 0%", "about 1.00 times"} & {part for part in (" 0%", "about 1.00 times") if part in verdict(ratio)}


def provider_verdict(*cheaper):
    known = catalogue(offer("a", "ash", 1), offer("a", "elm", 2))
    prices = [SharedPrice(Link("x", "/"), 1, Decimal(1), 1, Decimal(1), side, Decimal(0)) for side in cheaper]
    return shown(
        sentences.provider_verdict(provider_line(known, "ash"), provider_line(known, "elm"), prices) or "<i></i>"
    )


def test_gpus_in_different_numbers_are_counted_apart():
    apart = SharedPrice(Link("x", "/"), 1, Decimal(1), 8, Decimal(2), "", Decimal(0))
    alike = apart._replace(b_count=1, cheaper="a")
    known = catalogue(offer("a", "ash", 1), offer("a", "elm", 2))
    both = provider_line(known, "ash"), provider_line(known, "elm")
    assert sentences.provider_verdict(*both, [apart]) == (
        "They rent out 1 of the same GPUs, but only in machines of different or unstated sizes."
    )
    assert sentences.provider_verdict(*both, [alike, apart]) == (
        "Ash is cheaper for the one GPU that both rent out on demand in machines of the same size.\n\n"
        "They rent out 1 more only in machines of different or unstated sizes."
    )


def test_a_verdict_says_where_neither_price_is_for_a_stated_number():
    known = catalogue(offer("a", "ash", 1), offer("a", "elm", 2))
    both = provider_line(known, "ash"), provider_line(known, "elm")
    unstated = SharedPrice(Link("x", "/"), 0, Decimal(1), 0, Decimal(2), "a", Decimal(1))
    assert sentences.provider_verdict(*both, [unstated]) == (
        "Ash is cheaper for the one GPU that both rent out on demand in machines of the same size, "
        "or both without stating one."
    )


@pytest.mark.parametrize(
    ("cheaper", "text"),
    [
        ("aab", "Ash is cheaper for 2 of the 3 GPUs BOTH, Elm for 1."),
        ("bbb", "Elm is cheaper for all of the 3 GPUs BOTH."),
        (["a", "b", ""], "Ash and Elm are each cheaper for 1 of the 3 GPUs BOTH, and 1 price is equal."),
        (["a", "", ""], "Ash is cheaper for 1 of the 3 GPUs BOTH, Elm for 0, and 2 prices are equal."),
        (["", "", ""], "Ash and Elm charge the same for the 3 GPUs BOTH."),
    ],
)
def test_a_verdict_on_providers_counts_every_shared_gpu_once(cheaper, text):
    assert provider_verdict(*cheaper) == text.replace(
        "BOTH", "that both rent out on demand in machines of the same size"
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_names_from_outside_are_shown_as_text_and_link_nowhere(name):
    gpu = replace(line(offer("a", "ash", 2)), name=name, short_name=name, floor_provider=Link(name, "/provider/x/"))
    provider = replace(provider_line(catalogue(offer("a", "ash", 1)), "ash"), name=name)
    said = (
        sentences.gpu_answer(gpu),
        sentences.provider_answer(provider, gpu, ""),
        sentences.unstated(Link(name, "/"), [gpu] * 2),
    )
    for text in said:
        page = html.fromstring(f"<div>{to_html(text)}</div>")
        assert {link.get("href") for link in page.iter("a")} <= {"/provider/x/", "/gpu/a/"}
        assert " ".join(name.split()) in page.text_content()
        assert not set(page.iter("img", "script", "h1", "em", "code"))


def test_what_is_held_back_is_counted_by_rule_with_whose_it_is():
    ash, elm = Link("Ash", "/provider/ash/"), Link("Elm", "/provider/elm/")
    said = sentences.held_back([HeldBack("outside", 2, (ash, elm)), HeldBack("not readable", 1, ())])
    assert shown(said) == "3 offers are held back: 2 outside (Ash and Elm) and 1 not readable. How this is decided."
    assert "[Elm](/provider/elm/)" in said
    assert shown(sentences.held_back([HeldBack("outside", 1, (ash,))])).startswith(
        "1 offer is held back: outside (Ash)."
    )
    assert sentences.held_back([]) == ""


def test_of_many_that_are_concerned_four_are_named():
    said = sentences.held_back([HeldBack("outside", 9, tuple(Link(name, "/") for name in "abcdefg"))])
    assert "outside (a, b, c, d and 3 more)" in shown(said)


SOLD = [offer("g0", f"p{n}", 1) for n in range(2)] + [offer("g1", "p0", 1)]


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ([1], "P0, the only provider here that states availability, had the g0 all the time."),
        (["0.5"], "P0, the only provider here that states availability, had the g0 50% of the time."),
        ([1, 1], "Of 2 providers that state availability, each had the g0 all the time."),
        (
            [1, "0.3"],
            "Of 2 providers that state availability, 1 had the g0 all the time; P1 had it least, 30% of the time.",
        ),
        (
            ["0.9", 0],
            "Of 2 providers that state availability, none had the g0 all the time; P1 never had it.",
        ),
    ],
)
def test_availability_of_a_gpu_in_words(shares, said):
    known = catalogue(*SOLD, *(watched("g0", f"p{n}", share) for n, share in enumerate(shares)))
    assert shown(sentences.gpu_availability(gpu_line(known, "g0"), availability_of_gpu(known, "g0"))) == said


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ([1], "P0 had the g0 all the time; for other GPUs this is not known."),
        (["0.9999"], "P0 had the g0 over 99% of the time; for other GPUs this is not known."),
        ([1, 1], "Of 2 GPUs whose availability P0 states, it had each all the time."),
        (
            ["0.9", "0.3"],
            "Of 2 GPUs whose availability P0 states, it had none all the time; the g1 was available least, 30% of the "
            "time.",
        ),
        ([1, 0], "Of 2 GPUs whose availability P0 states, it had 1 all the time; the g1 was never available."),
    ],
)
def test_availability_at_a_provider_in_words(shares, said):
    known = catalogue(*SOLD, *(watched(f"g{n}", "p0", share) for n, share in enumerate(shares)))
    found = availability_of_provider(known, "p0")
    assert shown(sentences.provider_availability(provider_line(known, "p0"), found)) == said
