import pytest

from generator.live.changes import order_for
from generator.settings import ROOT


@pytest.mark.parametrize(
    ("files", "order"),
    [
        ([], ""),
        (["templates/home.html"], "templates"),
        (["templates/assets/site.css"], "templates"),
        (["content/guides/a.md"], "content"),
        (["templates/home.html", "content/methodology.md"], "content"),
        (["templates/home.html", "generator/pages/home.py"], "code"),
        (["scrapers/offer.py"], "code"),
        (["sql/queries/guides.sql"], "code"),
        (["scrapers/recorded/aws.json"], ""),
        (["generator/live/reload.js"], ""),
    ],
)
def test_what_is_made_anew_follows_from_the_files(files, order):
    assert order_for({ROOT / file for file in files}) == order
