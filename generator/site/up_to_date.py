"""Whether a build has anything to do at all, found out before anything heavy is imported.

One query tells the last build, and whether anything was written since; beside it count the version of the code, the
settings, and the token of the output folder.  In any doubt the answer is no, and the build finds out what there is.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import xxhash

from generator.root import ROOT
from generator.site import code_versions

_SETTINGS = (
    "SITE_URL", "SITE_NAME", "ORGANISATION", "REPOSITORY", "PRODUCT_MARKUP", "CONTACT", "IMPRINT", "PRIVACY",
    "ACCESSIBILITY", "VERIFICATION",
)  # fmt: skip
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_NOT_LIBPQ = ("schema=", "pgbouncer=")


class LastBuilt(NamedTuple):
    """The last build, and whether anything has been written since."""

    generation: str
    as_of: Any
    code: str
    settings: str
    report: dict[str, Any]
    has_moved: bool
    now: Any


def has_told(arguments: Sequence[str]) -> bool:
    """For a plain `render` with nothing to do: report that, and return True."""
    wanted = _wanted(arguments)
    if wanted is None:
        return False
    stated = _stated()
    out, as_json = wanted
    folder = Path(out or stated.get("CLOUDGPUS_OUTPUT_DIR") or ROOT / "site_output").expanduser()
    last = _last_built(stated) if _is_whole(folder) else None
    if last is None or not _is_current(last, folder, stated):
        return False
    _tell(last, folder, as_json=as_json)
    return True


def version_of_settings(stated: Mapping[str, str] | None = None) -> str:
    """The version of the settings that pages show, as they are written in the environment and in .env."""
    found = _stated() if stated is None else stated
    own = [found.get(f"CLOUDGPUS_{name}", "") for name in _SETTINGS]
    return xxhash.xxh3_64_hexdigest(repr(own).encode())


def _wanted(arguments: Sequence[str]) -> tuple[str, bool] | None:
    """The output folder and whether JSON is wanted; None for any command but a plain `render`."""
    if not arguments or arguments[0] != "render":
        return None
    rest, out, as_json = list(arguments[1:]), "", False
    while rest:
        option = rest.pop(0)
        if option == "--json":
            as_json = True
        elif option == "--out" and rest:
            out = rest.pop(0)
        elif option == "--jobs" and _is_count(rest):
            rest.pop(0)
        else:
            return None
    return out, as_json


def _is_count(rest: Sequence[str]) -> bool:
    return bool(rest) and rest[0].isdecimal() and int(rest[0]) > 0


def _stated() -> dict[str, str]:
    """The environment, over the file .env; empty values count as not set."""
    stated: dict[str, str | None] = {}
    if (ROOT / ".env").is_file():
        from dotenv import dotenv_values  # noqa: PLC0415 (most sites have no such file)

        stated = dotenv_values(ROOT / ".env")
    return {name: value for name, value in {**stated, **os.environ}.items() if value}


def _is_whole(folder: Path) -> bool:
    """Whether a build has finished there since the machine started, and none is running or was killed."""
    boot = _BOOT_ID.read_text("ascii") if _BOOT_ID.exists() else ""
    left = any(os.path.lexists(folder / name) for name in (".lock", ".staging"))
    return bool(boot) and not left and _text(folder / ".boot") == boot


def _last_built(stated: Mapping[str, str]) -> LastBuilt | None:
    address = stated.get("DATABASE_URL") or stated.get("CLOUDGPUS_DATABASE_URL") or ""
    if not address or any(name in address for name in _NOT_LIBPQ):
        return None
    query = (ROOT / "sql" / "queries" / "up_to_date.sql").read_bytes()
    try:
        with psycopg.connect(address, prepare_threshold=None, connect_timeout=10, autocommit=True) as connection:
            found = connection.execute(query).fetchone()
    except psycopg.Error:
        return None  # the build will say what is wrong
    return LastBuilt(*found) if found else None


def _is_current(last: LastBuilt, folder: Path, stated: Mapping[str, str]) -> bool:
    return (
        not last.has_moved
        and last.as_of == last.now
        and last.generation == _text(folder / ".generation").strip()
        and last.settings == version_of_settings(stated)
        and last.code == code_versions.of_everything()
    )


def _tell(last: LastBuilt, folder: Path, *, as_json: bool) -> None:
    problems, pages = last.report["problems"], last.report["pages"]
    total = sum(count for states in pages.values() for count in states.values())
    if as_json:
        written = {"changed": 0, "unchanged": last.report["files"], "removed": 0, "generation": last.generation}
        found = {
            "as_of": last.as_of.isoformat(),
            "output_dir": str(folder),
            "pages": pages,
            "looked_at": 0,
            "rendered": 0,
            "same": 0,
            "written": written,
            "is_all_recorded": last.report["is_all_recorded"],
            "problems": problems,
            "found": [],
            "pages_n": total,
        }
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
        return
    for problem in problems:
        sys.stdout.write(f"Content: {problem}\n")
    shown = folder.absolute().relative_to(ROOT) if folder.absolute().is_relative_to(ROOT) else folder
    sys.stdout.write(f"Site: {total:,} pages in {shown}; nothing has changed since the last build.\n")


def _text(file: Path) -> str:
    try:
        return file.read_text("ascii") if not file.is_symlink() else ""
    except (OSError, ValueError):
        return ""
