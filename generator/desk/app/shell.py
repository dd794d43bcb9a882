"""What stands around every page of the app: who is logged in, the token of its forms, and what the last form did."""

from collections.abc import Mapping
from typing import Any

from generator.desk.app.asked import Asked
from generator.desk.app.desk import Desk


def page(desk: Desk, asked: Asked, template: str, title: str, values: Mapping[str, Any]) -> str:
    """A page for somebody who is logged in."""
    said, asked.session.said = asked.session.said, ""
    around = {
        "title": title,
        "actor": asked.actor,
        "role": asked.role,
        "may_review": asked.may("reviewer"),
        "now": asked.at,
        "said": said,
        "token": asked.session.new_form(asked.at),
    }
    return desk.render(template, {**around, **values})
