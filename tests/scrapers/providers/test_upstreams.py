from collections.abc import Callable

import pytest

from generator.seed_files import Seeds
from generator.seeds import SEED
from scrapers.fact_files import fact_rows
from scrapers.offer import Offer
from scrapers.upstreams import cloud

ROWS = fact_rows("upstream_clouds.csv")
NAMED = {(row["reseller"], row["name"]) for row in ROWS}


@pytest.mark.parametrize(("reseller", "name", "slug"), [
    ("shadeform", "lambdalabs", "lambda-labs"),
    ("shadeform", "verda", "datacrunch"),
    ("shadeform", "datacrunch", "datacrunch"),
    ("prime-intellect", "crusoecloud", "crusoe"),
    ("prime-intellect", "LambdaLabs", "lambda-labs"),
    ("spheron", "data-crunch", "datacrunch"),
])  # fmt: skip
def test_a_reseller_s_name_of_a_cloud_is_one_of_ours(reseller: str, name: str, slug: str) -> None:
    assert cloud(reseller, name) == slug


@pytest.mark.parametrize(("reseller", "name"), [
    ("shadeform", "imwt"), ("prime-intellect", "dc_roan"), ("sesterce", "AZ_02"),  # none of ours, or not told
    ("shadeform", "unheard-of"), ("vultr", "lambdalabs"),
])  # fmt: skip
def test_any_other_name_is_none_of_ours(reseller: str, name: str) -> None:
    assert cloud(reseller, name) is None


def test_every_cloud_and_reseller_is_a_provider_and_every_name_has_its_source() -> None:
    slugs = {provider.slug for provider in Seeds(SEED).providers}
    assert {row["reseller"] for row in ROWS} | {row["provider"] for row in ROWS} - {""} <= slugs
    assert all(row["source"].startswith("https://") for row in ROWS)
    assert len(NAMED) == len(ROWS)


@pytest.mark.parametrize("reseller", ["shadeform", "sesterce", "prime-intellect"])
def test_every_cloud_that_a_recording_names_is_known(replayed: Callable[[str], list[Offer]], reseller: str) -> None:
    names = {offer.upstream for offer in replayed(reseller)} - {None}
    assert {(reseller, name) for name in names} <= NAMED
