"""Price tables in Go source, as in Karpenter's history, become rows of readings."""

import subprocess
from pathlib import Path

import pytest

from generator.database.seed_files import Seeds
from generator.database.seeds import SEED
from tools.gather_karpenter_prices import editions, prices, rows

HEAD = "package pricing\n\n// generated at 2025-06-23T13:18:30Z{}\n"
AT = "2025-06-23T13:18:30Z"
TABLES = {
    "one region, named above": HEAD.format(" for us-east-1")
    + 'var initialOnDemandPrices = map[string]float64{\n\t"p5.48xlarge": 55.040000, "p4d.24xlarge": 21.957642,\n}',
    "regions as keys": HEAD.format(" for us-east-1")
    + """var InitialOnDemandPricesAWS = map[string]map[ec2types.InstanceType]float64{
\t// us-east-1
\t"us-east-1": {
\t\t"p5.48xlarge": 55.040000, "p4d.24xlarge": 21.957642,
\t},
\t"us-gov-west-1": {
\t\t"p5.48xlarge": 66.048000,
\t},
}""",
    "regions assigned": HEAD.format("")
    + """func init() {
\t// us-gov-west-1
\tinitialOnDemandPrices["us-gov-west-1"] = map[string]float64{
\t\t"p5.48xlarge":           66.048000,
\t}
\tinitialOnDemandPrices["us-east-1"] = map[string]float64{
\t\t"p5.48xlarge":           55.040000,
\t\t"p4d.24xlarge":          21.957642,
\t}
}""",
}


@pytest.mark.parametrize("table", TABLES)
def test_each_price_belongs_to_the_region_above_it(table: str) -> None:
    found = {(one.region, one.machine_type): one.price for one in prices(TABLES[table])}
    assert found.pop(("us-gov-west-1", "p5.48xlarge"), "66.048000") == "66.048000"
    assert found == {("us-east-1", "p5.48xlarge"): "55.040000", ("us-east-1", "p4d.24xlarge"): "21.957642"}


def test_a_table_without_its_time_is_not_read() -> None:
    assert list(prices('var prices = map[string]float64{"p5.48xlarge": 55.04}')) == []


def test_machines_with_known_whole_gpus_in_the_regions_asked_for_become_rows_once() -> None:
    source = TABLES["regions as keys"].replace(
        '"p5.48xlarge": 66', '"m5.large": 0.096, "g6f.xlarge": 0.2, "p5.48xlarge": 66'
    )
    found = [*prices(source), *prices(source)]
    assert rows("aws", iter(found), Seeds(SEED)) == [
        (AT, "aws", "p4d.24xlarge", "a100-40gb", "8", "21.957642", "", "us-east-1", "on-demand"),
        (AT, "aws", "p5.48xlarge", "h100-sxm", "8", "55.040000", "", "us-east-1", "on-demand"),
    ]


def test_every_edition_of_a_history_is_read(tmp_path: Path) -> None:
    table = tmp_path / "zz_generated.pricing_aws.go"
    git = ("git", "-C", str(tmp_path), "-c", "user.name=A", "-c", "user.email=a@a.example")
    subprocess.run([*git, "init", "-q"], check=True)
    for text in TABLES.values():
        table.write_text(text, "utf-8")
        subprocess.run([*git, "add", "."], check=True)
        subprocess.run([*git, "commit", "-qm", "x"], check=True)
    assert list(editions(tmp_path / ".git")) == list(reversed(TABLES.values()))
