"""Rehearse point-in-time recovery on this machine, with servers of its own: python -m tools.rehearse_recovery.

It needs only the project's environment, takes half a minute, and leaves nothing behind.  The exit status is 1 where
data were not recovered.
"""

import sys

from generator.database.recovery import rehearse
from generator.errors import BuildError
from generator.processes import orderly


def main() -> int:
    """Rehearse and report; return the exit status."""
    try:
        proved = rehearse(print)
    except BuildError as error:
        print(f"Error: {error.message}", file=sys.stderr)
        return 1
    print(
        f"Recovered: {proved.rows:,} rows in {proved.tables} tables are as they were at {proved.recovered_to:%H:%M:%S}"
        f" UTC, from a base backup and {proved.archived_files} archived files."
    )
    return 0


if __name__ == "__main__":
    with orderly():
        sys.exit(main())
