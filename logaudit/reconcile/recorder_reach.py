"""Which code paths that close positions reach which statements of the recorder, learned from acknowledgements."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from logaudit.core.events import Event
from logaudit.reconcile.claims import Claim

#: So many closes show what a path does.
_ENOUGH: Final = 3


class RecorderReach:
    """Tells whether a failure that names no symbol may be about a close.

    Args:
        claims: the closes; acks, failures: by index of a close. An index beyond the closes is something else.
    """

    def __init__(
        self,
        claims: Sequence[Claim],
        acks: Mapping[int, Sequence[Event]],
        failures: Mapping[int, Sequence[Event]],
    ) -> None:
        self._closes = Counter(_path(claim) for claim in claims)
        self._acked: dict[str, Counter[str]] = defaultdict(Counter)
        self._failed: dict[str, Counter[str]] = defaultdict(Counter)
        for found, counts in ((acks, self._acked), (failures, self._failed)):
            for c, events in found.items():
                for event in events if c < len(claims) else ():
                    counts[event.emitter.path][_path(claims[c])] += 1

    def may_speak_of(self, failure: Event, claim: Claim) -> bool:
        """False where its function acknowledges closes of other paths, and never one of this close's many.

        Several failures beside closes of the path show that it does reach the function.
        """
        function, path = failure.emitter.path, _path(claim)
        if failure.fields.symbol or not function or not path:
            return True
        acked = self._acked[function]
        if acked[path] or self._failed[function][path] > 1 or self._closes[path] < _ENOUGH:
            return True
        return acked.total() < _ENOUGH


def _path(claim: Claim) -> str:
    return claim.close.emitter.path
