import asyncio
import logging
import ssl
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest

from scrapers import http
from scrapers.captures import Capture, Request
from scrapers.errors import KeyMissing, KeyRefused, NetworkMisconfigured, SourceUnavailable
from scrapers.http import Client, Policy, _certificates
from scrapers.offer import Provider
from tests.scrapers.misbehaving import EXPIRED, SELF_SIGNED, Misbehaving

NOW = datetime(2026, 8, 22, 4, tzinfo=UTC)
CALM = Policy(body_bytes=2**20, requests_per_second=1000, first_wait_seconds=0.01, retry_after_seconds=2)
HASTY = replace(CALM, read_seconds=0.3, total_seconds=0.6)


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    with Misbehaving() as server:
        yield server


def ask(url: str, *, policy: Policy = CALM, headers: dict[str, str] | None = None, **options: Any) -> Capture:
    async def fetch() -> Capture:
        async with Client(contact="mail@nimbus.example", clock=lambda: NOW, policy=policy, **options) as client:
            return await client.fetch("nimbus", Request(url, headers=headers or {}))

    return asyncio.run(fetch())


def failure(url: str, **options: Any) -> SourceUnavailable:
    with pytest.raises(SourceUnavailable) as caught:
        ask(url, **options)
    return caught.value


def test_capture_holds_what_was_answered_and_when(server: Misbehaving) -> None:
    capture = ask(server.url("/right"))
    assert (capture.status, capture.fetched_at, capture.content_type) == (200, NOW, "application/json")
    assert b"h100x8" in capture.body
    assert capture.headers["etag"] == '"1"'
    assert "x-noise" not in capture.headers
    assert not capture.is_recorded


@pytest.mark.parametrize(
    ("path", "code", "says"),
    [
        ("/silent", "timeout", "sent nothing for 0.3 s"),
        ("/drip", "timeout", "longer than 0.6 s"),
        ("/reset", "unreachable", "connection broke"),
        ("/cut", "unreachable", "connection broke"),
        ("/401", "denied", "answered 401"),
        ("/403", "denied", "answered 403"),
        ("/nowhere", "not_found", "answered 404"),
        ("/418", "http_418", "answered 418"),
        ("/429", "rate_limited", "answered 429"),
        ("/500", "server_error", "answered 500"),
        ("/endless", "too_large", "more than 1 MB"),
        ("/bomb", "too_large", "more than 1 MB"),
        ("/packed-nothing", "too_large", "more than 1 MB"),
        ("/half-packed", "encoding", "before it is complete"),
        ("/packed-and-more", "encoding", "sends data after the end"),
        ("/not-gzip", "encoding", "can't be decompressed"),
        ("/brotli", "encoding", "'br'"),
        ("/elsewhere", "redirect", "another site"),
        ("/to-localhost", "redirect", "another host"),
        ("/to-file", "redirect", "other than a web address"),
        ("/round-and-round", "redirect", "more than 5 times"),
    ],
)
def test_each_failure_has_its_code_and_one_line(server: Misbehaving, path: str, code: str, says: str) -> None:
    error = failure(server.url(path), policy=HASTY if code == "timeout" else CALM)
    assert error.error_code == code
    assert error.message.startswith("nimbus: ")
    assert says in error.message
    assert "\n" not in error.message


def test_certificate_nobody_signed_is_refused() -> None:
    with Misbehaving(certificate=SELF_SIGNED) as server:
        assert failure(server.url("/right")).error_code == "tls"


def test_a_certificate_that_is_not_valid_now_has_its_own_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "_certificates", lambda: ssl.create_default_context(cafile=EXPIRED))
    with Misbehaving(certificate=EXPIRED) as server:
        assert failure(server.url("/right")).error_code == "tls_date"


def test_500_three_times_is_asked_a_fourth_time(server: Misbehaving) -> None:
    capture = ask(server.url("/500-three-times"))
    assert (capture.status, capture.retries) == (200, 3)
    assert server.asked["/500-three-times"] == 4


@pytest.mark.parametrize("path", ["/401", "/nowhere", "/429", "/silent"])
def test_failures_that_a_retry_would_not_mend_are_not_retried(server: Misbehaving, path: str) -> None:
    failure(server.url(path), policy=HASTY if path == "/silent" else CALM)
    assert server.asked[path] == 1


def test_retry_after_is_waited_for(server: Misbehaving) -> None:
    started = time.monotonic()
    assert ask(server.url("/429-once")).status == 200
    assert time.monotonic() - started >= 1


def test_large_bodies_stop_early(server: Misbehaving) -> None:
    started = time.monotonic()
    failure(server.url("/endless"), policy=replace(CALM, body_bytes=65536))
    assert time.monotonic() - started < 2


