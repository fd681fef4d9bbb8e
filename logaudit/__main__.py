"""Entry point of the program: answers Ctrl-C even while the program is still being imported."""

import os
import signal
from typing import NoReturn

_INTERRUPTED = 130


def _interrupted(*_: object) -> NoReturn:
    """Ends the process at once; nothing has been begun that would have to be undone."""
    os.write(2, b"logaudit: interrupted\n")
    os._exit(_INTERRUPTED)


def program() -> NoReturn:
    """Imports the command line and runs it."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupted)
    from logaudit.cli import program as run  # noqa: PLC0415 - the handler must stand before it

    run(_interrupted)


if __name__ == "__main__":
    program()
