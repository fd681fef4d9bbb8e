"""What was asked for, and whether it was met: honestly, from the medians that the tables show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from figures import exponent, ratio
from record import Comparison, Results

MOST_MEMORY: Final = 600_000_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """One target.

    Attributes:
        asked: the figure as text; got likewise, empty where nothing was measured.
        met: nothing where it was not measured.
    """

    what: str
    asked: str
    got: str = ""
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class _Share:
    """A target on the ratio of two medians of one comparison."""

    comparison: str
    part: str
    whole: str
    most: float
    what: str


SHARES: Final = (
    _Share("corpus", "cold", "search", 0.33, "cold scan ÷ `unzip -p … \\| rg -c`, generated corpus"),
    _Share("corpus", "cold", "lnav-whole", 0.15, "cold scan ÷ `lnav -n` loading all, generated corpus"),
    _Share("corpus", "cold", "lnav", 0.15, "the same ÷ `lnav -n` as it is, which loads a part"),
    _Share("real", "cold", "search", 0.5, "cold scan ÷ `unzip -p … \\| rg -c`, real sessions"),
    _Share("corpus", "warm", "cold", 0.05, "warm scan ÷ cold scan"),
    _Share("corpus", "changed", "cold", 0.10, "one archive changed ÷ cold scan"),
    _Share("start", "version", "import", 2.0, "`logaudit --version` ÷ importing typer and rich"),
    _Share("corpus", "cold", "floor", 2.0, "further aim: cold scan ÷ inflating alone"),
)


def verdicts(results: Results) -> Iterator[Verdict]:
    """All targets."""
    for share in SHARES:
        yield _share(results, share)
    yield _seed(results)
    yield _exponent(results)
    yield _memory(results)


def grown(comparison: Comparison | None) -> Sequence[tuple[float, float]]:
    """Bytes of text and seconds of each size that was measured."""
    series = comparison.series.values() if comparison else ()
    return [(float(s.text), s.time.median) for s in series if s.time is not None]


def _share(results: Results, share: _Share) -> Verdict:
    asked = f"≤ {share.most:g}"
    comparison = results.comparisons.get(share.comparison)
    got = ratio(comparison.time(share.part), comparison.time(share.whole)) if comparison else None
    return (
        Verdict(share.what, asked)
        if got is None
        else Verdict(share.what, asked, f"{got:.3f}", got <= share.most)
    )


def _seed(results: Results) -> Verdict:
    what, asked = "scan of the seed fixture, whole process", "< 1.0 s"
    comparison = results.comparisons.get("start")
    time = comparison.time("seed") if comparison else None
    return (
        Verdict(what, asked)
        if time is None
        else Verdict(what, asked, f"{time.median:.2f} s", time.median < 1)
    )


def _exponent(results: Results) -> Verdict:
    points = grown(results.comparisons.get("growth"))
    sizes = f"{min(points)[0] / 1e9:.1f} to {max(points)[0] / 1e9:.1f} GB" if points else "0.1 to 5 GB"
    what, asked = f"exponent of time over size, {sizes}", "≤ 1.05"
    got = exponent(points)
    return Verdict(what, asked) if got is None else Verdict(what, asked, f"{got:.3f}", got <= 1.05)


def _memory(results: Results) -> Verdict:
    what, asked = "peak memory of all processes together, in every scan", "< 600 MB"
    peaks = [
        series.peak
        for comparison in results.comparisons.values()
        for series in comparison.series.values()
        if series.peak is not None and series.ours
    ]
    if not peaks:
        return Verdict(what, asked)
    return Verdict(what, asked, f"{max(peaks) / 1e6:.0f} MB", max(peaks) < MOST_MEMORY)
