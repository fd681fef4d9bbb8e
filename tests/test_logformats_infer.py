"""The format of a source that no usual one reads is chosen by all its lines."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from program import run

from logaudit.core.timestamp import iso
from logaudit.logformats import LogFormatSet
from logaudit.logformats.infer import infer_formats


def scan_json(folder: Path) -> dict[str, Any]:
    """The report of a scan, whatever its exit code."""
    found: dict[str, Any] = json.loads(
        run(folder, "scan", ".", "--no-cache", "--output-format", "json").stdout
    )
    return found


def read(*lines: str) -> list[tuple[str, str, str, str]]:
    """Time, level, logger's name and message of each line in the chosen format; nothing where none is."""
    heads = [found[1] for line in lines if (found := LogFormatSet(infer_formats(lines)).match(line))]
    return [(iso(h.stamp.us), h.level, h.module, h.message) for h in heads]


@pytest.mark.parametrize(
    "written",
    [
        "[2026-03-14 09:26:53] INFO {}",
        "2026-03-14 09:26:53:INFO:{}",
        "14.03.2026 09:26:53 | INFO | {}",
        "3/14/2026 9:26:53 AM INFO {}",
        "03/14/2026 09:26:53 [INFO] {}",
        "2026/03/14 09:26:53 INFO: {}",
    ],
)
def test_layouts_in_use_are_read(written: str) -> None:
    # The time is written in the line: 14 March, 26 minutes past nine.
    assert read(written.format("Closed BTC-USDT")) == [
        ("2026-03-14T09:26:53.000", "INFO", "", "Closed BTC-USDT")
    ]


def test_a_name_is_told_from_the_message() -> None:
    assert read("2026-03-14T09:26:53Z INFO desk.exits: closed: BTC") == [
        ("2026-03-14T09:26:53.000", "INFO", "desk.exits", "closed: BTC")
    ]


def test_pairs_of_keys_and_values_are_read_and_their_quotes_are_taken_off() -> None:
    line = 'ts=2026-03-14T09:26:53Z level=warn logger=desk msg="closed \\"BTC-USDT\\"" pnl=-1.5'
    assert read(line) == [("2026-03-14T09:26:53.000", "WARNING", "desk", 'closed "BTC-USDT" pnl=-1.5')]


def test_pairs_without_a_time_or_within_prose_are_no_records_of_pairs() -> None:
    assert read("level=info msg=closed pnl=1.5") == []
    assert read("2026-03-14 09:26:53 INFO Closed symbol=BTC pnl=1.5") == [
        ("2026-03-14T09:26:53.000", "INFO", "", "Closed symbol=BTC pnl=1.5")
    ]


def test_lines_without_a_level_are_records() -> None:
    found = read("2026-03-14 09:26:53,120 - Started", "2026-03-14 09:27:01,004 - Closed: BTC-USDT")
    assert [(level, message) for _, level, _, message in found] == [("", "Started"), ("", "Closed: BTC-USDT")]


def test_the_order_in_which_times_run_tells_the_month() -> None:
    # Read month first these are 3 and 4 February, an hour apart from day to day; day first 2 March and 2 April.
    found = read("02/03/2026 23:50:00 INFO a", "02/04/2026 00:10:00 INFO b")
    assert [at for at, *_ in found] == ["2026-02-03T23:50:00.000", "2026-02-04T00:10:00.000"]


def test_a_month_that_nothing_tells_is_not_guessed() -> None:
    assert read("02/03/2026 09:00:00 INFO a", "02/03/2026 09:10:00 INFO b") == []


@pytest.mark.parametrize(
    "line", ["no time at all", "Traceback (most recent call last):", "12 trades, 3 lost"]
)
def test_prose_is_no_log(line: str) -> None:
    assert infer_formats([line] * 3) == ()


