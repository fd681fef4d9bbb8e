"""Format strings that cannot be used are refused with the token and, where there is one, a near miss."""

from __future__ import annotations

import pytest

from logaudit.core.errors import ExitCode
from logaudit.logformats import LogFormatError, compile_format


@pytest.mark.parametrize(
    ("written", "datefmt", "problem", "remedy"),
    [
        ("{tme} {message}", "", "{tme}", "{time}"),
        ("{time} {level.nme} {message}", "", "{level.nme}", "{level.name}"),
        ("{time} {symbol} {message}", "", "{symbol}", "{extra[name]}"),
        ("<gren>{time}</gren> {message}", "", "<gren>", "<green>"),
        ("%(asctime)s %(levlname)s %(message)s", "", "%(levlname)s", "levelname"),
        ("%(asctime)s %(bad key)s %(message)s", "", "%(bad key)s", ""),
        ("%(asctime) %(message)s", "", "%(asctime)", "%(name)s"),
        ("%(asctime)s %(message)s", "%Y-%K-%d", "%K", "%k"),
        ("%(asctime)s %(message)s", "%Y-%Q", "%Q", "%Y-%m-%d"),
        ("{time:HH:mm:ss} {message}", "", "needs a date", "date"),
        ("%(asctime)s %(message)s", "%H:%M:%S", "needs a date", "date"),
        ("{time:MM-DD HH:mm:ss} {message}", "", "needs a date", "date"),
        ("{level} {message}", "", "needs a date", "{time}"),
        ("{time:YYYY-MM-DD hh:mm:ss} {message}", "", "12-hour", "HH"),
        ("{time:YYYY-MM-DD SSSSSSSSSS} {message}", "", "SSSSSSSSSS", "SSS"),
        ("{time!r} {message}", "", "{time!r}", "{time:"),
        ("{message} {time}", "", "before the message", "{time}"),
        ("{time} {level}", "", "no message", "{message}"),
        ("{time} {message} {level} {message}", "", "twice", "once"),
        ("{time} {level}\n{message}", "", "no message", "{message}"),
        ("{time {message}", "", "'{'", "{{"),
        ("{time} {level} {message}", "%H:%M", "datefmt", "{time:"),
        ("", "", "no message", "{message}"),
    ],
)
def test_the_error_names_the_token_and_a_way_out(
    written: str, datefmt: str, problem: str, remedy: str
) -> None:
    with pytest.raises(LogFormatError) as caught:
        compile_format(written, datefmt)
    assert problem in caught.value.problem
    assert repr(written) in caught.value.problem
    assert remedy in caught.value.remedy
    assert caught.value.code is ExitCode.USAGE
