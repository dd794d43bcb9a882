"""The fields of a front matter: what each kind of text that people write may hold."""

from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, ConfigDict, StringConstraints

from generator.prose.characters import seen
from scrapers.text_files import CONTROL

_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"


def _seen(found: object) -> object:
    """A text without invisible characters.  Raises ValueError for a control character: a mistake, or an attack."""
    if not isinstance(found, str):
        return found
    if control := CONTROL.search(found):
        raise ValueError(f"expected no control character such as U+{ord(control[0]):04X}")
    return seen(found)


def _https(url: str) -> str:
    parts = urlsplit(url)  # raises ValueError for "[" without "]"
    if parts.scheme != "https" or "." not in parts.netloc:
        raise ValueError("expected an address that starts with https://")
    return url


def _plain(text: str) -> str:
    if "{{" in text:
        raise ValueError("expected no bindings here: the length is limited, and a price would go out of date")
    return text


def words(maximum: int, pattern: str | None = None) -> Any:
    """A text of that many characters at most."""
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=maximum, pattern=pattern)


def line(maximum: int) -> Any:
    """The same in one line."""
    return words(maximum, r"^[^\r\n\u2028\u2029]*$")


SEEN = BeforeValidator(_seen)
PLAIN = AfterValidator(_plain)
Slug = Annotated[str, StringConstraints(pattern=_SLUG, max_length=100)]
Url = Annotated[str, line(500), AfterValidator(_https), SEEN]
FORBID = ConfigDict(extra="forbid")
