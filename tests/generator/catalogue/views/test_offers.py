from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.catalogue.views.offers import gpu_sections, provider_sections, unstated_sections
from tests.generator.catalogues import AS_OF, HOSTILE, catalogue, gpu, offer, provider

REGIONS = [
    offer("a", "ash", 4, 1, region="east", instance_type="x"),
    offer("a", "ash", 3, 2, region="west", instance_type="x"),
    offer("a", "ash", 5, None, region="north", instance_type="x"),
]


def lines(*rows, anchor="on-demand"):
    return {section.anchor: section.lines for section in gpu_sections(catalogue(*rows), "a")}.get(anchor, ())


def test_regions_of_other_prices_have_lines_of_their_own_the_cheapest_first():
    found = [(line.regions, line.price_per_gpu_hour) for line in lines(*REGIONS)]
    assert found == [(("west",), 3), (("east",), 4), (("north",), 5)]
    spot = [(line.regions, line.price_per_gpu_hour_spot) for line in lines(*REGIONS, anchor="spot")]
    assert spot == [(("east",), 1), (("west",), 2)]


def test_regions_of_one_price_share_a_line_where_their_stock_is_the_same():
    (line,) = lines(*(offer("a", "ash", 2, region=region) for region in ("b", "a")))
    assert line.regions == ("a", "b")
    stock = lines(offer("a", "ash", 2, region="a"), offer("a", "ash", 2, region="b", availability_stated=True))
    assert [(line.regions, line.availability_stated) for line in stock] == [(("a",), False), (("b",), True)]


def test_an_offer_for_several_regions_at_one_price_names_them():
    (line,) = lines(offer("a", "ash", 2, available_regions=["eu", "us", "ap"]))
    assert line.regions == ("eu", "us", "ap")


def test_a_providers_lines_are_a_group_under_its_cheapest_and_what_all_share_is_said_once():
    sizes = [offer("a", "ash", 8 * per, gpu_count=8, instance_type=f"8x{per}") for per in (5, 3)]
    (section,) = gpu_sections(catalogue(*sizes, offer("a", "elm", 4)), "a")
    assert [[line.price_per_gpu_hour for line in group] for group in section.groups] == [[3, 5], [4]]
    assert (section.read.day, section.read.is_recorded) == (section.lines[0].confirmed_at, False)
    assert section.shared_flags == ()
    waits = {"availability_status": "waitlist"}
    (waiting,) = gpu_sections(catalogue(*(offer("a", "ash", n, instance_type=f"{n}", **waits) for n in (1, 2))), "a")
    assert waiting.shared_flags == waiting.also_shared == ("waiting list",)
    (lone,) = gpu_sections(catalogue(offer("a", "ash", 1, **waits)), "a")
    assert (lone.read, lone.shared_flags) == (None, ())


def test_a_provider_s_lines_are_grouped_by_gpu():
    offers = [offer("a", "ash", 3), offer("b", "ash", 2), offer("a", "ash", 1, instance_type="b")]
    (section,) = provider_sections(catalogue(*offers), "ash")
    assert [[(line.gpu.text, line.price_per_gpu_hour) for line in group] for group in section.groups] == [
        [("a", 1), ("a", 3)], [("b", 2)],
    ]  # fmt: skip
    assert section.each == tuple((line,) for line in section.lines)


def test_when_most_lines_were_read_is_said_and_not_twice_why_they_do_not_rank():
    old = {"freshness": "aging", "is_recorded": True, "price_basis": "bundle"}
    earlier = AS_OF - timedelta(days=40)
    stale = [offer("a", name, 2, last_confirmed_at=earlier, **old) for name in ("ash", "elm", "fir")]
    (section,) = gpu_sections(catalogue(*stale), "a")
    assert (section.read.day.date(), *section.read[1:]) == (earlier.date(), True, True)
    assert section.shared_flags == ("bundle", "recorded long ago")
    assert section.also_shared == ("bundle",)
    (mixed,) = gpu_sections(catalogue(*stale, offer("a", "oak", 2)), "a")
    assert (mixed.read, mixed.shared_flags) == (section.read, ())


