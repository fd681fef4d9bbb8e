"""Writes the generated pages: one a rule, their index, the settings' schema; and the generated parts of the guides.

``python docs/build.py`` writes, ``python docs/build.py --check`` exits 1 naming what is stale. A guide whose blocks
are torn or empty is refused by both. A part made by ``printed by: logaudit …`` is what the command prints from the
repository's root, or its ``(first 3 paragraphs)``; one made by ``printed by: block 2 of docs/python.md`` is what that
page's second Python block prints, run after those before it.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt
from page_parts import TornError, regenerated

from logaudit.config.schema import schema_text
from logaudit.rules import REGISTRY, Registered

ROOT = Path(__file__).resolve().parent.parent
_SOURCE = re.compile(r"printed by: (?P<command>.+?)(?: \(first (?P<count>\d+) paragraphs\))?")
_BLOCK: Final = re.compile(r"printed by: block (?P<number>\d+) of (?P<page>[\w./-]+)")
#: A command that could not do its work ends so.
_FAILED = 2


def rule_page(registered: Registered) -> str:
    """The Markdown page of one rule: its docstring, with the severity under the title."""
    title, _, body = registered.page.partition("\n")
    rule = registered.rule
    body = body.replace("\n# ", "\n## ")
    return f"# {title.rstrip('.')}\n\nSeverity: **{rule.severity.value}** · {rule.summary}\n{body}\n"


def rule_table(folder: str = "") -> str:
    """The table of all rules; ``folder`` is where their pages lie."""
    rows = [
        f"| [{r.rule.code}]({folder}{r.rule.code.lower()}.md) | {r.rule.name} | {r.rule.severity.value} | "
        f"{r.rule.summary} |"
        for r in REGISTRY
    ]
    return "\n".join(["| code | name | severity | says |", "| --- | --- | --- | --- |", *rows])


def index_page() -> str:
    """The page that lists all rules."""
    return f"# Rules\n\n{rule_table()}\n"


def printed(command: str) -> str:
    """What a command prints to stdout, run from the repository's root.

    Raises:
        TornError: it could not do its work.
    """
    words = shlex.split(command)
    program = [sys.executable, "-m", "logaudit"] if words[0] == "logaudit" else [words[0]]
    environment = {**os.environ, "PYTHONUTF8": "1", "NO_COLOR": "1", "PYTHONPATH": str(ROOT)}
    environment["LOGAUDIT_NO_CACHE"] = "true"
    done = subprocess.run(  # noqa: S603 - commands come from this repository's own guides
        [*program, *words[1:]], cwd=ROOT, env=environment, capture_output=True, check=False, encoding="utf-8"
    )
    if done.returncode >= _FAILED and not done.stdout:
        raise TornError(f"{command}: {done.stderr.strip()}")
    return "\n".join(line.rstrip() for line in done.stdout.rstrip("\n").splitlines())


@lru_cache
def python_output(page: Path) -> list[str]:
    """What each Python block of a page prints, run one after another as one program from the repository's root."""
    tokens = MarkdownIt("commonmark").parse(page.read_text(encoding="utf-8"))
    names: dict[str, object] = {"__name__": "page"}
    printed_texts = []
    with contextlib.chdir(ROOT):
        for token in tokens:
            if token.type == "fence" and token.info.strip() == "python":
                out = io.StringIO()
                with contextlib.redirect_stdout(out):
                    exec(compile(token.content, page.name, "exec"), names)  # noqa: S102 - this repository's own pages
                printed_texts.append(
                    "\n".join(line.rstrip() for line in out.getvalue().rstrip("\n").splitlines())
                )
    return printed_texts


def made(source: str) -> str:
    """A generated part from the words of its comment.

    Raises:
        TornError: nothing is known to make it.
    """
    if source == "table of rules":
        return rule_table("docs/rules/")
    if block := _BLOCK.fullmatch(source):
        return python_output(ROOT / block["page"])[int(block["number"]) - 1]
    known = _SOURCE.fullmatch(source)
    if not known:
        raise TornError(f"nothing makes {source!r}")
    text = printed(known["command"])
    if known["count"]:
        text = "\n\n".join(text.split("\n\n")[: int(known["count"])])
    return text


def guides() -> list[Path]:
    """The pages that people write: README.md and those of docs/."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def pages() -> dict[Path, str]:
    """Every generated file and what it should hold.

    Raises:
        TornError: a guide is torn.
    """
    folder = ROOT / "docs" / "rules"
    found = {folder / f"{r.rule.code.lower()}.md": rule_page(r) for r in REGISTRY}
    found[folder / "README.md"] = index_page()
    found[ROOT / "docs" / "logaudit.schema.json"] = schema_text()
    for path in guides():
        try:
            found[path] = regenerated(path.read_text(encoding="utf-8"), made)
        except TornError as error:
            raise TornError(f"{path.relative_to(ROOT).as_posix()}: {error}") from error
    return found


def main(arguments: list[str]) -> int:
    """Writes or checks; returns the exit code."""
    try:
        wanted = pages()
    except TornError as error:
        sys.stdout.write(f"torn: {error}\n")
        return 1
    stale = [p for p, text in wanted.items() if not p.exists() or p.read_text(encoding="utf-8") != text]
    extra = sorted(set((ROOT / "docs" / "rules").glob("*.md")) - set(wanted))
    if arguments == ["--check"]:
        for path in [*stale, *extra]:
            sys.stdout.write(f"stale: {path.relative_to(ROOT).as_posix()}\n")
        if stale or extra:
            sys.stdout.write("run: python docs/build.py\n")
        return 1 if stale or extra else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted[path], encoding="utf-8", newline="\n")
    for path in extra:
        path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
