"""Files of a server: what it refuses and what leads out is said, and a session that breaks off is begun anew."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from logaudit.sources.remote.file_server import FileServerOpener

TREE = {
    "/bot": ["/bot/logs", "/bot/out", "/bot/near", "/bot/private", "/bot/a.log"],
    "/bot/logs": ["/bot/logs/b.log"],
}
LINKS = {"/bot/out": "/etc/passwd", "/bot/near": "/bot/a.log"}


class Session:
    """As fsspec's file systems are, over a tree of names; ``trouble`` is called with everything that is asked."""

    def __init__(self, trouble: Callable[[str, str], None], data: bytes = b"12345678") -> None:
        self._trouble = trouble
        self._data = data

    def info(self, path: str) -> dict[str, Any]:
        self._trouble("info", path)
        kind = "directory" if path in TREE or path == "/bot/private" else "link" if path in LINKS else "file"
        return {"name": path, "size": 8, "type": kind, "mtime": 5.0}

    def ls(self, path: str, *, detail: bool) -> list[dict[str, Any]]:
        assert detail
        self._trouble("ls", path)
        if path == "/bot/private":
            raise PermissionError
        return [self.info(name) for name in TREE[path]]

    def real_path(self, path: str) -> str:
        return LINKS[path]

    def get_file(self, path: str, target: str) -> None:
        self._trouble("get", path)
        Path(target).write_bytes(self._data)


def once(error: Exception, what: str) -> Callable[[str, str], None]:
    """Trouble with the first thing of this kind that is asked."""
    left = [error]

    def trouble(asked: str, _path: str) -> None:
        if asked == what and left:
            raise left.pop()

    return trouble


def quiet(_asked: str, _path: str) -> None:
    """No trouble."""


def test_a_refused_folder_and_a_link_that_leads_out_are_listed_with_their_trouble() -> None:
    """A link that leads inside means a file that has its own name."""
    found = {one.key: one.trouble for one in FileServerOpener(lambda: Session(quiet)).list("bot")}
    assert found == {
        "bot/a.log": 0,
        "bot/logs/b.log": 0,
        "bot/private": errno.EACCES,
        "bot/out": errno.ELOOP,
    }


@pytest.mark.parametrize("error", [EOFError(), OSError("Socket is closed"), TimeoutError()])
@pytest.mark.parametrize("what", ["ls", "get"])
def test_a_session_that_breaks_off_is_begun_anew(tmp_path: Path, error: Exception, what: str) -> None:
    trouble = once(error, what)
    begun: list[Session] = []

    def connect() -> Session:
        begun.append(Session(trouble))
        return begun[-1]

    opener = FileServerOpener(connect)
    (one,) = [one for one in opener.list("bot") if one.key == "bot/a.log"]
    opener.fetch(one, tmp_path / "a.log")
    assert (tmp_path / "a.log").read_bytes() == b"12345678"
    assert len(begun) == 2


def test_a_server_that_never_answers_is_given_up(tmp_path: Path) -> None:
    def trouble(asked: str, _path: str) -> None:
        if asked == "ls":
            raise EOFError

    with pytest.raises(ConnectionAbortedError):
        list(FileServerOpener(lambda: Session(trouble)).list("bot"))


def test_a_full_disk_here_is_no_trouble_of_the_server(tmp_path: Path) -> None:
    opener = FileServerOpener(lambda: Session(once(OSError(errno.ENOSPC, "full"), "get")))
    one = opener.state("bot/a.log")
    assert one is not None
    with pytest.raises(OSError, match="full"):
        opener.fetch(one, tmp_path / "a.log")


def test_of_a_log_that_grew_is_read_what_was_listed(tmp_path: Path) -> None:
    opener = FileServerOpener(lambda: Session(quiet, b"12345678 and more"))
    one = opener.state("bot/a.log")
    assert one is not None
    opener.fetch(one, tmp_path / "a.log")
    assert (tmp_path / "a.log").read_bytes() == b"12345678"


def test_a_file_that_shrank_is_not_what_was_listed(tmp_path: Path) -> None:
    opener = FileServerOpener(lambda: Session(quiet, b"123"))
    one = opener.state("bot/a.log")
    assert one is not None
    with pytest.raises(OSError, match="not what was listed") as caught:
        opener.fetch(one, tmp_path / "a.log")
    assert caught.value.errno == errno.ESTALE
