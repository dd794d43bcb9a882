"""The fact sheet: all that a generator is told of a page."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import orjson

from generator.prose.characters import seen

QUOTE_LENGTH = 200
"""Characters of a quoted text that are handed on."""


@dataclass(frozen=True, slots=True)
class SheetFact:
    """A binding that a text may use: "floor:h100-sxm", what it means, and its value today."""

    source: str
    meaning: str
    value: str
    unit: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that are not ours: who says them ("provider:nimbus") and, shortened, what."""

    of: str
    text: str

    @property
    def shown(self) -> str:
        """The text on one line of printable characters, `QUOTE_LENGTH` at most."""
        return " ".join(seen(self.text, " ").split())[:QUOTE_LENGTH]


@dataclass(frozen=True, slots=True)
class FactSheet:
    """What may be said of a page's subject.

    `predicates` are the claims that a text may make, with their arguments ("cheaper_than:h100-sxm:h200-sxm");
    `forbidden` are topics that it must not touch.
    """

    slug: str
    page_type: str
    subject: str
    facts: tuple[SheetFact, ...]
    predicates: tuple[str, ...] = ()
    quoted: tuple[Quote, ...] = ()
    forbidden: tuple[str, ...] = ()

    @property
    def json(self) -> str:
        """The sheet as canonical JSON."""
        return _canonical(self._plain())

    def fingerprint(self, prompt: str, model: str) -> str:
        """The SHA-256, in hex, of the sheet, the prompt and the model's name: the same one asks for no new draft.

        The facts' days don't count, or every day would be a change.
        """
        plain = self._plain()
        facts = [{name: value for name, value in fact.items() if name != "as_of"} for fact in plain["facts"]]
        return hashlib.sha256(_canonical([plain | {"facts": facts}, prompt, model]).encode()).hexdigest()

    def _plain(self) -> dict[str, Any]:
        return asdict(self) | {"quoted": [{"of": quote.of, "text": quote.shown} for quote in self.quoted]}


def _canonical(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
