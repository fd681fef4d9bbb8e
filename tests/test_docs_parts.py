"""Generated parts of the guides: replaced in place, and refused where a page is torn."""

from __future__ import annotations

from pathlib import Path

import page_parts
import pytest
from hypothesis import given
from hypothesis import strategies as st
from page_parts import TornError, regenerated

ROOT = Path(__file__).resolve().parent.parent
PAGE = """\
# Title

Before.

<!-- printed by: logaudit one -->
```text
old one
```

Between.

```sh
logaudit two
```

<!-- printed by: logaudit two -->
```text
old two
and more
```

<!-- table of rules -->
| code | says |
| --- | --- |
| old | row |

After.
"""


def made(source: str) -> str:
    """A part that says where it comes from, with an empty line in blocks."""
    if source.startswith("table"):
        return "| code | says |\n| --- | --- |\n| new | row |\n| newer | row |"
    return f"new: {source}\n\nand more"


def test_parts_are_replaced_and_all_other_text_stays() -> None:
    expected = (
        PAGE.replace("old one", "new: printed by: logaudit one\n\nand more")
        .replace("old two\nand more", "new: printed by: logaudit two\n\nand more")
        .replace("| old | row |", "| new | row |\n| newer | row |")
    )
    assert regenerated(PAGE, made) == expected


def test_a_page_without_parts_stays_as_it_is() -> None:
    text = (
        "# Title\n\n~~~~md\n```sh\nmake\n```\n~~~~\n\n- item\n\n  ```text\n  kept\n  ```\n\n<!-- a note -->\n"
    )
    assert regenerated(text, made) == text


TORN = {
    "a closing fence that is gone takes the next block with it": (
        PAGE.replace("old one\n```\n", "old one\n"),
        "line 6: the block holds the fence of another one",
    ),
    "a closing fence and all text up to the next block that are gone": (
        PAGE.replace("old one\n```\n\nBetween.\n\n", "old one\n"),
        "line 6: the block holds the fence of another one",
    ),
    "a last block that is not closed": (
        "Text.\n\n```sh\nmake\n",
        "line 3: the block is not closed",
    ),
    "a fence that nothing follows": ("Text.\n\n```", "line 3: the block is not closed"),
    "a fence that another kind of fence should close": (
        "~~~text\nold\n```\n",
        "line 1: the block is not closed",
    ),
    "an empty part": (
        PAGE.replace("old one\n", ""),
        "line 6: the block is empty",
    ),
    "an empty block of the writer's": ("```sh\n\n```\n", "line 1: the block is empty"),
    "an empty block in a list": ("- item\n\n  ```sh\n  ```\n", "line 3: the block is empty"),
    "a table without rows": (PAGE.replace("| old | row |\n", ""), "the table is empty"),
    "a comment whose block is gone": (
        PAGE.replace("```text\nold two\nand more\n```\n", ""),
        "no fence stands right below",
    ),
    "a comment whose block is further down": (
        PAGE.replace("two -->\n", "two -->\n\n"),
        "no fence stands right below",
    ),
    "a comment whose table is a block": ("<!-- table of rules -->\n```text\nold\n```\n", "no table stands"),
    "a comment at the end": ("Text.\n\n<!-- printed by: logaudit -->\n", "no fence stands right below"),
    "a comment that is not closed": (PAGE.replace("one -->", "one"), "line 5: the comment is not"),
    "a note that is not closed": ("<!-- note\n\nText.\n", "line 1: the comment is not closed"),
    "a comment in a list": (
        "- <!-- printed by: logaudit -->\n  ```text\n  old\n  ```\n",
        "not at the margin",
    ),
}


@pytest.mark.parametrize(("text", "message"), TORN.values(), ids=TORN)
def test_a_torn_page_is_refused(text: str, message: str) -> None:
    with pytest.raises(TornError, match=message):
        regenerated(text, made)


@pytest.mark.parametrize(
    "output",
    [
        "",
        " \n",
        "one\n```\nout of the block",
        "one\n```\n\n```text\ntwo",
        "one\n   ```text\ntwo",
    ],
)
def test_what_would_tear_the_page_is_refused(output: str) -> None:
    with pytest.raises(TornError):
        regenerated("<!-- printed by: logaudit -->\n```text\nold\n```\n\nAfter.\n", lambda _: output)


def test_a_table_that_ends_early_would_leave_its_rest_in_the_text() -> None:
    with pytest.raises(TornError, match="outside of the generated parts"):
        regenerated(PAGE, lambda source: f"{made(source)}\n\n| lost | row |")


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n\r")), max_size=6))
def test_regenerating_keeps_or_refuses_any_text_around_a_part(around: list[str]) -> None:
    before, after = "\n".join(around[:3]), "\n".join(around[3:])
    page = f"{before}\n\n<!-- printed by: logaudit -->\n```text\n%s\n```\n\n{after}\n".replace("%s", "old", 1)
    try:
        found = regenerated(page, lambda _: "new")
    except TornError:
        return
    assert page.count("\n```text\nold\n```\n") == 1
    assert found in {page.replace("\n```text\nold\n```\n", "\n```text\nnew\n```\n"), page}


@pytest.mark.parametrize(
    "path", [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))], ids=lambda p: p.name
)
def test_no_page_of_the_project_is_torn(path: Path) -> None:
    page_parts.parts(path.read_text(encoding="utf-8"))
