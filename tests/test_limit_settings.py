"""``[limits]``: a setting moves each limit both ways; what it leaves out is said with the setting that raises it."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from program import Done, run

from logaudit import scan
from logaudit.audit.bundle.container import read_container
from logaudit.audit.bundle.make import SETTINGS, make_bundle
from logaudit.audit.bundle.schema import BundleSettings
from logaudit.audit.bundle.verify import verify
from logaudit.audit.pipeline import ScanOptions, read
from logaudit.audit.shards import scan_shards, write_shard
from logaudit.audit.shards.write import ShardPart
from logaudit.cache import files
from logaudit.config.settings import LimitSettings
from logaudit.core.errors import UserError
from logaudit.core.limits import DEFAULT_LIMITS, Limits
from logaudit.ingest.executor import Progress, worker_pool
from logaudit.ingest.extract_log import extract_plain, extract_vectorized
from logaudit.ledger.newest_lines import newest_lines
from logaudit.logformats import LogFormatSet
from logaudit.logformats.builtin import BUILT_IN
from logaudit.profiles import load_built_in
from logaudit.profiles.profile import LedgerSpec, Pattern
from logaudit.profiles.watchdog import Budget
from logaudit.renderers import json_report
from logaudit.sources import SourceError, blocks, discover
from logaudit.sources import read as read_module

MIB = 1 << 20
LINE = "2026-01-10 10:{:02}:{:02} | INFO     | bot.loop:run:1 - {}\n"
HEADER = "timestamp,symbol,side,entry_price,exit_price,size,pnl,reason\n"


def line(second: int, message: str) -> str:
    """A record of the log, so many seconds after ten o'clock."""
    return LINE.format(second // 60, second % 60, message)


def row(second: int, symbol: str) -> str:
    """The row of a close that the log tells at this time."""
    return f"2026-01-10 10:{second // 60:02}:{second % 60:02},{symbol},long,100,101,1,1.00,tp\n"


def closes(*symbols: str) -> str:
    """A log of one trade for each symbol, two seconds each."""
    told = [
        line(2 * i, f"Opened long position {s} @ 100 size=1")
        + line(2 * i + 1, f"Closed long position {s} @ 101 size=1 pnl=1.00")
        for i, s in enumerate(symbols)
    ]
    return "".join(told)


def rows(*symbols: str) -> str:
    """The ledger of these trades."""
    return HEADER + "".join(row(2 * i + 1, s) for i, s in enumerate(symbols))


MARKETS = ("BTC-USDT", "ETH-USDT", "SOL-USDT", "XRP-USDT", "ADA-USDT", "DOT-USDT")


def ledger(logs: Path) -> None:
    (logs / "trades.csv").write_text(rows(*MARKETS), encoding="utf-8")


def in_zip(logs: Path) -> None:
    ledger(logs)
    with zipfile.ZipFile(logs / "logs.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bot.1.log", closes(*MARKETS))
        for i in range(2, 5):
            archive.writestr(f"bot.{i}.log", line(600 * i, "all is well"))


def in_tar(logs: Path) -> None:
    ledger(logs)
    with tarfile.open(logs / "logs.tar.gz", "w:gz") as archive:
        for i, text in enumerate((closes(*MARKETS), *(line(600 * n, "all is well") for n in (2, 3, 4))), 1):
            member = tarfile.TarInfo(f"bot.{i}.log")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))


def in_a_zip_without_a_directory(logs: Path) -> None:
    in_zip(logs)
    whole = (logs / "logs.zip").read_bytes()
    (logs / "logs.zip").write_bytes(whole[: whole.index(b"PK\1\2")])


def packed(logs: Path, behind: str) -> None:
    ledger(logs)
    (logs / "bot.log.gz").write_bytes(gzip.compress((closes(*MARKETS) + behind).encode()))


def long_and_packed(logs: Path) -> None:
    packed(logs, line(1_000, "the feed of all markets is at hand") * 30_000)


