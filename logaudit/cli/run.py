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
from logaudit.audit.options import ScanOptions
from logaudit.audit.policy import Policy, apply_policy, create, visible
from logaudit.cli.options import (
    Screen,
    in_actions,
    open_cache,
    options_of,
    print_stderr,
    say_not_judged,
    scan,
    summary_line,
    write_file,
)
from logaudit.config import Resolved, Settings, output, resolve
from logaudit.core.atomic_write import check_targets, write_all
from logaudit.core.errors import ExitCode, NothingToJudgeError, UserError
from logaudit.core.finding import Severity
from logaudit.core.message import Param, Text, msg
from logaudit.core.policy_result import RulePage
from logaudit.core.report import Report
from logaudit.core.timestamp import us_of
from logaudit.core.verdict import Reason
from logaudit.renderers import registry
from logaudit.sources.protect import refuse_inside_evidence

# ruff: noqa: PLC0415 - what few scans need loads when it is asked for

#: Formats in which a backslash would break what is written: JSON has an escape of its own.
_JSON = frozenset({"json", "jsonl", "sarif", "gitlab"})


class PreparedRun(Struct, frozen=True):
    """A check that is ready to run: everything in it has been checked."""

    resolved: Resolved
    options: ScanOptions
    policy: Policy
    targets: tuple[tuple[str, Path], ...]

    @property
    def reading(self) -> ScanOptions:
        """The options, and whether any output shows hashes."""
        forms = {self.resolved.settings.output_format, *(form for form, _ in self.targets)}
        return replace(self.options, sums=not forms.isdisjoint(registry.SHOW_SUMS))


def load_settings(flags: Mapping[str, object], config: str) -> Resolved:
    """The settings in force here; says what the user should know about them."""
    resolved = resolve(flags, os.environ, Path.cwd(), config)
    for note in resolved.notes:
        print_stderr(f"logaudit: {note}")
    return resolved


def check(resolved: Resolved, now: str = "") -> tuple[ScanOptions, Policy]:
    """Options and policy.

    Raises:
        UserError: a setting that cannot be used; says who set it.
    """
    chosen = options_of(resolved)
    local, name = _local(resolved.settings.tz)
    return chosen, Policy.of(resolved, _parse_now(now), local, name)


def prepare(flags: Mapping[str, object], config: str, now: str = "") -> PreparedRun:
    """Settles and checks everything that can be checked before reading.

    Raises:
        UserError: a wrong setting, or an output that cannot be written.
    """
    resolved = load_settings(flags, config)
    chosen, policy = check(resolved, now)
    pairs = [output(item, resolved.where("outputs")) for item in resolved.settings.outputs]
    targets = tuple((form, Path(name)) for form, name in pairs)
    refuse_inside_evidence([*(path for _, path in targets), *_step_summary()], resolved.settings.paths)
    check_targets(path for _, path in targets)
    return PreparedRun(resolved, chosen, policy, targets)


def check_writable(targets: Sequence[Path], scanned: Sequence[str]) -> None:
    """Checks files that are to be written, before anything is read.

    Raises:
        UserError: one of them is evidence, or cannot be written.
    """
    refuse_inside_evidence(targets, scanned)
    check_targets(targets)


def read(resolved: Resolved, *, sums: bool = False) -> Report:
    """The outcome of the settings' paths, not reviewed; hashes are sure to be there if ``sums`` are asked for."""
    return _scan(resolved.settings.paths, replace(options_of(resolved), sums=sums), resolved.settings)


def run_audit(work: PreparedRun) -> Report:
    """The outcome, reviewed."""
    return apply_policy(
        _scan(work.resolved.settings.paths, work.reading, work.resolved.settings), work.policy
    )


def deliver(work: PreparedRun, report: Report) -> str:
    """Writes every output, whole or not at all, and returns what belongs on stdout."""
    settings = work.resolved.settings
    shown = visible(report)
    screen = Screen.of(sys.stdout, settings.color, verbose=settings.verbose)
    files = [
        (path, _render(shown, form, Screen.for_files(verbose=settings.verbose)))
        for form, path in work.targets
    ]
    printed = _render(shown, settings.output_format, screen)
    write_all(files)
    if not in_actions():
        return printed
    from logaudit.renderers import github, step_summary

    _append_summary(step_summary.render(shown, max(step_summary.LIMIT - _used(), 0)))
    if settings.output_format == "github":
        return printed
    if settings.output_format in _JSON:
        return printed.replace("##[", "##\\u005b")
    more = "" if work.resolved.given("output-format") else github.render(shown)
    return github.harmless(printed) + more


def finish(work: PreparedRun, report: Report) -> int:
    """Says the summary line and why nothing was judged, and gives the exit code."""
    if not work.resolved.settings.quiet:
        print_stderr(summary_line(report))
    say_not_judged(report)
    return report.review.exit_code