def test_compressed_answers_are_decompressed(server: Misbehaving) -> None:
    assert ask(server.url("/packed")).body == ask(server.url("/right")).body


def test_redirects_on_the_same_host_are_followed(server: Misbehaving) -> None:
    capture = ask(server.url("/moved"))
    assert b"h100x8" in capture.body
    assert capture.request.url == server.url("/moved")


def test_robots_txt_is_obeyed(server: Misbehaving) -> None:
    server.robots = "User-agent: *\nDisallow: /right\n"
    assert failure(server.url("/right")).error_code == "robots"
    assert server.asked["/right"] == 0


def test_robots_txt_may_name_us(server: Misbehaving) -> None:
    server.robots = "User-agent: *\nDisallow: /\n\nUser-agent: CloudGPUs\nAllow: /\n"
    assert ask(server.url("/right")).status == 200


@pytest.mark.parametrize(
    ("like", "code", "says"),
    [
        ("/500", "robots", "answered 500"),
        ("/429", "robots", "answered 429"),
        ("/silent", "timeout", "sent nothing"),
        ("/reset", "unreachable", "connection broke"),
        ("/packed-nothing", "too_large", "more than 1 MB"),
        ("/half-packed", "encoding", "before it is complete"),
        ("/packed-and-more", "encoding", "sends data after the end"),
        ("/endless", "too_large", "more than 1 MB"),
    ],
)
def test_robots_txt_that_cant_be_read_forbids_everything(server: Misbehaving, like: str, code: str, says: str) -> None:
    server.robots_like = like
    error = failure(server.url("/right"), policy=HASTY if like == "/silent" else CALM)
    assert error.error_code == code
    assert says in error.message
    assert error.message.endswith("; nothing of 127.0.0.1 may be fetched while its robots.txt can't be read")
    assert server.asked["/right"] == 0


@pytest.mark.parametrize("body", ["Disallow: /x\n" * 10_000, "", "Sitemap: x\n# x\n\n" * 5_000])
def test_a_robots_txt_with_too_many_rules_forbids_everything(server: Misbehaving, body: str) -> None:
    server.robots = "".join(f"User-agent: a{number}\n" for number in range(1_000)) * 2 + body
    assert "robots.txt of 127.0.0.1 has more than 200,000 rules of agents" in failure(server.url()).message


def test_many_small_groups_of_a_robots_txt_are_read(server: Misbehaving) -> None:
    server.robots = "".join(f"User-agent: a{number}\nDisallow: /\n\n" for number in range(10_000))
    assert ask(server.url()).status == 200


@pytest.mark.parametrize("like", ["/401", "/403", "/nowhere", "/418", "/elsewhere", "/round-and-round"])
def test_a_missing_robots_txt_forbids_nothing(server: Misbehaving, like: str) -> None:
    server.robots_like = like
    assert ask(server.url("/right")).status == 200


def test_robots_txt_is_read_where_it_has_moved_to(server: Misbehaving) -> None:
    server.robots_like = "/moved-rules"
    assert failure(server.url("/right")).error_code == "robots"
    assert ask(server.url("/packed")).status == 200


def test_robots_txt_is_asked_again_after_a_hiccup_and_once_for_all(server: Misbehaving) -> None:
    server.robots_like = "/500-three-times"
    answers = together(CALM, [server.url(f"/right?{n}") for n in range(3)])
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert server.asked["/robots.txt"] == 4


def test_a_host_whose_robots_txt_fails_is_left_alone_for_the_run(server: Misbehaving) -> None:
    server.robots_like = "/500"
    assert {error.error_code for error in together(CALM, [server.url(f"/right?{n}") for n in range(3)])} == {"robots"}
    assert server.asked == {"/robots.txt": 4, "/500": 4}


def test_user_agent_says_who_asks(server: Misbehaving) -> None:
    ask(server.url("/right"))
    assert server.headers["/right"]["User-Agent"] == "CloudGPUs/1 (+mail@nimbus.example)"


SECRET = "s3cret/s3cret+tail"
BEARER = {"Authorization": "Bearer {key}"}
SPELT = {
    "as it is": SECRET,
    "in an address": quote(SECRET, safe=""),
    "in JSON": SECRET.replace("/", "\\/"),
    "in hexadecimal digits": SECRET.encode().hex(),
    "in Base64": b64encode(f"user:{SECRET}:more".encode()).decode(),
}
# What would tell of the key: its parts, in each spelling.
TELLING = {"s3cret", "tail", SECRET.encode().hex()[4:-4], SPELT["in Base64"][9:-6]}


