"""The corpora on disk: written once, checked before use, smaller ones made of the same archives as larger ones."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

import corpus
import msgspec

HERE: Final = Path(__file__).resolve().parent
#: What the text of a corpus is made by.
MAKERS: Final = ("chance.py", "corpus.py", "parts.py", "speech.py", "trades.py", "words.py")


class Stock(msgspec.Struct, frozen=True):
    """One corpus.

    Attributes:
        text: bytes of text in the archives; packed: bytes of the archives.
    """

    folder: Path
    archives: int
    text: int
    packed: int
    lines: int
    records: int


class _Listing(msgspec.Struct):
    makers: str
    archives: list[corpus.Written]
    sizes: list[int]


class NoRoomError(Exception):
    """The disk is too full; the message says for what."""


def zipped(home: Path, megabytes: int) -> Stock:
    """A corpus of so many MB, written unless it is there; a smaller one is linked from a larger one.

    Raises:
        NoRoomError: the disk is too full.
    """
    count = corpus.count_of(megabytes)
    folder = home / f"corpus-{megabytes}"
    if (found := _listing(folder)) is None:
        _room(home, megabytes * 1_000_000 // 8)
        shutil.rmtree(folder, ignore_errors=True)
        larger = next((f for f in _others(home) if len(_archives(f)) >= count), None)
        if larger is None:
            archives = corpus.write(folder, count)
        else:
            archives = _archives(larger)[:count]
            link(larger, folder, [done.file for done in archives])
            corpus.write_tables(folder, range(count))
        sizes = [(folder / done.file).stat().st_size for done in archives]
        found = _Listing(_makers(), archives, sizes)
        _note(folder).write_bytes(msgspec.json.encode(found))
    return Stock(
        folder=folder,
        archives=count,
        text=sum(done.size for done in found.archives),
        packed=sum(found.sizes),
        lines=sum(done.lines for done in found.archives),
        records=sum(done.records for done in found.archives),
    )


def plain(home: Path, megabytes: int) -> Path:
    """One log of so many MB, written unless it is there; returns the file.

    Raises:
        NoRoomError: the disk is too full.
    """
    count = corpus.count_of(megabytes)
    file = home / f"plain-{megabytes}" / "futures_main.log"
    note = _note(file.parent)
    if not (file.exists() and note.exists() and note.read_text(encoding="ascii") == _mark(file)):
        _room(home, megabytes * 1_000_000)
        corpus.write_plain(file, count)
        note.write_text(_mark(file), encoding="ascii")
    return file


def link(source: Path, target: Path, names: Sequence[str]) -> None:
    """The named files of a folder under another one: linked where that can be, else copied."""
    target.mkdir(parents=True)
    for name in names:
        try:
            os.link(source / name, target / name)
        except OSError:
            shutil.copy2(source / name, target / name)


def change(folder: Path, number: int, variant: str) -> None:
    """Puts an archive with other text in place of the one of this number."""
    aside = folder.with_name(f"{folder.name}.new")
    aside.mkdir(exist_ok=True)
    done = corpus.write_zip(aside, number, variant=variant)
    (aside / done.file).replace(folder / done.file)
    aside.rmdir()


def warm(folder: Path) -> None:
    """Reads every file once, so that the disk has no part in what is measured."""
    for file in [folder] if folder.is_file() else sorted(f for f in folder.rglob("*") if f.is_file()):
        with file.open("rb") as handle:
            while handle.read(1 << 22):
                pass


def _listing(folder: Path) -> _Listing | None:
    """What was written into the folder, if all of it is still there."""
    try:
        found = msgspec.json.decode(_note(folder).read_bytes(), type=_Listing)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
    files = [folder / done.file for done in found.archives]
    whole = all(f.exists() and f.stat().st_size == size for f, size in zip(files, found.sizes, strict=True))
    return found if whole and found.makers == _makers() else None


def _others(home: Path) -> list[Path]:
    return sorted(f for f in home.glob("corpus-*") if f.is_dir() and _listing(f) is not None)


def _archives(folder: Path) -> list[corpus.Written]:
    found = _listing(folder)
    return found.archives if found else []


def _note(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.json")


@cache
def _makers() -> str:
    """Stands for the code that makes a corpus: what other code made is made anew."""
    texts = [(HERE / name).read_bytes().replace(b"\r\n", b"\n") for name in MAKERS]
    return hashlib.sha256(b"".join(texts)).hexdigest()


def _mark(file: Path) -> str:
    return f"{_makers()} {file.stat().st_size}"


def _room(home: Path, size: int) -> None:
    home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(home).free
    if free < size + 1_000_000_000:
        raise NoRoomError(f"{size / 1e9:.1f} GB would leave less than 1 GB of {free / 1e9:.1f} GB")
