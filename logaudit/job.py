"""One check from settings to outputs: settle, read, review, write everything whole, choose the exit code."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from logaudit import __version__
from logaudit.commands import Screen, cache, in_actions, options_of, say, scan, summary_line, write_file
from logaudit.config import Resolved, Settings, output, resolve
from logaudit.errors import ExitCode, NothingToJudgeError, UserError
from logaudit.files import check_targets, write_all
from logaudit.model.finding import Severity
from logaudit.model.outcome import Outcome
from logaudit.model.review import RulePage
from logaudit.options import ScanOptions
from logaudit.outputs import formats
from logaudit.review import Policy, create, exit_code, review, visible
from logaudit.sources.protect import refuse_inside_evidence

# ruff: noqa: PLC0415 - what few scans need loads when it is asked for

#: Formats in which a backslash would break what is written: JSON has an escape of its own.
_JSON = frozenset({"json", "jsonl", "sarif", "gitlab"})


class Work(Struct, frozen=True):
    """A check that is ready to run: everything in it has been checked."""

    resolved: Resolved
    options: ScanOptions
    policy: Policy
    targets: tuple[tuple[str, Path], ...]

    @property
    def reading(self) -> ScanOptions:
        """The options, and whether any output shows hashes."""
        forms = {self.resolved.settings.output_format, *(form for form, _ in self.targets)}
        return replace(self.options, sums=not forms.isdisjoint(formats.SHOW_SUMS))


def settle(flags: Mapping[str, object], config: str) -> Resolved:
    """The settings in force here; says what the user should know about them."""
    resolved = resolve(flags, os.environ, Path.cwd(), config)
    for note in resolved.notes:
        say(f"logaudit: {note}")
    return resolved


def check(resolved: Resolved, now: str = "") -> tuple[ScanOptions, Policy]:
    """Options and policy.

    Raises:
        UserError: a setting that cannot be used; says who set it.
    """
    chosen = options_of(resolved)
    local, name = _local(resolved.settings.tz)
    return chosen, Policy.of(resolved, _moment(now), local, name)


def prepare(flags: Mapping[str, object], config: str, now: str = "") -> Work:
    """Settles and checks everything that can be checked before reading.

    Raises:
        UserError: a wrong setting, or an output that cannot be written.
    """
    resolved = settle(flags, config)
    chosen, policy = check(resolved, now)
    pairs = [output(item, resolved.where("outputs")) for item in resolved.settings.outputs]
    targets = tuple((form, Path(name)) for form, name in pairs)
    refuse_inside_evidence([*(path for _, path in targets), *_step_summary()], resolved.settings.paths)
    check_targets(path for _, path in targets)
    return Work(resolved, chosen, policy, targets)


def check_writable(targets: Sequence[Path], scanned: Sequence[str]) -> None:
    """Checks files that are to be written, before anything is read.

    Raises:
        UserError: one of them is evidence, or cannot be written.
    """
    refuse_inside_evidence(targets, scanned)
    check_targets(targets)


def read(resolved: Resolved, *, sums: bool = False) -> Outcome:
    """The outcome of the settings' paths, not reviewed; hashes are sure to be there if ``sums`` are asked for."""
    return _scan(resolved.settings.paths, replace(options_of(resolved), sums=sums), resolved.settings)


def judged(work: Work) -> Outcome:
    """The outcome, reviewed.

    Raises:
        NothingToJudgeError: nothing readable; a job's step summary says so too.
    """
    try:
        outcome = _scan(work.resolved.settings.paths, work.reading, work.resolved.settings)
    except NothingToJudgeError as error:
        if in_actions():
            from logaudit.outputs import github, step_summary

            sys.stdout.write(github.failure(error.problem))
            _append_summary(step_summary.failure(error.problem, error.remedy))
        raise
    return review(outcome, work.policy)


def deliver(work: Work, outcome: Outcome) -> str:
    """Writes every output, whole or not at all, and returns what belongs on stdout."""
    settings = work.resolved.settings
    shown = visible(outcome)
    screen = Screen.of(sys.stdout, settings.color, verbose=settings.verbose)
    files = [
        (path, _render(shown, form, Screen.plain(verbose=settings.verbose))) for form, path in work.targets
    ]
    printed = _render(shown, settings.output_format, screen)
    write_all(files)
    if not in_actions():
        return printed
    from logaudit.outputs import github, step_summary

    _append_summary(step_summary.render(shown, max(step_summary.LIMIT - _used(), 0)))
    if settings.output_format == "github":
        return printed
    if settings.output_format in _JSON:
        return printed.replace("##[", "##\\u005b")
    more = "" if work.resolved.given("output-format") else github.render(shown)
    return github.harmless(printed) + more


