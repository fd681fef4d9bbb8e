"""Why a scan judged nothing, in a sentence, and what to do about it."""

from __future__ import annotations

from typing import Final, NamedTuple, assert_never

from logaudit.core.message import Code, Message, msg, plural
from logaudit.core.not_judged import NotJudged, Reason
from logaudit.core.report import Report
from logaudit.core.verdict import Verdict, verdict_of

#: The rule whose findings name what could not be read to its end.
_UNREADABLE: Final = "LA401"


class Told(NamedTuple):
    """What is wrong, one sentence, and the next step."""

    problem: Message
    remedy: Message

    def __str__(self) -> str:
        """Both in English."""
        return f"{self.problem} {self.remedy}"


_REMEDIES: Final = {
    Reason.NOTHING_READ: msg(
        "Name the folder that holds the logs and the ledger. Logs are text (plain, .zip, .gz, .bz2, .xz, .lzma, .tar); "
        "a ledger is a table (CSV, JSON, SQLite, XLSX, Parquet) with a time, a symbol, and a price or PnL. State a log "
        "format that is not recognised with {flag}.",
        flag=Code("--log-format"),
    ),
    Reason.NO_RECORD: msg(
        "Name the folder that holds the bot's logs, or give their format with {flag}.",
        flag=Code("--log-format"),
    ),
    Reason.CLOSES_NOT_RECOGNISED: msg(
        "Teach logaudit what a close is here: {learn} lists the lines that may tell of one and writes the profile for "
        "those that do; name it with {flag}.",
        learn=Code("logaudit learn PATHS -o bot.toml"),
        flag=Code("--profile bot.toml"),
    ),
    Reason.NO_LEDGER: msg(
        "Name the folder that holds the ledger as well: {command}.", command=Code("logaudit scan LOGS LEDGER")
    ),
    Reason.NOT_VERIFIABLE: msg("Scan the logs and the ledger of the same time together."),
    Reason.ENDED_UNSEEN: msg(
        "LA502 names where. Compare with the exchange's history; if the logs tell it in other words, teach them: "
        "{learn}.",
        learn=Code("logaudit learn PATHS -o bot.toml"),
    ),
    Reason.NOT_RECOGNISED: msg(
        "Name the bot's profile with {flag} ({command} has them), or write one: {learn}.",
        flag=Code("--profile"),
        command=Code("logaudit profile list"),
        learn=Code("logaudit learn PATHS -o bot.toml"),
    ),
    Reason.UNREAD: msg("LA401 names what could not be read and why; mend or replace it, and scan again."),
    Reason.LIMIT: msg(
        "Scan a part of it that no limit cuts, or raise the limit where LA401 names a setting for it."
    ),
    Reason.DAMAGE: msg(
        "Copy the file again, or restore it from a backup; to judge the others alone, name them. LA401 says which."
    ),
    Reason.THIN_COVERAGE: msg(
        "Add the logs that are missing (LA902 says where), or lower {flag}.", flag=Code("--require-coverage")
    ),
    Reason.RULE_FAILED: msg("Report what LA905 names: it is a bug in logaudit."),
}


def not_judged(report: Report) -> Told | None:
    """What to tell where the verdict is that nothing was judged; None for every other verdict."""
    why = report.not_judged
    return None if why is None or verdict_of(report) is not Verdict.NOT_JUDGED else explain(why)


def unread(report: Report, most: int) -> list[str]:
    """Files that were not read and why, a line each, what is damaged first; at most so many, then how many more."""
    lines = [str(finding.message) for finding in report.findings if finding.rule == _UNREADABLE]
    lines += [f"{skipped.path}: {skipped.reason}" for skipped in report.skipped]
    if len(lines) <= most:
        return lines
    return [*lines[:most], str(plural("and {n} more file", "and {n} more files", len(lines) - most))]


def explain(why: NotJudged) -> Told:
    """The sentence and the next step."""
    return Told(_problem(why), _REMEDIES[why.reason])


def _problem(why: NotJudged) -> Message:  # noqa: C901, PLR0911, PLR0912 - one a reason
    match why.reason:
        case Reason.NOTHING_READ:
            return msg("Neither a log nor a trades ledger was found.")
        case Reason.NO_RECORD:
            return msg("No log record was read, so nothing can be claimed about the ledger.")
        case Reason.CLOSES_NOT_RECOGNISED:
            return msg("No line that tells of a close was recognised, though there should be some.")
        case Reason.NO_LEDGER:
            return plural(
                "{n} close in the logs, and no trades ledger to compare it with.",
                "{n} closes in the logs, and no trades ledger to compare them with.",
                why.count,
            )
        case Reason.NOT_VERIFIABLE:
            return plural(
                "The logs and the ledger at hand do not settle whether {n} trade was recorded.",
                "The logs and the ledger at hand do not settle whether any of {n} trades was recorded.",
                why.count,
            )
        case Reason.ENDED_UNSEEN:
            return plural(
                "{n} position ended, and neither a line that is recognised nor a row tells how.",
                "{n} positions ended, and neither a line that is recognised nor a row tells how.",
                why.count,
            )
        case Reason.NOT_RECOGNISED:
            return plural(
                "No line that tells of a trade was recognised in {n} record.",
                "No line that tells of a trade was recognised in {n} records.",
                why.count,
            )
        case Reason.UNREAD:
            return plural(
                "No close is in what was read, and {n} file that may tell of trades could not be read to its end.",
                "No close is in what was read, and {n} files that may tell of trades could not be read to their end.",
                why.count,
            )
        case Reason.LIMIT:
            return plural(
                "A limit kept a part of {n} file from being read, which may tell of more closes.",
                "Limits kept parts of {n} files from being read, which may tell of more closes.",
                why.count,
            )
        case Reason.DAMAGE:
            return plural(
                "A part of {n} file could not be read, which may tell of more closes or rows.",
                "Parts of {n} files could not be read, which may tell of more closes or rows.",
                why.count,
            )
        case Reason.THIN_COVERAGE:
            return msg("The logs cover less than {flag} asks.", flag=Code("--require-coverage"))
        case Reason.RULE_FAILED:
            return plural(
                "{n} rule failed: what it looks for may still be there.",
                "{n} rules failed: what they look for may still be there.",
                why.count,
            )
        case _:
            assert_never(why.reason)
