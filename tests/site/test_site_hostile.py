import html
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from generator import urls
from generator.site import checks
from generator.site.serve import Preview
from tests.conftest import Databases
from tests.site.conftest import URL, BuiltSite
from tests.site.tools import hostile, nu

pytestmark = [pytest.mark.site, pytest.mark.postgres, pytest.mark.long]


@pytest.fixture(scope="module")
def hostile_site(fresh_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """A site built from answers with markup and paths in all their texts."""
    site = BuiltSite(tmp_path_factory.mktemp("hostile") / "site", fresh_database.empty())
    done = site.build("--source", "recorded", program=("-m", "tests.site.tools.hostile"))
    assert f"Failed: {hostile.NAMES_TOO}: unknown GPU names in " in done.stdout, done.stdout
    assert "Traceback" not in done.stderr, done.stderr
    return site


@pytest.fixture(scope="module")
def struck(hostile_site: BuiltSite) -> list[str]:
    """The paths of the pages that show the hostile text."""
    shown = html.escape(hostile.TEXT).encode()
    return [path for path in sorted(hostile_site.page_types) if shown in hostile_site.read(path)]


def test_hostile_text_reaches_many_pages_as_text(hostile_site: BuiltSite, struck: list[str]) -> None:
    types = {hostile_site.page_types[path] for path in struck}
    assert len(struck) > 20
    assert types >= {"gpu_detail", "provider_detail"}


def test_hostile_text_is_markup_on_no_page_and_in_no_file(hostile_site: BuiltSite) -> None:
    for file in hostile_site.folder.rglob("*"):
        assert not file.is_file() or b"<img src=x" not in file.read_bytes(), file


def test_hostile_text_becomes_no_path(hostile_site: BuiltSite, built_site: BuiltSite) -> None:
    expected = set(built_site.page_types.values())
    assert {path for path in hostile_site.page_types if ".." in path or "etc" in path.split("/")} == set()
    assert set(hostile_site.page_types.values()) == expected


def test_hostile_site_holds_together(hostile_site: BuiltSite, struck: list[str]) -> None:
    found = checks.check(hostile_site.folder, URL)
    assert [str(finding) for finding in found if finding.severity == "error"] == []
    assert nu.problems(hostile_site.file(path) for path in struck[::10]) == []


@pytest.fixture(scope="module")
def hostile_address(hostile_site: BuiltSite) -> Iterator[str]:
    with Preview(hostile_site.folder, port=0, base=urls.base_path(URL)) as preview:
        thread = threading.Thread(target=preview.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield preview.address + urls.base_path(URL)
        preview.shutdown()
        thread.join()


def effects(page: Page, address: str) -> list[str]:
    """What a hostile text did to a page: dialogs, elements, requests, violations of the content security policy."""
    did: list[str] = []
    page.on("dialog", lambda dialog: (did.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("console", lambda message: did.append(message.text))
    page.on("request", lambda request: did.append(request.url) if request.url.endswith("/x") else None)
    page.goto(address, wait_until="load")
    count = page.locator("img, [onerror]").count()
    return [*did, *(["an element"] if count else [])]


@pytest.mark.browser
@pytest.mark.parametrize("options", [{}, {"bypass_csp": True}, {"java_script_enabled": False}])
def test_hostile_text_reads_as_text_and_does_nothing(
    hostile_site: BuiltSite, hostile_address: str, struck: list[str], browser: Browser, options: dict[str, bool]
) -> None:
    one_of_each = {hostile_site.page_types[path]: path for path in struck}.values()
    for path in one_of_each:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        page = context.new_page()
        assert effects(page, hostile_address + path) == []
        assert hostile.TEXT in page.locator("body").inner_text()
        context.close()


@pytest.mark.browser
def test_browser_would_tell_if_the_text_did_something(tmp_path: Path, browser: Browser) -> None:
    (tmp_path / "a.html").write_text(f"<!doctype html><script>var a = '{hostile.TEXT}'</script>")
    page = browser.new_context().new_page()
    assert "dialog 1" in effects(page, (tmp_path / "a.html").as_uri())
    page.context.close()
