"""Small builders for the middle of the pipeline: a made-up bot's texts digested for real, closes and rows by value.

`PROFILE` is a desk that logs in English, ``CLOSED:`` with its figures in records or lines of their own, ``DONE``
in one line after a ``CLOSING`` one. `digests` writes texts to files and reads them as a scan would.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from logaudit.core.events import Captures, Emitter, Event, EventKind
from logaudit.core.fields import IDS, FieldName, PositionSide, TradeFields
from logaudit.core.location import Address, Location, Role
from logaudit.core.timestamp import MILLISECOND, SECOND, Stamp
from logaudit.core.trades import Cells, LedgerEntry
from logaudit.ingest.capture import capture
from logaudit.ingest.extract import extract
from logaudit.ingest.source_extract import LogExtract, SourceExtract
from logaudit.ingest.source_head import read_head
from logaudit.logformats import LogFormatSet, compile_format
from logaudit.profiles import parse
from logaudit.reconcile.build_session import build_session
from logaudit.reconcile.normalize import SessionEvidence, merge
from logaudit.reconcile.reconciled import Session
from logaudit.sources import discover

DAY = "2026-03-10"
HEADER = "timestamp,symbol,side,entry_price,exit_price,size,gross_pnl,commission,net_pnl,duration_sec,reason"
_SAMPLES = "samples = [{ line = '%s' }]"


def _pattern(name: str, event: str, regex: str, sample: str, more: str = "") -> str:
    return f"[[patterns]]\nid = '{name}'\nevent = '{event}'\nregex = '{regex}'\n{more}\n" + _SAMPLES % sample


def _part(name: str, regex: str, sample: str) -> str:
    return _pattern(name, "position-closed", regex, sample, "role = 'part'\nblock = 'close'")


PROFILE = parse(
    "\n".join(
        [
            "schema = 1\nname = 'desk'\ntitle = 'A made-up desk'\n[sides]\nlong = ['buy']\nshort = ['sell']",
            "[ledger]\nwindow = 5.0\n[blocks.close]\nwindow = 5.0\nrequired = ['entry_price', 'net_pnl', 'reason']",
            "[blocks.line]\nwindow = 5.0",
            _pattern("up", "run-started", "BOT UP", "BOT UP v2"),
            _pattern("up-too", "run-started", "ENGINE UP", "ENGINE UP"),
            _pattern("ready", "recorder-ready", "RECORDER READY", "RECORDER READY"),
            _pattern("file", "ledger-opened", "LEDGER FILE %{FILE:path}", "LEDGER FILE a.csv"),
            _pattern("saved-total", "trade-acknowledged", "SAVED total=%{INT:counter}", "SAVED total=3"),
            _pattern("saved-symbol", "trade-acknowledged", "SAVED %{SYMBOL:symbol}$", "SAVED BTC-USDT"),
            _pattern("saved", "trade-acknowledged", "SAVED$", "SAVED"),
            _pattern("not-saved", "recorder-failed", "NOT SAVED: %{REST:detail}", "NOT SAVED: disk full"),
            _pattern(
                "refused", "close-failed", "REFUSED %{SYMBOL:symbol}(?: %{REST:detail})?", "REFUSED BTC-USDT code 7"
            ),
            _pattern(
                "flat", "exchange-confirmed", "EXCHANGE FLAT %{SYMBOL:symbol}(?: (?P<side>LONG|SHORT))?",
                "EXCHANGE FLAT BTC-USDT LONG",
            ),
            _pattern(
                "opened", "position-opened",
                "OPENED %{SYMBOL:symbol} (?P<side>LONG|SHORT)(?: @ %{NUMBER:entry_price})?(?: x %{NUMBER:size})?",
                "OPENED BTC-USDT LONG @ 100.0 x 2.0",
            ),
            _pattern(
                "closed", "position-closed", "CLOSED: %{SYMBOL:symbol}(?: (?P<side>LONG|SHORT))?",
                "CLOSED: BTC-USDT LONG", "block = 'close'",
            ),
            _pattern(
                "told", "position-closed",
                "TOLD: %{SYMBOL:symbol} (?P<side>LONG|SHORT)(?: x %{NUMBER:size})?(?: in %{NUMBER:entry_price})?"
                "(?: out %{NUMBER:exit_price})?(?: pnl %{NUMBER:pnl})?",
                "TOLD: BTC-USDT LONG x 2.0 in 100.0 out 101.0 pnl 1.9",
            ),
            _part("entry", "^\\s*entry %{NUMBER:entry_price}", "  entry 100.0"),
            _part("exit", "^\\s*exit %{NUMBER:exit_price}", "  exit 101.0"),
            _part("size", "^\\s*size %{NUMBER:size}", "  size 2.0"),
            _part("fee", "^\\s*fee %{NUMBER:commission}", "  fee 0.1"),
            _part("net", "^\\s*net %{NUMBER:net_pnl}", "  net +1.9"),
            _part("why", "^\\s*why (?P<reason>\\w+)", "  why tp"),
            _pattern(
                "done", "position-closed", "DONE %{SYMBOL:symbol}(?: pnl %{NUMBER:pnl})?", "DONE BTC-USDT pnl 1.9",
                "block = 'line'",
            ),
            _pattern(
                "closing", "position-closed",
                "CLOSING %{SYMBOL:symbol} (?P<side>LONG|SHORT) x %{NUMBER:size}", "CLOSING BTC-USDT LONG x 2",
                "role = 'hint'\nblock = 'line'",
            ),
        ]
    ).encode(),
    "desk.toml",
)  # fmt: skip

DIALECTS = LogFormatSet(
    [
        compile_format("{time:YYYY-MM-DD HH:mm:ss.SSS} | {level} | {name}:{function}:{line} | {message}"),
        compile_format("{time:YYYY-MM-DD HH:mm:ss} | {level} | {name}:{function}:{line} | {message}"),
        compile_format("{time:YYYY-MM-DD HH:mm:ss.SSS} | {level} | {message}"),
    ]
)


def said(time: str, message: str, by: str = "desk.exits:close:88") -> str:
    """One record: ``HH:MM:SS`` with or without milliseconds on `DAY`, or a full time; ``by=""`` prints none."""
    at = time if len(time) > len("10:00:00.123") else f"{DAY} {time}"
    return f"{at} | INFO | {by} | {message}\n" if by else f"{at} | INFO | {message}\n"


def block(time: str, symbol: str = "BTC-USDT", side: str = "LONG", **figures: str) -> list[str]:
    """A close block as records of their own, one each of the headline and its figures."""
    shown = {
        "entry": "100.0",
        "exit": "101.0",
        "size": "2.0",
        "fee": "0.1",
        "net": "+1.9",
        "why": "tp",
    } | figures
    return [
        said(time, f"CLOSED: {symbol} {side}".rstrip()),
        *(said(time, f"  {k} {v}") for k, v in shown.items() if v),
    ]


def multiline(time: str, symbol: str = "BTC-USDT", side: str = "LONG", **figures: str) -> list[str]:
    """The same block as one record with continuation lines; a list, so that it can be cut."""
    head, *parts = block(time, symbol, side, **figures)
    return [head, *(part.partition("| desk.exits:close:88 |")[2] for part in parts)]


def beats(start: str, end: str, step: int = 30, by: str = "desk.loop:beat:7") -> list[str]:
    """A record every ``step`` seconds, both ends included: what makes a log cover its time."""
    spec = "%H:%M:%S.000" if "." in start else "%H:%M:%S"
    moments = range(us(start) // SECOND, us(end) // SECOND + 1, step)
    return [said(datetime.fromtimestamp(at, UTC).strftime(spec), "beat", by) for at in moments]


def in_order(*groups: Sequence[str]) -> str:
    """A log of records, ordered by their printed times; records of one time keep their order."""
    return "".join(
        sorted((line for group in groups for line in group), key=lambda line: line.partition(" |")[0])
    )


def csv(*rows: str) -> str:
    """A ledger of these lines under `HEADER`."""
    return "\n".join([HEADER, *rows]) + "\n"


def row_line(time: str, symbol: str = "BTC-USDT", side: str = "long", net: str = "1.9", **cells: str) -> str:
    """The row that `block` of the same time should have; ``time`` as for `said`."""
    at = time if len(time) > len("10:00:00.123456") else f"{DAY}T{time}"
    shown = {"entry": "100.0", "exit": "101.0", "size": "2.0", "gross": "2.0", "fee": "0.1"} | cells
    figures = ",".join(shown[name] for name in ("entry", "exit", "size", "gross", "fee"))
    return f"{at},{symbol},{side},{figures},{net},60,{cells.get('why', 'tp')}"


def digests(folder: Path, files: Mapping[str, str]) -> list[SourceExtract]:
    """Writes the files and digests them all, in the order of their names."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    found = [read_head(source, [PROFILE], DIALECTS) for source in discover([folder]).sources]
    return [extract(p.source, p.kind, PROFILE, DIALECTS) for p in found]


