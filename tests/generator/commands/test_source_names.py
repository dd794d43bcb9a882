import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.commands import main
from tests.sampling import sample

ROOT = Path(__file__).resolve().parents[3]


def names(given: bytes | str, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["sources", "names", *arguments], input=given)


def answers(given: bytes | str) -> list[str]:
    return [line.split("\t")[1] for line in names(given).output.splitlines()]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("8x NVIDIA H100 80GB HBM3", "8 x h100-sxm"),
        ("H100 SXM", "h100-sxm"),
        ("H100", "ambiguous h100-nvl, h100-pcie, h100-sxm"),
        ("4x H100", "ambiguous h100-nvl, h100-pcie, h100-sxm"),
        ("RTX 4000", "ambiguous quadro-rtx-4000, rtx-4000-ada"),
        ("H400", "unknown"),
        ("1/2 L4", "share 1/2 of l4"),
        ("A100-SXM4-40GB 1g.5gb", "slice of a100-40gb"),
        ("MIG 1g.5gb", "slice"),
        ("p5.48xlarge", "8 x h100-sxm"),
        ("A100\t80", "a100-80gb"),
        ("A100\t80 GB", "a100-80gb"),
        ("A100\t", "ambiguous a100-40gb, a100-40gb-pcie, a100-80gb, a100-80gb-pcie"),
        ("A100\t80\r", "a100-80gb"),
        ("\ufeffL40S", "l40s"),
    ],
)
def test_a_line_is_a_name_its_answer_and_the_rule(line: str, answer: str) -> None:
    found = names(line + "\n")
    assert found.exit_code == 0
    fields = found.output.rstrip("\n").split("\t")
    assert len(fields) == 3
    assert fields[1] == answer
    assert fields[2]


def test_blank_lines_are_left_out_and_no_last_line_break_is_needed() -> None:
    assert answers("\n \n\r\nL4\r\n\t\nT4") == ["l4", "t4"]


def test_no_names_are_no_lines() -> None:
    assert names("").output == ""
    assert json.loads(names("", "--json").output) == []


def test_a_line_that_is_not_utf_8_is_one_unknown_and_the_others_go_on() -> None:
    found = names(b"L4\nH\xff100\nT4\n").output.splitlines()
    assert [line.split("\t")[1] for line in found] == ["l4", "unknown", "t4"]
    assert found[1].endswith("not UTF-8; expected a name in UTF-8")


@pytest.mark.parametrize("memory", ["much", "80\t80x", "-80"])
def test_unreadable_memory_is_one_line(memory: str) -> None:
    found = names(f"A100\t{memory}\nL4\n").output.splitlines()
    assert [line.split("\t")[1] for line in found] == ["unknown", "l4"]
    assert "expected GB of each GPU after the tab" in found[0]


def test_a_name_cannot_break_its_line() -> None:
    assert len(names("H100\x1b[2J\u2028SXM\x00\n").output.splitlines()) == 1


def test_machines_get_every_field() -> None:
    given = "8x H100 SXM\n1/8 L4\nRTX 4000\n"
    eight, share, either = json.loads(names(given, "--json").output)
    assert (eight["kind"], eight["gpu"], eight["count"], eight["share"]) == ("variant", "h100-sxm", 8, None)
    assert (share["kind"], share["gpu"], share["share"]) == ("share", "l4", "0.125")
    assert either["candidates"] == ["quadro-rtx-4000", "rtx-4000-ada"]
    assert set(eight) == {"name", "answer", "kind", "gpu", "count", "share", "candidates", "rule"}


def test_files_are_read_in_order_and_a_dash_is_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "names.txt"
    file.write_text("L4\n")
    found = names("T4\n", str(file), "-", str(file))
    assert [line.split("\t")[1] for line in found.output.splitlines()] == ["l4", "t4", "l4"]


def test_a_file_that_is_missing_is_one_clear_line() -> None:
    found = names("", "/no/such/file")
    assert found.exit_code == 2
    assert "No such file" in found.output


def test_the_examples_of_the_help_are_true() -> None:
    shown = names("", "--help").output
    printed = "8x NVIDIA H100 80GB HBM3\nA100\t80\n"
    assert "8x NVIDIA H100 80GB HBM3\\nA100\\t80\\n" in shown
    assert answers(printed) == ["8 x h100-sxm", "a100-80gb"]


@pytest.mark.parametrize("pairs", sample([5_000, 50_000], 1))
def test_a_process_of_its_own_reads_many_lines_without_a_database(pairs: int, tmp_path: Path) -> None:
    given = b"".join(b"8x NVIDIA A100-SXM4-80GB\nbox %d\n\n" % number for number in range(pairs))
    done = subprocess.run(
        [sys.executable, "build.py", "sources", "names"],
        cwd=ROOT,
        input=given,
        capture_output=True,
        timeout=300,
        env={"CLOUDGPUS_DATA_DIR": str(tmp_path / "data"), "PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        check=True,
    )
    lines = done.stdout.decode().splitlines()
    assert len(lines) == 2 * pairs
    assert lines[0].split("\t")[:2] == ["8x NVIDIA A100-SXM4-80GB", "8 x a100-80gb"]
    assert lines[1].split("\t")[1] == "unknown"
    assert not (tmp_path / "data").exists()
