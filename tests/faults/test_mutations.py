"""Randomly mutated answers of every provider: none crashes a run, and every published price is stated in the answer.

Each case has a seed of its own, named when it fails; MUTATION_SEED=<text> tries other mutations.
"""

import os
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import product

import pytest

from generator.database.seed_files import Seeds
from generator.database.seeds import SEED as SEED_FOLDER
from scrapers import run
from scrapers.contract import Past, require, sift
from scrapers.errors import ScrapeError
from scrapers.normalise import GpuNames, Rates, normalise
from scrapers.offer import PRICE_FIELDS, Offer
from tests.faults.conftest import GOOD, LATER, PRICES, asked, jobs, stored
from tests.faults.documents import Bodies
from tests.faults.internet import serving
from tests.faults.mutating import mutated
from tests.faults.prices import module_of, scraped

SEED = os.environ.get("MUTATION_SEED", "1")
SLUGS = [module.PROVIDER.slug for module in run.providers()]
EACH, EACH_LONG = 3, 400
RATES = Rates((currency, date(2020, 1, 1), Decimal("1.1")) for currency in ("EUR", "GBP", "INR", "CNY"))

# What a parser divides stated prices by (hours of a term, GPUs); all others are published as stated.
DIVISORS = {"azure": (8760, 26280), "gcp": (730,), "oci": (2,)}


@cache
def names() -> GpuNames:
    return Seeds(SEED_FOLDER).gpu_names


def published(slug: str, bodies: Bodies) -> list[Offer]:
    """The offers that a run would store; none where it refuses the answer."""
    found = scraped(slug, bodies)
    if found.error:
        return []
    try:
        normalised = normalise(found.offers, names(), RATES, date(2026, 9, 20), module_of(slug).PROVIDER)
        require(module_of(slug).PROVIDER, normalised, sift(normalised, GOOD), Past(), GOOD)
    except ScrapeError:
        return []
    return found.offers


def digits(amount: Decimal) -> str:
    """The significant digits, the same for a price in dollars, cents or hundred-millionths."""
    return f"{amount:f}".replace(".", "").strip("0")


def numbers_in(bodies: Bodies) -> set[Decimal]:
    """All numbers in the answers, also those that markup or a thousands separator splits."""
    found: set[Decimal] = set()
    for body in bodies:
        text = body.decode("utf-8", "replace")
        for words in _as_seen(text):
            for number in re.findall(r"\d[\d,]*(?:\.\d+)?(?:[eE][+-]?\d{1,3})?|\.\d+", words):
                found.add(Decimal(number.replace(",", "")))
    return found


def _as_seen(text: str) -> Iterator[str]:
    """The text, and the ways in which a browser may show it."""
    yield text
    yield re.sub(r"<[^<>]*>", "", text)
    yield re.sub(r"<[^<>]*>", " ", text)
    yield re.sub(r"<script>.*?</script>|<[^<>]*>", "", text)  # "$1.<script>...</script>18" is $1.18
    yield re.sub(r'\\*",\\*"', "", text)  # in a page's data, ["$25.12","16"] is $25.1216


def unstated(slug: str, offers: list[Offer], bodies: Bodies) -> Iterator[str]:
    """The prices that the answers do not state."""
    amounts = numbers_in(bodies)
    known = {digits(amount) for amount in amounts}
    known |= {
        digits(round(amount / by, 6)) for amount, by in product(amounts, DIVISORS.get(slug, ())) if amount < 10**15
    }
    for offer in offers:
        for name in PRICE_FIELDS:
            price = getattr(offer, name)
            if price is not None and not (digits(price) in known or _is_made_up(slug, offer, name, price, amounts)):
                yield f"{offer.instance_type!r:.60}: {name} {price}"


def _is_made_up(slug: str, offer: Offer, name: str, price: Decimal, amounts: set[Decimal]) -> bool:
    """Whether a parser computes the price from several numbers: a month of GPUs, cents, or units and billionths."""
    if slug == "hot-aisle" and name == "price_month":
        return price / (730 * offer.gpu_count) in amounts
    if slug == "upcloud":
        return any(abs(price * size - cents / 100) < Decimal("1e-20") for size, cents in product(amounts, repeat=2))
    if slug == "scaleway":
        return any(price * size == units + nanos / 10**9 for size, units, nanos in product(amounts, repeat=3))
    return False


def judge(slug: str, seed: str) -> None:
    bodies = mutated(slug, seed)
    try:
        offers = published(slug, bodies)
    except Exception as error:
        raise AssertionError(f"{slug} crashes on the answer of seed {seed!r}") from error
    wrong = list(unstated(slug, offers, bodies))
    assert not wrong, f"{slug} publishes prices that the answer of seed {seed!r} does not state: {wrong[:3]}"


@pytest.mark.parametrize("slug", SLUGS)
def test_a_mutated_answer_is_parsed_correctly_or_refused(slug):
    for number in range(EACH):
        judge(slug, f"{SEED}/{slug}/{number}")


def test_some_mutated_answers_are_published_and_some_refused():
    seeds = [(slug, f"{SEED}/{slug}/{number}") for slug in SLUGS for number in range(3)]
    answers = sum(bool(published(slug, mutated(slug, seed))) for slug, seed in seeds)
    assert len(seeds) / 10 < answers < len(seeds) * 9 / 10


@pytest.mark.long
@pytest.mark.parametrize("slug", SLUGS)
def test_ten_thousand_mutated_answers_are_parsed_correctly_or_refused(slug):
    for number in range(EACH, EACH_LONG):
        judge(slug, f"{SEED}/{slug}/{number}")


def assert_all_is_well(connection, internet, refreshed, good, monkeypatch, rounds):
    """Refresh with every second answer mutated; fail unless what is stored agrees with the jobs."""
    slugs = [module.PROVIDER.slug for module in asked()]
    for number in rounds:
        seeds = {slug: f"{SEED}/stored/{slug}/{number}" for slug in slugs[number % 2 :: 2]}
        faults = {slug: serving(mutated(slug, seed)) for slug, seed in seeds.items()}
        monkeypatch.setattr(internet, "faults", faults)
        before = stored(connection)
        report = refreshed(connection, GOOD + LATER * (2 * number + 1))
        ended, after = jobs(connection, report), stored(connection)
        assert {slug for slug in slugs if slug not in seeds and ended[slug] != ("completed", None)} == set()
        kept = {slug for slug in slugs if ended[slug][0] != "completed"}
        assert {seeds[slug] for slug in kept if before.get(slug) != after.get(slug)} == set()
        monkeypatch.setattr(internet, "faults", {})
        refreshed(connection, GOOD + LATER * (2 * number + 2))
        assert as_charged(stored(connection)) == as_charged(good)


def as_charged(prices):
    """The prices as charged, without those in US dollars, which follow the daily rates."""
    return {
        slug: {key: (currency, *amounts[len(PRICES) :]) for key, (currency, *amounts) in offers.items()}
        for slug, offers in prices.items()
    }


@pytest.mark.postgres
@pytest.mark.long
def test_a_thousand_mutated_answers_are_stored_as_parsed(connection, internet, refreshed, good, monkeypatch):
    assert_all_is_well(connection, internet, refreshed, good, monkeypatch, range(33))
