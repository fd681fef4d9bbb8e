"""Keeps what was logged around closes, as `logaudit.digest.context` does, from many records at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from logaudit.digest.batch import Batch
from logaudit.digest.context import MOST, NEAR, REACH, ContextKeeper, Draft, Nearby, neighbour, template
from logaudit.digest.heads import Heads
from logaudit.digest.types import Neighbour
from logaudit.model.text import may_hold_credential
from logaudit.records import LINE_LIMIT, Record

#: Messages up to so many bytes are recognised once they are masked; longer ones may be cut before that.
_SHORT: Final = 300
_MOST_TEMPLATES: Final = 50_000
#: A named tuple made of a plain one, without a call of its own `__new__`.
_new: Final = tuple.__new__
_ONE_DIGIT: Final = bytes.maketrans(b"123456789", b"000000000")


class Templates:
    """Messages as templates; those that differ in their digits alone are masked once."""

    def __init__(self) -> None:
        self._known: dict[tuple[bytes, str], str] = {}

    def of(self, message: bytes, symbol: str) -> str:
        """As `template` of the message's text."""
        if len(message) > _SHORT or any(map(str.isdigit, symbol)):
            # No template shows more than its first characters, each of up to four bytes.
            return template(message[: 8 * _SHORT].decode("utf-8", "replace"), symbol)
        key = message.translate(_ONE_DIGIT)
        while b"00" in key:
            key = key.replace(b"0000", b"0").replace(b"00", b"0")
        known = self._known.get((key, symbol))
        if known is None:
            text = message.decode("utf-8", "replace")
            known = template(text, symbol)
            # What is redacted depends on how long it is.
            if not may_hold_credential(text):
                if len(self._known) >= _MOST_TEMPLATES:
                    self._known.clear()
                self._known[key, symbol] = known
        return known


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
        lines = batch.opens[start:stop][chosen]
        known = batch.stretch.lines
        return [
            self._neighbour(batch, *place, symbol)
            for place in zip(
                lines.tolist(),
                known.starts[lines].tolist(),
                known.ends[lines].tolist(),
                known.heads[lines].tolist(),
                deltas[chosen].tolist(),
                strict=True,
            )
        ]

    def _neighbour(
        self, batch: Batch, line: int, start: int, end: int, head: int, delta: int, symbol: str
    ) -> Neighbour:
        fact = self._heads[head]
        stretch = batch.stretch
        if not fact.size or end - start > LINE_LIMIT:
            place = stretch.line + line, stretch.offset + start
            return neighbour(stretch.head(line), delta, symbol, *place)
        message = stretch.part(start + fact.size, end).rstrip(b"\r")
        shown = self._templates.of(message, symbol)
        return _new(
            Neighbour,
            (fact.emitter, fact.level, shown, delta, stretch.line + line, stretch.offset + start),
        )
