import asyncio
import itertools
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import pytest

from scrapers import run
from scrapers.captures import Capture, Request, recording
from scrapers.errors import ImplausibleOffers, KeyMissing, SourceUnavailable
from scrapers.http import Client, Policy
from scrapers.offer import Provider
from scrapers.run import ProviderModule, Scraped, replayer
from scrapers.sources import Fetch, HtmlTable, Json
from tests.scrapers import made_up
from tests.scrapers.made_up import listed_offers
from tests.scrapers.misbehaving import Misbehaving

URL = "https://nimbus.example/plans"
START = datetime(2026, 8, 22, 4, tzinfo=UTC)


def clock() -> Callable[[], datetime]:
    seconds = itertools.count()
    return lambda: START + timedelta(seconds=next(seconds))


def module(slug: str = "nimbus", url: str = URL, offers: Any = listed_offers, **fields: Any) -> ProviderModule:
    provider = Provider(slug, slug.title(), f"https://{slug}.example/pricing")
    return cast(
        "ProviderModule", SimpleNamespace(**{"PROVIDER": provider, "SOURCE": Json(url), "offers": offers} | fields)
    )


def plans(*prices: str) -> str:
    listed = [{"id": f"h100-{n}", "gpu": "H100 SXM", "count": 8, "hourly": price} for n, price in enumerate(prices)]
    return json.dumps({"plans": listed})


def answering(body: str | bytes) -> Fetch:
    async def fetch(request: Request) -> Capture:
        return Capture("nimbus", request, 200, START, "", body if isinstance(body, bytes) else body.encode())

    return fetch


def scraped(body: str | bytes, of: ProviderModule | None = None, seconds: float = 5) -> Scraped:
    return asyncio.run(run.scrape(of or module(), answering(body), clock=clock(), seconds=seconds))


def test_scrape_keeps_offers_captures_and_times() -> None:
    found = scraped(plans("19.92", "20"))
    assert [offer.price for offer in found.offers] == [Decimal("19.92"), Decimal(20)]
    assert [capture.request.url for capture in found.captures] == [URL]
    assert (found.started_at, found.completed_at) == (START, START + timedelta(seconds=1))
    assert (found.error, found.unreadable, found.left_out) == (None, [], [])
    assert found.body_bytes == len(plans("19.92", "20"))


def test_a_wrong_row_is_set_aside_and_the_others_are_kept() -> None:
    found = scraped(plans("19.92", "-1", "NaN", "20"))
    assert [offer.instance_type for offer in found.offers] == ["h100-0", "h100-3"]
    assert [(row.instance_type, row.reason) for row in found.unreadable] == [
        ("h100-1", """'h100-1': "hourly" is "-1", not a price in USD"""),
        ("h100-2", """'h100-2': "hourly" is "NaN", not a price in USD"""),
    ]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('{"error": "maintenance"}', 'no "plans"'),
        ('{"plans": 5}', '"plans" is 5, not a list'),
        ('{"plans": [', "is not Json but b'{\"plans\": ['"),
        ("<!DOCTYPE html><p>Sorry</p>", "is not Json but b'<!DOCTYPE html>"),
        ("[" * 100_000, "is not Json"),
    ],
)
def test_changed_answer_is_quoted_and_its_capture_kept(body: str, says: str) -> None:
    found = scraped(body)
    assert found.error is not None
    assert found.error.error_code == "changed"
    assert says in found.error.message
    assert len(found.error.message) < 700
    assert "\n" not in found.error.message
    assert len(found.captures) == 1


def test_empty_list_is_left_to_the_contract() -> None:
    found = scraped('{"plans": []}')
    assert (found.offers, found.error) == ([], None)


def test_table_needs_no_function() -> None:
    table = HtmlTable(
        URL, columns={"gpu_name": "GPU", "price": "Hourly"}, fixed={"currency": "USD", "price_unit": "gpu_hour"}
    )
    page = "<table><thead><tr><th>GPU<th>Hourly</tr></thead><tbody><tr><td>H100<td>$2.49<tr><td>A100<td>Ask</table>"
    of = cast("ProviderModule", SimpleNamespace(PROVIDER=module().PROVIDER, SOURCE=table))
    found = scraped(page.replace("Ask", "Contact us"), of)
    assert [(offer.price, offer.availability) for offer in found.offers] == [
        (Decimal("2.49"), None),
        (None, "contact_sales"),
    ]


async def never(_: Request) -> Capture:
    await asyncio.sleep(60)
    raise AssertionError


def test_provider_has_its_own_time_limit() -> None:
    found = asyncio.run(run.scrape(module(), never, clock=clock(), seconds=0.05))
    assert isinstance(found.error, SourceUnavailable)
    assert found.error.error_code == "timeout"
    assert found.error.message == "nimbus: its answer was not fetched and read within 0.05 s"


def test_an_endless_parser_is_ended_in_time_and_no_other_provider_notices() -> None:
    slow = module("slow")
    made_up.stuck(slow)
    scraped(plans("1"))
    first, *rest, last = reports(
        [slow, *(module(f"p{n}") for n in range(3))], lambda _: answering(plans("1")), seconds=3
    )
    assert [one.error for one in (first, *rest)] == [None] * 3
    assert last.error is not None
    assert (last.provider.slug, last.error.error_code, len(last.captures)) == ("slow", "timeout", 1)
    assert last.error.message == "slow: its answer was not fetched and read within 3 s"


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        (made_up.exhausting, "its answer takes more than 2 GB of memory to read"),
        (made_up.dying, "the process that read its answer ended before it was done: out of memory, or killed"),
    ],
)
def test_an_answer_that_crashes_its_worker_is_a_failure_of_its_provider(fault: Any, problem: str) -> None:
    one = module()
    fault(one)
    found = scraped(plans("1"), one, seconds=20)
    assert found.error is not None
    assert (found.error.error_code, found.error.message) == ("changed", f"nimbus: {problem}")
    assert len(found.captures) == 1


