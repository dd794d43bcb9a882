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
        self._half = most // 2
        self._new: dict[tuple[Any, ...], tuple[object, Any]] = {}
        self._old: dict[tuple[Any, ...], tuple[object, Any]] = {}

    def __len__(self) -> int:
        return len(self._new) + len(self._old)

    def __call__(self, function: Callable[..., R], *values: Any) -> R:
        """What `function` makes of these values; only the first is told by its identity."""
        key = (function, id(values[0]), *values[1:]) if values else (function,)
        found = self._new.get(key)
        if found is None:
            found = self._old.pop(key, None) or (values, function(*values))
            self._keep(key, found)
        result: R = found[1]
        return result

    def _keep(self, key: tuple[Any, ...], found: tuple[object, Any]) -> None:
        """Keep a result; what was not asked for since half as many others came is forgotten."""
        if len(self._new) >= self._half:
            self._old, self._new = self._new, {}
        self._new[key] = found
