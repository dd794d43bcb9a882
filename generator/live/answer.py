"""What a page's address is answered with, and how it goes from the process that makes pages to the one that serves."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def packed(self) -> bytes:
        """A line of JSON, with the body's length, and the body."""
        head = {"status": self.status, "headers": dict(self.headers), "length": len(self.body)}
        return orjson.dumps(head) + b"\n" + self.body
