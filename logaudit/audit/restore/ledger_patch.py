"""Planned rows → the patch of one ledger, or why it can have none, and where its rows come from."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from logaudit.audit.restore.ledger_style import TODO, Cell
from logaudit.audit.restore.patch import insert_lines, new_file_diff, replaced_file_diff, unified_diff
from logaudit.audit.restored_rows import SUFFIX, read_list, restored_rows_text
from logaudit.core.location import Address
from logaudit.ledger.table import Newline
from logaudit.reconcile.reconciled_ledger import ReconciledLedger
from logaudit.sources import Container, Source, SourceError, blocks
from logaudit.sources.magic import archive_suffix

_LARGEST: Final = 1 << 30


class PlannedRow(Struct, frozen=True):
    """A row to restore.

    Attributes:
        at: its time on the ledger's clock, naive µs, the last that its digits may mean.
        names: the columns; evidence: the cited lines that tell of the close.
    """

    trade: str
    ledger: Address
    at: int
    names: tuple[str, ...]
    cells: tuple[Cell, ...]
    evidence: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The text of each cell."""
        return tuple(cell.text for cell in self.cells)


class LedgerPatch(Struct, frozen=True):
    """What one ledger misses.

    Attributes:
        path: the ledger's, relative to the scanned root; of a packed one, where it lies unpacked.
        diff: inserts the rows, and lists them in a file beside the ledger; empty where no patch can be made.
        rows: with the line that each has once the patch is applied, 0 without a patch.
        todo: what a person must decide or do.
        before, after: SHA-256 of the ledger as it was read and as it is with the patch.
    """

    path: str
    diff: bytes
    rows: tuple[tuple[int, str, PlannedRow], ...]
    todo: tuple[str, ...] = ()
    before: str = ""
    after: str = ""

    @property
    def decisions(self) -> int:
        """How much is left to a person."""
        return len(self.todo) + sum(_is_open(cell) for _, _, row in self.rows for cell in row.cells)

    def provenance(self) -> dict[str, object]:
        """The ledger in the provenance file."""
        return {
            "ledger": self.path,
            "patch": f"{self.path}.patch" if self.diff else None,
            "sha256": self.before or None,
            "sha256_restored": self.after or None,
            "todo": self.todo,
            "rows": [_row_provenance(line, text, row) for line, text, row in self.rows],
        }


def _is_open(cell: Cell) -> bool:
    return cell.why_empty.startswith(TODO)


def _row_provenance(line: int, text: str, row: PlannedRow) -> dict[str, object]:
    named = [*zip(row.names, row.cells, strict=True)]
    return {
        "trade": row.trade,
        "line": line or None,
        "row": text,
        "values": {name: cell.text for name, cell in named if cell.text},
        "empty": {name: cell.why_empty for name, cell in named if not cell.text},
        "evidence": row.evidence,
    }


def patch_ledger(
    ledger: ReconciledLedger, rows: Sequence[PlannedRow], sources: Mapping[Address, Source]
) -> LedgerPatch:
    """The patch that inserts ``rows`` into ``ledger``, each before the first row of a later time."""
    path = _unpacked(ledger.address)
    source = sources[ledger.address]
    kept = tuple((0, "", row) for row in rows)
    data = _bytes_of(source)
    why = _unpatchable(ledger, data)
    if why or data is None:
        return LedgerPatch(path, b"", kept, (TODO + why,))
    lines = data.splitlines(keepends=True) if b"\n" not in data else _lines(data)
    quoting = _Quoting.of(ledger, lines)
    end = _line_end(ledger, lines)
    placed = sorted(((_index(ledger, row.at, lines), row.at, quoting.line(row.texts), row) for row in rows),
                    key=lambda one: one[:3])  # fmt: skip
    try:
        added = [(index, text.encode(_encoding(ledger)) + end) for index, _, text, _ in placed]
    except UnicodeEncodeError:
        return LedgerPatch(path, b"", kept, (f"{TODO}its encoding cannot write what the log tells",))
    todo = (
        ()
        if source.container is Container.PLAIN
        else (f"{TODO}it lies packed in {ledger.address.path}: unpack it, apply the patch, pack it again",)
    )
    return LedgerPatch(
        path,
        unified_diff(path, lines, added) + _list_diff(path, placed, sources),
        tuple((index + n + 1, text, row) for n, (index, _, text, row) in enumerate(placed)),
        todo,
        hashlib.sha256(data).hexdigest(),
        hashlib.sha256(b"".join(insert_lines(lines, added))).hexdigest(),
    )


