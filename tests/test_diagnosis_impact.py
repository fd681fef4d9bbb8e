"""Impact figures against sums made from the raw lines of a fixture, and of worlds that can be summed by hand."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from diagnosed import FIXTURES, fixture
from msgspec.structs import replace
from world import BY_REASON, DAY, Deal, World

from logaudit.core.diagnosis import Impact

CLOSED = re.compile(r"^(\S+ \S+) \| \w+ +\| (\S+?):\d+ \| \W*ПОЗИЦИЯ ЗАКРЫТА(?: \(\w+\))?: (\S+) (\w+)")
STAMP = re.compile(r"^\d{4}-\d\d-\d\d \S+", re.MULTILINE)
NET = re.compile(r"Net PnL: \$([+-][\d.]+) USDT")
REASON = re.compile(r"Причина закрытия: (\S+)")


@dataclass
class Raw:
    """A close as its lines show it."""

    at: datetime
    path: str
    symbol: str
    side: str
    net: Decimal = Decimal(0)
    reason: str = ""


def raw_closes(name: str) -> list[Raw]:
    """Every close in the fixture's logs, read line by line."""
    logs = FIXTURES / name / "logs"
    texts = [p.read_text(encoding="utf-8") for p in sorted(logs.rglob("*.log"))]
    for archive in sorted(logs.rglob("*.zip")):
        with zipfile.ZipFile(archive) as opened:
            texts += [opened.read(member).decode("utf-8") for member in opened.namelist()]
    found: list[Raw] = []
    # In order of time, as a block may go on in the next part.
    for text in sorted(texts, key=lambda text: STAMP.findall(text)[0]):
        for line in text.splitlines():
            if match := CLOSED.search(line):
                at = datetime.fromisoformat(match[1])
                found.append(Raw(at, match[2], match[3], match[4].lower()))
            elif found and not found[-1].net and (match := NET.search(line)):
                found[-1].net = Decimal(match[1])
            elif found and not found[-1].reason and (match := REASON.search(line)):
                found[-1].reason = match[1]
    return sorted(found, key=lambda raw: raw.at)


def raw_rows(name: str) -> list[dict[str, str]]:
    """Every row of the fixture's ledgers."""
    rows: list[dict[str, str]] = []
    for path in sorted((FIXTURES / name / "logs").rglob("trades_*.csv")):
        rows += csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
    return rows


def recorded(raw: Raw, rows: list[dict[str, str]]) -> bool:
    """Whether a row has the close's symbol, net PnL and time."""
    return any(
        row["symbol"] == raw.symbol
        and Decimal(row["net_pnl"]).quantize(Decimal("0.0001")) == raw.net
        and abs(datetime.fromisoformat(row["timestamp"]) - raw.at) < timedelta(seconds=5)
        for row in rows
    )


def impact_of(name: str) -> Impact:
    (found,) = fixture(name).diagnosis.impacts
    return found


@pytest.mark.parametrize("name", ["two-causes", "random-losses"])
def test_every_figure_equals_the_one_made_from_the_raw_lines(name):
    closes, rows, impact = raw_closes(name), raw_rows(name), impact_of(name)
    lost = [c for c in closes if not recorded(c, rows)]
    ledger = [Decimal(row["net_pnl"]) for row in rows]
    assert (impact.closes, impact.missing, impact.rows) == (len(closes), len(lost), len(rows))
    assert impact.log_net_pnl == sum(c.net for c in closes)
    assert impact.ledger_net_pnl == sum(ledger)
    assert impact.unrecorded_net_pnl == sum(c.net for c in lost)
    assert impact.win_rate_log == round(Decimal(sum(c.net > 0 for c in closes)) / len(closes), 4)
    assert impact.win_rate_ledger == round(Decimal(sum(net > 0 for net in ledger)) / len(ledger), 4)
    assert impact.average_log == round(sum((c.net for c in closes), Decimal(0)) / len(closes), 4)
    assert impact.average_ledger == round(sum(ledger, Decimal(0)) / len(ledger), 4)
    first, last = (c.at.isoformat(timespec="milliseconds") for c in (lost[0], lost[-1]))
    assert impact.first_loss is not None
    assert impact.last_loss is not None
    assert (impact.first_loss.iso(), impact.last_loss.iso()) == (first, last)


@pytest.mark.parametrize("dimension", ["reason", "symbol", "side", "path"])
def test_groups_equal_those_made_from_the_raw_lines(dimension):
    closes, rows = raw_closes("two-causes"), raw_rows("two-causes")
    counts = Counter(getattr(c, dimension) for c in closes)
    lost = Counter(getattr(c, dimension) for c in closes if not recorded(c, rows))
    groups = {g.value: g for g in impact_of("two-causes").groups if g.dimension == dimension}
    assert {value: g.closes for value, g in groups.items()} == counts
    assert {value: g.missing for value, g in groups.items() if g.missing} == lost
    for value, group in groups.items():
        own = [c for c in closes if getattr(c, dimension) == value]
        assert group.log_net_pnl == sum(c.net for c in own)
        assert group.unrecorded_net_pnl == sum(c.net for c in own if not recorded(c, rows))


