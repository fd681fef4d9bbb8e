"""Writes a draft's logs and ledgers into files, and notes which line tells of what."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from chance import Dice
from msgspec import Struct

from simulator import ledgers
from simulator.draft import Draft, Files, Say, Sink, Tag
from simulator.formats import Call
from simulator.ledgers import Row
from simulator.plan import Close
from simulator.story import story
from simulator.zones import local

#: Path, archive member (empty for a plain file) and line, as the JSON output names them.
Place = tuple[str, str, int]
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class Written(Struct):
    """Files, and what their lines tell of.

    Attributes:
        lines: place of a log line → its tag; only lines that tell of something.
        rows: place of a ledger's line → its row.
    """

    files: Files
    lines: dict[Place, Tag]
    rows: dict[Place, Row]


def write(draft: Draft, dice: Dice) -> Written:
    """Everything that is scanned."""
    written = Written({}, {}, {})
    said = story(draft, dice)
    for sink in draft.sinks:
        _log(draft, sink, said, written)
    _ledger(draft, written)
    for hook in draft.file_hooks:
        hook(written.files)
    return written


def store(files: Files, folder: Path) -> None:
    """Puts the files there."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _log(draft: Draft, sink: Sink, said: Sequence[Say], written: Written) -> None:
    taken = [s for s in said if _LEVELS.index(s.level) >= _LEVELS.index(sink.level)]
    step = sink.part or max(len(taken), 1)
    parts = [taken[i : i + step] for i in range(0, len(taken), step)]
    first = local(taken[0].at, draft.zone) if taken else local(draft.runs[0].start, draft.zone)
    stem = f"{sink.name}_{first:%Y-%m-%d}" if draft.bot.russian else sink.name
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        begun = local(part[0].at, draft.zone)
        name = f"{stem}.log" if last else f"{stem}.{begun:%Y-%m-%d_%H-%M-%S_%f}.log"
        path = name if last else f"{name}.{sink.packing}"
        member = name if not last and sink.packing == "zip" else ""
        lines: list[str] = []
        for call in part:
            text = _laid(draft, sink, call)
            if call.tag.kind:
                for offset in range(1, len(text) + 1):
                    written.lines[path, member, len(lines) + offset] = call.tag
            lines += text
        data = "".join(f"{text}\n" for text in lines).encode()
        written.files[path] = data if last else packed(name, data, sink.packing)


def _laid(draft: Draft, sink: Sink, say: Say) -> list[str]:
    call = Call(local(say.at, draft.zone_at(say.at)), say.level, say.emitter, say.text)
    return (say.layout or sink.layout).lay(call).split("\n")


def packed(name: str, data: bytes, packing: str) -> bytes:
    """The archive of one file, the same bytes in every run."""
    if packing == "gz":
        return gzip.compress(data, mtime=0)
    info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(info, data)
    return buffer.getvalue()


def _ledger(draft: Draft, written: Written) -> None:
    rows = sorted(_rows(draft), key=lambda r: r.at)
    for hook in draft.row_hooks:
        rows = hook(rows)
    files: dict[str, list[Row]] = {draft.ledger_name(run.start): [] for run in draft.runs}
    for row in rows:
        files.setdefault(draft.ledger_name(row.at), []).append(row)
    for name, held in files.items():
        lines = [ledgers.header(draft.dialect)]
        for row in held:
            lines.append(ledgers.line(draft.dialect, row))
            written.rows[name, "", len(lines)] = row
        end = draft.dialect.newline
        written.files[name] = "".join(f"{text}{end}" for text in lines).encode()


def _rows(draft: Draft) -> Iterator[Row]:
    for close in draft.ordered():
        if close.row:
            yield row_of(draft, close)


def row_of(draft: Draft, close: Close) -> Row:
    """The recorder's row of a close."""
    lag = draft.lags.get(close.key, 0)
    found = ledgers.cells(draft.dialect, draft.of(close), close, lag=lag)
    return Row(close.at + max(lag, 0) + 1500, (close.key,), cells=found)