def test_a_price_lies_on_its_markets_scale_and_an_unranked_one_beyond_it_at_the_end():
    known = [offer("a", "ash", 1), offer("a", "elm", 2), offer("a", "fir", 5)]
    beyond = offer("a", "oak", 9, availability_status="sold_out")
    assert [line.scale for line in lines(*known, beyond)] == [
        (0, Decimal("0.25")),
        (Decimal("0.25"),) * 2,
        (1, Decimal("0.25")),
        (1, Decimal("0.25")),
    ]
    assert [line.scale for line in lines(offer("a", "ash", 1))] == [None]


def test_a_region_that_does_not_rank_is_never_combined_with_one_that_does():
    on_sale, waiting = lines(
        offer("a", "ash", 3, region="east"), offer("a", "ash", 1, region="west", availability_status="waitlist")
    )
    assert (on_sale.price_per_gpu_hour, on_sale.regions, on_sale.flags) == (3, ("east",), ())
    assert (waiting.price_per_gpu_hour, waiting.flags) == (1, ("waiting list",))


def test_offers_that_do_not_rank_come_last_and_say_why():
    found = lines(
        offer("a", "elm", 1, freshness="aging"), offer("a", "fir", 2, price_basis="gpu_only"),
        offer("a", "oak", 3, gpu_share=Decimal("0.125")), offer("a", "yew", 4, is_recorded=True, is_ranked=False),
        offer("a", "ash", 9),
    )  # fmt: skip
    assert [line.provider.text for line in found] == ["Ash", "Elm", "Fir", "Yew", "Oak"]
    assert [line.flags[0] for line in found[1:]] == [
        "not confirmed recently", "GPU only: host billed separately", "recorded earlier", "share of a GPU",
    ]  # fmt: skip
    assert (found[-1].count, found[-1].price_per_gpu_hour) == ("1/8", 24)


def test_sold_out_offers_come_after_available_ones_with_their_price():
    sold_out = offer("a", "elm", 1, availability_status="sold_out", availability_stated=True)
    to_be_had, gone = lines(offer("a", "ash", 3), sold_out)
    assert (to_be_had.provider.text, to_be_had.flags) == ("Ash", ())
    assert (gone.price_per_gpu_hour, gone.availability, gone.flags) == (1, "sold_out", ("sold out",))


def test_a_resellers_offer_names_the_cloud_and_where_it_is_counted():
    resold = offer("a", "elm", 2, 1, upstream="ash", outvoted_as=["on_demand"])
    ash, elm = lines(resold, offer("a", "ash", 3))
    assert (ash.upstream, elm.upstream, elm.flags) == ("", "Ash", ("counted at Ash",))
    (spot,) = lines(resold, offer("a", "ash", 3), anchor="spot")
    assert (spot.upstream, spot.flags) == ("Ash", ())


def test_a_price_per_gpu_is_no_machine_of_one():
    (line,) = lines(offer("a", "ash", 2, size_stated=False))
    assert (line.count, line.price_per_gpu_hour, line.price_per_hour, line.flags) == ("", 2, None, ())


@pytest.mark.parametrize(("recorded", "read_at"), [(True, "https://code.example/x"), (False, "https://api.example/")])
def test_the_source_of_a_recorded_price_is_the_collection_that_has_it(recorded, read_at):
    addresses = {"source_url": "https://api.example/", "origin_url": "https://code.example/x"}
    (line,) = lines(offer("a", "ash", 2, is_recorded=recorded, **addresses))
    assert line.evidence_url == read_at


