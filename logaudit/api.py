"""``logaudit.scan``: audits from Python, for notebooks and other programs."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import Executor
from pathlib import Path

from logaudit.audit.pipeline import run
from logaudit.audit.policy import apply_policy
from logaudit.audit.prepare import check, open_cache
from logaudit.config import closest_match, resolve, working_folder
from logaudit.config.check import KEYS
from logaudit.core.errors import UserError
from logaudit.core.report import Report


def scan(
    paths: str | Path | Iterable[str | Path],
    *,
    now: str = "",
    cache: bool = False,
    executor: Executor | None = None,
    **settings: object,
) -> Report:
    """Audits logs and ledgers, as ``logaudit scan`` does; prints nothing, and writes nothing but the cache.

    Neither a settings file nor ``LOGAUDIT_*`` variables are read, but for the place of the cache: what is not given
    has its default.

    Args:
        paths: a log folder, file, archive or pattern, or several of them.
        now: the ISO time that ages count from; empty for the machine's.
        cache: whether to use and fill the cache of the command line.
        executor: runs the reading tasks, for example a ``loky`` executor or a cluster's; it is not shut down.
            Without one, large logs are read by worker processes, before which a script guards itself with
            ``if __name__ == "__main__"`` as for any use of `multiprocessing`; ``jobs=1`` starts none.
        settings: any setting of ``logaudit.toml``, with ``_`` in place of ``-``: ``profile``, ``tz``, ``since``,
            ``until``, ``encoding``, ``jobs``, ``select``, ``ignore``, ``baseline``, ``require_coverage``, ``max_age`` …

    Returns:
        The report, its findings sorted by the settings; ``report.review.exit_code`` is what the command would exit
        with: 0 verified and clean, 1 findings, 3 not judged.

    Raises:
        UserError: a path does not exist, or a setting is unknown or cannot be used; an exception with ``problem``
            and ``remedy``.
        InternalError: a defect of logaudit.
    """
    named = [paths] if isinstance(paths, str | Path) else list(paths)
    given = {key.replace("_", "-"): value for key, value in settings.items()}
    for key in given:
        if key not in KEYS:
            raise UserError(f"There is no setting {key!r}.", closest_match(key, KEYS))
    given["paths"] = [os.fspath(path) for path in named]
    resolved = resolve(given, {}, working_folder(), discover=False)
    options, policy = check(resolved, now)
    store = open_cache(resolved.settings) if cache else None
    return apply_policy(run(resolved.settings.paths, options, store=store, executor=executor), policy)
