"""Each door of the house takes a newcomer that lives in a test: an output format, a rule, an executor, a program."""

from __future__ import annotations

import gc
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import loky
import pytest

import logaudit
from logaudit import rules
from logaudit.audit.prepare import check
from logaudit.config import resolve
from logaudit.core.errors import UserError
from logaudit.core.finding import Finding, Needs, Rule, Severity
from logaudit.core.message import msg
from logaudit.reconcile.reconciled import Case
from logaudit.renderers import json_report
from logaudit.renderers.registry import renderer
from logaudit.renderers.style import RenderStyle
from logaudit.rules.base import report as finding

TESTS = Path(__file__).resolve().parent
README = TESTS.parent / "README.md"
SEED = TESTS.parent / "fixtures" / "seed-incident" / "logs"

REGISTER = """
import sys
from logaudit.renderers.registry import Renderer, register
register(Renderer("count", "door_renderer:render"))
from logaudit.cli import main
sys.argv[0] = "logaudit"
main()
"""


def with_door(*words: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    """Runs the command line with the format of `door_renderer` registered."""
    return subprocess.run(
        [sys.executable, "-c", REGISTER, *words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent)]), "COLUMNS": "200"},
        capture_output=True,
        check=False,
    )


def test_a_new_output_format_is_one_module_and_its_registration(tmp_path: Path) -> None:
    """Flags, settings and files know it, and bytes arrive as they are."""
    said = b"1 missing, True\0\n"
    printed = with_door("scan", str(SEED), "--quiet", "--no-cache", "--output-format", "count", cwd=tmp_path)
    assert (printed.stdout, printed.returncode) == (said, 1), printed.stderr
    (tmp_path / "logaudit.toml").write_text('outputs = ["count=out.bin"]', encoding="utf-8")
    written = with_door("scan", str(SEED), "--quiet", "--no-cache", cwd=tmp_path)
    assert written.returncode == 1, written.stderr
    assert (tmp_path / "out.bin").read_bytes() == said
    assert b"count" in with_door("scan", "--help", cwd=tmp_path).stdout
    unknown = with_door("scan", str(SEED), "--output", "cuont=x", cwd=tmp_path)
    assert b"Did you mean count?" in unknown.stderr


def test_a_new_rule_is_one_module_and_its_registration(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is run, can be chosen and has its page in SARIF."""
    module = ModuleType("la999_door", "LA999 door.\n\n# What it finds\n\nEvery session.")
    rule = Rule("LA999", "door", Severity.NOTE, "every session", needs=Needs.NOTHING)

    def check_case(case: Case) -> Iterator[Finding]:
        for session in case.sessions:
            yield finding(rule, session, msg("A session."), (), (session.root,))

    vars(module).update(RULE=rule, check=check_case)
    monkeypatch.setattr(rules, "REGISTRY", (*rules.REGISTRY, rules._register(module)))
    report = logaudit.scan(SEED, jobs=1, select=["door"])
    assert [(f.rule, str(f.message)) for f in report.findings] == [("LA999", "A session.")]
    sarif = renderer("sarif").render(report, RenderStyle(rulebook=rules.rulebook))
    assert '"LA999"' in str(sarif)
    assert (rules.rulebook()[-1].needs_logs, rules.rulebook()[-1].needs_ledger) == (False, False)


class Counting(Executor):
    """Hands on what it is given; it can do no more than `submit`, and nobody may end it."""

    def __init__(self, inner: Executor) -> None:
        self.inner = inner
        self.calls = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.calls += 1
        return self.inner.submit(fn, *args, **kwargs)

    def shutdown(self, *_: object, **__: object) -> None:
        raise AssertionError("whoever gave it ends it")


@pytest.mark.parametrize(
    "make", [lambda: ThreadPoolExecutor(3), lambda: loky.ProcessPoolExecutor(2)], ids=["threads", "loky"]
)
def test_any_executor_gives_the_same_report(make: Callable[[], Executor], tmp_path: Path) -> None:
    """One of another library, too: its workers get what they need with the first task."""
    alone = logaudit.scan(SEED, jobs=1)
    with make() as inner:
        given = Counting(inner)
        first, second = (logaudit.scan(SEED, executor=given) for _ in range(2))
        assert given.calls >= 2
        assert inner.submit(os.getpid).result() > 0
    assert json_report.render(first) == json_report.render(second) == json_report.render(alone)
    assert renderer("html").render(first, RenderStyle()) == renderer("html").render(alone, RenderStyle())


def test_programs_scan_as_the_command_does(tmp_path: Path) -> None:
    words = ["scan", str(SEED), "--no-cache", "--output-format", "json", "--tz", "+03:00", "--quiet"]
    done = subprocess.run([sys.executable, "-m", "logaudit", *words], capture_output=True, check=False)
    report = logaudit.scan(SEED, tz="+03:00")
    assert json_report.render(report).encode() == done.stdout
    assert report.review.exit_code == done.returncode == 1


def test_a_scan_from_a_program_leaves_the_program_alone(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As in a notebook: nothing is printed or ended, no handler set, no settings of the folder or the shell obeyed."""
    (tmp_path / "logaudit.toml").write_text('select = ["LA9"]', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOGAUDIT_SELECT", "LA4")
    before = signal.getsignal(signal.SIGINT), gc.isenabled(), sorted(Path().iterdir())
    report = logaudit.scan([str(SEED)])
    assert any(f.rule == "LA101" for f in report.findings)
    assert capfd.readouterr() == ("", "")
    assert (signal.getsignal(signal.SIGINT), gc.isenabled(), sorted(Path().iterdir())) == before


def test_what_readme_shows_in_python_runs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The block prints the one loss of the seed, and the rules that tell of it."""
    monkeypatch.chdir(SEED.parent)
    blocks = re.findall(
        r"^```python\n(.*?)^```", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    assert blocks
    for block in blocks:
        exec(block, {})  # noqa: S102 - that is the test
    assert capsys.readouterr().out.startswith("1 ['LA101'")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"tz": "Mars/Base"}, "Mars/Base"),
        ({"zone": "UTC"}, "There is no setting 'zone'"),
        ({"select": ["LA777"]}, "LA777"),
        ({"jobs": -1}, "jobs"),
    ],
)
def test_a_wrong_setting_is_an_error_with_a_problem(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError) as caught:
        logaudit.scan(SEED, **settings)
    assert said in caught.value.problem


def test_a_path_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="gone"):
        logaudit.scan(tmp_path / "gone")


def test_importing_the_package_loads_none_of_its_rooms() -> None:
    code = "import sys, logaudit; print([m for m in sys.modules if m.startswith('logaudit.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8")
    assert done.stdout.strip() == "[]"
    with pytest.raises(AttributeError):
        vars(logaudit)["__getattr__"]("scann")


def test_every_setting_is_a_setting_of_the_program() -> None:
    """The options of `logaudit.scan` are those of the settings, by name."""
    options, policy = check(resolve({"tz": "+03:00", "select": ["LA1"]}, {}, Path.cwd(), discover=False))
    assert options.zone == "+03:00"
    assert policy.codes is not None
    assert "LA101" in policy.codes
