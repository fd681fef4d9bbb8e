"""`logaudit watch`: no loss is told before the recorder had its time, each is told once, and a late row is told too."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
import report_model
from msgspec.structs import replace
from program import Done, run

from logaudit.audit.watch import LEAST_WAIT, WatchState, observe, usual_lag
from logaudit.cli import watch
from logaudit.core.location import Location, Role
from logaudit.core.report import Report
from logaudit.core.timestamp import SECOND, Stamp
from logaudit.core.trades import TradeState
from logaudit.ingest import scheduler
from logaudit.renderers.watch_text import lost_line, status_line
from logaudit.sources.changes import snapshot

BOT = Path(__file__).resolve().parent.parent / "fixtures" / "generic-english" / "logs"
CLOSE = (
    "2026-03-04 07:34:10.000 | INFO     | trader.exits:close_position:88 - Closed long position SOL-USDT "
    "@ 150.17 size=2.31 pnl=+1.87 reason=take_profit\n"
)
ROW = "2026-03-04 07:34:10.000,SOL-USDT,long,149.30,150.17,2.31,1.87,take_profit\n"
#: The fixture's own loss.
OLD = "BTC-USDT short"


def report_with(state: TradeState, *, log_goes_on: float = 0.0) -> Report:
    """One trade in this state, and logs that end so many seconds after its close."""
    missing = state in (TradeState.SILENT_DROP, TradeState.BACKFILLED)
    row = None if missing else Location("trades.csv", line=2)
    trade = report_model.trade(6, state, missing=missing, row=row)
    small = report_model.small()
    end = Stamp(trade.closed.us + int(log_goes_on * SECOND))
    covered = replace(small.coverage[0], session=trade.session, intervals=((Stamp(0), end),))
    return replace(small, trades=(trade,), coverage=(covered,))


LOST = report_with(TradeState.SILENT_DROP)
RECORDED = report_with(TradeState.RECORDED)


def test_a_close_is_pending_until_the_least_wait_is_over() -> None:
    state, seen = observe(LOST, None, WatchState(), 100.0)
    assert (len(seen.pending), seen.lost, seen.wait, seen.usual) == (1, (), LEAST_WAIT, None)
    state, seen = observe(LOST, None, state, 100.0 + LEAST_WAIT - 0.1)
    assert (len(seen.pending), seen.lost) == (1, ())
    state, seen = observe(LOST, None, state, 100.0 + LEAST_WAIT)
    assert (seen.pending, len(seen.lost), seen.all_lost) == ((), 1, 1)
    state, seen = observe(LOST, None, state, 300.0)
    assert (seen.lost, seen.all_lost) == ((), 1)


def test_a_slow_recorder_gets_twice_its_usual_time() -> None:
    state, seen = observe(LOST, 20.0, WatchState(), 0.0)
    assert (seen.wait, seen.usual) == (40.0, 20.0)
    state, seen = observe(LOST, 20.0, state, 39.9)
    assert seen.lost == ()
    _, seen = observe(LOST, 20.0, state, 40.0)
    assert len(seen.lost) == 1


@pytest.mark.parametrize(
    ("role", "seconds", "usual"),
    [(Role.ACK, 4.5, 4.5), (Role.EXCHANGE, 4.5, None), (Role.ACK, -1.0, None), (Role.ACK, 3600.0, None)],
)
def test_the_usual_lag_is_that_of_acknowledgements_in_the_time_after_a_close(
    role: Role, seconds: float, usual: float | None
) -> None:
    (trade,) = RECORDED.trades
    at = Stamp(trade.closed.us + int(seconds * SECOND))
    said = replace(trade, also=(Location("bot.log", line=9, role=role),), also_at=(at,))
    assert usual_lag(replace(RECORDED, trades=(said,))) == usual


def test_the_usual_lag_is_that_of_rows_where_nothing_is_acknowledged() -> None:
    """One row of a hundred may be slower."""
    (trade,) = RECORDED.trades
    times = [trade.closed.us + seconds * SECOND for seconds in [2] * 99 + [300]]
    rows = tuple(replace(trade, row_at=Stamp(us)) for us in times)
    assert usual_lag(replace(RECORDED, trades=rows[:98])) == 2.0
    assert usual_lag(replace(RECORDED, trades=rows)) == 300.0
    assert usual_lag(replace(RECORDED, trades=rows + rows[:98])) == 2.0
    assert usual_lag(LOST) is None


def test_a_row_within_the_wait_is_no_loss_and_nothing_is_told() -> None:
    state, _ = observe(LOST, None, WatchState(), 0.0)
    state, seen = observe(RECORDED, None, state, 5.0)
    assert (seen.lost, seen.recorded, seen.pending, seen.all_lost) == ((), (), (), 0)


@pytest.mark.parametrize(("seconds", "lost"), [(9.9, 0), (10.0, 1)])
def test_an_old_close_is_lost_at_the_first_look_where_the_log_went_on(seconds: float, lost: int) -> None:
    _, seen = observe(report_with(TradeState.SILENT_DROP, log_goes_on=seconds), None, WatchState(), 0.0)
    assert (len(seen.lost), len(seen.pending)) == (lost, 1 - lost)


def test_a_log_that_is_written_in_blocks_makes_no_close_look_old() -> None:
    """The close appears during the watch, together with a minute of log after it; the row's file follows."""
    block = report_with(TradeState.SILENT_DROP, log_goes_on=60.0)
    state, _ = observe(replace(block, trades=()), 20.0, WatchState(), 0.0)
    state, seen = observe(block, 20.0, state, 30.0)
    assert (len(seen.pending), seen.lost) == (1, ())
    _, seen = observe(RECORDED, 20.0, state, 35.0)
    assert (seen.lost, seen.recorded) == ((), ())
    _, seen = observe(block, 20.0, state, 30.0 + LEAST_WAIT)
    assert len(seen.lost) == 1


