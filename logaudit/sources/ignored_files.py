"""Names that operating systems and tools leave beside evidence."""

from __future__ import annotations

from typing import Final

from logaudit.core.message import Message, msg

_SYSTEM: Final = frozenset({
    "__macosx", ".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", "$recycle.bin", ".directory",
    "system volume information", ".spotlight-v100", ".trashes", ".fseventsd", ".localized",
})  # fmt: skip
_TOOLS: Final = frozenset({
    ".git", ".hg", ".svn", "__pycache__", "node_modules", ".venv", ".tox", ".mypy_cache", ".ruff_cache",
    ".pytest_cache", ".idea", ".vscode",
})  # fmt: skip


def ignore_reason(label: str) -> Message | None:
    """Why a file, folder or member of this relative name is left alone; None when it is not."""
    for part in label.split("/"):
        name = part.lower()
        if name in _SYSTEM or name.startswith("._"):
            return msg("written by the operating system, not by a bot")
        if name in _TOOLS:
            return msg("holds a development tool's files, not a bot's")
    return None
