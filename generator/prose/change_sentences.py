"""Sentences about observed price changes.  They are Markdown; whatever comes from a provider is escaped."""

from collections.abc import Sequence
from datetime import date

from generator.formats import day, percent, plural
from generator.labels import PRICING
from generator.model.price_events import PriceEvent
from generator.prose.markdown import literal
from generator.prose.sentences import link


def answer(events: Sequence[PriceEvent], total: int, since: date | None) -> str:
    """How many changes there are and which is the newest; with none, since when anybody looks."""
    if not events:
        return nothing_yet(since)
    cuts = sum(event.change < 0 for event in events)
    counted = f"{plural(total, 'price change')} of 3% or more" + (f" since {day(since)}" if since else "")
    shown = "" if total == len(events) else f" Of the newest {len(events)},"
    way = f"{shown} {plural(cuts, 'is a cut', 'are cuts')} and {plural(len(events) - cuts, 'a rise', 'rises')}."
    return f"{counted}, read by ourselves.{way} The newest: {newest(events[0])}"


def month_answer(events: Sequence[PriceEvent], month: str) -> str:
    """How many prices fell and rose in a month, and which moved most."""
    if not events:
        return f"No price change in {month} stands: what was listed was read wrongly."
    most = max(events, key=lambda event: abs(event.change))
    fell = sum(event.change < 0 for event in events)
    return (
        f"In {month}, {plural(fell, 'price')} fell and {plural(len(events) - fell, 'price')} rose by 3% or more. "
        f"The largest change: {newest(most)}"
    )


def retracted(event: PriceEvent) -> str:
    """Why a change no longer stands; "" for one that does."""
    if event.retracted_on is None:
        return ""
    return f" Retracted on {day(event.retracted_on)}: the answers, read again, do not state this change."


def newest(event: PriceEvent) -> str:
    """One change, as a sentence."""
    what = PRICING[event.pricing_type].lower()
    return (
        f"{link(event.gpu)} at {link(event.provider)}, {what}, went from {literal(event.old)} to "
        f"**{literal(event.new)} per GPU-hour** ({percent(event.change)}) on {day(event.at)}."
    )


def nothing_yet(since: date | None) -> str:
    """That no price has changed yet, and since when anybody looks."""
    if since is None:
        return "No price change is listed yet: all prices here are from recorded lists, and none was read live."
    return f"No price that we read ourselves has changed by 3% or more yet. We have looked since {day(since)}."
