import gzip

import pytest

from generator.errors import BuildError
from generator.ingest import readings

HEAD = ",".join(readings.COLUMNS)
VALUES = {
    "source": "A spreadsheet", "provider": "nimbus", "gpu_slug": "h100-sxm", "pricing_type": "spot",
    "price_per_gpu_hour": "2.5", "observed_at": "2026-08-01T00:00:00Z", "region": "oslo", "gpu_count": "8",
    "price_basis": "complete",
    "url": "https://sheet.example", "licence": "CC0",
}  # fmt: skip


def line(**values):
    return ",".join((VALUES | values)[column] for column in readings.COLUMNS)


@pytest.fixture
def file(tmp_path):
    def write(*lines):
        path = tmp_path / "readings.csv"
        path.write_text("\n".join(lines), "utf-8")
        return path

    return write


def test_readings_have_their_source_and_its_licence(file):
    (reading,) = readings.read([file(HEAD, line())])
    assert reading == VALUES


def test_all_files_are_read_gzipped_ones_too(file, tmp_path):
    packed = tmp_path / "more.csv.gz"
    packed.write_bytes(gzip.compress(f"{HEAD}\n{line(source='More')}\n".encode()))
    assert [one["source"] for one in readings.read([file(HEAD, line()), packed])] == ["A spreadsheet", "More"]


def test_without_a_file_there_are_none():
    assert readings.read([]) == []


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (["source,price", "x,2"], "line 1: 2 fields; expected source, provider, "),
        ([HEAD, line(price_per_gpu_hour="$2")], 'line 2: price_per_gpu_hour "$2": expected US dollars'),
        ([HEAD, line(gpu_slug="h900")], 'line 2: gpu_slug "h900": expected a slug of gpus.csv'),
        ([HEAD, line(url="sheet.example")], 'line 2: url "sheet.example": expected the address of the source'),
        ([HEAD, line(licence="")], 'line 2: source "A spreadsheet", licence "": expected both'),
    ],
)
def test_a_reading_that_can_not_be_right_is_named_with_its_line(file, lines, problem):
    with pytest.raises(BuildError) as refused:
        readings.read([file(*lines)])
    assert refused.value.message.startswith("CLOUDGPUS_READINGS: ")
    assert problem in refused.value.message


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(BuildError, match=r"CLOUDGPUS_READINGS: .*none\.csv: .*No such file.*; expected CSV with"):
        readings.read([tmp_path / "none.csv"])
