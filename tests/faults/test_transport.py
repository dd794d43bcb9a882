"""Faults on the way: every provider gets each fault once, several at a time, and none gets through.

In each run the faults rotate by one provider, so that after as many runs as there are faults every provider has had
each.  One of them, "right", is no fault: those providers must not be disturbed.  `make test` makes
the first run of each kind, in which every fault meets a few providers.
"""

from dataclasses import replace
from typing import NamedTuple

import pytest

from tests.faults.conftest import CALM, GOOD, LATER, asked, history, jobs, stored
from tests.faults.internet import Exchange, Serve, Visit, at_the_last, right
from tests.scrapers.misbehaving import BEHAVIOURS

pytestmark = pytest.mark.postgres

HASTY = replace(CALM, read_seconds=4, total_seconds=5)  # a silent server stays silent for 6 s


class Fault(NamedTuple):
    """How a provider answers, and the status and the code that its job then has."""

    serve: Serve
    status: str = "failed"
    code: str | None = None


def _misbehaving(path: str) -> Serve:
    return lambda visit, _: BEHAVIOURS[path](visit)


def _at_first(times: int, fault: Serve) -> Serve:
    """Serve the fault for each provider's first answers, so many times, then the right answer."""

    def serve(visit: Visit, exchange: Exchange) -> None:
        with visit.internet.lock:
            visit.internet.asked[f"{exchange.provider} faulty"] += 1
            is_over = visit.internet.asked[f"{exchange.provider} faulty"] > times
        (right if is_over else fault)(visit, exchange)

    return serve


def _redirect(location: str) -> Serve:
    return lambda visit, _: visit.answer(302, Location=location)


SLOW = {
    "right": Fault(right, "completed"),
    "silent": Fault(_misbehaving("/silent"), "timeout", "timeout"),
    "drips": Fault(_misbehaving("/drip"), "timeout", "timeout"),
}
PROMPT = {
    "right": Fault(right, "completed"),
    "resets the connection": Fault(_misbehaving("/reset"), code="unreachable"),
    "hangs up in the middle": Fault(_misbehaving("/cut"), code="unreachable"),
    "answers 401": Fault(_misbehaving("/401"), code="denied"),
    "answers 403": Fault(_misbehaving("/403"), code="denied"),
    "answers 404": Fault(lambda visit, _: visit.answer(404), code="not_found"),
    "answers 429, come in an hour": Fault(_misbehaving("/429"), "rate_limited", "rate_limited"),
    "answers 429 once, come in a second": Fault(
        _at_first(1, lambda visit, _: visit.answer(429, Retry_After="1")), "completed"
    ),
    "answers 500": Fault(_misbehaving("/500"), code="server_error"),
    "answers 500 three times": Fault(_at_first(3, _misbehaving("/500")), "completed"),
    "sends a gigabyte": Fault(_misbehaving("/endless"), code="too_large"),
    "sends a gzip bomb": Fault(_misbehaving("/bomb"), code="too_large"),
    "redirects to another host": Fault(_redirect("https://prices.example/right"), code="redirect"),
    "redirects to this machine": Fault(_redirect("https://127.0.0.1:1/right"), code="redirect"),
    "shows a stranger's certificate": Fault(right, code="tls"),
}
ROUNDS = [
    pytest.param(faults, number, id=f"{kind}-{number}", marks=[pytest.mark.long] * bool(number))
    for kind, faults in (("slow", SLOW), ("prompt", PROMPT))
    for number in range(len(faults))
]


@pytest.mark.parametrize(("faults", "number"), ROUNDS)
def test_each_fault_stays_with_its_provider_and_the_last_good_prices_stay(
    faults, number, internet, refreshed, connection, good, monkeypatch
):
    slugs, names = [module.PROVIDER.slug for module in asked()], list(faults)
    faulty = {slug: names[(place + number) % len(names)] for place, slug in enumerate(slugs)}
    monkeypatch.setattr(internet, "faults", {slug: at_the_last(faults[name].serve) for slug, name in faulty.items()})
    monkeypatch.setattr(internet, "strangers", {slug for slug, name in faulty.items() if "certificate" in name})
    internet.asked.clear()
    before = history(connection)

    report = refreshed(connection, GOOD + LATER, HASTY if faults is SLOW else CALM)

    expected = {slug: (faults[name].status, faults[name].code) for slug, name in faulty.items()}
    ended = jobs(connection, report)
    assert {(slug, faulty[slug], *ended[slug]) for slug in slugs if ended[slug] != expected[slug]} == set()
    assert stored(connection) == good
    assert history(connection) == before
    assert {one.provider: one.state for one in report.outcomes} == {
        slug: "live" if status == "completed" else "kept" for slug, (status, _) in expected.items()
    }
