"""Keeps what was logged around closes, as `logaudit.ingest.context` does, from many records at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from logaudit.core.secrets import suspect_texts
from logaudit.ingest.context import (
    FEW,
    LOOKED_AT,
    MOST,
    NEAR,
    REACH,
    ContextCollector,
    ContextDraft,
    ContextRecord,
    masked,
    nearby_record,
    template,
)
from logaudit.ingest.records import LINE_LIMIT, Record
from logaudit.ingest.source_extract import NearbyRecord
from logaudit.ingest.vectorized.columns import Ints
from logaudit.ingest.vectorized.native import squeezed
from logaudit.ingest.vectorized.prefix_ids import PrefixIds
from logaudit.ingest.vectorized.record_batch import RecordBatch
from logaudit.ingest.vectorized.shown_records import ShownRecords

_MOST_TEMPLATES: Final = 50_000
#: So many records are looked through at a time for those that belong to a close.
_STEP: Final = 1_024
#: Records that are looked at together for the end of a close's surroundings.
_LOOK: Final = 1_024
_NOTHING: Final[dict[bytes, str]] = {}
#: A named tuple made of a plain one, without a call of its own `__new__`.
_new: Final = tuple.__new__
_RETURN: Final = 13
_UNREADABLE: Final = "\N{REPLACEMENT CHARACTER}"


class Templates:
    """Messages as templates; those that differ in their digits alone are masked once."""

    def __init__(self) -> None:
        self._by_symbol: dict[str, dict[bytes, str]] = {}
        self._count = 0

    def of(self, data: bytearray, starts: Ints, ends: Ints, symbol: str) -> list[str]:
        """As `template` of the text of each of some parts; those without the symbol share what they are without one."""
        if not symbol:
            return self._masked(data, starts, ends, "")
        written, places = symbol.encode(), zip(starts.tolist(), ends.tolist(), strict=True)
        holds = [data.find(written, a, b) >= 0 for a, b in places]
        plain = [i for i, held in enumerate(holds) if not held]
        known = dict(zip(plain, self._masked(data, starts[plain], ends[plain], ""), strict=True))
        # What is redacted, or no UTF-8, may hold the symbol as well.
        named = [i for i, held in enumerate(holds) if held or "«" in known[i] or _UNREADABLE in known[i]]
        if any(map(str.isdigit, symbol)):  # those that differ in digits may differ in the symbol
            texts = [template(_text(bytes(data[starts[i] : ends[i]])), symbol) for i in named]
        else:
            texts = self._masked(data, starts[named], ends[named], symbol)
        known.update(zip(named, texts, strict=True))
        return [known[i] for i in range(len(holds))]

    def _masked(self, data: bytearray, starts: Ints, ends: Ints, symbol: str) -> list[str]:
        keys = squeezed(data, starts, ends, LOOKED_AT)
        found = list(map(self._by_symbol.get(symbol, _NOTHING).get, keys))
        fresh = {i: _text(bytes(data[starts[i] : ends[i]])) for i, text in enumerate(found) if text is None}
        suspect = frozenset(suspect_texts([*fresh.values()])) if fresh else ()
        learned = {
            i: self._learn(text, keys[i], symbol, suspect=text in suspect) for i, text in fresh.items()
        }
        return [learned[i] if text is None else text for i, text in enumerate(found)]

    def _learn(self, text: str, key: bytes, symbol: str, *, suspect: bool) -> str:
        # What is redacted depends on how long it is; what is no UTF-8 is cut elsewhere.
        if suspect:
            return template(text, symbol)
        shown = masked(text, symbol)
        if _UNREADABLE not in text:
            if self._count >= _MOST_TEMPLATES:
                self._by_symbol.clear()
                self._count = 0
            self._by_symbol.setdefault(symbol, {})[key] = shown
            self._count += 1
        return shown


def _text(message: bytes) -> str:
    """As much of a message as its template is made of, each character of up to four bytes."""
    return message[: 4 * LOOKED_AT].decode("utf-8", "replace")[:LOOKED_AT]


class BatchContextCollector(ContextCollector):
    """Collects the surroundings of closes batch by batch; `RecordHistory` has what was before a batch."""

    def __init__(self, heads: PrefixIds, templates: Templates) -> None:
        """``heads`` says what the numbers of a batch's lines mean."""
        super().__init__()
        self._heads = heads
        self._templates = templates
        self._shown = ShownRecords(self._template_shown)

    def go_on(self, batch: RecordBatch) -> None:
        """The next batch, before `close_in` is called for any of its records."""
        self._shown.forget()
        self._pending = [draft for draft in self._pending if not self._ended(draft, batch, 0)]

    def close_in(
        self, batch: RecordBatch, index: int, record: Record, symbol: str, past: Iterable[ContextRecord]
    ) -> None:
        """A record of the batch that states a close of ``symbol``; ``past`` is what was before the batch."""
        us = record.stamp.us
        room = self._crowd.room(us)
        first = max(index - MOST + 1, 0)
        far = np.flatnonzero(us - batch.us[first:index] > REACH)
        if len(far):
            first += int(far[-1]) + 1
        complete = bool(len(far)) or index >= MOST
        before = self._neighbours(batch, first, index, us, symbol, -room - 1)
        if not complete and len(before) <= room:
            older, complete = self._earlier(past, us, symbol, index + 1, room - len(before))
            before = older[::-1] + before
        draft = ContextDraft(record.seq, us, symbol, room, before, cut_before=not complete)
        if not self._ended(draft, batch, index + 1):
            self._pending.append(draft)

    def _ended(self, draft: ContextDraft, batch: RecordBatch, start: int) -> bool:
        """Shows a draft the records of the batch from ``start`` on; whether that completes it."""
        count = len(batch.opens)
        room = draft.most - len(draft.after)
        if start >= count:
            return False
        stop = first_later(batch.us, start, draft.us + REACH)
        ended = stop < count
        found = self._neighbours(batch, start, stop, draft.us, draft.symbol, room)
        draft.after += found
        if len(found) == room:
            # One more record than there is room for shows that the context is whole.
            ended = ended or not room or found[-1].line < batch.chunk.line + int(batch.opens[-1])
        if ended:
            self._done.append(draft.context(cut_after=False))
        return ended

    def _neighbours(
        self, batch: RecordBatch, start: int, stop: int, us: int, symbol: str, most: int
    ) -> list[NearbyRecord]:
        """Those of the records that belong to a close at ``us``, in their order: the first ``most``, or the last."""
        left = abs(most)
        if left <= FEW + 1:
            low, high = (max(start, stop - left), stop) if most < 0 else (start, min(start + left, stop))
            deltas = [at - us for at in batch.us[low:high].tolist()]
            # Where closes are crowded so are other records: those next to it are the ones.
            if all(-NEAR <= delta <= NEAR for delta in deltas):
                return self._shown.of(batch, low, deltas, symbol)
        found: list[Ints] = []
        # Thousands may lie within reach, and the first hundreds be enough.
        steps = range(start, stop, _STEP)
        for low in reversed(steps) if most < 0 else steps:
            if not left:
                break
            high = min(low + _STEP, stop)
            near = np.abs(batch.us[low:high] - us) <= NEAR
            if symbol and not near.all():
                near |= batch.holding(low, high, symbol, ~near)
            chosen = np.flatnonzero(near)
            found.append(low + (chosen[-left:] if most < 0 else chosen[:left]))
            left -= len(found[-1])
        rows = np.concatenate(found[::-1] if most < 0 else found) if found else np.empty(0, np.int64)
        return self._template_shown(batch, batch.opens[rows], batch.us[rows] - us, symbol)

    def _template_shown(
        self, batch: RecordBatch, lines: Ints, deltas: Ints, symbol: str
    ) -> list[NearbyRecord]:
        """The records that begin with these lines, so many µs after a close of ``symbol``."""
        chunk = batch.chunk
        starts, ends = chunk.lines.starts[lines], chunk.lines.ends[lines]
        facts = [self._heads[head] for head in chunk.lines.heads[lines].tolist()]
        sizes = np.array([fact.size for fact in facts], np.int64)
        # Others are looked at one by one.
        known = (sizes > 0) & (ends - starts <= LINE_LIMIT)
        stops = _without_returns(chunk.data, starts, ends)
        begins = np.where(known, np.minimum(starts + sizes, stops), stops)
        shown = self._templates.of(chunk.data, begins, stops, symbol)
        rows = zip(
            facts, shown, known.tolist(), lines.tolist(), starts.tolist(), deltas.tolist(), strict=True
        )
        number, offset = chunk.line, chunk.offset
        return [
            _new(NearbyRecord, (fact.emitter, fact.level, text, delta, number + line, offset + start))
            if plain
            else nearby_record(chunk.head(line), delta, symbol, number + line, offset + start)
            for fact, text, plain, line, start, delta in rows
        ]


def first_later(us: Ints, start: int, limit: int) -> int:
    """The first place from ``start`` on of a time after ``limit``; the end without any.

    A close's surroundings end soon: of a long log not all that follows is looked at for each.
    """
    while start < len(us):
        later = us[start : start + _LOOK] > limit
        at = int(later.argmax())
        if later[at]:
            return start + at
        start += _LOOK
    return len(us)


def _without_returns(data: bytearray, starts: Ints, ends: Ints) -> Ints:
    """Where lines end without their carriage returns."""
    text = np.frombuffer(data, np.uint8)
    ends = ends.copy()
    while (more := (text[ends - 1] == _RETURN) & (ends > starts)).any():
        ends -= more
    return ends
