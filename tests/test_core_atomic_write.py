"""Writing files: whole or not at all, and never over what is no file."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from logaudit.core import atomic_write
from logaudit.core.atomic_write import check_targets, write_all
from logaudit.core.errors import UserError


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_texts_are_utf_8_and_line_ends_stay(tmp_path: Path) -> None:
    write_all([(tmp_path / "a", "позиция\r\n"), (tmp_path / "b", b"\x00\xff")])
    assert (tmp_path / "a").read_bytes() == "позиция\r\n".encode()
    assert (tmp_path / "b").read_bytes() == b"\x00\xff"
    assert names(tmp_path) == ["a", "b"]


def test_a_file_that_is_there_is_replaced_whole(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old and longer", encoding="utf-8")
    write_all([(tmp_path / "a", "new")])
    assert (tmp_path / "a").read_text(encoding="utf-8") == "new"


def test_when_one_cannot_be_written_none_is(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old", encoding="utf-8")
    with pytest.raises(UserError, match="cannot be written"):
        write_all([(tmp_path / "a", "new"), (tmp_path / "nowhere" / "b", "new")])
    assert names(tmp_path) == ["a"]
    assert (tmp_path / "a").read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("old", [True, False])
@pytest.mark.parametrize("kept_open", [64, 0])
@pytest.mark.parametrize("links", [True, False])
def test_every_way_writes_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, old: bool, kept_open: int, links: bool
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "not permitted")

    monkeypatch.setattr(atomic_write, "_OPEN", kept_open)
    if not links:
        monkeypatch.setattr(os, "link", refuse)
    if old:
        (tmp_path / "a").write_text("old", encoding="utf-8")
        (tmp_path / "a.mode").write_text("somebody's", encoding="utf-8")
    before = names(tmp_path)
    write_all([(tmp_path / "a", "new"), (tmp_path / "b", b"more")])
    assert (tmp_path / "a").read_bytes() + (tmp_path / "b").read_bytes() == b"newmore"
    assert names(tmp_path) == sorted({*before, "a", "b"})


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="no files without names there")
@pytest.mark.parametrize("when", ["check_targets", "write_all"])
def test_a_kill_leaves_nothing_behind(tmp_path: Path, when: str) -> None:
    program = """
import os, signal, sys
from pathlib import Path
from logaudit.core import atomic_write
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
setattr(atomic_write.Draft, "__exit__" if sys.argv[2] == "check_targets" else "publish", die)
atomic_write.check_targets([Path(sys.argv[1])])
atomic_write.write_all([(Path(sys.argv[1]), "x")])
"""
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path / "a"), when], check=False)
    assert done.returncode == -signal.SIGKILL
    assert names(tmp_path) == []


@pytest.mark.parametrize("name", ["nowhere/x", "."])
def test_targets_are_refused_before_the_work(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError):
        check_targets([tmp_path / "good", tmp_path / name])
    assert names(tmp_path) == []


def test_one_file_for_two_outputs_is_refused(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    with pytest.raises(UserError, match="twice"):
        check_targets([tmp_path / "a", tmp_path / "b" / ".." / "a"])


@pytest.mark.skipif(sys.platform == "win32", reason="no umask there")
def test_a_new_file_has_the_permissions_of_any_other(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    write_all([(tmp_path / "a", "x")])
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes there")
def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    check_targets([pipe])
    write_all([(pipe, "through")])
    reader.join(timeout=10)
    assert got == [b"through"]
    assert pipe.is_fifo()
