"""Lines of spreadsheets that end them with carriage returns alone, and lines as text."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

from logaudit.ledger.columns import read_header
from logaudit.profiles.profile import LedgerSpec


def cut_at_carriage_returns(lines: Iterable[tuple[int, bytes]], spec: LedgerSpec) -> list[tuple[int, bytes]]:
    """The lines; those of a table too that ends them with a carriage return alone, as old spreadsheets do."""
    found = list(lines)
    if len(found) != 1 or b"\r" not in found[0][1][:-1]:
        return found
    offset, raw = found[0]
    pieces = raw.removesuffix(b"\r").split(b"\r")
    if read_header(text_of(pieces[0]), spec) is None:
        return found
    begins = accumulate((len(piece) + 1 for piece in pieces), initial=offset)
    return list(zip(begins, pieces, strict=False))


def text_of(raw: bytes) -> str:
    """A physical line as text, without NULs and its line end."""
    return raw.replace(b"\0", b"").decode("utf-8", "backslashreplace").rstrip("\r\n")
