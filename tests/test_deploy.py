"""The Dockerfile and the units of systemd, as far as a machine without Docker can try them."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
UNITS = sorted((ROOT / "deploy").iterdir())
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
LAST_STAGE = DOCKERFILE.rpartition("\nFROM ")[2]


def copied():
    """What the image gets of the checkout."""
    lines = re.findall(r"(?m)^COPY (?!--from)(.+) \S+$", LAST_STAGE)
    return [ROOT / name for line in lines for name in line.split()]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_systemd_accepts_the_units(tmp_path):
    for unit in UNITS:
        text = unit.read_text("utf-8").replace("/srv/cloudgpus/.venv/bin/python", sys.executable)
        (tmp_path / unit.name).write_text(text, "utf-8")
    command = ["systemd-analyze", "verify", *sorted(map(str, tmp_path.iterdir()))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_service_has_a_timer_and_writes_in_its_own_folder_only():
    services = {unit.stem for unit in UNITS if unit.suffix == ".service"}
    assert services == {unit.stem for unit in UNITS if unit.suffix == ".timer"} == {"cloudgpus", "cloudgpus-backup"}
    for name in services:
        text = (ROOT / "deploy" / f"{name}.service").read_text("utf-8")
        assert "User=cloudgpus\n" in text
        assert "ProtectSystem=strict\n" in text
        assert re.findall(r"(?m)^ReadWritePaths=(.*)$", text) == ["/srv/cloudgpus"]


def test_the_image_is_pinned_and_runs_as_nobody_special():
    bases = re.findall(r"(?m)^FROM (\S+)", DOCKERFILE)
    assert len(bases) == 2
    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:[\d.]+-slim-\w+@sha256:[0-9a-f]{64}", bases[0])
    assert re.findall(r"(?m)^USER (.*)$", LAST_STAGE) == re.findall(r"useradd --uid (\d+)", LAST_STAGE)


def test_what_is_copied_is_let_through_to_docker():
    let_through = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert let_through[0] == "*"
    assert {f"!{path.name}" for path in copied()} | {"!requirements.lock"} == set(let_through[1:-1])


@pytest.mark.long
@pytest.mark.postgres
def test_what_the_image_holds_is_enough_for_a_site():
    with tempfile.TemporaryDirectory(prefix="cloudgpus-image-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / ".venv").symlink_to((ROOT / ".venv").resolve())
        for path in copied():
            (shutil.copytree if path.is_dir() else shutil.copyfile)(path, folder / path.name)
        stated = dict(re.findall(r"(\w+)=(\S+)", re.search(r"(?m)^ENV (.*)$", LAST_STAGE)[1]))
        environment = {name: value.replace("/data", f"{folder}/data") for name, value in stated.items()}
        entry = re.findall(r'"([^"]+)"', re.search(r"(?m)^ENTRYPOINT (.*)$", LAST_STAGE)[1])
        given = {"PATH": os.environ["PATH"], "HOME": str(folder), **environment}
        done = subprocess.run(
            [*entry, "--source", "recorded"], cwd=folder, env=given, capture_output=True, text=True, check=False
        )
        assert (folder / "data" / "site_output" / "index.html").exists(), done.stdout + done.stderr
