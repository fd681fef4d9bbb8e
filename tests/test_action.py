"""The composite action: valid for GitHub, and its steps as a runner runs them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml
from checkout import ROOT, SOURCES, copied
from jsonschema import Draft7Validator

SEED = ROOT / "fixtures" / "seed-incident" / "logs"
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))

needs_bash = pytest.mark.skipif(
    shutil.which("bash") is None or sys.platform == "win32", reason="the runner's shell is bash"
)


def official(name: str) -> Any:
    """A schema of the store that editors use, as the package check-jsonschema brings it."""
    folder = resources.files("check_jsonschema") / "builtin_schemas" / "vendor"
    return json.loads((folder / name).read_text("utf-8"))


def test_the_action_fits_githubs_schema() -> None:
    Draft7Validator(official("github-actions.json")).validate(ACTION)


def test_no_input_is_pasted_into_a_script() -> None:
    """What a caller writes must reach bash as data, not as code."""
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"


def test_every_input_is_used_and_described() -> None:
    text = json.dumps(ACTION["runs"])
    for name, entry in ACTION["inputs"].items():
        assert f"inputs.{name} }}}}" in text
        assert len(entry["description"]) > 20


# --- The steps, as the runner runs them


class Runner:
    """Runs the action's steps with bash and the runner's variables and files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.work = folder / "work"
        self.work.mkdir()
        self.action = copied(SOURCES, folder / "action")  # pip would compile in the checkout
        self.summary = folder / "summary.md"
        for name in ("temp", "summary.md", "env", "output"):
            (folder / name).mkdir() if name == "temp" else (folder / name).touch()

    def run(self, **inputs: str) -> subprocess.CompletedProcess[str]:
        """The last step's result; earlier steps must pass."""
        given = {name: entry.get("default", "") for name, entry in ACTION["inputs"].items()} | inputs
        done = None
        for step in ACTION["runs"]["steps"]:
            assert done is None or done.returncode == 0, done.stderr
            done = self._step(step, given)
        assert done is not None
        return done

    def _step(self, step: dict[str, Any], given: dict[str, str]) -> subprocess.CompletedProcess[str]:
        def fill(text: str) -> str:
            return re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda m: given[m[1]], text)

        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("LOGAUDIT_", "GITHUB_"))},
            **dict(line.split("=", 1) for line in (self.folder / "env").read_text().splitlines()),
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(self.action),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_ENV": str(self.folder / "env"),
            "GITHUB_OUTPUT": str(self.folder / "output"),
            "RUNNER_TEMP": str(self.folder / "temp"),
            # The package itself is installed by the step; what it depends on is lent by this environment.
            "PYTHONPATH": sysconfig.get_path("purelib"),
            "PIP_NO_DEPS": "1",
            "PIP_NO_BUILD_ISOLATION": "0",
            "PIP_NO_INDEX": "1",
            **{name: fill(text) for name, text in step.get("env", {}).items()},
        }
        script = self.folder / "step.sh"
        script.write_text(step["run"], encoding="utf-8", newline="\n")
        return subprocess.run(
            [str(shutil.which("bash")), "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.work / fill(step.get("working-directory", ".")),
            env=environment,
            capture_output=True,
            check=False,
            encoding="utf-8",
            timeout=300,
        )


@needs_bash
def test_the_action_fails_on_the_seed_passes_with_its_baseline_and_exits_3_on_nothing(tmp_path: Path) -> None:
    runner = Runner(tmp_path)
    shutil.copytree(SEED, runner.work / "logs")
    python = sys.executable

    done = runner.run(paths="logs", python=python)
    assert done.returncode == 1, done.stderr
    assert re.search(r"(?m)^::error file=\S+,line=\d+,title=LA101 missing-row::BTC-USDT short", done.stdout)
    assert done.stdout.startswith("TRADES LOST")
    assert "## logaudit: TRADES LOST" in runner.summary.read_text(encoding="utf-8")
    sarif = json.loads((runner.work / "logaudit.sarif").read_text(encoding="utf-8"))
    assert "LA101" in {result["ruleId"] for result in sarif["runs"][0]["results"]}
    assert (runner.folder / "output").read_text().splitlines()[-1] == "exit-code=1"

    made = subprocess.run(
        [python, "-m", "logaudit", "baseline", "create", "logs", "-o", "known.json", "-q"],
        cwd=runner.work,
        check=False,
    )
    assert made.returncode == 0
    runner.summary.write_text("")
    done = runner.run(paths="logs", python=python, baseline="known.json")
    assert done.returncode == 0, done.stderr
    assert "::error" not in done.stdout
    assert "0 new" in runner.summary.read_text(encoding="utf-8")

    (runner.work / "empty").mkdir()
    done = runner.run(paths="empty", python=python)
    assert done.returncode == 3
    assert "## logaudit: NOT JUDGED" in runner.summary.read_text(encoding="utf-8")
    assert (runner.folder / "output").read_text().splitlines()[-1] == "exit-code=3"

    done = runner.run(paths="logs", python=python, **{"fail-on": "eror; exit 0"})
    assert done.returncode == 2
    assert "LOGAUDIT_FAIL_ON" in done.stderr
