"""What the cache holds, in words, and how it is emptied."""

from __future__ import annotations

from datetime import datetime

from logaudit.cache import VARIABLE, Info, Store
from logaudit.cli.options import open_cache
from logaudit.cli.run import load_settings
from logaudit.core.errors import UserError
from logaudit.core.text import plural, printable


def info(config: str) -> str:
    """Lines about the cache.

    Raises:
        UserError: there is no place for one.
    """
    found = _store(config).info()
    used = (
        "" if found.oldest is None else f"{datetime.fromtimestamp(found.oldest).astimezone():%Y-%m-%d %H:%M}"
    )
    kinds = ", ".join(f"{count:,} {name}" for name, count in found.counts.items() if count)
    lines = [
        ("folder", printable(str(found.folder))),
        ("entries", f"{found.entries:,}" + (f" ({kinds})" if kinds else "")),
        ("size", f"{_size(found.size)} of at most {_size(found.limit)}"),
        ("oldest", f"last used {used}" if used else "none"),
    ]
    return "".join(f"{name:<8} {value}\n" for name, value in lines)


def clear(config: str) -> str:
    """Empties the cache, and says what was removed.

    Raises:
        UserError: there is no place for one, or entries could not be removed.
    """
    store = _store(config)
    found = store.clear()
    left = store.info()
    if left.entries:
        raise UserError(f"{plural(left.entries, 'entry', 'entries')} in {left.folder} cannot be removed.")
    return f"Removed {_removed(found)} from {printable(str(found.folder))}.\n"


def _removed(found: Info) -> str:
    return f"{plural(found.entries, 'entry', 'entries')} ({_size(found.size)})"


def _store(config: str) -> Store:
    found = open_cache(load_settings({}, config).settings)
    if found is None:
        raise UserError("There is no place for a cache.", f"Name a folder in {VARIABLE}.")
    return found


def _size(size: int) -> str:
    return f"{size / (1 << 20):,.1f} MiB"
