"""Write templates/assets/minisearch.js, the search library of the site, from the npm package that is pinned.

    npm ci --ignore-scripts && python3 tools/minisearch.py

The site is built without Node, so the result is kept; a test tells where it is not what the package gives.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "node_modules" / "minisearch"
FILE = ROOT / "templates" / "assets" / "minisearch.js"


def minified(node: str = "node") -> str:
    """The library as the browser gets it, with its licence."""
    terser = ROOT / "node_modules" / "terser" / "bin" / "terser"
    library = PACKAGE / "dist" / "es" / "index.js"
    done = subprocess.run(
        [node, terser, library, "--module", "--compress", "--mangle"], capture_output=True, check=True
    )
    licence = "\n".join(f" * {line}".rstrip() for line in (PACKAGE / "LICENSE.txt").read_text("utf-8").splitlines())
    return f"/* MiniSearch, minified.\n *\n{licence}\n */\n{done.stdout.decode().strip()}\n"


if __name__ == "__main__":
    FILE.write_text(minified(*sys.argv[1:]), "utf-8")
