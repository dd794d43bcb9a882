"""Gathered readings become the project's seed."""

import csv
import gzip
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from generator.database.seed_files import READING_COLUMNS, Seeds
from generator.database.seeds import SEED
from tests.scrapers.providers.conftest import offers_of
from tools.make_reference_history import SOURCES, Gathered, Reading, gather, write

SEEDS = Seeds(SEED)
COLUMNS = "recorded_at,provider,instance_type,gpu,gpu_count,price_per_hour,price_per_hour_spot,region,note"
WHEN = "2026-08-22T06:21:49Z"
BEFORE = "2026-08-01T13:44:30Z"


def made(folder: Path, **rows: list[str]) -> Gathered:
    """The result for a folder in which each source has these rows (gpurentalprices=[...]), as CSV."""
    for slug, source in SOURCES.items():
        lines = [COLUMNS, *rows.get(slug.replace("-", "_"), [])]
        (folder / source.file).write_bytes(gzip.compress("\n".join(lines).encode()))
    return gather(folder, SEEDS)


def gathered(folder: Path, **rows: list[str]) -> list[Reading]:
    """The readings that are kept."""
    return made(folder, **rows).readings


def left_out(folder: Path, **rows: list[str]) -> dict[str, int]:
    """How many readings each rule left out."""
    return {count.rule: count.readings_n for count in made(folder, **rows).left_out}


def test_a_price_is_divided_by_its_gpus(tmp_path: Path) -> None:
    (reading,) = gathered(tmp_path, gpurentalprices=[f"{WHEN},aws,,h100-sxm,8,55.04,,,on-demand"])
    assert reading == ("gpurentalprices", "aws", "h100-sxm", "on_demand", Decimal("6.880000"), WHEN, "", 8, "complete")


def test_secure_and_community_are_on_demand_and_the_cheaper_counts(tmp_path: Path) -> None:
    rows = [f"{WHEN},runpod,,rtx-4090,1,0.74,,,secure", f"{WHEN},runpod,,rtx-4090,1,0.34,,,community"]
    (reading,) = gathered(tmp_path, gpurentalprices=rows)
    assert (reading.pricing_type, reading.price) == ("on_demand", Decimal("0.34"))
    assert left_out(tmp_path, gpurentalprices=rows) == {"dearer_beside": 1}


def test_spot_and_on_demand_of_one_row_are_two_readings(tmp_path: Path) -> None:
    row = f"{WHEN},gcp,a2-highgpu-1g,A100 40GB,1,3.67,1.1,us-central1,"
    assert [(r.pricing_type, r.price) for r in gathered(tmp_path, cyclenerd_gcp=[row])] == [
        ("on_demand", Decimal("3.67")),
        ("spot", Decimal("1.1")),
    ]


def test_readings_carried_forward_and_shares_of_a_gpu_are_left_out(tmp_path: Path) -> None:
    stale = f"{WHEN},vultr,,a100,1,2.4,,,on-demand; carried forward (stale)"
    share = f"{WHEN},gcp,g4-standard-6,RTX PRO 6000,0.125,0.5,0.2,us-central1,"
    rows = {"gpurentalprices": [stale], "cyclenerd_gcp": [share]}
    assert gathered(tmp_path, **rows) == []
    assert left_out(tmp_path, **rows) == {"carried_forward": 1, "share_of_a_gpu": 2}


@pytest.mark.parametrize(
    ("provider", "basis"),
    [("gcp", "gpu_only"), ("tensordock", "gpu_only"), ("replicate", "bundle"), ("runpod", "complete")],
)
def test_a_reading_says_whether_it_is_of_the_gpu_alone(tmp_path: Path, provider: str, basis: str) -> None:
    (reading,) = gathered(tmp_path, gpurentalprices=[f"{WHEN},{provider},,rtx-pro-6000,1,1.1,,,on-demand"])
    assert reading.price_basis == basis


def test_the_basis_is_a_source_s_own_not_the_provider_s(tmp_path: Path) -> None:
    alone = f"{WHEN},gcp,,rtx-pro-6000,1,1.1,,,on-demand"
    machine = f"{WHEN},gcp,g4-standard-48,RTX PRO 6000,1,4.5,,us-central1,"
    readings = gathered(tmp_path, gpurentalprices=[alone], cyclenerd_gcp=[machine])
    assert {reading.source: reading.price_basis for reading in readings} == {
        "gpurentalprices": "gpu_only",
        "cyclenerd-gcp": "complete",
    }


@pytest.mark.parametrize(("machine", "gpu", "count", "old"), [
    ("p4d", "a100-sxm-40", 8, "32.7726"), ("p4de", "a100-sxm-80", 8, "40.966"),
    ("p5", "h100-sxm", 1, "12.29"), ("p5en", "h200", 8, "84.80"),
])  # fmt: skip
def test_the_old_price_after_an_announced_cut_is_left_out(
    tmp_path: Path, machine: str, gpu: str, count: int, old: str
) -> None:
    when = {"before": "2025-06-04T23:00:00Z", "after": "2025-06-05T01:00:00Z"}
    rows = [f"{at},aws,{machine}.48xlarge,{gpu},{count},{old},,,on-demand" for at in when.values()]
    (kept,) = gathered(tmp_path, gpurentalprices=rows)
    assert kept.observed_at == when["before"]
    assert left_out(tmp_path, gpurentalprices=rows) == {"before_price_cut": 1}


