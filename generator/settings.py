"""The only reader of the environment: one frozen object, handed down by build.py.

Names carry the prefix CLOUDGPUS_, except DATABASE_URL.  A file `.env` in the project's folder is read too.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from dotenv import dotenv_values
from pydantic import AliasChoices, Field, HttpUrl, TypeAdapter, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from generator.errors import BuildError

ROOT = Path(__file__).resolve().parent.parent
_KEY_PREFIX = "CLOUDGPUS_KEY_"


class Settings(BaseSettings):
    """How this site is made; each field is an environment variable.

    `database_url`: where PostgreSQL is; unset means the embedded server in `data_dir`.
    `site_url`: the address the site is served from, a subpath allowed; the only source of absolute URLs.
    `backup_dir`: where `db backup` puts its files and `db health` looks for them.
    `health_limits`: limits of `db health`, such as "stale=0.2:0.6 backup_age=30:80" (warn:fail).
    `readings`: CSV files with prices that others read (generator/readings.py), parted as in PATH.
    `contact`: an address or e-mail that the scrapers state in their user agent.
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
    health_limits: str = ""
    readings: Annotated[tuple[Path, ...], NoDecode] = ()
    site_url: str = "http://localhost:8000"
    site_name: Annotated[str, Field(min_length=1, max_length=40)] = "CloudGPUs"
    organisation: str = "CloudGPUs"
    repository: str = "https://github.com/cloudgpus/cloudgpus"
    contact: str = "https://github.com/cloudgpus/cloudgpus"
    jobs: Annotated[int, Field(ge=1, le=64)] = os.cpu_count() or 1
    product_markup: bool = True

    @field_validator("site_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        expected = "expected an address such as https://example.org/prices, without ? and #"
        try:
            url = TypeAdapter(HttpUrl).validate_python(value)
        except ValidationError:
            raise ValueError(expected) from None
        if url.query is not None or url.fragment is not None:
            raise ValueError(expected)
        return str(url).rstrip("/")

    @field_validator("data_dir", "output_dir", "backup_dir")
    @classmethod
    def _is_a_folder(cls, value: Path | None) -> Path | None:
        return value and value.expanduser()

    @field_validator("readings", mode="before")
    @classmethod
    def _are_files(cls, value: object) -> object:
        return [Path(path).expanduser() for path in value.split(os.pathsep)] if isinstance(value, str) else value

    def provider_keys(self) -> Mapping[str, str]:
        """Keys of providers by slug: CLOUDGPUS_KEY_LAMBDA_LABS is the key of lambda-labs."""
        stated = {**dotenv_values(ROOT / ".env"), **os.environ}
        return {
            name.removeprefix(_KEY_PREFIX).lower().replace("_", "-"): value
            for name, value in stated.items()
            if name.startswith(_KEY_PREFIX) and value
        }


def key_variable(provider: str) -> str:
    """The environment variable that holds a provider's key."""
    return _KEY_PREFIX + provider.upper().replace("-", "_")


def load() -> Settings:
    """The settings.  Raises BuildError naming the first variable that is wrong."""
    try:
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
        raise BuildError(f"{name}={first['input']!r}: {problem}; set it in the environment or in .env") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BuildError(f"{ROOT / '.env'}: {error}; expected lines NAME=value in UTF-8") from None
