"""What the browser sees: pages from the process that makes them, and a stream that tells when to load them again."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from generator.live.answer import Answer
from generator.live.making import Making

_SCRIPT = Path(__file__).with_name("reload.js")
_NOT_KEPT = {"Cache-Control": "no-store"}
_BEAT = 15  # seconds after which a stream says again what it said: only so is it noticed that nobody listens any more


class Preview:
    """The state of the preview: its version moves whenever pages may look different."""

    def __init__(self, making: Making, base: str) -> None:
        self.making, self._base = making, base
        self._start, self._moves = secrets.token_hex(4), 0  # a page of an earlier preview is reloaded too
        self._moved = asyncio.Event()
        self._is_over = False

    @property
    def version(self) -> str:
        """The version of the pages that are made now."""
        return f"{self._start}.{self._moves}"

    def move(self) -> None:
        """Have open pages reloaded."""
        self._moves += 1
        self._wake()

    def end(self) -> None:
        """End the streams, for which a server would wait, and the process that makes pages."""
        self._is_over = True
        self._wake()
        self.making.kill()

    def app(self, host: str) -> Starlette:
        """The application, which answers to requests that name this host, or any address in figures."""
        return Starlette(
            routes=[
                Route(f"{self._base}/_live/reload.js", self._script),
                Route(f"{self._base}/_live/events", self._events),
                Route("/{path:path}", self._page),
            ],
            middleware=[Middleware(_OwnHost, host)],
        )

    async def _page(self, request: Request) -> Response:
        version = self.version  # before: a page that was made before a change is reloaded
        answer = await self.making.ask("page", request.scope["path"])
        return Response(self._reloading(answer, version), answer.status, dict(answer.headers))

    async def _script(self, _: Request) -> Response:
        return Response(_SCRIPT.read_bytes(), media_type="text/javascript", headers=_NOT_KEPT)

    async def _events(self, _: Request) -> Response:
        return StreamingResponse(
            self._versions(), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    async def _versions(self) -> AsyncIterator[str]:
        while not self._is_over:
            moved = self._moved
            yield f"data: {self.version}\n\n"
            with suppress(TimeoutError):
                async with asyncio.timeout(_BEAT):
                    await moved.wait()

    def _reloading(self, answer: Answer, version: str) -> bytes:
        """The body; that of a page with the script which reloads it, at the end."""
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            return answer.body
        before, closing, after = answer.body.rpartition(b"</body>")
        script = f'<script src="{self._base}/_live/reload.js?{version}"></script>\n'.encode()
        return before + script + closing + after

    def _wake(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()


class _OwnHost:
    """Refuses requests by other names: a page elsewhere whose name leads to this machine may not read the preview."""

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app, self._host = app, host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_own(Request(scope).headers.get("host", "")):
            await PlainTextResponse("421: this preview goes by another name\n", 421)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_own(self, stated: str) -> bool:
        """Whether the name is ours; an address in figures is nobody's name."""
        try:
            name = urlsplit(f"//{stated}").hostname or ""
        except ValueError:
            return False
        if name in {"localhost", self._host.lower()}:
            return True
        with suppress(ValueError):
            return bool(ip_address(name))
        return False
