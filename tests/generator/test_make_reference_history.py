"""Others' price readings, as gathered, made into the project's own seed of them."""

import csv
import gzip
from decimal import Decimal
from pathlib import Path

import pytest

from generator.seed_files import READING_COLUMNS, Seeds
from generator.seeds import SEED
from tools.make_reference_history import SOURCES, Reading, readings, write

SEEDS = Seeds(SEED)
COLUMNS = "recorded_at,provider,instance_type,gpu,gpu_count,price_per_hour,price_per_hour_spot,region,note"
WHEN = "2026-08-22T06:21:49Z"


def gathered(folder: Path, **rows: list[str]) -> list[Reading]:
    """Readings of a folder in which each source has these rows (gpurentalprices=[...]), written as CSV."""
    for slug, source in SOURCES.items():
        lines = [COLUMNS, *rows.get(slug.replace("-", "_"), [])]
        (folder / source.file).write_bytes(gzip.compress("\n".join(lines).encode()))
    return readings(folder, SEEDS)


def test_a_price_is_divided_by_its_gpus(tmp_path: Path) -> None:
    (reading,) = gathered(tmp_path, gpurentalprices=[f"{WHEN},aws,,h100-sxm,8,55.04,,,on-demand"])
    assert reading == ("gpurentalprices", "aws", "h100-sxm", "on_demand", Decimal("6.880000"), WHEN, "", 8)


def test_secure_and_community_are_on_demand_and_the_cheaper_counts(tmp_path: Path) -> None:
    rows = [f"{WHEN},runpod,,rtx-4090,1,0.74,,,secure", f"{WHEN},runpod,,rtx-4090,1,0.34,,,community"]
    (reading,) = gathered(tmp_path, gpurentalprices=rows)
    assert (reading.pricing_type, reading.price) == ("on_demand", Decimal("0.34"))


def test_spot_and_on_demand_of_one_row_are_two_readings(tmp_path: Path) -> None:
    row = f"{WHEN},gcp,a2-highgpu-1g,A100 40GB,1,3.67,1.1,us-central1,"
    assert [(r.pricing_type, r.price) for r in gathered(tmp_path, cyclenerd_gcp=[row])] == [
        ("on_demand", Decimal("3.67")),
        ("spot", Decimal("1.1")),
    ]


def test_readings_carried_forward_and_shares_of_a_gpu_are_left_out(tmp_path: Path) -> None:
    stale = f"{WHEN},vultr,,a100,1,2.4,,,on-demand; carried forward (stale)"
    share = f"{WHEN},gcp,g4-standard-6,RTX PRO 6000,0.125,0.5,,us-central1,"
    assert gathered(tmp_path, gpurentalprices=[stale], cyclenerd_gcp=[share]) == []


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
    made = gathered(tmp_path, ec2instances=[f"{WHEN},aws,p2.xlarge,K80,1,0.9,,us-east-1,Linux on-demand"])
    write(made, tmp_path / "one.gz")
    write(made, tmp_path / "two.gz")
    assert (tmp_path / "one.gz").read_bytes() == (tmp_path / "two.gz").read_bytes()
    with gzip.open(tmp_path / "one.gz", "rt") as lines:
        columns, row = csv.reader(lines)
    assert tuple(columns) == READING_COLUMNS
    assert row == ["ec2instances", "aws", "k80", "on_demand", "0.9", WHEN, "us-east-1", "1"]


def test_the_seed_is_small() -> None:
    assert (SEED / "reference_history.csv.gz").stat().st_size < 500_000
