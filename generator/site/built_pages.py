"""The record of each built page, which decides whether to build it again.

A page is kept when its record in `built_pages` was made by the same code, every slice that it read still has the same
version, and the output folder is the one that the database's last build left.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import xxhash

from generator.catalogue import slices
from generator.catalogue.catalogue import Catalogue
from generator.database import db
from generator.model.page import Site
from generator.settings import ROOT

_CODE = ("generator/**/*.py", "templates/**/*")


@dataclass(frozen=True, slots=True)
class PageRecord:
    """A page as last built.  `inputs` are slice name -> version, `files` path in the output folder -> hash."""

    path: str
    page_type: str
    gate_state: str
    gate_reasons: list[str]
    inputs: dict[str, str]
    code_version: str
    content_hash: str
    files: dict[str, str]
    last_modified: datetime


@dataclass(frozen=True, slots=True)
class LastBuild:
    """The last build that this database records."""

    generation: UUID
    code_version: str


def records(connection: db.Connection) -> Mapping[str, PageRecord]:
    """All pages' records by path."""
    return {record.path: record for record in db.rows(connection, "built_pages", PageRecord)}


def last_build(connection: db.Connection) -> LastBuild | None:
    """The last finished build; None before the first."""
    found = db.rows(connection, "last_build", LastBuild)
    return found[0] if found else None


def is_current(record: PageRecord, catalogue: Catalogue, version: str) -> bool:
    """Whether a page built now would be the same."""
    return record.code_version == version and all(
        slices.version(catalogue, name) == known for name, known in record.inputs.items()
    )


def save(connection: db.Connection, changed: Iterable[PageRecord], gone: Iterable[str], as_of: datetime) -> None:
    """Store the records of pages built now, and delete those of pages that no longer exist."""
    for record in changed:
        db.execute(connection, "save_built_page", as_of=as_of, **_columns(record))
    db.execute(connection, "forget_built_pages", paths=list(gone))


def code_version(site: Site) -> str:
    """The version of all that shapes a page beside its slices: code, templates, the site's settings.

    The day is included because every page shows it.
    """
    day = site.as_of.date()
    own = (site.name, site.url, site.organisation, site.repository, site.product_markup, site.is_all_recorded, day)
    return xxhash.xxh3_64_hexdigest((_files_version(ROOT) + repr((own, site.attributions))).encode())


@cache
def _files_version(root: Path) -> str:
    digest = xxhash.xxh3_64()
    for file in sorted({file for pattern in _CODE for file in root.glob(pattern) if file.is_file()}):
        digest.update(str(file.relative_to(root)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _columns(record: PageRecord) -> dict[str, Any]:
    columns = {name: getattr(record, name) for name in PageRecord.__slots__}
    return {**columns, "inputs": db.json(record.inputs), "files": db.json(record.files)}
