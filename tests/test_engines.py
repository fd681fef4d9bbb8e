"""Engines of other libraries: the same report, a deadly task costs itself, and no process outlives a scan."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from executor_tasks import Job

import logaudit
from logaudit.audit.pipeline import ScanOptions, report_on
from logaudit.audit.session_task import SessionTask
from logaudit.cli.root import main
from logaudit.core.errors import ExitCode, UserError
from logaudit.ingest.executor import Cause, Lost, WorkerPool, engines
from logaudit.ingest.executor.engines import Engine, GuardedExecutor, running
from logaudit.renderers import json_report

FIXTURES = Path(__file__).parent.parent / "fixtures"
SEED = FIXTURES / "seed-incident" / "logs"
ENGINES = ["dask", "loky"]
pytestmark = pytest.mark.filterwarnings("ignore")  # of the libraries, about themselves


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    pytest.importorskip({"dask": "distributed"}.get(request.param, request.param), reason="needs an extra")
    with running(request.param, 2) as made:
        yield made


def test_an_engine_gives_the_report_of_the_built_in_workers(engine: Engine) -> None:
    given = logaudit.scan(SEED, executor=engine.executor, jobs=engine.jobs)
    assert json_report.render(given) == json_report.render(logaudit.scan(SEED, jobs=1))


def test_an_engine_judges_sessions_as_this_process_does(engine: Engine) -> None:
    judged: list[str] = []

    class Watched(Executor):
        """Passes calls on."""

        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            judged.extend(task.name for task in args[0] if isinstance(task, SessionTask))
            return engine.executor.submit(fn, *args, **kwargs)

    folders = [FIXTURES / name for name in ("seed-incident", "random-losses", "two-causes")]
    given = report_on(folders, ScanOptions(jobs=engine.jobs), executor=Watched())
    assert given == report_on(folders, ScanOptions(jobs=1))
    assert len(judged) == len(given.profiles) == 3


def test_workers_of_a_local_cluster_neither_look_at_themselves_nor_give_memory_back_at_every_turn() -> None:
    config = pytest.importorskip("dask.config", reason="needs an extra")
    with running("dask", 1) as engine:
        profiled = engine.executor.submit(config.get, "distributed.worker.profile.enabled")
        trimmed = engine.executor.submit(os.environ.get, "MALLOC_TRIM_THRESHOLD_")
        assert profiled.result() is False
        assert int(trimmed.result() or 0) > 1 << 26


def test_an_engine_is_a_setting_of_every_command_that_reads(monkeypatch, tmp_path, capfd) -> None:
    pytest.importorskip("loky", reason="needs an extra")
    started: list[str] = []

    @contextmanager
    def counted(name: str, jobs: int) -> Iterator[Engine]:
        started.append(name)
        with running(name, jobs) as made:
            yield made

    monkeypatch.setattr(engines, "running", counted)
    monkeypatch.setenv("LOGAUDIT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("LOGAUDIT_JOBS", "2")
    wanted = ["scan", "positions", "report", "restore --diff", f"extract -o {tmp_path / 'one.arrow'}"]
    for command, *more in map(str.split, wanted):
        call = [
            "logaudit",
            command,
            str(SEED),
            *more,
            *(["--no-cache"] if command in ("scan", "positions") else []),
        ]
        told = []
        for name in ("", "loky"):
            monkeypatch.setenv("LOGAUDIT_EXECUTOR", name)
            monkeypatch.setattr(sys, "argv", call)
            with pytest.raises(SystemExit):
                main()
            told.append(capfd.readouterr().out)
        assert told[0] == told[1]
    assert started == ["loky"] * 4  # the report came from the cache, which needs no engine


def test_a_setting_that_is_no_engine_is_said_to_be_the_settings(monkeypatch) -> None:
    with pytest.raises(UserError, match="no executor 'ray'"):
        logaudit.scan(SEED, executor="ray")


def test_a_task_that_kills_its_worker_costs_itself_alone(engine: Engine) -> None:
    names = "abcdefgh"
    with WorkerPool("kit", engine.jobs, engine.executor) as pool:
        found = pool.run([Job(name, "exit" if name == "c" else "") for name in names])
    assert found == [Lost(Cause.DIED) if name == "c" else ("kit", name) for name in names]


class Deaf(Executor):
    """Never comes back from tasks that have something to do but say their name."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if not any(task.act for task in args[0]):
            future.set_result(fn(*args, **kwargs))
        return future


def test_a_task_that_takes_too_long_is_tried_once_more_and_given_up() -> None:
    guarded = GuardedExecutor(Deaf(), deadline=0.1)
    with WorkerPool("kit", 2, guarded) as pool:
        found = pool.run([Job("a", weight=1 << 24), Job("b", "sleep", weight=0)])
    guarded.shutdown()
    assert found == [("kit", "a"), Lost(Cause.DIED)]


#: Workers that are at work for a minute, whatever is scanned.
BUSY = """
import sys
from executor_tasks import Job
from logaudit.cli import run
from logaudit.cli.root import main
from logaudit.ingest.executor import WorkerPool
from logaudit.ingest.executor.engines import running

def pipeline(*_):
    with running({name!r}, 2) as engine, WorkerPool("kit", engine.jobs, engine.executor) as pool:
        pool.run([Job("a", "sleep:{marks}"), Job("b", "sleep:{marks}")])

run.run_pipeline = pipeline
if __name__ == "__main__":
    main()
"""


