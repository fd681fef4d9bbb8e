"""`logaudit restore`: what the recorder would have written as far as the log tells it, and no more."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from patching import apply
from program import run
from world import BY_REASON, LEDGER, RECORDER, Deal, World

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read, read_case
from logaudit.audit.restore import Restoration, restore
from logaudit.core.finding import Severity
from logaudit.core.report import Report
from logaudit.core.verdict import Verdict, verdict_of

FIRST, LOST, LAST = (
    Deal("10:20:00.500"),
    Deal("10:40:00.250", symbol="ETH-USDT", side="long", entry="3000.0", exit="3010.5", size="0.50000000"),
    Deal("11:20:00.500", side="long"),
)
CORPUS = os.environ.get("LOGAUDIT_CORPUS")


def one_lost(root: Path) -> World:
    world = World(root)
    world.kept(FIRST)
    world.lost(LOST)
    world.kept(LAST)
    world.save()
    return world


def restored(root: Path) -> Restoration:
    return restore(read([root], ScanOptions(profile="okx-scalper", jobs=1)))


def judged(root: Path) -> Report:
    return build_report(read_case([root], ScanOptions(profile="okx-scalper", jobs=1)))


def patched(found: Restoration, root: Path) -> Report:
    for ledger in found.ledgers:
        apply(ledger.diff, root)
    return judged(root)


def rows_of(found: Restoration) -> list[dict[str, Any]]:
    document = json.loads(found.provenance())
    return [row for ledger in document["ledgers"] for row in ledger["rows"]]


def recorders(cells: dict[str, str]) -> dict[str, str]:
    """What the recorder would have written, less what the log does not tell: it prints ms, and no win rate."""
    return {**cells, "timestamp": cells["timestamp"][: len("2026-01-10T10:40:00.250")], "win_rate": ""}


def test_a_restored_row_is_the_recorders_as_far_as_the_log_tells(tmp_path: Path) -> None:
    world = one_lost(tmp_path)
    before = (tmp_path / LEDGER).read_bytes()
    found = restored(tmp_path)
    assert (tmp_path / LEDGER).read_bytes() == before
    report = patched(found, tmp_path)
    lines = (tmp_path / LEDGER).read_bytes().split(b"\r\n")
    expected = ",".join(recorders(world.cells(LOST)).values()).encode()
    # In the order of times, with the ledger's line ends, and nothing else changed.
    assert lines == [world.header.encode(), world.rows[0].encode(), expected, world.rows[1].encode(), b""]
    assert verdict_of(report) is Verdict.RESTORED
    assert (report.summary.recorded, report.summary.backfilled, report.summary.lost) == (2, 1, 0)
    money = report.summary.money
    assert money.ledger.recorded.value is not None
    assert money.ledger.restored.value == LOST.net == money.log.restored.value


def test_what_only_told_of_the_past_becomes_a_note(tmp_path: Path) -> None:
    one_lost(tmp_path)
    assert {f.rule for f in judged(tmp_path).findings if f.severity is Severity.ERROR} == {"LA101", "LA102"}
    after = patched(restored(tmp_path), tmp_path)
    assert [f.rule for f in after.findings if f.severity is Severity.ERROR] == []
    assert {"LA101", "LA102"} <= {f.rule for f in after.findings if f.severity is Severity.NOTE}


def test_one_lost_trade_of_two_restored_leaves_the_run_an_error(tmp_path: Path) -> None:
    one_lost(tmp_path)
    found = restored(tmp_path)
    world = one_lost(tmp_path)
    world.lost(Deal("11:50:00.500"))
    world.save()
    report = patched(found, tmp_path)
    severities = {f.rule: f.severity for f in report.findings}
    assert severities["LA102"] is Severity.ERROR
    assert (report.summary.backfilled, report.summary.lost) == (1, 1)
    again = patched(restored(tmp_path), tmp_path)
    assert (again.summary.backfilled, again.summary.lost) == (2, 0)


def test_the_provenance_names_lines_and_empty_cells(tmp_path: Path) -> None:
    world = one_lost(tmp_path)
    (row,) = rows_of(restored(tmp_path))
    assert row["line"] == 3
    assert set(row["empty"]) == {"win_rate"}
    spot = world.spot("ПОЗИЦИЯ ЗАКРЫТА: ETH-USDT")
    assert f"{spot.path}:{spot.line}" in row["evidence"]
    assert row["values"] == {k: v for k, v in recorders(world.cells(LOST)).items() if v}


def german(row: str) -> str:
    at, *cells = row.split(",")
    date, _, clock = at.partition("T")
    year, month, day = date.split("-")
    return ";".join([f"{day}.{month}.{year} {clock[:8]}", *(c.replace(".", ",") for c in cells)])


def quoted(row: str) -> str:
    return ",".join(f'"{cell}"' for cell in row.split(","))


def epoch(row: str) -> str:
    # 2026-01-10T00:00:00Z is 1,768,003,200 s after 1970.
    at, _, rest = row.partition(",")
    hours, minutes, seconds = at.partition("T")[2].split(":")
    ms = (1_768_003_200 + int(hours) * 3600 + int(minutes) * 60) * 1000 + round(float(seconds) * 1000)
    return f"{ms},{rest}"


def sell_short(row: str) -> str:
    return row.replace(",short,", ",Sell,").replace(",long,", ",Buy,")


def renamed(row: str) -> str:
    return row.replace("-USDT", "/USDT:USDT")


@pytest.mark.parametrize("style", [german, quoted, epoch, sell_short, renamed])
def test_a_row_is_written_as_the_ledger_writes(tmp_path: Path, style: Callable[[str], str]) -> None:
    world = one_lost(tmp_path)
    header = world.header.replace(",", ";") if style is german else world.header
    header = quoted(header) if style is quoted else header
    world.write(LEDGER, [header, *map(style, world.rows)])
    found = restored(tmp_path)
    report = patched(found, tmp_path)
    line = (tmp_path / LEDGER).read_text(encoding="utf-8").splitlines()[2]
    assert line == style(",".join(recorders(world.cells(LOST)).values()))
    assert (report.summary.backfilled, report.summary.lost) == (1, 0)


def test_a_ledger_of_a_header_gets_its_first_row(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.lost(LOST)
    world.save()
    (tmp_path / LEDGER).write_bytes(f"{world.header}\n".encode())
    report = patched(restored(tmp_path), tmp_path)
    expected = ",".join({**recorders(world.cells(LOST)), "duration_sec": "600"}.values())
    assert (tmp_path / LEDGER).read_bytes() == f"{world.header}\n{expected}\n".encode()
    assert verdict_of(report) is Verdict.RESTORED


def test_a_header_that_breaks_off_may_have_had_rows_so_nothing_is_restored(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.lost(LOST)
    world.save()
    (tmp_path / LEDGER).write_bytes(world.header.encode())  # no line end
    assert rows_of(restored(tmp_path)) == []


def test_money_in_another_unit_is_left_to_a_person(tmp_path: Path) -> None:
    world = one_lost(tmp_path)
    kept = [Deal(f"11:{m}:00.500", side="long") for m in (30, 35, 45)]
    world.kept(*kept)
    deals = [FIRST, LAST, *kept]
    world.rows = [
        world.row(
            d, net_pnl=str(d.net * 100), gross_pnl=str(d.gross * 100), commission=f"{float(d.fee) * 100:.4f}"
        )
        for d in deals
    ]
    world.save()
    (row,) = rows_of(restored(tmp_path))
    assert {"gross_pnl", "net_pnl", "commission"}.isdisjoint(row["values"])
    assert row["empty"]["net_pnl"].startswith("TODO(human): ")
    assert str(LOST.net) in row["empty"]["net_pnl"]
    assert patched(restored(tmp_path), tmp_path).summary.lost == 0


def test_a_close_before_the_first_row_of_a_file_for_all_days_is_its_first_row(tmp_path: Path) -> None:
    world = World(tmp_path, ledger="trades.csv", boot=False)
    world.say("10:00:00.020", "✅ PerformanceTracker initialized", by=RECORDER)
    world.lost(LOST)
    world.kept(LAST)
    world.save()
    report = patched(restored(tmp_path), tmp_path)
    lines = (tmp_path / "trades.csv").read_text(encoding="utf-8").splitlines()
    assert lines[1:] == [",".join(recorders(world.cells(LOST)).values()), world.rows[0]]
    assert report.summary.lost == 0


def test_of_two_equal_closes_and_one_row_none_is_guessed(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.kept(FIRST)
    world.open(LOST)
    world.lost(LOST)
    world.close(LOST, by=BY_REASON)
    world.rows.append(world.row(LOST))
    world.save()
    document = json.loads(restored(tmp_path).provenance())
    assert document["ledgers"] == []
    assert document["unrestored"][0]["todo"].startswith("TODO(human): one row fits")


def test_a_database_gets_no_patch_and_its_values_are_told(tmp_path: Path) -> None:
    world = one_lost(tmp_path)
    (tmp_path / LEDGER).unlink()
    names = world.header.split(",")
    with sqlite3.connect(tmp_path / "trades.sqlite") as base:
        base.execute(f"create table trades ({','.join(f'{n} text' for n in names)})")
        base.executemany(
            f"insert into trades values ({','.join('?' * len(names))})",  # noqa: S608 - our own names
            [row.split(",") for row in world.rows],
        )
    base.close()
    found = restored(tmp_path)
    (ledger,) = json.loads(found.provenance())["ledgers"]
    assert ledger["patch"] is None
    assert ledger["todo"][0].startswith("TODO(human): ")
    assert ledger["rows"][0]["values"]["net_pnl"] == str(LOST.net)


def test_nothing_lost_nothing_written(tmp_path: Path) -> None:
    world = World(tmp_path / "logs")
    world.kept(FIRST, LAST)
    world.save()
    done = run(tmp_path, "restore", "logs", "-o", "out")
    assert (done.returncode, done.stderr) == (
        0,
        "logaudit: no row is known to be missing: nothing to restore\n",
    )
    assert not (tmp_path / "out").exists()


def test_the_command_writes_a_patch_that_patch_applies(tmp_path: Path) -> None:
    one_lost(tmp_path / "logs")
    before = {path: path.read_bytes() for path in (tmp_path / "logs").iterdir()}
    done = run(tmp_path, "restore", "logs", "-o", "out")
    assert done.returncode == 0
    assert "1 row of 1 ledger restored" in done.stderr
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["provenance.json", f"{LEDGER}.patch"]
    assert before == {path: path.read_bytes() for path in (tmp_path / "logs").iterdir()}
    printed = run(tmp_path, "restore", "logs", "--diff")
    assert printed.stdout.encode() == (tmp_path / "out" / f"{LEDGER}.patch").read_bytes()
    tool = shutil.which("patch")
    if tool is None:
        apply((tmp_path / "out" / f"{LEDGER}.patch").read_bytes(), tmp_path / "logs")
    else:
        command = [tool, "-s", "-p1", "-i", str(tmp_path / "out" / f"{LEDGER}.patch")]
        subprocess.run(command, cwd=tmp_path / "logs", check=True)
    scanned = run(tmp_path, "scan", "logs", "--no-cache")
    assert scanned.returncode == 0
    assert scanned.stdout.startswith("TRADES RESTORED")


def test_the_provenance_holds_no_credential_of_a_file_name(tmp_path: Path) -> None:
    one_lost(tmp_path / "logs")
    (tmp_path / "logs" / LEDGER).rename(tmp_path / "logs" / f"token=Zq7XwLm2Pv9Kt4Rb_{LEDGER}")
    text = restored(tmp_path / "logs").provenance().decode()
    assert "«redacted:token#1»" in text
    assert "Zq7XwLm2Pv9" not in text


@pytest.mark.parametrize("place", ["logs", "logs/out", "alias"])
def test_nothing_is_written_into_what_is_scanned(tmp_path: Path, place: str) -> None:
    one_lost(tmp_path / "logs")
    if place == "alias":
        (tmp_path / "alias").symlink_to(tmp_path / "logs", target_is_directory=True)
    done = run(tmp_path, "restore", "logs", "-o", place)
    assert done.returncode == 2
    assert "nothing is ever written there" in done.stderr
    assert len([*(tmp_path / "logs").iterdir()]) == 2


def test_restore_asks_for_a_place(tmp_path: Path) -> None:
    one_lost(tmp_path / "logs")
    done = run(tmp_path, "restore", "logs")
    assert done.returncode == 2
    assert "--diff" in done.stderr


@pytest.mark.parametrize("text", ["", "[]", '{"logaudit": "restored-rows", "version": 1, "rows": 7}', "\x00"])
def test_a_broken_list_of_restored_rows_changes_nothing(tmp_path: Path, text: str) -> None:
    one_lost(tmp_path)
    before = judged(tmp_path).summary
    (tmp_path / f"{LEDGER}.restored.json").write_text(text, encoding="utf-8")
    after = judged(tmp_path).summary
    assert (after.recorded, after.lost, after.sources) == (before.recorded, before.lost, before.sources)


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS, reason="LOGAUDIT_CORPUS is not set")
def test_every_real_session_is_restored(tmp_path: Path) -> None:
    sessions = [path for path in sorted(Path(CORPUS or ".").iterdir()) if path.is_dir()]
    assert sessions
    for session in sessions:
        copy = tmp_path / session.name
        shutil.copytree(session, copy)
        before, after = judged(session).summary, patched(restored(copy), copy)
        said = after.summary
        assert (said.lost, said.recorded, said.closes) == (0, before.recorded, before.closes)
        assert said.backfilled == before.missing
        log, ledger = said.money.log, said.money.ledger
        assert log.lost.value == 0
        if all(one.comparable for one in after.ledgers):
            assert (log.recorded.value, log.restored.value) == (ledger.recorded.value, ledger.restored.value)
        # What is left is not a matter of rows: values in another unit, a close that only the exchange tells of.
        left = {f.rule for f in after.findings if f.severity is Severity.ERROR}
        assert left <= {"LA106", "LA113"}
