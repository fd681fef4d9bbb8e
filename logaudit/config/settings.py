"""The settings as data: names, types, defaults and what each means; the JSON schema comes from here."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct, field

from logaudit.core.limits import DEFAULT_LIMITS as _DEFAULT
from logaudit.core.limits import Limits
from logaudit.renderers.registry import formats

#: Every format a scan can be written in.
FORMATS: Final = formats()
if TYPE_CHECKING:
    Format: TypeAlias = str
else:  # the registry is not known to type checkers
    Format = Literal[FORMATS]
_AGE: Final = r"^(|(\d+[wdhms])+)$"
#: A size in MiB is one in bytes, shifted by so many bits.
_MIB: Final = 20
_RULES: Final = "codes such as LA101, names such as missing-row, or beginnings such as LA4"


class LogFormatSetting(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the bot's own format strings."""

    format: Annotated[str, Meta(description="A loguru or logging format string.", min_length=1)]
    datefmt: Annotated[str, Meta(description="The datefmt of a logging format.")] = ""


class LedgerSetting(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """How the ledgers of some names are written, where their own cells do not tell it, or tell it wrong."""

    files: Annotated[str, Meta(description="Glob over the names of the files: trades*.csv", min_length=1)]
    separator: Annotated[
        str, Meta(description="What stands between the cells; empty to detect.", max_length=1)
    ] = ""
    decimal: Annotated[
        Literal["", ".", ","], Meta(description="The decimal sign of its numbers; empty to detect.")
    ] = ""
    date_order: Annotated[
        Literal["", "day-first", "month-first"],
        Meta(description="How dates such as 05/11/2025 are meant; empty to detect."),
    ] = ""
    zone: Annotated[
        str, Meta(description="Time zone of its times, like Europe/Moscow or +03:00; empty to infer.")
    ] = ""
    symbol: Annotated[
        str, Meta(description="The market of all its rows, like BTCUSDT, where no column names one.")
    ] = ""
    columns: Annotated[
        dict[str, str], Meta(description='Meaning → the column\'s name, like { net_pnl = "Ergebnis" }.')
    ] = field(default_factory=dict)


class LimitSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """How much is read of what may be hostile, endless or damaged; what a limit leaves out is said."""

    archive_members: Annotated[
        int, Meta(description="Members of one archive that are read.", ge=1, le=10_000_000)
    ] = _DEFAULT.archive_members
    unpacked_size: Annotated[
        int, Meta(description="How large one packed file may become, in MiB.", ge=1, le=1 << 20)
    ] = _DEFAULT.unpacked_size >> _MIB
    unpacked_ratio: Annotated[
        int,
        Meta(
            description="How many times its packed size a file, or a whole archive, may become; 256 MiB may be any.",
            ge=1,
            le=1_000_000,
        ),
    ] = _DEFAULT.unpacked_ratio
    packed_lines: Annotated[
        int,
        Meta(
            description="Lines read of a packed file, or of all members of an archive that unpack to unusually much, "
            "or as large a part of them as of 300,000 bytes; of a larger one, one for every four bytes.",
            ge=1,
            le=1_000_000_000,
        ),
    ] = _DEFAULT.packed_lines
    packed_matches: Annotated[
        int,
        Meta(
            description="Lines of a packed log that patterns may recognise, however small it is; of a larger one, one "
            "for every eight bytes.",
            ge=1,
            le=100_000_000,
        ),
    ] = _DEFAULT.packed_matches
    line_size: Annotated[int, Meta(description="How much is kept of one line, in MiB.", ge=1, le=1024)] = (
        _DEFAULT.line_size >> _MIB
    )
    record_lines: Annotated[
        int, Meta(description="Lines that one log record keeps beside its first.", ge=1, le=10_000_000)
    ] = _DEFAULT.record_lines
    table_rows: Annotated[
        int,
        Meta(
            description="Rows up to which a table is read whole, of one with more than 8 columns fewer; of a longer "
            "table the newest half as many are read.",
            ge=2,
            le=10_000_000,
        ),
    ] = _DEFAULT.table_rows
    json_size: Annotated[
        int,
        Meta(
            description="How large a JSON file that breaks the standard (NaN) may be, in MiB.", ge=1, le=4096
        ),
    ] = _DEFAULT.json_size >> _MIB
    markets: Annotated[
        int,
        Meta(
            description="Markets that one log may name; behind the line that names one more, no pattern is tried.",
            ge=1,
            le=10_000_000,
        ),
    ] = _DEFAULT.markets
    pattern_seconds: Annotated[
        int,
        Meta(
            description="Processor time that a regular expression of your profile may take for each file, in seconds.",
            ge=1,
            le=3600,
        ),
    ] = int(_DEFAULT.pattern_seconds)

    def in_units(self) -> Limits:
        """The same in bytes, counts and seconds, as what reads the sources takes them."""
        sizes = ("unpacked_size", "line_size", "json_size")
        return Limits(**msgspec.structs.asdict(self) | {name: getattr(self, name) << _MIB for name in sizes})


class Suppression(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Findings that shall neither be shown nor fail a job, and why; all the conditions given must hold."""

    reason: Annotated[str, Meta(description="Why; shown wherever suppressed findings are counted.")]
    rule: Annotated[str, Meta(description="A rule's code or name.")] = ""
    path: Annotated[
        str,
        Meta(description="Glob over the finding's first place, relative to the scanned folder: logs/old/**"),
    ] = ""
    fingerprint: Annotated[str, Meta(description="The finding's fingerprint.")] = ""
    until: Annotated[date | None, Meta(description="Last day on which it holds.")] = None


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Everything that can be set; paths in a settings file are relative to the file."""

    paths: Annotated[tuple[str, ...], Meta(description="Log folders, files, archives or globs to scan.")] = ()
    profile: Annotated[str, Meta(description="Profile name or TOML file; empty to detect one.")] = ""
    log_formats: Annotated[
        tuple[LogFormatSetting, ...], Meta(description="The bot's own log formats, tried before all others.")
    ] = ()
    ledgers: Annotated[
        tuple[LedgerSetting, ...],
        Meta(description="How some ledgers are written; the first that fits counts."),
    ] = ()
    encoding: Annotated[str, Meta(description="Encoding of all text; empty to detect.")] = ""
    tz: Annotated[
        str, Meta(description="Time zone of the logs' times, like Europe/Moscow or +03:00; empty if unknown.")
    ] = ""
    since: Annotated[
        str, Meta(description="Judge only closes and rows from this time of the logs on; empty for all.")
    ] = ""
    until: Annotated[
        str, Meta(description="Judge only closes and rows before this time of the logs; empty for all.")
    ] = ""
    source: Annotated[
        str,
        Meta(description="The bot's source: a folder, or REPO@REVISION; empty for none. It is never run."),
    ] = ""
    recorder: Annotated[
        str, Meta(description="The function of the source that records trades; empty to find it.")
    ] = ""
    limits: Annotated[
        LimitSettings, Meta(description="How much is read of what may be hostile, endless or damaged.")
    ] = LimitSettings()
    follow_links: Annotated[
        bool, Meta(description="Read what links among the logs lead to, also outside of the paths.")
    ] = False
    jobs: Annotated[int, Meta(description="Worker processes; 0 for one a core, up to 8.", ge=0)] = 0
    executor: Annotated[
        str,
        Meta(description="What runs the reading: dask, dask://HOST:PORT or loky; empty for own processes."),
    ] = ""
    no_cache: Annotated[bool, Meta(description="Read everything anew, and remember nothing.")] = False
    cache_size: Annotated[int, Meta(description="How large the cache may grow, in MiB.", ge=1)] = 1024
    output_format: Annotated[Format, Meta(description="What scan prints.")] = "text"
    outputs: Annotated[
        tuple[str, ...],
        Meta(
            description="Files that scan writes as well: FORMAT=FILE, or a name whose ending says it, like report.html."
        ),
    ] = ()
    fail_on: Annotated[
        Literal["error", "warning", "note", "never"],
        Meta(description="Severity from which a finding fails the job (exit code 1)."),
    ] = "error"
    min_severity: Annotated[
        Literal["error", "warning", "note"], Meta(description="Lowest severity that is shown.")
    ] = "note"
    select: Annotated[tuple[str, ...], Meta(description=f"Judge only these rules: {_RULES}.")] = ()
    ignore: Annotated[tuple[str, ...], Meta(description=f"Do not judge these rules: {_RULES}.")] = ()
    require_coverage: Annotated[
        float,
        Meta(
            description="Share of time and trades that the logs must cover; below it a scan without "
            "findings is inconclusive (exit code 3). 0.95 means 95 %.",
            ge=0.0,
            le=1.0,
        ),
    ] = 0.0
    max_age: Annotated[
        str,
        Meta(
            description="How old the newest log line may be, like 26h, 90m or 2d; empty for any.",
            pattern=_AGE,
        ),
    ] = ""
    baseline: Annotated[str, Meta(description="File of known findings, which do not fail the job.")] = ""
    exit_zero: Annotated[bool, Meta(description="Exit 0 even when findings would fail the job.")] = False
    color: Annotated[
        Literal["auto", "always", "never"], Meta(description="When to colour the text report.")
    ] = "auto"
    quiet: Annotated[bool, Meta(description="No progress and no summary line.")] = False
    verbose: Annotated[bool, Meta(description="All evidence lines in the text report.")] = False
    suppressions: Annotated[
        tuple[Suppression, ...], Meta(description="Findings to leave out, each with its reason.")
    ] = ()