@given(
    st.sampled_from(["complete", "gpu_only", "bundle"]), st.sampled_from(["fresh", "aging"]), st.booleans(),
    st.sampled_from(["available", "limited", "waitlist", "sold_out", "contact_sales", "deprecated"]),
    st.sampled_from([1, Decimal("0.5")]), st.booleans(),
)  # fmt: skip
def test_an_offer_bears_a_flag_exactly_when_it_does_not_rank(basis, freshness, recorded, availability, share, depin):
    one = offer(
        "a", "ash", 2, price_basis=basis, freshness=freshness, availability_status=availability, gpu_share=share
    )
    one = one._replace(is_recorded=recorded, is_ranked=one.is_ranked and not depin)
    (line,) = lines(one)
    assert bool(line.flags) is not one.is_ranked


def test_prices_are_per_gpu_and_hour_whatever_the_unit_of_the_offer():
    (line,) = lines(offer("a", "ash", 20, gpu_count=8, price_per_month=Decimal(5840)))
    assert (line.price_per_gpu_hour, line.price_per_hour, line.price_per_gpu_hour_monthly) == (Decimal("2.5"), 20, 1)


def test_each_price_stands_in_the_section_of_its_kind():
    spot, reserved = offer("a", "ash", None, 1), offer("a", "elm", None, price_per_hour_reserved_3y=Decimal(1))
    assert [section.anchor for section in gpu_sections(catalogue(spot, reserved), "a")] == ["spot", "reserved"]


def flood(provider_slug, number, **others):
    one = offer("a", provider_slug, 1, **others)
    return [one._replace(instance_type=f"x{n}", price_per_gpu_hour=1 + Decimal(n) / 1000) for n in range(number)]


def test_a_flood_of_one_provider_leaves_the_others_on_the_page_and_all_are_counted():
    others = [offer("a", name, 9) for name in ("elm", "fir", "oak")]
    (section,) = gpu_sections(catalogue(*flood("ash", 4000), *others), "a")
    order = "each provider’s cheapest, then each machine’s, then the cheapest of all"
    assert section.counted == f"{len(section.lines)} of 4,003 rows ({order})"
    assert 100 < len(section.lines) < 220
    assert [line.provider.text for line in section.lines[-3:]] == ["Elm", "Fir", "Oak"]
    assert [line.instance_type for line in section.lines[:3]] == ["x0", "x1", "x2"]


def test_a_long_table_leaves_room_for_the_short_ones():
    spot = [offer("a", "elm", None, 1 + n, instance_type=f"s{n}") for n in range(9)]
    on_demand, spot = gpu_sections(catalogue(*flood("ash", 4000), *spot), "a")
    assert (spot.counted, on_demand.counted.startswith(f"{len(on_demand.lines)} of 4,000 rows")) == ("9 rows", True)


def test_a_provider_with_more_gpus_than_fit_shows_one_offer_each():
    (section,) = provider_sections(catalogue(*(offer(f"g{n:03}", "ash", 1 + n) for n in range(200))), "ash")
    assert section.counted == f"{len(section.lines)} of 200 rows (one for each of {len(section.lines)} GPUs)"


def test_what_does_not_rank_makes_way_for_what_does():
    gone = flood("ash", 200, availability_status="sold_out", availability_stated=True)
    (section,) = gpu_sections(catalogue(*flood("elm", 200), *gone), "a")
    assert [line.provider.text for line in section.lines if line.flags] == ["Ash"]


def test_an_offer_without_any_price_has_no_row():
    priceless = offer("a", "ash", availability_status="contact_sales")
    assert gpu_sections(catalogue(priceless), "a") == ()
    assert unstated_sections(catalogue(priceless), "a") == ()


