"""Bringing sources in: the same whoever does the work, whatever becomes of one source, and told as it goes."""

from __future__ import annotations

import os
import signal
import sys
import tarfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.cli import main
from logaudit.core.not_judged import NotJudged, Reason
from logaudit.ingest import chunked_files, profile_guesses, tasks
from logaudit.ingest.codec import HeldExtract
from logaudit.ingest.executor import Progress, WorkerPool, dispatcher, worker_pool
from logaudit.ingest.executor.bundles import bundles
from logaudit.ingest.progress_count import ProgressCount
from logaudit.ingest.read_context import ReadContext
from logaudit.ingest.scheduler import ingest_sources
from logaudit.ingest.session_roots import IngestResult
from logaudit.ingest.source_extract import LogExtract, OtherExtract, SourceExtract
from logaudit.profiles import BUILT_IN, load_built_in
from logaudit.sources import Source, blocks, discover

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
CLEAN = FIXTURES / "clean" / "logs"
SEED = FIXTURES / "seed-incident" / "logs"
KIT = ReadContext(tuple(load_built_in(name) for name in BUILT_IN))
forks = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")


def sources_of(*paths: Path) -> tuple[Source, ...]:
    return discover(list(paths)).sources


@pytest.fixture
def threads() -> Iterator[Executor]:
    with ThreadPoolExecutor(4) as executor:
        yield executor


def taken(sources: tuple[Source, ...], jobs: int, executor: Executor | None = None) -> IngestResult:
    """What is read, unpacked: how it is packed depends on how it was read."""
    with WorkerPool(KIT, jobs, executor) as pool:
        return unpacked(ingest_sources(sources, pool, Progress()))


def unpacked(found: IngestResult) -> IngestResult:
    opened = {
        root: [HeldExtract(held.summary, held.opened()) for held in some]
        for root, some in found.extracts.items()
    }
    return replace(found, extracts=opened)


def digests_of(intake: IngestResult) -> list[SourceExtract]:
    return [held.opened() for found in intake.extracts.values() for held in found]


@pytest.fixture
def _small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few kilobytes are worth several workers, and a log of twice as many is read in parts."""
    monkeypatch.setattr(worker_pool, "PARALLEL_FROM", 0)
    monkeypatch.setattr(chunked_files, "PART", 4_000)


@pytest.fixture
def _forked(monkeypatch: pytest.MonkeyPatch, _small_is_large: None) -> None:
    """Workers know what the test has changed."""
    monkeypatch.setattr(dispatcher, "may_fork", lambda: True)


def plain_log(folder: Path) -> Path:
    """A log that is large here: parts of the seed's in a row."""
    parts = [source for source in sources_of(SEED) if source.address.member.startswith("futures_main")]
    path = folder / "futures_main.log"
    path.write_bytes(b"".join(block for source in parts for block in blocks(source)))
    return path


@pytest.mark.parametrize(
    ("way", "jobs"),
    [
        pytest.param("fork", 2, marks=forks),
        pytest.param("fork", 8, marks=forks),
        ("spawn", 2),
        ("threads", 4),
    ],
)
@pytest.mark.usefixtures("_small_is_large")
def test_whoever_reads_gives_the_same(
    way: str, jobs: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threads: Executor
) -> None:
    sources = sources_of(SEED, CLEAN, plain_log(tmp_path))
    serial = taken(sources, 1)
    monkeypatch.setattr(dispatcher, "may_fork", lambda: way == "fork")
    sys.setswitchinterval(1e-5 if way == "threads" else 0.005)
    try:
        found = taken(sources, jobs, threads if way == "threads" else None)
    finally:
        sys.setswitchinterval(0.005)
    assert found == serial


