from importlib import import_module

import pycountry
import pytest

from scrapers.fact_files import fact_rows
from scrapers.offer import Offer
from scrapers.regions import Place, Regions, country_code, regions
from scrapers.run import providers
from tests.scrapers.providers.conftest import offers_of

# Codes on the recordings of which nobody says where they are.
NOT_KNOWN = {("sesterce", "AMS"), ("sesterce", "SYD2")}


def country(provider: str, region: str) -> str | None:
    place = regions().place(provider, region)
    return place.country if place else None


def codes_of(offers: list[Offer]) -> set[str]:
    return {code for offer in offers for code in (offer.region, *offer.available_regions) if code}


@pytest.mark.parametrize("slug", [module.PROVIDER.slug for module in providers()])
def test_every_region_on_the_recordings_is_known_or_listed_here(slug: str) -> None:
    unknown = {(slug, code) for code in codes_of(offers_of(slug)) if regions().place(slug, code) is None}
    assert unknown == {code for code in NOT_KNOWN if code[0] == slug}


def test_every_continent_is_of_a_country_and_every_country_has_one() -> None:
    assert regions().continents.keys() == {known.alpha_2 for known in pycountry.countries}


def test_every_region_is_from_a_list_with_source_and_day() -> None:
    lists = {row["list"]: row for row in fact_rows("region_lists.csv")}
    used = {row["list"] for row in fact_rows("regions.csv")}
    assert used == lists.keys()
    assert all(row["source"].startswith("https://") and row["checked_on"] > "2025" for row in lists.values())


def test_lists_have_all_the_regions_of_the_large_clouds() -> None:
    listed = [provider for provider, _ in regions().listed]
    counts = {slug: listed.count(slug) for slug in ("aws", "azure", "gcp", "oci", "akamai-linode")}
    assert counts == {"aws": 80, "azure": 72, "gcp": 43, "oci": 53, "akamai-linode": 34}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("us-east", "us-east-1"),
        ("us-west", "us-west-1"),
        ("eu-ireland", "eu-west-1"),
        ("apac-sin", "ap-southeast-1"),
        ("apac-syd", "ap-southeast-2"),
        ("apac-tokyo", "ap-northeast-1"),
        ("us-west-2-lax-1a", "us-west-2-lax-1"),
        ("us-east-1b", "us-east-1"),
        ("eu-west-1", "eu-west-1"),
        ("us-moon-1", "us-moon-1"),
    ],
)
def test_old_names_and_zones_of_aws_become_its_regions(old: str, new: str) -> None:
    assert regions().code("aws", old) == new


def test_every_old_name_is_of_a_region_that_is_listed() -> None:
    assert all((provider, new) in regions().listed for (provider, _), new in regions().old_names.items())


@pytest.mark.parametrize(
    ("provider", "region", "code"),
    [
        ("cudo", "no-kristiansand-1", "NO"),
        ("crusoe", "eu-iceland1-a", "IS"),
        ("datacrunch", "FIN-03", "FI"),
        ("hyperbolic", "uk-southeast-3", "GB"),
        ("hyperstack", "CANADA-1", "CA"),
        ("ibm", "eu-gb", "GB"),
        ("latitude-sh", "United Kingdom", "GB"),
        ("prime-intellect", "united_states", "US"),
        ("runpod", "EUR-IS-1", "IS"),
        ("runpod", "US-GA-1", "US"),
        ("sesterce", "IND-Mumbai-1", "IN"),
        ("shadeform", "desmoines-usa-1", "US"),
        ("simplepod", "North America-CA", "CA"),
        ("upcloud", "fi-hel2", "FI"),
        ("vast-ai", "Montana, US", "US"),
    ],
)
def test_a_country_is_read_from_the_code(provider: str, region: str, code: str) -> None:
    assert country(provider, region) == code


@pytest.mark.parametrize("region", ["EUROPE", "North America"])
def test_a_code_may_name_a_continent_and_no_country(region: str) -> None:
    assert regions().place("coreweave", region) == Place(region, "", None, region.title())


def test_a_continents_code_is_no_country() -> None:
    assert regions().place("hyperbolic", "eu-north-6") == Place("eu-north-6", "", None, "Europe")
    assert regions().place("cloudrift", "Asia-Pacific") is None


def test_no_country_is_read_from_the_codes_of_others() -> None:
    assert regions().place("nebius", "me-west1") is None
    assert regions().place("gcp", "de-fra-1") is None
    assert regions().place("vast-ai", "") is None


def test_a_code_on_the_list_is_that_place_whatever_it_looks_like() -> None:
    known = Place("de-luxe-1", "Luxembourg", "LU", "Europe")
    assert Regions({("cudo", "de-luxe-1"): known}).place("cudo", "de-luxe-1") is known


def test_only_of_a_complete_list_is_an_unknown_region_a_mistake() -> None:
    assert [regions().is_complete(slug) for slug in ("aws", "gcp", "azure", "vast-ai")] == [True, True, False, False]


def test_countries_are_known_by_codes_and_names_in_any_case() -> None:
    assert [country_code(text) for text in ("uk", "USA", "fin", "South Korea", "norway")] == [
        "GB", "US", "FI", "KR", "NO",
    ]  # fmt: skip
    assert country_code("atlantis") is None


def test_providers_whose_codes_are_read_exist() -> None:
    slugs = {module.PROVIDER.slug for module in providers()}
    assert import_module("scrapers.regions")._COUNTRY_STANDS.keys() <= slugs
    assert {provider for provider, _ in regions().listed} <= slugs
