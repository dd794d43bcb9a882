"""A planted disagreement: counted by the refresh, listed, judged, shown on the site."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from lxml import html

from generator.commands import main
from generator.settings import Settings
from generator.site import build, site_catalogue
from scrapers import run as scraping
from tests.generator.answers import Answers, add_catalogue, module

pytestmark = pytest.mark.postgres
NOW = datetime.now(UTC)
REASON = "theirs is the GPU without its host"


@pytest.fixture
def answers():
    with Answers() as server:
        yield server


@pytest.fixture
def catalogue(connection, answers, monkeypatch):
    """A provider at two dollars, for which somebody published two and a half yesterday."""
    monkeypatch.setattr("generator.database.seeds.seed", lambda _: type("Nothing", (), {"changed": False})())
    monkeypatch.setattr("generator.database.seeds.exchange_rates", lambda _: None)
    one = module("nimbus", answers.url)
    monkeypatch.setattr(scraping, "providers", lambda: [one])
    add_catalogue(connection, "nimbus")
    connection.execute(
        "insert into reference_sources values (1, 'readers', 'Readers', 'https://readers.example', 'MIT', 'x', '1 day')"
    )
    connection.execute(
        "insert into reference_history select 1, 'nimbus', id, 'on_demand', 2.5, %s, '', 1 from gpu_models",
        [NOW - timedelta(days=1)],
    )
    connection.commit()
    answers.plans("nimbus", 2, 3)
    return connection


@pytest.fixture
def tell(catalogue, database_url, tmp_path):
    environment = {"DATABASE_URL": database_url, "CLOUDGPUS_DATA_DIR": str(tmp_path), "COLUMNS": "200"}

    def invoke(*arguments, **more):
        ended = CliRunner(env=environment | more).invoke(main, [*arguments])
        unforeseen = ended.exception and not isinstance(ended.exception, SystemExit)
        assert not unforeseen, repr(ended.exception)
        return ended

    return invoke


@pytest.fixture
def page(catalogue, tmp_path, monkeypatch):
    """What the page at a path says about prices that others published differently."""
    (tmp_path / "content" / "guides").mkdir(parents=True)
    (tmp_path / "content" / "methodology.md").write_text("As it is.")
    monkeypatch.setattr(site_catalogue, "CONTENT", tmp_path / "content")

    def read(path):
        build.build(catalogue, Settings(), tmp_path / "site")
        shown = html.fromstring((tmp_path / "site" / path / "index.html").read_text("utf-8"))
        return [" ".join(row.text_content().split()) for row in shown.xpath("//*[@id='disagreements']//tbody/tr")]

    return read


def judged(tell, verdict="ours", number=1):
    return tell(
        "sources", "disagreements", "--verdict", verdict, str(number), "--by", "Ada Byron", "--reason", REASON
    )  # fmt: skip


def test_a_planted_disagreement_is_counted_listed_judged_and_shown(tell, page, catalogue):
    assert (
        "Second opinion: 1 of 1 price that others published too differs by over 5 % (1 new, 1 to judge, 0 settled); "
        "build.py sources disagreements lists it." in tell("refresh").stdout
    )
    listed = tell("sources", "disagreements", "nimbus").stdout
    for told in (
        "$2.00 on 20",
        "127.0.0.1",
        "$2.50 on 20",
        "Readers (1x)",
        "+25%",
        "1 disagreement to judge",
    ):
        assert told in listed
    for path in ("provider/nimbus", "gpu/h100-sxm"):
        (row,) = page(path)
        assert "Readers had $2.50 on " in row
        assert row.endswith("not judged yet")
    assert judged(tell).stdout == "Number 1 (nimbus, h100-sxm) is judged: ours.\n"
    catalogue.commit()
    for path in ("provider/nimbus", "gpu/h100-sxm"):
        (row,) = page(path)
        assert row.endswith(f"our price is right {REASON}")
        assert "Ada" not in row
    assert f"judged: ours, by Ada Byron: {REASON}" in " ".join(tell("sources", "disagreements").stdout.split())


def test_a_verdict_outlives_refreshes_until_a_figure_moves(tell, answers):
    tell("refresh")
    judged(tell)
    assert json.loads(tell("refresh", "--force", "--json").stdout)["second_opinion"]["open"] == 0
    assert "0 disagreements to judge" in tell("sources", "disagreements").stdout
    answers.plans("nimbus", 2.2, 3)
    tell("refresh", "--force")
    assert "open; on other figures ours, by Ada Byron" in " ".join(tell("sources", "disagreements").stdout.split())


def test_prices_that_agree_again_leave_list_and_page(tell, answers, page):
    tell("refresh")
    answers.plans("nimbus", 2.5, 3)
    assert "(0 new, 0 to judge, 1 settled)" in tell("refresh", "--force").stdout
    assert tell("sources", "disagreements").stdout == "No price that others published differs from ours.\n"
    assert "settled" in tell("sources", "disagreements", "--all").stdout
    assert page("provider/nimbus") == []


def test_for_machines_there_are_both_figures_with_dates_and_sources(tell, answers):
    tell("refresh")
    (entry,) = json.loads(tell("sources", "disagreements", "--json").stdout)
    assert (float(entry["price_per_gpu_hour"]), float(entry["reading_price_per_gpu_hour"])) == (2, 2.5)
    assert (entry["source_url"], entry["reading_url"]) == (f"{answers.url}/nimbus", "https://readers.example")
    assert (entry["state"], entry["verdict"], entry["reading_licence"]) == ("open", None, "MIT")


def test_an_unknown_number_is_one_clear_line(tell):
    told = judged(tell, number=77)
    line = "Error: no disagreement has the number 77; `build.py sources disagreements` lists them\n"
    assert (told.exit_code, told.stderr) == (1, line)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--verdict", "ours", "1", "--by", "Ada"], "a verdict needs a name and a reason: --by NAME --reason TEXT"),
        (["--verdict", "ours", "1", "--reason", "x"], "a verdict needs a name and a reason: --by NAME --reason TEXT"),
        (["--verdict", "right", "1", "--by", "Ada", "--reason", "x"], "'right' is not one of 'ours', 'theirs', "),
        (["--verdict", "ours", "one", "--by", "Ada", "--reason", "x"], "'one' is not a valid integer"),
        (["--by", "Ada"], "--by and --reason go with --verdict"),
    ],
)
def test_wrong_use_ends_with_2(arguments, problem):
    ended = CliRunner().invoke(main, ["sources", "disagreements", *arguments])
    assert ended.exit_code == 2
    assert problem in ended.stderr


def test_an_unknown_provider_has_no_disagreements(tell):
    told = tell("sources", "disagreements", "nimbos")
    assert (told.exit_code, told.stderr) == (1, 'Error: no provider is called "nimbos"; the nearest: nimbus\n')


def test_files_of_further_readings_are_compared_too(tell, tmp_path):
    file = tmp_path / "sheet.csv"
    file.write_text(
        "source,provider,gpu_slug,pricing_type,price_per_gpu_hour,observed_at,region,gpu_count,price_basis,url,licence\n"
        f"A sheet,nimbus,h100-sxm,on_demand,4,{NOW:%Y-%m-%d}T00:00:00Z,,1,complete,https://sheet.example,CC0\n"
    )
    assert "2 of 2 prices that others published too differ" in tell("refresh", CLOUDGPUS_READINGS=str(file)).stdout
    assert "A sheet (1x)" in tell("sources", "disagreements").stdout


def test_a_file_of_readings_that_can_not_be_right_stops_the_refresh_before_it_begins(tell, answers, tmp_path):
    told = tell("refresh", CLOUDGPUS_READINGS=str(tmp_path / "none.csv"))
    assert told.exit_code == 1
    assert told.stderr.startswith("Error: CLOUDGPUS_READINGS: ")
    assert not answers.asked