def finish(work: Work, outcome: Outcome) -> int:
    """Says the summary line, and gives the exit code."""
    settings = work.resolved.settings
    if not settings.quiet:
        say(summary_line(outcome))
    return exit_code(outcome, zero=settings.exit_zero)


def write_baseline(flags: Mapping[str, object], config: str, target: str) -> None:
    """Scans with the settings' rules and suppressions, and writes what is kept as a baseline."""
    work = prepare({**flags, "outputs": [], "baseline": "", "max-age": "", "require-coverage": 0.0}, config)
    path = Path(target)
    check_writable([path], work.resolved.settings.paths)
    outcome = judged(work)
    write_file(path, create(outcome.findings, __version__))
    if not work.resolved.settings.quiet:
        say(f"logaudit: {path} knows {len(outcome.findings):,} findings; use it with --baseline {path}.")


def difference(
    flags: Mapping[str, object], config: str, sides: tuple[str, str], form: str, target: str
) -> tuple[str, int]:
    """What belongs on stdout, and the exit code; ``target`` is a file to write instead, or empty."""
    from logaudit.compare import compare, is_saved, of_outcome, saved
    from logaudit.outputs import diff_json, diff_text

    scanned = [side for side in sides if not is_saved(side)]
    given = {**flags, "paths": scanned, "outputs": [], "baseline": "", "max-age": "", "require-coverage": 0.0}
    resolved = settle(given, config)
    chosen, policy = check(resolved)
    settings = resolved.settings
    if target:
        check_writable([Path(target)], sides)
    bare = replace(chosen, sums=False)
    before, after = (
        saved(side) if is_saved(side) else of_outcome(review(_scan([side], bare, settings), policy), side)
        for side in sides
    )
    found = compare(before, after)
    screen = Screen.plain() if target else Screen.of(sys.stdout, settings.color)
    text = diff_json.render(found) if form == "json" else diff_text.render(
        found, color=screen.color, width=screen.width, unicode=screen.unicode, verbose=settings.verbose
    )  # fmt: skip
    limit = None if settings.fail_on == "never" else Severity(settings.fail_on)
    failed = limit is not None and any(known.severity.rank <= limit.rank for known in found.new)
    code = int(ExitCode.FINDINGS if failed else ExitCode.CLEAN)
    if target:
        write_file(Path(target), text)
        return "", code
    if in_actions():
        from logaudit.outputs import github

        text = text.replace("##[", "##\\u005b") if form == "json" else github.harmless(text)
    return text, code


def _rulebook() -> tuple[RulePage, ...]:
    from logaudit.rules.needs import rulebook

    return rulebook()


def _render(outcome: Outcome, form: str, screen: Screen) -> str:
    style = formats.Style(
        color=screen.color,
        width=screen.width,
        unicode=screen.unicode,
        verbose=screen.verbose,
        rulebook=_rulebook,
        command="logaudit scan",
    )
    return formats.render(outcome, form, style)


def _scan(paths: Sequence[str], chosen: ScanOptions, settings: Settings) -> Outcome:
    return scan(paths, chosen, quiet=settings.quiet, store=None if settings.no_cache else cache(settings))


def _step_summary() -> list[Path]:
    """The file that shows a page about this step; none outside of GitHub Actions."""
    name = os.environ.get("GITHUB_STEP_SUMMARY", "") if in_actions() else ""
    return [Path(name)] if name else []


def _append_summary(text: str) -> None:
    for path in _step_summary():
        try:
            with path.open("a", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except OSError as error:
            say(f"logaudit: the step summary {path} cannot be written: {error.strerror or error}.")


def _used() -> int:
    """Bytes that this step's summary already has."""
    with contextlib.suppress(OSError):
        return sum(path.stat().st_size for path in _step_summary())
    return 0


def _moment(text: str) -> datetime:
    """The moment that ages count from: the machine's now unless stated."""
    if not text:
        return datetime.now().astimezone()
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise UserError(
            f"--now: {text!r} is no ISO time.", "For example 2026-01-31T06:00:00+00:00."
        ) from None
    return at if at.tzinfo is not None else at.astimezone()


def _local(zone: str) -> tuple[Callable[[datetime], tzinfo], str]:
    """What naive log times mean: the zone stated, else this machine's."""
    if not zone:
        return lambda at: at.astimezone().tzinfo or UTC, "this machine's local time"
    from logaudit.clocks import fixed_offset

    return lambda at: timezone(timedelta(seconds=fixed_offset(zone, _naive_us(at)))), zone


def _naive_us(at: datetime) -> int:
    return (at - datetime(1970, 1, 1)) // timedelta(microseconds=1)  # noqa: DTZ001 - naive on both sides
