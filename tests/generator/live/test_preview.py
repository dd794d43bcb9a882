import asyncio
from contextlib import asynccontextmanager

import httpx
import pytest

from generator.live.answer import Answer
from generator.live.preview import Preview


class Made:
    """Stands for the process that makes pages."""

    async def ask(self, order, path):
        kind = "text/html; charset=utf-8" if path.endswith("/") else "text/plain"
        return Answer(200, f"{order} {path}</body></html>".encode(), {"Content-Type": kind})

    def kill(self):
        self.is_killed = True


@asynccontextmanager
async def asking(preview, host="127.0.0.1"):
    transport = httpx.ASGITransport(preview.app(host))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        yield client


def got(path, own="127.0.0.1", base="", method="GET", **headers):
    async def get():
        async with asking(Preview(Made(), base), own) as client:
            return await client.request(method, path, headers=headers)

    return asyncio.run(get())


def test_page_ends_with_the_script_and_its_version():
    page = got("/prices/gpu/", base="/prices").text
    before, _, after = page.partition('<script src="/prices/_live/reload.js?')
    assert before == "page /prices/gpu/"
    assert after.partition('"')[2] == "></script>\n</body></html>"


def test_other_files_are_as_they_are():
    assert got("/robots.txt").text == "page /robots.txt</body></html>"


def test_script_is_served_under_the_site_s_path():
    assert "EventSource" in got("/prices/_live/reload.js", base="/prices").text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_pages_are_only_read(method):
    assert got("/", method=method).status_code == 405


@pytest.mark.parametrize(
    "name", ["localhost", "localhost:8000", "127.0.0.1:1", "[::1]:8000", "192.168.1.5", "Desk.lan"]
)
def test_own_names_and_addresses_in_figures_are_answered(name):
    assert got("/", "desk.lan", host=name).status_code == 200


@pytest.mark.parametrize(
    "name", ["evil.example", "localhost.evil.example", "desk.lan", "", "[", "127.0.0.1.evil.example"]
)
def test_other_names_are_refused(name):
    assert got("/", host=name).status_code == 421


def test_stream_says_the_version_at_once_and_whenever_it_moves():
    async def heard():
        preview = Preview(Made(), "")
        versions = preview._versions()
        first = await anext(versions)
        preview.move()
        second = await anext(versions)
        preview.end()
        return first, second, [one async for one in versions]

    first, second, rest = asyncio.run(heard())
    assert (first.partition(".")[2], second.partition(".")[2], rest) == ("0\n\n", "1\n\n", [])
