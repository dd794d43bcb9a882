from decimal import Decimal

from generator.catalogue.views.places import (
    continent_of,
    countries_of,
    located,
    place_lines,
    region_links_of_gpu,
    region_links_of_provider,
    region_of,
    region_sections,
    region_slugs,
    silent_providers,
    site_lines,
)
from tests.generator.catalogues import catalogue, offer, placed, provider

FOUR = [offer("a", name, price) for price, name in enumerate(("ash", "elm", "fir", "oak"), 2)]


def test_a_region_is_a_country_or_continent_that_an_offer_states():
    known = catalogue(*FOUR, placed("a", "ash"), placed("a", "elm", country=None, continent="Asia"))
    assert region_slugs(known) == ("asia", "europe", "germany")
    assert (countries_of(known, "europe"), continent_of(known, "germany")) == (("germany",), "europe")


def test_a_country_is_called_as_readers_would_search_for_it():
    assert [region_of(slug).inside for slug in ("united-states", "south-korea", "russia")] == [
        "the United States",
        "South Korea",
        "Russia",
    ]


def test_a_continent_counts_what_is_in_its_countries():
    rows = [placed("a", "ash", offers_n=2), placed("a", "elm", country="FR"), placed("b", "elm", country=None)]
    known = catalogue(*FOUR, *rows)
    assert (located(known, "europe"), located(known, "france")) == ((4, 2), (1, 1))


def test_the_lowest_price_in_a_region_is_compared_with_the_worlds_median_of_the_same_gpu():
    known = catalogue(*FOUR, placed("a", "ash", 3), placed("a", "elm", "4.2"), placed("a", "elm", 5, "US"))
    (line,) = place_lines(known, "germany")
    assert (line.floor, line.provider.text, line.providers_n) == (3, "Ash", 2)
    assert (line.world_median, line.world_providers_n, line.against_world) == (Decimal("3.5"), 4, Decimal("0.8571"))


def test_a_median_of_three_providers_is_compared_with_nothing():
    (line,) = place_lines(catalogue(*FOUR[:3], placed("a", "ash", 3)), "germany")
    assert (line.world_median, line.against_world, line.world_providers_n) == (None, None, 3)


def test_what_does_not_rank_is_counted_and_in_no_table_of_prices():
    known = catalogue(*FOUR, placed("a", "ash"))
    assert (place_lines(known, "germany"), region_sections(known, "germany")) == ((), ())
    assert [(line.offers_n, line.ranked_n) for line in site_lines(known, "germany")] == [(1, 0)]


def test_where_a_company_is_and_where_its_machines_are_are_two_facts():
    known = catalogue(*FOUR, provider("ash", headquarters_country="USA"), placed("a", "ash", site="Frankfurt"))
    (line,) = site_lines(known, "germany")
    assert (line.home, line.sites) == ("United States", ("eu-1 (Frankfurt)",))


def test_the_offers_of_a_region_name_the_exact_site_and_the_source():
    row = placed("a", "ash", 3, site="Frankfurt", source_url="https://x.example/list")
    (section,) = region_sections(catalogue(*FOUR, row), "germany")
    assert [(line.regions, line.evidence_url) for line in section.lines] == [
        (("eu-1 (Frankfurt)",), "https://x.example/list")
    ]


def test_gpus_and_providers_link_to_where_their_offers_are():
    known = catalogue(*FOUR, placed("a", "ash"), placed("a", "elm", country="FR", offers_n=3))
    assert [link.text for link in region_links_of_gpu(known, "a")] == ["Europe", "France", "Germany"]
    assert [link.path for link in region_links_of_provider(known, "ash")] == ["/region/germany/", "/region/europe/"]


def test_providers_that_state_no_place_are_counted():
    assert silent_providers(catalogue(*FOUR, placed("a", "ash"))) == (3, 4)