def test_first_words_of_messages_are_no_logger_names(tmp_path: Path) -> None:
    """One line of many has a colon after its first words: its format is that of the others."""
    lines = [f"2026-03-14 09:{minute:02d}:00,000 INFO Heartbeat {minute}" for minute in range(10)]
    lines.append("2026-03-14 09:30:00,000 INFO POSITION CLOSED: ETH-USDT LONG pnl=+1.50")
    (tmp_path / "bot.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert scan_json(tmp_path)["summary"]["closes"] == 1


def test_logger_names_stay_names(tmp_path: Path) -> None:
    """Where every line begins with a name, the pattern sees the message behind it."""
    lines = [f"2026-03-14 09:{minute:02d}:00,000 INFO desk.loop: Heartbeat {minute}" for minute in range(10)]
    lines.append("2026-03-14 09:30:00,000 INFO desk.exits: Closed long ETH-USDT @ 2000 pnl=+1.50")
    (tmp_path / "bot.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    trades = scan_json(tmp_path)["trades"]
    assert [t["emitter"] for t in trades] == ["desk.exits"]


def at(minute: int) -> datetime:
    """Moments of the sessions below."""
    return datetime(2026, 3, 14, 9, 0, 7, 250_000, UTC) + timedelta(minutes=minute)


class Call(NamedTuple):
    """One log call."""

    at: datetime
    level: str
    name: str
    text: str


def nested(call: Call) -> str:
    """The keys of pino, and the trade in an object of its own."""
    head, *pairs = call.text.split(" | ")
    data = dict(pair.split("=", 1) for pair in pairs)
    number = {"INFO": 30, "WARNING": 40}[call.level]
    ms = int(call.at.timestamp() * 1000)
    return json.dumps({"level": number, "time": ms, "name": call.name, "msg": head, "data": {"of": data}})


#: How a call is laid out.
LAYOUTS: dict[str, Callable[[Call], str]] = {
    "[time] message": lambda c: f"[{c.at:%Y-%m-%d %H:%M:%S}] {c.text}",
    "[time] LEVEL message": lambda c: f"[{c.at:%Y-%m-%d %H:%M:%S}] {c.level} {c.text}",
    "time:LEVEL:message": lambda c: f"{c.at:%Y-%m-%d %H:%M:%S},250:{c.level}:{c.text}",
    "name LEVEL time message": lambda c: f"{c.name} {c.level} {c.at:%Y-%m-%d %H:%M:%S},250 {c.text}",
    "LEVEL time name message": lambda c: f"{c.level} {c.at:%Y-%m-%d %H:%M:%S},250 {c.name} {c.text}",
    "LEVEL padded": lambda c: f"{c.level:<9} {c.at:%Y-%m-%d %H:%M:%S} [{c.name}] {c.text}",
    "zone word": lambda c: f"{c.at:%Y-%m-%d %H:%M:%S} UTC {c.level} {c.text}",
    "offset": lambda c: f"{c.at:%Y-%m-%d %H:%M:%S}+00:00 {c.level} {c.text}",
    "epoch": lambda c: f"{c.at.timestamp():.3f} {c.level} {c.text}",
    "epoch in ms": lambda c: f"{int(c.at.timestamp() * 1000)} {c.level} {c.text}",
    "day first": lambda c: f"{c.at:%d.%m.%Y %H:%M:%S} {c.level} {c.text}",
    "twelve hours": lambda c: f"{c.at:%m/%d/%Y %I:%M:%S %p} - {c.level} - {c.text}",
    "ISO, name": lambda c: f"{c.at:%Y-%m-%dT%H:%M:%S}.250Z {c.level} {c.name}: {c.text}",
    "ctime": lambda c: f"{c.at:%a %b %d %H:%M:%S %Y} {c.level} {c.text}",
    "compose": lambda c: f"bot_1    | {c.at:%Y-%m-%d %H:%M:%S},250 - {c.level} - {c.text}",
    "docker logs -t": lambda c: (
        f"{c.at:%Y-%m-%dT%H:%M:%S}.250123456Z {c.at:%Y-%m-%d %H:%M:%S},250 [{c.level}] {c.text}"
    ),
    "journald short-iso": lambda c: f"{c.at:%Y-%m-%dT%H:%M:%S}+0000 vps bot[71]: {c.level} {c.text}",
    "LEVEL:name:time": lambda c: f"{c.level}:{c.name}:{c.at:%Y-%m-%d %H:%M:%S} {c.text}",
    "two-digit year": lambda c: f"{c.at:%d.%m.%y %H:%M:%S} {c.level} {c.text}",
    "date without separators": lambda c: f"{c.at:%Y%m%d-%H:%M:%S}.250 {c.level} {c.text}",
    "file:line": lambda c: f"{c.at:%Y/%m/%d %H:%M:%S} exits.go:42: {c.text}",
    "two pipes": lambda c: f"{c.level} | {c.at:%Y-%m-%d %H:%M:%S} | {c.name} | {c.text}",
    "no date": lambda c: f"{c.at:%H:%M:%S}.250 | {c.level} | {c.text}",
    "[time] without a date": lambda c: f"[{c.at:%H:%M:%S}] {c.level} {c.text}",
    "no year": lambda c: f"{c.at:%m-%d %H:%M:%S} {c.level} {c.text}",
    "journald short": lambda c: f"{c.at:%b %d %H:%M:%S} vps bot[71]: {c.level} {c.text}",
    "journald short, the bot's own time": lambda c: (
        f"{c.at:%b %d %H:%M:%S} vps bot[71]: {c.at:%Y-%m-%d %H:%M:%S},250 - {c.level} - {c.text}"
    ),
    "JSON": lambda c: json.dumps(
        {
            "@timestamp": f"{c.at:%Y-%m-%dT%H:%M:%S}.250Z",
            "severity": c.level.lower(),
            "logger": c.name,
            "text": c.text,
        }
    ),
    "JSON, nested": nested,
    "JSON behind compose": lambda c: f"bot_1  | {nested(c)}",
}


def session(
    folder: Path, layout: str, *, lost: bool, encoded: Callable[[str], bytes] = str.encode
) -> dict[str, Any]:
    """The report of six trades, the fourth of which has no row where one is ``lost``."""
    lay = LAYOUTS[layout]
    lines, rows = [], ["closed_at,symbol,side,entry_price,exit_price,size,net_pnl"]
    for i in range(6):
        lines += [
            lay(Call(at(9 * i), "INFO", "desk.loop", f"Heartbeat {i}")),
            lay(
                Call(
                    at(9 * i + 1),
                    "INFO",
                    "desk.entries",
                    f"Opened long ETH-USDT | entry={2000 + i} | size=0.5",
                )
            ),
            lay(Call(at(9 * i + 2), "WARNING", "desk.loop", f"Slow answer: {300 + i} ms")),
            lay(
                Call(
                    at(9 * i + 3),
                    "INFO",
                    "desk.exits",
                    f"Closed long ETH-USDT | entry={2000 + i} | exit={2011 + 3 * i} | size=0.5 | net_pnl={5 + i}.25",
                )
            ),
        ]
        if not (lost and i == 3):
            rows.append(
                f"{at(9 * i + 3):%Y-%m-%d %H:%M:%S},ETH-USDT,long,{2000 + i},{2011 + 3 * i},0.5,{5 + i}.25"
            )
    (folder / "bot.log").write_bytes(encoded("\n".join(lines) + "\n"))
    (folder / "trades.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return scan_json(folder)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_lost_close_is_found_in_each_layout(tmp_path: Path, layout: str) -> None:
    found = session(tmp_path, layout, lost=True)
    summary = found["summary"]
    assert (found["verdict"], summary["closes"], summary["recorded"], summary["missing"]) == ("lost", 6, 5, 1)
    # Before the fourth trade's row would be: 8.25 is its result.
    assert summary["unrecorded_net_pnl"] == "8.25"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_clean_session_is_clean_in_each_layout(tmp_path: Path, layout: str) -> None:
    found = session(tmp_path, layout, lost=False)
    assert (found["verdict"], found["summary"]["closes"], found["summary"]["records"]) == ("clean", 6, 24)


@pytest.mark.parametrize(
    "layout", ["name LEVEL time message", "LEVEL time name message", "ISO, name", "JSON"]
)
def test_emitters_are_read_where_the_layout_prints_them(tmp_path: Path, layout: str) -> None:
    found = session(tmp_path, layout, lost=True)
    assert {trade["emitter"] for trade in found["trades"]} == {"desk.exits"}


@pytest.mark.parametrize("layout", ["[time] LEVEL message", "JSON"])
@pytest.mark.parametrize(
    "encoded",
    [
        lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
        lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: text.replace("\n", "\n\n").encode(),
        lambda text: codecs.BOM_UTF8 + text.encode(),
    ],
    ids=["UTF-16 LE", "UTF-16 BE", "CRLF", "CR", "blank lines between", "UTF-8 with a mark"],
)
def test_encodings_and_line_ends_make_no_difference(
    tmp_path: Path, layout: str, encoded: Callable[[str], bytes]
) -> None:
    summary = session(tmp_path, layout, lost=True, encoded=encoded)["summary"]
    assert (summary["records"], summary["closes"], summary["missing"]) == (24, 6, 1)


@pytest.mark.parametrize(
    "messages",
    [
        ("[BTCUSDT] Closed long", "[ETHUSDT] Opened short"),
        ("closed: BTCUSDT long", "opened: ETHUSDT short"),
        ("Closed: BTCUSDT long", "Heartbeat: 3"),
        ("BTC/USDT - closed long", "ETH/USDT - opened short"),
        ("exits: closed BTCUSDT", "entries: opened ETHUSDT"),
        ("-5.25 booked", "-1.25 booked"),
        ("sell BTCUSDT 3", "buy ETHUSDT 4"),
    ],
)
def test_no_part_of_a_message_is_taken_from_it(messages: tuple[str, ...]) -> None:
    found = read(*(f"2026-03-14T09:{i:02d}:00 INFO {text}" for i, text in enumerate(messages * 6)))
    assert [message for *_, message in found] == list(messages * 6)


def test_a_few_lines_of_a_library_do_not_decide_for_the_rest(tmp_path: Path) -> None:
    """Three lines of a known format stand before a log in JSON."""
    banner = "".join(f"2026-03-14 08:59:0{i},000 - INFO - websocket connected\n" for i in range(3))
    found = session(tmp_path, "JSON", lost=True, encoded=lambda text: (banner + text).encode())
    assert (found["summary"]["records"], found["summary"]["closes"], found["summary"]["missing"]) == (
        27,
        6,
        1,
    )


def test_traceback_lines_that_show_times_stay_in_their_record(tmp_path: Path) -> None:
    """A known format whose records have more lines than heads, with times in them."""
    more = "\n".join(f"2026-03-14T08:0{i}:00 quote {i}" if i % 3 == 0 else f"  at step {i}" for i in range(9))
    lines = "".join(f"2026-03-14 09:{i:02d}:00,000 - INFO - book\n{more}\n" for i in range(6))
    (tmp_path / "bot.log").write_text(lines, encoding="utf-8")
    assert scan_json(tmp_path)["summary"]["records"] == 6


def test_two_sinks_in_two_zones_have_their_own_clocks(tmp_path: Path) -> None:
    """The same closes in a log in JSON, in UTC, and three hours later in a text log that prints no zone."""
    session(tmp_path, "JSON", lost=True)
    text = [
        f"[{at(9 * i + 3) + timedelta(hours=3):%Y-%m-%d %H:%M:%S}] INFO Closed long ETH-USDT | entry={2000 + i} "
        f"| exit={2011 + 3 * i} | size=0.5 | net_pnl={5 + i}.25"
        for i in range(6)
    ]
    (tmp_path / "console.log").write_text("\n".join(text) + "\n", encoding="utf-8")
    summary = scan_json(tmp_path)["summary"]
    assert (summary["closes"], summary["recorded"], summary["missing"]) == (6, 5, 1)
    assert summary["unrecorded_net_pnl"] == "8.25"


def test_modules_may_be_many_where_every_line_begins_with_one():
    names = ["__main__", "bot.journal", "bot.entries", "bot.exits", "bot.loop", "bot.ws"]
    lines = [f"2026-03-14T09:26:5{i}.000 INFO {name}: Message {i}" for i, name in enumerate(names)]
    assert [found[2] for found in read(*lines)] == names


def test_words_that_are_no_modules_stay_with_their_messages():
    words = ["BTC", "eth", "Polling", "trades.csv", "done", "state"]
    lines = [f"2026-03-14T09:26:5{i}.000 INFO {word}: Message {i}" for i, word in enumerate(words)]
    assert [found[2:] for found in read(*lines)] == [("", f"{w}: Message {i}") for i, w in enumerate(words)]
