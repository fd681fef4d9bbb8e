"""The program itself: its groups of commands, printing, and how it ends."""

import codecs
import errno
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from copy import copy
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer
from typer.models import CommandInfo

from logaudit import __version__
from logaudit.cli.command_modules import load
from logaudit.cli.help import Program
from logaudit.core.errors import ExitCode, InternalError, UserError
from logaudit.core.gc_policy import disabled

#: What the system says of a disk, a quota or a device that takes no more bytes.
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
_VERSION: Final = ("--version", "-V")
#: Characters of a name that is too long.
_NAME_SHOWN: Final = 60

#: Letters that are encoded at one time: a report may have many millions.
_SHOWN_AT_ONCE: Final = 1 << 20

app: Final = Program(
    help="Find the trades that a trading bot's ledger lost, and the log lines that prove it.",
    name="logaudit",
    add_completion=True,
)
profile_app: Final = Program(help="List, show and check the bots that logaudit can read.")
config_app: Final = Program(help="Show the settings in force.")
cache_app: Final = Program(help="Show or empty what earlier scans remember.")
baseline_app: Final = Program(help="Keep known findings, which do not fail a job.")
app.add_typer(profile_app, name="profile")
app.add_typer(config_app, name="config")
app.add_typer(cache_app, name="cache")
app.add_typer(baseline_app, name="baseline")


def _version(value: bool) -> None:  # noqa: FBT001 - typer calls it with the flag
    if value:
        typer.echo(f"logaudit {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option(*_VERSION, callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def show(text: str | bytes) -> None:
    """Writes to stdout whatever its encoding: what it cannot show is escaped, never fatal; bytes as they are."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.flush()
    if isinstance(text, bytes):
        sys.stdout.buffer.write(text)
    else:
        encoder = codecs.getincrementalencoder(encoding)("backslashreplace")
        for start in range(0, len(text), _SHOWN_AT_ONCE):
            sys.stdout.buffer.write(encoder.encode(text[start : start + _SHOWN_AT_ONCE]))
    sys.stdout.buffer.flush()


class _InterruptedError(BaseException):
    """Ctrl-C; typer's versions differ in what they make of the built-in one."""


def _interrupt(*_: object) -> NoReturn:
    raise _InterruptedError


class _TerminatedError(BaseException):
    """A request to end: engines and what was fetched are put away first."""


def _terminate(*_: object) -> NoReturn:
    raise _TerminatedError


def main(early: Callable[..., NoReturn] | None = None) -> NoReturn:
    """Runs the command line; a user's error is one sentence and an exit code, never a traceback.

    ``early`` is what answered Ctrl-C while this was imported.
    """
    try:
        if signal.getsignal(signal.SIGINT) in (signal.default_int_handler, early):
            signal.signal(signal.SIGINT, _interrupt)
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, _terminate)
        with disabled():
            _called(sys.argv[1:])(standalone_mode=True)
    except UserError as error:
        _fail(f"logaudit: {error.problem}" + (f"\n  {error.remedy}" if error.remedy else ""), error.code)
    except (_InterruptedError, KeyboardInterrupt):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is ending already
        _fail("logaudit: interrupted", ExitCode.INTERRUPTED)
    except _TerminatedError:
        _end_as_asked()
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(ExitCode.USAGE)
    except OSError as error:
        _system_failed(error)
    except Exception as error:  # noqa: BLE001 - the last resort: no traceback reaches a user
        _internal(error)
    sys.exit(0)


def _system_failed(error: OSError) -> NoReturn:
    """Tells of a disk that takes no more, or of a name that no system takes; anything else is ours."""
    if error.errno == errno.ENAMETOOLONG:
        _fail(f"logaudit: {str(error.filename)[:_NAME_SHOWN]}…: {error.strerror}.", ExitCode.USAGE)
    if error.errno not in _NO_ROOM:
        _internal(error)
    _fail(f"logaudit: the output cannot be written: {error.strerror}.", ExitCode.USAGE)


def _end_as_asked() -> NoReturn:
    """Ends by the signal that asked for it, so that whoever sent it sees that it was heard."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _forget_remote()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.raise_signal(signal.SIGTERM)
    os._exit(ExitCode.USAGE)  # not reached where signals end processes


def _forget_remote() -> None:
    """Removes what was fetched: no handler runs at exit."""
    if (urls := sys.modules.get("logaudit.sources.urls")) is not None:
        urls.forget_remote()


def _called(words: Sequence[str]) -> typer.Typer:
    """The program with the command that is called alone: typer prepares the flags of every command it is given."""
    name = words[0] if words and not any(word.endswith("_COMPLETE") for word in os.environ) else ""
    if name in _VERSION:
        return _only([])
    load(name)
    commands = [c for c in app.registered_commands if c.callback is not None and c.callback.__name__ == name]
    return _only(commands) if commands else app


def _only(commands: list[CommandInfo]) -> typer.Typer:
    """The program without any other command or group."""
    alone = copy(app)
    alone.registered_commands, alone.registered_groups = commands, []
    return alone


def program(early: Callable[..., NoReturn] | None = None) -> NoReturn:
    """`main` as a process of its own, ended at once: taking a scan apart object by object serves nobody."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # as under >&-, or without a console: what is said goes nowhere
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - until the end
    try:
        main(early)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    for stream in (sys.stdout, sys.stderr):
        try:
            if not stream.closed:
                stream.flush()
        except OSError:
            code = int(ExitCode.USAGE)  # whoever reads the output must not take it for whole
    _forget_remote()
    os._exit(code)


def _internal(error: Exception) -> NoReturn:
    if os.environ.get("LOGAUDIT_TRACEBACK"):
        raise error
    said = str(error) if isinstance(error, InternalError) else f"{type(error).__name__}: {error}"
    _fail(
        f"logaudit: internal error: {said}\n"
        "  This is a defect of logaudit; set LOGAUDIT_TRACEBACK=1 to see where, and report it.",
        ExitCode.USAGE,
    )


def _fail(message: str, code: ExitCode) -> NoReturn:
    from logaudit.cli.console import print_stderr  # noqa: PLC0415 - reading needs imports that --help does not

    with suppress(OSError):  # on a full disk the exit code has to do
        print_stderr(message)
    sys.exit(int(code))
