import asyncio

import pytest
from watchfiles._rust_notify import WatchfilesRustInternalError

from generator.errors import BuildError
from generator.live import changes
from generator.live.changes import order_for
from generator.settings import ROOT


@pytest.mark.parametrize(
    ("files", "order"),
    [
        ([], ""),
        (["templates/home.html"], "templates"),
        (["templates/assets/site.css/1-tokens.css"], "templates"),
        (["content/guides/a.md"], "content"),
        (["templates/home.html", "content/methodology.md"], "content"),
        (["templates/home.html", "generator/pages/home.py"], "code"),
        (["scrapers/offer.py"], "code"),
        (["sql/queries/reviewed_texts.sql"], "code"),
        (["scrapers/recorded/aws.json"], ""),
        (["generator/live/reload.js"], ""),
    ],
)
def test_what_is_made_anew_follows_from_the_files(files, order):
    assert order_for({ROOT / file for file in files}) == order


def test_too_many_files_to_watch_are_an_error_that_says_what_to_do(monkeypatch):
    def full(*_, **__):
        raise WatchfilesRustInternalError("OS file watch limit reached.")

    monkeypatch.setattr(changes, "awatch", full)
    with pytest.raises(BuildError, match=r"limit reached\.; raise fs\.inotify\.max_user_watches"):
        asyncio.run(changes.watch_files(None))
