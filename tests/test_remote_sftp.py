# ruff: noqa: ARG002 - methods have the arguments that paramiko calls them with
"""An SFTP server on the loopback: the report of the folder, from servers that are known and from no others."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from s3_server import Bucket
from test_remote import FIXTURES, scan

paramiko: Any = pytest.importorskip("paramiko", reason="needs the extra logaudit[sftp]")
pytest.importorskip("fsspec", reason="needs the extra logaudit[sftp]")
pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows keeps ~ elsewhere")

LOGS = FIXTURES / "two-causes" / "logs"


class Login(paramiko.ServerInterface):
    """Lets in whoever has the one key."""

    def __init__(self, key: Any) -> None:
        self._key = key

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return int(paramiko.OPEN_SUCCEEDED)

    def get_allowed_auths(self, username: str) -> str:
        return "publickey"

    def check_auth_publickey(self, username: str, key: Any) -> int:
        return int(paramiko.AUTH_SUCCESSFUL if key == self._key else paramiko.AUTH_FAILED)


class Files(paramiko.SFTPServerInterface):
    """The fixture's logs as the folder ``/logs``."""

    def list_folder(self, path: str) -> Any:
        return [self._state(one, one.name) for one in _place(path).iterdir()]

    def stat(self, path: str) -> Any:
        place = _place(path)
        return self._state(place, "") if place.exists() else paramiko.SFTP_NO_SUCH_FILE

    lstat = stat

    def open(self, path: str, flags: int, attr: Any) -> Any:
        handle = paramiko.SFTPHandle(flags)
        handle.readfile = _place(path).open("rb")
        handle.stat = lambda: self.stat(path)
        return handle

    def _state(self, place: Path, name: str) -> Any:
        state = paramiko.SFTPAttributes.from_stat(place.stat())
        state.filename = name
        return state


def _place(path: str) -> Path:
    return LOGS.parent / path.strip("/")


@pytest.fixture(scope="module")
def keys() -> tuple[Any, Any]:
    return paramiko.ECDSAKey.generate(), paramiko.ECDSAKey.generate()


@pytest.fixture(scope="module")
def port(keys: tuple[Any, Any]) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_answer, args=(listening, *keys), daemon=True).start()
        yield listening.getsockname()[1]


def _answer(listening: socket.socket, host_key: Any, key: Any) -> None:
    while True:
        try:
            transport = paramiko.Transport(listening.accept()[0])
        except OSError:
            return
        transport.add_server_key(host_key)
        transport.set_subsystem_handler("sftp", paramiko.SFTPServer, Files)
        transport.start_server(event=threading.Event(), server=Login(key))


def home(tmp_path: Path, port: int, known: Any, key: Any) -> str:
    """A home folder with a key, and a server that is known."""
    folder = tmp_path / "home" / ".ssh"
    folder.mkdir(parents=True)
    if known is not None:
        line = f"[127.0.0.1]:{port} {known.get_name()} {known.get_base64()}\n"
        (folder / "known_hosts").write_text(line, encoding="ascii")
    key.write_private_key_file(str(folder / "id_ecdsa"))
    return str(folder.parent)


def test_a_server_gives_the_report_of_the_folder(port: int, keys: tuple[Any, Any], tmp_path: Path) -> None:
    place = home(tmp_path, port, keys[0], keys[1])
    found = scan(Bucket(), tmp_path / "cache", f"sftp://bot@127.0.0.1:{port}/logs", HOME=place)
    local = scan(Bucket(), tmp_path / "none", str(LOGS), "--no-cache")
    assert (found.stdout, found.returncode) == (local.stdout, local.returncode)


@pytest.mark.parametrize("known", ["none", "another"])
def test_a_server_that_is_not_the_known_one_is_not_read(
    known: str, port: int, keys: tuple[Any, Any], tmp_path: Path
) -> None:
    place = home(tmp_path, port, None if known == "none" else keys[1], keys[1])
    found = scan(Bucket(), tmp_path / "cache", f"sftp://bot@127.0.0.1:{port}/logs", HOME=place)
    assert found.returncode == 2
    said = "not in ~/.ssh/known_hosts" if known == "none" else "another one than ~/.ssh/known_hosts has"
    assert f"The key of 127.0.0.1 is {said}" in found.stderr
    assert "Traceback" not in found.stderr


def test_a_key_that_the_server_does_not_know_is_refused(
    port: int, keys: tuple[Any, Any], tmp_path: Path
) -> None:
    place = home(tmp_path, port, keys[0], paramiko.ECDSAKey.generate())
    found = scan(Bucket(), tmp_path / "cache", f"sftp://bot@127.0.0.1:{port}/logs", HOME=place)
    assert found.returncode == 2
    assert "cannot be listed: permission denied." in found.stderr
