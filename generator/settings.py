"""The settings, from the environment and the file `.env` in the project's folder: one frozen object, handed down.

Names have the prefix CLOUDGPUS_, except DATABASE_URL.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal
from unicodedata import category
from urllib.parse import urlsplit

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import AliasChoices, Field, HttpUrl, SecretStr, TypeAdapter, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from generator.errors import BuildError
from generator.root import ROOT
from scrapers.addresses import host_of, is_loopback

__all__ = ["ROOT", "Settings", "for_programs", "key_variable", "load"]
_KEY_PREFIX = "CLOUDGPUS_KEY_"
_NO_TEXT = frozenset({"Cc", "Cs", "Zl", "Zp"})  # control characters, lone surrogates, line and paragraph separators
_BETWEEN = " | "  # paragraphs, files
_VERIFICATION = re.compile(r"(?!(?i:index|404|robots|llms|opensearch)\.|(?i:sitemap))[\w-]+\.(html|xml|txt)", re.ASCII)
_MAIL = re.compile(r"(mailto:)?[^\s:@()<>\[\]]+@[^\s:@()<>\[\]]+")
_INDEXNOW_KEY = re.compile(r"[A-Za-z0-9-]{8,128}")
_WEB_ADDRESS = TypeAdapter(HttpUrl)
_WEB = "an address such as https://example.org/prices, without user and password"


class Settings(BaseSettings):
    """The settings of this site; each field is an environment variable.

    `database_url`: where PostgreSQL is; unset means the embedded server in `data_dir`.
    `site_url`: the address the site is served from, with or without a path; all absolute URLs begin with it.
    `backup_dir`: where `db backup` puts its files and `db health` looks for them.
    `backup_key`: the age key (AGE-SECRET-KEY-1...) of backups in a store.
    `health_limits`: limits of `db health`, such as "stale=0.2:0.6 backup_age=30:80" (warn:fail).
    `readings`: CSV files with prices that others published (generator/ingest/readings.py), separated as in PATH.
    `publish_to`: where `publish` takes the site, s3://bucket/prefix or a folder.
    `fresh_providers`: how many of 100 providers must have a fresh price before a site may be published.
    `compress`: the compressed siblings of texts in a folder that a site is published to.
    `indexnow_key`: tells search engines of changed addresses, through `indexnow_endpoint`.
    `imprint`, `privacy`, `accessibility`: what the site states of each, paragraphs separated by " | ".  Without it
    there is no page.
    `verification`: files that search engines ask for: "google1234.html google-site-verification: google1234.html",
    several separated by " | ".
    `contact`: an address or e-mail that the scrapers state in their user agent, and the site as the place to report a
    wrong price.
    `model_url`, `model`, `model_key`: the language model that `content generate --llm` asks for drafts; unset: none.
    `model_seconds`: the longest that it may take for an answer.
    `model_prompt_price`, `model_answer_price`: US dollars per million tokens, for what a draft's record says it cost.
    """

    model_config = SettingsConfigDict(
        env_prefix="CLOUDGPUS_",
        env_file=ROOT / ".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    database_url: str = Field("", validation_alias=AliasChoices("DATABASE_URL", "CLOUDGPUS_DATABASE_URL"))
    data_dir: Path = ROOT / ".cloudgpus"
    output_dir: Path = ROOT / "site_output"
    backup_dir: Path | None = None
    backup_key: SecretStr | None = None
    health_limits: str = ""
    readings: Annotated[tuple[Path, ...], NoDecode] = ()
    site_url: str = "http://localhost:8000"
    site_name: Annotated[str, Field(min_length=1, max_length=40)] = "CloudGPUs"
    organisation: Annotated[str, Field(min_length=1, max_length=100)] = "CloudGPUs"
    repository: str = "https://github.com/cloudgpus/cloudgpus"
    imprint: str = ""
    privacy: str = ""
    accessibility: str = ""
    verification: str = ""
    contact: Annotated[str, Field(max_length=200)] = "https://github.com/cloudgpus/cloudgpus"
    product_markup: bool = True
    publish_to: str = ""
    fresh_providers: Annotated[int, Field(ge=0, le=100)] = 20
    compress: Annotated[tuple[Literal["gz", "br", "zst"], ...], NoDecode] = ("gz", "br")
    indexnow_key: str = ""
    indexnow_endpoint: str = "https://api.indexnow.org/indexnow"
    model_url: str = ""
    model: Annotated[str, Field(max_length=200)] = ""
    model_key: SecretStr | None = None
    model_seconds: Annotated[int, Field(ge=1, le=3600)] = 120
    model_prompt_price: Annotated[Decimal, Field(ge=0, lt=100_000)] | None = None
    model_answer_price: Annotated[Decimal, Field(ge=0, lt=100_000)] | None = None

    @field_validator("contact")
    @classmethod
    def _is_where_to_write(cls, value: str) -> str:
        """Pages link there, too."""
        with _expecting(f"{_WEB}, or an e-mail"):
            return value if _MAIL.fullmatch(value) else str(_WEB_ADDRESS.validate_python(_without_login(value)))

    @field_validator("site_url", "repository", "indexnow_endpoint")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        with _expecting(f"{_WEB}, ?, # and a second //"):
            return str(_web_address(value)).rstrip("/")

    @field_validator("model_url")
    @classmethod
    def _is_private(cls, value: str) -> str:
        """Only encrypted, or within this machine: the key is sent there."""
        with _expecting("https://... (or http://localhost... on this machine), without user, password, ?, # and //"):
            url = _web_address(value) if value else None
            if url and url.scheme == "http" and not is_loopback(host_of(value)):
                raise ValueError
        return str(url or "").rstrip("/")

    @field_validator("indexnow_key")
    @classmethod
    def _is_a_key(cls, value: str) -> str:
        if value and not _INDEXNOW_KEY.fullmatch(value):
            raise ValueError("expected 8 to 128 letters, digits and hyphens")
        return value

    @field_validator("verification")
    @classmethod
    def _are_verification_files(cls, value: str) -> str:
        for part in filter(None, value.split(_BETWEEN)):
            name, _, text = part.strip().partition(" ")
            if not _VERIFICATION.fullmatch(name) or not text:
                raise ValueError("expected a name such as google1234.html, a space, and what the file holds")
        return value

    @field_validator("data_dir", "output_dir", "backup_dir")
    @classmethod
    def _is_a_folder(cls, value: Path | None) -> Path | None:
        return value and _at_home(value)

    @field_validator("readings", mode="before")
    @classmethod
    def _are_files(cls, value: object) -> object:
        return [_at_home(Path(path)) for path in value.split(os.pathsep) if path] if isinstance(value, str) else value

    @field_validator("compress", mode="before")
    @classmethod
    def _are_encodings(cls, value: object) -> object:
        return [one for one in value.replace(",", " ").split() if one != "none"] if isinstance(value, str) else value

    @field_validator("*", mode="before")  # of several "before" validators the last one runs first
    @classmethod
    def _is_a_line(cls, value: object) -> object:
        if isinstance(value, str) and any(category(character) in _NO_TEXT for character in value):
            raise ValueError("expected one line of text in UTF-8, without control characters")
        if isinstance(value, str) and value.isspace():
            raise ValueError("expected a value, or none; found only spaces")
        return value

    def statements(self) -> Mapping[str, tuple[str, ...]]:
        """The paragraphs of the imprint, the privacy and the accessibility statement; those that are stated."""
        stated = {"imprint": self.imprint, "privacy": self.privacy, "accessibility": self.accessibility}
        return {name: parts for name, text in stated.items() if (parts := _parts(text))}

    def verification_files(self) -> Mapping[str, str]:
        """The files by which search engines know the operator: name -> text."""
        parted = (part.partition(" ") for part in _parts(self.verification))
        return {name: text for name, _, text in parted}

    def provider_keys(self) -> Mapping[str, str]:
        """The providers' keys by slug: CLOUDGPUS_KEY_LAMBDA_LABS is the key of lambda-labs."""
        return {
            name.removeprefix(_KEY_PREFIX).lower().replace("_", "-"): value
            for name, value in _stated().items()
            if name.startswith(_KEY_PREFIX) and value
        }

    def store_access(self) -> Mapping[str, str]:
        """The usual variables of an object store: AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, ..."""
        return {name: value for name, value in _stated().items() if name.startswith("AWS_") and value}


