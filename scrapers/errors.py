"""What can go wrong with a source.

ScrapeError                the provider's run brought nothing that may be stored
├── SourceUnavailable      no usable answer: network, status, size, time
├── SourceChanged          an answer of another shape than the parser knows
├── ImplausibleOffers      parsed, but against the provider's contract
└── KeyMissing             the provider needs a key and none is configured
    └── KeyRefused         what is configured can't be a key
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from click import ClickException

PARSE_ERRORS = (
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    IndexError,
    ArithmeticError,
    RecursionError,
    RuntimeError,  # a StopIteration inside a generator
)
"""What a parser raises on an answer that is not of the known shape."""


class ScrapeError(ClickException):
    """A provider's run that stores nothing; `code` goes to `scrape_jobs.error_code`.

    `url` is that of the last request, `status` the status of its answer (None: no answer), `retries` how many attempts
    failed before it.
    """

    code: ClassVar[str] = "scrape_error"

    def __init__(
        self,
        provider: str,
        problem: str,
        *,
        code: str | None = None,
        url: str | None = None,
        status: int | None = None,
        retries: int = 0,
    ) -> None:
        super().__init__(f"{provider}: {problem}")
        self.provider = provider
        self.error_code = code or self.code
        self.url, self.status, self.retries = url, status, retries

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the attributes: `ClickException` would be made anew from its message alone."""
        return _restored, (type(self), self.__dict__)


class SourceUnavailable(ScrapeError):
    """No usable answer; `error_code` says how: `timeout`, `http_503`, `too_large`, ..."""

    code = "unavailable"


class SourceChanged(ScrapeError):
    """An answer that the parser does not understand."""

    code = "changed"


class ImplausibleOffers(ScrapeError):
    """Offers that break the provider's contract."""

    code = "implausible"


class KeyMissing(ScrapeError):
    """The provider needs a key, and none is configured."""

    code = "key_missing"


class NetworkMisconfigured(ClickException):
    """The environment's proxy or certificates can't be used, so no provider can be fetched."""


class KeyRefused(KeyMissing):
    """What is configured as the provider's key can't be one, and is not sent."""

    code = "key_refused"


def _restored(kind: type[ScrapeError], fields: Mapping[str, Any]) -> ScrapeError:
    error = kind.__new__(kind)
    error.__dict__.update(fields)
    return error
