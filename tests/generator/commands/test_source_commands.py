import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from click.testing import CliRunner

from generator.commands import main
from scrapers import run as scraping
from tests.generator.answers import Answers, add_catalogue, module, run
from tests.scrapers.made_up import blinded, cards, dying, parsing
from tests.sql import samples

pytestmark = pytest.mark.postgres
HOUR = timedelta(hours=1)
LATELY = datetime.now(UTC) - timedelta(days=2)


@pytest.fixture
def answers():
    with Answers() as server:
        yield server


@pytest.fixture
def nimbus(answers, monkeypatch):
    """The only provider."""
    one = module("nimbus", answers.url)
    monkeypatch.setattr(scraping, "providers", lambda: [one])
    return one


@pytest.fixture
def catalogue(connection, answers, nimbus, monkeypatch):
    """A database with one provider's ten prices, which the seeds leave alone."""
    monkeypatch.setattr("generator.database.seeds.seed", lambda _: type("Nothing", (), {"changed": False})())
    monkeypatch.setattr("generator.database.seeds.exchange_rates", lambda _: None)
    add_catalogue(connection, "nimbus")
    refreshed(connection, answers, nimbus, 0, *[2] * 10)
    return connection


@pytest.fixture
def tell(catalogue, database_url, tmp_path):
    environment = {"DATABASE_URL": database_url, "CLOUDGPUS_DATA_DIR": str(tmp_path), "COLUMNS": "200"}

    def invoke(*arguments):
        ended = CliRunner(env=environment).invoke(main, ["sources", *arguments])
        unforeseen = ended.exception and not isinstance(ended.exception, SystemExit)
        assert not unforeseen, repr(ended.exception)
        return ended

    return invoke


def refreshed(connection, answers, nimbus, hours, *prices):
    answers.plans("nimbus", *prices)
    return run(connection, nimbus, source="live", now=LATELY + hours * HOUR)


def test_probe_tells_on_one_screen_what_is_answered_and_would_be_stored(tell, answers, catalogue):
    answers.bodies["/nimbus"] = json.dumps(
        [
            *({"id": f"plan-{n}", "gpu": "H100 SXM", "hourly": 2} for n in range(8)),
            {"id": "plan-8", "gpu": "H100 SXM", "hourly": 4},
            {"id": "plan-10", "gpu": "H100 SXM", "hourly": 3},
            {"id": "plan-11", "gpu": "H900", "hourly": 3},
        ]
    ).encode()
    told = tell("probe", "nimbus")
    assert told.exit_code == 0
    assert f"GET {answers.url}/nimbus: 200, " in told.stdout
    assert 'Unknown GPU name: "H900" in 1 offer' in told.stdout
    assert 'Held back (price_jump): "plan-8": price_per_hour moved from 2 to 4 USD per GPU-hour' in told.stdout
    summary = "Would be stored: 9 offers (1 new, 0 changed, 8 same); 1 gone, 1 held back, 1 of unknown GPUs."
    assert told.stdout.splitlines()[-2] == summary
    rows = "11 rows in the answer, each a plan: 9 offers, 1 unknown name, 1 held back (price jump)."
    assert told.stdout.splitlines()[-1] == rows
    assert len(told.stdout.splitlines()) <= 40
    assert samples.one(catalogue, "select count(*) from scrape_jobs") == 1


def test_probe_for_machines_has_every_offer_with_its_price_per_gpu(tell):
    told = json.loads(tell("probe", "nimbus", "--json").stdout)
    assert (told["error"], len(told["offers"]), told["captures"][0]["status"]) == (None, 10, 200)
    assert told["offers"][0]["price_per_gpu_hour"] == "2.000000"
    assert told["offers"][0]["standing"] == "same"


def test_probe_says_where_a_machine_s_size_is_not_stated(tell, answers, monkeypatch):
    answers.bodies["/nimbus"] = json.dumps(
        [{"instance_type": f"card {n}", "gpu_name": "H100 SXM", "price": 2} for n in range(10)]
    ).encode()
    one = module("nimbus", answers.url)
    one.offers = cards
    monkeypatch.setattr(scraping, "providers", lambda: [one])
    (shown, *_) = [line for line in tell("probe", "nimbus").stdout.splitlines() if line.startswith("card 0 ")]
    assert "machine size not stated" in shown
    assert "1 x" not in shown


def test_probe_of_an_answer_that_would_be_refused_says_why_and_ends_with_1(tell, answers):
    answers.bodies["/nimbus"] = b"<html>down</html>"
    told = tell("probe", "nimbus")
    assert told.exit_code == 1
    assert "Would be refused: nimbus: " in told.stdout


def test_an_answer_that_crashes_its_parser_ends_no_command(tell, nimbus):
    dying(nimbus)
    for told in (tell("probe", "nimbus"), tell("captures", "nimbus", "--replay")):
        assert told.exit_code == 1
        assert "the process that read its answer ended before it was done" in told.output


