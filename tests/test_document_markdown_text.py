"""Any text comes out of a Markdown parser as it went in: as text or code, never as markup."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from report_model import EVIL

from logaudit.core.text import printable
from logaudit.renderers.document.markdown_text import escape_text, fence, opening, span

GFM = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
#: Signs that mean something to some Markdown, and blanks, more often than chance would bring them.
TEXT = st.text(
    st.sampled_from("`|*_[]<>#~$&;!()\\-+=.:/@ \t\n1aя\x1b\u202e") | st.characters(codec="utf-8"), max_size=40
)


def inside(markdown: str) -> list[Token]:
    """The inline tokens of a document that is one paragraph."""
    tokens = GFM.parse(markdown)
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    return tokens[1].children or []


def squeezed(text: str) -> str:
    return text.strip(" ")


@given(TEXT)
@example("1. a")
@example("- a")
@example("***")
@example("===")
@example("---")
@example("-- -")
@example("-0.5")
@example("12) a")
@example("    indented")
@example("&amp; &#124; http://evil.example www.evil.example a_b_c __init__ \\| <b>x</b>")
@example(EVIL)
def test_words_are_words(text: str) -> None:
    line = opening(escape_text(text).strip(" "))
    shown = squeezed(printable(text))
    if not shown:
        return
    tokens = inside(line)
    assert {token.type for token in tokens} <= {"text", "text_special"}
    assert "".join(token.content for token in tokens) == shown


@given(TEXT)
@example("`")
@example("``a``")
@example(" a ")
@example("a\\")
@example("\\|")
@example(EVIL)
def test_a_code_span_holds_the_text(text: str) -> None:
    if not printable(text):
        assert span(text, in_table=False) == ""
        return
    (token,) = inside(span(text, in_table=False))
    assert (token.type, squeezed(token.content)) == ("code_inline", squeezed(printable(text)))


@given(TEXT, TEXT)
@example("|", "\\|")
@example("a`|`b", "\\")
@example(EVIL, EVIL)
def test_a_table_stays_a_table(first: str, second: str) -> None:
    cells = [span(first, in_table=True) or "-", escape_text(second).strip(" ") or "-"]
    tokens = GFM.parse(f"| a | b |\n| --- | --- |\n| {cells[0]} | {cells[1]} |\n")
    inline = [token for token in tokens if token.type == "inline"]
    assert len(inline) == 4
    assert sum(token.type == "tr_open" for token in tokens) == 2
    code = inline[2].children or []
    if printable(first):
        assert [(t.type, squeezed(t.content)) for t in code] == [("code_inline", squeezed(printable(first)))]
    text = "".join(token.content for token in inline[3].children or [])
    assert text == (squeezed(printable(second)) or "-")


@given(st.lists(TEXT, min_size=1, max_size=4))
@example(["```", "````x"])
@example([EVIL])
def test_a_fence_holds_the_lines(lines: list[str]) -> None:
    tokens = GFM.parse(fence(lines, "text"))
    assert [token.type for token in tokens] == ["fence"]
    assert tokens[0].content == "".join(printable(line) + "\n" for line in lines)


def test_names_stay_readable() -> None:
    """Escapes stand only where Markdown would see something."""
    assert (
        escape_text("futures_main: 3 - 4 (a.b), 5 % of x = y!") == "futures_main: 3 - 4 (a.b), 5 % of x = y!"
    )
