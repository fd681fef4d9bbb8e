"""The tables as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from figures import exponent, ratio
from record import Comparison, Results, Series
from targets import Verdict, grown, verdicts

BEGIN: Final = "<!-- written by tests/benchmarks/run.py: begin -->"
END: Final = "<!-- written by tests/benchmarks/run.py: end -->"
_HEADINGS: Final = {
    "corpus": "Generated corpus",
    "real": "Real sessions",
    "start": "Start-up",
    "growth": "Growth",
    "plain": "One large file",
}
#: By which contender each comparison's times are divided in the last column.
_BASES: Final = {"corpus": "search", "real": "search", "start": "import", "plain": "rg"}


def page(results: Results) -> str:
    """Everything that was measured, with the machine and the commands."""
    lines = [f"- {results.machine}", f"- {results.software}", ""] if results.machine else []
    lines += ["### Targets", "", *_targets(list(verdicts(results))), ""]
    for key, heading in _HEADINGS.items():
        if (comparison := results.comparisons.get(key)) is not None:
            lines += [f"### {heading}", "", f"{comparison.about}. {_origin(comparison)}", ""]
            lines += [*_table(comparison, _BASES.get(key)), ""]
            if key == "growth":
                lines += [*_growth(comparison), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def insert(document: str, made: str, begin: str = BEGIN, end: str = END) -> str:
    """The document with ``made`` between its markers.

    Raises:
        ValueError: it has no such markers.
    """
    head, opened, rest = document.partition(begin)
    _, closed, tail = rest.partition(end)
    if not opened or not closed:
        raise ValueError(f"the document lacks {begin} and {end}")
    return f"{head}{begin}\n\n{made}\n{end}{tail}"


def _origin(comparison: Comparison) -> str:
    return f"Measured {comparison.day} by `{comparison.command}`, logaudit {comparison.state}."


def _targets(found: list[Verdict]) -> Iterator[str]:
    yield "| target | asked | measured | met |"
    yield "| --- | --- | --- | --- |"
    words: Mapping[bool | None, str] = {True: "yes", False: "**no**", None: "not measured"}
    for verdict in found:
        yield f"| {verdict.what} | {verdict.asked} | {verdict.got or '–'} | {words[verdict.met]} |"


def _table(comparison: Comparison, base: str | None) -> Iterator[str]:
    whole = comparison.series.get(base) if base else None
    by = f" | ÷ {whole.title} |" if whole else " |"
    yield f"| | median s | min – max s | runs | CPU s | MB/s | peak MB{by}"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---:" + (" | ---: |" if whole else " |")
    for series in comparison.series.values():
        yield _row(series, whole)


def _row(series: Series, whole: Series | None) -> str:
    last = [_number(ratio(series.time, whole.time), 3)] if whole else []
    time = series.time
    if time is None:
        return f"| {series.title} | {series.absent or 'not run'} |" + " |" * (5 + len(last))
    cells = [
        f"{series.title}{_share(series)}",
        _number(time.median, 2),
        f"{time.low:.2f} – {time.high:.2f}",
        str(time.count),
        _number(series.work.median if series.work else None, 2),
        _number(series.text / 1e6 / time.median if series.text else None, 0),
        _number(None if series.peak is None else series.peak / 1e6, 0),
        *last,
    ]
    return f"| {' | '.join(cells)} |"


def _share(series: Series) -> str:
    """How much of what there is was printed."""
    if series.printed is None or not series.lines:
        return ""
    return f" (prints {100 * series.printed / series.lines:.0f} % of the lines)"


def _growth(comparison: Comparison) -> Iterator[str]:
    points = grown(comparison)
    power, last = exponent(points), exponent(sorted(points)[-2:])
    if power is not None and last is not None:
        yield f"Time grows with size to the power of {power:.3f} (least squares on the logarithms of both);"
        # Starting up takes its share of the small sizes, which makes the growth look slower than it is.
        yield f"between the two largest sizes alone, {last:.3f}."
    held = [(s.text, s.peak) for s in comparison.series.values() if s.peak is not None and s.text]
    if len(held) > 1:
        (small, least), (large, most) = min(held), max(held)
        times = f"{large / small:.0f} times the text takes {most / least:.2f} times the memory"
        yield f"{times} ({least / 1e6:.0f} MB, {most / 1e6:.0f} MB)."


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}"
