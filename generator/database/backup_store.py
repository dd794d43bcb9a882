"""Backups in a private object store (S3 and what speaks like it), encrypted with age.

A dump is taken and verified as any other, encrypted, uploaded, read back and compared; then its description, and last
of all the mark `latest.age`, which names the newest one.  The mark is moved only if it is still the one that was read
before the dump, so of two backups at once one is refused.  Nothing in the store is ever overwritten but the mark.

All objects are files that the program `age` decrypts with the same key.  The key also vouches for them: whoever can
write to the store but does not know it can't make an object that it opens.
"""

import hashlib
import re
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import obstore
import orjson
import pyrage
from obstore.exceptions import AlreadyExistsError, PreconditionError
from obstore.store import S3Store
from pydantic import SecretStr

from generator import s3
from generator.database import backup, db
from generator.errors import BuildError

LATEST, _AGE = "latest.age", ".age"
_NAME = re.compile(r"cloudgpus_(\d{8}_\d{6})\.dump(\.json)?\.age")
_CHUNK = 8 << 20


@dataclass(frozen=True, slots=True)
class LastRun:
    """The newest run of a database, which tells whether another one goes on from it."""

    id: int
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Stored:
    """A backup in a store: its dump's name, its record, and the size and SHA-256 of the encrypted dump.

    `run` is a run that its database holds; None where there had been no run.
    """

    name: str
    record: bytes
    bytes: int
    sha256: str
    run: LastRun | None


@dataclass(frozen=True, slots=True)
class Store:
    """A store, its address as people wrote it, and the key."""

    objects: S3Store
    address: str
    key: Any  # pyrage.x25519.Identity


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark as it was read: the newest backup and the mark's version, both None where the store is empty."""

    stored: Stored | None
    version: str | None


@dataclass(frozen=True, slots=True)
class _Has:
    it: bool


def new_key() -> str:
    """A new key: an age identity."""
    return str(pyrage.x25519.Identity.generate())


def opened(address: str, key: SecretStr | None, environment: Mapping[str, str]) -> Store:
    """The store at an address such as s3://bucket/prefix.  Raises BuildError where it or the key can't be used."""
    try:
        identity = pyrage.x25519.Identity.from_str(key.get_secret_value() if key else "")
    except pyrage.IdentityError:
        found = "is not set" if key is None else "is no age key"
        raise BuildError(
            f"CLOUDGPUS_BACKUP_KEY {found}; expected AGE-SECRET-KEY-1...; build.py db new-key makes one"
        ) from None
    return Store(s3.opened(address, environment), address.rstrip("/"), identity)


def mark(store: Store) -> Mark:
    """The mark.  Raises BuildError where there are backups without one: the newest of them is not known."""
    with s3.explained(store.address):
        names = {str(one["path"]) for batch in obstore.list(store.objects) for one in batch}
        if LATEST not in names:
            if any(_NAME.fullmatch(name) for name in names):
                raise BuildError(
                    f"{store.address}: has backups, but no {LATEST}; expected both; restore one by its name"
                )
            return Mark(None, None)
        found = obstore.get(store.objects, LATEST)
        version = found.meta["e_tag"]
        sealed = found.bytes().to_bytes()
    return Mark(_description(store, sealed, LATEST), version)


def require_successor(connection: db.Connection, found: Mark, address: str) -> None:
    """Require that this database goes on from the newest backup.  Raises BuildError for another, such as a new one."""
    run = found.stored.run if found.stored else None
    if run is None or db.rows(connection, "backup_has_run", _Has, id=run.id, started_at=run.started_at)[0].it:
        return
    raise BuildError(
        f"{address}: its newest backup holds runs that this database has not; nothing was stored: "
        "run build.py db restore --latest first, or db backup --allow-other"
    )


def put(store: Store, conninfo: str, now: datetime, found: Mark) -> Stored:
    """Take a verified backup and store it; `found` is the mark as read before.

    Raises BuildError where the mark has moved since, and where the store keeps anything else than was sent.
    """
    with db.connect(conninfo) as connection:
        # Before the dump, which therefore holds it.
        run = next(iter(db.rows(connection, "backup_last_run", LastRun)), None)
    with tempfile.TemporaryDirectory(prefix="cloudgpus-backup-") as folder:
        made = backup.take(conninfo, Path(folder), now)
        sealed = made.file.with_name(made.file.name + _AGE)
        pyrage.encrypt_file(str(made.file), str(sealed), [store.key.to_public()])
        stored = Stored(
            name=made.file.name,
            record=backup.record_of(made.file).read_bytes(),
            bytes=sealed.stat().st_size,
            sha256=_sha256(sealed),
            run=run,
        )
        with s3.explained(store.address):
            _require_new(store, sealed.name)
            obstore.put(store.objects, sealed.name, sealed)
            _require_same(store, stored)
    _describe(store, stored, found)
    return stored


