"""A format string, as the bot's source has it, turned into a text log format."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.logformats.fields import (
    FieldPattern,
    FormatFieldKind,
    kind_of,
    module_field,
    pattern_of,
    usual_levels,
    usual_regex,
)
from logaudit.logformats.format_strings import FormatField, FormatStyle, Spec, split_format
from logaudit.logformats.json_lines import JSON_NAMES, JsonFormat
from logaudit.logformats.pieces import DIGIT, LogFormatError, Piece, Slot
from logaudit.logformats.text_format import TextFormat
from logaudit.logformats.time_formats import TimeFormat, asctime, loguru_time
from logaudit.logformats.time_tokens import TimeRole, TimeToken, digits, literal, with_zulu
from logaudit.logformats.timestamp_parser import require_whole

_TIME_KINDS: Final = frozenset(
    {FormatFieldKind.TIME, FormatFieldKind.ASCTIME, FormatFieldKind.MSECS, FormatFieldKind.CREATED}
)
#: Padding characters that are skipped where the format names no width.
_PADDING: Final = 60
#: Repeats that would take padding for a part of the value.
_LAZY: Final = lazy_pattern(r"(\{\d+,\d+\})(?!\?)")
_CREATED: Final = TimeToken(r"[0-9]{9,11}(?:\.[0-9]{1,9})?", TimeRole.EPOCH, (DIGIT,))
_MSECS: Final = TimeToken(r"[0-9]{1,3}(?:\.[0-9]{1,9})?", TimeRole.MILLISECONDS, (DIGIT,))


def compile_format(
    format: str,  # noqa: A002 - the bot's word
    datefmt: str = "",
    *,
    dated: bool = True,
) -> TextFormat | JsonFormat:
    """The log format of one written format.

    Args:
        format: what was given to loguru as ``format=`` (colour tags and all) or to `logging.Formatter`
            in any of its three styles; a name of `JSON_NAMES`, such as that of loguru's ``serialize=True``.
        datefmt: stdlib's ``datefmt``; loguru formats have none.
        dated: whether times must have a date.

    Raises:
        LogFormatError: an unknown field, directive or colour; no date; no message, or several; time after message.
    """
    if format.strip() in JSON_NAMES:
        return JsonFormat(format.strip())
    style, parts = split_format(format)
    name = f"{format} [{datefmt}]" if datefmt else format
    label = f"Format {format!r}" + (f" with datefmt {datefmt!r}" if datefmt else "")
    if datefmt and style is FormatStyle.LOGURU:
        raise LogFormatError(f"{label}: a loguru format has no datefmt.", "Write {time:…} instead.")
    try:
        return _Compiler(name, style, datefmt, dated).run(_first_line(parts))
    except LogFormatError as error:
        raise LogFormatError(f"{label}: {error.problem}", error.remedy) from error


def _first_line(parts: list[str | FormatField]) -> list[str | FormatField]:
    """What a record's first line shows: the parts before the first line break, neighbours joined."""
    line: list[str | FormatField] = []
    for part in parts:
        if isinstance(part, FormatField):
            line.append(part)
            continue
        text, newline, _ = part.partition("\n")
        text = text.rstrip("\r") if newline else text
        if line and isinstance(line[-1], str):
            line[-1] += text
        elif text:
            line.append(text)
        if newline:
            break
    return line


