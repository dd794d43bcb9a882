"""One exchange with a language model behind an endpoint that speaks OpenAI's chat completions.

The key goes into one header of requests to the configured endpoint: no redirect is followed, and whatever comes back is
rid of the key before anything else reads it.
"""

import asyncio
import logging
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any

import httpx
import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from generator.errors import quoted
from generator.prose.characters import escaped
from generator.settings import Settings
from scrapers.addresses import host_of
from scrapers.api_keys import ApiKey
from scrapers.http_answers import Answer, FetchFailed, read_body

MOST_TOKENS = 8_000
"""Tokens of an answer: twice what a long guide takes."""

PARAMETERS: Mapping[str, Any] = {"temperature": 0, "max_tokens": MOST_TOKENS, "n": 1}
BODY_BYTES = 1024 * 1024
WAITS, LONGEST_WAIT = 2, 60.0
"""How often, and how long in seconds, a busy endpoint is waited for."""

_USUAL_WAIT = 2.0  # where it doesn't say how long
_BUSY = (429, 503)
_LONGEST_LINE = 400
_KEY, _URL = "CLOUDGPUS_MODEL_KEY", "CLOUDGPUS_MODEL_URL"

for _library in ("httpx", "httpcore"):  # they log headers, the key included
    logging.getLogger(_library).setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model said, and the tokens that the endpoint counted (None where it didn't)."""

    said: str
    model: str
    prompt_tokens: int | None
    answer_tokens: int | None


class Unanswered(Exception):
    """No draft can be read: a code, and one line that says who, what was found, what was expected and where to act.

    `reply` is what came nevertheless, and was paid for: a refusal, half an answer.
    """

    def __init__(self, code: str, line: str, reply: Reply | None = None) -> None:
        super().__init__(line)
        self.code, self.reply = code, reply


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the model is.  `seconds` is the longest that an answer may take; `pause` waits before another attempt."""

    url: str
    model: str
    key: ApiKey
    seconds: float
    transport: httpx.AsyncBaseTransport | None = None
    pause: Callable[[float], None] = time.sleep

    @property
    def host(self) -> str:
        """The endpoint's host, without its port."""
        return host_of(self.url)

    def ask(self, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any]) -> Reply:
        """The model's answer.  Raises Unanswered."""
        if self.key.secret and self.key.problem:
            raise self._unanswered("key", f"{_KEY} {self.key.problem}; put the endpoint's key there")
        form = {"type": "json_schema", "json_schema": {"name": "draft", "strict": True, "schema": schema}}
        body = orjson.dumps(
            {"model": self.model, "messages": list(messages), **PARAMETERS, "response_format": form},
        )
        return self._reply(self._usable(self._answer(body)))

    def _answer(self, body: bytes) -> Answer:
        """The endpoint's answer; one that is busy is asked again after a while."""
        answer = asyncio.run(self._send(body))
        for _ in range(WAITS):
            if answer.status not in _BUSY:
                break
            seconds = _wait(answer.headers)
            if seconds > LONGEST_WAIT:
                expected = f"expected {LONGEST_WAIT:g} s at most; try again later"
                raise self._unanswered(
                    "busy", f"answered {answer.status} and asks to wait {seconds:,.0f} s; {expected}"
                )
            self.pause(seconds)
            answer = asyncio.run(self._send(body))
        return answer

    async def _send(self, body: bytes) -> Answer:
        stated = {"content-type": "application/json", "accept-encoding": "gzip, deflate", "accept": "application/json"}
        if self.key.secret:
            stated["authorization"] = self.key.put_into("Bearer {key}")
        with self._explained():
            # One limit for the whole answer, since the library's own begins again with each byte.
            async with (
                asyncio.timeout(self.seconds),
                self._client() as client,
                client.stream("POST", f"{self.url}/chat/completions", content=body, headers=stated) as response,
            ):
                said = await read_body(response, BODY_BYTES)
                return Answer(response.status_code, dict(response.headers), self.key.out_of(said))

    def _client(self) -> httpx.AsyncClient:
        directly = None if self.transport else {f"all://{host}": None for host in ("127.0.0.1", "localhost", "[::1]")}
        return httpx.AsyncClient(
            timeout=self.seconds, transport=self.transport, mounts=directly, verify=_certificates()
        )

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn the library's errors into Unanswered."""
        try:
            yield
        except (TimeoutError, httpx.ReadTimeout, httpx.WriteTimeout):
            expected = "expected an answer by then; raise CLOUDGPUS_MODEL_SECONDS or ask a faster model"
            raise self._unanswered("timeout", f"took longer than {self.seconds:g} s; {expected}") from None
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, OSError) as error:
            expected = f"expected an endpoint there; put its address into {_URL}"
            raise self._unanswered("unreachable", f"can't be reached ({error or 'time-out'}); {expected}") from None
        except FetchFailed as failed:
            raise self._unanswered(failed.code, f"{failed}; expected a complete answer of JSON") from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            said = str(error) or type(error).__name__
            raise self._unanswered("broken", f"broke the connection ({said}); expected a complete answer") from None

    def _usable(self, answer: Answer) -> Answer:
        """The answer, if its status and type make it usable."""
        found = f"answered {answer.status}{_said(answer.body)}"
        match answer.status:
            case 401 | 403:
                raise self._unanswered("denied", f"{found}; expected a key that it accepts in {_KEY}")
            case 404:
                raise self._unanswered("not_found", f"{found}; expected the model there: see {_URL}, CLOUDGPUS_MODEL")
            case status if status in _BUSY:
                raise self._unanswered("busy", f"{found} {WAITS + 1} times; expected an answer; try again later")
            case status if 300 <= status < 400:
                there = quoted(host_of(answer.headers.get("location", "")) or "nowhere")
                expected = f"expected no redirect, which is not followed with the key; correct {_URL}"
                raise self._unanswered("redirect", f"redirects to {there}; {expected}")
            case status if status != 200:
                raise self._unanswered(f"http_{status}", f"{found}; expected 200; see the endpoint's own log")
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise self._unanswered("content_type", f"sent {quoted(kind)}; expected application/json; correct {_URL}")
        return answer

    def _reply(self, answer: Answer) -> Reply:
        try:
            found = _Completion.model_validate_json(answer.body)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(map(str, first["loc"])) or "the answer"
            expected = f"expected a chat completion; correct {_URL}"
            raise self._unanswered(
                "completion", f"sent JSON of another form ({where}: {first['msg']}); {expected}"
            ) from None
        choice, used = found.choices[0], found.usage or _Usage()
        reply = Reply(choice.message.content or "", found.model, used.prompt_tokens, used.completion_tokens)
        if problem := _incomplete(choice):
            raise self._unanswered(*problem, reply)
        return reply

    def _unanswered(self, code: str, problem: str, reply: Reply | None = None) -> Unanswered:
        line = f"the model {quoted(self.model)} at {self.host} {problem}"
        return Unanswered(code, escaped(" ".join(self.key.out_of(line).split()))[:_LONGEST_LINE], reply)


