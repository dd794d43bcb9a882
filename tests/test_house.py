"""The architecture in CONTRIBUTING.md: which folder may use which, and how long and complex the code may be."""

import ast
import json
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PLAN = re.findall(
    r"^\| `((?:scrapers|generator)[\w/]*)` \|", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE
)
OURS = ("build.py", "generator", "scrapers", "tools")
CODE = [ROOT / "build.py", *(file for name in OURS for file in sorted((ROOT / name).rglob("*.py")))]


def folder_of(module):
    """The folder in CONTRIBUTING.md's table that a module lies in."""
    parts = module.split(".")
    return max((place for place in PLAN if parts[: place.count("/") + 1] == place.split("/")), key=len, default="")


def imports_of(file):
    """The modules that a file imports, inside functions too."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def name_of(file):
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def functions():
    for file in CODE:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


def test_every_folder_is_in_the_table():
    folders = {name_of(file.parent / "x").removesuffix(".x") for file in (ROOT / "generator").glob("*/*.py")}
    assert {folder.replace(".", "/") for folder in folders} <= set(PLAN)


@pytest.mark.parametrize("folder", PLAN)
def test_a_folder_uses_only_those_above_it_in_the_table(folder):
    below = set(PLAN[PLAN.index(folder) + 1 :])
    for file in CODE:
        if folder_of(name_of(file)) == folder:
            wrong = {module for module in imports_of(file) if folder_of(module) in below}
            assert wrong == set(), f"{file.relative_to(ROOT)} imports {wrong}"


def test_no_module_is_longer_than_400_lines():
    lines = {str(file.relative_to(ROOT)): len(file.read_text("utf-8").splitlines()) for file in CODE}
    assert {name: count for name, count in lines.items() if count > 400} == {}


def test_functions_are_short():
    lengths = [node.end_lineno - node.lineno + 1 for node in functions()]
    assert statistics.median(lengths) <= 8
    assert statistics.quantiles(lengths, n=10)[-1] <= 26


def test_functions_are_simple():
    every = ("--select=C901", "--config=lint.mccabe.max-complexity=0", "--output-format=json", "--exit-zero")
    found = subprocess.run(
        [sys.executable, "-m", "ruff", "check", *every, *OURS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    complexity = [int(re.search(r"\((\d+) > 0\)", one["message"])[1]) for one in json.loads(found.stdout)]
    assert len(complexity) > 1500
    assert statistics.quantiles(complexity, n=10)[-1] <= 7
    assert max(complexity) <= 12