class _Compiler(Struct):
    name: str
    style: FormatStyle
    datefmt: str
    dated: bool
    pieces: list[Piece] = field(default_factory=list)
    time: list[TimeToken] = field(default_factory=list)
    levels: Mapping[str, str] = field(default_factory=dict)
    taken: set[Slot] = field(default_factory=set)
    weight: int = 0
    utc: bool = False

    def run(self, parts: list[str | FormatField]) -> TextFormat:
        kinds = [kind_of(p, self.style) if isinstance(p, FormatField) else None for p in parts]
        if FormatFieldKind.MESSAGE not in kinds:
            raise LogFormatError("the format shows no message on its first line.", "Add {message}.")
        if kinds.count(FormatFieldKind.MESSAGE) > 1:
            raise LogFormatError("the format shows the message twice on its first line.", "Show it once.")
        end = kinds.index(FormatFieldKind.MESSAGE)
        names = [p.name for p in parts if isinstance(p, FormatField)]
        module = module_field(names, self.style)
        head = self._pieces(parts[:end], kinds[:end], module)
        if not self.time:
            late = any(k in _TIME_KINDS for k in kinds[end:])
            raise LogFormatError(
                "the written time must come before the message." if late else "the format needs a date.",
                "Records are told apart by the time they begin with; add {time} or %(asctime)s.",
            )
        require_whole(self.time, date=self.dated)
        time, weight = tuple(self.time), self.weight
        tail = self._pieces(parts[end + 1 :], kinds[end + 1 :], module)
        message = parts[end]
        spec = message.spec if isinstance(message, FormatField) else Spec()
        return TextFormat(
            name=self.name,
            specificity=weight + bool(tail),
            pieces=tuple(_open_ended(head)),
            tail=tuple(tail),
            time=time,
            utc=self.utc,
            levels=tuple(self.levels.items()),
            fill=spec.fill if spec.align else "",
        )

    def _pieces(
        self, parts: list[str | FormatField], kinds: list[FormatFieldKind | None], module: str
    ) -> list[Piece]:
        self.pieces = []
        at = 0
        while at < len(parts):
            part, kind = parts[at], kinds[at]
            if isinstance(part, str):
                self._literal(part)
            elif kind in _TIME_KINDS:
                at, rest = self._times(parts, kinds, at)
                self._literal(rest)
            elif kind is not None:
                following = next((p for p in parts[at + 1 : at + 2] if isinstance(p, str)), "")
                self._field(part, kind, following, module)
            at += 1
        return self.pieces

    def _literal(self, text: str) -> None:
        if text:
            self.weight += len(text) - text.count(" ")
            self.pieces.append(Piece(re.escape(text), shape=tuple(text), fixed=True))

    def _field(self, part: FormatField, kind: FormatFieldKind, following: str, module: str) -> None:
        look = pattern_of(kind, self.style, following)
        slot = look.slot if look.slot is not Slot.MODULE or part.name == module else None
        if slot in self.taken:
            slot = None
        if slot is not None:
            self.taken.add(slot)
        self.weight += look.weight
        strict = ""
        if slot is Slot.LEVEL:
            self.levels = usual_levels(kind, part.spec.cut)
            strict = usual_regex(self.levels, kind, self.style)
        before, after = _padding(part.spec, look, level=slot is Slot.LEVEL)
        if after and part.spec.fill != " ":
            look = replace(look, regex=_LAZY.sub(r"\1?", look.regex))
        self.pieces.append(
            Piece(
                look.regex,
                slot,
                before + look.before,
                look.after + after,
                strict,
                () if before or look.before else look.shape,
            )
        )

    def _times(
        self, parts: list[str | FormatField], kinds: list[FormatFieldKind | None], at: int
    ) -> tuple[int, str]:
        """One piece for time fields that only literals part; where it ends, and the text after it."""
        last = at
        for index in range(at, len(parts)):
            if kinds[index] in _TIME_KINDS:
                last = index
            elif kinds[index] is not None:
                break
        tokens: list[TimeToken] = []
        before = after = ""
        for part, kind in zip(parts[at : last + 1], kinds[at : last + 1], strict=True):
            if isinstance(part, str):
                tokens, rest = with_zulu(tokens, part)
                tokens += [literal(rest)] if rest else []
            else:
                before, after = _time_padding(part, before, after)
                tokens += self._time_field(part, kind)
        rest = ""
        if isinstance(following := next(iter(parts[last + 1 : last + 2]), None), str):
            tokens, rest = with_zulu(tokens, following)
            last += 1
        self.time += [literal("\n"), *tokens] if self.time else tokens
        self.pieces.append(_time_piece(tokens, before, after))
        return last, rest

    def _time_field(self, part: FormatField, kind: FormatFieldKind | None) -> tuple[TimeToken, ...]:
        if kind is FormatFieldKind.MSECS:
            three = part.spec.width == 3 and part.spec.fill == "0" and part.spec.kind in ("d", "f", "i", "")  # noqa: PLR2004 - milliseconds
            return (digits(3, TimeRole.FRACTION) if three else _MSECS,)
        if kind is FormatFieldKind.CREATED:
            return (_CREATED,)
        if kind is FormatFieldKind.ASCTIME:
            return asctime(self.datefmt).tokens
        if "!" in part.token.partition(":")[0]:
            raise LogFormatError(f"{part.token}: a converted time has no fixed layout.", "Write {time:…}.")
        written: TimeFormat = loguru_time(part.spec.raw)
        self.utc = self.utc or written.utc
        return written.tokens


def _time_padding(part: FormatField, before: str, after: str) -> tuple[str, str]:
    if part.spec.align and not part.token.startswith("{time"):
        return f" {{0,{_PADDING}}}", f" {{0,{_PADDING}}}"
    return before, after


def _time_piece(tokens: list[TimeToken], before: str, after: str) -> Piece:
    shape: list[str] = []
    fixed = not before and not after
    for token in tokens:
        shape += token.shape
        if not token.fixed:
            fixed = False
            break
    return Piece(
        "".join(f"(?:{t.regex})" if "|" in t.regex else t.regex for t in tokens),
        Slot.STAMP,
        before,
        after,
        shape=() if before else tuple(shape),
        fixed=fixed,
        tag=" ".join(t.role or "" for t in tokens),
    )


def _padding(spec: Spec, look: FieldPattern, *, level: bool) -> tuple[str, str]:
    """Regexes of the padding on both sides. A level may be padded whatever the format says."""
    most = max(spec.width, _PADDING)
    some = f"{re.escape(spec.fill)}{{0,{most}}}" if spec.align and not _zeros(spec, look) else ""
    align = (">" if look.numeric else "<") if spec.align == "?" else spec.align
    before = some if align in (">", "^", "=") else ""
    after = some if align in ("<", "^") else ""
    return before, after or (f" {{0,{_PADDING}}}" if level else "")


def _zeros(spec: Spec, look: FieldPattern) -> bool:
    """Leading zeros belong to the number."""
    return look.numeric and spec.fill == "0"


def _open_ended(pieces: list[Piece]) -> list[Piece]:
    """An empty message may have lost the space before it to an editor that trims lines."""
    if not pieces or pieces[-1].slot is not None or not pieces[-1].fixed or pieces[-1].shape[-1] != " ":
        return pieces
    last = pieces[-1]
    trimmed = last.regex.removesuffix("\\ ")
    return [*pieces[:-1], replace(last, regex=rf"{trimmed}(?: |\r?\Z)", shape=last.shape[:-1], fixed=False)]
