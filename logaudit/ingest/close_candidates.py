"""Lines that may tell of a close although no pattern recognised them: what a second reading of a log looks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.location import Location
from logaudit.core.secrets import redact_unnumbered
from logaudit.core.text import quote
from logaudit.core.trades import symbol_key
from logaudit.ingest.byte_stream import HashingByteStream
from logaudit.ingest.context import LOOKED_AT, masked
from logaudit.ingest.records import LINE_LIMIT
from logaudit.logformats import LogFormatSet
from logaudit.sources import Source, clean, decode, lines

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

#: Templates that are kept of one source.
MOST: Final = 50
#: Messages that are remembered with what was made of them: many are logged again and again.
_REMEMBERED: Final = 256
#: What bots call the end of a position, in several languages, lower case.
_CLOSING: Final = lazy_pattern(
    r"\b(?:closed?|exit(?:ed)?|stopped[ -]?out|liquidat(?:ed|ion)|sold|covered|flat(?:tened)?"
    r"|cerrad[ao]s?|liquidad[ao]s?|fechad[ao]s?|encerrad[ao]s?|geschlossen|liquidiert|ferm[ée]e?s?|clôturée?s?|chius[ao]"
    r"|finalizad[ao]s?|terminad[ao]s?|salida|beendet|abgeschlossen|glattgestellt|ausstieg"
    r"|закры[тл]\w*|заверш\w+|выход|выш(?:ел|ли)|ликвид\w*|zamknięt\w*|kapatıldı)\b"
    r"|平仓|平倉|已平|爆仓|强平|決済|청산"
)
#: One of them is in every text that holds a closing word: searching for all at once takes a twentieth of the time.
_STEMS: Final = (
    "close", "exit", "stopped", "liquid", "sold", "covered", "flat", "cerrad", "fechad", "geschlossen", "ferm",
    "clôtur", "chius", "finalizad", "terminad", "salida", "beendet", "glattgestellt", "ausstieg", "закры", "заверш",
    "выход", "выш", "ликвид", "zamknięt", "kapatıldı", "平仓", "平倉", "已平", "爆仓", "强平", "決済", "청산",
)  # fmt: skip
#: Letters of a word that may stand before its stem.
_BEFORE: Final = 2
_SIGNS: Final = ("+", "-", "\u2212")
#: Bytes of the shortest text that tells anything: of a result of one digit.
_SHORTEST: Final = 2
#: An amount with a sign, as results are printed; times, ranges, dates and percentages hold no such thing.
_SIGNED: Final = lazy_pattern(
    r"(?<![\w.:,/)\]\-])\$?[+\-\u2212]\$?(?>\d[\d,]*(?:\.\d+)?)(?!\w)(?!\s?%)(?![-:/])"
)
#: Levels at which no bot announces a trade.
_QUIET: Final = frozenset({"TRACE", "DEBUG"})
#: What has not happened yet, did not happen, or is the state of what is open.
_DOUBT: Final = lazy_pattern(
    r"\b(?:not|never|no|would|could|should|will|fail(?:ed|ure)?|unable|cannot|if|when|until|waiting|reject(?:ed)?"
    r"|unreali[sz]ed\w*|u[-_ ]?pnl|floating|opened|opening|order book|candles?|bars?|klines?)\b"
)
_WORD: Final = lazy_pattern(r"[A-Z0-9][A-Z0-9._:/\-]{2,24}", re.IGNORECASE)


class CloseCandidate(Struct, frozen=True):
    """Lines of one wording.

    Attributes:
        template: the wording, with symbol, sides and numbers masked.
        symbol: the symbol of the first line.
        count: how many lines have it.
        place: the first line.
        worded: whether they hold a closing word; else only a signed amount.
        opened: whether a position of the symbol is known to be open; else the line tells of a close by itself.
    """

    template: str
    symbol: str
    count: int
    place: Location
    worded: bool = True
    opened: bool = True


def close_candidates(
    source: Source,
    log_formats: LogFormatSet,
    encoding: str,
    opened: Mapping[str, int],
    known: frozenset[int],
    market_of_close: Callable[[str], str],
) -> tuple[CloseCandidate, ...]:
    """The wordings of a source's lines that hold the symbol of an open position and speak of its end, or of any close.

    Args:
        source: the log; damage ends the reading.
        log_formats: tell the message from what stands before it.
        encoding: as stated by the user; empty to detect.
        opened: key of each symbol of which a position is open → naive µs since when.
        known: numbers of the lines that a pattern recognised.
        market_of_close: the market of a message that tells of a close by itself; empty for others.
    """
    found: dict[str, CloseCandidate] = {}
    market_of_message = lru_cache(_REMEMBERED)(market_of_close)
    wording_of = lru_cache(_REMEMBERED)(_wording)
    for number, offset, text in _worth(source, encoding):
        if number in known:
            continue
        opening = log_formats.match(text)
        if opening is not None and opening[1].level in _QUIET:
            continue
        message = text if opening is None else opening[1].message
        known_symbol = _open_symbol(message, opened, None if opening is None else opening[1].stamp.end)
        symbol = known_symbol or market_of_message(message[:LOOKED_AT])
        if not symbol:
            continue
        wording = wording_of(message[:LOOKED_AT], symbol)
        first = found.get(wording)
        if first is None and len(found) == MOST:
            continue
        place = Location(source.address.path, source.address.member, number, text=quote(text), byte=offset)
        found[wording] = (
            CloseCandidate(wording, symbol, 1, place, speaks_of_closing(text), bool(known_symbol))
            if first is None
            else replace(first, count=first.count + 1)
        )
    return tuple(found.values())


def _wording(message: str, symbol: str) -> str:
    return masked(redact_unnumbered(message), symbol)


def speaks_of_closing(text: str) -> bool:
    """Whether a text holds a closing word of some language."""
    return _closes(text.lower())


def _closes(folded: str) -> bool:
    """As `speaks_of_closing`, of a text in lower case."""
    data = folded.encode("utf-8", "surrogatepass")
    hits = _search().find_matches_as_indexes(data)
    if not hits:
        return False
    begin = max(hits[0][1] - _BEFORE, 0) if len(data) == len(folded) else 0
    return _CLOSING.search(folded, begin) is not None


@lru_cache(maxsize=1)
def _search() -> BytesAhoCorasick:
    from ahocorasick_rs import BytesAhoCorasick, MatchKind  # noqa: PLC0415 - what searches no log needs none of it

    # The leftmost one: only this kind of search passes over text without any of them many bytes at a time.
    return BytesAhoCorasick([stem.encode() for stem in _STEMS], matchkind=MatchKind.LeftmostFirst)


def _is_signed(folded: str) -> bool:
    """Whether a text holds an amount with a sign."""
    return any(sign in folded for sign in _SIGNS) and _SIGNED.search(folded) is not None


def _worth(source: Source, encoding: str) -> Iterator[tuple[int, int, str]]:
    """The lines that hold a closing word or a signed amount, and no doubt: number, offset, text."""
    blocks = decode(iter(HashingByteStream(source, count=False, hashed=False)), encoding or None).blocks
    for number, (offset, raw) in enumerate(lines(blocks, longest=source.limits.line_size), 1):
        if len(raw) < _SHORTEST:
            continue
        text = clean(raw[:LINE_LIMIT]).decode("utf-8", "replace")
        folded = text.lower()
        if (_closes(folded) or _is_signed(folded)) and not _DOUBT.search(folded):
            yield number, offset, text


def _open_symbol(message: str, opened: Mapping[str, int], until: int | None) -> str:
    """The first word of a message that spells a symbol of which a position is open then; empty for none."""
    for word in _WORD.findall(message):
        spelled: str = word.rstrip(".:/-_")
        since = opened.get(symbol_key(spelled))
        if since is not None and (until is None or since < until):
            return spelled
    return ""
