"""The app as a server runs it: every request takes the same way, in a thread of its own."""

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from generator.desk.app import answers, guard
from generator.desk.app.asked import Raw
from generator.desk.app.desk import Desk
from generator.desk.app.routes import PUBLIC, RULES

_MOST = 1 << 20  # bytes of a form


def app(desk: Desk) -> Starlette:
    """The application of a desk."""

    async def answer(request: Request) -> Response:
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > _MOST:
                return answers.plain(f"this form is too long; expected at most {_MOST:,} bytes\n", 413)
        return await run_in_threadpool(guard.answered, desk, _raw(request, body), PUBLIC, RULES)

    return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])


def _raw(request: Request, body: bytes) -> Raw:
    head = request.headers
    return Raw(
        method="GET" if request.method == "HEAD" else request.method,
        path=request.scope["path"],
        query=request.url.query,
        host=head.get("host", ""),
        origin=head.get("origin", ""),
        fetch_site=head.get("sec-fetch-site", "") if request.method == "POST" else "",
        cookie=request.cookies.get(answers.COOKIE, ""),
        body=body,
    )
