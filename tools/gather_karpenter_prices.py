"""Gather on-demand prices from the git history of a Karpenter provider, for make_reference_history.py.

    python tools/gather_karpenter_prices.py aws REPOSITORY FOLDER
    python tools/gather_karpenter_prices.py azure REPOSITORY FOLDER

REPOSITORY is a git directory of aws/karpenter-provider-aws or Azure/karpenter-provider-azure.  AWS and Microsoft keep
the answers of their price APIs there as Go source: US dollars per machine-hour by region and machine type, Linux, with
the time of the answer.  Each such edition becomes rows of FOLDER's gzipped CSV, for the regions in CLOUDS and the
machine types in sql/seed/machine_types.csv; shares of a GPU are left out.
"""

import csv
import gzip
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from generator.database.seed_files import Seeds
from generator.database.seeds import SEED

CLOUDS = {
    "aws": ("karpenter_aws.csv.gz", frozenset({"us-east-1"})),
    "azure": ("karpenter_azure.csv.gz", frozenset({"eastus", "southcentralus", "swedencentral"})),
}
COLUMNS = (
    "recorded_at",
    "provider",
    "instance_type",
    "gpu",
    "gpu_count",
    "price_per_hour",
    "price_per_hour_spot",
    "region",
    "note",
)

# "// generated at 2026-07-20T13:44:30Z for us-east-1"; the earliest table has no time and is left out.
_EDITION = re.compile(r"^// generated at (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)(?: for (\S+))?", re.MULTILINE)
# A region's table begins as a key ("us-east-1": {) or as an assignment (prices["us-east-1"] = map...{); in it are
# machine types with their prices ("p5.48xlarge": 55.04).
_LINE = re.compile(
    r'(?:^\s*|\[)"(?P<region>[a-z0-9-]+)"(?::|\] = map\S*?) ?\{|"(?P<machine>[^"]+)":\s*(?P<price>[\d.]+)', re.MULTILINE
)


class Price(NamedTuple):
    """A machine type's price in a region at a time, US dollars per machine-hour."""

    recorded_at: str
    region: str
    machine_type: str
    price: str


def prices(source: str) -> Iterator[Price]:
    """The prices of one edition; none where it has no time."""
    edition = _EDITION.search(source)
    if edition is None:
        return
    recorded_at, region = edition[1], edition[2] or ""
    for found in _LINE.finditer(source):
        region = found["region"] or region
        if found["machine"]:
            yield Price(recorded_at, region, found["machine"], found["price"])


def editions(repository: Path) -> Iterator[str]:
    """The text of every price table in the history."""
    changes = ("log", "--format=%H", "--", "*zz_generated*pricing*.go")
    for commit in _git(repository, *changes).split():
        for name in _git(repository, "ls-tree", "-r", "--name-only", commit).splitlines():
            if "zz_generated" in name and "pricing" in name:
                yield _git(repository, "show", f"{commit}:{name}")


def _git(repository: Path, *arguments: str) -> str:
    command = ["git", f"--git-dir={repository}", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def rows(cloud: str, found: Iterator[Price], seeds: Seeds) -> list[tuple[str, ...]]:
    """Rows in the order of COLUMNS, by time; an edition in several commits counts once."""
    regions = CLOUDS[cloud][1]
    return [
        (at, cloud, machine, known.slug, str(known.gpu_count), price, "", region, "on-demand")
        for at, region, machine, price in sorted(set(found))
        if region in regions and (known := seeds.machine_types.get(machine)) and known.share == 1
    ]


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in CLOUDS:
        raise SystemExit(__doc__)
    gathered = rows(sys.argv[1], (one for text in editions(Path(sys.argv[2])) for one in prices(text)), Seeds(SEED))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *gathered])
    file = Path(sys.argv[3]) / CLOUDS[sys.argv[1]][0]
    file.write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))
    print(f"{len(gathered)} prices in {file}")
