"""The audit log, the newest rows first."""

from starlette.responses import Response

from generator.desk import audit
from generator.desk.app import answers, shell
from generator.desk.app.asked import Asked
from generator.desk.app.desk import Desk

_MOST = 200


def show(desk: Desk, asked: Asked) -> Response:
    """The log, and whether its chain is whole."""
    entries = list(reversed(audit.audit(asked.connection)))
    values = {
        "entries": entries[:_MOST],
        "left_n": max(0, len(entries) - _MOST),
        "problems": audit.verify(asked.connection),
    }
    return answers.page(shell.page(desk, asked, "log.html", "Log", values))
