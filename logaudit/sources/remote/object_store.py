"""Object stores through obstore: S3, Google Cloud Storage, Azure, and single objects of web servers."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import obstore
from obstore import exceptions
from obstore.store import from_url

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.sources.remote.opener import RemoteObject

#: A larger object is fetched in ranges of this size, several at a time.
RANGE: Final = 64 << 20
_AT_ONCE: Final = 4
_BLOCK: Final = 1 << 20
#: A body that breaks off is asked for again; requests that fail are repeated by obstore itself.
_TRIES: Final = 3
_RETRY: Final[Any] = {"max_retries": 6, "retry_timeout": timedelta(seconds=90)}
_TIMEOUT: Final = {"timeout": timedelta(minutes=10), "connect_timeout": timedelta(seconds=10)}
#: Options given here hide those of the environment: a store of one's own, without TLS, is still to be had.
_HTTP_ALLOWED: Final = ("AWS_ALLOW_HTTP", "AZURE_ALLOW_HTTP", "GOOGLE_ALLOW_HTTP")

_REFUSED: Final = lazy_pattern(r"\bstatus(?: code)?:? 40[13]\b")


class ObjectStoreOpener:
    """As `logaudit.sources.remote.opener.Opener` has it; credentials come from the environment, as obstore reads it."""

    def __init__(self, store: str) -> None:
        plain = any(os.environ.get(name, "").lower() in {"1", "true"} for name in _HTTP_ALLOWED)
        options: Any = {**_TIMEOUT, "allow_http": plain}
        with _as_os_errors():
            self._store = from_url(store, retry_config=_RETRY, client_options=options)

    def list(self, prefix: str) -> Iterable[RemoteObject]:
        """As `Opener` has it."""
        with _as_os_errors():
            for batch in obstore.list(self._store, prefix or None, chunk_size=1000):
                yield from (_listed(meta) for meta in batch if not meta["path"].endswith("/"))

    def state(self, key: str) -> RemoteObject | None:
        """As `Opener` has it."""
        try:
            with _as_os_errors():
                return _listed(obstore.head(self._store, key))
        except FileNotFoundError:
            return None

    def fetch(self, listed: RemoteObject, target: Path) -> None:
        """As `Opener` has it; one request for most objects."""
        if listed.size <= RANGE:
            self._stream(listed, target)
            return
        with target.open("wb") as file:
            file.truncate(listed.size)
        starts = range(0, listed.size, RANGE)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(lambda start: self._range(listed, target, start), starts))

    def _stream(self, listed: RemoteObject, target: Path) -> None:
        for left in reversed(range(_TRIES)):
            try:
                with _as_os_errors(), target.open("wb") as file:
                    answer = obstore.get(self._store, listed.key, options=_options(listed))
                    size = sum(file.write(block) for block in answer.stream(_BLOCK))
            except OSError as error:
                if not left or error.errno != errno.ECONNABORTED:
                    raise
            else:
                _check(listed.size, size)
                return

    def _range(self, listed: RemoteObject, target: Path, start: int) -> None:
        stop = min(start + RANGE, listed.size)
        for left in reversed(range(_TRIES)):
            try:
                with _as_os_errors():
                    options: Any = {**_options(listed), "range": (start, stop)}
                    data = obstore.get(self._store, listed.key, options=options).bytes()
            except OSError as error:
                if not left or error.errno != errno.ECONNABORTED:
                    raise
            else:
                _check(stop - start, len(data))
                with target.open("r+b") as file:
                    file.seek(start)
                    file.write(data)
                return


def _options(listed: RemoteObject) -> Any:  # noqa: ANN401 - obstore's own type is no runtime name
    return {"if_match": listed.version} if listed.version else {}


def _check(wanted: int, got: int) -> None:
    if wanted != got:
        raise OSError(errno.ESTALE, "the object is not what was listed")


def _listed(meta: Any) -> RemoteObject:  # noqa: ANN401 - as above
    modified = int(meta["last_modified"].timestamp() * 10**6) * 1000
    return RemoteObject(meta["path"], meta["size"], modified, meta.get("e_tag") or meta.get("version") or "")


@contextmanager
def _as_os_errors() -> Iterator[None]:
    """Translates obstore's exceptions, whose texts hold requests, into the system's, which hold none.

    Raises:
        OSError: whatever obstore raised.
    """
    try:
        yield
    except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError):
        raise PermissionError(errno.EACCES, "the store refuses") from None
    except exceptions.NotFoundError:
        raise FileNotFoundError(errno.ENOENT, "there is no such object") from None
    except exceptions.PreconditionError:
        raise OSError(errno.ESTALE, "the object is not what was listed") from None
    except exceptions.BaseError as error:
        # obstore has no class for a listing that is refused.
        if _REFUSED.search(str(error)):
            raise PermissionError(errno.EACCES, "the store refuses") from None
        raise OSError(errno.ECONNABORTED, "the store does not answer") from None
