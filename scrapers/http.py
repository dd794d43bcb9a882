"""The polite client: the only place from which the network is used.

It says who it is, reads robots.txt first and fetches nothing where that can't be read, keeps to a rate for each host,
waits when told to, reads no body beyond a limit, and follows no redirect off the provider's site.  Keys are put into
headers as they are sent, and nothing that comes from here contains one: no field of a capture, no message, no log.
"""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cache, partial
from http import HTTPStatus
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import httpx
import stamina
from aiolimiter import AsyncLimiter
from protego import Protego

from scrapers.addresses import host_of, origin_of, redirect_problem
from scrapers.api_keys import ApiKey
from scrapers.captures import Capture, Request
from scrapers.errors import KeyMissing, KeyRefused, NetworkMisconfigured, SourceUnavailable
from scrapers.http_answers import Answer, FetchFailed, read_body, robots_rules
from scrapers.offer import Provider
from scrapers.sources import Fetch

AGENT = "CloudGPUs"
_OF_ONE_ANSWER = ("date", "age")
_KEPT_HEADERS = ("etag", "last-modified", *_OF_ONE_ANSWER)
_ROBOTS_BYTES = 1024 * 1024
_MOST_REDIRECTS = 5
_LOST_HOSTS = 3  # so many out of reach, and the network is down
_NOT_VALID_NOW = (9, 10)  # OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED
_LONGEST_MESSAGE, _LONGEST_TYPE = 500, 200

for _library in ("httpx", "httpcore", "hpack", "stamina"):  # they log headers and errors, keys included
    logging.getLogger(_library).setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Policy:
    """Limits of time, size and rate.  `retry_after_seconds` is the longest wait that a server may ask for."""

    connect_seconds: float = 5
    read_seconds: float = 20
    total_seconds: float = 60
    body_bytes: int = 64 * 1024 * 1024
    requests_per_second: float = 2
    at_once_per_host: int = 2
    attempts: int = 4
    first_wait_seconds: float = 0.5
    retry_after_seconds: float = 30


@dataclass(slots=True)
class _Host:
    """What is kept for each host: its rate limits, and its robots.txt once it was read, or why it could not be."""

    rate: AsyncLimiter
    slots: asyncio.Semaphore
    robots_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    robots: Protego | FetchFailed | None = None
    failures: int = 0


