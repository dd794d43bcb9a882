from decimal import Decimal

from generator.catalogue.views import gpus
from generator.database.seed_files import Seeds
from generator.database.seeds import SEED
from tests.generator.catalogues import catalogue, gpu, offer, provider, readings

H100 = [gpu("h100", kind="chip", chip="h100"), gpu("h100-sxm", chip="h100"), gpu("h100-pcie", chip="h100")]


def test_a_line_states_the_floor_its_provider_and_the_median_with_one_vote_a_provider():
    known = catalogue(
        offer("h100-sxm", "ash", 2),
        offer("h100-sxm", "ash", 3, instance_type="b"),
        offer("h100-sxm", "elm", 32, gpu_count=8),
    )
    line = gpus.gpu_line(known, "h100-sxm")
    assert (line.floor, line.floor_provider.text, line.median) == (2, "Ash", 3)
    assert (line.providers_n, line.offers_n) == (2, 3)


def test_spot_prices_enter_no_on_demand_figure():
    line = gpus.gpu_line(catalogue(offer("h100-sxm", "ash", 2, 1), offer("h100-sxm", "elm", None, "0.5")), "h100-sxm")
    assert (line.floor, line.median, line.providers_n) == (2, 2, 1)
    assert line.spot_floor == Decimal("0.5")


def test_what_does_not_rank_is_counted_as_an_offer_and_nowhere_else():
    known = catalogue(
        offer("h100-sxm", "ash", 2),
        offer("h100-sxm", "elm", 1, freshness="aging"),
        offer("h100-sxm", "fir", 1, price_basis="gpu_only"),
        offer("h100-sxm", "oak", 1, gpu_share=Decimal("0.5")),
        offer("h100-sxm", "yew", 1, availability_status="contact_sales"),
    )
    line = gpus.gpu_line(known, "h100-sxm")
    assert (line.floor, line.median, line.providers_n, line.offers_n) == (2, 2, 1, 5)
    assert [(size.count, size.floor) for size in gpus.node_sizes(known, "h100-sxm")] == [(1, 2)]


def test_offers_of_a_bare_chip_name_enter_no_figure_of_its_variants():
    known = catalogue(*H100, offer("h100", "ash", 1), offer("h100-sxm", "elm", 3), offer("h100-pcie", "elm", 2))
    assert gpus.gpu_line(known, "h100-sxm").floor == 3
    assert [line.slug for line in gpus.gpu_lines(known)] == ["h100-pcie", "h100-sxm"]


def test_a_chip_has_a_page_only_with_two_variants_that_have_one():
    one = catalogue(*H100, offer("h100", "ash", 1), offer("h100-sxm", "elm", 3))
    two = catalogue(*H100, offer("h100-sxm", "elm", 3), *readings("h100-pcie", elm=2))
    assert gpus.chip_slugs(one) == ()
    assert gpus.chip_slugs(two) == ("h100",)


def test_a_chip_without_a_page_is_shown_on_its_only_variants_page_or_the_index():
    assert gpus.gpu_paths(catalogue(*H100, offer("h100-sxm", "elm", 3)))["h100"] == "/gpu/h100-sxm/"
    assert gpus.gpu_paths(catalogue(*H100, offer("h100", "elm", 3)))["h100"] == "/gpu/"


def test_a_gpu_has_a_page_while_it_is_offered_or_has_a_history():
    known = catalogue(gpu("k80"), offer("a100", "ash", 1), *readings("v100", ash=1))
    assert gpus.gpu_slugs(known) == ("a100", "v100")
    assert [line.slug for line in gpus.unoffered_lines(known)] == ["k80", "v100"]


def test_professional_cards_stand_apart_from_data_centre_gpus_and_gaming_ones():
    assert gpus.group(gpu("h100-sxm")) == "datacenter"
    assert gpus.group(gpu("rtx-a6000")) == gpus.group(gpu("quadro-rtx-6000")) == "workstation"
    assert gpus.group(gpu("rtx-4090", is_consumer=True)) == "consumer"
    assert gpus.group(gpu("mi300x", manufacturer="AMD")) == "other"


def test_an_architecture_is_named_as_its_maker_does():
    names = {gpus.architecture(gpu(architecture=name)) for name in ("cdna3", "ada_lovelace", "gaudi2", "rdna")}
    assert names == {"CDNA 3", "Ada Lovelace", "Gaudi 2", "RDNA"}


def rented(*slugs, price=2):
    return [offer(slug, "ash", price) for slug in slugs]


def test_neighbours_are_of_one_class_the_least_apart_in_memory_speed_and_price_first():
    known = catalogue(
        gpu("own", fp16_tflops=100), gpu("other-class", fp16_tflops=100, is_consumer=True),
        gpu("faster", fp16_tflops=200), gpu("less-memory", vram_gb=64, fp16_tflops=100), gpu("dearer", fp16_tflops=100),
        *rented("own", "other-class", "faster", "less-memory"), *rented("dearer", price=3),
    )  # fmt: skip
    assert list(gpus.neighbour_slugs(known, "own")) == ["less-memory", "dearer", "faster"]


def test_what_nobody_would_rent_instead_is_no_neighbour():
    known = catalogue(
        gpu("own", fp16_tflops=100), gpu("tiny", vram_gb=24), gpu("slow", fp16_tflops=30), gpu("free"),
        *rented("own", "tiny", "slow"), *rented("costly", price=7),
    )  # fmt: skip
    assert list(gpus.neighbour_slugs(known, "own")) == []


def test_the_neighbours_of_a_consumer_card_are_consumer_cards_though_others_cost_as_much():
    cards = {"rtx-4090", "rtx-5090", "rtx-3090", "a16", "quadro-rtx-6000"}
    seeded = [gpu(**row.model_dump(exclude={"fp16_acc16_tflops"})) for row in Seeds(SEED).gpus if row.slug in cards]
    known = catalogue(*seeded, *rented(*cards))
    assert gpus.neighbour_slugs(known, "rtx-4090") == ("rtx-5090", "rtx-3090")


def test_node_sizes_give_each_count_its_providers_and_lowest_price_per_gpu():
    known = catalogue(offer("a", "ash", 2), offer("a", "ash", 8, gpu_count=8), offer("a", "elm", 16, gpu_count=8))
    sizes = [
        (size.count, size.providers_n, size.floor, size.floor_provider.text) for size in gpus.node_sizes(known, "a")
    ]
    assert sizes == [(1, 1, 2, "Ash"), (8, 2, 1, "Ash")]


def test_node_sizes_leave_out_prices_per_gpu_of_no_stated_size_and_resellers_beside_their_cloud():
    known = catalogue(
        offer("a", "ash", 2, size_stated=False), offer("a", "elm", 3, outvoted_as=["on_demand"]), offer("a", "fir", 4)
    )
    assert [(size.count, size.floor) for size in gpus.node_sizes(known, "a")] == [(1, 4)]


def test_the_market_is_also_told_by_segment():
    known = catalogue(
        provider("ash", provider_type="hyperscaler"), provider("elm", provider_type="regional_cloud"),
        provider("fir", provider_type="depin"), provider("oak", provider_type="marketplace"),
        offer("a", "ash", 9), offer("a", "elm", 4), offer("a", "fir", 1), offer("a", "oak", 2),
    )  # fmt: skip
    lines = [(line.segment, line.floor_provider.text, line.median) for line in gpus.segment_lines(known, "a")]
    assert lines == [("hyperscaler", "Ash", 9), ("cloud", "Elm", 4), ("marketplace", "Fir", Decimal("1.5"))]
