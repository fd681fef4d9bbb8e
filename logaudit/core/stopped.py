"""A rule or an explanation that met a value it cannot judge: what stopped, and where in the program."""

from typing import Final

from msgspec import Struct

#: Why a process ended.
OUT_OF_MEMORY: Final = "out-of-memory"
DIED: Final = "died"
_PROGRAM = __name__.partition(".")[0]


class Stopped(Struct, frozen=True):
    """A part of the judgement that ended with an error, while the others went on.

    Attributes:
        what: the code of a rule, the id of an explanation, or ``diagnosis`` for all of a session's.
        session: the root of the session that was being judged; empty where all were.
        error: the error's kind; its text is left out, as it may hold the value. Where its process ended,
            `OUT_OF_MEMORY` or `DIED`.
        place: ``module:line`` of the program's own statement that it came through last; empty where its process ended.
    """

    what: str
    session: str
    error: str
    place: str


def stopped(what: str, session: str, error: Exception) -> Stopped:
    """What is kept of an error; to be called while it is handled."""
    place, trace = "", error.__traceback__
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if module.partition(".")[0] == _PROGRAM:
            place = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return Stopped(what, session, type(error).__name__, place)