class Client:
    """An asynchronous context manager whose `fetch` answers requests.

    `contact` goes into the user agent; `keys` are by provider, and `key_name` says which setting holds a provider's;
    `known` may return an earlier capture, which is used again if the server answers "not modified".
    """

    def __init__(
        self,
        *,
        contact: str,
        clock: Callable[[], datetime],
        keys: Mapping[str, str] | None = None,
        policy: Policy | None = None,
        key_name: Callable[[str], str] = "the key of {}".format,
        known: Callable[[str, Request], Capture | None] = lambda *_: None,
    ) -> None:
        self._clock, self._key_name, self._known = clock, key_name, known
        self._keys = {provider: ApiKey(stated) for provider, stated in (keys or {}).items()}
        self._policy = policy or Policy()
        self._hosts: dict[str, _Host] = {}
        self._answered, self._asking, self._asked_since = False, 0, 0.0
        patience = httpx.Timeout(self._policy.read_seconds, connect=self._policy.connect_seconds, pool=None)
        agent = "".join(character for character in contact if character.isascii() and character.isprintable())
        with _explained_environment():
            self._http = httpx.AsyncClient(
                http2=True,
                verify=_certificates(),
                timeout=patience,
                headers={"user-agent": f"{AGENT}/1 (+{agent})", "accept": "*/*", "accept-encoding": "gzip, deflate"},
                mounts={"all://127.0.0.1": None, "all://localhost": None},
            )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    def fetch_for(self, provider: Provider) -> Fetch:
        """`fetch` for one provider.

        Raises KeyMissing where a key is needed and none is configured, SourceUnavailable for a provider that may not be
        fetched.
        """
        if provider.source_class == "stated":
            problem = "may not be fetched; its recorded rates are used, with their date"
            raise SourceUnavailable(provider.slug, problem, code="stated")
        if provider.needs_key and provider.slug not in self._keys:
            raise self._key_missing(provider.slug)
        return partial(self.fetch, provider.slug)

    async def fetch(self, provider: str, request: Request) -> Capture:
        """The answer to a request.  Raises SourceUnavailable where there is no usable one.

        Its code is one of robots, denied, not_found, rate_limited, server_error, http_<status>, redirect, timeout, tls,
        tls_date (a certificate that is not valid now), unreachable, encoding, too_large.
        """
        key = self._keys.get(provider, ApiKey(""))
        headers = self._with_key(provider, key, request.headers)
        try:
            if not await self._is_allowed(request.url):
                raise FetchFailed("robots", f"robots.txt of {host_of(request.url)} asks not to fetch {request.url}")
            return _without_key(key, await self._capture(provider, request, headers))
        except (FetchFailed, ValueError) as error:
            failed = error if isinstance(error, FetchFailed) else FetchFailed("unreachable", str(error))
            detail, url = key.out_of(str(failed))[:_LONGEST_MESSAGE], key.out_of(request.url)
            raise SourceUnavailable(
                provider, detail, code=failed.code, url=url, status=failed.status, retries=failed.retries
            ) from None

    def _with_key(self, provider: str, key: ApiKey, headers: Mapping[str, str]) -> dict[str, str]:
        if not any("{key}" in value for value in headers.values()):
            return dict(headers)
        if not key.secret:
            raise self._key_missing(provider)
        if key.problem:
            raise KeyRefused(provider, f"{self._key_name(provider)} {key.problem}")
        return {name: key.put_into(value) for name, value in headers.items()}

    def _key_missing(self, provider: str) -> KeyMissing:
        return KeyMissing(provider, f"needs a key; set {self._key_name(provider)}")

    async def _is_allowed(self, url: str) -> bool:
        """Whether robots.txt allows it.  Raises FetchFailed where that can't be read: RFC 9309 then forbids all."""
        origin = origin_of(url)
        host = self._host(origin)
        async with host.robots_lock:
            if host.robots is None:
                host.robots = await self._robots(origin)
                self._slow_down(host)
        if isinstance(host.robots, FetchFailed):
            raise FetchFailed(host.robots.code, str(host.robots), status=host.robots.status)
        return bool(host.robots.can_fetch(url, AGENT))

    async def _robots(self, origin: str) -> Protego | FetchFailed:
        """The rules; none where the server has no robots.txt (4xx but 429), or redirects to another site."""
        try:
            request = Request(f"{origin}/robots.txt")
            answer, _ = await self._answer_with_retries(request, {}, replace(self._policy, body_bytes=_ROBOTS_BYTES))
        except FetchFailed as failed:
            if failed.code == "redirect" or (300 <= (failed.status or 0) < 500 and failed.code != "rate_limited"):
                return Protego.parse("")
            code = "robots" if failed.status else failed.code
            detail = f"{failed}; nothing of {host_of(origin)} may be fetched while its robots.txt can't be read"
            return FetchFailed(code, detail, status=failed.status)
        return robots_rules(origin, answer.body.decode("utf-8", "replace"))

    def _slow_down(self, host: _Host) -> None:
        """Keep to the delay between requests that robots.txt asks for."""
        wait = float(host.robots.crawl_delay(AGENT) or 0) if isinstance(host.robots, Protego) else 0
        if wait > 1 / self._policy.requests_per_second:
            host.rate = AsyncLimiter(1, min(wait, self._policy.retry_after_seconds))

    async def _capture(self, provider: str, request: Request, headers: dict[str, str]) -> Capture:
        known = self._known(provider, request)
        answer, retries = await self._answer_with_retries(request, headers | _conditions(known), self._policy)
        if answer.status == HTTPStatus.NOT_MODIFIED and known is not None:
            headers = {name: value for name, value in known.headers.items() if name not in _OF_ONE_ANSWER}
            return replace(known, fetched_at=self._clock(), headers=headers | _kept(answer))
        return Capture(
            provider=provider,
            request=request,
            status=answer.status,
            fetched_at=self._clock(),
            content_type=answer.headers.get("content-type", ""),
            body=answer.body,
            headers=_kept(answer),
            retries=retries,
        )

    async def _answer_with_retries(
        self, request: Request, headers: Mapping[str, str], policy: Policy
    ) -> tuple[Answer, int]:
        """The answer, and how many attempts failed before it."""
        attempts = stamina.retry_context(
            on=lambda error: isinstance(error, FetchFailed) and error.again,
            attempts=policy.attempts,
            timeout=None,
            wait_initial=policy.first_wait_seconds,
            wait_jitter=policy.first_wait_seconds,
            wait_max=policy.retry_after_seconds,
        )
        async for attempt in attempts:
            with attempt:
                try:
                    answer = await self._attempt(request, headers, policy)
                except FetchFailed as failed:
                    failed.retries = attempt.num - 1
                    raise
        return answer, attempt.num - 1

    async def _attempt(self, request: Request, headers: Mapping[str, str], policy: Policy) -> Answer:
        """The answer after redirects.  Raises FetchFailed where there is no usable one."""
        url = request.url
        for _ in range(_MOST_REDIRECTS + 1):
            answer = await self._send(replace(request, url=url), headers, policy)
            if "location" not in answer.headers or not 300 < answer.status < 400:
                return self._usable(url, answer)
            url, headers = await _redirected(request, url, answer, headers)
        raise FetchFailed("redirect", f"{request.url} redirects more than {_MOST_REDIRECTS} times")

    async def _send(self, request: Request, headers: Mapping[str, str], policy: Policy) -> Answer:
        host = self._host(origin_of(request.url))
        self._give_up_without_network(request.url)
        stated = {"content-type": "application/json"} if request.body else {}
        sent = self._http.stream(
            request.method, request.url, content=request.body or None, headers=stated | dict(headers)
        )
        explained = self._explained(request.url, host, policy)
        async with host.slots, host.rate, explained, asyncio.timeout(policy.total_seconds), sent as response:
            self._answered, host.failures = True, 0
            body = await read_body(response, policy.body_bytes)
            return Answer(response.status_code, dict(response.headers), body)

    @asynccontextmanager
    async def _explained(self, url: str, host: _Host, policy: Policy) -> AsyncIterator[None]:
        """Turn the library's errors into FetchFailed."""
        self._asked_since = self._asked_since or asyncio.get_running_loop().time()
        self._asking += 1
        try:
            yield
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            if refused := _tls_error(error):
                code = "tls_date" if getattr(refused, "verify_code", 0) in _NOT_VALID_NOW else "tls"
                raise FetchFailed(code, f"{url}: no secure connection: {error}") from None
            host.failures += 1
            again = self._answered and host.failures < 2
            raise FetchFailed("unreachable", f"{url} can't be reached: {str(error) or 'time-out'}", again) from None
        except TimeoutError:
            host.failures += 1
            raise FetchFailed("timeout", f"{url} took longer than {policy.total_seconds:g} s") from None
        except httpx.TimeoutException:
            host.failures += 1
            raise FetchFailed("timeout", f"{url} sent nothing for {policy.read_seconds:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            broke = f"{url}: the connection broke: {str(error) or type(error).__name__}"
            raise FetchFailed("unreachable", broke, isinstance(error, httpx.TransportError)) from None
        finally:
            self._asking -= 1

    def _give_up_without_network(self, url: str) -> None:
        """Raise FetchFailed once several hosts can't be reached, and none has answered that had the time to."""
        lost = sum(host.failures > 0 for host in self._hosts.values())
        waited = asyncio.get_running_loop().time() - self._asked_since > self._policy.connect_seconds
        if not self._answered and lost >= _LOST_HOSTS and (waited or not self._asking):
            raise FetchFailed(
                "unreachable", f"{url} was not asked: {lost} hosts can't be reached, and none has answered"
            )

    def _usable(self, url: str, answer: Answer) -> Answer:
        """The answer, if its status makes it usable.  Raises FetchFailed otherwise."""
        if answer.status < 300 or answer.status == HTTPStatus.NOT_MODIFIED:
            return answer
        said = f"{url} answered {answer.status}"
        match answer.status:
            case 401 | 403:
                raise FetchFailed("denied", said, status=answer.status)
            case 404 | 410:
                raise FetchFailed("not_found", said, status=answer.status)
            case 429:
                raise FetchFailed("rate_limited", said, self._wait(answer), answer.status)
            case status if status >= 500:
                raise FetchFailed("server_error", said, self._wait(answer), status)
            case status:
                raise FetchFailed(f"http_{status}", said, status=status)

    def _wait(self, answer: Answer) -> bool | float:
        """How long the server asks to wait; False where that is too long, True where it doesn't say."""
        stated = answer.headers.get("retry-after", "").strip()
        if not stated:
            return True
        try:
            seconds = float(stated) if stated.isdecimal() else self._until(stated)
        except (ValueError, TypeError):
            return True
        return seconds <= self._policy.retry_after_seconds and max(seconds, self._policy.first_wait_seconds)

    def _until(self, date: str) -> float:
        return (parsedate_to_datetime(date) - self._clock()).total_seconds()

    def _host(self, origin: str) -> _Host:
        if origin not in self._hosts:
            rate = AsyncLimiter(1, 1 / self._policy.requests_per_second)
            self._hosts[origin] = _Host(rate, asyncio.Semaphore(self._policy.at_once_per_host))
        return self._hosts[origin]


@contextmanager
def _explained_environment() -> Iterator[None]:
    """Raise NetworkMisconfigured for settings that can't be used, without a proxy's address: it may hold a password."""
    try:
        yield
    except OSError as error:
        problem = (error.strerror or str(error)).lower()
        raise NetworkMisconfigured(f"SSL_CERT_FILE, or the machine's certificates: {problem}") from None
    except (ValueError, ImportError, httpx.InvalidURL):
        expected = "expected an address such as http://proxy.example:3128"
        raise NetworkMisconfigured(f"HTTPS_PROXY, HTTP_PROXY or ALL_PROXY can't be used; {expected}") from None


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _kept(answer: Answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name in _KEPT_HEADERS and _is_safe_header(value)}


def _is_safe_header(value: str) -> bool:
    """Whether a header can be shown, and sent back to the server: one that can't would spoil every later request."""
    return value.isascii() and value.isprintable() and len(value) <= _LONGEST_MESSAGE


def _conditions(known: Capture | None) -> dict[str, str]:
    stated = known.headers if known else {}
    pairs = (("if-none-match", "etag"), ("if-modified-since", "last-modified"))
    return {asked: stated[name] for asked, name in pairs if name in stated and _is_safe_header(stated[name])}


def _without_key(key: ApiKey, capture: Capture) -> Capture:
    """The capture with the key in no field of it."""
    asked = capture.request
    return replace(
        capture,
        request=replace(asked, url=key.out_of(asked.url), body=key.out_of(asked.body)),
        content_type=key.out_of(capture.content_type)[:_LONGEST_TYPE],
        body=key.out_of(capture.body),
        headers={name: key.out_of(value) for name, value in capture.headers.items()},
    )


async def _redirected(
    request: Request, url: str, answer: Answer, headers: Mapping[str, str]
) -> tuple[str, Mapping[str, str]]:
    """Where a redirect leads, and the headers to send there: none to another host or port, as they may hold a key."""
    target = urljoin(url, answer.headers["location"])
    problem = await redirect_problem(request.url, target)
    if request.method != "GET" and answer.status not in (307, 308):
        problem = "a GET request, which would drop the body"
    if problem:
        raise FetchFailed("redirect", f"{request.url} redirects to {problem}: {target!r}")
    return target, headers if origin_of(target) == origin_of(request.url) else {}


def _tls_error(error: BaseException | None) -> ssl.SSLError | None:
    while error is not None and not isinstance(error, ssl.SSLError):
        error = error.__cause__ or error.__context__
    return error
