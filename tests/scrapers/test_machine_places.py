from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest

from scrapers.fact_files import fact_rows
from scrapers.machine_places import MachinePlaces, MachineRegions, machine_places
from scrapers.providers.gcp import FAMILIES
from tools.make_machine_places import COLUMNS, CONFIRMED, compared, machine_regions

# catalogs/v8/gcp/vms.csv of github.com/skypilot-org/skypilot-catalog (Apache-2.0) at commit 006059e0f18a: the machine
# types with GPUs and their regions, without prices; the G2 of 12 to 32 vCPUs are left out.
SECOND = Path(__file__).parent / "gcp_places_second.csv"

# Regions of G4 machines on Google's own page (cloud.google.com/compute/docs/gpus/gpu-regions-zones) on 5 February 2026,
# as github.com/stewartpark/private-llm wrote them down; the second list has no G4.
G4_OF_GOOGLES_PAGE = {
    "asia-southeast1", "asia-southeast2", "europe-north1", "europe-west1", "europe-west2", "europe-west4",
    "europe-west8", "us-central1", "us-east1", "us-east4", "us-east5", "us-south1", "us-west1", "us-west3", "us-west4",
}  # fmt: skip

# What one list alone has: the first gained these between 26 July and 10 August 2026.
ONE_LIST_ONLY = {
    "a3-edgegpu": {"australia-southeast2"},
    "a3-highgpu": {"asia-northeast3", "australia-southeast2"},
    "a4-highgpu": {"europe-west1"},
}


def rows() -> list[dict[str, str]]:
    return fact_rows("machine_places.csv")


def google(column: str) -> Mapping[str, set[str]]:
    return {row["machine_type"]: set(row[column].split()) for row in rows() if row["provider"] == "gcp"}


def by_family(machines: Mapping[str, set[str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for machine_type, regions in machines.items():
        found[machine_type.rpartition("-")[0].removesuffix("-8g")] |= regions
    return found


def test_every_row_has_its_source_licence_and_day() -> None:
    assert all(tuple(row) == COLUMNS and row["source"].startswith("https://") for row in rows())
    assert all(row["licence"] and row["checked_on"] > "2026" for row in rows())


def test_every_machine_of_google_that_is_read_has_its_places() -> None:
    assert by_family(google("regions")).keys() >= FAMILIES.keys()


@pytest.mark.parametrize(
    ("family", "count"), [("a2-highgpu", 10), ("a2-megagpu", 3), ("a2-ultragpu", 5), ("a3-highgpu", 17)]
)
def test_families_have_as_many_regions_as_google_lists(family: str, count: int) -> None:
    assert len(by_family(google("regions"))[family]) == count


def test_a_second_list_agrees_but_for_regions_that_are_named_here() -> None:
    known, unknown = google("regions"), google("unknown")
    second = machine_regions(SECOND, "InstanceType", "Region", ",")
    assert by_family({name: regions for name, regions in unknown.items() if regions}) == ONE_LIST_ONLY
    assert all(regions == known[name] for name, regions in second.items())


def test_googles_own_page_names_no_region_of_g4_that_is_not_listed() -> None:
    assert by_family(google("regions"))["g4-standard"] >= G4_OF_GOOGLES_PAGE


@pytest.mark.parametrize(
    ("machine_type", "region", "answer"),
    [
        ("a2-ultragpu-1g", "us-east5", "yes"),
        ("a2-ultragpu-1g", "asia-south2", "no"),
        ("a3-highgpu-8g", "northamerica-northeast1", "no"),
        ("a3-highgpu-8g", "asia-northeast3", "unknown"),
        ("a5-highgpu-8g", "us-central1", "unknown"),
        ("a2-ultragpu-1g", "", "yes"),
    ],
)
def test_a_place_has_the_machine_or_not_or_nobody_knows(machine_type: str, region: str, answer: str) -> None:
    assert machine_places().exists_in("gcp", machine_type, region) == answer


def test_a_star_stands_for_all_machines_that_begin_so_and_an_exact_name_wins() -> None:
    fi, de = (MachineRegions(frozenset({region}), frozenset(), "no") for region in ("fi-hel2", "de-fra1"))
    places = MachinePlaces({("upcloud", "GPU-*"): fi, ("upcloud", "GPU-8x*"): de, ("upcloud", "GPU-8xL4"): fi}, {})
    asked = {
        name: places.exists_in("upcloud", name, "fi-hel2") for name in ("GPU-1xL4", "GPU-8xL40S", "GPU-8xL4", "DEV")
    }
    assert asked == {"GPU-1xL4": "yes", "GPU-8xL40S": "no", "GPU-8xL4": "yes", "DEV": "unknown"}


def test_only_one_zone_of_upcloud_is_known_to_have_gpus() -> None:
    exists_in = machine_places().exists_in
    assert [exists_in("upcloud", "GPU-8xCPU-64GB-1xL40S", zone) for zone in ("fi-hel2", "de-fra1")] == [
        "yes",
        "unknown",
    ]


def test_regions_of_linode_without_gpus_have_no_machine_with_one() -> None:
    exists_in = machine_places().exists_in
    assert [exists_in("akamai-linode", "g2-gpu-rtx4000a1-s", region) for region in ("br-gru", "us-ord", "")] == [
        "no", "yes", "yes",
    ]  # fmt: skip


def test_a_machine_is_rented_in_every_way_unless_a_source_says_otherwise() -> None:
    is_sold_as = machine_places().is_sold_as
    assert is_sold_as("gcp", "a3-highgpu-8g", "on_demand")
    assert not is_sold_as("gcp", "a3-highgpu-4g", "on_demand")
    assert is_sold_as("gcp", "a3-highgpu-4g", "spot")
    assert not is_sold_as("gcp", "a4x-highgpu-4g", "spot")


def test_of_two_lists_what_both_have_is_known_and_the_rest_unknown() -> None:
    assert compared("a4-highgpu-8g", {"us-east1", "europe-west1"}, {"us-east1", "us-west3"}) == (
        {"us-east1"},
        {"europe-west1", "us-west3"},
    )


def test_what_the_second_list_does_not_have_the_first_decides() -> None:
    assert compared("g4-standard-48", {"us-east1"}, None) == ({"us-east1"}, set())


def test_a_page_of_the_provider_confirms_what_only_one_list_has() -> None:
    assert ("a3-highgpu", "europe-west8") in CONFIRMED
    assert compared("a3-highgpu-1g", set(), {"europe-west8"}) == ({"europe-west8"}, set())
    assert compared("a3-highgpu-8g", {"us-east1"}, {"us-east1"}) == ({"us-east1"}, set())