def endpoint(
    settings: Settings, transport: httpx.AsyncBaseTransport | None, pause: Callable[[float], None]
) -> Endpoint:
    """The endpoint of the settings.  Raises Unanswered where none is configured."""
    if not settings.model_url or not settings.model:
        missing = _URL if not settings.model_url else "CLOUDGPUS_MODEL"
        raise Unanswered("off", f"drafts by a language model are off: {missing} is not set; docs/editors.md says how")
    key = ApiKey(settings.model_key.get_secret_value() if settings.model_key else "")
    return Endpoint(settings.model_url, settings.model, key, settings.model_seconds, transport, pause)


class _Loose(BaseModel):
    """A part of an answer, of which endpoints differ in what else they send."""

    model_config = ConfigDict(extra="ignore", strict=True)


class _Message(_Loose):
    content: str | None = None
    refusal: str | None = None


class _Choice(_Loose):
    message: _Message
    finish_reason: str | None = None


class _Usage(_Loose):
    prompt_tokens: int | None = Field(None, ge=0, lt=10**9)
    completion_tokens: int | None = Field(None, ge=0, lt=10**9)


class _Completion(_Loose):
    model: str = Field("", max_length=200)
    choices: list[_Choice] = Field(min_length=1)
    usage: _Usage | None = None


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _incomplete(choice: _Choice) -> tuple[str, str] | None:
    """The code and words of why a choice holds no whole answer; None where it does."""
    if choice.message.refusal or choice.finish_reason == "content_filter":
        reason = quoted(choice.message.refusal or "content_filter", 200)
        return "refused", f"refused: {reason}; expected a draft; write it by hand"
    if choice.finish_reason == "length":
        expected = f"expected an answer within {MOST_TOKENS:,} tokens and the model's context"
        return "length", f"stopped before its answer was complete; {expected}"
    if choice.finish_reason != "stop" or not choice.message.content:
        found = quoted(choice.finish_reason)
        return "completion", f"ended with {found} and no whole text; expected an answer that ends by itself"
    return None


def _said(body: bytes) -> str:
    """What an endpoint says of an error, as in " ('model not loaded')"; "" where it doesn't."""
    try:
        error = orjson.loads(body)["error"]
        said = error["message"] if isinstance(error, dict) else error
    except (ValueError, KeyError, TypeError):
        return ""
    return f" ({quoted(said, 200)})" if isinstance(said, str) else ""


def _wait(headers: Mapping[str, str]) -> float:
    """How many seconds a busy endpoint asks to wait; a date counts from the answer's own, so that no clock matters."""
    stated = headers.get("retry-after", "").strip()
    try:
        if stated.isdecimal():
            return float(stated)
        return max((parsedate_to_datetime(stated) - parsedate_to_datetime(headers["date"])).total_seconds(), 0)
    except (ValueError, TypeError, KeyError):
        return _USUAL_WAIT
