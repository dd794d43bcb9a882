"""Templates compiled once a run, not once a build."""

from collections.abc import Iterator
from functools import partial

import pytest
from jinja2 import Environment, FileSystemBytecodeCache

from generator.site import render


@pytest.fixture(scope="session", autouse=True)
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Where Jinja keeps what it compiled."""
    cache = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(render, "Environment", partial(Environment, bytecode_cache=cache))
        yield
