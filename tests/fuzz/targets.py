"""What is fuzzed: bytes go in; an exception that is not the user's error, or a difference, is a find.

Each function imports what it needs, so that the fuzzer can watch these modules, and returns the target.
"""

# ruff: noqa: PLC0415 - said above

from __future__ import annotations

import gzip
import io
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

Target = Callable[[bytes], None]

_LOG = (
    b"2026-01-10 10:00:00.123 | INFO     | bot.loop:run:1 - Position closed: BTC/USDT long entry=1 exit=2 pnl=+1.0\n"
    b"2026-01-10 10:00:01 - bot - ERROR - : failed\r\n\r\n   more\n"
    b'{"time": "2026-01-10T10:00:02Z", "level": "info", "message": "trade recorded"}\n'
)
_TABLE = (
    b"timestamp,symbol,side,entry_price,exit_price,size,net_pnl\n2026-01-10 10:00:00,BTC/USDT,long,1,2,3,4\n"
)
_PROFILE = b"""schema = 1
name = "bot"
title = "bot"
[[patterns]]
id = "closed"
event = "position-closed"
regex = 'closed %{SYMBOL:symbol} at %{NUMBER:exit_price}'
samples = [{ line = "closed BTC at 1.5", values = { symbol = "BTC", exit_price = "1.5" } }]
"""
_SETTINGS = b"""paths = ["logs"]
fail-on = "warning"
max-age = "26h"
log-formats = [{ format = "{time} | {message}" }]
"""


def formats() -> Target:
    """A format string is compiled or refused; a line is read by it and by the built-in ones, or is not."""
    from logaudit.core.errors import UserError
    from logaudit.logformats import LogFormatSet, compile_format
    from logaudit.logformats.builtin import BUILT_IN
    from logaudit.logformats.infer import infer_formats

    known = LogFormatSet(BUILT_IN)

    def run(data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        written, _, rest = text.partition("\n")
        lines = rest.split("\n")
        for line in lines:
            known.match(line)
        infer_formats(lines)
        with suppress(UserError):
            own = LogFormatSet([compile_format(written, "")])
            for line in lines:
                own.match(line)

    return run


def tables() -> Target:
    """A table is a ledger with rows and rejected rows, or is not understood."""
    from logaudit.core.location import Address
    from logaudit.ledger import parse_ledger
    from logaudit.profiles import load_built_in
    from logaudit.sources import clean, decode, lines

    profile = load_built_in("generic")

    def run(data: bytes) -> None:
        numbered = ((at, clean(line)) for at, line in lines(decode(iter([data] if data else [])).blocks))
        parse_ledger(numbered, Address("trades.csv"), profile.ledger, profile.sides, ended=lambda: True)

    return run


def archives() -> Target:
    """Whatever a file holds, its members are listed and read, or a problem says why not."""
    from logaudit.sources import SourceError, blocks, discover

    folder = Path(tempfile.mkdtemp())
    names = ("a.zip", "a.log.gz", "a.tar", "a.log.xz", "a.tar.bz2", "a.log")

    def run(data: bytes) -> None:
        path = folder / names[data[0] % len(names) if data else 0]
        path.write_bytes(data[1:])
        found = discover([path])
        for source in found.sources:
            with suppress(SourceError):
                for _ in blocks(source):
                    pass
        path.unlink()

    return run


def profiles() -> Target:
    """A profile loads or is refused."""
    from logaudit.core.errors import ProfileError
    from logaudit.profiles.load import parse

    def run(data: bytes) -> None:
        with suppress(ProfileError):
            parse(data, "bot.toml")

    return run


def settings() -> Target:
    """Settings load or are refused."""
    from logaudit.config.check import check
    from logaudit.config.environment import from_environment
    from logaudit.core.errors import UserError
    from logaudit.core.toml import TomlError, parse_toml

    def run(data: bytes) -> None:
        with suppress(TomlError, UserError):
            check(parse_toml(data), "logaudit.toml")
        text = data.decode("utf-8", "surrogateescape")
        for key in ("FAIL_ON", "MAX_AGE", "JOBS", "PATHS", "OUTPUTS", "LOG_FORMATS"):
            with suppress(UserError):
                from_environment({f"LOGAUDIT_{key}": text})

    return run


def ways() -> Target:
    """Both ways to read a log give the same."""
    from logaudit.ingest.extract_log import extract_plain, extract_vectorized
    from logaudit.logformats import LogFormatSet
    from logaudit.logformats.builtin import BUILT_IN
    from logaudit.profiles import load_built_in
    from logaudit.sources import discover

    profile = load_built_in("generic")
    known = LogFormatSet(BUILT_IN)
    path = Path(tempfile.mkdtemp()) / "bot.log"

    def run(data: bytes) -> None:
        path.write_bytes(data)
        for source in discover([path]).sources:
            fast = extract_vectorized(source, profile, known, chunk=300)
            if fast is not None:
                assert fast == extract_plain(source, profile, known)

    return run


def _zip() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.log", _LOG)
        archive.writestr("b/c.log", _LOG)
    return data.getvalue()


TARGETS: Mapping[str, Callable[[], Target]] = {
    f.__name__: f for f in (formats, tables, archives, profiles, settings, ways)
}
SEEDS: Mapping[str, tuple[bytes, ...]] = {
    "formats": (b"{time} | {level} | {message}\n" + _LOG, b"%(asctime)s %(levelname)s %(message)s\n" + _LOG),
    "tables": (_TABLE, _TABLE.replace(b",", b";"), _TABLE.replace(b"\n", b"\r\n") + b'"open\n'),
    "archives": (b"\0" + _zip(), b"\1" + gzip.compress(_LOG), b"\5" + _LOG),
    "profiles": (_PROFILE,),
    "settings": (_SETTINGS,),
    "ways": (_LOG, _LOG * 3, _LOG.replace(b"\n", b"\r\n")),
}
