"""One scan from settings to outputs: prepare, audit, write everything whole, give the exit code."""

# ruff: noqa: PLC0415 - what few scans need loads when it is asked for

from __future__ import annotations

import contextlib
import os
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from logaudit.audit.pipeline import ScanOptions
from logaudit.audit.pipeline import run as run_pipeline
from logaudit.audit.policy import Policy, apply_policy, visible
from logaudit.audit.prepare import check, open_cache, options_of, with_fixed_times
from logaudit.cli.console import (
    Screen,
    check_writable,
    in_actions,
    print_stderr,
    say_not_judged,
    stderr_progress,
)
from logaudit.config import Resolved, Settings, output, resolve, working_folder
from logaudit.core.atomic_write import write_all
from logaudit.core.errors import NothingToJudgeError, UserError
from logaudit.core.not_judged import Reason
from logaudit.core.policy_result import RulePage
from logaudit.core.report import Report
from logaudit.renderers.registry import renderer
from logaudit.renderers.style import RenderStyle
from logaudit.sources.protect import refuse_inside_evidence


class PreparedRun(Struct, frozen=True):
    """A check that is ready to run: everything in it has been checked."""

    resolved: Resolved
    options: ScanOptions
    policy: Policy
    targets: tuple[tuple[str, Path], ...]
    shards: tuple[Path, ...] = ()

    @property
    def reading(self) -> ScanOptions:
        """The options, and whether any output shows hashes."""
        forms = {self.resolved.settings.output_format, *(form for form, _ in self.targets)}
        return replace(self.options, sums=any(renderer(form).shows_hashes for form in forms))


def load_settings(
    flags: Mapping[str, object], config: str, now: str = "", default: Sequence[str] = (".",)
) -> Resolved:
    """The settings in force here; says what the user should know about them.

    Args:
        flags: settings that flags give; config: the settings file that they name, empty for none.
        now: the ISO time that ``yesterday`` and the like are counted from; empty for the machine's.
        default: the paths to scan where nothing names any.
    """
    found = resolve(flags, os.environ, working_folder(), config, default=default)
    resolved = with_fixed_times(found, now)
    for note in resolved.notes:
        print_stderr(f"logaudit: {note}")
    return resolved


def prepare(
    flags: Mapping[str, object],
    config: str,
    now: str = "",
    extracts: Sequence[str] = (),
) -> PreparedRun:
    """Resolves and checks everything that can be checked before reading.

    ``extracts`` are shards in place of paths.

    Raises:
        UserError: a wrong setting, or an output that cannot be written.
    """
    resolved = load_settings(flags, config, now, () if extracts else (".",))
    chosen, policy = check(resolved, now)
    pairs = [output(item, resolved.where("outputs")) for item in resolved.settings.outputs]
    targets = tuple((form, Path(name)) for form, name in pairs)
    shards = _shards(extracts, flags)
    scanned = [str(path) for path in shards] or resolved.settings.paths
    refuse_inside_evidence(_step_summary(), scanned)
    check_writable([path for _, path in targets], scanned, resolved)
    return PreparedRun(resolved, chosen, policy, targets, shards)


def _shards(extracts: Sequence[str], flags: Mapping[str, object]) -> tuple[Path, ...]:
    if not extracts:
        return ()
    if flags.get("paths"):
        raise UserError("--extracts and PATHS were both given.", "Extract the paths too, or leave them out.")
    from logaudit.audit.shards.merge import shard_files

    return shard_files(extracts)


def read(resolved: Resolved, *, sums: bool = False) -> Report:
    """The report on the settings' paths, findings unsorted; holds hashes if ``sums`` are asked for."""
    return scan(resolved.settings.paths, replace(options_of(resolved), sums=sums), resolved.settings)


def run_audit(work: PreparedRun) -> Report:
    """The report, its findings sorted by the policy."""
    settings = work.resolved.settings
    if work.shards:
        from logaudit.audit.shards import scan_shards

        progress = partial(stderr_progress, quiet=settings.quiet)
        return apply_policy(scan_shards(work.shards, work.reading, progress), work.policy)
    return apply_policy(scan(settings.paths, work.reading, settings), work.policy)


def scan(paths: Sequence[str], options: ScanOptions, settings: Settings) -> Report:
    """Runs the pipeline with the settings' cache, and progress on a terminal."""
    store = None if settings.no_cache else open_cache(settings)
    progress = partial(stderr_progress, quiet=settings.quiet)
    return run_pipeline(paths, options, progress, store)


def deliver(work: PreparedRun, report: Report) -> str | bytes:
    """Writes every output, whole or not at all, and returns what belongs on stdout."""
    settings = work.resolved.settings
    shown = visible(report)
    screen = Screen.of(sys.stdout, settings.color, verbose=settings.verbose)
    files = [
        (path, _render(shown, form, Screen.for_files(verbose=settings.verbose), settings.paths))
        for form, path in work.targets
    ]
    printed = _render(shown, settings.output_format, screen, settings.paths)
    write_all(files)
    if not in_actions():
        return printed
    from logaudit.renderers import github, step_summary

    _append_summary(step_summary.render(shown, max(step_summary.LIMIT - _used(), 0)))
    if settings.output_format == "github" or isinstance(printed, bytes):
        return printed
    # JSON has an escape of its own for what the runner would obey.
    if renderer(settings.output_format).is_json:
        return printed.replace("##[", "##\\u005b")
    more = "" if work.resolved.given("output-format") else github.render(shown)
    return github.harmless(printed) + more


def finish(work: PreparedRun, report: Report) -> int:
    """Says the summary line and why nothing was judged, and gives the exit code."""
    if not work.resolved.settings.quiet:
        from logaudit.renderers import text

        print_stderr(text.summary_line(report))
    if (
        work.resolved.settings.output_format != "text" or not sys.stdout.isatty()
    ):  # a text report says it first
        say_not_judged(report)
    return report.review.exit_code


def require_something(report: Report) -> None:
    """Ends what makes no sense without a log or a ledger.

    Raises:
        NothingToJudgeError: neither was read.
    """
    from logaudit.renderers.not_judged import explain

    if report.not_judged is not None and report.not_judged.reason is Reason.NOTHING_READ:
        told = explain(report.not_judged)
        raise NothingToJudgeError(str(told.problem), str(told.remedy))


def _rulebook() -> tuple[RulePage, ...]:
    from logaudit.rules import rulebook

    return rulebook()


def _render(report: Report, form: str, screen: Screen, paths: Sequence[str]) -> str | bytes:
    style = RenderStyle(
        color=screen.color,
        width=screen.width,
        unicode=screen.unicode,
        verbose=screen.verbose,
        rulebook=_rulebook,
        command="logaudit scan",
        paths=shlex.join(paths) or "LOGS",
        link=_links(paths) if screen.links and paths else None,
    )
    return renderer(form).render(report, style)


def _links(paths: Sequence[str]) -> Callable[[str], str]:
    """Gives the URI of a path as reports name it, empty for one below no root."""
    from logaudit.sources.roots import find_roots

    roots = find_roots(paths)

    def link(path: str) -> str:
        for root in roots:
            if root.is_folder and not root.label:
                return (root.path / path).as_uri()
            if path == root.label:
                return root.path.as_uri()
            if path.startswith(f"{root.label}/"):
                return (root.path / path.removeprefix(f"{root.label}/")).as_uri()
        return ""

    return link


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
