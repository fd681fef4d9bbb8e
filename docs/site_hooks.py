"""What mkdocs asks for when it builds the site: pages from outside docs/, links between them, and the order of pages.

The order is that of the table "Read on" in README.md, so that a page stands in both or in none.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any, Final

from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT: Final = Path(__file__).resolve().parent.parent
#: Pages of the repository → where they stand in the site. The other files that a page links to are not part of it.
OUTSIDE: Final = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "fixtures/README.md": "fixtures.md",
}
_LINK: Final = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<target>[^)#\s]+)(?P<anchor>#[^)\s]*)?\)")
_ROW: Final = re.compile(r"^\| \[[^\]]+\]\((?P<target>[^)]+\.md)\) \|", re.MULTILINE)


def on_config(config: Any) -> Any:  # noqa: ANN401 - mkdocs has no types
    """The order of the pages."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Read on")[2]
    config["nav"] = ["index.md", *map(_entry, _ROW.findall(readme))]
    return config


def on_files(files: Files, config: Any) -> Files:  # noqa: ANN401 - as above
    """The pages that lie outside docs/."""
    for source, target in OUTSIDE.items():
        files.append(File.generated(config, target, content=(ROOT / source).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Links as they lead within the site; to what is no part of it there is none, only its name."""
    place = page.file.src_uri
    origin = next((source for source, target in OUTSIDE.items() if target == place), f"docs/{place}")

    def moved(link: re.Match[str]) -> str:
        if "://" in link["target"]:
            return link[0]
        target = posixpath.normpath(posixpath.join(posixpath.dirname(origin), link["target"]))
        inside = OUTSIDE.get(target, target.removeprefix("docs/"))
        if inside == target and not target.startswith("docs/"):
            return link["text"] if "`" in link["text"] else f"`{link['text']}`"
        relative = posixpath.relpath(inside, posixpath.dirname(place) or ".")
        return f"[{link['text']}]({relative}{link['anchor'] or ''})"

    return _LINK.sub(moved, markdown)


def _entry(target: str) -> Any:  # noqa: ANN401 - a page, or a heading and its pages
    if target != "docs/rules/README.md":
        return OUTSIDE.get(target, target.removeprefix("docs/"))
    pages = sorted((ROOT / "docs" / "rules").glob("la*.md"))
    return {"Rules": ["rules/README.md", *(f"rules/{page.name}" for page in pages)]}
