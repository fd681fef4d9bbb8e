"""Styled lines: rich, which does the same with much more machinery, is the oracle."""

from __future__ import annotations

from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from logaudit.core.text import printable
from logaudit.renderers.styled_text import StyledLine

STYLES = ("", "bold", "dim", "italic", "bold underline", "bold red", "green", "yellow", "blue", "bold cyan")
WORDS = st.text(st.sampled_from("ab \u4ed3\u0301\U0001f600/-")) | st.text().map(printable)
RUNS = st.lists(st.tuples(WORDS, st.sampled_from(STYLES)), max_size=5)


def console(out: StringIO) -> Console:
    return Console(
        file=out,
        width=40,
        color_system="standard",
        force_terminal=True,
        force_jupyter=False,
        legacy_windows=False,
        _environ={},
    )


def rich_text(runs: list[tuple[str, str]]) -> Text:
    whole = Text()
    for text, style in runs:
        whole.append(text, style)
    return whole


def sent_by_rich(text: Text) -> str:
    out = StringIO()
    console(out).print(text, soft_wrap=True, highlight=False, markup=False, emoji=False)
    return out.getvalue().removesuffix("\n")


@given(RUNS, st.integers(20, 60))
def test_lines_wrap_and_are_sent_as_rich_does_it(runs, width):
    expected = []
    for piece in rich_text(runs).wrap(console(StringIO()), width):
        piece.rstrip()
        expected.append(sent_by_rich(piece))
    assert [line.sent(color=True) for line in StyledLine(*runs).wrapped(width)] == expected


@given(RUNS)
def test_without_colour_only_the_text_is_sent(runs):
    line = StyledLine(*runs)
    assert line.sent(color=False) == line.plain_text == "".join(text for text, _ in runs)
    assert line.cells == rich_text(runs).cell_len


@given(RUNS, st.integers(0, 30), st.integers(0, 30))
def test_a_part_keeps_its_styles(runs, start, stop):
    line = StyledLine(*runs)
    part = line.part(start, max(start, stop))
    assert part.plain_text == line.plain_text[start : max(start, stop)]
    assert (line.part(0, start) + line.part(start, len(line.plain_text))).plain_text == line.plain_text
    assert part.sent(color=True) == sent_by_rich(rich_text(runs)[start : max(start, stop)])


def test_a_style_that_nobody_knows_is_a_mistake():
    with pytest.raises(KeyError):
        StyledLine(("x", "blinking")).sent(color=True)
