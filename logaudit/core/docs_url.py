"""Where the documentation stands: the one setting that every address of a page is made from."""

from __future__ import annotations

from typing import Final

#: Ends with a slash. A reserved name until the site has a host of its own. pyproject.toml and mkdocs.yml repeat it, and
#: a test compares them.
DOCS_URL: Final = "https://docs.logaudit.example/"


def rule_url(code: str) -> str:
    """The page of a rule."""
    return f"{DOCS_URL}rules/{code.lower()}/"
