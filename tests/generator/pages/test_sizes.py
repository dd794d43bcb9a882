"""Every page stays below 100 kB, whatever a provider answers, and says what it leaves out."""

from datetime import timedelta
from decimal import Decimal

import pytest

from generator.catalogue.slices import SliceReader
from generator.model.page_size import BYTES_AT_MOST
from generator.pages import compare_index, gpu_index, home, provider_index
from generator.pages.registry import page_types
from generator.site.render import Renderer
from tests.generator.catalogues import (
    DAY,
    LD,
    SITE,
    catalogue,
    differing,
    gpu,
    held,
    offer,
    provider,
    readings,
    step,
    term,
    trend,
    watched,
)

PROVIDERS = [f"provider-{number}" for number in range(63)]
WORDS = "8x NVIDIA H100 80GB HBM3, NVLink, 208 vCPU, 1800 GB"
SITES = "https://console.provider.example/rent/gpu?type=x&region=us"


def flood(gpu_slug, provider_slug, number, **others):
    """So many offers of one GPU at one provider, each of another size, name and price, with every kind of price."""
    addresses = {"instance_url": SITES, "source_url": SITES}
    one = offer(gpu_slug, provider_slug, 2, 1, price_per_hour_reserved_1y=Decimal(1), **addresses | others)
    for n in range(number):
        price, names = Decimal(200 + n) / 100, {"instance_type": f"{n} {WORDS}", "region": f"europe-west-{n}"}
        yield one._replace(gpu_count=1 + n % 1024, price_per_gpu_hour=price, **names)


def sizes(known, *modules):
    """The bytes of each page."""
    renderer, found = Renderer(SITE), {}
    for kind in [module.PAGE_TYPE for module in modules] or [kind for kind in page_types() if kind.has_html]:
        for key in kind.keys(known):
            page = kind.page(SliceReader(known), LD, *key)
            found[page.path] = len(renderer.fitted(page))
    return found


def too_large(known, *modules):
    return {path: size for path, size in sizes(known, *modules).items() if size > BYTES_AT_MOST}


def test_ten_thousand_offers_of_one_gpu_at_one_provider():
    assert too_large(catalogue(*flood("a", "ash", 10_000), offer("a", "elm", 3), offer("b", "ash", 3))) == {}


def test_offers_with_the_longest_texts_that_an_offer_may_have():
    long = {"instance_type": "&" * 100, "region": "<" * 60, "upstream": '"' * 60}
    long |= {"instance_url": f"https://x.example/{'&' * 480}", "source_url": f"https://x.example/{'&' * 1900}"}
    offers = [one._replace(**long, gpu_count=n) for n, one in enumerate(flood("a", "ash", 500), 1)]
    named = {"instance_type": "&" * 100, "region": "<" * 60, "evidence_url": long["source_url"]}
    steps = [step("ash/a", n % 9 + 1, n, n - 1, offer_id=str(n % 40), **named) for n in range(90, 1, -1)]
    assert too_large(catalogue(*offers, *steps)) == {}


@pytest.fixture(scope="module")
def crowded():
    """A GPU of which everybody says everything, beside one whose form factor nobody tells."""
    variant, chip = gpu("h100-sxm", chip="h100", spec_source="https://vendor.example/h100"), gpu("h100", kind="chip")
    rows = [variant, chip, gpu("h100-nvl", chip="h100"), *flood("h100-sxm", "provider-0", 3000)]
    rows += flood("h100", "provider-1", 3000)
    for number, name in enumerate(PROVIDERS):
        price = 2 + number / 10
        rows += [provider(name, display_name=f"A provider called {name}")]
        rows += [offer(slug, name, price, price / 2, instance_type=WORDS) for slug in ("h100-sxm", "h100", "h100-nvl")]
        rows += [term(name, "storage_running", "0.1", "per GB-month"), term(name, "egress", "0.1", "per GB")]
        rows += [watched("h100-sxm", name, "0.9"), held(name, "h100-sxm", "price_band", 40_000)]
        rows += [differing("h100-sxm", name, reason=WORDS, verdict="both", instance_type=WORDS) for _ in range(9)]
    rows += [trend("h100-sxm", DAY - timedelta(ago), 2 + ago % 7, 3 + ago % 5) for ago in range(365)]
    rows += readings("h100-sxm", 365, **{f"provider_{n}": lambda ago: 2 + ago % 3 for n in range(9)})
    return catalogue(*rows)


def test_a_gpu_of_which_everybody_says_everything(crowded):
    assert too_large(crowded) == {}


def test_a_provider_that_has_every_gpu_and_another_too():
    rows = [offer(f"gpu-{n}", name, 2 + n / 9) for n in range(143) for name in PROVIDERS[:3]]
    rows += [watched(f"gpu-{n}", "provider-0", "0.9") for n in range(143)]
    rows += [differing(f"gpu-{n}", "provider-0") for n in range(143)]
    rows += [one for n in range(143) for one in flood(f"gpu-{n}", "provider-0", 20)]
    assert too_large(catalogue(*rows)) == {}


def test_indexes_of_providers_that_all_have_the_same_gpus():
    names = [f"NVIDIA RTX PRO {n} Blackwell Server" for n in range(143)]
    rows = [gpu(f"gpu-{n}", short_name=name) for n, name in enumerate(names)]
    rows += [provider(name, display_name=f"A provider called {name}") for name in PROVIDERS]
    rows += [offer(f"gpu-{n}", name, 2 + n / 9) for n in range(143) for name in PROVIDERS[: 63 if n < 4 else 3]]
    assert too_large(catalogue(*rows), compare_index, gpu_index, home, provider_index) == {}
