"""The claim to a destination: which publish is at work there, and how far it may have got.

It is one record, `.publish/pending.json`, that is only ever put if it is still as it was last seen.  A killed publish
leaves it; the next one takes it over, with what it says.  So does one that was started beside another: the other finds
its claim gone, and stops.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from uuid import uuid4

import orjson
from pydantic import TypeAdapter, ValidationError

from generator.publishing.stores import HIDDEN, Overtaken, Store

PENDING = f"{HIDDEN}/pending.json"


@dataclass(frozen=True, slots=True)
class Pending:
    """A publish that has not finished.

    `base` and `target` are the hashes of the lists that it goes from and to, `tried` those to which killed publishes
    before it went: readers may still hold their pages.  `touched` are the files that may be other than in `base`,
    `kept` those whose bytes in `base` are kept.  Search engines are to be told of the `due` addresses in any case, of
    the `changed` ones once `target` is published.
    """

    base: str = ""
    target: str = ""
    touched: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    due: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


_PENDING = TypeAdapter(Pending)


class Claim:
    """The claim of this process; `left` is what the one before it left unfinished."""

    def __init__(self, store: Store) -> None:
        self._store, self._token = store, uuid4().hex
        found = store.get(PENDING)
        self._etag = found.etag if found else None
        self.left = _read(found.data) if found else None

    def note(self, pending: Pending) -> None:
        """Take the claim, or note the next step.  Raises Overtaken where another publish has it."""
        mine = {**asdict(pending), "token": self._token}  # so that no two claims have the same bytes, and so one etag
        self._etag = self._store.put_if(PENDING, orjson.dumps(mine), self._etag)

    def check(self) -> None:
        """Raise Overtaken where another publish has taken the claim."""
        found = self._store.head(PENDING)
        if found is None or found.etag != self._etag:
            raise Overtaken(
                f"{self._store.name}: another publish has begun there; this one stops, and that one goes on"
            )

    def leave(self, touched: Sequence[str]) -> None:
        """Note, after the claim was taken, that these files may be this publish's; not while the other is at work."""
        with suppress(Overtaken):
            self._store.put_if(PENDING, orjson.dumps(Pending(touched=list(touched))), None)

    def release(self, unsent: Sequence[str] = ()) -> None:
        """Finish; `unsent` addresses are left for the next publish."""
        if unsent:
            self.note(Pending(due=list(unsent)))
        else:
            self.check()
            self._store.delete([PENDING])


def left_of(left: Pending | None, base: str) -> Pending:
    """What a publish left unfinished, as seen from the list that is published now.

    Where that is the list to which it led, all that remained was to remove files and to tell search engines.  Where it
    is neither this nor the list from which it began, nobody knows what the touched files hold: none can be kept.
    """
    if left is None:
        return Pending(base)
    has_ended = left.target == base
    kept = left.kept if left.base == base else [] if has_ended else left.touched
    due = [*left.due, *(left.changed if has_ended else [])]
    target = left.target if has_ended else ""
    return Pending(base, target, left.touched, kept, [*left.tried, left.target], due)


def _read(data: bytes) -> Pending:
    """A pending publish; one that can't be read counts as one that touched nothing."""
    try:
        return _PENDING.validate_json(data)
    except ValidationError:
        return Pending()
