"""The sheet: wrapping, tables, clipping, and the gate that makes text harmless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from logaudit.renderers.terminal import Column, Sheet


def sheet(width=60, *, color=False, unicode=True):
    return Sheet(width=width, color=color, unicode=unicode)


@given(st.text(), st.integers(0, 90))
def test_whatever_text_enters_only_printable_lines_leave(text, width):
    page = sheet(width)
    page.line(text)
    page.clipped(text, indent=3)
    page.paragraph(text, lead=[text])
    page.heading(text, text)
    page.table([Column("a"), Column("b", right=True, tail=True, drop=1)], [[text, text]])
    assert page.render().replace("\n", "").isprintable()


def test_rich_markup_and_emoji_names_are_text():
    page = sheet(color=True)
    page.paragraph("[red]x[/red] [link=http://x]y[/link] :bomb:")
    assert page.render() == "[red]x[/red] [link=http://x]y[/link] :bomb:\n"


def test_styles_reach_the_terminal_only_when_colour_is_wanted():
    for color in (True, False):
        page = sheet(color=color)
        page.line(("lost", "bold red"))
        assert ("\x1b[" in page.render()) == color


def test_the_environment_changes_nothing(monkeypatch):
    def shown():
        page = sheet(color=True)
        page.paragraph(("word " * 30, "red"))
        return page.render()

    before = shown()
    for name, value in (("COLUMNS", "20"), ("NO_COLOR", "1"), ("TERM", "dumb"), ("FORCE_COLOR", "1")):
        monkeypatch.setenv(name, value)
    assert shown() == before


def test_later_lines_of_a_paragraph_hang_below_the_end_of_its_lead():
    page = sheet(40)
    page.paragraph("one two three four five six seven eight nine ten", indent=2, lead=["why  "])
    first, second = page.render().splitlines()
    assert first.startswith("  why  one")
    assert second.startswith("       ")
    assert max(len(first), len(second)) <= 40


def test_a_lead_longer_than_half_the_sheet_stands_alone():
    page = sheet(40)
    page.paragraph("text", lead=["x" * 30])
    assert page.render().splitlines() == ["x" * 30, " " * 20 + "text"]


def test_a_line_is_never_broken_and_a_clipped_one_is_cut_with_a_mark():
    page = sheet(40)
    page.line("x" * 100)
    page.clipped("y" * 100, indent=4)
    assert page.render().splitlines() == ["x" * 100, "    " + "y" * 35 + "…"]


def test_an_ascii_sheet_writes_its_own_signs_in_ascii():
    page = sheet(40, unicode=False)
    page.heading("Title")
    page.clipped("│ " + "y" * 100)
    page.line("a – b … c × 3 → d")
    assert page.render().isascii()
    assert "a - b ... c x 3 -> d" in page.render()


def test_wide_characters_count_as_two_cells():
    page = sheet(40)
    page.clipped("仓" * 30)
    page.table([Column("a"), Column("b")], [["仓位", "x"], ["y", "z"]])
    lines = page.render().splitlines()
    assert cell_len(lines[0]) <= 40
    assert lines[2] == "仓位  x"
    assert lines[3] == "y     z"


def test_a_table_leaves_out_columns_without_content():
    page = sheet()
    page.table([Column("a"), Column("empty"), Column("n", right=True)], [["x", "", "1"], ["y", "", "10"]])
    assert page.render().splitlines() == ["a   n", "x   1", "y  10"]


def test_a_table_too_wide_is_cut_first_and_loses_whole_columns_only_then():
    columns = [Column("keep", shrink=24), Column("cut", shrink=6), Column("extra", shrink=8, drop=1)]
    wide, narrow = sheet(44), sheet(40)
    for page in (wide, narrow):
        page.table(columns, [["k" * 24, "c" * 12, "e" * 14]])
    assert cell_len(wide.render().splitlines()[1]) == 44
    assert "extra" in wide.render()
    # The least widths 24, 6 and 8 and two gaps of 2 need 42 cells; without the last column all fits.
    assert narrow.render().splitlines()[1] == "k" * 24 + "  " + "c" * 12


def test_columns_of_one_rank_are_dropped_together():
    columns = [Column("keep", shrink=30), Column("in", shrink=9, drop=1), Column("out", shrink=9, drop=1)]
    page = sheet(50)
    page.table(columns, [["k" * 30, "i" * 9, "o" * 9]])
    assert page.render().splitlines()[0] == "keep"


def test_cut_from_the_front_where_the_end_says_more():
    page = sheet(40)
    page.table(
        [Column("a", shrink=26), Column("path", shrink=10, tail=True)], [["k" * 26, "module:function"]]
    )
    assert page.render().splitlines()[1].endswith("  …le:function")


@pytest.mark.parametrize("width", [0, 1, 40])
def test_a_sheet_is_never_narrower_than_forty_cells(width):
    page = sheet(width)
    page.heading("T")
    assert len(page.render().rstrip()) == 40
