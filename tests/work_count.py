"""Counts what a function does, in steps that no clock and no other process can change."""

from __future__ import annotations

import sys
from collections.abc import Callable


def steps_of(function: Callable[[], object]) -> int:
    """How many lines of Python are begun and functions called until it returns; each turn of a loop is one or more."""
    count = 0

    def traced(_frame: object, _what: str, _argument: object) -> Callable[..., object]:
        nonlocal count
        count += 1
        return traced

    before = sys.gettrace()
    sys.settrace(traced)
    try:
        function()
    finally:
        sys.settrace(before)
    return count


def calls_of(function: Callable[[], object]) -> int:
    """How many functions, of Python's and of C's, are called until it returns: coarser, and counted much faster."""
    count = 0

    def counted(_frame: object, what: str, _argument: object) -> None:
        nonlocal count
        count += what in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        function()
    finally:
        sys.setprofile(before)
    return count
