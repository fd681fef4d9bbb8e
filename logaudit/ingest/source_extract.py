"""What is kept of a source once its bytes have been read: small, plain, independent of other sources."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, assert_never

from msgspec import Struct, field

from logaudit.core.events import Captures, Emitter
from logaudit.core.location import Address, SourceKind
from logaudit.core.rows import RowsOf
from logaudit.core.secrets import SecretKind
from logaudit.core.time_window import Gap
from logaudit.core.timestamp import Stamp
from logaudit.ledger import Health, Ledger
from logaudit.ledger.unread_table import UnreadTable
from logaudit.profiles import PatternRole
from logaudit.sources import Problem

if TYPE_CHECKING:
    from logaudit.ingest.packed_matches import PackedMatches

#: Matches of a log, and records around its closes, that are kept as they are; where it has more, these are packed.
PLAIN_MATCHES: Final = 4_096
PLAIN_NEIGHBOURS: Final = 4_096


class Undated(StrEnum):
    """What the times of a log do not print: the year, or the date."""

    YEAR = "year"
    DAY = "day"


class DateSource(StrEnum):
    """What tells the date of an undated log: its name, rows and logs beside it, or when its file was written."""

    NAME = "name"
    NEIGHBOURS = "neighbours"
    FILE_TIME = "file-time"


class PatternMatch(Struct, frozen=True):
    """One line that a pattern recognised.

    Attributes:
        record: ordinal of its record in the source; -1 for lines before the first record, which belong
            to the last record of the part before.
        first: whether it is the record's first line.
        stamp: the record's time, None when ``record`` is -1.
        line: 1-based; byte: offset in the source's UTF-8 text.
        text: the line as written, cut to 500 characters.
        log_format: the name of its record's, which tells the handlers that write one file apart; empty where
            ``record`` is -1.
    """

    pattern: str
    role: PatternRole
    record: int
    first: bool
    stamp: Stamp | None
    line: int
    byte: int
    emitter: Emitter
    level: str
    captures: Captures
    text: str
    log_format: str = ""


class MatchList:
    """Matches of one source; where they are very many, packed."""

    def __init__(self, matches: Iterable[PatternMatch] = ()) -> None:
        self._found: list[PatternMatch] | PackedMatches = []
        self.extend(matches)

    def append(self, match: PatternMatch) -> None:
        """Adds one."""
        self._found.append(match)
        if len(self._found) == PLAIN_MATCHES:
            from logaudit.ingest.packed_matches import PackedMatches  # noqa: PLC0415 - few logs have so many

            self._found = PackedMatches(self._found)

    def extend(self, matches: Iterable[PatternMatch]) -> None:
        """Adds some."""
        for match in matches:
            self.append(match)

    @property
    def all(self) -> Sequence[PatternMatch]:
        """All of them: a tuple, or what equals one."""
        return tuple(self._found) if isinstance(self._found, list) else self._found


class ClockJump(Struct, frozen=True):
    """A record stamped earlier than the one before it, naive µs."""

    before: int
    after: int
    line: int
    byte: int
    text: str


class Excerpt(Struct, frozen=True):
    """A quoted line that needs no further reading."""

    line: int
    byte: int
    text: str


class SecretLines(Struct, frozen=True):
    """How many lines print credentials of one kind, and the first of them."""

    count: int
    first: Excerpt


class PatternCount(Struct, frozen=True):
    """How often a pattern matched, and how often its literal stood in a line it did not match."""

    hits: int
    near_misses: int
    first_near_miss: Excerpt | None


class NearbyRecord(NamedTuple):
    """A record near a close; a named tuple, as there are hundreds for every close.

    Attributes:
        emitter: ``module:function``, empty when the log format prints none.
        template: its message with symbol, sides and numbers masked.
        delta: µs from the close's stamp to its own.
    """

    emitter: str
    level: str
    template: str
    delta: int
    line: int
    byte: int


class LogContext(Struct, frozen=True):
    """What was logged around one close.

    Attributes:
        record: ordinal of the record that states the close.
        cut_before, cut_after: whether the source begins or ends within reach of it.
    """

    record: int
    before: RowsOf[NearbyRecord]
    after: RowsOf[NearbyRecord]
    cut_before: bool
    cut_after: bool


class LogExtract(Struct, frozen=True):
    """A log source.

    Attributes:
        sha256: of the unpacked bytes, empty where neither a copy nor its file's hash is told by it; size: their number.
        encoding: the text's encoding as found.
        packed: whether it came out of an archive or a compressed file.
        log_formats: records by log format name.
        levels: records by level name.
        leading_lines: lines before the first record; unparsed: lines that no log format explains.
        first, last: stamps of the first and last record in file order.
        earliest, latest: extremes, naive µs.
        gap_histogram: number of gaps between records by bucket k, the gap lying in [2^(k-1), 2^k) ms; 0 for below 1 ms.
        gaps: the longest gaps, in file order.
        jumps: the first hundred backward jumps.
        lines: as their ends count; a last one without an end does not.
        last_record: ordinal of the last record, for stitching.
        undated: what its times lack, which then are relative; dated_by: what they were placed by.
        secrets: lines that print credentials, by kind.
    """

    address: Address
    sha256: str
    size: int
    encoding: str
    packed: bool
    newline: str
    lines: int
    records: int
    leading_lines: int
    unparsed: int
    unparsed_samples: tuple[Excerpt, ...]
    log_formats: dict[str, int]
    levels: dict[str, int]
    first: Stamp | None
    last: Stamp | None
    earliest: int
    latest: int
    gap_histogram: dict[int, int]
    gaps: tuple[Gap, ...]
    jumps: tuple[ClockJump, ...]
    matches: RowsOf[PatternMatch]
    contexts: tuple[LogContext, ...]
    tallies: dict[str, PatternCount]
    problem: Problem | None = None
    undated: Undated | None = None
    dated_by: DateSource | None = None
    secrets: dict[SecretKind, SecretLines] = field(default_factory=dict)

    @property
    def is_undecided(self) -> bool:
        """Whether no record was read of lines that are there."""
        return not self.records and self.lines > 0 and self.problem is None

    @property
    def breaks_off(self) -> bool:
        """Whether something was recognised in a last line without a line end, so that its last value may go on."""
        # ``lines`` counts line ends.
        return bool(self.matches) and self.matches[-1].line > self.lines

    @property
    def last_record(self) -> int:
        """Ordinal of the last record, -1 without one."""
        return self.records - 1


class LedgerExtract(Struct, frozen=True):
    """A trades file."""

    address: Address
    sha256: str
    size: int
    encoding: str
    newline: str
    ledger: Ledger
    problem: Problem | None = None


class HealthExtract(Struct, frozen=True):
    """Another CSV of the bot's, read only for being alive."""

    address: Address
    sha256: str
    size: int
    health: Health
    problem: Problem | None = None


