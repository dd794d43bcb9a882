"""The queue: what waits for somebody, by the reason why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from generator.database import db
from generator.desk import states
from generator.desk.app import answers, names, shell
from generator.desk.app.asked import Asked
from generator.desk.app.desk import Desk
from generator.desk.app.words import KINDS, REASONS
from generator.ingest import quarantine
from generator.pages.registry import page_types
from generator.site import gates, links

TABS: Mapping[str, str] = {
    "review": "To review",
    "stale": "Stale",
    "changes": "Changes requested",
    "scheduled": "Scheduled",
    "prices": "Quarantined prices",
    "names": "Unmapped names",
    "gates": "Gate changes",
}
EMPTY: Mapping[str, str] = {
    "review": "Nothing waits for review.",
    "stale": "Nothing is stale: every claim on the site holds today.",
    "changes": "No change is requested of any draft.",
    "scheduled": "Nothing is scheduled.",
    "prices": "No price is held back.",
    "names": "Every GPU name is known.",
    "gates": "Every page tells search engines what its rules say.",
}


@dataclass(frozen=True, slots=True)
class Item:
    """A page that waits.  `links_n` is how many pages link to it in their texts."""

    slug: str
    page_type: str
    number: int
    why: str
    red_n: int
    warnings_n: int
    since: datetime
    holder: str
    due: datetime | None
    links_n: int


@dataclass(frozen=True, slots=True)
class GateChange:
    """A page whose gate says something else than its rules."""

    path: str
    page_type: str
    gate_state: str
    gate_found: str
    gate_reasons: list[str]
    gate_found_since: datetime
    gate_found_times: int

    @property
    def needs(self) -> str:
        """What the rules ask for that the page lacks, in words."""
        kind = next((one for one in page_types() if one.name == self.page_type), None)
        words = {**gates.WORDS, **{rule.code: rule.words for rule in (kind.rules if kind else ())}}
        return " and ".join(words.get(code, code) for code in self.gate_reasons)


def show(desk: Desk, asked: Asked) -> Response:
    """A tab of the queue."""
    tab = asked.choice("tab", "review")
    tab = tab if tab in TABS else "review"
    waiting = items(asked.connection)
    found = rows(asked.connection, tab, waiting)
    chosen = asked.choice("type")
    counted = counts(asked.connection, waiting)
    values = {
        "tab": tab,
        "tabs": [(key, name, counted[key]) for key, name in TABS.items()],
        "types": sorted({one.page_type for one in found if hasattr(one, "page_type")}),
        "chosen": chosen,
        "rows": [one for one in found if not chosen or getattr(one, "page_type", "") == chosen],
        "empty": EMPTY[tab],
        "gpus": names.gpus(desk.seed) if tab == "names" and found else (),
    }
    return answers.page(shell.page(desk, asked, "queue.html", TABS[tab], values))


def items(connection: db.Connection) -> Mapping[str, Sequence[Item]]:
    """The pages that wait, by tab: those that most pages link to first, and of these the oldest."""
    linked = links.links_in(connection)
    found: dict[str, list[Item]] = {key: [] for key in TABS}
    for state in states.states(connection):
        for tab in _tabs(state):
            found[tab].append(_item(state, linked, tab))
    return {tab: sorted(rows, key=lambda one: (-one.links_n, one.since, one.slug)) for tab, rows in found.items()}


def rows(connection: db.Connection, tab: str, waiting: Mapping[str, Sequence[Item]]) -> Sequence[object]:
    """What a tab lists."""
    if tab == "prices":
        return [entry for entry in quarantine.entries(connection) if entry.state == "waiting"]
    if tab == "names":
        return names.unmapped(connection)
    if tab == "gates":
        return db.rows(connection, "gate_changes", GateChange)
    return waiting[tab]


def counts(connection: db.Connection, waiting: Mapping[str, Sequence[Item]]) -> Mapping[str, int]:
    """How many wait in each tab."""
    return {tab: len(rows(connection, tab, waiting)) for tab in TABS}


def next_after(connection: db.Connection, slug: str, actor: str) -> str:
    """The slug of the draft to review after this one, which nobody else has; "" for none."""
    order = [one for one in items(connection)["review"] if one.slug == slug or one.holder in {"", actor}]
    places = [number for number, one in enumerate(order) if one.slug == slug]
    after = (order[places[0] + 1 :] + order[: places[0]]) if places else order
    return after[0].slug if after else ""


def _tabs(state: states.PageState) -> Iterator[str]:
    """Where a page waits: a live text may be stale while a new one is in review."""
    if state.stale_reasons:
        yield "stale"
    if state.state == "draft" and state.reason_code:
        yield "changes"
    if state.state in {"in_review", "scheduled"}:
        yield {"in_review": "review"}.get(state.state, state.state)


def _item(state: states.PageState, linked: Mapping[str, int], tab: str) -> Item:
    path = "/" if state.slug == "home" else f"/{state.slug}/"
    return Item(
        slug=state.slug,
        page_type=state.page_type,
        number=state.revision,
        why="; ".join(state.stale_reasons) if tab == "stale" else _why(state),
        red_n=state.checks_red_n,
        warnings_n=state.warnings_n,
        since=state.at,
        holder=state.holder or "",
        due=state.due,
        links_n=linked.get(path, 0),
    )


def _why(state: states.PageState) -> str:
    if state.state == "scheduled" and state.scheduled_for:
        return f"goes live on {state.scheduled_for:%d %b %Y, %H:%M} UTC"
    said = ": ".join(filter(None, (REASONS.get(state.reason_code or "", ""), state.comment or "")))
    if said:
        return said
    moved = "; the live text has changed since" if state.is_moved else ""
    new = "a change of a live text" if state.live_revision else "a new text"
    return f"{new}, {KINDS.get(state.kind, state.kind)} by {state.author}{moved}"
