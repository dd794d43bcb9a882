"""A machine without a field for its GPU is known by its name, or listed as unknown; it never vanishes."""

import pytest

from tests.faults.rows import as_recorded
from tests.odd_rows.edited import GONE, after, another, new_ends, row, untouched

UNKNOWN = [
    ("scaleway", 2, {"properties.hardware.gpu": GONE}),
    ("scaleway", 2, {"properties.hardware": {"cpu": {"threads": 24}}}),
    ("ovhcloud", 0, {"blobs.technical.gpu": GONE}),
    ("ovhcloud", 3, {"blobs": {}}),
    ("koyeb", 1, {"gpu": None}),
    ("koyeb", 1, {"gpu": {}, "type": GONE}),
    ("latitude-sh", 2, {"attributes.specs.gpu": None}),
    ("latitude-sh", 2, {"attributes.specs.gpu": {}}),
    ("cudo", 3, {"gpuModel": ""}),
    ("cudo", 5, {"gpuModel": None}),
    ("oci", 0, {"name": "BM.HGX.B300.8"}),
    ("vultr", 0, {"id": "vcg-new-16c-180g", "gpu_type": GONE, "gpu_vram_gb": GONE}),
]


@pytest.mark.parametrize(("slug", "place", "fields"), UNKNOWN)
def test_a_machine_whose_name_only_hints_at_gpus_is_listed_as_unknown_not_guessed(slug, place, fields):
    found = after(slug, row(fields, place))
    assert not found.refused
    assert new_ends(slug, found) == {"unknown_name": 1}
    assert len(found.offers) == len(as_recorded(slug).offers) - 1


HELD = [
    ("datacrunch", 0, {"gpu": GONE}, 'no "gpu"'),
    ("datacrunch", 0, {"gpu.description": None}, '"gpu.description" is null'),
    ("akamai-linode", 1, {"gpus": GONE}, 'no "gpus"'),
    ("seeweb", 0, {"gpu_label": GONE}, 'no "gpu_label"'),
    ("oci", 0, {"gpuQty": GONE}, 'no "gpuQty"'),
    ("io-net", 0, {"num_cards": None}, '"num_cards" is null'),
    ("hyperbolic", 0, {"gpuCount": GONE}, 'no "gpuCount"'),
]


@pytest.mark.parametrize(("slug", "place", "fields", "reason"), HELD)
def test_a_row_without_the_field_that_would_tell_is_held_back(slug, place, fields, reason):
    found = after(slug, row(fields, place))
    assert new_ends(slug, found) == {"held_back:unreadable": 1}
    assert found.held[0].detail.endswith(reason)


BY_NAME = [
    ("vultr", 0, {"gpu_type": GONE}),
    ("vultr", 0, {"gpu_type": "", "gpu_vram_gb": GONE}),
    ("paperspace", 0, {"gpu": None}),
    ("paperspace", 1, {"gpu": "None"}),
]


@pytest.mark.parametrize(("slug", "place", "fields"), BY_NAME)
def test_a_name_that_states_gpu_and_count_is_enough(slug, place, fields):
    found = after(slug, row(fields, place))
    assert (new_ends(slug, found), untouched(slug, found)) == ({}, True)


WITHOUT = [
    ("scaleway", {"product": "PRO2-M", "properties.hardware.gpu": GONE}),
    ("ovhcloud", {"planCode": "b3-8.consumption", "blobs.technical.gpu": GONE}),
    ("koyeb", {"id": "medium", "type": "cpu", "gpu": None}),
    ("latitude-sh", {"attributes.slug": "c3-large-x86", "attributes.specs.gpu": None}),
    ("cudo", {"machineType": "epyc-milan", "gpuModel": None}),
    ("paperspace", {"label": "C7", "gpu": "None"}),
    ("oci", {"name": "VM.Standard.E5.Flex", "gpuQty": GONE}),
]


@pytest.mark.parametrize(("slug", "fields"), WITHOUT)
def test_a_machine_without_gpus_is_left_out(slug, fields):
    found = after(slug, another(fields))
    assert set(new_ends(slug, found)) == {"left_out:no_gpu"}
    assert untouched(slug, found)


@pytest.mark.postgres
def test_probe_lists_the_machine_that_does_not_state_its_gpu(probe):
    told = probe("scaleway", row({"properties.hardware.gpu": None}, 2))
    assert [name["gpu_name"] for name in told["unknown_names"]] == ["H100-1-80G (GPU not stated)"]
    assert (told["error"], len(told["offers"])) == (None, 4)
