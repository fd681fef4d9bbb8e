"""``logaudit cache``: what earlier scans remember."""

from logaudit.cli import flags
from logaudit.cli.root import cache_app, show


@cache_app.command("info")
def cache_info(config: flags.Config = "") -> None:
    """Says where the cache is, what it holds and how large it may grow."""
    from logaudit.cli import cache_info  # noqa: PLC0415 - reading needs imports that --help does not

    show(cache_info.info(config))


@cache_app.command("clear")
def cache_clear(config: flags.Config = "") -> None:
    """Empties the cache; the next scan reads everything anew."""
    from logaudit.cli import cache_info  # noqa: PLC0415 - as above

    show(cache_info.clear(config))
