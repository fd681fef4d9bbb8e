"""Keeps what was logged around closes, as `logaudit.digest.context` does, from many records at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from logaudit.digest.batch import Batch
from logaudit.digest.columns import Ints
from logaudit.digest.context import (
    LOOKED_AT,
    MOST,
    NEAR,
    REACH,
    ContextKeeper,
    Draft,
    Nearby,
    masked,
    neighbour,
    template,
)
from logaudit.digest.heads import Heads
from logaudit.digest.native import squeezed
from logaudit.digest.types import Neighbour
from logaudit.model.text import may_hold_credential
from logaudit.records import LINE_LIMIT, Record

_MOST_TEMPLATES: Final = 50_000
#: A named tuple made of a plain one, without a call of its own `__new__`.
_new: Final = tuple.__new__
_RETURN: Final = 13


class Templates:
    """Messages as templates; those that differ in their digits alone are masked once."""

    def __init__(self) -> None:
        self._known: dict[str, dict[bytes, str]] = {}

    def of(self, data: bytearray, starts: Ints, ends: Ints, symbol: str) -> list[str]:
        """As `template` of the text of each of some parts."""
        if any(map(str.isdigit, symbol)):
            return [
                template(_text(bytes(data[a:b])), symbol)
                for a, b in zip(starts.tolist(), ends.tolist(), strict=True)
            ]
        keys = squeezed(data, starts, ends, LOOKED_AT)
        found = list(map(self._known.setdefault(symbol, {}).get, keys))
        return [
            self._learn(bytes(data[starts[i] : ends[i]]), keys[i], symbol) if text is None else text
            for i, text in enumerate(found)
        ]

    def _learn(self, message: bytes, key: bytes, symbol: str) -> str:
        text = _text(message)
        # What is redacted depends on how long it is; what is no UTF-8 is cut elsewhere.
        if may_hold_credential(text):
            return template(text, symbol)
        shown = masked(text, symbol)
        if "\N{REPLACEMENT CHARACTER}" not in text:
            if sum(map(len, self._known.values())) >= _MOST_TEMPLATES:
                self._known.clear()
            self._known.setdefault(symbol, {})[key] = shown
        return shown


def _text(message: bytes) -> str:
    """As much of a message as its template is made of, each character of up to four bytes."""
    return message[: 4 * LOOKED_AT].decode("utf-8", "replace")[:LOOKED_AT]


class BatchKeeper(ContextKeeper):
    """Collects the surroundings of closes batch by batch; `Past` has what was before a batch."""

    def __init__(self, heads: Heads, templates: Templates) -> None:
        """``heads`` says what the numbers of a batch's lines mean."""
        super().__init__()
        self._heads = heads
        self._templates = templates

    def go_on(self, batch: Batch) -> None:
        """The next batch, before `close_in` is called for any of its records."""
        self._pending = [draft for draft in self._pending if not self._ended(draft, batch, 0)]

    def close_in(self, batch: Batch, index: int, record: Record, symbol: str, past: Iterable[Nearby]) -> None:
        """A record of the batch that states a close of ``symbol``; ``past`` is what was before the batch."""
        us = record.stamp.us
        first = max(index - MOST + 1, 0)
        far = np.flatnonzero(us - batch.us[first:index] > REACH)
        if len(far):
            first += int(far[-1]) + 1
        complete = bool(len(far)) or index >= MOST
        before: list[Neighbour] = []
        if not complete:
            older, complete = self._earlier(past, us, symbol, index + 1)
            before += older[::-1]
        before += self._neighbours(batch, first, index, us, symbol)
        draft = Draft(record.seq, us, symbol, before, cut_before=not complete)
        if not self._ended(draft, batch, index + 1):
            self._pending.append(draft)

    def _ended(self, draft: Draft, batch: Batch, start: int) -> bool:
        """Shows a draft the records of the batch from ``start`` on; whether that completes it."""
        count = len(batch.opens)
        room = MOST - len(draft.after)
        if start >= count:
            return False
        far = batch.us[start:] - draft.us > REACH
        stop = start + int(far.argmax())
        ended = bool(far[stop - start])
        if not ended:
            stop = count
        found = self._neighbours(batch, start, stop, draft.us, draft.symbol, room)
        draft.after += found
        if len(found) == room:
            # One more record than there is room for shows that the context is whole.
            ended = ended or not room or found[-1].line < batch.stretch.line + int(batch.opens[-1])
        if ended:
            self._done.append(draft.context(cut_after=False))
        return ended

    def _neighbours(
        self, batch: Batch, start: int, stop: int, us: int, symbol: str, most: int = MOST
    ) -> list[Neighbour]:
        """Those of the records that belong to a close at ``us``, in their order."""
        deltas = batch.us[start:stop] - us
        near = np.abs(deltas) <= NEAR
        if symbol and not near.all():
            near |= batch.holding(start, stop, symbol, ~near)
        chosen = np.flatnonzero(near)[:most]
        return self._shown(batch, batch.opens[start:stop][chosen], deltas[chosen], symbol)

    def _shown(self, batch: Batch, lines: Ints, deltas: Ints, symbol: str) -> list[Neighbour]:
        """The records that begin with these lines, so many µs after a close of ``symbol``."""
        stretch = batch.stretch
        starts, ends = stretch.lines.starts[lines], stretch.lines.ends[lines]
        facts = [self._heads[head] for head in stretch.lines.heads[lines].tolist()]
        sizes = np.array([fact.size for fact in facts], np.int64)
        # Others are looked at one by one.
        known = (sizes > 0) & (ends - starts <= LINE_LIMIT)
        stops = _without_returns(stretch.data, starts, ends)
        begins = np.where(known, np.minimum(starts + sizes, stops), stops)
        shown = self._templates.of(stretch.data, begins, stops, symbol)
        rows = zip(
            facts, shown, known.tolist(), lines.tolist(), starts.tolist(), deltas.tolist(), strict=True
        )
        number, offset = stretch.line, stretch.offset
        return [
            _new(Neighbour, (fact.emitter, fact.level, text, delta, number + line, offset + start))
            if plain
            else neighbour(stretch.head(line), delta, symbol, number + line, offset + start)
            for fact, text, plain, line, start, delta in rows
        ]


def _without_returns(data: bytearray, starts: Ints, ends: Ints) -> Ints:
    """Where lines end without their carriage returns."""
    text = np.frombuffer(data, np.uint8)
    ends = ends.copy()
    while (more := (text[ends - 1] == _RETURN) & (ends > starts)).any():
        ends -= more
    return ends
