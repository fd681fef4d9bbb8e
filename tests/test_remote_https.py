"""Files of a web server with a certificate of its own: the report of the files, one request for each, two to list."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from s3_server import Bucket
from test_remote import FIXTURES, scan

from logaudit.sources.source import os_reason

pytest.importorskip("obstore", reason="needs the extra logaudit[remote]")
pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl, to make certificates")

LOGS = FIXTURES / "two-causes" / "logs"
DATE = "Thu, 09 Oct 2025 08:53:20 GMT"


class Site:
    """The files below a folder; ``tag`` makes the ETag of one, empty for none."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.asked: Counter[str] = Counter()
        self.tag: Callable[[bytes], str] = lambda _data: ""
        self.date = DATE

    @property
    def urls(self) -> list[str]:
        """Each file's URL."""
        files = sorted(path for path in self.folder.rglob("*") if path.is_file())
        return [f"https://localhost:{self.port}/{path.relative_to(self.folder).as_posix()}" for path in files]


class Handler(BaseHTTPRequestHandler):
    """Heeds which version is asked for as RFC 9110 has it."""

    site: Site
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        self.site.asked[self.command] += 1
        data = (self.site.folder / self.path.lstrip("/")).read_bytes()
        tag, asked = self.site.tag(data), self.headers.get("If-Match")
        is_wanted = asked is None or (asked == tag and not asked.startswith("W/"))
        self.send_response(200 if is_wanted else 412)
        data = data if is_wanted else b""
        for name, value in (
            ("ETag", tag),
            ("Last-Modified", self.site.date),
            ("Content-Length", str(len(data))),
        ):
            if value:
                self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate of ``localhost`` that trusts itself."""
    folder = tmp_path_factory.mktemp("certificate")
    (folder / "made.cnf").write_text(
        "[req]\ndistinguished_name=name\nx509_extensions=more\nprompt=no\n[name]\nCN=localhost\n"
        "[more]\nsubjectAltName=DNS:localhost\nbasicConstraints=critical,CA:false\n",
        encoding="ascii",
    )
    made = "req -x509 -newkey rsa:2048 -nodes -days 2 -config made.cnf -keyout key.pem -out cert.pem"
    subprocess.run(["openssl", *made.split()], cwd=folder, check=True, capture_output=True)  # noqa: S607 - wherever it is
    return folder


@pytest.fixture
def site(certificate: Path, tmp_path: Path) -> Iterator[Site]:
    folder = tmp_path / "site"
    shutil.copytree(LOGS, folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Site(folder, server.server_address[1])
    server.RequestHandlerClass = type("Handler", (Handler,), {"site": made})
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with served(server):
        yield made


@contextmanager
def served(server: ThreadingHTTPServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def read(site: Site, certificate: Path, cache: Path, *words: str) -> str:
    """The JSON of a scan of all files, which were to be had."""
    trusted = {"SSL_CERT_FILE": str(certificate / "cert.pem")}
    done = scan(Bucket(), cache, *site.urls, *words, **trusted)
    assert done.stdout, done.stderr
    return done.stdout


def strong(data: bytes) -> str:
    return f'"{sha256(data).hexdigest()}"'


def test_files_of_a_web_server_are_asked_for_once(site: Site, certificate: Path, tmp_path: Path) -> None:
    local = [str(path) for path in sorted(LOGS.rglob("*")) if path.is_file()]
    told = scan(Bucket(), tmp_path / "none", *local, "--no-cache").stdout
    site.tag = strong
    count = len(site.urls)
    assert read(site, certificate, tmp_path / "cache") == told
    assert site.asked == {"HEAD": count, "GET": count}
    site.asked.clear()
    assert read(site, certificate, tmp_path / "cache") == told
    assert site.asked == {"HEAD": count}


def test_a_tag_that_is_weak_matches_nothing_and_is_not_asked_for(
    site: Site, certificate: Path, tmp_path: Path
) -> None:
    site.tag = lambda data: f"W/{strong(data)}"
    assert "LA401" not in read(site, certificate, tmp_path / "cache")
    site.asked.clear()
    read(site, certificate, tmp_path / "cache")
    assert not site.asked["GET"]


def test_a_file_without_tag_and_date_may_always_be_another_one(
    site: Site, certificate: Path, tmp_path: Path
) -> None:
    site.date = ""
    read(site, certificate, tmp_path / "cache")
    ledger = next(site.folder.glob("trades*.csv"))
    ledger.write_bytes(ledger.read_bytes()[::-1])
    assert read(site, certificate, tmp_path / "cache") == read(
        site, certificate, tmp_path / "none", "--no-cache"
    )


def test_a_certificate_that_nobody_trusts_is_said(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from logaudit.sources.remote import object_store  # noqa: PLC0415 - an extra

    monkeypatch.setattr(object_store, "_RETRY", {"max_retries": 0})
    store, _, name = site.urls[0].partition(f":{site.port}/")
    with pytest.raises(OSError, match="certificate") as caught:
        object_store.ObjectStoreOpener(f"{store}:{site.port}").state(name)
    assert str(os_reason(caught.value)) == "its certificate is not one that this machine trusts"
