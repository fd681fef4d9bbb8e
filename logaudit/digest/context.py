"""Keeps what was logged around each close, as emitters and message templates: the chain is learned from it."""

from __future__ import annotations

import re
from collections import deque
from typing import Final

from logaudit.digest.types import Context, Neighbour
from logaudit.model.events import Emitter
from logaudit.model.stamp import SECOND, Stamp
from logaudit.records import Record

#: A record that names the close's symbol belongs to its surroundings within this time, µs …
REACH: Final = 5 * SECOND
#: … and any other record within this.
NEAR: Final = 2 * SECOND
#: Records kept on either side, the nearest ones.
MOST: Final = 400
_TEMPLATE: Final = 160

_NUMBER: Final = re.compile(r"[+-]?\d+(?:[.,:]\d+)*")
_SIDE: Final = re.compile(r"\b(?:long|short|buy|sell)\b", re.IGNORECASE)


def template(message: str, symbol: str) -> str:
    """A message with what changes from call to call masked: the symbol, sides and numbers."""
    text = message[: _TEMPLATE * 2]
    if symbol:
        text = text.replace(symbol, "{symbol}")
    return _NUMBER.sub("#", _SIDE.sub("{side}", text)).strip()[:_TEMPLATE]


class ContextKeeper:
    """Watches the records go by; knows the last few, and collects after a close until it is far."""

    def __init__(self) -> None:
        self._recent: deque[Record] = deque(maxlen=MOST)
        self._pending: list[_Draft] = []
        self._done: list[Context] = []
        self._dropped = 0

    def record(self, record: Record) -> None:
        """A record, before `close` is called for it."""
        if self._pending:
            self._collect(record)
        if len(self._recent) == MOST:
            self._dropped = self._recent[0].stamp.us
        self._recent.append(record)

    def close(self, record: Record, symbol: str) -> None:
        """The record just given states a close of ``symbol``."""
        before: list[Neighbour] = []
        complete = self._dropped > 0
        for other in reversed(self._recent):
            if other is record:
                continue
            if record.stamp.us - other.stamp.us > REACH:
                complete = True
                break
            if (found := _neighbour(other, record.stamp, symbol)) is not None:
                before.append(found)
        self._pending.append(_Draft(record, symbol, before[::-1], cut_before=not complete))

    def finish(self) -> tuple[Context, ...]:
        """The contexts in file order; those still being collected are cut by the source's end."""
        self._done += [draft.context(cut_after=True) for draft in self._pending]
        self._pending = []
        return tuple(sorted(self._done, key=lambda c: c.record))

    def _collect(self, record: Record) -> None:
        still: list[_Draft] = []
        for draft in self._pending:
            if record.stamp.us - draft.record.stamp.us > REACH or len(draft.after) >= MOST:
                self._done.append(draft.context(cut_after=False))
                continue
            if (found := _neighbour(record, draft.record.stamp, draft.symbol)) is not None:
                draft.after.append(found)
            still.append(draft)
        self._pending = still


class _Draft:
    """A context whose second half is still being read."""

    def __init__(self, record: Record, symbol: str, before: list[Neighbour], *, cut_before: bool) -> None:
        self.record = record
        self.symbol = symbol
        self.before = before
        self.after: list[Neighbour] = []
        self.cut_before = cut_before

    def context(self, *, cut_after: bool) -> Context:
        return Context(self.record.seq, tuple(self.before), tuple(self.after), self.cut_before, cut_after)


def _neighbour(record: Record, close: Stamp, symbol: str) -> Neighbour | None:
    delta = record.stamp.us - close.us
    if abs(delta) > NEAR and (not symbol or symbol not in record.text):
        return None
    head = record.head
    emitter = Emitter(head.module, head.function)
    return Neighbour(
        emitter.path, head.level, template(head.message, symbol), delta, record.line, record.offset
    )
