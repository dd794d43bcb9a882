"""Run a command and print, as JSON, the seconds that it took and the most memory that one of its processes used.

    python -I -S timed.py <file for its output> <command> ...

A small program of its own, because Linux counts the memory of whoever starts a program as the program's own.
"""

import json
import os
import subprocess
import sys
import time


def main() -> None:
    """Run the command; exit as it does."""
    output, *command = sys.argv[1:]
    with open(output, "wb") as file:  # noqa: PTH123 (pathlib takes longer to import than the rest)
        start = time.perf_counter()
        with subprocess.Popen(command, stdout=file) as program:
            try:
                _, status, used = os.wait4(program.pid, 0)
            except KeyboardInterrupt:
                program.terminate()
                sys.exit(130)
            seconds = time.perf_counter() - start
            program.returncode = os.waitstatus_to_exitcode(status)
    peak_mb = used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    took = {"seconds": seconds, "cpu_seconds": used.ru_utime + used.ru_stime, "peak_mb": peak_mb}
    sys.stdout.write(json.dumps(took))
    sys.exit(program.returncode)


if __name__ == "__main__":
    main()
