"""LA404: text that no dialect explains, a wording that vanished, a block that was cut."""

from __future__ import annotations

import pytest
from english import English
from msgspec.structs import replace
from world import DAY, LOG, Deal, World, later, ordered, primary

from logaudit.core.finding import Severity

FIRST = Deal("10:20:00.250", held=60)


def strange(count: int) -> list[str]:
    """Records in a layout that no profile and no built-in dialect has."""
    return [f"{DAY}T10:30:{i:02d}.123 ~~ INFO ~~ order {i} placed" for i in range(count)]


def test_many_lines_of_an_unknown_format_are_a_warning_that_quotes_them(tmp_path):
    world = World(tmp_path, end="10:59:00")
    world.write(LOG, [*ordered(world.lines), *strange(9)])
    world.log = ""
    finding = world.one("LA404")
    assert finding.severity is Severity.WARNING
    assert primary(finding) == world.spot("order 0 placed")
    # 60 beats, three lines of the start, nine strange ones.
    assert str(finding.message) == "9 lines of futures_main (12% of 72) fit no known log format."
    assert finding.data == finding.data | {"stream": "futures_main", "unparsed": 9, "lines": 72}
    assert "--log-format" in str(finding.remedy)
    assert len(finding.locations) == 5


def test_stray_lines_and_tracebacks_are_silent(tmp_path):
    """Four strange records, and fifty lines that belong to a record."""
    world = World(tmp_path, end="10:59:00")
    trace = ["Traceback (most recent call last):", *['  File "bot.py", line 7'] * 49]
    world.write(LOG, [*ordered(world.lines), *trace, *strange(4)])
    world.log = ""
    assert "LA404" not in world.codes()


def test_a_share_below_one_in_a_hundred_is_silent(tmp_path):
    world = World(tmp_path, beat=10)
    world.write(LOG, [*ordered(world.lines), *strange(6)])
    world.log = ""
    assert world.scan().summary.lines > 700
    assert "LA404" not in world.codes()


def closes(world: World, hour: int, count: int, headline: str | None = None) -> list[str]:
    """Close blocks of one hour, their headline perhaps worded anew."""
    world.lines = []
    for i in range(count):
        world.close(replace(FIRST, closed=f"{hour}:{10 * i + 5:02d}:00.250"))
    text = ordered(world.lines)
    world.lines = []
    return [line.replace("ПОЗИЦИЯ ЗАКРЫТА: ", headline) if headline else line for line in text]


def parts(tmp_path, *texts: list[str]) -> World:
    """One rotated part for each text."""
    world = World(tmp_path, log="", ledger="", boot=False)
    for i, text in enumerate(texts):
        world.write(f"futures_main_{DAY}.{DAY}_{10 + i}-00-00_000000.log", text)
    return world


def test_a_wording_that_changed_with_an_update_is_a_warning(tmp_path):
    maker = World(tmp_path / "none", boot=False)
    world = parts(tmp_path, closes(maker, 10, 3), closes(maker, 11, 3, "ПОЗИЦИЯ ЗАКРЫТА: по символу - "))
    (finding,) = [f for f in world.found("LA404") if f.data.get("pattern") == "close-block"]
    assert finding.severity is Severity.WARNING
    spot = world.spot("по символу")
    assert (primary(finding).path, primary(finding).line) == (spot.path, spot.line)
    assert primary(finding).text in spot.text
    assert str(finding.message) == (
        f"Pattern 'close-block' of profile okx-scalper last matched in futures_main_{DAY}.{DAY}_10-00-00_000000.log; "
        "since then 3 lines of futures_main hold its words but do not fit it: the bot may have changed its wording."
    )


def test_near_misses_that_were_always_there_are_chatter(tmp_path):
    maker = World(tmp_path / "none", boot=False)
    hours = [[*closes(maker, h, 3), *closes(maker, h, 3, "ПОЗИЦИЯ ЗАКРЫТА: по символу - ")] for h in (10, 11)]
    world = parts(tmp_path, *hours, closes(maker, 12, 3, "ПОЗИЦИЯ ЗАКРЫТА: по символу - "))
    assert "close-block" not in {f.data.get("pattern") for f in world.found("LA404")}


