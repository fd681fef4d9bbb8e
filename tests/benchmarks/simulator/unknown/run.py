"""Scans the folders of unknown bots and counts how often that is right."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from program import run

from simulator.rates import rate, table
from simulator.unknown.bots import Unknown, draw
from simulator.unknown.speech import LANGUAGES, WORDINGS
from simulator.unknown.tables import KINDS
from simulator.unknown.verdict import Judged, Outcome, judge
from simulator.write import store

_WANTED: Final = 0.85
_LISTED: Final = 12


def judged(seed: int, index: int, keep: Path | None = None) -> Judged:
    """One folder from its seed to its outcome; its files stay where ``keep`` names a folder."""
    case = draw(seed, index)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) if keep is None else keep / f"{index:04d}"
        store(case.files, folder / "logs")
        return _scanned(case, folder)


def _scanned(case: Unknown, folder: Path) -> Judged:
    try:
        done = run(folder, "scan", "logs", "--no-cache", "--quiet", "--output-format", "json")
        return judge(case, done.returncode, json.loads(done.stdout))
    except Exception as error:  # noqa: BLE001 - a crash is a result
        return Judged(case.index, case.traits, Outcome.WRONG, (f"{type(error).__name__}: {error}",))


def outcomes(seed: int, indexes: Iterable[int], keep: Path | None, jobs: int) -> Iterator[Judged]:
    """The outcomes of many folders, in order."""
    work = partial(judged, seed, keep=keep)
    if jobs == 1:
        yield from map(work, indexes)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, indexes, chunksize=10)


def page(found: Sequence[Judged], command: str) -> str:
    """The outcomes as Markdown."""
    right = rate(one.outcome is Outcome.RIGHT for one in found)
    safe = rate(one.outcome is not Outcome.WRONG for one in found)
    figures = (
        ("right or abstained", safe.text(), "100 %", "yes" if safe.share == 1 else "**no**"),
        ("right", right.text(), f"≥ {100 * _WANTED:g} %", "yes" if right.share >= _WANTED else "**no**"),
    )
    parts = [
        f"`{command} --cases {len(found)}`: {len(found):,} folders.",
        table(("figure", "measured (95 % interval)", "wanted", "met"), figures),
        table(("ledger", "right", "abstained", "wrong"), (_counts(found, kind) for kind in KINDS)),
        table(("language", "right", "abstained", "wrong"), (_counts(found, name) for name in LANGUAGES)),
        table(
            ("close line", "right", "abstained", "wrong"),
            (_counts(found, w.text, code=True) for w in WORDINGS),
        ),
    ]
    bad = [one for outcome in (Outcome.WRONG, Outcome.ABSTAINED) for one in found if one.outcome is outcome]
    listed = [
        f"- {one.outcome}: `{command} --case {one.index}`: {'; '.join(one.why[:3])}" for one in bad[:_LISTED]
    ]
    return "\n\n".join([*parts, "\n".join(listed)] if listed else parts) + "\n"


def _counts(found: Sequence[Judged], trait: str, *, code: bool = False) -> tuple[str, ...]:
    some = [one.outcome for one in found if trait in one.traits]
    name = f"`{trait}`".replace("|", "\\|") if code else trait
    return name, *(str(some.count(outcome) or "") for outcome in Outcome)