def log_digest(folder: Path, text: str, name: str = "desk.log") -> LogExtract:
    """One log's digest."""
    found = digests(folder, {name: text})[0]
    assert isinstance(found, LogExtract)
    return found


def evidence(folder: Path, files: Mapping[str, str]) -> SessionEvidence:
    """What the files say together."""
    return merge(".", digests(folder, files), PROFILE)


def session(folder: Path, files: Mapping[str, str]) -> Session:
    """The files' part of the case."""
    return build_session(evidence(folder, files))


def states(found: Session) -> list[tuple[str, str]]:
    """Symbol and witness state of every trade, in time order."""
    return [(t.fields.symbol, t.state.value) for t in found.trades]


def us(text: str) -> int:
    """Naive µs of ``HH:MM:SS`` on `DAY`, or of a full time."""
    full = text if len(text) > len("10:00:00.123456") else f"{DAY} {text}"
    return round(datetime.fromisoformat(full).replace(tzinfo=UTC).timestamp() * 1_000_000)


def stamp(text: str) -> Stamp:
    """A printed time, its precision by its digits."""
    return Stamp(us(text), MILLISECOND if "." in text else SECOND)


def event(
    kind: EventKind, at: str, line: int = 1, by: Emitter | None = None, path: str = "desk.log", **values: str
) -> Event:
    """An event of one location."""
    named = {FieldName(name): value for name, value in values.items()}
    place = Location(path, "", line, Role.LOG)
    return Event(
        kind, stamp(at), path, by or Emitter("desk.exits", "close", 88), "INFO",
        capture(named, PROFILE.sides), kind.value, (place,),
    )  # fmt: skip