def test_a_wording_that_merely_no_longer_occurs_is_silent(tmp_path):
    maker = World(tmp_path / "none", boot=False)
    beat = [f"{DAY} 11:00:0{i}.000 | INFO     | bot.loop:beat:24 | Heartbeat ok" for i in range(5)]
    assert "LA404" not in parts(tmp_path, closes(maker, 10, 3), beat).codes()


def test_a_block_cut_by_the_end_of_the_logs_is_a_note(tmp_path):
    world = World(tmp_path, end="10:15:00", ledger="")
    world.close(FIRST)
    world.lines = ordered(world.lines)[:-6]
    finding = world.one("LA404")
    assert finding.severity is Severity.NOTE
    assert primary(finding) == world.spot("ПОЗИЦИЯ ЗАКРЫТА")
    assert str(finding.message) == (
        f"The position-closed record at {DAY}T10:20:00.250 lacks net_pnl, reason: the lines that hold them are not "
        "at hand."
    )
    assert finding.data == finding.data | {"at": f"{DAY}T10:20:00.250", "lacking": ["net_pnl", "reason"]}


def test_a_whole_block_is_silent(tmp_path):
    world = World(tmp_path, end="10:15:00")
    world.close(FIRST)
    assert "LA404" not in world.codes()


def test_a_block_that_rotation_cut_in_two_is_whole(tmp_path):
    maker = World(tmp_path / "none", boot=False)
    block = closes(maker, 10, 1)
    tail = [f"{later('10:06:00', i)[:23]} | INFO     | bot.loop:beat:24 | Heartbeat ok" for i in range(3)]
    assert "LA404" not in parts(tmp_path, block[:4], [*block[4:], *tail]).codes()


def with_net(tmp_path, text: str) -> World:
    """A close whose net PnL is printed otherwise."""
    world = World(tmp_path, end="11:00:00")
    world.kept(FIRST)
    world.lines = [line.replace(f"Net PnL: ${FIRST.net:+}", f"Net PnL: ${text}") for line in world.lines]
    return world


def test_a_number_of_more_digits_than_any_amount_is_a_warning_at_its_line(tmp_path):
    world = with_net(tmp_path, "1e400")
    finding = world.one("LA404")
    assert finding.severity is Severity.WARNING
    assert primary(finding) == world.spot("1e400")
    assert finding.data == {"stream": "futures_main", "field": "net_pnl", "records": 1}


@pytest.mark.parametrize("text", ["1" * 40, "1e20", "+1.9000"])
def test_a_number_that_can_be_judged_is_silent(tmp_path, text):
    assert "LA404" not in with_net(tmp_path, text).codes()


def test_times_before_there_were_bots_are_one_warning_a_stream(tmp_path):
    world = World(tmp_path, end="10:40:00", ledger="")
    world.lost(FIRST)
    world.lines = [line.replace(DAY, "1970-01-01") for line in world.lines]
    finding = world.one("LA404")
    assert primary(finding) == world.spot("Запуск Futures")
    assert finding.data["at"] == "1970-01-01T10:00:00.000"


def test_times_of_trading_are_silent(tmp_path):
    world = World(tmp_path, end="10:40:00")
    world.kept(FIRST)
    world.lines = [line.replace(DAY, "1990-01-01") for line in world.lines]
    assert "LA404" not in world.codes()


def test_a_recorder_that_stopped_failing_has_changed_no_wording(tmp_path):
    world = English(tmp_path, log="", ledger="", boot=False)
    line = "{day} {at}.000 | {level:<8} | trader.journal:record:63 - {said}"
    failed = "Failed to record trade: disk full"
    fine = "Failed to find an older trade file, none needed"
    for hour, level, said in (("10", "ERROR", failed), ("11", "INFO", fine)):
        told = [line.format(day=DAY, at=f"{hour}:0{i}:00", level=level, said=said) for i in range(4)]
        world.write(f"bot.{DAY}_{hour}-00-00_000000.log", told)
    assert "LA404" not in world.codes()
