"""S3-compatible stores (Amazon S3, Cloudflare R2, MinIO, SeaweedFS, ...): how they are opened, and what they refuse."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError
from obstore.store import S3Store

from generator.errors import BuildError

if TYPE_CHECKING:
    from obstore.store import ClientConfig

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_CONFIGURES = (  # the library reads the others, such as those of a role, from the environment by itself
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_ENDPOINT_URL",
)
_RETRIES = 6
_PATIENCE = timedelta(seconds=60)
_STATUS = re.compile(r"status code: (\d+ [\w ]+)(?:.*?<Code>(\w+)</Code>)?", re.DOTALL)
_CHECK = "check the destination, AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"


def opened(address: str, environment: Mapping[str, str]) -> S3Store:
    """The objects below s3://bucket/prefix; keys, region and endpoint come from the AWS_* variables.

    Raises BuildError where the address or the endpoint is none.
    """
    bucket, prefix = _parts(address)
    given = {name: value for name in _CONFIGURES if (value := environment.get(name))}
    options = _client_options(given.get("AWS_ENDPOINT_URL", ""), environment)
    with explained(address):
        return S3Store(
            bucket,
            prefix=prefix or None,
            config=given,  # type: ignore[arg-type]
            client_options=options,
            retry_config={"max_retries": _RETRIES, "retry_timeout": _PATIENCE},
        )


@contextmanager
def explained(address: str) -> Iterator[None]:
    """Turn a store's errors into a line without what they quote, which may be a request with its key's id."""
    try:
        yield
    except (AlreadyExistsError, PreconditionError):
        raise  # the answer to a condition, which whoever set it expects
    except (BaseError, FileNotFoundError, PermissionError, ValueError) as error:
        raise BuildError(f"{address}: {_reason(error)}; {_CHECK}") from None


def _parts(address: str) -> tuple[str, str]:
    scheme, _, rest = address.partition("://")
    bucket, _, prefix = rest.partition("/")
    if scheme != "s3" or not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,62}", bucket) or not prefix.isprintable():
        shown = "" if "@" in address else f" {address!r}"  # it may contain a key
        raise BuildError(f"destination{shown}: expected a folder, or an address such as s3://bucket/prefix")
    return bucket, prefix.strip("/")


def _client_options(endpoint: str, environment: Mapping[str, str]) -> "ClientConfig":
    """Plain http, which shows everybody what is sent, is for this machine only, or where AWS_ALLOW_HTTP says so."""
    is_plain, is_here = endpoint.startswith("http://"), urlsplit(endpoint).hostname in _LOOPBACK
    if is_plain and not is_here and not environment.get("AWS_ALLOW_HTTP"):
        raise BuildError("AWS_ENDPOINT_URL: expected https://; for plain http in your own network set AWS_ALLOW_HTTP")
    if endpoint and not is_plain and not endpoint.startswith("https://"):
        raise BuildError(f"AWS_ENDPOINT_URL={endpoint!r}: expected an address such as https://s3.example.org")
    return {"allow_http": is_plain}


def _reason(error: Exception) -> str:
    """What went wrong: the answer's status and code, else the first line without the address of the request."""
    said = str(error)
    if found := _STATUS.search(said):
        return f"{found[1].strip()} ({found[2]})" if found[2] else found[1].strip()
    return "no connection" if "HTTP error" in said else said.partition("\n")[0].rpartition("error: ")[2][:100]
