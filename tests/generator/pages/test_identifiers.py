import json
from decimal import Decimal

from generator.catalogue.list_rows import GpuNameRow
from generator.catalogue.slices import SliceReader
from generator.pages import identifiers
from generator.site.page_json import page_json
from tests.generator.catalogues import LD, catalogue, gpu, offer

NAMES = [gpu("a"), gpu("b"), GpuNameRow("a sxm", None, "a"), GpuNameRow("x", Decimal("80.00"), "b")]
OFFERS = [
    offer("a", "ash", 2, instance_type="p5", region="eu"),
    offer("a", "ash", 3, instance_type="p5", region="us"),
    offer("a", "ash", 9, instance_type="p5", gpu_count=8),
    offer("b", "elm", 2, instance_type="big", size_stated=False),
]


def page(*rows):
    return identifiers.PAGE_TYPE.page(SliceReader(catalogue(*rows)), LD)


def test_each_spelling_has_its_gpu_and_the_memory_that_it_needs():
    held = json.loads(page_json(page(*NAMES)))
    assert held["gpu_names"] == [
        {"name": "a sxm", "memory_gb": None, "gpu": "a"}, {"name": "x", "memory_gb": 80.0, "gpu": "b"},
    ]  # fmt: skip


def test_a_machine_type_is_there_once_for_each_number_of_gpus():
    held = json.loads(page_json(page(*OFFERS)))["instance_types"]
    assert [(one["provider"], one["instance_type"], one["gpu"], one["gpu_count"]) for one in held] == [
        ("ash", "p5", "a", 1), ("ash", "p5", "a", 8), ("elm", "big", "b", None),
    ]  # fmt: skip


def test_the_page_shows_some_and_says_how_many_there_are():
    made = page(*NAMES, *(offer("a", "ash", 2, instance_type=f"m{n:02}") for n in range(40)))
    assert made.words["answer"].startswith("2 spellings of GPU names and 40 machine types of providers are known here")
    assert (len(made.body.some_types), made.body.some_types.is_cut) == (12, True)
    assert [one.memory for one in made.body.some_names] == ["", "80 GB"]
    assert made.gate.state == "thin"
