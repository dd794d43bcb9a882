"""The scheduled workflow on this machine: its steps, one after the other, as a runner would run them."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".github" / "workflows"
_LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "node_modules", ".cloudgpus", "site_output", ".env", "__pycache__")
_EXPRESSION = re.compile(r"\$\{\{ (.*?) \}\}")
_AFTER_A_FAILURE = "${{ !cancelled() && steps.restore.outcome == 'success' }}"
_GITHUB = {"server_url": "https://git.example", "repository": "me/prices", "token": "ghs_token"}


def workflow(name: str) -> dict[str, Any]:
    """A workflow's file."""
    read: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text("utf-8"))
    return read


def job() -> dict[str, Any]:
    """The one job of the scheduled workflow."""
    found: dict[str, Any] = workflow("site.yml")["jobs"]["site"]
    return found


@dataclass
class Runner:
    """A runner with an empty disk: `folder` gets a checkout and a home, and `programs` are first on PATH.

    `outcomes` and `log` tell of the steps that were run; `added` are words for the end of a step's line.
    """

    folder: Path
    secrets: Mapping[str, str]
    variables: Mapping[str, str]
    programs: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    added: Mapping[str, str] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    log: str = ""

    @property
    def checkout(self) -> Path:
        return self.folder / "checkout"

    def check_out(self) -> None:
        """Make the checkout, with the libraries that are here."""
        (self.folder / "home").mkdir(parents=True)
        shutil.copytree(ROOT, self.checkout, ignore=_LEFT_OUT)
        (self.checkout / ".venv").symlink_to((ROOT / ".venv").resolve())

    def run(self) -> None:
        """Run the job."""
        for step in job()["steps"]:
            if "run" in step:
                self._step(step)

    def _step(self, step: dict[str, Any]) -> None:
        name = step.get("id") or step["name"]
        if not self._is_due(step.get("if")):
            self.outcomes[name] = "skipped"
            return
        environment = {**self._given(), **dict(self._filled(job()["env"])), **self.environment}
        environment |= dict(self._filled(step.get("env", {})))
        line = f"{step['run']} {self.added.get(step['name'], '')}".strip()
        done = subprocess.run(
            ["bash", "-e", "-c", line],
            cwd=self.checkout, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        self.outcomes[name] = "success" if done.returncode == 0 else "failure"
        self.log += f"$ {line}\n{done.stdout}"

    def _is_due(self, condition: str | None) -> bool:
        if condition is None:
            return "failure" not in self.outcomes.values()
        assert condition == _AFTER_A_FAILURE
        return self.outcomes["restore"] == "success"

    def _given(self) -> dict[str, str]:
        path = os.pathsep.join([str(self.programs), os.environ["PATH"]])
        return {"PATH": path, "HOME": str(self.folder / "home"), "CI": "true", "LANG": "C.UTF-8"}

    def _filled(self, stated: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        for name, text in stated.items():
            yield name, _EXPRESSION.sub(lambda found: self._value(found[1]), str(text))

    def _value(self, expression: str) -> str:
        if "||" in expression:  # only format() stands behind it
            first = self._value(expression.partition(" ||")[0])
            return first or f"{_GITHUB['server_url']}/{_GITHUB['repository']}"
        context, _, name = expression.partition(".")
        return {"secrets": self.secrets, "vars": self.variables, "github": _GITHUB}[context].get(name, "")
