"""Take a picture of each page type: a phone and a wide screen, in light and dark, side by side.

    python build.py && python -m tests.site.tools.screenshots [site_output] [docs/pictures]

A page of middling size stands for its type.  Each picture is a JPEG of some 50 kB, and README.md beside them lists
them; look at all of them after a change that visitors see.
"""

import base64
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.site.tools import browser as chromium

PHONE, WIDE = (390, 844), (1440, 900)
SCHEMES = ("light", "dark")
QUALITY, SHOWN_AT = 40, 0.4
ABOUT = """# Pictures

The first screen of a page of each type: a phone and a wide screen, each in light and dark. To make them anew:

    python build.py && python -m tests.site.tools.screenshots

"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main(site: Path, folder: Path) -> None:
    """Write a picture for each page type of a built site."""
    folder.mkdir(parents=True, exist_ok=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.ensure(), args=chromium.arguments())
        pages = sorted(_typical(site).items())
        (folder / "README.md").write_text(
            ABOUT + "".join(f"- [{name}]({name}.jpg): `/{path}`\n" for name, path in pages)
        )
        for name, path in pages:
            shots = [_shot(browser, f"http://127.0.0.1:{server.server_port}/{path}", *look) for look in _looks()]
            (folder / f"{name}.jpg").write_bytes(_side_by_side(browser, shots))
            sys.stdout.write(f"{name}: /{path}\n")
        browser.close()
    server.shutdown()


def _looks() -> Iterator[tuple[tuple[int, int], str]]:
    yield from ((size, scheme) for size in (PHONE, WIDE) for scheme in SCHEMES)


def _typical(site: Path) -> dict[str, str]:
    """The page of middling size for each kind of address: "gpu" for /gpu/h100-sxm/, "provider-gpu" for two names."""
    found = defaultdict[str, list[tuple[int, str]]](list)
    for file in site.rglob("index.html"):
        path = file.parent.relative_to(site).as_posix()
        found[_kind(path)].append((file.stat().st_size, "" if path == "." else f"{path}/"))
    return {kind: sorted(pages)[len(pages) // 2][1] for kind, pages in found.items()}


def _kind(path: str) -> str:
    parts = path.split("/")
    if path == ".":
        return "home"
    return f"{parts[0]}{'-one' * (len(parts) - 1)}"


def _shot(browser: Browser, address: str, size: tuple[int, int], scheme: str) -> bytes:
    viewport = {"width": size[0], "height": size[1]}
    page = browser.new_page(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(address, wait_until="networkidle")
    taken = page.screenshot(type="png")
    page.close()
    return taken


def _side_by_side(browser: Browser, shots: list[bytes]) -> bytes:
    width = int(sum(size[0] for size, _ in _looks()) * SHOWN_AT) + 16 * 5
    images = "".join(
        f'<img width="{size[0] * SHOWN_AT:g}" src="data:image/png;base64,{base64.b64encode(shot).decode()}">'
        for (size, _), shot in zip(_looks(), shots, strict=True)
    )
    page = browser.new_page(viewport={"width": width, "height": int(WIDE[1] * SHOWN_AT) + 32})
    page.set_content(
        "<style>body{margin:16px;display:flex;gap:16px;align-items:start;background:#888}</style>" + images
    )
    taken = page.screenshot(type="jpeg", quality=QUALITY)
    page.close()
    return taken


if __name__ == "__main__":
    given = [Path(argument) for argument in sys.argv[1:]]
    main(*given, *(Path("site_output"), Path("docs/pictures"))[len(given) :])
