"""The tables of a profile file → a `Profile`; every name in it is checked, and an error names its key."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

from logaudit.core.errors import ProfileError
from logaudit.core.events import EventKind
from logaudit.core.fields import FieldName
from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.trades import EntryKind
from logaudit.profiles.fragments import is_name
from logaudit.profiles.profile import (
    BlockSpec,
    HealthFile,
    LedgerSpec,
    Pattern,
    PatternRole,
    Profile,
    Sample,
    Stage,
    WrittenFormat,
)
from logaudit.profiles.regexes import compiled, expanded
from logaudit.profiles.schema import LedgerTable, PatternTable, ProfileFile, SampleTable, StageTable
from logaudit.profiles.verify import verify

#: Canonical ledger columns; `TradeFields` says what the values mean.
LEDGER_COLUMNS: Final = (
    "closed", "opened", "symbol", "side", "entry_price", "exit_price", "size", "gross_pnl", "commission",
    "funding", "net_pnl", "duration_sec", "reason", "trade_id",
    "position_id", "order_id",
)  # fmt: skip
SIDES: Final = ("long", "short")
_ID: Final = lazy_pattern(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_Choice = TypeVar("_Choice", EventKind, FieldName, PatternRole)


def to_profile(raw: ProfileFile, origin: str) -> Profile:
    """A file's tables as a profile, its patterns not yet held to their samples.

    Raises:
        ProfileError: a name that is not known, or one used twice; names ``origin`` and the key.
    """
    patterns = tuple(
        _pattern(p, f"{origin}: patterns[{i}] {p.id!r}", raw) for i, p in enumerate(raw.patterns)
    )
    _unique((p.id for p in patterns), f"{origin}: patterns: id")
    _unique((s.id for s in raw.stages), f"{origin}: stages: id")
    return Profile(
        name=_id(raw.name, f"{origin}: name"),
        title=raw.title,
        origin=origin,
        formats=tuple(WrittenFormat(f.format, f.datefmt) for f in raw.formats),
        # Compiled on first use: few markers are held by the lines of a log.
        markers=tuple(
            lazy_pattern(expanded(m, f"{origin}: markers[{i}]", raw.fragments))
            for i, m in enumerate(raw.markers)
        ),
        sides=_sides(raw, origin),
        blocks=_blocks(raw, origin),
        patterns=patterns,
        ledger=_ledger(raw.ledger, origin),
        health=tuple(HealthFile(h.title, tuple(h.files), h.time_column) for h in raw.health),
        stages=tuple(
            _stage(s, f"{origin}: stages[{i}] {s.id!r}", [p.id for p in patterns])
            for i, s in enumerate(raw.stages)
        ),
    )


def check_fragments(fragments: Mapping[str, str], origin: str) -> None:
    """Refuses fragments that hide those of logaudit or are no regular expressions.

    Raises:
        ProfileError: names ``origin`` and the fragment.
    """
    for name, text in fragments.items():
        where = f"{origin}: fragments.{name}"
        if not is_name(name):
            raise ProfileError(
                f"{where}: not a name of its own.", "Use capitals, and no name that logaudit already has."
            )
        compiled(expanded(text, where, fragments), where)


def _pattern(raw: PatternTable, where: str, file: ProfileFile) -> Pattern:
    _id(raw.id, f"{where}: id")
    if raw.block and raw.block not in file.blocks:
        raise ProfileError(
            f"{where}: block: {raw.block!r} is not among [blocks].",
            _closest_match(raw.block, list(file.blocks)),
        )
    role = _choice(PatternRole, raw.role, f"{where}: role")
    if role is not PatternRole.EVENT and not raw.block:
        raise ProfileError(f"{where}: block: a {role} must name the block it belongs to.")
    return Pattern(
        id=raw.id,
        role=role,
        event=_choice(EventKind, raw.event, f"{where}: event"),
        block=raw.block,
        written=expanded(raw.regex, f"{where}: regex", file.fragments),
        emitter_written=expanded(raw.emitter, f"{where}: emitter", file.fragments),
        constants={_field(k, f"{where}: set"): v for k, v in raw.set.items()},
        samples=tuple(_sample(s, f"{where}: samples[{i}]") for i, s in enumerate(raw.samples)),
        rejects=tuple(raw.rejects),
    )


def verify_marker(marker: re.Pattern[str], where: str) -> None:
    """Refuses a marker that is no regular expression, or that would mark every log.

    Raises:
        ProfileError: begins with ``where``.
    """
    if compiled(marker.pattern, where).search("") is not None:
        raise ProfileError(f"{where}: it matches an empty line, so it would mark every log.")


def verify_pattern(pattern: Pattern, where: str) -> None:
    """Refuses a pattern that captures unknown fields, or reads its samples and rejects otherwise than they say.

    Raises:
        ProfileError: names ``where`` and the key.
    """
    regex = compiled(pattern.written, f"{where}: regex")
    for name in regex.groupindex:
        _field(name, f"{where}: regex: group")
    compiled(pattern.emitter_written, f"{where}: emitter")
    verify(pattern, where)


def _sample(raw: SampleTable, where: str) -> Sample:
    return Sample(raw.line, {_field(k, f"{where}: values"): v for k, v in raw.values.items()})


def _sides(raw: ProfileFile, origin: str) -> dict[str, str]:
    words: dict[str, str] = {side: side for side in SIDES}
    for side, aliases in raw.sides.items():
        if side not in SIDES:
            raise ProfileError(f"{origin}: sides: {side!r} is not a side.", "Use long and short.")
        for alias in aliases:
            if words.setdefault(alias.lower(), side) != side:
                raise ProfileError(f"{origin}: sides.{side}: {alias!r} already means the other side.")
    return words


def _blocks(raw: ProfileFile, origin: str) -> dict[str, BlockSpec]:
    return {
        name: BlockSpec(
            name, b.window, tuple(_field(v, f"{origin}: blocks.{name}.required") for v in b.required)
        )
        for name, b in raw.blocks.items()
    }


def _ledger(raw: LedgerTable, origin: str) -> LedgerSpec:
    for name in (*raw.columns, *raw.places):
        if name not in LEDGER_COLUMNS:
            raise ProfileError(
                f"{origin}: ledger.columns: {name!r} is not a column logaudit knows.",
                _closest_match(name, LEDGER_COLUMNS),
            )
    return LedgerSpec(
        files=tuple(raw.files),
        columns={name: tuple(a.lower() for a in aliases) for name, aliases in raw.columns.items()},
        window=raw.window,
        kind=EntryKind(raw.kind),
        places=raw.places,
    )


def _stage(raw: StageTable, where: str, ids: Sequence[str]) -> Stage:
    for pattern_id in raw.patterns:
        if pattern_id not in ids:
            raise ProfileError(
                f"{where}: patterns: no pattern is called {pattern_id!r}.", _closest_match(pattern_id, ids)
            )
    if not raw.title.get("en"):
        raise ProfileError(f"{where}: title: the English title is missing.", 'Write title = { en = "…" }.')
    return Stage(
        id=raw.id,
        title=raw.title,
        events=tuple(_choice(EventKind, e, f"{where}: events") for e in raw.events),
        patterns=tuple(raw.patterns),
        log_statement=raw.log_statement,
    )


def _id(text: str, where: str) -> str:
    if _ID.fullmatch(text) is None:
        raise ProfileError(f"{where}: {text!r} is not a name.", "Use small letters, digits and hyphens.")
    return text


def _field(name: str, where: str) -> FieldName:
    return _choice(FieldName, name, where)


def _choice(kind: type[_Choice], text: str, where: str) -> _Choice:
    try:
        return kind(text)
    except ValueError:
        words = [member.value for member in kind]
        raise ProfileError(f"{where}: {text!r} is not known.", _closest_match(text, words)) from None


def _unique(names: Iterable[str], where: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ProfileError(f"{where}: {name!r} is used twice.")
        seen.add(name)


def _closest_match(name: str, words: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, words, 1)
    if near:
        return f"Did you mean {near[0]!r}?"
    return f"One of: {', '.join(words)}." if words else "There is none yet."
