"""What a feed says; its addresses are absolute."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry; `id` is the same in every build."""

    id: str
    title: str
    summary: str
    url: str
    updated: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed of the page at `url`; `updated` is the time of its newest entry, if it has any.

    `folder_url` is where its files are.
    """

    title: str
    author: str
    url: str
    folder_url: str
    updated: datetime
    entries: tuple[Entry, ...]
