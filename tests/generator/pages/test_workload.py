from decimal import Decimal

from generator.catalogue.slices import SliceReader
from generator.pages import gpu_index, home, workload
from generator.pages.gpu_detail import PAGE_TYPE as GPU_DETAIL
from tests.generator import catalogues
from tests.generator.catalogues import LD, RUNS_ON, catalogue, gpu, needing, offer

SHARED = {"parameters_bn": 70, "bytes_per_parameter": 2, "layers": 1, "kv_heads": 1, "head_size": 1}
SHARED |= {"bytes_per_cached_value": 1, "context": 1, "requests": 1, "usable_share": 1}
TALK = catalogues.workload()
BIG = catalogues.workload("big", needing("inference", **SHARED), parent="talk")
ROWS = [
    gpu("a", vram_gb=48),
    gpu("b", vram_gb=40),
    gpu("c", vram_gb=80),
    gpu("small", vram_gb=24),
    gpu("old", architecture="kepler"),
    offer("a", "ash", 2),
    offer("a", "elm", 10, gpu_count=4),
    offer("b", "ash", 1),
    offer("c", "fir", 3),
    offer("c", "fir", 7, gpu_count=2, instance_type="two", id="two"),
    offer("small", "ash", "0.1"),
    offer("old", "ash", "0.1"),
]


def page(*rows, slug="talk", texts=(TALK, BIG)):
    return workload.PAGE_TYPE.page(SliceReader(catalogue(*ROWS, *texts, *rows)), LD, slug)


def candidates(made):
    return [(one.gpu.slug, one.gpus_needed, one.gpus_n, one.price_per_hour) for one in made.body.candidates]


def test_the_cheapest_machine_of_each_gpu_that_fits_comes_first():
    assert candidates(page()) == [("b", 1, 1, 1), ("a", 1, 1, 2), ("c", 1, 1, 3)]
    assert candidates(page(slug="big")) == [("c", 2, 2, 7), ("a", 4, 4, 10)]


def test_what_is_not_ranked_or_is_no_whole_machine_of_its_size_does_not_count():
    sold_out = offer("b", "elm", "0.5", availability_status="sold_out")
    share = offer("b", "fir", "0.5", gpu_share=Decimal("0.5"))
    unknown = offer("b", "oak", "0.5", size_stated=False)
    of_three = offer("b", "yew", "0.5", gpu_count=3)
    assert candidates(page(sold_out, share, unknown, of_three))[0] == ("b", 1, 1, 1)


def test_gpus_on_which_the_software_does_not_run_are_left_out():
    runs_on = RUNS_ON | {"architectures": ("hopper", "kepler"), "not_on": ("b",)}
    made = page(texts=[catalogues.workload(needs=needing(memory_gb=40, runs_on=runs_on))])
    assert [one[0] for one in candidates(made)] == ["old", "a", "c"]


def test_machines_that_share_the_work_need_the_network_and_are_all_paid_for():
    needs = needing(memory_gb=40, machines=4, network="infiniband")
    joined = offer("c", "oak", 5, has_infiniband=True)
    made = page(joined, texts=[catalogues.workload(needs=needs)])
    assert candidates(made) == [("c", 1, 1, 20)]
    assert made.body.candidates.lines[0].months == (1460, 4380, 10220, 14600)  # 20 × 730 × 10, 30, 70, 100 %
    assert "4 machines of 1× [c](/gpu/c/) at **$20.00 per hour**" in made.words["answer"]


def test_the_answer_has_the_memory_and_the_cheapest_machine():
    assert page().words["answer"] == (
        "A model: **40.0 GB** of memory on one GPU. 3 GPUs that can be rented on demand now have that. "
        "The cheapest is 1× [b](/gpu/b/) at **$1.00 per hour** from [Ash](/provider/ash/)."
    )
    assert page(texts=[catalogues.workload(needs=needing(memory_gb=900))]).words["answer"] == (
        "A model: **900.0 GB** of memory on one GPU. "
        "No machine that can be rented on demand now, at a price that is ranked, has that."
    )


def test_a_page_is_indexable_with_three_gpus_and_an_answer_of_its_own():
    assert page().gate.state == "indexable"
    assert page(slug="big").gate.reasons == ("few_variants",)
    copy = catalogues.workload("zzz")
    assert page(slug="zzz", texts=[catalogues.workload(), copy]).gate.reasons == ("near_copy",)
    assert page(slug="zzz", texts=[copy]).gate.state == "indexable"


def test_each_figure_has_its_source_or_is_assumed():
    figures = {one.label: (one.value, one.url) for one in page(slug="big").body.figures}
    assert figures["Parameters"] == ("70 billion", "https://model.example/")
    assert figures["Requests at once"] == ("1", None)
    assert figures["Runs on"] == ("Hopper", "https://software.example/")


def test_there_is_no_page_and_no_link_without_a_published_text():
    known = catalogue(*ROWS)
    assert list(workload.PAGE_TYPE.keys(known)) == []
    assert home.PAGE_TYPE.page(SliceReader(known), LD).body.workloads == ()


def test_gpus_that_fit_the_index_and_home_link_to_it():
    known = catalogue(*ROWS, catalogues.workload(), BIG)
    paths = [link.path for link in home.PAGE_TYPE.page(SliceReader(known), LD).body.workloads]
    assert paths == ["/best-gpu-for/talk/", "/best-gpu-for/big/"]
    assert [link.path for link in gpu_index.PAGE_TYPE.page(SliceReader(known), LD).body.workloads] == paths
    of_b, of_small = (GPU_DETAIL.page(SliceReader(known), LD, slug).body.workloads for slug in ("b", "small"))
    assert ([link.path for link in of_b], of_small) == (["/best-gpu-for/talk/"], ())


def test_the_page_is_an_article_of_its_author():
    (article,) = page().graph
    said = (article["@type"], article["headline"], article["author"]["name"])
    assert said == ("Article", "Best GPU for talk", "Acme")