def _unpacked(address: Address) -> str:
    """A relative path at which the ledger lies once unpacked; what a name must not hold is left out."""
    path = address.member or address.path.removesuffix(archive_suffix(address.path))
    if address.member and "/" in address.path:
        path = f"{address.path.rpartition('/')[0]}/{path}"
    parts = [re.sub(r'[\x00-\x1f:\\"<>|?*]', "_", part) for part in path.split("/")]
    return "/".join(part for part in parts if part not in {"", ".", ".."})


def _bytes_of(source: Source) -> bytes | None:
    try:
        return b"".join(blocks(source, _LARGEST))
    except SourceError:
        return None


def _unpatchable(ledger: ReconciledLedger, data: bytes | None) -> str:
    """Why no patch can be made; empty where one can."""
    if data is None:
        return "it cannot be read to its end"
    encoding = ledger.extract.encoding
    if encoding == "binary":
        return "it is no text: enter the values with the program that writes it"
    if encoding.replace("-", "").lower().startswith(("utf16", "utf32")):
        return f"it is {encoding}, which no patch can hold: enter the values in an editor"
    if b"\n" not in data and b"\r" in data:
        return "its lines end with CR alone, which no patch can hold: enter the values in an editor"
    return ""


def _lines(data: bytes) -> list[bytes]:
    lines = data.split(b"\n")
    return [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _encoding(ledger: ReconciledLedger) -> str:
    name = ledger.extract.encoding
    return "utf-8" if name.lower().startswith(("utf-8", "utf8", "ascii")) else name


def _line_end(ledger: ReconciledLedger, lines: Sequence[bytes]) -> bytes:
    crlf = ledger.ledger.newline is Newline.CRLF or (
        ledger.ledger.newline is Newline.MIXED and bool(lines) and lines[-1].endswith(b"\r\n")
    )
    return b"\r\n" if crlf else b"\n"


def _index(ledger: ReconciledLedger, at: int, lines: Sequence[bytes]) -> int:
    """The index of the line before which a row of this time belongs."""
    rows = ledger.ledger.rows
    changes = ledger.ledger.header_changes
    since = changes[-1].location.line if changes else 0
    last = max(ledger.line_of(at), since) if rows else since
    later = [row.location.line for row in rows if row.location.line > last]
    return min(later) - 1 if rows and later else len(lines)


def _list_diff(
    path: str, placed: Sequence[tuple[int, int, str, PlannedRow]], sources: Mapping[Address, Source]
) -> bytes:
    name = path + SUFFIX
    known = sources.get(Address(name))
    rows = [row.texts for _, _, _, row in placed]
    if known is None:
        return new_file_diff(name, restored_rows_text(rows).encode())
    old = _bytes_of(known) or b""
    return replaced_file_diff(name, old, restored_rows_text([*read_list(known), *rows]).encode())


class _Quoting(Struct, frozen=True):
    """How the cells of a line are set apart: which stand in quotes, and whether a blank follows the delimiter."""

    delimiter: str
    quoted: frozenset[int]
    blank: str = ""

    @classmethod
    def of(cls, ledger: ReconciledLedger, lines: Sequence[bytes]) -> _Quoting:
        """As in the last of the recorder's rows, or in the header."""
        read = ledger.ledger
        own = [row.location.line for row in ledger.own_rows]
        number = own[-1] if own else 1 + len(read.preamble)
        line = lines[number - 1].decode(_encoding(ledger), "replace") if number <= len(lines) else ""
        mark = re.escape(read.delimiter)
        cells = re.findall(rf'(?:^|{mark})(\s*"(?:[^"]|"")*"|[^{mark}]*)', line.strip("\r\n\ufeff"))
        quoted = frozenset(i for i, cell in enumerate(cells) if cell.strip().startswith('"'))
        spaced = len(cells) > 1 and all(cell.startswith(" ") for cell in cells[1:]) and read.delimiter != "\t"
        return cls(read.delimiter, quoted, " " if spaced else "")

    def line(self, texts: Sequence[str]) -> str:
        """The row."""
        cells = [self._cell(text, quoted=i in self.quoted) for i, text in enumerate(texts)]
        return (self.delimiter + self.blank).join(cells)

    def _cell(self, text: str, *, quoted: bool) -> str:
        if quoted:
            return '"' + text.replace('"', '""') + '"'
        out = io.StringIO()
        csv.writer(out, delimiter=self.delimiter, lineterminator="").writerow([text, ""])
        return out.getvalue().removesuffix(self.delimiter)
