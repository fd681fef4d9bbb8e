"""Tasks are done once each, in any kind of executor, and whatever becomes of the others."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from executor_tasks import Job
from hypothesis import given
from hypothesis import strategies as st

from logaudit.core.errors import ExitCode, InternalError, NothingToJudgeError
from logaudit.ingest.executor import Cause, Lost, WorkerPool, dispatcher
from logaudit.ingest.executor import worker as pool_work
from logaudit.ingest.executor.bundles import bundles

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGKILL")
forks = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")
FORK = pytest.param("fork", marks=forks)
PROCESSES = [FORK, "spawn"]
WAYS = [FORK, "spawn", "threads", "serial", "none"]


class Serial(Executor):
    """Does what it is given at once, in the calling thread."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - as executors do
            future.set_exception(error)
        return future


@pytest.fixture
def crew(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., WorkerPool[str]]]:
    with ThreadPoolExecutor(2) as threads:

        def made(way: str, jobs: int = 2) -> WorkerPool[str]:
            given: Executor | None = {"threads": threads, "serial": Serial()}.get(way)
            monkeypatch.setattr(dispatcher, "may_fork", lambda: way == "fork")
            return WorkerPool("kit", 1 if way == "none" else jobs, given)

        yield made


def fine(name: str) -> tuple[str, str]:
    return "kit", name


@pytest.mark.parametrize("way", WAYS)
def test_results_keep_the_order_and_each_task_is_told_once(
    way: str, crew: Callable[..., WorkerPool[str]]
) -> None:
    tasks = [Job(f"{i}", weight=(i * 7919) % 5000 << 10) for i in range(50)]
    told: list[int] = []
    with crew(way) as hands:
        assert hands.run(tasks[:1]) == [fine("0")]
        assert hands.run(tasks, told.append) == [fine(f"{i}") for i in range(50)]
        assert hands.run(tasks[:3]) == [fine(f"{i}") for i in range(3)]
        assert hands.run([]) == []
    assert sorted(told) == list(range(50))
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("act", ["exit", pytest.param("kill", marks=posix), "half"])
@pytest.mark.parametrize("way", PROCESSES)
def test_a_task_that_kills_its_worker_is_lost_and_no_other(
    way: str, act: str, crew: Callable[..., WorkerPool[str]]
) -> None:
    names = "abcdef"
    with crew(way) as hands:
        found = hands.run([Job(name, act if name == "c" else "") for name in names])
        assert found == [Lost(Cause.DIED) if name == "c" else fine(name) for name in names]
        assert hands.run([Job("g"), Job("h")]) == [fine("g"), fine("h")]


@pytest.mark.parametrize("way", [FORK])
def test_small_tasks_that_travel_with_a_deadly_one_are_done_all_the_same(
    way: str, crew: Callable[..., WorkerPool[str]]
) -> None:
    tasks = [Job(f"{i}", "exit" if i in (7, 30) else "", weight=1) for i in range(40)]
    told: list[int] = []
    with crew(way) as hands:
        found = hands.run(tasks, told.append)
    assert [i for i, result in enumerate(found) if result == Lost(Cause.DIED)] == [7, 30]
    assert Counter(told) == Counter(range(40))


@pytest.mark.parametrize("way", [FORK])
def test_a_worker_that_dies_once_costs_nothing(
    way: str, crew: Callable[..., WorkerPool[str]], tmp_path: Path
) -> None:
    with crew(way) as hands:
        found = hands.run([Job(name, f"once:{tmp_path}" if name == "b" else "") for name in "abcd"])
    assert found == [fine(name) for name in "abcd"]
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


@pytest.mark.parametrize("way", [FORK, "threads", "serial", "none"])
def test_a_task_without_memory_is_lost_and_no_other(way: str, crew: Callable[..., WorkerPool[str]]) -> None:
    with crew(way) as hands:
        found = hands.run([Job(name, "memory" if name == "c" else "") for name in "abcd"])
    assert found == [fine("a"), fine("b"), Lost(Cause.MEMORY), fine("d")]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("act", "said"), [("bug", "KeyError: 'gone'"), ("awkward", "this and that")])
def test_a_defect_says_what_was_being_read_and_where(
    way: str, act: str, said: str, crew: Callable[..., WorkerPool[str]]
) -> None:
    with crew(way) as hands, pytest.raises(InternalError, match=said) as caught:
        hands.run([Job(f"logs/{name}.log", act if name == "b" else "") for name in "abc"])
    assert "(while reading logs/b.log)" in str(caught.value)
    assert any("in run" in note for note in caught.value.__notes__)


