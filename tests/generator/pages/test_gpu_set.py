from generator.catalogue.slices import SliceReader
from generator.pages import gpu_set
from tests.generator.catalogues import LD, catalogue, gpu, offer

THREE = [offer(slug, name, price) for price, slug in enumerate("abc", 6) for name in ("ash", "elm")]


def page(*rows, kind="vram", value="80gb"):
    return gpu_set.PAGE_TYPE.page(SliceReader(catalogue(*THREE, *rows)), LD, kind, value)


def test_the_answer_counts_the_gpus_and_names_the_cheapest():
    assert page().words["answer"] == (
        "The cheapest of them is the [a](/gpu/a/), from **$6.00 per GPU-hour** at [Ash](/provider/ash/).\n\n"
        "3 GPUs with 80 GB of memory can be rented on demand from 2 providers."
    )
    assert [item["name"] for item in page().graph[0]["itemListElement"]] == ["NVIDIA a", "NVIDIA b", "NVIDIA c"]


def test_a_list_is_indexable_with_three_gpus_and_four_providers():
    assert page().gate.reasons == ("few_providers",)
    assert page(offer("a", "fir", 8), offer("a", "oak", 8)).gate.state == "indexable"
    two = [offer(slug, "ash", "0.1") for slug in ("x", "y")]
    assert page(*two, kind="per-hour", value="under-0.5-usd").gate.reasons == ("few_variants", "few_providers")


def test_what_fits_is_shown_for_a_memory_only():
    assert page().body.fits.vram_gb == 80
    cheap = [gpu("x", vram_gb=16), offer("x", "ash", "0.1"), offer("y", "ash", "0.1")]
    assert page(*cheap, kind="per-hour", value="under-0.5-usd").body.fits is None