class OtherExtract(Struct, frozen=True):
    """A source that is neither log nor table, or could not be read at all, or was not understood (``table``)."""

    address: Address
    kind: SourceKind
    size: int
    problem: Problem | None = None
    table: UnreadTable | None = None

    @property
    def lacks_market(self) -> bool:
        """Whether it is a table of ends that lacks nothing but the market."""
        table = self.table
        return table is not None and table.missing == ("symbol",)


SourceExtract: TypeAlias = LogExtract | LedgerExtract | HealthExtract | OtherExtract


class ExtractKind(StrEnum):
    """Which of the extracts it is."""

    LOG = "log"
    LEDGER = "ledger"
    HEALTH = "health"
    OTHER = "other"


class ExtractSummary(Struct, frozen=True):
    """What is asked of a source beyond its session.

    Attributes:
        sha256, size: as the extract has them; no hash where nothing was read.
        holds: whether it has records or rows.
        undated: whether it is a log whose times tell no date.
        undecided: whether it is a log of which no record was read of lines that are there.
        lacks_market: whether it is a table of ends that lacks nothing but the market.
        formats: the names of the formats of a log's records.
    """

    address: Address
    kind: ExtractKind
    size: int
    sha256: str = ""
    holds: bool = False
    undated: bool = False
    undecided: bool = False
    lacks_market: bool = False
    problem: Problem | None = None
    formats: tuple[str, ...] = ()


def summary_of(extract: SourceExtract) -> ExtractSummary:
    """The summary of an extract."""
    match extract:
        case LogExtract():
            kind, holds = ExtractKind.LOG, bool(extract.records)
        case LedgerExtract():
            kind, holds = ExtractKind.LEDGER, bool(extract.ledger.rows)
        case HealthExtract():
            kind, holds = ExtractKind.HEALTH, bool(extract.health.rows)
        case OtherExtract():
            return ExtractSummary(
                extract.address,
                ExtractKind.OTHER,
                extract.size,
                lacks_market=extract.lacks_market,
                problem=extract.problem,
            )
        case _:
            assert_never(extract)
    log = extract if isinstance(extract, LogExtract) else None
    return ExtractSummary(
        extract.address,
        kind,
        extract.size,
        extract.sha256,
        holds,
        undated=log is not None and log.undated is not None,
        undecided=log is not None and log.is_undecided,
        problem=extract.problem,
        formats=() if log is None else tuple(sorted(log.log_formats)),
    )
