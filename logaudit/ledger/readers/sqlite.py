"""SQLite databases, read without writing beside them: with a write-ahead log or a journal, from a copy that uses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from logaudit.core.limits import DEFAULT_LIMITS, Limits
from logaudit.core.message import Message, Text, msg
from logaudit.ledger.columns import header_of
from logaudit.ledger.readers.table_reader import (
    LatestTimes,
    Row,
    SourceTable,
    cell_text,
    kept,
    left_out,
    most_rows,
)
from logaudit.profiles.profile import LedgerSpec

if TYPE_CHECKING:
    import sqlite3

_MAGIC: Final = b"SQLite format 3\0"
#: Offset of the byte that says whether the database keeps a write-ahead log, and its value if so.
_WAL_AT, _WAL = 18, 2
#: Which value of `pragma table_xinfo` says how a column is kept, and those of columns that are written with their row.
#: What is computed whenever it is read may take any time: a program in the hands of whoever made the database.
_HIDDEN, _STORED = 6, frozenset({0, 3})
#: What changes the main file's content when it is opened: commits that are not in it yet, or a write to be undone.
_SIDE_FILES: Final = ("-wal", "-shm", "-journal")


class SqliteReader:
    """All tables of a database."""

    def matches(self, head: bytes, name: str) -> bool:
        """By the first bytes; the name says nothing."""
        del name
        return head.startswith(_MAGIC)

    def read(self, file: Path, limits: Limits = DEFAULT_LIMITS) -> Iterator[SourceTable]:
        """Every table, views and SQLite's own tables left out."""
        import shutil  # noqa: PLC0415 - few bots keep a database, and a scan without one is quicker
        import sqlite3  # noqa: PLC0415 - as above
        from tempfile import TemporaryDirectory  # noqa: PLC0415 - as above

        copied = has_side_file(file)
        with TemporaryDirectory(prefix="logaudit-") as folder:
            place, mode = file, "mode=ro&immutable=1"
            if copied:
                place, mode = Path(folder, "copy.sqlite"), "mode=rw"
                shutil.copyfile(file, place)
                for suffix in _SIDE_FILES:
                    beside = _beside(file, suffix)
                    if beside.is_file():
                        shutil.copyfile(beside, place.with_name(place.name + suffix))
            lost = not copied and _keeps_wal(file)
            trouble = msg("its write-ahead log is not at hand") if lost else None
            try:
                yield from _tables(place, mode, trouble, limits.table_rows)
            except sqlite3.Error as error:
                why = msg("the database cannot be read: {error}", error=Text(str(error)))
                raise ValueError(why) from error


def has_side_file(file: Path) -> bool:
    """Whether a write-ahead log or a journal lies beside a database."""
    return any(_beside(file, suffix).is_file() for suffix in ("-wal", "-journal"))


def _beside(file: Path, suffix: str) -> Path:
    return file.with_name(file.name + suffix)


def _keeps_wal(file: Path) -> bool:
    with file.open("rb") as handle:
        head = handle.read(_WAL_AT + 1)
    return len(head) > _WAL_AT and head[_WAL_AT] == _WAL


def _tables(file: Path, mode: str, trouble: Message | None, table_rows: int) -> Iterator[SourceTable]:
    import sqlite3  # noqa: PLC0415 - as above

    uri = f"{file.resolve().as_uri()}?{mode}"
    with closing(sqlite3.connect(uri, uri=True)) as base:
        base.text_factory = lambda raw: raw.decode("utf-8", "backslashreplace")
        names = base.execute(
            "select name from sqlite_master where type = 'table' and name not like 'sqlite~_%' escape '~' order by name"
        )
        found = names.fetchall()
        if trouble is not None and not found:
            # All that was ever written may stand there.
            raise ValueError(trouble)
        damage = _damage(base)
        for (name,) in found:
            table = _table(base, name, table_rows)
            yield replace(table, trouble=damage or trouble, anywhere=damage is not None)


def _damage(base: sqlite3.Connection) -> Message | None:
    """What SQLite finds wrong with the pages of a database: it reads on past them, without their rows."""
    (said,) = base.execute("pragma quick_check(1)").fetchone()
    return None if said == "ok" else msg("its pages do not fit together")


def _table(base: sqlite3.Connection, name: str, table_rows: int) -> SourceTable:
    quoted = _quoted(name)
    import sqlite3  # noqa: PLC0415 - as above

    told = base.execute(f"pragma table_xinfo({quoted})")
    columns = tuple(row[1] for row in told if row[_HIDDEN] in _STORED)
    cells_of = ", ".join(map(_quoted, columns))
    (count,) = base.execute(f"select count(*) from {quoted}").fetchone()  # noqa: S608 - quoted above
    most = most_rows(len(columns), table_rows)
    try:
        found = [*base.execute(f"select rowid, {cells_of} from {quoted} order by rowid limit {most}")]  # noqa: S608 - as above
        found += _rest(base, quoted, columns, count, most)
        rows = tuple(Row(tuple(map(cell_text, cells)), number=rowid) for rowid, *cells in found)
        latest = _latest(base, quoted, columns, rows) if left_out(count, most) else {}
    except sqlite3.OperationalError:  # a table without row ids
        every = base.execute(f"select {cells_of} from {quoted}")  # noqa: S608 - quoted above
        places = kept(count, most)
        rows = tuple(
            Row(tuple(map(cell_text, cells)), number=i + 1)
            for i, cells in enumerate(every)
            if any(i in place for place in places)
        )
        latest = {}
    return SourceTable(name, columns, rows, left_out=left_out(count, most), most=most, latest=latest)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _latest(
    base: sqlite3.Connection, quoted: str, columns: Sequence[str], rows: Sequence[Row]
) -> Mapping[int, int]:
    """The latest times that the rows beside those that are kept show."""
    times, held = LatestTimes(row.cells for row in rows), {row.number for row in rows}
    for i in times.columns:
        shown = _quoted(columns[i])
        cells = base.execute(f"select rowid, {shown} from {quoted}")  # noqa: S608 - quoted above
        times.add(i, (cell_text(cell) for rowid, cell in cells if rowid not in held))
    return times.latest()


def _rest(
    base: sqlite3.Connection, quoted: str, columns: Sequence[str], count: int, most: int
) -> list[tuple[object, ...]]:
    """The rows behind the first ``most``, in order of their ids; of more than so many again the newest."""
    order = "rowid desc" if count <= 2 * most else _newest_first(base, quoted, columns)
    last = f"(select rowid from {quoted} order by rowid limit 1 offset {most - 1})"  # noqa: S608 - quoted by the caller
    cells_of = ", ".join(map(_quoted, columns))
    rest = f"select rowid, {cells_of} from {quoted} where rowid > {last} order by {order} limit {most}"  # noqa: S608 - as above
    return sorted(base.execute(rest), key=lambda row: row[0])


def _newest_first(base: sqlite3.Connection, quoted: str, columns: Sequence[str]) -> str:
    """By the close, as a row may be written long before it; by row id where the way times are written does not sort."""
    header = header_of(columns, ",", LedgerSpec())
    if header is None:
        return "rowid desc"
    closed = _quoted(columns[header.columns["closed"]])
    odd = (
        f"select 1 from {quoted} where typeof({closed}) = 'text' and {closed} not like '____-__-__%' limit 1"  # noqa: S608 - names are quoted
    )
    return (
        "rowid desc" if base.execute(odd).fetchone() else f"{closed} is not null, {closed} desc, rowid desc"
    )
