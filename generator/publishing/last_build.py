"""The database's last build, and whether it may be published."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from generator.database import db
from generator.desk.states import StaleTexts
from generator.errors import BuildError
from generator.publishing.generations import Mark
from generator.settings import Settings


@dataclass(frozen=True, slots=True)
class LastBuild:
    """A finished build.  `providers` have offers, `fresh_providers` of them a fresh price."""

    generation: str
    as_of: datetime
    site_url: str
    pages: int
    providers: int
    fresh_providers: int
    is_all_recorded: bool


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be published although it is usually refused."""

    older: bool = False
    recorded: bool = False
    default_address: bool = False
    few_providers: bool = False
    stale_texts: bool = False


def last_build(connection: db.Connection) -> LastBuild:
    """The last build.  Raises BuildError where there is none."""
    found = db.rows(connection, "build_to_publish", LastBuild)
    if not found:
        raise BuildError("nothing to publish: the database records no finished build; run build.py first")
    return found[0]


def refuse(build: LastBuild, mark: Mark | None, stale: StaleTexts, settings: Settings, allowed: Allowed) -> None:
    """Raise BuildError, with the option that overrides it, where a build should not be published.

    `stale` are the live texts, and those that became stale since what is published was made.
    """
    for reason in (*_of_texts(stale, allowed), *_reasons(build, mark, settings, allowed)):
        raise BuildError(reason)


def _of_texts(stale: StaleTexts, allowed: Allowed) -> Iterator[str]:
    if stale.are_too_many and not allowed.stale_texts:
        yield (
            f"{stale.newly} of {stale.texts} reviewed texts can't say any more what was approved, and could on the "
            "published site: are the data at fault?  See build.py content list --stale; to publish all the same: "
            "--allow-stale-texts"
        )


def _reasons(build: LastBuild, mark: Mark | None, settings: Settings, allowed: Allowed) -> Iterator[str]:
    if mark and build.as_of < mark.current.as_of and not allowed.older:
        yield (
            f"the database is older than the site: its last build is as of {build.as_of:%Y-%m-%d %H:%M} UTC, the "
            f"published one of {mark.current.as_of:%Y-%m-%d %H:%M}; to publish it all the same: --allow-older"
        )
    if build.is_all_recorded and not allowed.recorded:
        yield "every price of the site is recorded, none live; to publish it all the same: --allow-recorded"
    if build.site_url == Settings.model_fields["site_url"].default and not allowed.default_address:
        yield (
            f"the site was built for {build.site_url}; set CLOUDGPUS_SITE_URL to where it is served and run build.py "
            "render; to publish it all the same: --allow-default-address"
        )
    least = max(1, build.providers * settings.fresh_providers / 100) if settings.fresh_providers else 0
    if build.fresh_providers < least and not allowed.few_providers:
        yield (
            f"{build.fresh_providers} of {build.providers} providers have a fresh price; expected "
            f"{settings.fresh_providers} % (CLOUDGPUS_FRESH_PROVIDERS); to publish all the same: --allow-few-providers"
        )
