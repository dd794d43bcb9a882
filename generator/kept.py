"""Results of pure functions, kept for the next time that the same object is given."""

from collections.abc import Callable
from typing import Any, TypeVar

R = TypeVar("R")


class Kept:
    """What functions made of objects that don't change, such as blocks and tuples.

    An object is told by its identity, since to compare all of it takes longer than most functions need.  It is kept as
    long as the result, so that no other object can have its identity.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[tuple[Any, ...], tuple[object, Any]] = {}

    def __call__(self, function: Callable[..., R], *values: Any) -> R:
        """What `function` makes of these values; only the first is told by its identity."""
        key = (function, id(values[0]), *values[1:]) if values else (function,)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= self._most:
                self._kept.clear()
            found = self._kept[key] = values, function(*values)
        result: R = found[1]
        return result