def test_running_totals_follow_the_closes_and_end_at_the_sums():
    closes, rows, impact = raw_closes("two-causes"), raw_rows("two-causes"), impact_of("two-causes")
    log = ledger = Decimal(0)
    for close, (at, log_total, ledger_total) in zip(closes, impact.cumulative, strict=True):
        log += close.net
        ledger += close.net if recorded(close, rows) else Decimal(0)
        assert at.iso() == close.at.isoformat(timespec="milliseconds")
        assert log_total == log
        assert abs(ledger_total - ledger) < Decimal("0.001")
    assert impact.cumulative[-1][1:] == (impact.log_net_pnl, impact.ledger_net_pnl)


LOST = Deal("11:10:00.500")


def test_a_row_beyond_the_logs_counts_for_the_ledger_only(tmp_path):
    world = World(tmp_path, end="11:30:00")
    world.lost(LOST)
    beyond = Deal("11:50:00.500", fee="0.2500")
    world.rows.append(world.row(beyond))
    (impact,) = world.scan().diagnosis.impacts
    assert (impact.rows, impact.closes) == (1, 1)
    assert impact.ledger_net_pnl == beyond.net
    at, *sums = impact.cumulative[-1]
    assert (at.iso(), *sums) == (f"{DAY}T11:50:00.500000", LOST.net, beyond.net)
    # 10:00:00 to 11:30:00 of 10:00:00 to 11:50:00.5.
    assert impact.covered == Decimal("0.8181")


@pytest.mark.parametrize(
    "others",
    [
        [("10:00:00", "11:00:00")],
        [("10:00:00", "10:30:00")],
        [("10:15:00", "10:45:00")],
        [("10:30:00", "11:00:00")],
        [("10:15:00", "10:30:00"), ("10:45:00", "11:00:00")],
    ],
)
def test_time_that_several_logs_cover_counts_once(tmp_path, others):
    """The other logs lie within the hour of the first; a row stands an hour after it."""
    world = World(tmp_path, end="11:00:00")
    world.lost(Deal("10:40:00.500"))
    for n, (start, end) in enumerate(others):
        name = f"info{n}.log"
        other = World(tmp_path / name, log=name, start=start, end=end, boot=False)
        world.write(name, other.lines)
    world.rows.append(world.row(Deal("12:00:00", entry="81000.0", exit="80500.0")))
    (impact,) = world.scan().diagnosis.impacts
    assert impact.covered == Decimal("0.5")


def test_time_between_two_logs_counts_for_neither(tmp_path):
    """A quarter of an hour each at both ends of an hour."""
    world = World(tmp_path, end="10:15:00")
    world.lost(Deal("10:12:00.500"))
    other = World(tmp_path / "other", log="info.log", start="10:45:00", end="11:00:00", boot=False)
    world.write("info.log", other.lines)
    (impact,) = world.scan().diagnosis.impacts
    assert impact.covered == Decimal("0.5")


def test_an_empty_ledger_has_no_rate_and_no_average(tmp_path):
    world = World(tmp_path)
    world.lost(LOST)
    (impact,) = world.scan().diagnosis.impacts
    assert (impact.win_rate_ledger, impact.average_ledger, impact.ledger_net_pnl) == (None, None, 0)
    assert (impact.win_rate_log, impact.covered) == (Decimal(1), Decimal(1))


def test_rows_of_another_writer_are_not_the_recorders():
    impact = impact_of("backfilled-rows")
    assert impact.rows == 8
    assert impact.ledger_net_pnl == fixture("backfilled-rows").summary.ledger_net_pnl


def test_groups_name_the_most_losses_first(tmp_path):
    world = World(tmp_path)
    world.lost(LOST, replace(LOST, closed="11:20:00.5", reason="sl"), replace(LOST, closed="11:30:00.5"))
    world.kept(Deal("10:30:00.250", reason="cut"))
    (impact,) = world.scan().diagnosis.impacts
    reasons = [(g.value, g.closes, g.missing) for g in impact.groups if g.dimension == "reason"]
    assert reasons == [("tp", 2, 2), ("sl", 1, 1), ("cut", 1, 0)]
    paths = [g.value for g in impact.groups if g.dimension == "path"]
    assert paths[0] == BY_REASON.rpartition(":")[0]


def test_nothing_lost_nothing_to_tell(tmp_path):
    world = World(tmp_path)
    world.kept(LOST)
    assert world.scan().diagnosis.impacts == ()