def test_a_late_row_is_told_once_and_lengthens_the_wait() -> None:
    state, _ = observe(LOST, None, WatchState(), 0.0)
    state, _ = observe(LOST, None, state, 12.0)
    state, seen = observe(RECORDED, None, state, 30.0)
    assert (len(seen.recorded), seen.all_lost) == (1, 0)
    assert (seen.wait, seen.usual) == (60.0, 30.0)
    _, seen = observe(RECORDED, None, state, 31.0)
    assert seen.recorded == ()


@pytest.mark.parametrize("state", [TradeState.BACKFILLED, TradeState.RECORDED, TradeState.UNVERIFIABLE])
def test_what_is_restored_recorded_or_unverifiable_is_no_loss(state: TradeState) -> None:
    _, seen = observe(report_with(state, log_goes_on=1000.0), None, WatchState(), 0.0)
    assert (seen.lost, seen.pending, seen.all_lost) == ((), (), 0)


def test_lines_are_harmless_whatever_the_log_says() -> None:
    trade = replace(LOST.trades[0], symbol=report_model.EVIL)
    assert lost_line(trade).isprintable()
    assert "its lag is not known yet" in status_line(2, 0, 1, 10.0, None)
    assert status_line(2, 1, 0, 10.0, 3.0) == "2 closes, 1 lost"


