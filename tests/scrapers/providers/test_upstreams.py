from collections.abc import Callable

import pytest

from generator.database.seed_files import Seeds
from generator.database.seeds import SEED
from scrapers.fact_files import fact_rows
from scrapers.offer import Offer
from scrapers.upstreams import cloud, upstream

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
    assert cloud(reseller, name) == upstream(reseller, name) == slug


@pytest.mark.parametrize(("reseller", "name"), [
    ("shadeform", "imwt"), ("prime-intellect", "dc_roan"), ("sesterce", "AZ_02"),  # none of ours, or not told
    ("shadeform", "unheard-of"), ("vultr", "lambdalabs"),
])  # fmt: skip
def test_any_other_name_is_none_of_ours(reseller: str, name: str) -> None:
    assert (cloud(reseller, name), upstream(reseller, name)) == (None, name)


def test_every_cloud_and_reseller_is_a_provider_and_every_name_has_its_source() -> None:
    slugs = {provider.slug for provider in Seeds(SEED).providers}
    assert {row["reseller"] for row in ROWS} | {row["provider"] for row in ROWS} - {""} <= slugs
    assert all(row["source"].startswith("https://") for row in ROWS)
    assert len(NAMED) == len(ROWS)


@pytest.mark.parametrize("reseller", ["shadeform", "sesterce", "prime-intellect"])
def test_every_cloud_that_a_recording_names_is_listed(replayed: Callable[[str], list[Offer]], reseller: str) -> None:
    listed = {row["provider"] or row["name"] for row in ROWS if row["reseller"] == reseller}
    assert {offer.upstream for offer in replayed(reseller)} - {None} <= listed


@pytest.mark.parametrize(("reseller", "instance_type", "slug"), [
    ("shadeform", "lambdalabs:", "lambda-labs"), ("sesterce", "AZ_22 vm", "AZ_22"),
])  # fmt: skip
def test_an_offer_says_which_cloud_is_behind_it(
    replayed: Callable[[str], list[Offer]], reseller: str, instance_type: str, slug: str
) -> None:
    found = {o.upstream for o in replayed(reseller) if o.instance_type.startswith(instance_type)}
    assert found == {slug}
