"""Pin every dependency with its hashes: requirements.lock for a build, requirements-dev.lock for the tests."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPILE = ["uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-annotate", "--no-header"]


def main() -> None:
    """Write both lock files; neither names a registry."""
    for extra, name in ((), "requirements.lock"), (("--group", "dev"), "requirements-dev.lock"):
        command = [*COMPILE, "--python-version", "3.11", "pyproject.toml", *extra, "--output-file", name]
        subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=True)
        print(f"{name}: {sum('==' in line for line in (ROOT / name).read_text().splitlines())} packages")


if __name__ == "__main__":
    main()
