"""``logaudit cache``: what earlier scans remember."""

# ruff: noqa: PLC0415 - reading needs imports that --help does not

from datetime import datetime
from typing import TYPE_CHECKING

from logaudit.cli import flags
from logaudit.cli.root import cache_app, show
from logaudit.core.errors import UserError

if TYPE_CHECKING:
    from logaudit.cache import Info, Store


@cache_app.command("info")
def cache_info(config: flags.Config = "") -> None:
    """Show where the cache is, what it holds and how large it may grow."""
    show(info(config))


@cache_app.command("clear")
def cache_clear(config: flags.Config = "") -> None:
    """Empty the cache; the next scan reads everything anew."""
    show(clear(config))


def info(config: str) -> str:
    """Lines about the cache.

    Raises:
        UserError: there is no place for one.
    """
    from logaudit.core.text import printable

    found = _store(config).info()
    used = "" if found.oldest is None else f"{datetime.fromtimestamp(found.oldest):%Y-%m-%d %H:%M}"  # noqa: DTZ006 - local
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
    from logaudit.core.text import plural, printable

    store = _store(config)
    found = store.clear()
    left = store.info()
    if left.entries:
        raise UserError(f"{plural(left.entries, 'entry', 'entries')} in {left.folder} cannot be removed.")
    return f"Removed {_removed(found)} from {printable(str(found.folder))}.\n"


def _removed(found: "Info") -> str:
    from logaudit.core.text import plural

    return f"{plural(found.entries, 'entry', 'entries')} ({_size(found.size)})"


def _store(config: str) -> "Store":
    from logaudit.audit.prepare import open_cache
    from logaudit.cache import VARIABLE
    from logaudit.cli.run import load_settings

    found = open_cache(load_settings({}, config, default=()).settings)
    if found is None:
        raise UserError("There is no place for a cache.", f"Name a folder in {VARIABLE}.")
    return found


def _size(size: int) -> str:
    return f"{size / (1 << 20):,.1f} MiB"