def test_key_is_sent_and_in_nothing_that_comes_back(server: Misbehaving, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    capture = ask(server.url("/echo"), headers=BEARER, keys={"nimbus": SECRET})
    assert server.headers["/echo"]["Authorization"] == f"Bearer {SECRET}"
    assert "s3cret" not in f"{capture}{caplog.text}"
    assert b"{key}" in capture.body


@pytest.mark.parametrize("spelling", SPELT)
def test_key_is_in_no_field_of_a_capture(server: Misbehaving, caplog: pytest.LogCaptureFixture, spelling: str) -> None:
    caplog.set_level(logging.DEBUG)
    url = server.url(f"/echo-everywhere?said={quote(SPELT[spelling])}")
    capture = ask(url, headers=BEARER, keys={"nimbus": SECRET})
    assert set(capture.headers) == {"etag", "last-modified", "date", "age"}
    said = f"{capture!r}{asdict(capture)}{[vars(record) for record in caplog.records]}"
    assert not {part for part in TELLING if part in said}
    for field in (capture.request.url, capture.content_type, capture.body.decode(), *capture.headers.values()):
        assert "{key}" in field


@pytest.mark.parametrize("spelling", SPELT)
@pytest.mark.parametrize("path", ["/401", "/500", "/echo-as-encoding", "/echo-as-location"])
def test_key_is_in_no_error(server: Misbehaving, caplog: pytest.LogCaptureFixture, path: str, spelling: str) -> None:
    caplog.set_level(logging.DEBUG)
    # The long word in the middle of which a message used to be cut hides nothing of a key.
    url = server.url(f"{path}?said={quote(SPELT[spelling], safe='')}")
    error = failure(url, headers=BEARER, keys={"nimbus": SECRET})
    said = f"{error.message}{vars(error)}{[vars(record) for record in caplog.records]}"
    assert not {part for part in TELLING if part in said}
    assert len(error.message) <= 520


def test_key_goes_to_no_other_server_on_its_host(server: Misbehaving) -> None:
    with Misbehaving() as other:
        ask(server.url(f"/led-away?to={other.url('/echo')}"), headers=BEARER, keys={"nimbus": SECRET})
    assert server.headers["/led-away"]["authorization"] == f"Bearer {SECRET}"
    assert "authorization" not in other.headers["/echo"]


def test_a_known_capture_that_is_confirmed_loses_its_key(server: Misbehaving) -> None:
    before = replace(ask(server.url("/modified")), content_type=f"text/{SECRET}")
    after = ask(server.url("/modified"), known=lambda *_: before, headers=BEARER, keys={"nimbus": SECRET})
    assert after.content_type == "text/{key}"


@pytest.mark.parametrize("tag", ['"\xe9"', '"\x1b[2J"', '"' + "e" * 5_000 + '"'], ids=["no ASCII", "a control", "long"])
def test_a_version_that_can_not_be_sent_back_is_not_kept(server: Misbehaving, tag: str) -> None:
    first = ask(server.url(f"/echo-everywhere?said={quote(tag)}"))
    assert first.headers.keys() <= {"date"}
    stored_before = replace(first, headers={"etag": tag, "last-modified": tag})
    assert ask(server.url("/right"), known=lambda *_: stored_before).headers["etag"] == '"1"'


@pytest.mark.parametrize("keys", [{}, {"nimbus": " "}])
def test_missing_key_sends_nothing(server: Misbehaving, keys: dict[str, str]) -> None:
    with pytest.raises(KeyMissing, match="needs a key; set the key of nimbus"):
        ask(server.url("/echo"), headers=BEARER, keys=keys)
    assert not server.asked


@pytest.mark.parametrize("stated", ["two\nlines, both secret", "s3crt", "1", "Schl\u00fcsselwort"])
def test_a_key_that_can_not_be_one_is_not_sent(server: Misbehaving, stated: str) -> None:
    with pytest.raises(KeyRefused, match=r"nimbus: the key of nimbus has (fewer than 8 )?characters") as caught:
        ask(server.url("/echo"), headers=BEARER, keys={"nimbus": stated})
    assert stated not in caught.value.message
    assert not server.asked


def test_provider_that_needs_a_key_has_no_fetch_without_one() -> None:
    client = Client(contact="x", clock=lambda: NOW, key_name=lambda slug: f"KEY_{slug.upper()}")
    with pytest.raises(KeyMissing, match="nimbus: needs a key; set KEY_NIMBUS"):
        client.fetch_for(Provider("nimbus", "Nimbus", "https://nimbus.example", needs_key=True))


def test_unchanged_answer_is_the_known_capture_confirmed(server: Misbehaving) -> None:
    before = replace(ask(server.url("/modified")), fetched_at=datetime(2026, 8, 1, tzinfo=UTC))
    before = replace(before, headers={**before.headers, "date": "Sat, 01 Aug 2026 00:00:00 GMT", "age": "60"})
    after = ask(server.url("/modified"), known=lambda *_: before)
    assert after == replace(before, fetched_at=NOW, headers=after.headers)
    assert (after.headers["etag"], after.headers["date"] != before.headers["date"]) == ('"1"', True)
    assert "age" not in after.headers
    assert server.headers["/modified"]["If-None-Match"] == '"1"'


def together(policy: Policy, urls: list[str]) -> list[Any]:
    async def fetch() -> list[Any]:
        async with Client(contact="x", clock=lambda: NOW, policy=policy) as client:
            asked = (client.fetch("nimbus", Request(url)) for url in urls)
            return await asyncio.gather(*asked, return_exceptions=True)

    return asyncio.run(fetch())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTPS_PROXY", "ftp://jo:s3cret@proxy.example"),
        ("HTTPS_PROXY", "http://jo:s3cret/x@proxy.example"),
        ("ALL_PROXY", "socks5://jo:s3cret@proxy.example"),
        ("HTTP_PROXY", "http://jo:s3cret@[::"),
        ("SSL_CERT_FILE", "/nosuch/s3cret"),
    ],
)
def test_an_environment_that_can_not_be_used_is_named_without_what_it_holds(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _certificates.cache_clear()
    monkeypatch.setenv(name, value)
    with pytest.raises(NetworkMisconfigured, match=name) as caught:
        ask("https://prices.invalid/plans")
    assert "s3cret" not in caught.value.message


def test_one_host_is_asked_at_its_rate(server: Misbehaving) -> None:
    together(replace(CALM, requests_per_second=5), [server.url(f"/right?{n}") for n in range(4)])
    assert server.times[-1] - server.times[0] > 0.3  # 0.6 s apart when they are sent; a busy machine may deliver late


def test_one_host_is_asked_few_things_at_once(server: Misbehaving) -> None:
    together(CALM, [server.url(f"/slow?{n}") for n in range(5)])
    assert server.most_at_once == CALM.at_once_per_host


def test_without_network_all_give_up_after_the_first_wave(closed_ports: Callable[[], str]) -> None:
    async def fetch() -> list[Any]:
        async with Client(contact="x", clock=lambda: NOW, policy=CALM) as client:
            waves = [[client.fetch("nimbus", Request(closed_ports())) for _ in range(8)] for _ in range(5)]
            return [await asyncio.gather(*wave, return_exceptions=True) for wave in waves]

    first, *others = asyncio.run(fetch())
    assert {error.error_code for error in first} == {"unreachable"}
    assert all("was not asked" in error.message for wave in others for error in wave)


def test_hosts_out_of_reach_keep_no_slow_one_from_being_asked(
    server: Misbehaving, closed_ports: Callable[[], str]
) -> None:
    server.robots_after = 0.2

    async def fetch() -> Capture:
        async with Client(contact="x", clock=lambda: NOW, policy=CALM) as client:
            slow = asyncio.create_task(client.fetch("nimbus", Request(server.url("/slow"))))
            lost = (client.fetch("kestrel", Request(closed_ports())) for _ in range(5))
            assert len(await asyncio.gather(*lost, return_exceptions=True)) == 5
            assert not slow.done()
            await client.fetch("cirrus", Request(server.url("/right")))
            return await slow

    assert asyncio.run(fetch()).status == 200


@pytest.fixture
def closed_ports() -> Callable[[], str]:
    ports = iter(range(1, 1000))
    return lambda: f"http://127.0.0.1:{next(ports)}/plans"


def test_unknown_host_is_unreachable() -> None:
    assert failure("https://prices.invalid/plans").error_code == "unreachable"


@pytest.mark.parametrize("url", ["http://", "not a url", "ftp://nimbus.example/x", "http://[::1", "http://a..b/"])
def test_an_invalid_address_is_an_error_line(url: str) -> None:
    assert failure(url).message.startswith("nimbus: ")


def test_post_is_sent_as_json(server: Misbehaving) -> None:
    async def post() -> Capture:
        async with Client(contact="x", clock=lambda: NOW, policy=CALM) as client:
            return await client.fetch("nimbus", Request(server.url("/echo"), "POST", b"{}"))

    assert b"application/json" in asyncio.run(post()).body


def test_a_provider_that_may_not_be_fetched_is_not_asked() -> None:
    client = Client(contact="x", clock=lambda: NOW)
    with pytest.raises(SourceUnavailable, match="may not be fetched") as caught:
        client.fetch_for(Provider("nimbus", "Nimbus", "https://nimbus.example", source_class="stated"))
    assert caught.value.error_code == "stated"
