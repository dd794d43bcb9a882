"""Revisions and states as requests name them: where there is none, the app refuses and notes it."""

from generator.desk import revisions, states
from generator.desk.acting import Refused
from generator.desk.app.asked import Asked, Refusal
from generator.desk.revisions import Revision
from generator.desk.states import PageState


def revision(asked: Asked, slug: str, number: int | None = None) -> Revision:
    """A page's revision of this number, or its newest."""
    try:
        return revisions.revision(asked.connection, slug, number)
    except Refused as refusal:
        raise Refusal(404, refusal.format_message()) from None


def state(asked: Asked, slug: str) -> PageState:
    """A page's state."""
    try:
        return states.state(asked.connection, slug)
    except Refused as refusal:
        raise Refusal(404, refusal.format_message()) from None