def test_another_provider_s_equal_price_is_no_old_one(tmp_path: Path) -> None:
    assert len(gathered(tmp_path, gpurentalprices=[f"{WHEN},azure,,h100-sxm,8,98.32,,,on-demand"])) == 1


OFFICIAL = [
    f"{BEFORE},aws,g6.xlarge,l4,1,0.8048,,us-east-1,", f"{BEFORE},aws,g6.48xlarge,l4,8,13.3504,,us-east-1,"
]  # fmt: skip


@pytest.mark.parametrize(("count", "price", "rules"), [
    (1, "0.8048", {}), (1, "0.83", {}), (8, "13.35", {}), (1, "1.67", {}),
    (1, "1.20", {"contradicts_official": 1}), (1, "0.56", {"contradicts_official": 1}),
    (8, "26.00", {"contradicts_official": 1}),
])  # fmt: skip
def test_a_reading_agrees_with_one_of_the_provider_s_own_prices_of_the_day(
    tmp_path: Path, count: int, price: str, rules: dict[str, int]
) -> None:
    read = f"{WHEN},aws,,l4,{count},{price},,,on-demand"
    assert left_out(tmp_path, karpenter_aws=OFFICIAL, gpurentalprices=[read]) == rules


@pytest.mark.parametrize("read", [
    "2026-07-30T06:00:00Z,aws,,l4,1,9,,,on-demand",  # before the official reading
    "2026-11-30T06:00:00Z,aws,,l4,1,9,,,on-demand",  # long after it
    f"{WHEN},lambda,,l4,1,9,,,on-demand", f"{WHEN},aws,,l40s,1,9,,,on-demand",
])  # fmt: skip
def test_nothing_is_refuted_by_the_price_of_another_day_provider_or_gpu(tmp_path: Path, read: str) -> None:
    assert left_out(tmp_path, karpenter_aws=OFFICIAL, gpurentalprices=[read]) == {}


def test_a_gpu_only_reading_is_not_compared_with_the_price_of_a_machine(tmp_path: Path) -> None:
    machine, alone = f"{BEFORE},gcp,g2-standard-4,L4,1,0.71,,us-central1,", f"{WHEN},gcp,,l4,1,0.56,,,on-demand"
    assert left_out(tmp_path, cyclenerd_gcp=[machine], gpurentalprices=[alone]) == {}


@pytest.mark.parametrize(("spot", "rules"), [("0.80", {"spot_not_below": 1}), ("0.79", {})])
def test_a_spot_price_is_below_the_on_demand_price_beside_it(tmp_path: Path, spot: str, rules: dict[str, int]) -> None:
    rows = [f"{WHEN},spheron,,l40s,1,0.80,,,on-demand", f"{WHEN},spheron,,l40s,1,,{spot},,spot"]
    assert left_out(tmp_path, gpurentalprices=rows) == rules
    assert left_out(tmp_path, cyclenerd_gcp=[f"{WHEN},gcp,g2-standard-4,L4,1,0.80,{spot},us-central1,"]) == rules


def test_a_spot_price_is_below_the_provider_s_own_on_demand_price(tmp_path: Path) -> None:
    official = [f"{BEFORE},aws,p5.48xlarge,h100-sxm,8,55.04,,us-east-1,"]
    spot = [f"{WHEN},aws,,h100-sxm,8,,57.76,,spot"]
    assert left_out(tmp_path, karpenter_aws=official, gpurentalprices=spot) == {"spot_not_below": 1}


@pytest.mark.parametrize(("row", "rules"), [
    ("2026-07-25T07:00:00Z,nebius,,h100-nvl,1,3.85,,,on-demand", {"wrong_gpu": 1}),
    ("2026-07-26T07:00:00Z,nebius,,h100,1,3.85,,,on-demand", {}),
    ("2026-07-25T07:00:00Z,massed-compute,,h100-nvl,2,5.84,,,on-demand", {}),
    ("2026-07-05T23:04:21Z,runpod,,rtx-pro-6000,1,0.49,,,secure", {"wrong_gpu": 1}),
    ("2026-07-06T10:10:58Z,runpod,,rtx-pro-6000,1,1.64,,,community", {}),
    (f"{WHEN},sf-compute,,h100,8,,8.64,,spot", {"average": 1}),
])  # fmt: skip
def test_readings_known_to_be_wrong_are_left_out(tmp_path: Path, row: str, rules: dict[str, int]) -> None:
    assert left_out(tmp_path, gpurentalprices=[row]) == rules


def test_a_chip_s_name_stays_the_chip_s(tmp_path: Path) -> None:
    (reading,) = gathered(tmp_path, gpurentalprices=[f"{WHEN},crusoe,,h100,1,3.9,,,on-demand"])
    assert reading.gpu_slug == "h100"


