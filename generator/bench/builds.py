"""How long builds of a made-up site take, from the start of the process to its end, the database included.

Each round has a copy of the filled database, an empty output folder and, in turn, all builds and all yardsticks, so
that what else the machine does meets all of them; medians of the rounds are reported.  The builds run from a copy of
the code, whose template can be changed.  Before the rounds comes a first build, which draws all pictures and keeps
them for the others.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from statistics import median
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from generator import processes
from generator.bench import made_up_site, timed
from generator.bench.database import scratch
from generator.bench.made_up_site import Size
from generator.database import db
from generator.errors import BuildError
from generator.settings import ROOT, for_programs

Progress = Callable[[str], None]

_CODE = ("build.py", "generator", "scrapers", "templates", "sql", "content")
_TEMPLATE = Path("templates", "gpu_detail.html")
_BARE = "import psycopg, os; psycopg.connect(os.environ['DATABASE_URL']).execute('select 1').fetchone()"
_BARE_RUNS = 5
_MOST_IN_LOOP = 2_000
_MEMORY = Path("/dev/shm")  # noqa: S108 (a folder in it gets a name of its own)
_ROOM = 200_000  # bytes for a page: the site, the same bytes, a loop's
_PREFIX = "cloudgpus-bench-"


@dataclass(frozen=True, slots=True)
class Build:
    """A process that built the site: its seconds, by the clock and of all processors, and what it did.

    `made`: pages rendered; `changed`: pages whose file is another one since; `files`: written, of all kinds;
    `peak_mb`: the most memory of one of its processes.
    """

    seconds: float
    cpu_seconds: float
    peak_mb: float
    pages: int
    made: int
    changed: int
    files: int


@dataclass(frozen=True, slots=True)
class Round:
    """All builds by name, and in seconds the yardsticks.

    `page_bytes`: of all pages; `writing`: the same files; `loop_page`: a page in a plain Jinja2 loop; `bare`: a bare
    Python with one query.
    """

    builds: Mapping[str, Build]
    page_bytes: int
    writing: float
    loop_page: float
    bare: float


@dataclass(frozen=True, slots=True)
class Measured(Round):
    """The medians of all rounds."""

    pages: int
    rounds: int

    @property
    def ratios(self) -> Mapping[str, float]:
        """What the issue of speed is about: figures that another machine has, too."""
        full, same = self.builds["full"], self.builds["no change"]
        return {
            "full build to writing the bytes": full.seconds / self.writing,
            "plain loop to full build": self.loop_page * self.pages / full.seconds,
            "no change to bare Python": same.seconds / self.bare,
            **{f"{name} to full build": one.seconds / full.seconds for name, one in self.builds.items() if one != full},
        }


def measure(conninfo: str, size: Size, rounds: int, progress: Progress = lambda _: None) -> Measured:
    """Measure all builds in so many rounds.  Raises BuildError where one fails, or makes fewer pages than expected."""
    with made_up_site.made_up(conninfo, size, progress) as filled, _folder(size) as folder:
        code = _copied(folder / "code")
        found = []
        progress("a first build, whose pictures are kept")
        with scratch(conninfo, "first", str(conninfo_to_dict(filled)["dbname"])) as database:
            first = _Bench(code, folder, database, progress).first()
        for number in range(1, rounds + 1):
            progress(f"round {number} of {rounds}")
            with scratch(conninfo, f"round_{number}", str(conninfo_to_dict(filled)["dbname"])) as database:
                found.append(_Bench(code, folder, database, progress).round())
    full = found[0].builds["full"]
    if full.pages < size.pages:
        raise BuildError(f"bench: {full.pages} pages; expected {size.pages} or more: has a page type changed?")
    medians = _medians(found)
    return replace(medians, builds={**medians.builds, "first": first})


class _Bench:
    """One round: a checkout, a folder and a database of its own."""

    def __init__(self, code: Path, folder: Path, database: str, progress: Progress) -> None:
        self.code, self.folder, self.database, self.progress = code, folder, database, progress
        self.site, self.bare_folder = folder / "site", folder / "bare"

    def first(self) -> Build:
        """A build that finds nothing kept: it draws each page's picture."""
        built = self._build("first")
        shutil.rmtree(self.site)
        return built

    def round(self) -> Round:
        """Make the builds, with the yardsticks after the first."""
        steps: dict[str, Callable[[], None]] = {
            "full": lambda: None,
            "no change": lambda: None,
            "one price": lambda: self._store(made_up_site.change_a_price),
            "one template": lambda: _edit(self.code / _TEMPLATE),
            "a new day": lambda: self._store(made_up_site.begin_next_day),
        }
        builds = {}
        try:
            for name, prepare in steps.items():
                self.progress(f"  {name}")
                prepare()
                builds[name] = self._build(name)
                if name == "full":
                    written = self._yardstick("writing", str(self.site))
        finally:
            shutil.copy2(ROOT / _TEMPLATE, self.code / _TEMPLATE)
        self.progress("  a plain loop")
        looped = self._yardstick("loop", str(_MOST_IN_LOOP))
        bare = median(self._timed("bare Python", ["-c", _BARE])[0]["seconds"] for _ in range(_BARE_RUNS))
        shutil.rmtree(self.site)
        return Round(builds, int(written["page_bytes"]), written["seconds"], looped["seconds"] / looped["pages"], bare)

    def _store(self, change: Callable[[db.Connection], None]) -> None:
        with db.connect(self.database) as connection:
            change(connection)

    def _build(self, name: str) -> Build:
        before = _pages(self.site)
        used, report = self._timed(name, ["build.py", "render", "--json", "--out", str(self.site)])
        return Build(
            **used,
            pages=report["pages_n"],
            made=report["rendered"],
            changed=len(_pages(self.site).items() - before.items()),
            files=report["written"]["changed"],
        )

    def _yardstick(self, which: str, what: str) -> dict[str, float]:
        _, found = self._timed(which, ["-m", "generator.bench.yardsticks", which, what, str(self.bare_folder)])
        shutil.rmtree(self.bare_folder)
        return dict(found)

    def _timed(self, name: str, arguments: Sequence[str]) -> tuple[dict[str, float], Any]:
        """Run Python with these arguments: what it used, and what it printed as JSON."""
        printed = self.folder / "printed"
        command = [sys.executable, "-I", "-S", timed.__file__, str(printed), sys.executable, *arguments]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        done = processes.run(command, cwd=self.code, env=self._environment(), **pipes)
        if done.returncode:
            last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
            raise BuildError(f"bench: {name}: {last.removeprefix('Error: ') or f'ended with {done.returncode}'}")
        return json.loads(done.stdout), json.loads(printed.read_bytes() or b"null")

    def _environment(self) -> dict[str, str]:
        """The environment without this site's own settings."""
        kept = {name: value for name, value in for_programs().items() if not name.startswith("CLOUDGPUS_")}
        return {**kept, "DATABASE_URL": self.database, "CLOUDGPUS_DATA_DIR": str(self.folder / "data")}


