"""Whether a build has anything to do, before anything else is imported."""

import json

import pytest

from generator.site import up_to_date

pytestmark = pytest.mark.postgres


@pytest.fixture
def told(made, database_url, tmp_path, monkeypatch):
    """Whether a build of tmp_path/site has nothing to do."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    made()
    return lambda *options: up_to_date.has_told(["render", "--out", str(tmp_path / "site"), *options])


def test_nothing_to_do_is_told_at_once(told, capsys):
    assert told()
    assert capsys.readouterr().out.endswith("nothing has changed since the last build.\n")
    assert told("--json", "--jobs", "2")
    assert json.loads(capsys.readouterr().out)["looked_at"] == 0


@pytest.mark.parametrize(
    "options", [["--full"], ["--jobs", "0"], ["--jobs", "x"], ["--jobs"], ["--verify"], ["--nosuch"]]
)
def test_other_options_are_left_to_the_build(options, told):
    assert not told(*options)


def test_there_is_something_to_do_once_a_price_has_moved(told, prices):
    prices.execute("update instances set price_per_hour = 9")
    prices.commit()
    assert not told()


def test_what_another_has_settled_meanwhile_is_still_to_do(told, prices):
    prices.execute("update instances set price_per_hour = 9")
    prices.execute("select settle_slices((select as_of from slices_settled))")
    prices.commit()
    assert not told()


def test_a_killed_build_is_looked_into(told, tmp_path):
    (tmp_path / "site" / ".staging").mkdir()
    assert not told()
