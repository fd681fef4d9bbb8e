"""Object stores through obstore: S3, Google Cloud Storage, Azure, and single objects of web servers."""

from __future__ import annotations

import errno
import os
import uuid
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import obstore
from obstore import exceptions
from obstore.store import from_url

from logaudit.core.errors import UserError
from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.sources.remote.environment import check_environment
from logaudit.sources.remote.opener import RemoteObject

#: A larger object is fetched in ranges of this size, several at a time.
RANGE: Final = 64 << 20
_AT_ONCE: Final = 4
_BLOCK: Final = 1 << 20
#: A listing that breaks off is asked for again; all else that fails is repeated by obstore, over some 17 seconds.
_TRIES: Final = 3
_RETRY: Final[Any] = {
    "max_retries": 6,
    "retry_timeout": timedelta(seconds=90),
    "backoff": {
        "init_backoff": timedelta(milliseconds=500),
        "max_backoff": timedelta(seconds=15),
        "base": 3,
    },
}
#: The last bounds silence: by default whoever does not answer is waited for to the end of the first.
_TIMEOUT: Final = {
    "timeout": timedelta(minutes=10),
    "connect_timeout": timedelta(seconds=10),
    "read_timeout": timedelta(seconds=30),
}
#: Options given here hide those of the environment: a store of one's own, without TLS, is still to be had.
_HTTP_ALLOWED: Final = {"s3": "AWS_ALLOW_HTTP", "az": "AZURE_ALLOW_HTTP", "gs": "GOOGLE_ALLOW_HTTP"}

#: obstore has classes for objects that are refused or gone, not for listings, and none for tokens that are too old.
_REFUSED: Final = lazy_pattern(r"\bstatus(?: code)?:? 40[13]\b|<Code>(?:Expired|Invalid)Token<")
_GONE: Final = lazy_pattern(r"\bstatus(?: code)?:? 404\b")
_ELSEWHERE: Final = lazy_pattern(r"incorrectly configured region")
_UNTRUSTED: Final = lazy_pattern(r"invalid peer certificate|InvalidCertificate")
_BROKEN_OFF: Final = lazy_pattern(r"\bresponse body\b")
#: Begins the version of an object of which the place tells neither ETag nor time: it is another one each time.
_UNKNOWN: Final = "?"


class _BrokenOffError(ConnectionAbortedError):
    """An answer began, and did not end."""


class ObjectStoreOpener:
    """As `logaudit.sources.remote.opener.Opener` has it; credentials come from the environment, as obstore reads it."""

    def __init__(self, store: str) -> None:
        """Reads what the environment says of the place.

        Raises:
            UserError: that, or the place's name, cannot be used.
        """
        scheme = store.partition("://")[0]
        check_environment(scheme)
        plain = os.environ.get(_HTTP_ALLOWED.get(scheme, ""), "").lower() in {"1", "true"}
        options: Any = {**_TIMEOUT, "allow_http": plain}
        try:
            self._store = from_url(store, retry_config=_RETRY, client_options=options)
        except (exceptions.BaseError, ValueError):  # their texts hold values
            raise UserError(
                f"{store} cannot be opened with what the environment says of {scheme}://.",
                "Check the name, and the variables that docs/scale.md lists.",
            ) from None

    def list(self, prefix: str) -> Iterable[RemoteObject]:
        """As `Opener` has it."""
        for left in reversed(range(_TRIES)):
            try:
                return _without_folders(self._listing(prefix))
            except FileNotFoundError:  # no such bucket
                return []
            except _BrokenOffError:
                if not left:
                    raise
        return []

    def _listing(self, prefix: str) -> tuple[RemoteObject, ...]:
        with _as_os_errors():
            batches = obstore.list(self._store, prefix or None, chunk_size=1000)
            return tuple(_listed(meta) for batch in batches for meta in batch)

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
        try:
            with _as_os_errors(), target.open("wb") as file:
                answer = obstore.get(self._store, listed.key, options=_options(listed))
                size = sum(file.write(block) for block in answer.stream(_BLOCK))
        except FileNotFoundError:
            if listed.size:
                raise
            return  # the mark of an empty folder, whose name is listed without the slash that it ends with
        _check(listed, answer.meta, listed.size, size)

    def _range(self, listed: RemoteObject, target: Path, start: int) -> None:
        stop = min(start + RANGE, listed.size)
        options: Any = {**_options(listed), "range": (start, stop)}
        with _as_os_errors():
            answer = obstore.get(self._store, listed.key, options=options)
            meta, data = answer.meta, answer.bytes()
        _check(listed, meta, stop - start, len(data))
        with target.open("r+b") as file:
            file.seek(start)
            file.write(data)