def test_probe_of_an_unknown_provider_names_the_known_ones(tell):
    told = tell("probe", "nimbos")
    assert (told.exit_code, told.stderr) == (1, 'Error: no provider is called "nimbos"; the nearest: nimbus\n')


def test_captures_are_listed_and_shown_byte_for_byte(tell, answers):
    assert "nimbus" in tell("captures").stdout
    (line,) = json.loads(tell("captures", "nimbus", "--json").stdout)
    shown = tell("captures", "--show", line["sha256"][:12])
    assert f"GET {answers.url}/nimbus" in shown.stdout
    assert f"sha256: {line['sha256']}" in shown.stdout
    assert tell("captures", "--show", line["sha256"], "--body").stdout_bytes == answers.bodies["/nimbus"]
    assert json.loads(tell("captures", "--show", line["sha256"], "--json").stdout)["status"] == 200


def test_a_replay_says_what_it_corrects(tell, nimbus, catalogue):
    parsing(nimbus, price=Decimal(3))
    told = tell("captures", "nimbus", "--replay", "--dry-run")
    assert told.stdout.splitlines()[-1] == "nimbus: 1 answer replayed, 10 offers would be corrected."
    assert samples.one(catalogue, "select max(price_per_hour) from instances") == 2
    catalogue.rollback()
    told = tell("captures", "nimbus", "--replay")
    assert "nimbus  plan-0: price_per_hour 2 -> 3" in told.stdout
    assert samples.one(catalogue, "select min(price_per_hour) from instances") == 3
    catalogue.rollback()
    assert tell("captures", "nimbus", "--replay", "--json").exit_code == 0


def test_all_answers_of_all_providers_are_replayed_and_most_limits_the_list(tell, answers, nimbus, catalogue):
    refreshed(catalogue, answers, nimbus, 1, *[3] * 10)
    parsing(nimbus, price=Decimal(4))
    (once,) = json.loads(tell("captures", "--replay", "--all", "--dry-run", "--json").stdout).values()
    assert [len(one["changes"]) for one in once] == [10, 10]
    told = tell("captures", "--replay", "--all", "--most", "3").stdout.splitlines()
    assert len(told) == 5
    assert told[-2:] == [
        "nimbus: 17 more changes; --most 20 or --json lists them all.",
        "nimbus: 2 answers replayed, 10 offers corrected.",
    ]
    assert samples.one(catalogue, "select count(*) from price_history where price_per_hour = 4") == 20


def test_an_answer_that_still_can_not_be_read_ends_with_1(tell, nimbus):
    blinded(nimbus)
    told = tell("captures", "nimbus", "--replay")
    assert told.exit_code == 1
    assert "left as it is: nimbus: " in told.stdout


