"""Why a scan that verified nothing could not judge."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Reason(StrEnum):
    """Why nothing was judged.

    ``nothing-read``: neither a log nor a trades ledger is at hand;
    ``no-record``: no log record could be read;
    ``closes-not-recognised``: something says that there were closes, and no line was recognised that tells of one;
    ``no-ledger``: a session has closes and no trades ledger;
    ``not-verifiable``: nothing can be claimed about most trades of a bot;
    ``ended-unseen``: positions ended, and neither a recognised line nor a row tells how;
    ``not-recognised``: no line told of a trade or a recorder, and none speaks for the bot's profile;
    ``unread``: no close was told, and files that may tell of some, or hold their rows, could not be read;
    ``limit``: a limit kept text from being read that may tell of closes;
    ``damage``: what cannot be read of a damaged, encrypted or unreadable file may tell of closes;
    ``thin-coverage``: less is covered than was asked for;
    ``rule-failed``: rules met values that they cannot judge.
    """

    NOTHING_READ = "nothing-read"
    NO_RECORD = "no-record"
    CLOSES_NOT_RECOGNISED = "closes-not-recognised"
    NO_LEDGER = "no-ledger"
    NOT_VERIFIABLE = "not-verifiable"
    ENDED_UNSEEN = "ended-unseen"
    NOT_RECOGNISED = "not-recognised"
    UNREAD = "unread"
    LIMIT = "limit"
    DAMAGE = "damage"
    THIN_COVERAGE = "thin-coverage"
    RULE_FAILED = "rule-failed"


class NotJudged(Struct, frozen=True):
    """Why nothing was judged, and how many closes, trades, records, files or rules it is about; 0 for none."""

    reason: Reason
    count: int = 0
