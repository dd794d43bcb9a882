"""What is true of every provider, stated once."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from types import ModuleType

import lxml.html
import pytest

from generator.database.seed_files import Seeds
from generator.database.seeds import SEED
from scrapers import providers
from scrapers.captures import recording
from scrapers.offer import PRICE_FIELDS, Offer, Provider
from scrapers.visible_text import visible_text

SLUGS = sorted(
    path.stem.replace("_", "-") for path in Path(providers.__path__[0]).glob("*.py") if path.stem != "__init__"
)
NAMES = Seeds(SEED).gpu_names
WITHOUT_SIZES = {
    "acecloud", "crusoe", "cyfuture", "dataoorts", "fireworks", "fluidstack", "gcore", "genesis-cloud", "gmi-cloud",
    "gpuhub", "hyperstack", "jarvislabs", "nebius", "novita", "oblivus", "packet-ai", "qubrid", "spheron", "tensordock",
    "theta-edgecloud", "together", "yotta-labs",
}  # fmt: skip
_NUMBER_OF_GPUS = re.compile(r"(?i)\b\d+ ?[x×] |\b[x×]\d+\b|gpu_?counts?\b|num_?gpus|\b\d+ GPUs?\b|\bGPUs\b")
CURRENCIES = {"USD", "EUR", "GBP", "INR", "CNY"}
WITHOUT_OFFERS = {"mithril", "sf-compute"}  # the last prices of its auctions are not known; averages are no offers
Replayed = Callable[[str], list[Offer]]
every_provider = pytest.mark.parametrize("slug", SLUGS)


def module_of(slug: str) -> ModuleType:
    return import_module(f"scrapers.providers.{slug.replace('-', '_')}")


@every_provider
def test_slug_is_the_file_name(slug: str) -> None:
    module = module_of(slug)
    assert isinstance(module.PROVIDER, Provider)
    assert module.PROVIDER.slug == slug
    assert module.PROVIDER.pricing_url.startswith("https://")


@every_provider
def test_module_says_what_it_is(slug: str) -> None:
    assert len((module_of(slug).__doc__ or "").split()) >= 10


@every_provider
def test_recording_says_where_and_when_its_figures_are_from(slug: str) -> None:
    shipped = recording(slug)
    assert shipped is not None
    assert shipped.recorded_at.utcoffset() is not None
    assert len(shipped.origin) > 10
    assert shipped.licence


@every_provider
def test_recording_replays_to_offers(slug: str, replayed: Replayed) -> None:
    assert len(replayed(slug)) >= module_of(slug).PROVIDER.minimum_offers >= (slug not in WITHOUT_OFFERS)


@every_provider
def test_offers_have_a_price_above_zero_in_a_known_currency(slug: str, replayed: Replayed) -> None:
    for offer in replayed(slug):
        prices = [getattr(offer, name) for name in PRICE_FIELDS]
        assert any(prices) or offer.availability == "contact_sales"
        assert all(price > 0 for price in prices if price is not None)
        assert offer.currency in CURRENCIES


@every_provider
def test_offers_name_their_instance_type_and_gpu(slug: str, replayed: Replayed) -> None:
    assert all(offer.instance_type and offer.gpu_name for offer in replayed(slug))


@every_provider
def test_offers_of_equal_key_are_of_one_gpu(slug: str, replayed: Replayed) -> None:
    gpus: dict[tuple[str, str], tuple[str, int, Decimal]] = {}
    for offer in replayed(slug):
        gpu = (offer.gpu_name, offer.gpu_count, offer.gpu_share)
        assert gpus.setdefault((offer.instance_type, offer.region), gpu) == gpu


@every_provider
def test_every_price_is_in_the_recording(slug: str, replayed: Replayed) -> None:
    shipped = recording(slug)
    assert shipped is not None
    stated = {amount for capture in shipped.captures for amount in _amounts(capture.body.decode())}
    for offer in replayed(slug):
        for price in (getattr(offer, name) for name in PRICE_FIELDS):
            assert price is None or _digits(price) in stated, f"{offer.instance_type}: {price}"


@every_provider
def test_the_module_says_so_where_sxm_and_plain_names_occur(slug: str, replayed: Replayed) -> None:
    stated, plain = set(), set()
    for offer in replayed(slug):
        meant, named = (
            NAMES.resolve(offer.gpu_name, offer.gpu_memory_gb, offer.gpu_share, plain_is_sxm=plain_is_sxm).slug
            for plain_is_sxm in (True, False)
        )
        (stated if meant == named else plain).add(meant)
    assert bool(stated & plain) == module_of(slug).PROVIDER.sxm_named


@every_provider
def test_how_many_gpus_a_machine_has_is_read_or_said_to_be_not_stated(slug: str, replayed: Replayed) -> None:
    for offer in replayed(slug):
        assert offer.size_stated or (offer.gpu_count, offer.price_unit) == (1, "gpu_hour"), offer.instance_type
        assert offer.size_stated or not re.match(r"\d+ ?[x×] |.*::\d", offer.instance_type)


@every_provider
def test_who_states_no_size_is_known_and_its_recording_gives_no_number_of_gpus(slug: str, replayed: Replayed) -> None:
    assert {offer.size_stated for offer in replayed(slug)} <= {slug not in WITHOUT_SIZES}
    if slug in WITHOUT_SIZES:
        shipped = recording(slug)
        assert shipped is not None
        words = " ".join(_words(capture.body.decode()) for capture in shipped.captures)
        assert not _NUMBER_OF_GPUS.search(words)


def _words(body: str) -> str:
    return visible_text(lxml.html.document_fromstring(body)) if "<html" in body else body


def _amounts(body: str) -> set[str]:
    """The digits of all numbers in the text, and of those split into units and billionths."""
    numbers = {_digits(Decimal(number)) for number in re.findall(r"\d+(?:\.\d+)?", body)}
    split = re.findall(r'"units":(\d+),"nanos":(\d+)', body)
    return numbers | {_digits(Decimal(units) + Decimal(nanos) / 10**9) for units, nanos in split}


def _digits(amount: Decimal) -> str:
    """The significant digits, so that 1.80, 0.018 and 180000000 (hundred-millionths) are equal."""
    return str(amount).replace(".", "").strip("0")


@every_provider
def test_recording_has_no_field_that_no_one_knows(slug: str) -> None:
    path = Path(providers.__path__[0]).parent / "recorded" / f"{slug}.json"
    text = path.read_text("utf-8")
    assert path.stat().st_size < 300_000
    assert not re.search(r"lorem|example\.com", text)
    assert json.loads(text)["provider"] == slug
