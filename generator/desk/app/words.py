"""The desk's codes in words."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from generator.formats import plural

REASONS: Mapping[str, str] = {
    "wrong_fact": "Wrong fact",
    "unsupported": "Unsupported",
    "thin": "Thin",
    "duplicate": "Duplicate",
    "tone": "Tone",
    "legal": "Legal",
    "off_topic": "Off topic",
    "other": "Other",
}
KINDS: Mapping[str, str] = {"human": "written", "template": "drafted from data", "llm": "drafted by a language model"}
STATES: Mapping[str, str] = {
    "draft": "Draft",
    "in_review": "In review",
    "approved": "Approved",
    "scheduled": "Scheduled",
    "published": "Live",
    "stale": "Stale, still live",
    "rejected": "Rejected",
    "unpublished": "Off the site",
    "archived": "Archived",
}
ACTIONS: Mapping[str, str] = {
    "approve": "approved",
    "request_changes": "change requested",
    "reject": "rejected",
    "publish": "published",
    "schedule": "scheduled",
    "unpublish": "taken off the site",
    "rollback": "restored",
    "revision": "wrote",
    "submit": "handed in",
    "take": "has it",
    "comment": "said",
    "mark_stale": "found it stale",
    "refused": "was refused",
}
_SPANS = ((86_400, "day"), (3600, "hour"), (60, "minute"))
_TOLD = ("reason_code", "reason", "comment", "seconds", "together", "scheduled_for", "due", "provider", "gpu", "number")


def age(since: datetime, now: datetime) -> str:
    """How long ago, in the largest unit: "3 days"."""
    seconds = max(0, int((now - since).total_seconds()))
    return next((plural(seconds // size, unit) for size, unit in _SPANS if seconds >= size), "under a minute")


def gigabytes(amount: Decimal | None) -> str:
    """An amount as a form sends it back: "80", "" for None."""
    return "" if amount is None else f"{amount.normalize():f}"


def evidence(site_url: str, path: str) -> str:
    """Where the evidence of a figure is shown: an answer by the desk itself, anything else on the site."""
    is_answer = path.startswith("/evidence/")
    return f"/answer/{path.split('/')[2]}" if is_answer else site_url + path


def told(detail: Mapping[str, Any]) -> str:
    """What a row of the log has to tell: "wrong_fact, the price is per node, 41 seconds"."""
    stated = ((name, detail.get(name)) for name in _TOLD)
    return ", ".join(f"{value} seconds" if name == "seconds" else str(value) for name, value in stated if value)
