from generator.catalogue.views.alternatives import alternatives
from tests.generator.catalogues import catalogue, gpu, offer


def found(*others, **own):
    rows = [gpu("own", **{"fp16_tflops": 100, "vram_gb": 80} | own), *others]
    sold = [offer(row.slug, "ash", 3 if row.slug == "dearer" else 2) for row in rows]
    return [(one.step, one.gpu.slug, one.words) for one in alternatives(catalogue(*rows, *sold), "own")]


def test_a_step_down_comes_first_then_those_alike_then_a_step_up_each_with_what_changes():
    assert found(
        gpu("more", vram_gb=141, fp16_tflops=100), gpu("less", vram_gb=64, fp16_tflops=90),
        gpu("mixed", vram_gb=96, fp16_tflops=80),
    ) == [
        ("down", "less", "16 GB less memory, 10% less FP16 speed, median the same"),
        ("", "mixed", "16 GB more memory, 20% less FP16 speed, median the same"),
        ("up", "more", "61 GB more memory, the same FP16 speed, median the same"),
    ]  # fmt: skip


def test_only_the_nearest_is_one_step_away():
    steps = found(gpu("further", vram_gb=141, fp16_tflops=200), gpu("nearer", vram_gb=96, fp16_tflops=100))
    assert [(step, slug) for step, slug, _ in steps] == [("", "further"), ("up", "nearer")]


def test_a_price_is_compared_by_the_median_and_a_price_alone_is_no_step():
    assert found(gpu("dearer", fp16_tflops=100)) == [
        ("", "dearer", "the same memory, the same FP16 speed, median 50% higher")
    ]


def test_what_is_not_known_is_said_and_is_no_step():
    assert found(gpu("unknown", vram_gb=96)) == [
        ("", "unknown", "16 GB more memory, speed not stated, median the same")
    ]