#: Short names that tests give figures by, beside those of the fields themselves.
SHORT = {
    "entry": "entry_price", "exit": "exit_price", "gross": "gross_pnl", "net": "net_pnl", "duration": "duration_sec",
}  # fmt: skip


def told(symbol: str, side: PositionSide | None, **figures: str) -> TradeFields:
    """The fields of a trade; figures and words by name, `SHORT` or full, whole figures by default."""
    shown = {"entry": "100.0", "exit": "101.0", "size": "2.0", "net": "1.9"} | figures
    words = {name: shown.pop(name) for name in ("reason", *IDS) if name in shown}
    numbers = {SHORT.get(name, name): Decimal(text) for name, text in shown.items() if text}
    return TradeFields(symbol=symbol, side=side, **words, **numbers)


def close(
    at: str,
    symbol: str = "BTC-USDT",
    side: PositionSide | None = PositionSide.LONG,
    line: int = 1,
    **figures: str,
) -> Event:
    """A logged close; figures as for `told`."""
    logged = event(EventKind.POSITION_CLOSED, at, line)
    return replace(logged, captures=Captures(fields=told(symbol, side, **figures)))


def row(
    at: str,
    number: int = 0,
    symbol: str = "BTC-USDT",
    side: PositionSide | None = PositionSide.LONG,
    **figures: str,
) -> LedgerEntry:
    """A ledger's row that agrees with `close` of the same arguments."""
    return LedgerEntry(
        number=number, location=Location("trades.csv", "", number + 2, Role.ROW), at=stamp(at),
        fields=told(symbol, side, **figures), blank=frozenset(), cells=Cells(),
    )  # fmt: skip


def own_clock(found: LedgerEntry) -> Sequence[int]:
    """A reading for rows on the log's own clock."""
    return (found.at.us,)


TRADES = Address("trades.csv")