def test_offers_of_a_bare_chip_have_a_table_for_each_pricing_type_that_opens_when_asked():
    offers = (
        offer("h100", "ash", None, "0.1"),
        offer("h100", "elm", 3, 1),
        offer("h100", "fir", None, price_per_hour_reserved_1y=Decimal(2)),
    )
    sections = unstated_sections(catalogue(gpu("h100", kind="chip"), *offers), "h100")
    assert [(section.column, [line.provider.text for line in section.lines]) for section in sections] == [
        ("on_demand", ["Elm"]), ("spot", ["Ash", "Elm"]), ("reserved", ["Fir"]),
    ]  # fmt: skip
    assert len({section.anchor for section in sections} | {section.title for section in sections}) == 6
    assert all(section.is_aside for section in sections)
    assert not any(section.is_aside for section in gpu_sections(catalogue(offer("a", "ash", 2)), "a"))


def test_a_confirmation_has_the_grain_of_a_day():
    (line,) = lines(offer("a", "ash", 2, last_confirmed_at=AS_OF - timedelta(hours=1)))
    assert line.confirmed_at.isoformat() == "2026-08-22T00:00:00+00:00"


def test_an_original_amount_is_shown_for_other_currencies_only():
    euro, dollar = lines(
        offer("a", "ash", 2, currency="EUR", original_price_per_hour=Decimal("1.7000")),
        offer("a", "elm", 3, original_price_per_hour=Decimal(3)),
    )
    assert (euro.original, dollar.original) == ("EUR 1.7", "")


def test_a_machine_s_hour_costs_what_the_table_is_of():
    euros = {"currency": "EUR", "original_price_per_hour": Decimal(7), "original_price_per_hour_spot": Decimal(3)}
    both = offer("a", "ash", 8, 4, gpu_count=8, price_per_hour_reserved_1y=Decimal(6), **euros)
    tables = gpu_sections(catalogue(both), "a")
    assert [(section.anchor, line.price_per_hour, line.original) for section in tables for line in section.lines] == [
        ("on-demand", 8, "EUR 7"), ("spot", 4, "EUR 3"), ("reserved", None, ""),
    ]  # fmt: skip


def test_filters_are_told_a_price_of_more_digits_than_are_shown_and_that_one_is_not_ranked():
    odd = offer("a", "ash", "2.345", "1.005", price_per_hour_reserved_1y=Decimal("1.999"))
    (line,), (spot,), (reserved,) = (lines(odd, anchor=anchor) for anchor in ("on-demand", "spot", "reserved"))
    assert [one.traits.split()[-1] for one in (line, spot, reserved)] == ["p=2.345", "p=1.005", "vram=80"]
    gone = lines(offer("a", "ash", "2.50", availability_status="sold_out"))
    assert [one.traits.split()[-1] for one in gone] == ["rank=no"]
    bare = lines(offer("a", "ash", "2.345", size_stated=False), gpu("a", vram_gb=None))
    assert [one.traits for one in bare] == ["p=2.345"]


def test_an_offer_in_several_regions_is_in_the_places_of_all():
    (line,) = lines(
        offer("a", "ash", 2, region="fi-1", places=["Europe", "FI"]),
        offer("a", "ash", 2, region="us-1", places=["North America", "US"]),
    )
    assert line.regions == ("fi-1", "us-1")
    assert line.traits.split()[1:5] == ["at=Europe", "at=FI", "at=North-America", "at=US"]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "../../etc", ""])
def test_only_addresses_of_the_web_become_links(address):
    (line,) = lines(offer("a", "ash", 2, instance_url=address, source_url=address))
    assert line.evidence_url is None
    assert line.out_url in (None, "https://ash.example")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_providers_words_are_kept_as_they_are(text):
    (line,) = lines(offer("a", "ash", 2, instance_type=text, region=text))
    assert (line.instance_type, line.regions) == (text, (text,))


def test_an_affiliate_address_is_marked_as_sponsored():
    (line,) = lines(offer("a", "ash", 2), provider("ash", affiliate_url="https://ash.example/?ref=1"))
    assert (line.out_url, line.out_rel) == ("https://ash.example/?ref=1", "nofollow sponsored")
