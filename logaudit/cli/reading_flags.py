"""The flags about reading, given to every command that reads, and how they become settings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Final, TypeAlias

from logaudit.locale import LANGUAGES

if TYPE_CHECKING:
    LanguageCode: TypeAlias = str
else:  # the catalogues are not known to type checkers
    LanguageCode = StrEnum("LanguageCode", {code.upper(): code for code in LANGUAGES})
from logaudit.cli.flags import (
    Config,
    DateFormat,
    Encoding,
    ExecutorFlag,
    FollowLinks,
    Given,
    Jobs,
    LogFormat,
    NoCache,
    Paths,
    ProfileFlag,
    Quiet,
    Since,
    Until,
    Zone,
    given,
)

_Flags: TypeAlias = Mapping[str, tuple[object, object]]
#: Flags about reading and their defaults: those that stand before a command's own, and those behind.
_READING: Final[_Flags] = {
    "paths": (Paths, None),
    "profile": (ProfileFlag, None),
    "log_format": (LogFormat, None),
    "date_format": (DateFormat, ""),
    "encoding": (Encoding, None),
    "tz": (Zone, None),
    "follow_links": (FollowLinks, None),
}
_WINDOW: Final[_Flags] = {"since": (Since, None), "until": (Until, None)}
_RUNNING: Final[_Flags] = {
    "config": (Config, ""),
    "jobs": (Jobs, None),
    "executor": (ExecutorFlag, None),
    "no_cache": (NoCache, None),
    "quiet": (Quiet, None),
}


def reads(
    *, window: bool = False, without: Collection[str] = ()
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Gives a command the flags about reading: it gets them as settings, ``given``, and the ``config`` to use.

    Args:
        window: whether it can judge a stretch of time only.
        without: flags that it does not have.
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        def shared(flags: _Flags) -> list[Parameter]:
            return [
                Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=kind)
                for name, (kind, default) in flags.items()
                if name not in without
            ]

        own = [p for p in signature(command).parameters.values() if p.name not in ("given", "config")]
        last = [p for p in own if p.kind is Parameter.KEYWORD_ONLY]
        first = [p.replace(kind=Parameter.KEYWORD_ONLY) for p in own if p not in last]
        before = [*shared(_READING), *(shared(_WINDOW) if window else ())]
        parameters = [*before, *first, *shared(_RUNNING), *last]
        names = {p.name for p in parameters} - {p.name for p in own}

        def run(**values: object) -> None:
            flags = {name: values.pop(name) for name in names}
            config = flags.pop("config")
            command(given=_settings(flags), config=config, **values)

        run.__name__, run.__doc__ = command.__name__, command.__doc__
        run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {p.name: p.annotation for p in parameters}
        return run

    return decorate


def _settings(flags: Given) -> Given:
    """The flags about reading as settings: only those that were given."""
    datefmt = flags.pop("date_format", "")
    found = {
        name.replace("_", "-"): value or None if name == "paths" else value for name, value in flags.items()
    }
    formats = found.pop("log-format", None)
    assert formats is None or isinstance(formats, list)  # noqa: S101 - as it is annotated
    found["log-formats"] = [{"format": text, "datefmt": datefmt} for text in formats or ()] or None
    return given(found)