def test_old_answers_that_no_price_needs_are_deleted(tell, answers, nimbus, catalogue):
    for hours in (1, 2):
        refreshed(catalogue, answers, nimbus, hours, *[2] * 10)
    assert tell("captures", "--forget", "1").stdout.startswith("1 answer deleted; ")
    assert json.loads(tell("captures", "--forget", "1", "--json").stdout) == {"forgotten": 0}


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["captures", "--since", "2026-08-01"], "--all, --since and --dry-run go with --replay"),
        (["captures", "nimbus", "--replay", "--all", "--since", "2026-08-01"], "--all and --since exclude each other"),
        (["captures", "--body"], "--body goes with --show HASH"),
        (["captures", "--replay"], "--replay needs the providers"),
        (["quarantine", "--release", "1"], "a decision needs a name: --by NAME"),
        (["quarantine", "--release", "1", "--reject", "2", "--by", "x"], "expected one at a time"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_use(arguments, problem):
    ended = CliRunner().invoke(main, ["sources", *arguments])
    assert ended.exit_code == 2
    assert problem in ended.stderr


def test_quarantine_lists_rule_figures_and_shown_price_and_takes_an_editors_decision(tell, answers, nimbus, catalogue):
    assert tell("quarantine").stdout == "Nothing is held back.\n"
    refreshed(catalogue, answers, nimbus, 1, *[2] * 9, 20)
    listed = tell("quarantine", "nimbus").stdout
    assert "price_band" in listed
    assert "20 USD per GPU-hour" in listed
    assert "1 offer waiting." in listed
    (entry,) = json.loads(tell("quarantine", "--json").stdout)
    assert (entry["standing_price"], entry["prices"]) == ("2", {"price_per_hour": "20.0000"})
    told = tell("quarantine", "--release", str(entry["id"]), "--by", "Ada", "--reason", "seen on the page")
    assert told.stdout.startswith(f"Number {entry['id']} (nimbus, plan-9) is released; it is published with the next")
    refreshed(catalogue, answers, nimbus, 2, *[2] * 9, 20)
    assert samples.one(catalogue, "select max(price_per_hour) from instances") == 20
    catalogue.rollback()
    assert tell("quarantine").stdout == "Nothing is held back.\n"
    assert "released, by Ada" in tell("quarantine", "--all").stdout


def test_an_answer_that_is_held_back_is_listed_and_released_by_an_editor(tell, answers, nimbus, catalogue):
    refreshed(catalogue, answers, nimbus, 1, *[2] * 300)
    catalogue.rollback()
    assert "300 offers of known GPUs" in " ".join(tell("list").stdout.split())
    listed = " ".join(tell("quarantine").stdout.split())
    assert "more_offers" in listed
    assert "1 whole answer waiting." in listed
    (entry,) = json.loads(tell("quarantine", "--json").stdout)
    told = tell("quarantine", "--release", str(entry["id"]), "--by", "Ada", "--reason", "they grew")
    assert told.stdout.startswith(f"Number {entry['id']} (nimbus, the whole answer) is released; it is published with")
    assert refreshed(catalogue, answers, nimbus, 1.1, *[2] * 310).failed == ()
    assert samples.one(catalogue, "select count(*) from instances where is_active") == 310


def test_an_answer_that_an_editor_rejects_stays_out_however_often_it_comes(tell, answers, nimbus, catalogue):
    refreshed(catalogue, answers, nimbus, 1, *[2] * 300)
    catalogue.rollback()
    assert tell("quarantine", "--reject", "1", "--by", "Ada").exit_code == 0
    assert [len(refreshed(catalogue, answers, nimbus, hours, *[2] * 300).failed) for hours in (2, 9)] == [1, 1]


@pytest.mark.long
def test_what_is_held_back_may_be_tens_of_thousands_and_the_list_stays_short(tell, catalogue):
    catalogue.execute(
        "insert into quarantine (provider_id, instance_type, rule, detail, first_seen_at, last_seen_at, first_job_id,"
        " last_job_id) select provider_id, 'odd ' || n, 'unreadable', 'odd ' || n, now(), now(), id, id"
        " from scrape_jobs, generate_series(1, 20000) n"
    )
    catalogue.execute(
        "insert into unmapped_gpu_names (provider_id, gpu_name, offers, first_seen_at, last_seen_at)"
        " select provider_id, 'H9 ' || n, n, now(), now() from scrape_jobs, generate_series(1, 20000) n"
    )
    catalogue.commit()
    for command in ("quarantine", "unmapped"):
        lines = tell(command).stdout.splitlines()
        assert len(lines) < 60
        assert "... and 19,950 more; --most 20000 lists them all." in lines
        assert len(tell(command, "--most", "200").stdout.splitlines()) > 200
        assert len(json.loads(tell(command, "--json").stdout)) == 20_000


def test_more_answers_than_are_listed_are_counted(tell, answers, nimbus, catalogue):
    for hours in range(1, 4):
        refreshed(catalogue, answers, nimbus, hours, *[2] * 9, 2 + hours / 100)
    catalogue.rollback()
    assert tell("captures", "--most", "3").stdout.endswith("... and 1 more; --most 4 lists them all.\n")
    assert "more; --most" not in tell("captures", "nimbus").stdout


def test_a_number_that_is_not_in_quarantine_is_refused(tell):
    told = tell("quarantine", "--reject", "77", "--by", "Ada")
    assert told.exit_code == 1
    assert "nothing in quarantine has the number 77; `build.py sources quarantine`" in told.stderr


@pytest.mark.long
def test_a_refresh_lists_a_few_unknown_names_counts_the_others_and_names_held_back_answers(
    catalogue, database_url, answers, tmp_path
):
    unknown = [{"id": f"odd-{n}", "gpu": f"H9{n:05}", "hourly": 2} for n in range(20_000)]
    known = [{"id": f"plan-{n}", "gpu": "H100 SXM", "hourly": 2} for n in range(10)]
    environment = {"DATABASE_URL": database_url, "CLOUDGPUS_DATA_DIR": str(tmp_path), "COLUMNS": "200"}

    def told(*plans):
        answers.bodies["/nimbus"] = json.dumps(plans).encode()
        return CliRunner(env=environment).invoke(main, ["refresh", "--force", "--json"])

    flood = told(*known, *unknown)
    assert '"H900003", "H900004" and 19,995 more; add them or an alias' in flood.stderr
    assert len(flood.output) < 5000
    more = told(*({"id": f"more-{n}", "gpu": "H100 SXM", "hourly": 2} for n in range(20_000)))
    assert "Held back: 1 whole answer; build.py sources quarantine lists them." in more.stderr
    assert "Failed: nimbus: 20,000 offers of known GPUs" in more.stderr


def test_a_refresh_tells_each_provider_and_all_of_them_in_a_table(catalogue, database_url, answers, tmp_path):
    answers.plans("nimbus", *[2] * 9, 3)
    environment = {"DATABASE_URL": database_url, "CLOUDGPUS_DATA_DIR": str(tmp_path), "COLUMNS": "200"}
    told = CliRunner(env=environment).invoke(main, ["refresh", "--force"])
    assert told.exit_code == 0, told.output
    lines = told.stdout.splitlines()
    assert lines[0].startswith("nimbus: 10 offers live, 1 changed; ")
    assert " ".join(lines[1].split()) == "provider prices found new changed gone held back unknown names seconds kB"
    assert lines[2].split()[:4] == ["nimbus", "live", "10", "1"]