@pytest.mark.parametrize("way", [FORK, "threads", "none"])
def test_an_error_meant_for_the_user_arrives_whole(way: str, crew: Callable[..., WorkerPool[str]]) -> None:
    with crew(way) as hands, pytest.raises(NothingToJudgeError) as caught:
        hands.run([Job("a"), Job("b", "user"), Job("c")])
    told = caught.value
    assert (told.problem, told.remedy, told.code) == ("It is empty.", "Fill it.", ExitCode.NOT_JUDGED)


@forks
def test_a_result_that_cannot_travel_is_a_defect_too(crew: Callable[..., WorkerPool[str]]) -> None:
    with crew("fork") as hands, pytest.raises(InternalError, match="lambda"):
        hands.run([Job("a"), Job("b", "lambda")])


class Absent(Executor):
    """Has no workers."""

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        raise BrokenExecutor("nobody there")


def test_without_workers_the_tasks_are_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def impossible(*_: object, **__: object) -> Executor:
        raise OSError("no semaphores")

    monkeypatch.setattr(dispatcher, "Workers", impossible)
    for executor in (None, Absent()):
        with WorkerPool("kit", 2, executor) as hands:
            assert hands.run([Job(name) for name in "abc"]) == [fine(name) for name in "abc"]


class Lossy(Executor):
    """Takes tasks, and fails in a way of its own."""

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(RuntimeError("KilledWorker('work-1', 3)"))
        return future


@pytest.mark.parametrize("given", [Absent(), Lossy()])
def test_an_executor_that_breaks_is_replaced_by_worker_processes(given: Executor) -> None:
    """What another engine raises is its own trouble: it blames no task, and no user reads it."""
    here = os.getpid()
    with WorkerPool("kit", 2, given) as hands:
        found = hands.run([Job(name, "pid") for name in "abcd"])
    assert here not in found
    assert all(isinstance(pid, int) for pid in found)


def test_a_process_that_may_not_start_others_does_the_tasks_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(multiprocessing.current_process()._config, "daemon", value=True)
    with WorkerPool("kit", 2) as hands:
        assert hands.run([Job(name) for name in "abc"]) == [fine(name) for name in "abc"]


class InterruptError(BaseException):
    """As Ctrl-C."""


@pytest.mark.parametrize("way", PROCESSES)
def test_who_leaves_in_a_hurry_leaves_nobody_behind(
    way: str, crew: Callable[..., WorkerPool[str]], tmp_path: Path
) -> None:
    def leave(_index: int) -> None:
        raise InterruptError

    # One is done, whereupon all is dropped, asleep or not.
    tasks = [Job("a", weight=1 << 30), *(Job(f"{i}", f"sleep:{tmp_path}") for i in range(3))]
    with pytest.raises(InterruptError), crew(way) as hands:
        hands.run(tasks, leave)
    assert not multiprocessing.active_children()


@forks
def test_reading_large_logs_forks_its_workers() -> None:
    # Threads forbid it, and one library or another may start some when it is imported.
    code = (
        "from logaudit.cli import app, command_modules\n"
        "command_modules.load()\n"
        "from logaudit.audit import build_report, pipeline\n"
        "from logaudit.cli import run\n"
        "from logaudit.ingest.tasks import warm\n"
        "from logaudit.ingest.read_context import ReadContext\n"
        "from logaudit.ingest.executor.process_workers import may_fork\n"
        "from logaudit.profiles import load_built_in\n"
        "assert may_fork()\n"
        "warm(ReadContext((load_built_in('generic'),)), ['generic'])\n"
        "assert may_fork()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


weights = st.integers(0, 1 << 23)
jobs = st.lists(st.builds(Job, st.just("x"), st.just(""), weights, st.sampled_from(["", "", "one", "two"])))


@given(jobs)
def test_bundles_hold_every_task_once_and_strands_in_their_order(tasks: list[Job]) -> None:
    order = [index for bundle in bundles(tasks) for index in bundle]
    assert sorted(order) == list(range(len(tasks)))
    for strand in ("one", "two"):
        places = [place for place, index in enumerate(order) if tasks[index].strand == strand]
        mine = [order[place] for place in places]
        assert mine == sorted(mine)
        assert places == list(range(min(places, default=0), min(places, default=0) + len(places)))
    free = [tasks[index].weight for index in order if not tasks[index].strand]
    assert free == sorted(free, reverse=True)


def test_a_bundle_is_announced_before_any_of_it_is_run():
    told: list[str] = []

    class Told(Job):
        def announce(self) -> None:
            told.append(f"announced {self.name}")

        def run(self, kit: str) -> object:
            told.append(f"run {self.name}")
            return kit

    pool_work.init_worker("kit")
    assert pool_work.work([Told("a"), Told("b")], None) == ["kit", "kit"]
    assert told == ["announced a", "announced b", "run a", "run b"]