def test_a_plain_a100_is_what_the_source_means_unless_its_provider_names_the_sxm(tmp_path: Path) -> None:
    plain = [f"{WHEN},{name},,a100,1,1.35,,,on-demand" for name in ("hyperstack", "together")]
    rows = [*plain, f"{WHEN},hyperstack,,a100-sxm-80,1,1.6,,,on-demand"]
    assert {(one.provider, one.price): one.gpu_slug for one in gathered(tmp_path, gpurentalprices=rows)} == {
        ("hyperstack", Decimal("1.35")): "a100",
        ("hyperstack", Decimal("1.6")): "a100-80gb",
        ("together", Decimal("1.35")): "a100-80gb",
    }


@pytest.mark.parametrize(
    ("upstream", "provider"),
    [("lambdalabs", "lambda-labs"), ("datacrunch", "datacrunch"), ("dc_gnu", "prime-intellect/dc_gnu")],
)
def test_a_resold_gpu_is_its_cloud_s_where_that_is_known(tmp_path: Path, upstream: str, provider: str) -> None:
    row = f"{WHEN},prime-intellect,{upstream}__H200_141GB,H200_141GB,1,2.9,,,"
    (reading,) = gathered(tmp_path, gpu_price_tracker=[row])
    assert (reading.provider, reading.gpu_slug) == (provider, "h200-sxm")


def test_an_unknown_gpu_stops_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match='unknown GPU "h300"'):
        gathered(tmp_path, gpurentalprices=[f"{WHEN},aws,,h300,1,5,,,on-demand"])


def test_the_same_readings_make_the_same_bytes(tmp_path: Path) -> None:
    share = f"{WHEN},aws,g6f.xlarge,l4,0.25,0.3,,us-east-1,"
    found = made(tmp_path, ec2instances=[f"{WHEN},aws,p2.xlarge,K80,1,0.9,,us-east-1,Linux on-demand", share])
    files = [tmp_path / "one", tmp_path / "two"]
    for folder in files:
        folder.mkdir()
        write(found, folder)
    for name in ("reference_history.csv.gz", "reference_left_out.csv"):
        assert len({(folder / name).read_bytes() for folder in files}) == 1
    with gzip.open(tmp_path / "one" / "reference_history.csv.gz", "rt") as lines:
        columns, row = csv.reader(lines)
    assert tuple(columns) == READING_COLUMNS
    assert row == ["ec2instances", "aws", "k80", "on_demand", "0.9", WHEN, "us-east-1", "1", "complete"]
    counts = (tmp_path / "one" / "reference_left_out.csv").read_text("utf-8")
    assert counts == "source,rule,readings_n\nec2instances,share_of_a_gpu,1\n"


@pytest.fixture(scope="module")
def seed_rows() -> list[dict[str, str]]:
    with gzip.open(SEED / "reference_history.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_no_source_s_readings_of_a_provider_mix_the_bases(seed_rows: list[dict[str, str]]) -> None:
    bases = {(row["source"], row["provider"], row["price_basis"]) for row in seed_rows}
    assert set(Counter((source, provider) for source, provider, _ in bases).values()) == {1}
    assert {basis for _, _, basis in bases} == {"complete", "gpu_only", "bundle"}


def test_a_basis_is_that_of_the_provider_s_own_offers(seed_rows: list[dict[str, str]]) -> None:
    """Except Google, for which the source publishes the GPU alone."""
    read = {row["provider"]: row["price_basis"] for row in seed_rows if row["source"] == "gpurentalprices"}
    assert read.pop("gcp") == "gpu_only"
    for provider, price_basis in read.items():
        assert {offer.price_basis for offer in offers_of(provider)} == {price_basis}, provider


def test_after_the_cut_of_june_2025_aws_s_readings_have_the_price_that_it_announced(
    seed_rows: list[dict[str, str]],
) -> None:
    for cut in SEEDS.price_cuts:
        after = {
            Decimal(row["price_per_gpu_hour"])
            for row in seed_rows
            if (row["provider"], row["gpu_slug"], row["pricing_type"]) == (cut.provider, cut.gpu_slug, "on_demand")
            and row["observed_at"] >= f"{cut.since}"
        }
        assert after == {round(cut.price_after / cut.gpu_count, 6)}, cut.machine_type


def test_a_card_without_its_host_is_not_the_lowest_rtx_pro_6000(seed_rows: list[dict[str, str]]) -> None:
    """The chart's 30 days; Google's GPU alone is 1.10, the lowest machine RunPod's at 1.69."""
    month = [row for row in seed_rows if row["gpu_slug"] == "rtx-pro-6000" and row["observed_at"] >= "2026-07-26"]
    on_demand = [row for row in month if row["pricing_type"] == "on_demand" and row["price_basis"] == "complete"]
    lowest = min(on_demand, key=lambda row: Decimal(row["price_per_gpu_hour"]))
    assert (lowest["provider"], lowest["price_per_gpu_hour"]) == ("runpod", "1.69")


def test_the_seed_is_small() -> None:
    assert (SEED / "reference_history.csv.gz").stat().st_size < 500_000
