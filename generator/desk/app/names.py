"""GPU names that no alias knows: an editor says which GPU one means, and it becomes a row of sql/seed/gpu_aliases.csv.

That file is where aliases are, and belongs into the next commit; the database has the name at once.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from threading import Lock

from starlette.responses import Response

from generator.database import db
from generator.database.seed_files import Seeds
from generator.desk.app import answers
from generator.desk.app.asked import Asked, Refusal
from generator.desk.app.desk import Desk
from generator.desk.app.words import gigabytes
from generator.errors import BuildError
from generator.ingest.interpretation import AliasRow
from scrapers.gpu_names import Alias, GpuNames, key

_FILE = "gpu_aliases.csv"
_writing = Lock()


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A GPU name that is unknown."""

    provider: str
    gpu_name: str
    gpu_memory_gb: Decimal | None
    example_instance_type: str | None
    offers: int
    last_seen_at: datetime


def unmapped(connection: db.Connection) -> Sequence[Unmapped]:
    """The names that no alias knows; one that was mapped since is left out, though no answer was read since."""
    found = db.rows(connection, "unmapped_names", Unmapped)
    if not found:
        return found
    names = GpuNames([Alias(*astuple(row)) for row in db.rows(connection, "gpu_names", AliasRow)])
    return [one for one in found if names.resolve(one.gpu_name, one.gpu_memory_gb).slug is None]


def gpus(folder: Path) -> Sequence[tuple[str, str]]:
    """Every GPU that a name may mean: slug and name."""
    return sorted((gpu.slug, gpu.name) for gpu in Seeds(folder).gpus)


def map_name(desk: Desk, asked: Asked) -> Response:
    """Say which GPU a name means."""
    name, slug = asked.field("name"), asked.field("gpu")
    memory = asked.field("memory")
    known = unmapped(asked.connection)
    found = next((one for one in known if (one.gpu_name, gigabytes(one.gpu_memory_gb)) == (name, memory)), None)
    if found is None:
        raise Refusal(409, f"{name[:80]!r} is not an unknown name any more")
    stated = memory if asked.field("with_memory") else ""
    with _added(desk.seed, (name, stated, slug)):
        _store(asked, found, stated, slug)
    means = f"{name} means {slug}" + (f" where {stated} GB are stated" if stated else "")
    asked.session.said = f"{means}. It counts from the next answer on: build.py refresh {found.provider} --force"
    return answers.go_to("/?tab=names")


@contextmanager
def _added(folder: Path, row: Sequence[str]) -> Iterator[None]:
    """A row more in the seed; where the seeds, or the block, refuse it, the file is as it was."""
    file = folder / _FILE
    with _writing:
        before = file.read_bytes()
        line = io.StringIO()
        csv.writer(line, lineterminator="\n").writerow(row)
        file.write_bytes(before.removesuffix(b"\n") + b"\n" + line.getvalue().encode())
        try:
            len(Seeds(folder).aliases)
            yield
        except (BuildError, db.Error) as error:
            file.write_bytes(before)
            why = db.said(error) if isinstance(error, db.Error) else error.format_message()
            raise Refusal(409, why) from None


def _store(asked: Asked, name: Unmapped, memory: str, slug: str) -> None:
    told = db.json({"provider": name.provider, "gpu": slug, "memory_gb": memory})
    with asked.connection.transaction():
        db.execute(
            asked.connection,
            "name_gpu",
            stated=name.gpu_name,
            spelling=key(name.gpu_name),
            memory=Decimal(memory) if memory else None,
            gpu=slug,
            actor=asked.actor,
            told=told,
            at=asked.at,
        )
