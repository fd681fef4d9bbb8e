"""A small S3 on the loopback: listing, HEAD, GET with ranges and If-Match; counts requests, and fails on demand."""

from __future__ import annotations

import hashlib
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

KEY = "the-key-id"
#: Objects a page of a listing, few enough for listings of several pages.
PAGE = 4
#: Long past, so that no object looks freshly written.
MODIFIED = 1_760_000_000


class Bucket:
    """The objects of the bucket ``logs``.

    Attributes:
        objects: bytes by key.
        gets: GET requests for objects by key, also those that failed.
        unlisted: keys that a listing, which lags behind, does not show yet.
        stale: what a listing that lags behind still says of some keys: the bytes of before.
        heedless: whether it gives what it has whatever version it is asked for.
        broken: how many listings break off before one is whole.
        silent: until it is set, nobody who asks for an object is answered.
        public: whether it asks for no credential, as a stand-in of Google Storage.
        fail: asked with a key and how many GETs there were for it before; a status to answer with, 0 for none.
    """

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.gets: Counter[str] = Counter()
        self.unlisted: set[str] = set()
        self.stale: dict[str, bytes] = {}
        self.lists = 0
        self.heedless = False
        self.broken = 0
        self.silent = threading.Event()
        self.silent.set()
        self.public = False
        self.fail: Callable[[str, int], int] = lambda _key, _before: 0
        self.lock = threading.Lock()
        self.url = ""

    def upload(self, folder: Path, prefix: str) -> None:
        """Every file of a folder."""
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self.objects[f"{prefix}/{path.relative_to(folder).as_posix()}"] = path.read_bytes()

    @property
    def environment(self) -> dict[str, str]:
        """What leads to it."""
        return {
            "AWS_ENDPOINT": self.url,
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": "secret-of-the-test",
        }


@contextmanager
def serving() -> Iterator[Bucket]:
    bucket = Bucket()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"bucket": bucket}))
    bucket.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield bucket
    finally:
        bucket.silent.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    bucket: Bucket
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""

    def do_HEAD(self) -> None:
        self._object(head=True)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if "list-type" in parse_qs(parts.query):
            self._list(parse_qs(parts.query))
        else:
            self._object(head=False)

    def _is_known(self) -> bool:
        return self.bucket.public or f"Credential={KEY}/" in self.headers.get("Authorization", "")

    def _object(self, *, head: bool) -> None:
        key = unquote(urlsplit(self.path).path).removeprefix("/logs/")
        with self.bucket.lock:
            before = self.bucket.gets[key]
            self.bucket.gets[key] += not head
            status = 0 if head else self.bucket.fail(key, before)
            data = self.bucket.objects.get(key)
        self.bucket.silent.wait()
        status = status or self._refusal(data)
        if status or data is None:
            self._answer(status, b"<Error><Code>Trouble</Code></Error>", {})
            return
        named = {"ETag": _etag(data), "Last-Modified": formatdate(MODIFIED, usegmt=True)}
        if (asked := re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))) is not None:
            start, stop = int(asked[1]), int(asked[2]) + 1
            named["Content-Range"] = f"bytes {start}-{min(stop, len(data)) - 1}/{len(data)}"
            self._answer(206, data[start:stop], named)
        else:
            self._answer(200, data, named, head=head)

    def _refusal(self, data: bytes | None) -> int:
        if not self._is_known():
            return 403
        if data is None:
            return 404
        asked = self.headers.get("If-Match", _etag(data))
        return 0 if asked == _etag(data) or self.bucket.heedless else 412

    def _list(self, query: dict[str, list[str]]) -> None:
        self.bucket.lists += 1
        if not self._is_known():
            self._answer(403, b"<Error><Code>AccessDenied</Code></Error>", {})
            return
        prefix = query.get("prefix", [""])[0]
        after = query.get("continuation-token", [""])[0]
        listed = {k: v for k, v in self.bucket.objects.items() if k not in self.bucket.unlisted}
        listed |= self.bucket.stale
        keys = sorted(key for key in listed if key.startswith(prefix) and key > after)
        page = keys[:PAGE]
        more = (
            f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if len(keys) > PAGE else ""
        )
        inside = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{len(listed[key])}</Size>"
            f"<LastModified>2025-10-09T08:53:20.000Z</LastModified><ETag>{escape(_etag(listed[key]))}</ETag>"
            "<StorageClass>STANDARD</StorageClass></Contents>"
            for key in page
        )
        text = (
            '<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><Name>logs</Name>'
            f"<IsTruncated>{'true' if more else 'false'}</IsTruncated>{more}{inside}</ListBucketResult>"
        )
        self.bucket.broken -= 1
        missing = 9 if self.bucket.broken >= 0 else 0
        self._answer(200, text.encode(), {"Content-Type": "application/xml"}, missing=missing)

    def _answer(
        self, status: int, data: bytes, headers: dict[str, str], *, head: bool = False, missing: int = 0
    ) -> None:
        """``missing`` bytes are promised and not sent."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data) + missing))
        self.end_headers()
        self.close_connection = self.close_connection or bool(missing)
        if not head and self.command != "HEAD":
            self.wfile.write(data)


def _etag(data: bytes | None) -> str:
    return f'"{hashlib.md5(data or b"", usedforsecurity=False).hexdigest()}"'