def test_endless_answers_are_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "MOST_BYTES", 20)
    found = scraped(plans("1"))
    assert found.error is not None
    assert found.error.error_code == "too_large"


def reports(modules: list[ProviderModule], fetch_for: Callable[[Provider], Fetch], **options: Any) -> list[Scraped]:
    done: list[Scraped] = []

    async def on_done(one: Scraped) -> None:
        done.append(one)

    asyncio.run(run.run(modules, fetch_for, on_done, clock=clock(), **options))
    return done


def test_one_failing_provider_stops_no_other() -> None:
    def fetch_for(provider: Provider) -> Fetch:
        if provider.slug == "kestrel":
            raise KeyMissing("kestrel", "needs a key")
        return never if provider.slug == "cirrus" else answering(plans("1") if provider.slug == "nimbus" else "?")

    modules = [module(slug) for slug in ("kestrel", "cirrus", "stratus", "nimbus")]
    done = reports(modules, fetch_for, seconds=3)
    codes = {one.provider.slug: one.error and one.error.error_code for one in done}
    assert codes == {"kestrel": "key_missing", "cirrus": "timeout", "stratus": "changed", "nimbus": None}
    assert done[-1].provider.slug == "cirrus"


def test_run_scrapes_concurrently_but_not_too_many() -> None:
    running, most, full = 0, 0, asyncio.Event()

    async def slow(request: Request) -> Capture:
        nonlocal running, most
        running += 1
        most = max(most, running)
        if running == 4:
            full.set()
        await full.wait()
        await asyncio.sleep(0.02)  # in which one too many would begin
        running -= 1
        return await answering(plans("1"))(request)

    assert len(reports([module(f"p{n}") for n in range(9)], lambda _: slow, at_once=4)) == 9
    assert most == 4


def test_an_error_of_the_report_ends_the_run_unchanged() -> None:
    async def on_done(_: Scraped) -> None:
        raise ImplausibleOffers("nimbus", "the database is gone")

    with pytest.raises(ImplausibleOffers, match="the database is gone"):
        asyncio.run(run.run([module()], lambda _: answering(plans("1")), on_done, clock=clock()))


def test_replay_answers_from_captures_only() -> None:
    live = scraped(plans("19.92"))
    again = asyncio.run(run.scrape(module(), replayer(live.captures), clock=clock()))
    assert again.offers == live.offers
    other = asyncio.run(run.scrape(module(url=f"{URL}?page=2"), replayer(live.captures), clock=clock()))
    assert other.error is not None
    assert other.error.error_code == "not_recorded"
    assert other.error.message == f"nimbus: no recorded answer to GET {URL}?page=2; record it again"


def test_all_providers_are_found_by_folder() -> None:
    modules = run.providers()
    slugs = [one.PROVIDER.slug for one in modules]
    assert slugs == sorted(set(slugs))
    assert len(slugs) >= 12
    for one in modules:
        assert one.__name__.rpartition(".")[2] == one.PROVIDER.slug.replace("-", "_")  # type: ignore[attr-defined]
        assert hasattr(one, "offers") or hasattr(one.SOURCE, "row_parser")


def test_every_recording_replays_through_the_whole_path() -> None:
    modules = [one for one in run.providers() if recording(one.PROVIDER.slug)]

    def fetch_for(provider: Provider) -> Fetch:
        found = recording(provider.slug)
        assert found is not None
        return replayer(found.captures)

    for one in reports(modules, fetch_for):
        assert one.error is None, one.error
        assert one.offers or one.left_out, one.provider.slug
        assert all(capture.is_recorded for capture in one.captures)


HASTY = Policy(read_seconds=0.8, total_seconds=1.5, body_bytes=2**20, requests_per_second=1000, first_wait_seconds=0.01)
OUTCOMES = {
    "/right": None,
    "/packed": None,
    "/500-three-times": None,
    "/silent": "timeout",
    "/drip": "timeout",
    "/reset": "unreachable",
    "/403": "denied",
    "/nowhere": "not_found",
    "/429": "rate_limited",
    "/500": "server_error",
    "/truncated": "changed",
    "/html": "changed",
    "/endless": "too_large",
    "/bomb": "too_large",
    "/elsewhere": "redirect",
}


def test_every_misbehaviour_stays_with_its_provider() -> None:
    async def go(url: Callable[[str], str]) -> list[Scraped]:
        done: list[Scraped] = []

        async def on_done(one: Scraped) -> None:
            done.append(one)

        async with Client(contact="x", clock=lambda: START, policy=HASTY) as client:
            modules = [module(path, url(path)) for path in OUTCOMES]
            await run.run(modules, client.fetch_for, on_done, clock=lambda: START, seconds=10)
        return done

    with Misbehaving() as server:
        done = asyncio.run(go(server.url))
    assert {one.provider.slug: one.error and one.error.error_code for one in done} == OUTCOMES
    assert {one.provider.slug for one in done if one.offers} == {"/right", "/packed", "/500-three-times"}
