"""Settings → what an audit needs, checked before anything is read: options for reading, and the policy."""

# ruff: noqa: PLC0415 - few settings are given, and what checks one of them loads slowly

from __future__ import annotations

import codecs
import contextlib
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING

from msgspec.structs import replace

from logaudit.audit.pipeline import ScanOptions
from logaudit.audit.policy import Policy
from logaudit.config import Resolved, Settings
from logaudit.core.errors import UserError
from logaudit.core.message import Param, Text, msg
from logaudit.core.time_window import TimeWindow
from logaudit.core.timestamp import us_of

if TYPE_CHECKING:
    from logaudit.cache import Store
    from logaudit.codepaths.locate import SourceRef
    from logaudit.profiles import LedgerSpec, WrittenFormat


def check(resolved: Resolved, now: str = "") -> tuple[ScanOptions, Policy]:
    """Settings → options for reading and the policy; ``now`` as for `policy_of`.

    Raises:
        UserError: a setting that cannot be used; says who set it.
    """
    return options_of(resolved), policy_of(resolved, now)


def with_fixed_times(resolved: Resolved, now: str) -> Resolved:
    """The settings with ``yesterday``, ``24h`` and the like as the times that they mean; ``now`` as for `policy_of`.

    Days and hours are those of the logs' stated zone, else of this machine's.
    """
    from logaudit.config.ages import relative_time
    from logaudit.core.timestamp import parse_zone

    settings = resolved.settings
    if not settings.since and not settings.until:
        return resolved
    here = _parse_now(now)
    zone = parse_zone(settings.tz) if settings.tz else None
    here = here if zone is None and now else here.astimezone(zone)
    fixed = {
        key: relative_time(text, here) or text
        for key, text in (("since", settings.since), ("until", settings.until))
    }
    return replace(resolved, settings=replace(settings, **fixed))


def options_of(resolved: Resolved) -> ScanOptions:
    """Settings → options for reading.

    Raises:
        UserError: an unknown profile, time zone, encoding or format string; says who set it.
    """
    settings = resolved.settings
    if settings.profile:
        from logaudit.profiles import resolve

        with _set_by(resolved, "profile"):
            resolve(settings.profile)
    if settings.tz:
        from logaudit.reconcile.clocks import fixed_offset

        with _set_by(resolved, "tz"):
            fixed_offset(settings.tz, 0)
    if settings.encoding:
        with _set_by(resolved, "encoding"):
            try:
                codecs.lookup(settings.encoding)
            except LookupError:
                raise UserError(
                    f"There is no encoding named {settings.encoding!r}.", "Try utf-8, cp1251 or cp1252."
                ) from None
    if settings.executor:
        from logaudit.ingest.executor.engines import check_engine

        with _set_by(resolved, "executor"):
            check_engine(settings.executor)
    return ScanOptions(
        profile=settings.profile,
        formats=_formats(resolved) if settings.log_formats else (),
        encoding=settings.encoding,
        zone=settings.tz,
        jobs=settings.jobs,
        executor=settings.executor,
        window=_window(resolved),
        ledgers=_ledgers(resolved) if settings.ledgers else (),
        source=_source(resolved) if settings.source else None,
        recorder=settings.recorder,
        follow_links=settings.follow_links,
        limits=settings.limits.in_units(),
    )


def _source(resolved: Resolved) -> SourceRef:
    from logaudit.codepaths.locate import locate

    with _set_by(resolved, "source"):
        return locate(resolved.settings.source)


def _ledgers(resolved: Resolved) -> tuple[LedgerSpec, ...]:
    from logaudit.config.check import closest_match
    from logaudit.core.timestamp import parse_zone
    from logaudit.profiles import LedgerSpec
    from logaudit.profiles.convert import LEDGER_COLUMNS

    found: list[LedgerSpec] = []
    for stated in resolved.settings.ledgers:
        with _set_by(resolved, "ledgers"):
            if stated.zone and parse_zone(stated.zone) is None:
                raise UserError(
                    f"There is no time zone named {stated.zone!r}.", "Use Europe/Moscow, or +03:00."
                )
            for name in stated.columns:
                if name not in LEDGER_COLUMNS:
                    raise UserError(
                        f"{name!r} is no meaning of a column.", closest_match(name, LEDGER_COLUMNS)
                    )
        found.append(
            LedgerSpec(
                files=(stated.files,),
                columns={name: (column.lower(),) for name, column in stated.columns.items()},
                separator=stated.separator,
                decimal=stated.decimal,
                date_order=stated.date_order,
                zone=stated.zone,
                symbol=stated.symbol.strip(),
            )
        )
    return tuple(found)


def policy_of(resolved: Resolved, now: str = "") -> Policy:
    """Settings → how findings are sorted; ``now`` is the ISO time that ages count from, empty for the machine's.

    Raises:
        UserError: an unknown rule, a baseline that cannot be used, or a malformed time; says who set it.
    """
    local, name = _local(resolved.settings.tz)
    return Policy.of(resolved, _parse_now(now), local, name)


def open_cache(settings: Settings) -> Store | None:
    """The cache that the settings and the environment name; None where no place is known."""
    from logaudit.cache import VARIABLE, Store, folder_of

    folder = folder_of(os.environ.get(VARIABLE))
    return None if folder is None else Store(folder, settings.cache_size << 20)


def _formats(resolved: Resolved) -> tuple[WrittenFormat, ...]:
    """The bot's own format strings, each compiled once to prove it."""
    from logaudit.logformats import compile_format
    from logaudit.profiles.profile import WrittenFormat

    written = tuple(WrittenFormat(f.format, f.datefmt) for f in resolved.settings.log_formats)
    with _set_by(resolved, "log-formats"):
        for item in written:
            compile_format(item.format, item.datefmt)
    return written


def _window(resolved: Resolved) -> TimeWindow:
    """What is judged, in the logs' own clock."""
    settings = resolved.settings
    if not settings.since and not settings.until:
        return TimeWindow()
    from logaudit.reconcile.clocks import parse_time

    with _set_by(resolved, "since"):
        since = parse_time(settings.since, settings.tz) if settings.since else None
    with _set_by(resolved, "until"):
        until = parse_time(settings.until, settings.tz) if settings.until else None
        if since is not None and until is not None and since >= until:
            raise UserError(f"{settings.until} is not after --since {settings.since}.", "Turn them round.")
    return TimeWindow(since, until)


@contextlib.contextmanager
def _set_by(resolved: Resolved, key: str) -> Iterator[None]:
    """Puts who set a value before what is wrong with it."""
    try:
        yield
    except UserError as error:
        where = f"{resolved.where(key)}: " if resolved.given(key) else ""
        raise type(error)(f"{where}{error.problem}", error.remedy) from None


def _parse_now(text: str) -> datetime:
    if not text:
        at = datetime.now(UTC)
        return at.astimezone(_machines_zone(at.replace(tzinfo=None)))
    try:
        at = datetime.fromisoformat(text)
        return at if at.tzinfo is not None else at.replace(tzinfo=_machines_zone(at))
    except (ValueError, OverflowError):
        raise UserError(
            f"--now: {text!r} is no ISO time.", "For example 2026-01-31T06:00:00+00:00."
        ) from None


def _machines_zone(at: datetime) -> tzinfo:
    """This machine's zone at a naive local time; UTC where it cannot convert: a far year, a TZ of days."""
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
