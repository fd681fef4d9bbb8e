"""Writes the generated pages: one a rule, their index, the settings' schema, and README.md's program output.

``python docs/build.py`` writes, ``python docs/build.py --check`` exits 1 naming what is stale.

A block in README.md is current when it shows what its command prints now:

    <!-- printed by: logaudit scan fixtures/seed-incident/logs -->
    ```text
    …
    ```
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from logaudit.config import schema_text
from logaudit.rules import REGISTRY, Registered

ROOT = Path(__file__).resolve().parent.parent
_BLOCK = re.compile(r"(<!-- printed by: (?P<command>[^\n]+?) -->\n```\w*\n)(?P<body>.*?)(\n```)", re.DOTALL)


def rule_page(registered: Registered) -> str:
    """The Markdown page of one rule: its docstring, with the severity under the title."""
    title, _, body = registered.page.partition("\n")
    rule = registered.rule
    body = body.replace("\n# ", "\n## ")
    return f"# {title.rstrip('.')}\n\nSeverity: **{rule.severity.value}** · {rule.summary}\n{body}\n"


def index_page() -> str:
    """The table of all rules."""
    rows = [
        f"| [{r.rule.code}]({r.rule.code.lower()}.md) | {r.rule.name} | {r.rule.severity.value} | {r.rule.summary} |"
        for r in REGISTRY
    ]
    return "\n".join(
        ["# Rules", "", "| code | name | severity | says |", "| --- | --- | --- | --- |", *rows, ""]
    )


def printed(command: str) -> str:
    """What a README command prints to stdout, run from the repository's root."""
    words = shlex.split(command)
    program = [sys.executable, "-m", "logaudit"] if words[0] == "logaudit" else [words[0]]
    environment = {**os.environ, "PYTHONUTF8": "1", "NO_COLOR": "1", "PYTHONPATH": str(ROOT)}
    environment["LOGAUDIT_NO_CACHE"] = "true"
    done = subprocess.run(  # noqa: S603 - commands come from this repository's own README
        [*program, *words[1:]], cwd=ROOT, env=environment, capture_output=True, check=False, encoding="utf-8"
    )
    return "\n".join(line.rstrip() for line in done.stdout.rstrip("\n").splitlines())


def readme(text: str) -> str:
    """README.md with every printed block made anew."""
    return _BLOCK.sub(lambda m: m[1] + printed(m["command"]) + m[4], text)


def pages() -> dict[Path, str]:
    """Every generated file and what it should hold."""
    folder = ROOT / "docs" / "rules"
    found = {folder / f"{r.rule.code.lower()}.md": rule_page(r) for r in REGISTRY}
    found[folder / "README.md"] = index_page()
    found[ROOT / "docs" / "logaudit.schema.json"] = schema_text()
    found[ROOT / "README.md"] = readme((ROOT / "README.md").read_text(encoding="utf-8"))
    return found


def main(arguments: list[str]) -> int:
    """Writes or checks; returns the exit code."""
    wanted = pages()
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
