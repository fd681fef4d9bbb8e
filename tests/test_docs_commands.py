"""Every command that README.md and the guides show is run by a shell, or named here with the reason why not."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import yaml
from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "fixtures" / "seed-incident" / "logs"
PAGES = [ROOT / "README.md", ROOT / "fixtures" / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

#: Beginnings of commands that are not run here → why.
NOT_RUN: Final = {
    "python3 -m venv .venv": "the next command fills it",
    ".venv/bin/python -m pip install": "asks a package index; .ci/run installs the same way",
    ".venv/bin/python -m pytest": "this is what runs now",
    "patch -p1": "not every machine has it; tests/test_restore.py applies patches",
    "sudo cp": "changes the machine; tests/test_generated_jobs.py has systemd verify the units",
    "sudo systemctl": "as sudo cp",
    "systemctl list-timers": "as sudo cp",
    "LOGAUDIT_CORPUS=path/to/real/sessions python tests/benchmarks/run.py": "takes 20 minutes and real sessions",
    "pip install": "asks a package index",
    "logaudit scan s3://": "needs a bucket; the tests of remote sources have one of their own",
    "logaudit scan logs/ --executor dask": "needs the extra dask; the tests of executors run it",
    "logaudit scan /shared/logs --executor dask://": "needs a cluster",
    "python tests/benchmarks/bots.py": "writes 10 GB; tests/test_benchmarks.py writes two bots",
    "time logaudit scan /tmp/bots": "scans these 10 GB",
    "helm install": "needs a cluster",
    "kubectl port-forward": "needs a cluster",
    "podman": "needs podman and an image of Python; tests/test_packaging.py reads the Containerfile",
    "logaudit --install-completion": "changes the shell's own start files",
    'python -m pip install "logaudit[notify]"': "asks a package index",
    "export LOGAUDIT_NOTIFY=": "sets a variable for the commands that follow",
}
#: Languages of blocks that are not tried out here → why.
NOT_READ: Final = {
    "bat": "tells the scheduler of Windows, and runs nowhere else",
    "sbatch": "submits jobs to a cluster",
    "cron": "a table of cron, which changes the machine",
    "mermaid": "tests/test_house.py holds it against the rooms",
}
#: Beginnings of commands → the exit codes they may have here, where that is another than 0 or 1.
CODES: Final = {"logaudit scan --max-age 26h --since": {1, 3}}  # the seed's logs are older than yesterday

#: The log and the ledger of the bot that docs/profiles.md teaches.
#: Minute, entry, exit and result of its trades.
DEALS = (
    ("00", "84.125", "83.5", "1.56"),
    ("07", "83.71", "83.02", "1.72"),
    ("26", "82.94", "83.355", "-1.04"),
    ("41", "83.4", "82.115", "3.21"),
)
MYBOT = "".join(
    f"2026-03-01 12:{at}:00.100 | INFO | bot:run:1 - SOLD LTC-USDT short: in {entry} out {out} pnl {pnl} why=target\n"
    f"2026-03-01 12:{at}:00.200 | INFO | bot:save:9 - row {12 + i} written (LTC-USDT)\n"
    for i, (at, entry, out, pnl) in enumerate(DEALS)
)
MYBOT_ROWS = "closed_at,symbol,side,entry_price,exit_price,net_pnl\n" + "".join(
    f"2026-03-01 12:{at}:00.1,LTC-USDT,short,{entry},{out},{pnl}\n" for at, entry, out, pnl in DEALS
)

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or not shutil.which("bash"),
    reason="the guides show commands for bash and GNU date",
)


def fences(path: Path, language: str) -> list[str]:
    tokens = MarkdownIt("commonmark").parse(path.read_text(encoding="utf-8"))
    return [t.content for t in tokens if t.type == "fence" and t.info.strip() == language]


def commands(path: Path) -> Iterator[str]:
    """Each command of the page's shell blocks, without its comment; those joined by && one by one."""
    for line in "\n".join(fences(path, "sh")).splitlines():
        code = re.sub(r"(^|\s+)# .*", "", line)
        yield from (part.strip() for part in code.split("&&") if part.strip())


SHOWN = {path: found for path in PAGES if (found := list(commands(path)))}