@contextmanager
def _folder(size: Size) -> Iterator[Path]:
    """A temporary folder, in memory where there is room, so that no disk is measured."""
    is_roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > size.pages * _ROOM
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=_MEMORY if is_roomy else None) as name:
        yield Path(name)


def _copied(folder: Path) -> Path:
    """A copy of the code that builds use."""
    folder.mkdir()
    for name in _CODE:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, folder / name)
    return folder


def _pages(site: Path) -> dict[Path, tuple[int, int]]:
    """The pages of a site, each with what another file in its place would not have."""
    return {file: (found.st_ino, found.st_mtime_ns) for file in site.rglob("*.html") if (found := file.stat())}


def _edit(template: Path) -> None:
    """Add an element to a template, which its pages then show."""
    before, body = template.read_text("utf-8"), "{% block body %}"
    after = before.replace(body, f"{body}<wbr>", 1)
    if after == before:
        raise BuildError(f"{template}: no {body}; expected one to change")
    template.write_text(after, "utf-8")


def _medians(rounds: Sequence[Round]) -> Measured:
    names = rounds[0].builds
    return Measured(
        builds={name: _median_build([one.builds[name] for one in rounds]) for name in names},
        page_bytes=rounds[0].page_bytes,
        writing=median(one.writing for one in rounds),
        loop_page=median(one.loop_page for one in rounds),
        bare=median(one.bare for one in rounds),
        pages=rounds[0].builds["full"].pages,
        rounds=len(rounds),
    )


def _median_build(builds: Sequence[Build]) -> Build:
    values = {field.name: median(getattr(one, field.name) for one in builds) for field in fields(Build)}
    whole = {name: int(values[name]) for name in ("pages", "made", "changed", "files")}
    return Build(**{**values, **whole})
