"""`build.py serve --watch` on a copy of the checkout, whose files are saved while it runs."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import httpx
import pytest
from playwright.sync_api import Browser

from generator.database import db
from tests.sampling import sample
from tests.site.conftest import ROOT, BuiltSite, free_port

pytestmark = [pytest.mark.site, pytest.mark.postgres]
PATIENCE = 60  # seconds for anything to happen on a busy machine
GUIDE = "content/guides/on-demand-spot-reserved.md"


@dataclass(frozen=True)
class Watched:
    """A preview that runs on a checkout of its own."""

    tree: Path
    address: str
    process: "subprocess.Popen[str]"
    site: BuiltSite

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(self.address + path, headers=headers, timeout=PATIENCE)

    def after(self, change: Callable[[], object]) -> None:
        """Make a change, and wait until pages are to be loaded again."""
        self.get("robots.txt")  # is answered once what was saved before is read
        with httpx.stream("GET", self.address + "_live/events", timeout=PATIENCE) as stream:
            said = filter(None, stream.iter_lines())
            before = next(said)
            change()
            until = monotonic() + PATIENCE
            while next(said) == before:  # as it says every 15 seconds
                assert monotonic() < until, "nothing is loaded again"

    def save(self, file: str, text: str) -> None:
        """Save a file as many editors do: all at once."""
        whole = self.tree / "whole"
        whole.write_text(text, "utf-8")
        whole.replace(self.tree / file)

    @contextmanager
    def saved(self, file: str, old: str, new: str) -> Iterator[None]:
        """A file in which something is replaced for the time of the block."""
        text = (self.tree / file).read_text("utf-8")
        assert old in text
        self.after(lambda: self.save(file, text.replace(old, new, 1)))
        yield
        self.after(lambda: self.save(file, text))


def files_of(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(file): (file.stat().st_mtime_ns, file.stat().st_size) for file in sorted(folder.rglob("*"))}


def started(tree: Path, site: BuiltSite, port: str = "") -> "subprocess.Popen[str]":
    given = ["--port", port or free_port(), "--out", str(site.folder)]
    command = [sys.executable, "build.py", "serve", "--watch", *given]
    return subprocess.Popen(command, cwd=tree, env=site.environment(), stdout=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def watched(small_site: BuiltSite, fresh_database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:  # type: ignore[no-untyped-def]
    tree = tmp_path_factory.mktemp("checkout")
    for name in ("generator", "templates", "content"):
        shutil.copytree(ROOT / name, tree / name)
    for name in ("scrapers", "sql"):
        (tree / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "build.py", tree)
    site = BuiltSite(small_site.folder, fresh_database.copy_of(small_site.database_url))
    with started(tree, site) as process:
        assert process.stdout
        yield Watched(tree, process.stdout.readline().strip(), process, site)
        process.send_signal(signal.SIGINT)


def test_pages_are_as_built_but_for_the_script_and_nothing_is_written(watched: Watched) -> None:
    before = files_of(watched.site.folder)
    for path in ("", "gpu/h100-sxm/", "provider/runpod/", "methodology/"):
        page = watched.get(path)
        built = watched.site.read("/" + path).decode()
        assert page.text.count("/_live/reload.js?") == 1
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "script-src 'self'" in page.headers["content-security-policy"]
        assert page.text.partition("<h1>")[0] == built.partition("<h1>")[0]
    assert files_of(watched.site.folder) == before


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("robots.txt", 200, "Sitemap:"),
        ("sitemap.xml", 200, "sitemapindex"),
        ("sitemaps/gpu-detail.xml", 200, "/gpu/h100-sxm/"),
        ("freshness.json", 200, "runpod"),
        ("nowhere/", 404, "/_live/reload.js?"),
        ("_headers", 404, "<h1>"),
        ("..%2fdata/secret", 404, "<h1>"),
        ("sitemaps/..%2f.manifest.json", 404, "<h1>"),
        ("gpu/h100-sxm", 301, ""),
        ("compare/b200-sxm-vs-h100-sxm/", 200, "<h1>"),
        ("compare/h100-sxm-vs-b200-sxm/", 301, ""),
    ],
)
def test_other_addresses_are_answered_as_by_a_host(watched: Watched, path: str, status: int, says: str) -> None:
    answer = watched.get(path)
    assert (answer.status_code, says in answer.text) == (status, True)


def test_saved_template_shows(watched: Watched) -> None:
    with watched.saved("templates/gpu_detail.html", "{% block body %}", "{% block body %}<p>Just saved</p>"):
        assert "<p>Just saved</p>" in watched.get("gpu/h100-sxm/").text
    assert "Just saved" not in watched.get("gpu/h100-sxm/").text


def test_saved_style_sheet_has_another_address(watched: Watched) -> None:
    with watched.saved("templates/assets/site.css/1-tokens.css", "{", "{--new:1;"):
        address = watched.get("").text.partition('rel="stylesheet" href="/prices/')[2].partition('"')[0]
        assert "--new:1;" in watched.get(address).text


ERRORS = [
    ("templates/base.html", "{% block body %}", "{% blok <b> %}", "", "unknown tag &#x27;blok&#x27;"),
    ("templates/home.html", "page.body.", "page.bodice.", "", "templates/home.html:"),
    (GUIDE, "title:", "titel:", "guides/on-demand-spot-reserved/", f"{GUIDE}: titel: unknown field"),
    ("content/methodology.md", "## In short", "## In {{ no_such }}", "methodology/", "content/methodology.md"),
]


@pytest.mark.parametrize(("file", "old", "new", "path", "says"), sample(ERRORS, 2))
def test_error_is_shown_until_it_is_put_right(
    watched: Watched, file: str, old: str, new: str, path: str, says: str
) -> None:
    with watched.saved(file, old, new):
        page = watched.get(path)
        assert (page.status_code, says in page.text, "<b>" in page.text) == (500, True, False), page.text
        assert "/_live/reload.js?" in page.text
        assert page.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert watched.get(path).status_code == 200


@pytest.mark.long
def test_draft_of_a_guide_is_shown(watched: Watched) -> None:
    with watched.saved(GUIDE, "\n## ", "\n## New: "):
        assert ">New: " in watched.get("guides/on-demand-spot-reserved/").text


@pytest.mark.long
def test_link_to_an_anchor_comes_alive_with_the_template_that_has_it(watched: Watched) -> None:
    link = "[new](/gpu/h100-sxm/#just-now)\n\n## "
    guide = "guides/on-demand-spot-reserved/"
    with watched.saved(GUIDE, "## ", link):
        assert "#just-now" not in watched.get(guide).text
        with watched.saved("templates/gpu_detail.html", "{% block body %}", '{% block body %}<p id="just-now"></p>'):
            assert 'href="/prices/gpu/h100-sxm/#just-now"' in watched.get(guide).text
        assert "#just-now" not in watched.get(guide).text


@pytest.mark.long
def test_saved_page_module_is_used(watched: Watched) -> None:
    with watched.saved("generator/pages/home.py", "heading=", 'heading="New " + '):
        assert "<h1>New " in watched.get("").text


@pytest.mark.long
@pytest.mark.parametrize(("old", "new"), [("def page(", "def page[("), ("heading=", 'heading="" / ')])
def test_error_in_a_page_module_is_shown_until_it_is_put_right(watched: Watched, old: str, new: str) -> None:
    module = "generator/pages/home.py"
    with watched.saved(module, old, new):
        answer = watched.get("")
        assert (answer.status_code, f"{module}:" in answer.text) == (500, True), answer.text
    assert watched.get("").status_code == 200


def test_change_of_the_database_shows(watched: Watched) -> None:
    def rename() -> None:
        with db.connect(watched.site.database_url) as connection:
            connection.execute("update providers set display_name = 'RunPod 2' where slug = 'runpod'")

    watched.after(rename)
    assert "<h1>RunPod 2 " in watched.get("provider/runpod/").text


@pytest.mark.long
def test_end_of_the_maker_is_said_and_mended_by_the_next_save(watched: Watched) -> None:
    listed = subprocess.run(["pgrep", "-P", str(watched.process.pid)], capture_output=True, text=True, check=True)
    os.kill(int(listed.stdout), signal.SIGKILL)
    assert "has ended" in watched.get("").text
    watched.after((watched.tree / "templates/base.html").touch)
    assert watched.get("").status_code == 200


@pytest.mark.parametrize(("host", "status"), [("evil.example", 421), ("localhost:1", 200), ("127.0.0.1", 200)])
def test_only_own_names_are_answered(watched: Watched, host: str, status: int) -> None:
    assert watched.get("robots.txt", Host=host).status_code == status


@pytest.mark.browser
def test_open_page_reloads_by_itself(watched: Watched, browser: Browser) -> None:
    page = browser.new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    with page.expect_request("**/_live/events"):
        page.goto(watched.address)
    with watched.saved("templates/home.html", "{% block body %}", '{% block body %}<p id="new"></p>'):
        page.wait_for_selector("#new", state="attached", timeout=PATIENCE * 1000)
    page.wait_for_function("() => !document.querySelector('#new')", timeout=PATIENCE * 1000)
    page.close()
    assert heard == []


@pytest.mark.parametrize(
    ("told", "status"), sample([(signal.SIGINT, 0), (signal.SIGTERM, 143), (signal.SIGHUP, 129)], 1)
)
def test_a_signal_ends_it_while_a_page_listens(watched: Watched, told: signal.Signals, status: int) -> None:
    with started(watched.tree, watched.site) as process:
        assert process.stdout
        address = process.stdout.readline().strip()
        with httpx.stream("GET", address + "_live/events", timeout=PATIENCE) as stream:
            said = stream.iter_lines()
            next(said)
            process.send_signal(told)
            list(said)
    assert (process.returncode, process.stdout.closed) == (status, True)
