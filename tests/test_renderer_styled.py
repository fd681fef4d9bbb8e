"""Styled lines: rich, which does the same with much more machinery, is the oracle."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from logaudit.core.text import printable
from logaudit.renderers.styled_text import StyledLine

STYLES = ("", "bold", "dim", "italic", "bold underline", "bold red", "green", "yellow", "blue", "bold cyan")
#: Numbers of xterm's 256 colours.
COLOURS = {"red": 160, "green": 28, "yellow": 130, "blue": 32, "cyan": 30}
WORDS = st.text(st.sampled_from("ab \u4ed3\u0301\U0001f600/-")) | st.text().map(printable)
#: Where a word that is wider than a line is cut otherwise than rich does it.
SEAMS = str.maketrans(dict.fromkeys(":/!._-", "'"))
RUNS = st.lists(st.tuples(WORDS, st.sampled_from(STYLES)), max_size=5)


def console(out: StringIO) -> Console:
    return Console(
        file=out,
        width=40,
        color_system="256",
        force_terminal=True,
        force_jupyter=False,
        legacy_windows=False,
        _environ={},
    )


def rich_text(runs: list[tuple[str, str]]) -> Text:
    whole = Text()
    for text, style in runs:
        whole.append(
            text, " ".join(f"color({COLOURS[word]})" if word in COLOURS else word for word in style.split())
        )
    return whole


def sent_by_rich(text: Text) -> str:
    out = StringIO()
    console(out).print(text, soft_wrap=True, highlight=False, markup=False, emoji=False)
    return out.getvalue().removesuffix("\n")


@given(RUNS, st.integers(20, 60))
def test_lines_wrap_and_are_sent_as_rich_does_it(runs, width):
    runs = [(text.translate(SEAMS), style) for text, style in runs]
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


def luminance(number: int) -> float:
    """Relative luminance (WCAG 2) of a colour of xterm's cube of 6 × 6 × 6, whose steps are 0, 95, 135, …, 255."""
    steps = [(number - 16) // 36, (number - 16) // 6 % 6, (number - 16) % 6]
    channels = [(0 if step == 0 else 55 + 40 * step) / 255 for step in steps]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("name", COLOURS)
def test_a_colour_is_readable_on_dark_and_on_light(name):
    sent = re.search(r"38;5;(\d+)m", StyledLine(("x", name)).sent(color=True))
    assert sent is not None
    light = luminance(int(sent[1]))
    # WCAG asks 3:1 of large or bold text and of signs; the best for black and white at once is 4.58:1.
    assert min((light + 0.05) / 0.05, 1.05 / (light + 0.05)) > 3.8


def test_a_link_is_sent_around_its_text_and_only_in_colour():
    line = StyledLine(("a.log:3", "blue link=file:///x/a.log"))
    assert line.sent(color=True) == ("\x1b]8;;file:///x/a.log\x1b\\\x1b[38;5;32ma.log:3\x1b[0m\x1b]8;;\x1b\\")
    assert line.sent(color=False) == "a.log:3"


def test_a_style_that_nobody_knows_is_a_mistake():
    with pytest.raises(KeyError):
        StyledLine(("x", "blinking")).sent(color=True)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "in bot.trading.manager:_close_by_reason now",
            ["in", "bot.trading.manager:", "_close_by_reason now"],
        ),
        ("logs/archive/of/2025/november.zip", ["logs/archive/of/2025/", "november.zip"]),
        ("the_name_of_one_function_only", ["the_name_of_one_", "function_only"]),
        ("a:bcdefghijklmnopqrstuvwxyz", ["a:bcdefghijklmnopqrstu", "vwxyz"]),
    ],
)
def test_a_word_wider_than_a_line_is_cut_where_a_path_or_a_name_has_a_seam(text, lines):
    assert [line.plain_text for line in StyledLine((text, "")).wrapped(22)] == lines


@given(st.text("ab/:._-\u4ed3\u0301 "), st.integers(2, 30))
def test_no_line_is_wider_and_nothing_is_lost(text, width):
    lines = [line.plain_text for line in StyledLine((text, "")).wrapped(width)]
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