class Places:
    """Logs that a scan is started among, and a folder for all that is temporary."""

    def __init__(self, folder: Path) -> None:
        self.logs, self.temporary, self.marks = folder / "logs", folder / "tmp", folder / "marks"
        shutil.copytree(SEED, self.logs)
        self.temporary.mkdir()
        self.marks.mkdir()
        self._before = self._inside()

    def _inside(self) -> list[Path]:
        return sorted(self.logs.rglob("*"))

    @contextmanager
    def start(self, *command: str) -> Iterator[subprocess.Popen[str]]:
        """A program that knows no other folders; it does not outlive the test."""
        named = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(self.temporary))
        with subprocess.Popen(
            [sys.executable, *command],
            start_new_session=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            cwd=self.logs,
            env={**os.environ, **named, "PYTHONPATH": str(Path(__file__).parent)},
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def assert_nothing_is_left(self) -> None:
        assert self._inside() == self._before
        assert list(self.temporary.rglob("*")) == []


@pytest.mark.skipif(os.name != "posix", reason="Windows has no process groups of this kind")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("name", ENGINES)
def test_who_ends_a_scan_is_rid_of_its_engine_within_five_seconds(
    name: str, how: signal.Signals, tmp_path: Path
) -> None:
    pytest.importorskip({"dask": "distributed"}.get(name, name), reason="needs an extra")
    places = Places(tmp_path)
    script = tmp_path / "program.py"
    script.write_text(BUSY.format(name=name, marks=places.marks), encoding="utf-8")
    with places.start(str(script), "scan", ".", "--no-cache") as process:
        while len(list(places.marks.iterdir())) < 2:
            assert process.poll() is None, process.communicate()
            time.sleep(0.05)
        began = time.monotonic()
        if how is signal.SIGINT:
            os.killpg(process.pid, how)  # as a terminal does
        else:
            process.send_signal(how)
        assert process.wait(30) == (ExitCode.INTERRUPTED if how is signal.SIGINT else -how)
        assert time.monotonic() - began < 5
    until = time.monotonic() + 5
    while _group_lives(process.pid):  # helpers of the libraries end when they see that their parent did
        assert time.monotonic() < until
        time.sleep(0.1)
    places.assert_nothing_is_left()


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_writes_neither_beside_the_logs_nor_to_the_terminal(name: str, tmp_path: Path) -> None:
    pytest.importorskip({"dask": "distributed"}.get(name, name), reason="needs an extra")
    places = Places(tmp_path)
    # Where somebody has Dask's usual port, or has it already, a cluster that wants it would say so.
    with socket.socket() as usual:
        with suppress(OSError):
            usual.bind(("127.0.0.1", 8787))
            usual.listen()
        command = ("scan", ".", "--no-cache", "-q", "--executor", name, "--jobs", "2")
        with places.start("-m", "logaudit", *command, "--output-format", "json") as process:
            out, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (ExitCode.FINDINGS, "")
    assert '"verdict": "lost"' in out
    places.assert_nothing_is_left()


def test_a_local_cluster_serves_no_web_pages() -> None:
    pytest.importorskip("distributed", reason="needs the extra logaudit[dask]")
    import psutil  # noqa: PLC0415 - comes with it

    before = _listening(psutil.Process())
    with running("dask", 2):
        tree = [psutil.Process(), *psutil.Process().children(recursive=True)]
        ports = {port for process in tree for port in _listening(process)} - before
        assert len(ports) >= 3  # the scheduler's, and each worker's
        assert [port for port in sorted(ports) if _speaks_http(port)] == []


def _listening(process: Any) -> set[int]:
    return {c.laddr.port for c in process.net_connections("tcp") if c.status == "LISTEN"}


def _speaks_http(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port), timeout=2) as call:
        call.sendall(b"GET / HTTP/1.0\r\n\r\n")
        with suppress(TimeoutError):
            return call.recv(5) == b"HTTP/"
    return False


def test_a_program_without_a_guard_is_told_of_it_by_a_local_cluster(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="needs the extra logaudit[dask]")
    script = tmp_path / "program.py"
    script.write_text(f"import logaudit\nlogaudit.scan({str(SEED)!r}, executor='dask', jobs=2)\n", "utf-8")
    places = Places(tmp_path)
    with places.start(str(script)) as process:
        _, err = process.communicate(timeout=120)
    assert process.returncode == 1
    assert err.endswith(
        "UserError: Dask's worker processes do not start. "
        'A program guards its scan with if __name__ == "__main__".\n'
    )
    places.assert_nothing_is_left()


def _group_lives(leader: int) -> bool:
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return False
    return True


def test_what_is_no_engine_or_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match="no executor 'ray'"), running("ray", 1):
        pass
    monkeypatch.setitem(sys.modules, "dask", None)
    monkeypatch.setitem(sys.modules, "loky", None)
    for name in ENGINES:
        with pytest.raises(UserError) as caught, running(name, 1):
            pass
        assert caught.value.remedy == f"pip install 'logaudit[{name}]'"


def test_a_cluster_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="needs the extra logaudit[dask]")
    monkeypatch.setattr(engines, "_PATIENCE", 1)
    with (
        pytest.raises(UserError, match=r"No Dask scheduler answers at dask://127\.0\.0\.1:9"),
        running("dask://127.0.0.1:9", 1),
    ):
        pass