def many_and_packed(logs: Path) -> None:
    packed(logs, "tick\n" * 30_000)


def told_and_packed(logs: Path) -> None:
    packed(logs, line(1_000, "Trade recorder initialized: trades.csv") * 1_000)


def repeated_and_packed(logs: Path) -> None:
    """The last close a thousand times, at one time."""
    packed(
        logs, line(2 * len(MARKETS) - 1, f"Closed long position {MARKETS[-1]} @ 101 size=1 pnl=1.00") * 200
    )


def one_long_line(logs: Path) -> None:
    ledger(logs)
    log = closes(*MARKETS) + line(1_000, "x" * (MIB + MIB // 2)) + line(1_001, "all is well")
    (logs / "bot.log").write_text(log, encoding="utf-8")


def one_long_record(logs: Path) -> None:
    ledger(logs)
    log = closes(*MARKETS) + line(1_000, "Traceback") + '  File "x.py"\n' * 60 + line(1_001, "all is well")
    (logs / "bot.log").write_text(log, encoding="utf-8")


def plain(logs: Path) -> None:
    ledger(logs)
    (logs / "bot.log").write_text(closes(*MARKETS), encoding="utf-8")


def loose_json(logs: Path) -> None:
    """NaN, which other writers of JSON than those that keep to its standard print."""
    names = HEADER.strip().split(",")
    items = [
        dict(zip(names, row(2 * i + 1, s).strip().split(","), strict=True)) for i, s in enumerate(MARKETS)
    ]
    items[0]["note"] = "x" * (MIB + MIB // 2)
    (logs / "trades.json").write_text(json.dumps([*items[:-1], items[-1] | {"fee": float("nan")}]), "utf-8")
    (logs / "bot.log").write_text(closes(*MARKETS), encoding="utf-8")


#: Setting, a value under which it bites, one under which it does not, and the evidence.
CASES: list[tuple[str, int, int, Callable[[Path], None]]] = [
    ("archive-members", 3, 4, in_zip),
    ("archive-members", 3, 5, in_tar),
    ("archive-members", 3, 4, in_a_zip_without_a_directory),
    ("unpacked-size", 1, 3, long_and_packed),
    ("unpacked-ratio", 2, 1_000, long_and_packed),
    ("packed-lines", 20_000, 20_000_000, many_and_packed),
    ("packed-matches", 100, 200_000, told_and_packed),
    ("packed-matches", 20, 50_000, repeated_and_packed),
    ("line-size", 1, 2, one_long_line),
    ("table-rows", 4, 8, plain),
    ("json-size", 1, 2, loose_json),
    ("markets", 4, 6, plain),
]


def scanned(folder: Path, setting: str, value: int, *words: str) -> tuple[Done, dict[str, Any]]:
    (folder / "logaudit.toml").write_text(f"[limits]\n{setting} = {value}\n", encoding="utf-8")
    done = run(folder, "scan", "logs", "-q", "--no-cache", "--format", "json", *words)
    return done, json.loads(done.stdout)


def said(report: dict[str, Any], setting: str) -> list[str]:
    """The kinds of the findings that tell to raise a setting."""
    remedy = f"Raise limits.{setting} in logaudit.toml to read more of it."
    return [f["data"]["kind"] for f in report["findings"] if f["rule"] == "LA401" and f["remedy"] == remedy]


@pytest.mark.parametrize(
    ("setting", "low", "high", "write"), CASES, ids=[f"{s}-{w.__name__}" for s, _, _, w in CASES]
)
def test_a_limit_that_bites_names_its_setting_and_is_no_clean_scan(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    setting: str,
    low: int,
    high: int,
    write: Callable[[Path], None],
) -> None:
    if setting == "unpacked-ratio":
        monkeypatch.setattr(read_module, "FREE", MIB)  # 256 MiB would take long
    logs = tmp_path / "logs"
    logs.mkdir()
    write(logs)
    done, report = scanned(tmp_path, setting, low)
    assert said(report, setting) == ["over-limit"]
    assert done.returncode in (1, 3)
    assert report["summary"]["lost"] == 0, "what a limit left out is never called lost"
    done, report = scanned(tmp_path, setting, high)
    assert said(report, setting) == []
    assert done.returncode == (0 if write is not in_a_zip_without_a_directory else 3)
    assert report["summary"]["closes"] == len(MARKETS)


def test_lines_that_no_record_has_room_for_are_said(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    one_long_record(logs)
    for most, lost in ((20, 40), (60, 0)):
        _, report = scanned(tmp_path, "record-lines", most)
        assert [f["data"]["unparsed"] for f in report["findings"] if f["rule"] == "LA404"] == [lost] * (
            lost > 0
        )


FORMATS = LogFormatSet(BUILT_IN)
PROFILE = load_built_in("generic")
LARGER = Limits(line_size=10 * MIB, record_lines=11_000, markets=10_001)


@pytest.mark.parametrize("limits", [DEFAULT_LIMITS, LARGER], ids=["default", "raised"])
def test_both_ways_of_reading_keep_what_a_raised_limit_lets_in(tmp_path: Path, limits: Limits) -> None:
    text = closes(*MARKETS) + line(1_000, "Traceback") + "  deep\n" * 10_500 + line(1_001, "all is well")
    path = tmp_path / "bot.log"
    for behind, cut in (("", False), (line(1_002, "x" * (9 * MIB)), limits == DEFAULT_LIMITS)):
        path.write_text(text + behind, encoding="utf-8")
        (source,) = discover([path], limits=limits).sources
        plainly = extract_plain(source, PROFILE, FORMATS)
        assert extract_vectorized(source, PROFILE, FORMATS) in (None, plainly)
        assert plainly.unparsed == (500 if limits == DEFAULT_LIMITS else 0)
        assert (plainly.problem is not None) == cut
        if not behind:
            assert extract_vectorized(source, PROFILE, FORMATS) is not None


def test_of_many_packed_closes_in_one_breath_both_ways_keep_the_first(tmp_path: Path) -> None:
    """Equal ones alternate with others: a bomb need not be of one line."""
    few = "".join(line(1, f"Closed long position {s} @ 101 size=1 pnl=1.00") for s in MARKETS)
    later = line(2, f"Closed long position {MARKETS[0]} @ 101 size=1 pnl=1.00")
    path = tmp_path / "bot.log.gz"
    path.write_bytes(gzip.compress((few * 500 + later).encode()))
    (source,) = discover([path], limits=Limits(packed_matches=20)).sources
    plainly = extract_plain(source, PROFILE, FORMATS)
    assert extract_vectorized(source, PROFILE, FORMATS) == plainly
    assert [m.line for m in plainly.matches] == [*range(1, 7), 3_001]
    assert plainly.problem is not None
    assert plainly.problem.limit == "packed_matches"
    path.with_name("bot.log").write_bytes((few * 500 + later).encode())
    (whole,) = discover([path.with_name("bot.log")], limits=Limits(packed_matches=20)).sources
    assert len(extract_plain(whole, PROFILE, FORMATS).matches) == 3_001


def test_what_a_record_tells_far_behind_its_first_line_is_read_in_both_ways(tmp_path: Path) -> None:
    profile = load_built_in("okx-scalper")
    path = tmp_path / "bot.log"
    head, *told = (line(1, "ПОЗИЦИЯ ЗАКРЫТА: BTC-USDT SHORT"), "   Entry price: $91480.000000\n")
    path.write_text(head + "   deep\n" * 10_500 + "".join(told) + line(2, "all is well"), encoding="utf-8")
    for limits, seen in ((DEFAULT_LIMITS, [1]), (LARGER, [1, 10_502])):
        (source,) = discover([path], limits=limits).sources
        ways = extract_plain(source, profile, FORMATS), extract_vectorized(source, profile, FORMATS)
        assert [None if way is None else [m.line for m in way.matches] for way in ways] == [seen, seen]


def test_a_raised_limit_lets_more_packed_lines_and_more_rows_in(tmp_path: Path) -> None:
    path = tmp_path / "bot.log.gz"
    path.write_bytes(gzip.compress(b"\n" * 220_000))
    (source,) = discover([path]).sources
    with pytest.raises(SourceError):
        list(blocks(source))
    (source,) = discover([path], limits=Limits(packed_lines=55_000_000)).sources
    assert sum(map(len, blocks(source))) == 220_000
    table = [(0, HEADER.encode()), *((i, row(i % 3600, "BTC-USDT").encode()) for i in range(1, 100_002))]
    for most, kept in ((100_000, 50_000), (200_000, 100_001)):
        found = newest_lines(iter(table), LedgerSpec(), {}, most)
        assert found is not None
        assert len(found.lines) in (kept, kept + 1)  # the header is beside them


def test_the_time_of_a_pattern_is_that_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []

    def budget(_: Pattern, seconds: float = 0.0) -> Budget:
        asked.append(seconds)
        return Budget(0.02)

    monkeypatch.setattr(Pattern, "budget", budget)
    logs = tmp_path / "logs"
    logs.mkdir()
    plain(logs)
    (logs / "bot.log").write_text(
        closes(*MARKETS) + line(1_000, "CLOSED " + "A" * 60 + "!"), encoding="utf-8"
    )
    (tmp_path / "slow.toml").write_text(
        'schema = 1\nname = "slow"\ntitle = "slow"\n[[patterns]]\nid = "closed"\nevent = "position-closed"\n'
        "regex = 'CLOSED (?P<symbol>(?:[A-Z]+)+)$'\n"
        'samples = [{ line = "CLOSED BTCUSDT", values = { symbol = "BTCUSDT" } }]\n',
        encoding="utf-8",
    )
    _, report = scanned(tmp_path, "pattern-seconds", 7, "--profile", "slow.toml")
    assert said(report, "pattern-seconds") == ["over-limit"]
    assert 7 in asked


@pytest.mark.parametrize(
    ("stated", "problem"),
    [
        ("markets = 0", "limits.markets: it must be >= 1"),
        ("markets = -1", "limits.markets: it must be >= 1"),
        (f"markets = {10**30}", "limits.markets"),
        (f"table-rows = {10**9}", "limits.table-rows: it must be <= 10000000"),
        ("table-rows = 1", "limits.table-rows: it must be >= 2"),
        ('line-size = "8"', "limits.line-size: a whole number is expected here, not text"),
        ("line-size = 1.5", "limits.line-size: a whole number is expected here, not a number"),
        ("line-size = true", "limits.line-size: a whole number is expected here, not true or false"),
        ("pattern-seconds = inf", "limits.pattern-seconds: a whole number is expected here, not a number"),
        ("market = 5", "limits: unknown key 'market'"),
        ("archive_members = 5", "limits: unknown key 'archive_members'"),
    ],
)
def test_an_absurd_limit_is_refused_with_its_name(tmp_path: Path, stated: str, problem: str) -> None:
    (tmp_path / "bot.log").write_text(closes(*MARKETS), encoding="utf-8")
    (tmp_path / "settings.toml").write_text(f"[limits]\n{stated}\n", encoding="utf-8")
    done = run(tmp_path, "scan", "bot.log", "--config", "settings.toml")
    assert done.returncode == 2
    assert problem in done.stderr
    assert done.stdout == ""


def test_limits_that_are_no_table_are_refused(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("limits = 5\n", encoding="utf-8")
    done = run(tmp_path, "scan", ".", "--config", "settings.toml")
    assert done.returncode == 2
    assert "limits: a table is expected here, not a whole number" in done.stderr


def test_every_limit_is_shown_as_a_settings_file_has_it(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logaudit.toml").write_text('paths = ["logs"]\n[limits]\nmarkets = 77\n', encoding="utf-8")
    done = run(tmp_path, "config", "show")
    (shown,) = [text for text in done.stdout.splitlines() if text.startswith("limits = ")]
    assert shown.endswith("# logaudit.toml")
    stated = tomllib.loads(shown)["limits"]
    assert stated == msgspec.to_builtins(LimitSettings(markets=77))
    assert stated.keys() == {name.replace("_", "-") for name in Limits.__struct_fields__}


def test_the_defaults_of_the_settings_are_those_of_what_reads() -> None:
    assert LimitSettings().in_units() == DEFAULT_LIMITS == ScanOptions().limits


def test_a_program_states_limits_as_it_states_all_settings(tmp_path: Path) -> None:
    plain(tmp_path)
    for stated in ({"table-rows": 4}, {"table_rows": 4}):
        audit = scan(tmp_path, limits=stated, jobs=1)
        assert any(
            finding.rule == "LA401" and "newest 2" in str(finding.message) for finding in audit.findings
        )
    assert not [finding for finding in scan(tmp_path, jobs=1).findings if finding.rule == "LA401"]
    with pytest.raises(UserError, match="limits: unknown key 'rows'"):
        scan(tmp_path, limits={"rows": 4})
    with pytest.raises(UserError, match="limits"):
        scan(tmp_path, limits={"markets": 0})


def test_a_scan_with_other_limits_is_not_answered_from_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "SETTLED", -(1 << 62))  # what is written here counts as old
    logs = tmp_path / "logs"
    logs.mkdir()
    in_zip(logs)
    environment = {"LOGAUDIT_CACHE_DIR": str(tmp_path / "cache")}

    def ask(stated: str, *words: str) -> str:
        (tmp_path / "logaudit.toml").write_text(stated, encoding="utf-8")
        return run(tmp_path, "scan", "logs", "-q", "--format", "json", *words, **environment).stdout

    for stated in ("", "[limits]\narchive-members = 3\n", "[limits]\ntable-rows = 4\n", "", "[limits]\n"):
        assert ask(stated) == ask(stated, "--no-cache"), stated
    # The files are known, and what they hold must be read anew: within these limits.
    again = "[limits]\ntable-rows = 4\n", "--encoding", "utf-8"
    assert "limits.table-rows" in ask(*again) == ask(*again, "--no-cache")


@pytest.mark.parametrize("limits", [Limits(table_rows=4), Limits(archive_members=3), Limits(markets=4)])
def test_workers_shards_and_bundles_keep_to_the_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limits: Limits
) -> None:
    monkeypatch.setattr(worker_pool, "PARALLEL_FROM", 0)
    logs = tmp_path / "logs"
    logs.mkdir()
    in_zip(logs)
    options = ScanOptions(jobs=1, limits=limits)
    reading = read([str(logs)], options)
    data, report = make_bundle(reading, options)
    alone = json_report.render(report)
    assert "Raise limits." in alone
    assert alone == json_report.render(
        make_bundle(read([str(logs)], ScanOptions(jobs=2, limits=limits)), options)[1]
    )
    # A bundle is checked under its own limits.
    held = msgspec.json.decode(read_container(data).members[SETTINGS], type=BundleSettings)
    assert held.limits == limits
    assert verify(data, [str(logs)], jobs=1).faults == ()
    # Shards are merged under the limits that they were read under, and no others.
    shards = [tmp_path / f"{number}.arrow" for number in (1, 2)]
    for number, shard in enumerate(shards, 1):
        write_shard([str(logs)], options, shard, ShardPart(number, 2), Progress())
    assert json_report.render(scan_shards(shards, options)) == alone
    with pytest.raises(UserError, match="other settings for reading"):
        scan_shards(shards, ScanOptions(jobs=1))
