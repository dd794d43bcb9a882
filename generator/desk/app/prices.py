"""The price desk: a price that is held back, beside what is shown, what others charge, and the answer it is from."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from starlette.responses import Response

from generator import labels
from generator.database import db
from generator.desk.app import answers, shell
from generator.desk.app.asked import Asked, Refusal
from generator.desk.app.desk import Desk
from generator.errors import BuildError
from generator.ingest import evidence, quarantine
from generator.ingest.quarantine import Decision, Entry
from scrapers.price_per_gpu_hour import PRICING_TYPES

_AROUND = 1500  # characters of the answer before and after the place
_DECISIONS: dict[str, tuple[Decision, str]] = {
    "release": ("release_price", "released"),
    "keep": ("keep_price_back", "kept back"),
    "correction": ("correct_price", "released as a correction"),
}


@dataclass(frozen=True, slots=True)
class PeerPrice:
    """A provider's lowest price of a GPU on demand, US dollars per GPU-hour."""

    provider: str
    provider_slug: str
    price_per_gpu_hour: Decimal
    offers_n: int


@dataclass(frozen=True, slots=True)
class Line:
    """A price that is held back, and the one that is shown instead; US dollars per GPU-hour."""

    pricing: str
    before: Decimal | None
    after: Decimal

    @property
    def change(self) -> Decimal | None:
        """How much more it is, as a share of what is shown."""
        return (self.after - self.before) / self.before if self.before else None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A part of an answer: what stands before the place, the place, what stands after it."""

    sha256: str
    url: str
    before: str
    place: str
    after: str


def show(desk: Desk, asked: Asked) -> Response:
    """One price that is held back."""
    entry = _entry(asked)
    peers = _peers(asked.connection, entry)
    values = {
        "entry": entry,
        "lines": list(_lines(entry)),
        "peers": peers,
        "median": _median([one.price_per_gpu_hour for one in peers]),
        "excerpt": _excerpt(asked.connection, entry),
    }
    return answers.page(shell.page(desk, asked, "price.html", f"{entry.provider}: {entry.instance_type}", values))


def answer(_: Desk, asked: Asked) -> Response:
    """The whole answer, as text."""
    capture, _job = evidence.found(asked.connection, asked.parts["hash"])
    return answers.plain(capture.body)


def decide(_: Desk, asked: Asked) -> Response:
    """Release a price, keep it back, or release it as the correction of one that was wrong."""
    entry = _entry(asked)
    stated = asked.field("decision")
    if stated not in _DECISIONS:
        raise Refusal(400, f"decision {stated[:40]!r}: expected one of {', '.join(_DECISIONS)}")
    decision, word = _DECISIONS[stated]
    reason = asked.field("reason")
    if stated != "release" and not reason:
        raise Refusal(400, f"a price is {word} for a reason; none was given")
    noted = f"correction: {reason}" if stated == "correction" else reason or None
    try:
        told = {"shown": entry.standing_price, "answer": entry.capture}
        quarantine.decide(asked.connection, entry.id, decision, by=asked.actor, at=asked.at, reason=noted, told=told)
    except BuildError as error:
        raise Refusal(409, error.format_message()) from None
    what = f"{entry.provider} {entry.instance_type or 'the whole answer'}"
    asked.session.said = f"{what} is {word}."
    return answers.go_to("/?tab=prices")


def _entry(asked: Asked) -> Entry:
    number = int(asked.parts["number"])
    found = next((one for one in quarantine.entries(asked.connection) if one.id == number), None)
    if found is None:
        raise Refusal(404, f"nothing in quarantine has the number {number}; it may have been decided already")
    return found


def _lines(entry: Entry) -> Iterator[Line]:
    if entry.is_answer:
        return
    for column, price in entry.prices.items():
        kind = PRICING_TYPES.get(column, column)
        shown = entry.standing_price if column == "price_per_hour" else None
        yield Line(labels.PRICING.get(kind, kind), shown, Decimal(price))


def _peers(connection: db.Connection, entry: Entry) -> Sequence[PeerPrice]:
    if entry.gpu_slug is None:
        return ()
    return db.rows(connection, "peer_prices", PeerPrice, gpu_slug=entry.gpu_slug, provider=entry.provider)


def _median(prices: Sequence[Decimal]) -> Decimal | None:
    """The middle one, the lower of two."""
    return sorted(prices)[(len(prices) - 1) // 2] if prices else None


def _excerpt(connection: db.Connection, entry: Entry) -> Excerpt | None:
    """The part of the answer around the instance's name; None where no answer is kept."""
    if entry.capture is None:
        return None
    try:
        capture, _ = evidence.found(connection, entry.capture)
    except BuildError:
        return None
    text = capture.body.decode("utf-8", "replace")
    start, end = _place(text, entry.instance_type)
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    return Excerpt(capture.sha256, capture.request.url, before, text[start:end], after)


def _place(text: str, instance_type: str) -> tuple[int, int]:
    """Where an answer names an instance: as we call it, or by the longest word of that which it has."""
    words = sorted((word for word in re.split(r"[^\w.]+", instance_type) if len(word) > 2), key=len, reverse=True)
    for sought in filter(None, (instance_type, *words)):
        if found := re.search(re.escape(sought), text, re.IGNORECASE):
            return found.span()
    return 0, 0
