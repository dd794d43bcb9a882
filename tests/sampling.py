"""A matrix of which `make test` takes a sample, and `make test-long` all."""

from collections.abc import Iterable

import pytest


def sample(values: Iterable[object], count: int) -> list[object]:
    """All values for make test-long; the first so many are for make test, too."""
    return [value if number < count else _long(value) for number, value in enumerate(values)]


def _long(value: object) -> object:
    values = value if isinstance(value, tuple) else (value,)
    return pytest.param(*values, marks=pytest.mark.long)
