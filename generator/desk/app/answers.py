"""What the app answers: pages under a policy that lets no script in but its own, and drafts under one without any."""

from collections.abc import Mapping

from starlette.responses import HTMLResponse, RedirectResponse, Response

COOKIE = "desk"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
# The same origin, so that the desk's script can mark figures in the frame; nothing in the frame can run.
DRAFT_POLICY = "; ".join(
    (
        "sandbox allow-same-origin",
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    )
)
_EVERYWHERE: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def page(html: str, status: int = 200) -> Response:
    """A page of the app."""
    return HTMLResponse(html, status, headers=_headers(POLICY, "DENY"))


def draft(html: bytes) -> Response:
    """A draft, for the frame on its page."""
    return HTMLResponse(html, headers=_headers(DRAFT_POLICY, "SAMEORIGIN"))


def plain(text: str | bytes, status: int = 200) -> Response:
    """Text that no browser takes for anything else."""
    return Response(text, status, media_type="text/plain; charset=utf-8", headers=_headers(DRAFT_POLICY, "SAMEORIGIN"))


def asset(body: bytes, media_type: str) -> Response:
    """A style sheet, a script or a picture, at an address that changes with its bytes."""
    kept = {"Cache-Control": "private, max-age=86400"}
    return Response(body, media_type=media_type, headers={**_headers(POLICY, "DENY"), **kept})


def go_to(path: str) -> Response:
    """On to another page, after a form."""
    return RedirectResponse(path, 303, headers=_headers(POLICY, "DENY"))


def with_session(response: Response, name: str) -> Response:
    """The answer, with the name of a session; no script can read it, and no other site can send it."""
    response.set_cookie(COOKIE, name, httponly=True, samesite="strict", path="/")
    return response


def without_session(response: Response) -> Response:
    """The answer, with which the browser forgets the session."""
    response.delete_cookie(COOKIE, httponly=True, samesite="strict", path="/")
    return response


def _headers(policy: str, frame: str) -> Mapping[str, str]:
    own = {"Content-Security-Policy": policy, "X-Frame-Options": frame, "Cache-Control": "no-store"}
    return {**_EVERYWHERE, **own}