def _parts(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in text.split(_BETWEEN))))


def _stated() -> dict[str, str | None]:
    """All variables, those of `.env` included."""
    return {**dotenv_values(ROOT / ".env"), **os.environ}


@contextmanager
def _expecting(expected: str) -> Iterator[None]:
    """Say what is expected of an address without repeating it, since it may contain a login."""
    try:
        yield
    except ValueError:
        raise ValueError(f"expected {expected}") from None


def _web_address(address: str) -> HttpUrl:
    """An address without a login, ?, # and a second //.  Raises ValueError for any other.

    A path that begins with two slashes would lead all links on pages to another host.
    """
    url = _WEB_ADDRESS.validate_python(_without_login(address))
    if url.query is not None or url.fragment is not None or "//" in (url.path or "").rstrip("/"):
        raise ValueError
    return url


def _without_login(address: str) -> str:
    """The address, if it contains no user, password or token.  Raises ValueError for any other."""
    parts = urlsplit(address)
    if "@" in parts.netloc or parts.port == 0:  # `port` raises for a part of a password
        raise ValueError
    return address


def _at_home(path: Path) -> Path:
    """A path with its ~ expanded."""
    try:
        return path.expanduser()
    except RuntimeError:
        raise ValueError("expected a path; no user of that name has a home folder") from None


