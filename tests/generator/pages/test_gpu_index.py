from generator.catalogue.slices import SliceReader
from generator.pages import gpu_index
from tests.generator.catalogues import LD, catalogue, gpu, offer, readings

ROWS = [
    gpu("rtx-4090", is_consumer=True), gpu("mi300x", manufacturer="AMD"), gpu("k80"),
    *(offer(slug, "ash", 1) for slug in ("h100-sxm", "rtx-a6000", "rtx-4090", "mi300x")), *readings("v100", ash=1),
]  # fmt: skip


def test_gpus_stand_in_the_group_of_their_kind():
    made = gpu_index.PAGE_TYPE.page(SliceReader(catalogue(*ROWS)), LD)
    assert [(group.anchor, [line.slug for line in group.lines]) for group in made.body.groups] == [
        ("datacenter", ["h100-sxm"]), ("workstation", ["rtx-a6000"]), ("consumer", ["rtx-4090"]), ("other", ["mi300x"]),
    ]  # fmt: skip


def test_what_nobody_offers_stands_apart():
    made = gpu_index.PAGE_TYPE.page(SliceReader(catalogue(*ROWS)), LD)
    assert {line.slug: line.path for line in made.body.not_offered} == {"k80": "/gpu/", "v100": "/gpu/v100/"}
    assert made.words["answer"].startswith("4 GPUs can be rented")


def test_the_list_for_machines_is_in_the_order_of_the_page():
    made = gpu_index.PAGE_TYPE.page(SliceReader(catalogue(*ROWS)), LD)
    items = made.graph[0]["itemListElement"]
    assert [item["position"] for item in items] == [1, 2, 3, 4]
    assert [item["name"] for item in items] == [line.name for group in made.body.groups for line in group.lines]


def test_prices_stand_against_the_memory_and_speed_that_are_stated():
    rows = [gpu("big", vram_gb=80, fp16_tflops=900), gpu("small", vram_gb=24), gpu("plain")]
    made = gpu_index.PAGE_TYPE.page(
        SliceReader(catalogue(*rows, *(offer(one, "ash", 1) for one in ("big", "small", "plain")))), LD
    )
    assert [figure.title for figure in made.body.prices] == ["Lowest price against memory"]
