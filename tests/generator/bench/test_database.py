import pytest
from click.testing import CliRunner

from generator.bench import database as bench
from generator.bench.made_up_offers import offers, raised
from generator.commands.bench import bench as command
from generator.database import db
from generator.errors import BuildError

pytestmark = pytest.mark.postgres
SIZES = bench.Sizes(one_provider=30, each_provider=10, providers=2, rows=500)


@pytest.mark.long
def test_both_sides_do_the_same_work_and_leave_no_database(server_url):
    found = bench.measure(server_url, SIZES)
    assert [one.unit for one in found] == ["s"] * 9 + ["B"]
    assert all(one.ours > 0 and one.document > 0 for one in found)
    with db.connect(server_url) as connection:
        left = connection.execute("select datname from pg_database where datname like 'cloudgpus_bench%'").fetchall()
    assert left == []


def test_the_history_of_both_sides_costs_the_same(server_url):
    columns = "recorded_at, round(price_per_gpu_hour, 4), price_per_hour_spot"
    prices = f"select {columns} from cloudgpus.price_history order by 1, 2, 3"
    with bench._sides(server_url, 50) as sides:
        bench._history(sides, 300, lambda _: None)
        ours, document = (side.execute(prices).fetchall() for side in (sides.ours, sides.document))
    assert len(ours) == 300
    assert ours == document


def test_sides_with_different_prices_are_refused(server_url):
    with bench._sides(server_url, 1) as sides:
        made = offers(2)
        run_id = bench.runs.start(sides.ours, bench._START, "live", "x")
        bench._store(sides.ours, {"provider-0": made}, run_id, bench._START)
        bench._upsert(sides.document, {"provider-0": [made[0], raised(made[1], 5)]})
        with pytest.raises(BuildError, match="did different work"):
            bench._agree(sides)


@pytest.mark.long
def test_the_command_prints_ratios(monkeypatch, server_url):
    monkeypatch.setenv("DATABASE_URL", server_url)
    said = CliRunner().invoke(command, ["--database", "--rows", "300", "--offers", "40"])
    assert said.exit_code == 0, said.output
    assert "40 offers of one provider, unchanged" in said.output
    assert "20 providers of 2 offers, one in ten changed" in said.output
    assert "ratio" in said.output
