"""Versions of the code: of all of it, and of what each page type really uses.

A page is made again when a module, template or library that it uses has changed, and not when another has.  What uses
what is read from the import statements, without importing anything.
"""

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import xxhash

from generator.root import ROOT

_CODE = ("generator", "scrapers", "templates", "content", "sql")
_NO_CODE = {"__pycache__", "recorded", "bench"}
_OWN = ("generator", "scrapers")
_RENDERING = "generator.site.make"  # what every page goes through
_IMPORT = re.compile(r"^\s*(?:from ([\w.]+) import (\([^)]*\)|[^\n#]+)|import ([\w., ]+))", re.MULTILINE)
_NAME = re.compile(r"[\w.]+")
_TEMPLATE = re.compile(r"""\{%-?\s*(?:extends|include|from|import)\s+["']([^"']+)["']""")


def of_everything(root: Path = ROOT) -> str:
    """The version of all code, templates and texts; takes milliseconds."""
    found = {str(root / "requirements.lock")} if (root / "requirements.lock").exists() else set()
    for name in _CODE:
        for above, folders, files in os.walk(root / name):
            folders[:] = [folder for folder in folders if folder not in _NO_CODE]
            found.update(f"{above}/{file}" for file in files if not file.endswith(".pyc"))
    return _hash(found, root, _of_file)


def of_page_types(names: Iterable[str], root: Path = ROOT) -> Mapping[str, str]:
    """The version of what each of these page types uses: modules, templates and the libraries that they import."""
    every, libraries = _used(_RENDERING, root)
    of_file = cache(_of_file)  # most files are used by most page types

    def of_page_type(name: str) -> str:
        own, others = _used(f"generator.pages.{name}", root)
        installed = "".join(f"{library} {_installed(library)}\n" for library in sorted(libraries | others))
        return _hash({*every, *own, *_templates(f"{name}.html", root)}, root, of_file, installed)

    return {name: of_page_type(name) for name in names}


def _hash(files: set[str], root: Path, of_file: Callable[[str], bytes], beside: str = "") -> str:
    digest = xxhash.xxh3_64(beside.encode())
    for file in sorted(files):
        digest.update(file.removeprefix(f"{root}/").encode())
        digest.update(of_file(file))
    return digest.hexdigest()


def _of_file(file: str) -> bytes:
    with open(file, "rb") as opened:  # noqa: PTH123 (of hundreds of files, paths take longer than reading)
        return xxhash.xxh3_64_digest(opened.read())


@cache
def _used(module: str, root: Path) -> tuple[frozenset[str], frozenset[str]]:
    """The files that a module is made of with all that it imports, and the libraries that these import."""
    seen, files, libraries, waiting = {module}, set[str](), set[str](), [module]
    while waiting:
        name = waiting.pop()
        if name.partition(".")[0] not in _OWN:
            libraries.add(name.partition(".")[0])
            continue
        file, imported = _module(name, root)
        files.update(file)
        waiting.extend(imported - seen)
        seen |= imported
    return frozenset(files), frozenset(libraries - sys.stdlib_module_names)


@cache
def _module(name: str, root: Path) -> tuple[tuple[str, ...], frozenset[str]]:
    """The file of one of our modules, if it is one, and what it imports."""
    path = root.joinpath(*name.split("."))
    for file in (path.with_suffix(".py"), path / "__init__.py"):
        if file.is_file():
            return (str(file),), frozenset(_imports(file.read_text("utf-8")))
    return (), frozenset()


def _imports(text: str) -> Iterator[str]:
    for origin, names, modules in _IMPORT.findall(text):
        yield from _NAME.findall(modules)
        if origin:
            yield origin
            yield from (f"{origin}.{name}" for name in _NAME.findall(names) if origin.startswith(_OWN))


@cache
def _templates(name: str, root: Path) -> frozenset[str]:
    """A template with all that it extends, includes or imports, and the assets, whose addresses are on every page."""
    file = root / "templates" / name
    if not file.is_file():
        return frozenset()  # a file for programs
    below = (_templates(found, root) for found in _TEMPLATE.findall(file.read_text("utf-8")))
    assets = (str(file) for file in (root / "templates" / "assets").rglob("*") if file.is_file())
    return frozenset({str(file), *assets}.union(*below))


@cache
def _installed(library: str) -> str:
    from importlib.metadata import version  # noqa: PLC0415 (most builds have no new code)

    return ", ".join(sorted(f"{name} {version(name)}" for name in set(_distributions().get(library, ()))))


@cache
def _distributions() -> Mapping[str, list[str]]:
    from importlib.metadata import packages_distributions  # noqa: PLC0415

    return packages_distributions()
