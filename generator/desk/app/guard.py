"""The way of every request: whose it is, whether they may ask it, what they get; refusals go into the audit log."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from generator.database import db
from generator.desk import acting, editors
from generator.desk.app import answers
from generator.desk.app.asked import RIGHTS, Asked, Raw, Refusal
from generator.desk.app.desk import Desk
from generator.desk.app.sessions import Session
from generator.desk.editors import Role
from generator.errors import BuildError

NOBODY = "nobody"
Handler = Callable[[Desk, Asked], Response]


@dataclass(frozen=True, slots=True)
class Rule:
    """What an address answers: to whom, and whether a form sent there is used up."""

    method: str
    pattern: str
    handler: Handler
    role: Role = "editor"
    uses_form: bool = True

    def parts(self, method: str, path: str) -> Mapping[str, str] | None:
        """The named parts of a path that is meant; None for another one."""
        found = re.fullmatch(self.pattern, path) if method == self.method else None
        return found.groupdict() if found else None


@dataclass(frozen=True, slots=True)
class Public:
    """What is answered to anybody on this machine: the login and the files of style."""

    method: str
    pattern: str
    handler: Callable[[Desk, Raw, Mapping[str, str]], Response]


def answered(desk: Desk, raw: Raw, public: Sequence[Public], rules: Sequence[Rule]) -> Response:
    """The answer to a request."""
    session: Session | None = None
    try:
        raw.require_own_host()
        if raw.method != "GET":
            raw.require_own_page()
        for one in public:
            if raw.method == one.method and (found := re.fullmatch(one.pattern, raw.path)):
                return one.handler(desk, raw, found.groupdict())
        if raw.path == "/" and not raw.cookie:
            return answers.go_to("/login")
        session = _session(desk, raw)
        return _renamed(desk, raw, _of_editor(desk, raw, session, rules))
    except Refusal as refusal:
        return _refused(desk, raw, session, refusal.status, refusal.line, wait=refusal.wait)
    except acting.Refused as refusal:  # has its row in the audit log already
        return refusal_page(desk, session, 409, refusal.format_message(), _written(raw))
    except BuildError as error:
        return _refused(desk, raw, session, 503, error.format_message())


def _session(desk: Desk, raw: Raw) -> Session:
    found = desk.sessions.find(raw.cookie, desk.now()) if raw.cookie else None
    if found is None:
        why = "this session is over, or its cookie is none of the desk's" if raw.cookie else "you are not logged in"
        raise Refusal(401, f"{why}; log in first")
    return found


def _of_editor(desk: Desk, raw: Raw, session: Session, rules: Sequence[Rule]) -> Response:
    rule, parts = _rule(raw, rules)
    with db.connect(desk.address) as connection:
        role = _role(desk, connection, session)
        if RIGHTS[role] < RIGHTS[rule.role]:
            what = raw.path.strip("/").partition("/")[0]
            raise Refusal(403, f'{session.actor} is {_a(role)}; "{what}" needs the right of {_a(rule.role)}')
        form = raw.form() if raw.method == "POST" else {}
        shown_at = _shown_at(session, rule, form) if raw.method == "POST" else None
        asked = Asked(session.actor, role, session, connection, desk.now(), parts, raw.asked_for(), form, shown_at)
        return rule.handler(desk, asked)


def _shown_at(session: Session, rule: Rule, form: Mapping[str, Sequence[str]]) -> datetime:
    """When a form was shown, which can be sent once."""
    token = form.get("form", [""])[0]
    shown_at = session.use_form(token) if rule.uses_form else session.forms.get(token)
    if shown_at is None:
        raise Refusal(403, "this form was sent before, or was not shown to you; load its page again")
    return shown_at


def _rule(raw: Raw, rules: Sequence[Rule]) -> tuple[Rule, Mapping[str, str]]:
    for rule in rules:
        if (parts := rule.parts(raw.method, raw.path)) is not None:
            return rule, parts
    raise Refusal(404, f"the desk has no page {raw.path[:120]!r}")


def _role(desk: Desk, connection: db.Connection, session: Session) -> Role:
    """The right that they have now: it may have been taken since they logged in."""
    found = next((one for one in editors.editors(connection) if one.name == session.actor and one.is_active), None)
    if found is None:
        desk.sessions.end(session)
        raise Refusal(401, f"{session.actor} is not an editor any more")
    return found.role


def _renamed(desk: Desk, raw: Raw, response: Response) -> Response:
    name = desk.sessions.rotated(raw.cookie, desk.now())
    return answers.with_session(response, name) if name else response


def _refused(desk: Desk, raw: Raw, session: Session | None, status: int, line: str, *, wait: int = 0) -> Response:
    """Refuse a request, and note it; where the database can't be reached, the refusal stands without a note."""
    actor = session.actor if session else ""
    try:
        with db.connect(desk.address) as connection:
            acting.note_refusal(connection, actor or NOBODY, desk.now(), raw.method, raw.path[:300], line)
    except BuildError as error:
        line = f"{line} (not noted: {error.format_message()})"
    response = refusal_page(desk, session, status, line, _written(raw) if session else "")
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def refusal_page(desk: Desk, session: Session | None, status: int, line: str, written: str = "") -> Response:
    """The page that says why a request was refused; what was written in its form is there to be copied."""
    values = {"line": line, "status": status, "is_known": session is not None, "written": written}
    return answers.page(desk.render("refused.html", values), status)


def _written(raw: Raw) -> str:
    """The words in a form that somebody would not want to write again."""
    if raw.method != "POST" or raw.path == "/login":
        return ""
    form = raw.form()
    return next((form[name][0] for name in ("markdown", "comment") if form.get(name)), "")


def _a(role: Role) -> str:
    return f"an {role}" if role[0] in "ae" else f"a {role}"
