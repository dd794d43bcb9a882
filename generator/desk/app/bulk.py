"""Several drafts approved together: of one template's version, all checks green, no comment, a sample opened."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from generator.desk import states
from generator.desk.acting import Refused
from generator.desk.app import answers, queue, shell, sought
from generator.desk.app.asked import Asked, Refusal
from generator.desk.app.desk import Desk
from generator.desk.revisions import Revision

SAMPLE = 5  # drafts that are opened first, or all where there are fewer


@dataclass(frozen=True, slots=True)
class Group:
    """Drafts of one version of a template; `opened` are those that were looked at in this session."""

    version: str
    drafts: Sequence[Revision]
    opened: frozenset[str]

    @property
    def missing_n(self) -> int:
        """How many more have to be opened."""
        return max(0, min(SAMPLE, len(self.drafts)) - len(self.opened))


def show(desk: Desk, asked: Asked) -> Response:
    """The groups."""
    values = {"groups": _groups(asked), "sample": SAMPLE}
    return answers.page(shell.page(desk, asked, "bulk.html", "Together", values))


def approve(desk: Desk, asked: Asked) -> Response:
    """Approve and publish a group as one set, with an audit row for each page; all of them or none."""
    version = asked.field("version")
    group = next((one for one in _groups(asked) if one.version == version), None)
    if group is None:
        raise Refusal(409, f"no drafts of {version[:80]!r} can be approved together any more")
    chosen = set(asked.form.get("draft", []))
    drafts = [one for one in group.drafts if f"{one.slug}@{one.number}" in chosen]
    if len(drafts) != len(chosen) or not drafts:
        raise Refusal(409, "a chosen draft has changed or is not in this group; load the page again")
    if group.missing_n:
        raise Refusal(
            409, f"open {group.missing_n} more of these drafts first: a set is approved by a sample of {SAMPLE}"
        )
    together = secrets.token_hex(4)
    try:
        for one in drafts:
            _approve_one(desk, asked, one, together, asked.seconds() // len(drafts))
    except Refused as refusal:  # its row in the log goes with the transaction: the guard writes another
        raise Refusal(409, f"{refusal.format_message()}; none of the set was approved") from None
    asked.session.said = f"{len(drafts)} pages are approved together and published."
    return answers.go_to("/")


def _approve_one(desk: Desk, asked: Asked, one: Revision, together: str, seconds: int) -> None:
    states.approve(
        asked.connection,
        one.slug,
        one.number,
        actor=asked.actor,
        at=asked.at,
        reading=desk.drafts.read(one.draft),
        seconds=seconds,
        together=together,
        publish_now=True,
    )


def _groups(asked: Asked) -> list[Group]:
    by_version: dict[str, list[Revision]] = {}
    for one in _alike(asked):
        by_version.setdefault(_version(one), []).append(one)
    groups = [_group(asked, version, drafts) for version, drafts in by_version.items()]
    return sorted((one for one in groups if len(one.drafts) > 1), key=lambda one: -len(one.drafts))


def _version(one: Revision) -> str:
    """What made a draft, and for which pages: "template:sentences@1, gpu detail"."""
    return f"{(one.generation or {}).get('prompt', 'no version')}, {one.page_type.replace('_', ' ')}"


def _group(asked: Asked, version: str, drafts: Sequence[Revision]) -> Group:
    opened = frozenset(one.slug for one in drafts if (one.slug, one.number) in asked.session.opened)
    return Group(version, drafts, opened)


def _alike(asked: Asked) -> Iterator[Revision]:
    """The drafts that wait for review, are from a template, green, and about which nobody has said anything."""
    for item in queue.items(asked.connection)["review"]:
        if item.red_n == 0 and not _is_talked_about(asked, item):
            found = sought.revision(asked, item.slug, item.number)
            if found.kind == "template":
                yield found


def _is_talked_about(asked: Asked, item: queue.Item) -> bool:
    """Whether somebody has said something about the draft."""
    said = states.history(asked.connection, item.slug)
    return any(one.action == "comment" and one.revision == item.number for one in said)