def fetch(store: Store, stored: Stored, folder: Path) -> Path:
    """Fetch a dump and its record into a folder.  Raises BuildError where it is not what was stored."""
    file, sealed = folder / stored.name, folder / (stored.name + _AGE)
    with s3.explained(store.address), sealed.open("xb") as written:
        found = _sha256_of(store, stored, written)
    if found != stored.sha256:
        raise _damaged(store, sealed.name)
    try:
        pyrage.decrypt_file(str(sealed), str(file), [store.key])
    except (pyrage.DecryptError, OSError):
        raise _damaged(store, sealed.name) from None
    file.chmod(0o600)
    sealed.unlink()
    backup.record_of(file).write_bytes(stored.record)
    return file


def named(store: Store, name: str) -> Stored:
    """The backup whose dump has a name, such as cloudgpus_20260822_022000.dump.  Raises BuildError where none has."""
    described = f"{name.removesuffix(_AGE)}.json{_AGE}"
    with s3.explained(store.address):
        sealed = obstore.get(store.objects, described).bytes().to_bytes()
    return _description(store, sealed, described)


def retire(store: Store, now: datetime, keep: timedelta) -> Sequence[str]:
    """Delete backups older than `keep`, except the newest, and what killed ones left; return the names."""
    newest = mark(store).stored
    kept = {f"{newest.name}{_AGE}", f"{newest.name}.json{_AGE}"} if newest else set()
    with s3.explained(store.address):
        names = sorted(str(one["path"]) for batch in obstore.list(store.objects) for one in batch)
        old = [name for name in names if name not in kept and _is_older(name, now - keep)]
        for name in old:
            obstore.delete(store.objects, name)
    return old


def _is_older(name: str, than: datetime) -> bool:
    found = _NAME.fullmatch(name)
    return found is not None and datetime.strptime(found[1], backup.STAMP).replace(tzinfo=UTC) < than


def _describe(store: Store, stored: Stored, found: Mark) -> None:
    """Put the description, then move the mark, unless somebody else has moved it."""
    text = orjson.dumps({**asdict(stored), "record": stored.record.decode()})
    sealed = pyrage.encrypt(text, [store.key.to_public()])
    mode: Literal["create"] | dict[str, str] = {"e_tag": found.version} if found.version else "create"
    with s3.explained(store.address):
        obstore.put(store.objects, f"{stored.name}.json{_AGE}", sealed)
        try:
            obstore.put(store.objects, LATEST, sealed, mode=mode)  # type: ignore[arg-type]
        except (AlreadyExistsError, PreconditionError):
            if obstore.get(store.objects, LATEST).bytes().to_bytes() == sealed:
                return  # it was put, the answer got lost, and the second attempt found it there
            problem = "another backup was stored meanwhile and stays the newest; run one at a time"
            raise BuildError(f"{store.address}: {problem}") from None


def _description(store: Store, sealed: bytes, name: str) -> Stored:
    try:
        stated = orjson.loads(pyrage.decrypt(sealed, [store.key]))
        run = stated["run"] and LastRun(stated["run"]["id"], datetime.fromisoformat(stated["run"]["started_at"]))
        return Stored(**{**stated, "record": stated["record"].encode(), "run": run})
    except pyrage.DecryptError:
        problem = "CLOUDGPUS_BACKUP_KEY does not open it; expected the key it was stored with"
        raise BuildError(f"{store.address}/{name}: {problem}") from None
    except (ValueError, TypeError, KeyError):
        raise _damaged(store, name) from None


def _damaged(store: Store, name: str) -> BuildError:
    return BuildError(f"{store.address}/{name}: damaged: not what was stored; restore another one by its name")


def _require_new(store: Store, name: str) -> None:
    with suppress(FileNotFoundError):
        obstore.head(store.objects, name)
        raise BuildError(f"{store.address}/{name}: exists already, from a backup in this very second; run it again")


def _require_same(store: Store, stored: Stored) -> None:
    if _sha256_of(store, stored) != stored.sha256:
        raise BuildError(f"{store.address}/{stored.name}{_AGE}: the store has other bytes than were sent; run it again")


def _sha256_of(store: Store, stored: Stored, written: Any = None) -> str:
    """The SHA-256 of a dump as the store sends it, in pieces that are written on where they are wanted."""
    digest = hashlib.sha256()
    for piece in obstore.get(store.objects, stored.name + _AGE).stream(_CHUNK):
        digest.update(piece)
        if written:
            written.write(piece)
    return digest.hexdigest()


def _sha256(file: Path) -> str:
    with file.open("rb") as opened_file:
        return hashlib.file_digest(opened_file, "sha256").hexdigest()
