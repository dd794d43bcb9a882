"""A price read from the history JSON, by the rule in its schema, is what the observations say: found by brute force."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter

from generator.catalogue.gather import Snapshot, gather
from generator.catalogue.slices import SliceReader
from generator.database import db, runs
from generator.ingest import store
from generator.pages import price_history
from generator.site.history_json import History, history_json, schemas
from tests.generator.catalogues import LD, catalogue, step
from tests.sql.samples import START, add_gpu, add_provider, after, offer, run

GAP = timedelta(hours=48)
GPUS = {"one": "h100-sxm", "two": "h100-sxm", "euros": "h100-sxm", "eight": "b200-sxm", "spot": "b200-sxm"}
PRICES = ("2", "2.49", "3.255", "4.7", "11.96")
Key = tuple[str, str]


@dataclass(frozen=True)
class Answer:
    """What a provider answers: the hourly price of each offer that is for rent; a part of an answer ends none."""

    provider: str
    at: datetime
    prices: Mapping[str, Decimal]
    is_complete: bool = True


@dataclass
class Market:
    """Two providers that are read for weeks: prices change, offers come, go and return, answers fail for days."""

    chance: random.Random
    answers: list[Answer] = field(default_factory=list)

    def make(self, answers_n: int) -> None:
        hours = dict.fromkeys(("nimbus", "kestrel"), 0.0)
        prices = {name: dict.fromkeys(GPUS, Decimal(2)) for name in hours}
        for number in range(answers_n):
            name = "nimbus" if number > answers_n * 0.7 else self.chance.choice(tuple(hours))  # kestrel is retired
            hours[name] += self.chance.choice((0.5, 1.25, 7, 11, 23.9, 30, 48, 48.1, 90))
            self._change(prices[name])
            is_complete = self.chance.random() < 0.8
            shown = {key: price for key, price in prices[name].items() if is_complete or self.chance.random() < 0.5}
            self.answers.append(Answer(name, after(hours[name]), shown, is_complete))

    def _change(self, prices: dict[str, Decimal]) -> None:
        for key in GPUS:
            if self.chance.random() < 0.2:
                prices[key] = Decimal(self.chance.choice(PRICES))
            elif self.chance.random() < 0.08:
                prices.pop(key, None)

    def last(self, provider: str) -> datetime:
        return max(one.at for one in self.answers if one.provider == provider)

    def seen(self, key: Key) -> list[tuple[datetime, Decimal | None]]:
        """What each answer says of an offer: its price, or None where it is not for rent."""
        own = (one for one in self.answers if one.provider == key[0])
        return [(one.at, one.prices.get(key[1])) for one in own if one.is_complete or key[1] in one.prices]


def _is_seen(market: Market, key: Key, at: datetime) -> bool:
    """Whether an offer was for rent in the answer of this very instant."""
    return any(seen == at and price is not None for seen, price in market.seen(key))


def offers(prices: Mapping[str, Decimal]) -> Iterator[Any]:
    """Offers at these prices: of one GPU and of eight, in euros, and interruptible."""
    for name, price in prices.items():
        more: dict[str, Any] = {"gpu_slug": GPUS[name], "gpu_count": 8 if name == "eight" else 1}
        if name == "euros":
            more |= {"currency": "EUR", "exchange_rate": Decimal("1.1"), "exchange_rate_date": START.date()}
        if name == "spot":
            more |= {"price_per_hour_spot": price}
        yield offer(name, None if name == "spot" else price, **more)


def observe(connection: db.Connection, answers: Sequence[Answer], misread: str = "") -> None:
    """Store the answers; `misread` is an offer whose prices are read wrong at first, and then right."""
    for one in answers:
        wrong = {name: price * (10 if name == misread else 1) for name, price in one.prices.items()}
        _store(connection, one, wrong)
    before: dict[str, datetime] = {}
    for one in answers if misread else ():
        _store(connection, one, one.prices, corrects=True, replayed_until=before.get(one.provider))
        before[one.provider] = one.at


def _store(connection: db.Connection, one: Answer, prices: Mapping[str, Decimal], **more: Any) -> None:
    more |= {"provider": one.provider, "is_complete": one.is_complete, "request_url": f"https://{one.provider}.example"}
    store.store(connection, run((one.at - START) / timedelta(hours=1), list(offers(prices)), **more))


def written(connection: db.Connection, as_of: datetime) -> dict[Key, dict[str, Any]]:
    """Each offer of the history JSON, by provider and instance type."""
    db.execute(connection, "settle_slices", as_of=as_of)
    connection.commit()
    with db.another(connection) as reading:
        known = gather(Snapshot(reading), as_of, [], "")
        pages = [price_history.PAGE_TYPE.page(SliceReader(known), LD, *key) for key in price_history.keys(known)]
        files = [json.loads(history_json(page)) for page in pages]
    return {(file["provider"], one["instance_type"]): one for file in files for one in file["offers"]}


def read(found: dict[str, Any], pricing_type: str, at: datetime) -> str | None:
    """The price at an instant, as the schema says how to read it."""
    covering = [one for one in found["steps"] if covers(one, at)]
    prices = (covering[-1]["charged"] or {}).get("prices") or covering[-1]["usd"] if covering else {}
    return prices.get(pricing_type)


def covers(one: dict[str, Any], at: datetime) -> bool:
    since, to, seen = (_time(one[name]) for name in ("valid_from", "valid_to", "last_confirmed_at"))
    return since <= at and (at <= seen or (to is not None and at < to))


def is_in_gap(found: dict[str, Any], at: datetime) -> bool:
    """Whether an offer that had a price before has none at an instant, as its gaps say."""
    spans = ((_time(gap["since"]), _time(gap["until"])) for gap in found["gaps"])
    return any(since <= at and (until is None or at < until) for since, until in spans)


def _time(text: str | None) -> Any:
    return text and datetime.fromisoformat(text)


def expected(seen: Sequence[tuple[datetime, Decimal | None]], count: int, at: datetime) -> str | None:
    """The price at an instant by what was seen: none where nobody looked for too long, or it was not for rent."""
    earlier, later = [one for one in seen if one[0] <= at], [one for one in seen if one[0] > at]
    if not earlier or earlier[-1][1] is None:
        return None
    since, price = earlier[-1]
    if since != at and (not later or later[0][0] - since > GAP):
        return None
    return str((price / count).quantize(Decimal("0.01"), ROUND_HALF_UP))


def instants(market: Market, key: Key, number: int) -> Iterator[datetime]:
    """Instants of which the file tells something: until the day on which an offer was seen that is still for rent."""
    seen = market.seen(key)
    last, price = seen[-1]
    until = market.last(key[0]) if price is None else last.replace(hour=0, minute=0, second=0, microsecond=0)
    yield until
    for _ in range(number):
        near = market.chance.choice(seen)[0] + timedelta(seconds=market.chance.choice((-1, 0, 1, 3600)))
        anywhere = START + (until - START) * market.chance.random()
        yield min(near, until) if market.chance.random() < 0.3 else anywhere


@pytest.fixture
def providers(connection: db.Connection) -> db.Connection:
    for gpu in sorted(set(GPUS.values())):
        add_gpu(connection, gpu)
    for name in ("nimbus", "kestrel"):
        add_provider(connection, name)
    runs.start(connection, START, "live", "v1")
    connection.commit()
    return connection


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("seed", "answers_n", "pairs_n"),
    [(7, 40, 500), *(pytest.param(seed, 300, 10_000, marks=pytest.mark.long) for seed in range(1, 4))],
)
def test_the_price_of_any_instant_is_what_was_seen(providers, seed, answers_n, pairs_n):
    market = Market(random.Random(seed))
    market.make(answers_n)
    observe(providers, market.answers, misread=market.chance.choice(tuple(GPUS)))
    found = written(providers, max(one.at for one in market.answers))
    told = set()
    for key in found:
        count, kind = 8 if key[1] == "eight" else 1, "spot" if key[1] == "spot" else "on_demand"
        for at in instants(market, key, pairs_n // len(found)):
            price = expected(market.seen(key), count, at)
            assert (key, at, read(found[key], kind, at)) == (key, at, price)
            has_begun = at >= _time(found[key]["steps"][0]["valid_from"])
            assert (price is None) == ((is_in_gap(found[key], at) and not _is_seen(market, key, at)) or not has_begun)
            told.add(price)
    assert len(found) == 2 * len(GPUS)
    assert {None, "2.49", "0.41", "11.96"} <= told


@pytest.mark.postgres
def test_a_price_with_a_stated_end_is_read_until_then_and_no_longer(providers):
    both = {"price_per_hour_spot": Decimal(2), "gpu_slug": "h100-sxm"}
    ends = {"price_ends": {"price_per_hour": after(30).isoformat()}}
    for hours in (0, 24, 47, 60):
        store.store(providers, run(hours, [offer("one", 4, **both, **ends), offer("two", 4, **ends)]))
    found = written(providers, after(72))
    for name, spot in (("one", "2.00"), ("two", None)):
        told = [read(found["nimbus", name], "on_demand", after(hours)) for hours in (0, 29, 30, 31, 47)]
        assert told == ["4.00", "4.00", None, None, None]
        assert read(found["nimbus", name], "spot", after(47)) == spot


def history(*rows):
    known = catalogue(*rows)
    return json.loads(history_json(price_history.PAGE_TYPE.page(SliceReader(known), LD, "ash", "a")))


def test_the_file_is_as_its_schema_says_and_the_schema_tells_how_to_read_it():
    made = history(step("ash/a", 3, 9, 2), step("ash/a", "2.5", 2))
    described = TypeAdapter(History)
    assert described.dump_python(described.validate_python(made), mode="json") == made
    (path,) = schemas()
    assert (path, made["schema"]) == ("api/v1/schema/history.json", "../../schema/history.json")
    schema = json.loads(schemas()[path])
    assert set(schema["required"]) == set(made)
    assert "take the last of its steps that covers T" in schema["description"]


def test_what_is_missing_is_null():
    (one,) = history(step("ash/a", 3, 9, size_stated=False, evidence_url=None))["offers"]
    (only,) = one["steps"]
    assert one["region"] is None
    assert [only[name] for name in ("valid_to", "gpu_count", "availability", "charged", "evidence")] == [None] * 5
    assert only["usd"] == {"on_demand": "3.00", "spot": None, "monthly": None, "reserved_1y": None, "reserved_3y": None}


def test_a_price_in_another_currency_is_given_as_charged_too():
    euros = {"currency": "EUR", "charged_on_demand": Decimal("2.7")}
    (one,) = history(step("ash/a", "3.0042", 9, **euros))["offers"]
    assert one["steps"][0]["usd"]["on_demand"] == "3.00"
    charged = one["steps"][0]["charged"]
    assert (charged["currency"], charged["prices"]["on_demand"], charged["prices"]["spot"]) == ("EUR", "2.70", None)


def test_gaps_tell_an_offer_that_was_gone_from_one_that_nobody_saw():
    rows = [step("ash/a", 3, 9, 8), step("ash/a", 3, 6, 5), step("ash/a", None, 5, 5, is_active=False)]
    gaps = history(*rows, step("ash/a", 3, 4, 2), step("ash/a", None, 2, 2, is_active=False))["offers"][0]["gaps"]
    assert [(gap["since"][8:10], gap["until"] and gap["until"][8:10], gap["reason"]) for gap in gaps] == [
        ("14", "16", "not_seen"), ("17", "18", "not_offered"), ("20", None, "not_offered"),
    ]  # fmt: skip
