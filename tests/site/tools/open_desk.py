"""The editors' desk on a database of its own, served to a browser of the tests."""

import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from generator.database import db
from generator.database.seeds import SEED
from generator.desk import audit, editors, revisions, states
from generator.desk.app import serve
from generator.desk.app.desk import Desk
from generator.desk.audit import Entry
from generator.desk.drafts import Draft
from generator.settings import Settings

PASSWORDS: Mapping[str, str] = {name: f"{name}'s long password" for name in ("Ada", "Grace", "Ed")}
ROLES: Mapping[str, editors.Role] = {"Ada": "admin", "Grace": "reviewer", "Ed": "editor"}


@dataclass(frozen=True)
class OpenDesk:
    """A desk that is being served."""

    desk: Desk
    address: str

    @property
    def database_url(self) -> str:
        return self.desk.address

    def log(self) -> list[Entry]:
        """The audit log, oldest first."""
        with db.connect(self.database_url) as connection:
            return audit.audit(connection)

    def refusals(self) -> list[tuple[str, str]]:
        """Who was refused, and why."""
        return [(one.actor, one.detail["reason"]) for one in self.log() if one.action == "refused"]

    def state(self, slug: str) -> states.PageState:
        with db.connect(self.database_url) as connection:
            return states.state(connection, slug)

    def propose(self, draft: Draft, actor: str = "Ed", **how: object) -> None:
        """Hand a draft in for review."""
        with db.connect(self.database_url) as connection:
            at = datetime.now(UTC)
            newest = revisions.newest(connection, draft.slug)
            base = newest.number if newest else None
            how = {"actor": actor, "kind": "human", "base": base, "at": at, **how}
            made = revisions.new_revision(connection, draft, self.desk.drafts.read(draft), **how)  # type: ignore[arg-type]
            states.submit(connection, draft.slug, made.number, actor=actor, at=at)

    def page_of(self, browser: Browser, name: str, **options: object) -> Page:
        """A page on which an editor is logged in."""
        page = context_of(browser, **options).new_page()
        page.goto(self.address)
        page.wait_for_selector("#name:focus")
        page.keyboard.type(name)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORDS[name])
        page.keyboard.press("Enter")
        page.wait_for_selector(".tabs")
        return page


def context_of(browser: Browser, **options: object) -> BrowserContext:
    """A browser of somebody."""
    return browser.new_context(viewport={"width": 1600, "height": 1000}, **options)  # type: ignore[arg-type]


def add_editors(database_url: str) -> None:
    """Add three editors, one of each role."""
    with db.connect(database_url) as connection:
        for name, role in ROLES.items():
            at = datetime.now(UTC)
            editors.add_editor(connection, name, role, actor="Ada", at=at, password=PASSWORDS[name])


@contextmanager
def opened(settings: Settings, database_url: str, folder: Path) -> Iterator[OpenDesk]:
    """Serve a desk, with seeds of its own to write to."""
    seed = folder / "seed"
    shutil.copytree(SEED, seed)
    desk = Desk(settings, database_url, seed)
    with serve.listen(0) as listening:
        server = serve.server(desk)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield OpenDesk(desk, serve.address(listening))
        server.should_exit = True
        thread.join()