def reason(command: str) -> str:
    return next((why for start, why in NOT_RUN.items() if command.startswith(start)), "")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with logs and fixtures, and a `logaudit` on the path."""
    shutil.copytree(SEED, tmp_path / "logs")
    shutil.copytree(SEED, tmp_path / "fixtures" / "seed-incident" / "logs")
    for folder in (".venv/bin", "bin"):
        program = tmp_path / folder / "logaudit"
        program.parent.mkdir(parents=True)
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m logaudit "$@"\n', encoding="utf-8")
        program.chmod(0o755)
    return tmp_path


def shell(place: Path, command: str) -> None:
    """Runs a command as it stands, and holds its exit code against what it may be."""
    environment = {
        **os.environ,
        "PATH": f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "LOGAUDIT_CACHE_DIR": str(place / "cache"),
        "LOGAUDIT_JOBS": "1",
        "HOME": str(place),
    }
    done = subprocess.run(
        ["bash", "-c", command],  # noqa: S607 - a reader's shell is found on the path as well
        cwd=place,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    allowed = next((codes for start, codes in CODES.items() if command.startswith(start)), {0, 1})
    assert done.returncode in allowed, f"{command}\n{done.stdout[-800:]}{done.stderr[-800:]}"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands_of_a_page_run_one_after_another(place: Path, path: Path) -> None:
    if path.name == "profiles.md":
        (place / "mybot.toml").write_text(fences(path, "toml")[0], encoding="utf-8")
        shutil.rmtree(place / "logs")
        (place / "logs").mkdir()
        (place / "logs" / "bot.log").write_text(MYBOT, encoding="utf-8")
        (place / "logs" / "trades_2026-03-01.csv").write_text(MYBOT_ROWS, encoding="utf-8")
    for command in SHOWN[path]:
        if not reason(command):
            shell(place, command)


def test_the_python_of_the_readme_runs(place: Path) -> None:
    found = fences(ROOT / "README.md", "python")
    assert found
    for number, text in enumerate(found):
        (place / f"example{number}.py").write_text(text, encoding="utf-8")
        shell(place, f"{shlex.quote(sys.executable)} example{number}.py")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_data_and_code_of_a_page_can_be_read(path: Path) -> None:
    for text in fences(path, "toml"):
        tomllib.loads(text)
    for text in fences(path, "yaml"):
        assert yaml.safe_load(text)
    for text in fences(path, "json"):
        json.loads(text)
    for text in fences(path, "python"):
        ast.parse(text)


def test_no_block_is_of_a_language_that_no_test_reads() -> None:
    languages = {
        token.info.strip()
        for path in PAGES
        for token in MarkdownIt("commonmark").parse(path.read_text(encoding="utf-8"))
        if token.type == "fence"
    }
    assert languages <= {"sh", "toml", "yaml", "json", "python", "text", "", *NOT_READ}


def test_what_is_not_run_is_shown_somewhere() -> None:
    shown = [command for found in SHOWN.values() for command in found]
    assert len([command for command in shown if not reason(command)]) > 20
    for start in [*NOT_RUN, *CODES]:
        assert any(command.startswith(start) for command in shown), start


def test_commands_are_taken_apart_as_a_shell_would() -> None:
    for found in SHOWN.values():
        for command in found:
            assert shlex.split(command), command
            assert re.match(r"[\w./=-]+( |$)", command), command


def test_the_first_profile_of_the_guide_recognises_its_bot(place: Path) -> None:
    """The guide's own lines: one close, recorded."""
    (place / "mybot.toml").write_text(fences(ROOT / "docs" / "profiles.md", "toml")[0], encoding="utf-8")
    (place / "own").mkdir()
    (place / "own" / "bot.log").write_text(MYBOT, encoding="utf-8")
    (place / "own" / "trades_2026-03-01.csv").write_text(MYBOT_ROWS, encoding="utf-8")
    shell(place, "logaudit scan own --profile mybot.toml | grep '1 of 1 close'")


def test_every_block_of_commands_says_so() -> None:
    """A block without a language that holds commands would not be run."""
    for path in PAGES:
        for language in ("", "text", "console", "bash", "shell"):
            for text in fences(path, language):
                assert not re.search(r"^\$? ?logaudit [a-z]+( |$)", text, flags=re.MULTILINE), path


def test_readme_names_every_page_and_every_link_leads_somewhere() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.partition("## Read on")[2]
    for page in (ROOT / "docs").glob("*.md"):
        assert f"(docs/{page.name}) |" in table, page.name
    for path in PAGES:
        for target in re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (path.parent / target).exists(), f"{path.name}: {target}"
