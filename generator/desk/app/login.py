"""Login and logout."""

from collections.abc import Mapping
from pathlib import Path

from starlette.responses import Response

from generator.database import db
from generator.desk import editors
from generator.desk.app import answers
from generator.desk.app.asked import Asked, Raw, Refusal
from generator.desk.app.desk import ASSETS, Desk
from generator.desk.app.guard import refusal_page
from generator.site.assets import assets

_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


def show(desk: Desk, _raw: Raw, _parts: Mapping[str, str]) -> Response:
    """The form."""
    return answers.page(desk.render("login.html", {}))


def send(desk: Desk, raw: Raw, _parts: Mapping[str, str]) -> Response:
    """Begin a session, where name and password are an editor's.

    The form needs no token: it comes from the desk's own page (the guard has looked), and there is no session to ride.
    """
    form, at = raw.form(), desk.now()
    name, password = (form.get(field, [""])[0] for field in ("name", "password"))
    if wait := desk.throttle.wait(name, at):
        raise Refusal(429, f"too many failed logins; try again in {wait} s", wait=wait)
    with db.connect(desk.address) as connection:
        editor = editors.editor_of(connection, name, password)
        if editor:
            db.execute(connection, "desk_visit", actor=editor.name, action="login", at=at)
    if editor is None:
        desk.throttle.failed(name, at)
        raise Refusal(401, "no editor has this name and password")
    desk.throttle.succeeded(name)
    if raw.cookie and (former := desk.sessions.find(raw.cookie, at)):
        desk.sessions.end(former)
    return answers.with_session(answers.go_to("/"), desk.sessions.begin(editor.name, at))


def leave(desk: Desk, asked: Asked) -> Response:
    """End the session."""
    desk.sessions.end(asked.session)
    db.execute(asked.connection, "desk_visit", actor=asked.actor, action="logout", at=asked.at)
    return answers.without_session(answers.go_to("/login"))


def site_asset(desk: Desk, _raw: Raw, parts: Mapping[str, str]) -> Response:
    """A file of the site's style, under the address that its pages know."""
    found = next((one for one in assets().values() if Path(one.path).name == parts["name"]), None)
    if found is None:
        return refusal_page(desk, None, 404, "no such file")
    return answers.asset(found.body, _TYPES.get(Path(found.path).suffix, "application/octet-stream"))


def desk_asset(desk: Desk, _raw: Raw, parts: Mapping[str, str]) -> Response:
    """A file of the desk's own style."""
    file = ASSETS / parts["name"]
    if not file.is_file():
        return refusal_page(desk, None, 404, "no such file")
    return answers.asset(file.read_bytes(), _TYPES.get(file.suffix, "application/octet-stream"))