def write_baseline(flags: Mapping[str, object], config: str, target: str) -> int:
    """Scans with the settings' rules and suppressions, and writes what is kept as a baseline; the exit code.

    Raises:
        NothingToJudgeError: nothing was read; a baseline that is there stays as it is.
    """
    work = prepare({**flags, "outputs": [], "baseline": "", "max-age": "", "require-coverage": 0.0}, config)
    path = Path(target)
    check_writable([path], work.resolved.settings.paths)
    report = run_audit(work)
    require_something(report)
    write_file(path, create(report.findings, __version__))
    if not work.resolved.settings.quiet:
        print_stderr(
            f"logaudit: {path} knows {len(report.findings):,} findings; use it with --baseline {path}."
        )
    say_not_judged(report)
    return int(ExitCode.CLEAN if report.not_judged is None else ExitCode.NOT_JUDGED)


def require_something(report: Report) -> None:
    """Ends what makes no sense without a log or a ledger.

    Raises:
        NothingToJudgeError: neither was read.
    """
    from logaudit.renderers.not_judged import explain

    if report.not_judged is not None and report.not_judged.reason is Reason.NOTHING_READ:
        told = explain(report.not_judged)
        raise NothingToJudgeError(str(told.problem), str(told.remedy))


def difference(
    flags: Mapping[str, object], config: str, sides: tuple[str, str], form: str, target: str
) -> tuple[str, int]:
    """What belongs on stdout, and the exit code; ``target`` is a file to write instead, or empty."""
    from logaudit.audit.diff import compare, is_saved, of_report, saved
    from logaudit.renderers import diff_json, diff_text

    scanned = [side for side in sides if not is_saved(side)]
    given = {**flags, "paths": scanned, "outputs": [], "baseline": "", "max-age": "", "require-coverage": 0.0}
    resolved = load_settings(given, config)
    chosen, policy = check(resolved)
    settings = resolved.settings
    if target:
        check_writable([Path(target)], sides)
    bare = replace(chosen, sums=False)
    before, after = (
        saved(side)
        if is_saved(side)
        else of_report(apply_policy(_scan([side], bare, settings), policy), side)
        for side in sides
    )
    found = compare(before, after)
    screen = Screen.for_files() if target else Screen.of(sys.stdout, settings.color)
    text = diff_json.render(found) if form == "json" else diff_text.render(
        found, color=screen.color, width=screen.width, unicode=screen.unicode, verbose=settings.verbose
    )  # fmt: skip
    limit = None if settings.fail_on == "never" else Severity(settings.fail_on)
    failed = limit is not None and any(known.severity.rank <= limit.rank for known in found.new)
    blind = [scan.side.label for scan in (before, after) if not scan.judged]
    code = int(ExitCode.FINDINGS if failed else ExitCode.NOT_JUDGED if blind else ExitCode.CLEAN)
    for label in blind:
        print_stderr(f"logaudit: {label} was not judged, so what is new or gone beside it says little.")
    if target:
        write_file(Path(target), text)
        return "", code
    if in_actions():
        from logaudit.renderers import github

        text = text.replace("##[", "##\\u005b") if form == "json" else github.harmless(text)
    return text, code


def _rulebook() -> tuple[RulePage, ...]:
    from logaudit.rules.needs import rulebook

    return rulebook()


def _render(report: Report, form: str, screen: Screen) -> str:
    style = registry.RenderStyle(
        color=screen.color,
        width=screen.width,
        unicode=screen.unicode,
        verbose=screen.verbose,
        rulebook=_rulebook,
        command="logaudit scan",
    )
    return registry.render(report, form, style)


def _scan(paths: Sequence[str], chosen: ScanOptions, settings: Settings) -> Report:
    return scan(
        paths, chosen, quiet=settings.quiet, store=None if settings.no_cache else open_cache(settings)
    )


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
            print_stderr(f"logaudit: the step summary {path} cannot be written: {error.strerror or error}.")


def _used() -> int:
    """Bytes that this step's summary already has."""
    with contextlib.suppress(OSError):
        return sum(path.stat().st_size for path in _step_summary())
    return 0


def _parse_now(text: str) -> datetime:
    """The moment that ages count from: the machine's now unless stated."""
    if not text:
        return datetime.now().astimezone()
    try:
        at = datetime.fromisoformat(text)
        return at if at.tzinfo is not None else at.astimezone()
    except (ValueError, OverflowError):
        raise UserError(
            f"--now: {text!r} is no ISO time.", "For example 2026-01-31T06:00:00+00:00."
        ) from None


def _machines_zone(at: datetime) -> tzinfo:
    """This machine's zone at a naive local time; UTC in years that it cannot convert."""
    try:
        return at.astimezone().tzinfo or UTC
    except (ValueError, OverflowError):
        return UTC


def _local(zone: str) -> tuple[Callable[[datetime], tzinfo], Param]:
    """What naive log times mean: the zone stated, else this machine's."""
    if not zone:
        return _machines_zone, msg("this machine's local time")
    from logaudit.reconcile.clocks import fixed_offset

    return lambda at: timezone(timedelta(seconds=fixed_offset(zone, us_of(at)))), Text(zone)
