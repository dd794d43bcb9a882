"""One page's draft, as its reviewer sees it: facts and their sources, the page, what differs from the live text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import orjson
from markupsafe import Markup
from starlette.responses import Response

from generator.database import db
from generator.desk import revisions, states
from generator.desk.app import answers, diffs, shell, sought
from generator.desk.app.asked import Asked, Refusal
from generator.desk.app.desk import Desk
from generator.desk.app.queue import GateChange
from generator.desk.app.words import ACTIONS, REASONS, STATES
from generator.desk.drafts import Draft, Finding
from generator.desk.revisions import Revision
from generator.prose.texts import KINDS

VIEWS: Mapping[str, str] = {"rendered": "As read", "source": "Source", "fields": "Fields"}
_CONTEXT = 40  # characters around the place of a finding


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a draft, with what differs from the other text marked."""

    name: str
    diff: Markup
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A finding with the text around it."""

    finding: Finding
    before: str
    after: str


def show(desk: Desk, asked: Asked) -> Response:
    """A page's draft."""
    slug = asked.parts["slug"]
    state = sought.state(asked, slug)
    shown = _revision(asked, slug, asked.choice("revision"))
    other = _other(asked, state, shown)
    asked.session.opened.add((slug, shown.number))
    draft = shown.draft
    known = revisions.revisions(asked.connection, slug)
    reading, history = desk.drafts.read(draft), states.history(asked.connection, slug)
    own = None if other else desk.drafts.own(draft)
    view = asked.choice("view", "rendered")
    values = {
        "state": state,
        "state_name": STATES.get(state.state, state.state),
        "revision": shown,
        "is_newest": shown.number == state.revision,
        "reading": reading,
        "facts": reading.facts,
        "places": [_place(draft, finding) for finding in reading.findings],
        "other": other,
        "view": view if view in VIEWS else "rendered",
        "views": VIEWS,
        "own": own,
        **_differences(desk, draft, other.draft if other else own),
        "search": desk.drafts.search_result(draft),
        "gate": _gate(asked.connection, slug),
        "revisions": known,
        "red": {one.number for one in known if any(found["severity"] == "block" for found in one.checks or ())},
        "history": history[::-1],
        "comments": [one for one in history if one.action == "comment"],
        "reasons": REASONS,
        "front": _json(shown.front),
        "structured_data": _json(shown.structured_data),
        "against": asked.choice("against", "live"),
        "tomorrow": (asked.at + timedelta(days=1)).date().isoformat(),
        "may_approve": asked.may("reviewer") and state.state == "in_review" and reading.is_green,
        "approved": {one.revision for one in history if one.action == "approve"},
        "action_names": ACTIONS,
    }
    return answers.page(shell.page(desk, asked, "page.html", slug, values))


def framed(desk: Desk, asked: Asked) -> Response:
    """The page with the draft in it, for the frame."""
    shown = _revision(asked, asked.parts["slug"], asked.choice("revision"))
    return answers.draft(desk.drafts.html(shown.draft))


def check(desk: Desk, asked: Asked) -> Response:
    """What the checks find in a text as it is being written, as a part of a page."""
    draft = edited(asked, sought.revision(asked, asked.field("slug")))
    reading = desk.drafts.read(draft)
    places = [_place(draft, finding) for finding in reading.findings]
    return answers.page(desk.render("findings.html", {"places": places, "reading": reading}))


def edited(asked: Asked, revision: Revision) -> Draft:
    """The draft as the form has it."""
    return Draft(
        slug=revision.slug,
        page_type=revision.page_type,
        title=asked.field("title"),
        description=asked.field("description"),
        markdown=asked.field("markdown").replace("\r\n", "\n") + "\n",
        structured_data=_from_json(asked, "structured_data"),
        front=_from_json(asked, "front"),
    )


def _from_json(asked: Asked, name: str) -> Mapping[str, Any]:
    try:
        found = orjson.loads(asked.field(name) or "{}")
    except orjson.JSONDecodeError as error:
        raise Refusal(400, f"{name}: {error}; expected JSON") from None
    if not isinstance(found, dict):
        raise Refusal(400, f"{name}: expected a JSON object")
    return found


def _json(value: Mapping[str, Any]) -> str:
    return orjson.dumps(value, default=str, option=orjson.OPT_INDENT_2).decode()


def _revision(asked: Asked, slug: str, number: str) -> Revision:
    """A revision by its number; the newest where none is stated."""
    return sought.revision(asked, slug, int(number) if number.isascii() and number.isdigit() else None)


def _other(asked: Asked, state: states.PageState, shown: Revision) -> Revision | None:
    """What the draft is compared with: the live text, or the revision that is asked for; None where nothing is live."""
    against = asked.choice("against", "live")
    if against == "live":
        return sought.revision(asked, shown.slug, state.live_revision) if state.live_revision else None
    return _revision(asked, shown.slug, against)


def _differences(desk: Desk, draft: Draft, other: Draft | None) -> Mapping[str, Any]:
    old = other or Draft(draft.slug, draft.page_type, "", "", "")
    if draft.page_type not in KINDS:  # empty: the page's own
        draft = replace(draft, title=draft.title or old.title, description=draft.description or old.description)
    return {
        "rendered_diff": diffs.of_html(desk.drafts.words(old) if other else "", desk.drafts.words(draft)),
        "source_diff": diffs.of_text(old.markdown, draft.markdown),
        "fields": list(_fields(old, draft)),
        "is_changed": diffs.is_changed(old.markdown, draft.markdown),
    }


def _fields(old: Draft, new: Draft) -> Iterator[Field]:
    names = {"title": "Title", "description": "Description"}
    pairs = [(name, getattr(old, key), getattr(new, key)) for key, name in names.items()]
    keys = sorted({*old.front, *new.front})
    pairs += [(key, _shown(old.front.get(key)), _shown(new.front.get(key))) for key in keys]
    pairs.append(("Structured data", _json(old.structured_data), _json(new.structured_data)))
    for name, before, after in pairs:
        yield Field(name, diffs.of_text(before, after), before != after)


def _shown(value: object) -> str:
    """A field of the front matter as a person reads it."""
    return value if isinstance(value, str) else "" if value is None else orjson.dumps(value, default=str).decode()


def _place(draft: Draft, finding: Finding) -> Place:
    text = draft.markdown if finding.place == "text" else getattr(draft, finding.place, "")
    if not isinstance(text, str):
        return Place(finding, "", "")
    before = text[max(0, finding.start - _CONTEXT) : finding.start]
    return Place(finding, before, text[finding.end : finding.end + _CONTEXT])


def _gate(connection: db.Connection, slug: str) -> GateChange | None:
    """What the page says to search engines; None before a build has made it."""
    found = db.rows(connection, "page_gate", GateChange, path="/" if slug == "home" else f"/{slug}/")
    return found[0] if found else None