def test_a_snapshot_shows_growth_new_files_and_files_that_are_gone(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    log = tmp_path / "deep" / "bot.log"
    log.write_text("one\n", encoding="utf-8")
    first = snapshot([tmp_path])
    assert first == snapshot([tmp_path]) != {}
    log.write_text("one\ntwo\n", encoding="utf-8")
    second = snapshot([tmp_path])
    assert second != first
    (tmp_path / "new.log").touch()
    assert snapshot([tmp_path]) != second
    log.unlink()
    assert str(log) not in snapshot([tmp_path])


class Bot:
    """A bot that goes on between two looks, on a clock of its own."""

    def __init__(self, folder: Path, *steps: tuple[float, Callable[[], object]]) -> None:
        shutil.copytree(BOT, folder)
        self.folder, self.steps, self.now = folder, [*steps], 1000.0

    def sleep(self, seconds: float) -> None:
        """Time goes on, and whatever happens in it; then somebody presses Ctrl-C."""
        self.now += seconds
        if not self.steps:
            raise KeyboardInterrupt
        due, action = self.steps[0]
        if self.now - 1000.0 >= due:
            self.steps.pop(0)
            action()

    def add(self, name: str, text: str) -> None:
        with (self.folder / name).open("a", encoding="utf-8", newline="") as file:
            file.write(text)


def watched(bot: Bot, monkeypatch: pytest.MonkeyPatch, *words: str) -> Done:
    clock = SimpleNamespace(sleep=bot.sleep, monotonic=lambda: bot.now)
    monkeypatch.setattr(watch, "time", clock)
    cache = str(bot.folder.parent / "cache")
    return run(bot.folder.parent, "watch", bot.folder, *words, LOGAUDIT_CACHE_DIR=cache)


def test_a_row_that_is_written_some_seconds_later_is_no_loss(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = Bot(tmp_path / "logs")
    bot.steps = [
        (2, lambda: bot.add("bot.log", CLOSE)),
        (8, lambda: bot.add("trades.csv", ROW)),
        (60, lambda: None),
    ]
    done = watched(bot, monkeypatch)
    assert done.returncode == 130
    assert [OLD in line for line in done.stdout.splitlines()] == [True]
    assert "7 closes, 1 lost, 1 without a row so far: the recorder has 10 s" in done.stderr


def test_a_lost_close_is_told_within_seconds_and_its_late_row_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = Bot(tmp_path / "logs")
    bot.steps = [
        (2, lambda: bot.add("bot.log", CLOSE)),
        (14, lambda: None),
        (40, lambda: bot.add("trades.csv", ROW)),
        (60, lambda: None),
    ]
    done = watched(bot, monkeypatch, "--interval", "1", "--quiet")
    assert "closes," not in done.stderr
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["LOST", "LOST", "RECORDED"]
    assert all("SOL-USDT long  net PnL +1.87" in line for line in lines[1:])


def test_files_that_stay_as_they_are_are_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One scan at the start, and one for the one change."""
    scans: list[int] = []
    ingest = scheduler.ingest_sources
    monkeypatch.setattr(scheduler, "ingest_sources", lambda *a, **k: (scans.append(1), ingest(*a, **k))[1])
    bot = Bot(tmp_path / "logs")
    bot.steps = [(20, lambda: bot.add("bot.log", CLOSE)), (60, lambda: None)]
    watched(bot, monkeypatch)
    assert len(scans) == 2


def test_a_folder_that_is_gone_for_a_moment_does_not_end_the_watch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = Bot(tmp_path / "logs")
    away = tmp_path / "away"
    bot.steps = [
        (2, lambda: os.rename(bot.folder, away)),  # noqa: PTH104 - one way for both directions
        (6, lambda: os.rename(away, bot.folder)),  # noqa: PTH104 - as above
        (8, lambda: bot.add("bot.log", CLOSE)),
        (30, lambda: None),
    ]
    done = watched(bot, monkeypatch)
    assert done.stderr.count("Still watching.") == 1
    assert "SOL-USDT long" in done.stdout


def test_once_looks_once_and_its_code_says_what_stands(tmp_path: Path) -> None:
    shutil.copytree(BOT, tmp_path / "logs")
    done = run(tmp_path, "watch", "logs", "--once")
    assert (done.returncode, done.stdout.count("LOST")) == (1, 1)
    (tmp_path / "logs" / "trades.csv").unlink()
    (tmp_path / "empty").mkdir()
    assert run(tmp_path, "watch", "empty", "--once").returncode == 3
    clean = BOT.parent.parent / "clean" / "logs"
    assert run(tmp_path, "watch", clean, "--once").returncode == 0


def test_a_loss_that_the_baseline_knows_is_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new one still is."""
    assert run(tmp_path, "baseline", "create", BOT, "-o", "known.json").returncode == 0
    bot = Bot(tmp_path / "logs")
    bot.steps = [(2, lambda: bot.add("bot.log", CLOSE)), (30, lambda: None)]
    done = watched(bot, monkeypatch, "--baseline", "known.json")
    (told,) = done.stdout.splitlines()
    assert told.startswith("LOST")
    assert "SOL-USDT long" in told
    assert "0 lost, 1 known or suppressed" in done.stderr
    once = run(tmp_path, "watch", BOT, "--once", "--baseline", "known.json")
    assert (once.returncode, once.stdout) == (0, "")


def test_a_loss_that_the_settings_suppress_is_not_told(tmp_path: Path) -> None:
    shutil.copytree(BOT, tmp_path / "logs")
    (tmp_path / "logaudit.toml").write_text(
        '[[suppressions]]\nrule = "LA101"\nreason = "asked the exchange"\n', encoding="utf-8"
    )
    done = run(tmp_path, "watch", "logs", "--once")
    assert (done.returncode, done.stdout) == (0, "")
    (tmp_path / "logaudit.toml").write_text(
        '[[suppressions]]\nrule = "LA101"\nreason = "long ago"\nuntil = 2020-01-01\n', encoding="utf-8"
    )
    assert run(tmp_path, "watch", "logs", "--once").returncode == 1


class Service:
    """Stands in for apprise: remembers what it is told."""

    sent: list[tuple[str, str]]

    def __init__(self) -> None:
        Service.sent = []

    def add(self, address: str) -> bool:
        return "://" in address

    def notify(self, *, title: str, body: str) -> bool:
        Service.sent.append((title, body))
        return False


@pytest.fixture
def apprise(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("apprise")
    vars(module)["Apprise"] = Service
    monkeypatch.setitem(sys.modules, "apprise", module)


@pytest.mark.usefixtures("apprise")
def test_a_loss_is_notified_and_no_address_is_printed(tmp_path: Path) -> None:
    done = run(tmp_path, "watch", BOT, "--once", LOGAUDIT_NOTIFY="json://secret-token")
    assert [title for title, _ in Service.sent] == ["logaudit: 1 lost"]
    assert Service.sent[0][1] == done.stdout.rstrip("\n")
    assert "could not be sent" in done.stderr
    assert "secret-token" not in done.stdout + done.stderr


@pytest.mark.usefixtures("apprise")
def test_an_address_that_is_none_is_an_error_that_does_not_show_it(tmp_path: Path) -> None:
    done = run(tmp_path, "watch", BOT, "--once", "--notify", "secret-token")
    assert done.returncode == 2
    assert "address 1" in done.stderr
    assert "secret-token" not in done.stderr


def test_without_apprise_the_command_that_installs_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    done = run(tmp_path, "watch", BOT, "--once", "--notify", "json://host")
    assert done.returncode == 2
    assert 'pip install "logaudit[notify]"' in done.stderr


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # its own affair
def test_apprise_itself_understands_addresses() -> None:
    """The two calls that logaudit makes are those of the library."""
    apprise = pytest.importorskip("apprise")
    service = apprise.Apprise()
    assert service.add("json://localhost") is True
    assert service.add("no address") is False
    assert callable(service.notify)