def _without_folders(listed: Sequence[RemoteObject]) -> list[RemoteObject]:
    """Drops the empty objects by which consoles mark folders."""
    folders = {one.key[:end] for one in listed for end, sign in enumerate(one.key) if sign == "/"}
    return [one for one in listed if one.size or one.key not in folders]


def _options(listed: RemoteObject) -> Any:  # noqa: ANN401 - obstore's own type is no runtime name
    """Asks for the version that was listed; a weak ETag matches nothing, not even itself."""
    is_weak = listed.version.startswith((_UNKNOWN, "W/"))
    return {} if is_weak or not listed.version else {"if_match": listed.version}


def _check(listed: RemoteObject, meta: Any, wanted: int, got: int) -> None:  # noqa: ANN401 - as above
    """Holds the answer against the listing; some servers do not heed which version they are asked for."""
    tag = meta.get("e_tag")
    other = tag and not listed.version.startswith(_UNKNOWN) and _bare(tag) != _bare(listed.version)
    if wanted != got or (listed.version and other):
        raise OSError(errno.ESTALE, "the object is not what was listed")


def _bare(tag: str) -> str:
    return tag.removeprefix("W/").strip('"')


def _listed(meta: Any) -> RemoteObject:  # noqa: ANN401 - as above
    modified = int(meta["last_modified"].timestamp() * 10**6) * 1000
    version = meta.get("e_tag") or ("" if modified > 0 else f"{_UNKNOWN}{uuid.uuid4()}")
    return RemoteObject(meta["path"], meta["size"], modified, version)


@contextmanager
def _as_os_errors() -> Iterator[None]:
    """Translates obstore's exceptions, whose texts hold requests, into the system's, which hold none.

    Raises:
        OSError: whatever obstore raised.
        UserError: it takes no such name.
    """
    try:
        yield
    except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError):
        raise PermissionError(errno.EACCES, "the store refuses") from None
    except exceptions.NotFoundError:
        raise FileNotFoundError(errno.ENOENT, "there is no such object") from None
    except exceptions.PreconditionError:
        raise OSError(errno.ESTALE, "the object is not what was listed") from None
    except (exceptions.InvalidPathError, ValueError):
        raise UserError(
            "An object's name or the path has two slashes in a row, dots for a folder or a control character.",
            "Such names are not read: name folders without one, or copy the files.",
        ) from None
    except exceptions.BaseError as error:
        raise _reason(str(error)) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what obstore says of its own defects
            raise
        raise ConnectionAbortedError(errno.ECONNABORTED, "the store cannot be asked") from None


def _reason(text: str) -> OSError:
    if _REFUSED.search(text):
        return PermissionError(errno.EACCES, "the store refuses")
    if _GONE.search(text):
        return FileNotFoundError(errno.ENOENT, "there is no such place")
    if _ELSEWHERE.search(text):
        return OSError(errno.EXDEV, "the store is of another region")
    if _UNTRUSTED.search(text):
        return OSError(errno.EPROTO, "the certificate is not trusted")
    if _BROKEN_OFF.search(text):
        return _BrokenOffError(errno.ECONNABORTED, "the answer breaks off")
    return ConnectionAbortedError(errno.ECONNABORTED, "the store does not answer")