def test_a_large_log_reads_alike_in_parts_and_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = sources_of(plain_log(tmp_path))
    whole = taken(sources, 1)
    assert any(isinstance(digest, LogExtract) and digest.matches for digest in digests_of(whole))
    for part in (sources[0].size // 2, 4_000, 100):
        monkeypatch.setattr(chunked_files, "PART", part)
        assert chunked_files.is_large(sources[0])
        assert taken(sources, 1) == whole


def dying_at(name: str, how: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes reading a source end in the worker that does it."""
    read = tasks.extract

    def deadly(source: Source, *rest: Any, **named: Any) -> SourceExtract:
        if source.address.path.endswith(name):
            how()
        return read(source, *rest, **named)

    monkeypatch.setattr(tasks, "extract", deadly)


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def no_memory() -> None:
    raise MemoryError


@forks
@pytest.mark.usefixtures("_forked")
@pytest.mark.parametrize(
    ("how", "jobs", "said"),
    [
        (kill, 2, "the process that read it died"),
        (no_memory, 2, "more memory than there is"),
        (no_memory, 1, "more memory than there is"),
    ],
)
def test_a_source_that_nobody_survives_is_a_finding_and_harms_no_other(
    how: Callable[[], object], jobs: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = sources_of(CLEAN)
    victim = next(source for source in sources if source.address.path.endswith(".zip"))
    name = victim.address.path
    before = {d.address: d for d in digests_of(taken(sources, 1))}
    dying_at(name, how, monkeypatch)
    after = {d.address: d for d in digests_of(taken(sources, jobs))}
    dead = after.pop(victim.address)
    assert isinstance(before.pop(victim.address), LogExtract)
    assert after == before
    assert isinstance(dead, OtherExtract)
    assert dead.problem is not None
    assert said in str(dead.problem.detail)
    outcome = build_report(read_case([CLEAN], ScanOptions(jobs=jobs)))
    (finding,) = [f for f in outcome.findings if f.rule == "LA401"]
    assert said in str(finding.message)
    assert name in str(finding.message)


@pytest.mark.usefixtures("_small_is_large")
def test_where_nothing_else_is_left_the_loss_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = "2026-01-10 10:00:00.123 | INFO     | bot.loop:run:1 | tick\n"
    (tmp_path / "bot.log").write_text(line * 9, encoding="utf-8")
    monkeypatch.setattr(tasks, "probe", lambda *_: no_memory())
    outcome = build_report(read_case([tmp_path], ScanOptions(jobs=1)))
    assert outcome.not_judged == NotJudged(Reason.NOTHING_READ)
    assert [f.rule for f in outcome.findings] == ["LA401"]


@forks
@pytest.mark.usefixtures("_forked")
def test_a_part_that_nobody_survives_is_read_with_the_rest_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = sources_of(plain_log(tmp_path))
    whole = taken(sources, 1)
    assert chunked_files.is_large(sources[0])
    monkeypatch.setattr(tasks.HashTask, "run", lambda *_: os._exit(1))
    assert taken(sources, 2) == whole


def defect() -> None:
    raise KeyError("gone")


@pytest.mark.usefixtures("_small_is_large")
@pytest.mark.parametrize("jobs", [1, pytest.param(2, marks=forks)])
def test_a_defect_costs_its_sources_and_says_where_it_is(jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatcher, "may_fork", lambda: True)
    whole = digests_of(taken(sources_of(CLEAN), jobs))
    dying_at(".zip", defect, monkeypatch)
    lost: list[SourceExtract] = []
    kept: list[SourceExtract] = []
    for digest in digests_of(taken(sources_of(CLEAN), jobs)):
        (lost if isinstance(digest, OtherExtract) and digest.problem else kept).append(digest)
    assert {digest.address.path.endswith(".zip") for digest in lost} == {True}
    assert kept == [digest for digest in whole if not digest.address.path.endswith(".zip")]
    for digest in lost:
        assert digest.problem is not None
        said = str(digest.problem.detail)
        assert said.startswith(
            "reading it met a defect of logaudit, please report it: KeyError: 'gone' (test_"
        )


def test_a_defect_leaves_a_report_without_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dying_at(".csv", defect, monkeypatch)
    monkeypatch.setattr(sys, "argv", ["logaudit", "scan", "--no-cache", "--jobs", "1", str(CLEAN)])
    heard = signal.getsignal(signal.SIGINT)
    with pytest.raises(SystemExit) as ended:
        main()
    signal.signal(signal.SIGINT, heard)
    assert ended.value.code == 3  # no close is lost, and none verified: the ledger is what was not read
    said = capsys.readouterr()
    assert "LA401" in said.out
    assert "KeyError: 'gone'" in said.out
    assert "Traceback" not in said.err


@pytest.mark.usefixtures("_small_is_large")
def test_parts_that_meet_a_defect_are_read_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = sources_of(plain_log(tmp_path))
    whole = taken(sources, 1)
    monkeypatch.setattr("logaudit.ingest.vectorized.ranges.read_range", lambda *_: defect())
    assert taken(sources, 1) == whole


class Told:
    """A progress that must add up at every moment."""

    def __init__(self) -> None:
        self.total = self.done = (0, 0)
        self.steps = 0
        self.ended = False

    def progress(self) -> Progress:
        return Progress(self.start, self.step, self.finish)

    def start(self, sources: int, size: int) -> None:
        self.total = sources, size

    def step(self, sources: int, size: int) -> None:
        self.steps += 1
        self.done = self.done[0] + sources, self.done[1] + size
        assert all(0 <= done <= total for done, total in zip(self.done, self.total, strict=True))

    def finish(self) -> None:
        self.ended = True


@pytest.mark.parametrize("jobs", [1, 3])
@pytest.mark.usefixtures("_small_is_large")
def test_all_sources_and_bytes_are_told_in_the_end(jobs: int, tmp_path: Path, threads: Executor) -> None:
    (tmp_path / "notes.bin").write_bytes(bytes(range(256)) * 9)
    log = plain_log(tmp_path)
    sources = sources_of(tmp_path, SEED)
    told = Told()
    with WorkerPool(KIT, jobs, threads if jobs > 1 else None) as pool:
        ingest_sources(sources, pool, told.progress())
    assert told.done == told.total
    assert told.total[0] == len(sources)
    assert told.ended
    assert told.steps > len(sources) + log.stat().st_size // 8_000


@pytest.mark.usefixtures("_small_is_large")
def test_what_is_read_twice_is_told_once(monkeypatch: pytest.MonkeyPatch, threads: Executor) -> None:
    # The folder's largest log speaks for another profile than the session turns out to need.
    monkeypatch.setattr(profile_guesses, "_guess", lambda *_: "generic")
    told = Told()
    with WorkerPool(KIT, 2, threads) as pool:
        found = ingest_sources(sources_of(SEED), pool, told.progress())
    assert unpacked(found) == taken(sources_of(SEED), 1)
    assert told.done == told.total


@given(
    st.lists(st.tuples(st.sampled_from(["part", "complete", "again"]), st.integers(0, 3), st.integers(0, 99)))
)
def test_counts_never_exceed_what_there_is(steps: list[tuple[str, int, int]]) -> None:
    told = Told()
    weights = {0: 50, 1: 0, 2: 200}
    told.start(3, 250)
    count = ProgressCount(weights, told.step)
    for what, index, size in steps:
        if what == "part":
            count.part(index, size)
        else:
            getattr(count, what)(index)
    for index in range(4):
        count.complete(index)
    assert told.done == told.total


def test_members_of_a_packed_tar_are_handed_out_in_their_order(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "logs.tar.gz", "w:gz") as archive:
        for number in range(30):
            path = tmp_path / f"{number}"
            path.write_text("x" * (number * 7919 % 1000), encoding="utf-8")
            archive.add(path, f"{number:02}.log")
            path.unlink()
    work = [tasks.ProbeTask(source, (), "generic") for source in sources_of(tmp_path)]
    order = [index for bundle in bundles(work) for index in bundle]
    assert order == sorted(order)
