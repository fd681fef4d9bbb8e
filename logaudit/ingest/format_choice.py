"""Chooses the log format of a source by all its lines, where line by line a wrong one or none was taken."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.ingest.pattern_matcher import is_known
from logaudit.ingest.source_extract import LogExtract
from logaudit.ingest.source_head import head_lines
from logaudit.logformats import LogFormat, LogFormatSet, mistakes_words_for_names
from logaudit.profiles import Profile
from logaudit.sources import Source

#: A logger's name stands in every line of its format: below this share it was the beginning of messages.
_EVERY_LINE: Final = 0.9
#: How exchanges spell markets.
_MARKET: Final = lazy_pattern(
    r"[A-Z0-9]{1,15}?[\-/_:]?(?:USDT|USDC|FDUSD|BUSD|TUSD|USD|DAI|EUR|GBP|JPY|TRY|BRL|CHF|RUB|BTC|XBT|ETH|BNB)"
    r"(?:[.:\-_](?:P|PERP|SWAP|USDT|USDC|USD|BTC|ETH))*"
)
#: Of a head's lines about so many show what its loggers' names are.
_SEVERAL: Final = 100
#: Loggers that a bot may have, however short its log.
_FEW_NAMES: Final = 8


def better_formats(
    extract: LogExtract, source: Source, log_formats: LogFormatSet, encoding: str | None, profile: Profile
) -> LogFormatSet | None:
    """The log formats to read a source with once more; None where it was read right.

    Args:
        extract: what reading with ``log_formats`` gave; profile: with whose eyes.
    """
    if not extract.records or extract.lines > 2 * extract.records:
        found = _inferred(source, log_formats, encoding)
        if found:
            used = [f for f in log_formats.log_formats if extract.log_formats.get(f.name)]
            return LogFormatSet([*used, *found])
    mistaken = (
        _mistaken(extract.log_formats, log_formats)
        or _trade_heads(extract.log_formats, log_formats, lambda: head_lines(source, encoding)[0])
        or _known_heads(extract.log_formats, log_formats, lambda: head_lines(source, encoding)[0], profile)
    )
    return LogFormatSet(f for f in log_formats.log_formats if f not in mistaken) if mistaken else None


def formats_of_head(source: Source, log_formats: LogFormatSet, encoding: str | None) -> LogFormatSet | None:
    """The log formats that are inferred where no known one reads any line of a head; to read all else is in vain."""
    head = head_lines(source, encoding)[0]
    if any(log_formats.open(line) is not None for line in head):
        return None
    from logaudit.logformats.infer import infer_formats  # noqa: PLC0415 - the formats of most sources are known

    found = infer_formats(head)
    return LogFormatSet(found) if found else None


def formats_used(
    extract: LogExtract, source: Source, log_formats: LogFormatSet, encoding: str | None
) -> LogFormatSet:
    """The log formats that an extract was read with, to read its source the same way again.

    Args:
        log_formats: those that it may have been read with, beside those that its own lines gave.
    """
    used = [f for f in log_formats.log_formats if extract.log_formats.get(f.name)]
    if {f.name for f in used} != {name for name, count in extract.log_formats.items() if count}:
        used += _inferred(source, log_formats, encoding)
    return LogFormatSet(used)


def _inferred(source: Source, log_formats: LogFormatSet, encoding: str | None) -> Sequence[LogFormat]:
    """The formats of lines that no known one reads, where most of a source's head are such."""
    head = [line for line in head_lines(source, encoding)[0] if line.strip()]
    unread = [line for line in head if log_formats.open(line) is None]
    if 2 * len(unread) <= len(head):
        return ()
    from logaudit.logformats.infer import infer_formats  # noqa: PLC0415 - the formats of most sources are known

    found = LogFormatSet(infer_formats(unread))
    # Lines that go on with a record may hold times: formats beside others must read most lines.
    mixed = len(unread) < len(head)
    few = mixed and 2 * sum(found.open(line) is not None for line in unread) <= len(head)
    return () if few or (mixed and found.undated) else found.log_formats


def reads_head(source: Source, log_formats: LogFormatSet, profile: Profile) -> bool:
    """Whether a source's head is read right line by line, so that a large one may be read in parts."""
    head = head_lines(source)[0]
    counts = Counter(o[1].log_format.name for line in head if (o := log_formats.open(line)) is not None)
    return (
        bool(counts)
        and not _mistaken(counts, log_formats)
        and not _trade_heads(counts, log_formats, lambda: head)
        and not _known_heads(counts, log_formats, lambda: head, profile)
    )


def _mistaken(counts: Mapping[str, int], log_formats: LogFormatSet) -> set[LogFormat]:
    """Formats that took the first words of some messages for a logger's name, in lines that print none."""
    if len(counts) < 2:  # noqa: PLR2004 - one format for all lines is no mixture
        return set()
    used = [f for f in log_formats.log_formats if counts.get(f.name)]
    return {
        named
        for named in used
        for plain in used
        if mistakes_words_for_names(named, plain)
        and counts[named.name] < _EVERY_LINE * (counts[named.name] + counts[plain.name])
    }


def _trade_heads(
    counts: Mapping[str, int], log_formats: LogFormatSet, head: Callable[[], Sequence[str]]
) -> set[LogFormat]:
    """Formats whose loggers' names are beginnings of messages, such as `Closed BTCUSDT:`."""
    doubtful = [f for f in log_formats.log_formats if counts.get(f.name) and log_formats.may_mistake(f)]
    if not doubtful:
        return set()
    names: dict[LogFormat, list[str]] = defaultdict(list)
    lines = head()
    for line in lines[:: 1 + len(lines) // _SEVERAL]:
        opening = log_formats.match(line)
        if opening is not None and opening[0] in doubtful:
            names[opening[0]].append(opening[1].module)
    return {f for f, found in names.items() if _are_heads(found)}


def _known_heads(
    counts: Mapping[str, int],
    log_formats: LogFormatSet,
    head: Callable[[], Sequence[str]],
    profile: Profile,
) -> set[LogFormat]:
    """Formats whose loggers' names are words that the profile knows messages by, such as `POSITION CLOSED`.

    In a part of a few lines each may begin so.
    """
    doubtful = {f for f in log_formats.log_formats if counts.get(f.name) and log_formats.may_mistake(f)}
    if not doubtful:
        return set()
    gained: Counter[LogFormat] = Counter()
    plain: LogFormatSet | None = None
    lines = head()
    for line in lines[:: 1 + len(lines) // _SEVERAL]:
        opening = log_formats.match(line)
        if opening is None or opening[0] not in doubtful or len(opening[1].module.split()) < 2:  # noqa: PLR2004 - several words
            continue
        plain = plain or LogFormatSet(f for f in log_formats.log_formats if f not in doubtful)
        whole = plain.match(line)
        if whole is not None:
            gained[opening[0]] += is_known(profile, whole[1].message) - is_known(profile, opening[1].message)
    return {f for f, count in gained.items() if count > 0}


def _are_heads(names: Sequence[str]) -> bool:
    """Whether most are words with a market, or words of many kinds: a logger has one name of few."""
    words = [name.split() for name in names]
    several = [some for some in words if len(some) > 1]
    if 2 * len(several) <= len(names):
        return False
    with_market = sum(any(map(_MARKET.fullmatch, some)) for some in several)
    return 2 * with_market > len(names) or len(set(map(tuple, several))) > max(_FEW_NAMES, len(names) // 4)
