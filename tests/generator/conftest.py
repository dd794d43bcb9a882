"""Templates compiled and pictures drawn once a run, not once a build."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemBytecodeCache

from generator.site import render


@pytest.fixture(scope="session", autouse=True)
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Where Jinja keeps what it compiled: for each base its own, since constant addresses are compiled in."""
    kept, made = tmp_path_factory.mktemp("templates"), render.environment

    def environment(base: str = "", folder: Path = render.TEMPLATES) -> Environment:
        environment = made(base, folder)
        environment.bytecode_cache = FileSystemBytecodeCache(str(kept), base.replace("/", "-") + "%s")
        return environment

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(render, "environment", environment)
        yield


@pytest.fixture(scope="session", autouse=True)
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Where builds keep pictures."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CLOUDGPUS_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        yield