def key_variable(provider: str) -> str:
    """The environment variable that holds a provider's key."""
    return _KEY_PREFIX + provider.upper().replace("-", "_")


def for_programs() -> dict[str, str]:
    """The environment for other programs: without keys, tokens and the database's address."""
    secret = (
        _KEY_PREFIX,
        "DATABASE_URL",
        "CLOUDGPUS_BACKUP_KEY",
        "CLOUDGPUS_MODEL_KEY",
        "AWS_",
        "GH_TOKEN",
        "GITHUB_TOKEN",
    )
    return {name: value for name, value in os.environ.items() if not name.startswith(secret)}


def load() -> Settings:
    """The settings.  Raises BuildError naming the first variable that is wrong."""
    for name in [name for name, value in os.environ.items() if name.startswith("AWS_") and not value]:
        del os.environ[name]  # empty is not set, as for our own: the object store's library would take it for a value
    try:
        _require_lines(ROOT / ".env")
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "settings"
        name = name if name.startswith(("CLOUDGPUS_", "DATABASE_URL")) else f"CLOUDGPUS_{name}"
        problem = (
            first["msg"]
            .removeprefix("Value error, ")
            .replace("Input should be", "expected")
            .replace("String should have", "expected")
        )
        raise BuildError(
            f"{name}{_shown(name, first['input'])}: {problem}; set it in the environment or in .env"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BuildError(f"{ROOT / '.env'}: {error}; expected lines NAME=value in UTF-8") from None


def _require_lines(file: Path) -> None:
    """Refuse a file with an unreadable line, without which a wrong database might be used.  Raises BuildError."""
    if not file.is_file():
        return
    with file.open(encoding="utf-8-sig") as lines:
        for found in parse_stream(lines):
            if found.error or (found.key and found.value is None):
                skipped = len(found.original.string) - len(found.original.string.lstrip("\n"))
                line = found.original.line + skipped
                raise BuildError(f"{file}:{line}: can't be read; expected NAME=value, with both quotes or none")


def _shown(name: str, value: object) -> str:
    """The value that was found; "" where it may contain a password or a key."""
    return "" if name.endswith(("DATABASE_URL", "_KEY")) or "@" in str(value) else f"={value!r}"
