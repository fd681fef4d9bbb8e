"""``logaudit watch``: follows the logs, and tells of a lost close within seconds."""

# ruff: noqa: PLC0415 - reading needs imports that --help does not

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from logaudit.cli import flags
from logaudit.cli.reading_flags import reads
from logaudit.cli.root import app, show
from logaudit.core.errors import ExitCode, UserError

if TYPE_CHECKING:
    from logaudit.audit.watch import Observation
    from logaudit.core.report import Report


@app.command()
@reads(window=True, without=("no_cache",))
def watch(
    given: flags.Given,
    config: str,
    baseline: flags.BaselineFlag = None,
    interval: Annotated[
        float,
        typer.Option(
            "--interval",
            min=0.1,
            metavar="SECONDS",
            help="Seconds between two looks.",
            rich_help_panel=flags.RUNNING,
        ),
    ] = 2.0,
    notify: Annotated[
        list[str] | None,
        typer.Option(
            "--notify",
            envvar="LOGAUDIT_NOTIFY",
            show_envvar=False,
            metavar="ADDRESS",
            help="Address to notify, as apprise writes it (tgram://…, mailto://…); repeatable, or LOGAUDIT_NOTIFY.",
            rich_help_panel=flags.OUTPUT,
        ),
    ] = None,
    *,
    once: Annotated[
        bool, typer.Option("--once", help="Look once and end.", rich_help_panel=flags.RUNNING)
    ] = False,
) -> None:
    """Follow logs and ledgers, and tell of each close that the ledger loses.

    Only what is new is read. A close is lost when its row has not come within the recorder's usual lag, twice that to
    be sure and 10 s at least; closes that still have time are counted. A loss that the baseline knows or the settings
    suppress is not told. Files are looked at every --interval seconds.

    Exit code: 130 when it is ended with Ctrl-C; with --once 1 when closes are lost, 3 when nothing was judged, else 0.
    """
    from logaudit.cli import notify as notifications
    from logaudit.cli.console import print_stderr

    tell = notifications.sender(notify or ())
    settings = {**given, **flags.given({"baseline": baseline}), "outputs": []}
    look = _looker(settings, config)
    report, seen = look(0.0)
    told = given.get("quiet") is None
    if told:
        print_stderr(f"logaudit: {_status(report, seen)}")
    _print(seen, tell)
    if once:
        code = ExitCode.FINDINGS if seen.all_lost else ExitCode.CLEAN
        raise typer.Exit(code if seen.all_lost or report.not_judged is None else ExitCode.NOT_JUDGED)
    _follow(look, _status(report, seen) if told else None, tell, interval)


def _follow(
    look: "Callable[[float], tuple[Report, Observation]]",
    status: str | None,
    tell: Callable[[str, str], None],
    interval: float,
) -> None:
    """Looks again and again, until it is interrupted; says what stands where that is no longer ``status``, if any."""
    from logaudit.cli.console import print_stderr

    began, failed = time.monotonic(), ""
    while True:
        time.sleep(interval)
        try:
            report, seen = look(time.monotonic() - began)
            failed = ""
        except UserError as error:  # a folder that is rotated or unmounted may be back in a moment
            if failed != error.problem:
                print_stderr(f"logaudit: {error.problem} Still watching.")
            failed = error.problem
            continue
        _print(seen, tell)
        new = _status(report, seen)
        if status not in (None, new):
            print_stderr(f"logaudit: {new}")
            status = new


def _looker(settings: flags.Given, config: str) -> "Callable[[float], tuple[Report, Observation]]":
    """Gives a function that reads what is new and says what it shows, given the seconds since the watch began."""
    import gc

    from logaudit.audit.pipeline import run as run_pipeline
    from logaudit.audit.policy import apply_policy
    from logaudit.audit.prepare import open_cache, options_of, policy_of
    from logaudit.audit.watch import WatchState, observe, usual_lag
    from logaudit.cli import run
    from logaudit.sources.changes import snapshot

    resolved = run.load_settings(settings, config)
    paths, options = resolved.settings.paths, options_of(resolved)
    policy_of(resolved)  # a wrong setting ends the watch before it begins
    store = open_cache(resolved.settings)
    state = WatchState()
    known: object = None
    last: tuple[Report, float | None] | None = None

    def look(now: float) -> "tuple[Report, Observation]":
        nonlocal state, known, last
        files = snapshot(paths)
        if last is None or files != known:
            report = apply_policy(run_pipeline(paths, options, store=store), policy_of(resolved))
            known, last = files, (report, usual_lag(report))
            gc.collect()
        state, seen = observe(*last, state, now)
        return last[0], seen

    return look


def _print(seen: "Observation", tell: Callable[[str, str], None]) -> None:
    """Prints what is new, and notifies of it."""
    from logaudit.renderers.watch_text import lost_line, recorded_line

    lines = [*map(lost_line, seen.lost), *map(recorded_line, seen.recorded)]
    if lines:
        show("\n".join(lines) + "\n")
        title = f"logaudit: {len(seen.lost)} lost" if seen.lost else "logaudit: recorded late"
        tell(title, "\n".join(lines))


def _status(report: "Report", seen: "Observation") -> str:
    from logaudit.renderers.watch_text import status_line

    return status_line(
        report.summary.closes, seen.all_lost, len(seen.pending), seen.wait, seen.usual, seen.known
    )
