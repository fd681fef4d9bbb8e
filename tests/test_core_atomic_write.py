"""Writing files: whole or not at all, and never over what is no file."""

from __future__ import annotations

import os
import stat
import sys
import threading
from pathlib import Path

import pytest

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
