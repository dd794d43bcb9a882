"""Make Google's rows of scrapers/facts/machine_places.csv from two lists of the machine types in its zones.

    python tools/make_machine_places.py MACHINETYPEREGION.csv VMS.csv --checked-on 2026-08-17

The first is tools/machinetyperegion.csv of github.com/Cyclenerd/google-cloud-pricing-cost-calculator, which `gcloud
compute machine-types list` made; --checked-on is the day of its commit.  The second is catalogs/v8/gcp/vms.csv of
github.com/skypilot-org/skypilot-catalog, made from the same lists by somebody else on another day, or the excerpt in
tests/scrapers/.  A region in both has the machine; a region in only one is written down as unknown, unless CONFIRMED
names a page of Google's that confirms it.  For a machine type that is not in the second list, the first decides.
"""

import argparse
import csv
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scrapers.fact_files import FACTS, fact_rows
from scrapers.providers.gcp import FAMILIES

COLUMNS = ("provider", "machine_type", "regions", "unknown", "elsewhere", "source", "licence", "checked_on")
SOURCE = "https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator/blob/master/tools/machinetyperegion.csv"

# Families and regions that are in only one list, but also on a page of Google's:
# https://docs.cloud.google.com/workstations/docs/available-gpus, as of 12 April 2026, has the H100 in europe-west8-c.
CONFIRMED = {("a3-highgpu", "europe-west8")}

Regions = Mapping[str, set[str]]


def machine_regions(path: Path, name: str, region: str, delimiter: str) -> Regions:
    """Regions by machine type, from a list with columns for both; only machines of our families."""
    found: dict[str, set[str]] = defaultdict(set)
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter=delimiter):
            if _family(row[name]) in FAMILIES:
                found[row[name]].add(row[region])
    return found


def rows(first: Regions, second: Regions, checked_on: str) -> Iterator[dict[str, str]]:
    """One row per machine type, by name."""
    for machine_type in sorted(first.keys() | second.keys()):
        known, unknown = compared(machine_type, first.get(machine_type, set()), second.get(machine_type))
        yield {
            "provider": "gcp",
            "machine_type": machine_type,
            "regions": " ".join(sorted(known)),
            "unknown": " ".join(sorted(unknown)),
            "elsewhere": "no",
            "source": SOURCE,
            "licence": "Apache-2.0",
            "checked_on": checked_on,
        }


def compared(machine_type: str, first: set[str], second: set[str] | None) -> tuple[set[str], set[str]]:
    """The regions that have the machine, and those that are in only one list."""
    if second is None:
        return first, set()
    known = {region for region in first | second if (_family(machine_type), region) in CONFIRMED} & (first ^ second)
    known |= first & second
    return known, (first | second) - known


def _family(machine_type: str) -> str:
    return "-".join(machine_type.split("-")[:2])


def main() -> None:
    """Rewrite the file; rows of other providers stay."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("--checked-on", required=True)
    asked = parser.parse_args()
    first = machine_regions(asked.first, "NAME", "ZONE", ";")
    second = machine_regions(asked.second, "InstanceType", "Region", ",")
    path = FACTS / "machine_places.csv"
    others = [row for row in fact_rows(path.name) if row["provider"] != "gcp"]
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows([*rows(first, second, asked.checked_on), *others])


if __name__ == "__main__":
    main()
