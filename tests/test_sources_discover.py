"""Paths become addressed sources: each file once, in an order of names, with junk and trouble accounted for."""

import gzip
import os
import pickle
import stat
import zipfile

import pytest

from logaudit.core.errors import ExitCode, UserError
from logaudit.sources import Container, ProblemKind, blocks, discover

TEXT = b"2025-03-04 05:06:07 | INFO | started\n"


def _write(root, *names):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(TEXT + name.encode())


def _paths(found):
    return [str(source.address) for source in found.sources]


def _link(path, target):
    try:
        path.symlink_to(target, target_is_directory=target.is_dir())
    except OSError:
        pytest.skip("links need a privilege here")


def test_one_folder_is_the_root_of_its_addresses(tmp_path):
    _write(tmp_path / "logs", "b.log", "a/c.log", "a.log")
    found = discover([tmp_path / "logs"])
    assert _paths(found) == ["a.log", "a/c.log", "b.log"]
    assert found.roots == ("logs",)


def test_one_file_is_addressed_by_its_name(tmp_path):
    _write(tmp_path, "a/bot.log")
    found = discover([str(tmp_path / "a" / "bot.log")])
    assert _paths(found) == ["bot.log"]
    assert found.roots == ("bot.log",)


def test_several_folders_begin_with_their_own_names(tmp_path):
    _write(tmp_path, "one/x.log", "two/x.log")
    assert _paths(discover([tmp_path / "two", tmp_path / "one"])) == ["one/x.log", "two/x.log"]


def test_folders_of_equal_name_are_told_apart_by_the_folder_above(tmp_path):
    _write(tmp_path, "bot1/logs/x.log", "bot2/logs/x.log", "extra/x.log")
    found = discover([tmp_path / "bot1/logs", tmp_path / "bot2/logs", tmp_path / "extra"])
    assert _paths(found) == ["bot1/logs/x.log", "bot2/logs/x.log", "extra/x.log"]


def test_files_of_one_folder_need_no_prefix(tmp_path):
    _write(tmp_path, "s/a.log", "s/b.csv")
    assert _paths(discover([tmp_path / "s/b.csv", tmp_path / "s/a.log"])) == ["a.log", "b.csv"]


def test_files_keep_their_place_below_the_folder_that_holds_them_all(tmp_path):
    _write(tmp_path, "logs/trades.csv", "logs/live/info.log")
    found = discover([tmp_path / "logs/live/info.log", tmp_path / "logs/trades.csv"])
    assert _paths(found) == ["live/info.log", "trades.csv"]


def test_files_of_unrelated_folders_are_told_apart_by_them(tmp_path):
    _write(tmp_path, "one/bot.log", "two/bot.log")
    assert _paths(discover([tmp_path / "one/bot.log", tmp_path / "two/bot.log"])) == [
        "one/bot.log",
        "two/bot.log",
    ]


def test_what_lies_inside_another_path_is_read_once(tmp_path):
    _write(tmp_path, "logs/a.log", "logs/live/b.log")
    found = discover(
        [tmp_path / "logs/live", tmp_path / "logs/a.log", tmp_path / "logs", tmp_path / "logs/."]
    )
    assert _paths(found) == ["a.log", "live/b.log"]


def test_patterns_that_the_shell_left_alone_are_expanded(tmp_path):
    _write(tmp_path, "x/a.log", "x/b.log", "x/c.csv", "x/[1].log")
    assert _paths(discover([tmp_path / "x" / "[ab].log"])) == ["a.log", "b.log"]
    assert _paths(discover([tmp_path / "x" / "[1].log"])) == ["[1].log"]
    assert _paths(discover([f"{tmp_path}/**/*.csv"])) == ["c.csv"]


@pytest.mark.parametrize("missing", [["nowhere"], ["*.nothing"], []])
def test_paths_that_lead_nowhere_are_usage_errors(tmp_path, missing):
    with pytest.raises(UserError) as caught:
        discover([tmp_path / name for name in missing])
    assert caught.value.code is ExitCode.USAGE


def test_the_working_directory_is_a_folder_like_any(tmp_path, monkeypatch):
    _write(tmp_path / "here", "a.log")
    monkeypatch.chdir(tmp_path / "here")
    found = discover(["."])
    assert _paths(found) == ["a.log"]
    assert found.roots == ("here",)


def test_an_empty_folder_is_no_error(tmp_path):
    found = discover([tmp_path])
    assert (found.sources, found.problems, found.skipped, found.archives) == ((), (), (), 0)


def test_a_link_is_another_name_of_a_file_already_read(tmp_path):
    _write(tmp_path, "z.log", "real/a.log")
    _link(tmp_path / "current.log", tmp_path / "z.log")
    _link(tmp_path / "also", tmp_path / "real")
    assert _paths(discover([tmp_path])) == ["real/a.log", "z.log"]


def test_a_link_that_leads_elsewhere_is_followed_only_when_asked(tmp_path):
    _write(tmp_path, "logs/a.log", "elsewhere/b.log")
    _link(tmp_path / "logs/more", tmp_path / "elsewhere")
    assert _paths(discover([tmp_path / "logs"], follow=True)) == ["a.log", "more/b.log"]
    found = discover([tmp_path / "logs"])
    assert _paths(found) == ["a.log"]
    (problem,) = found.problems
    assert str(problem.address) == "more"
    assert "--follow-links" in str(problem.detail)


def test_a_link_that_is_named_or_leads_to_another_root_is_followed(tmp_path):
    _write(tmp_path, "logs/a.log", "elsewhere/b.log")
    _link(tmp_path / "logs/more", tmp_path / "elsewhere")
    _link(tmp_path / "named", tmp_path / "elsewhere")
    assert _paths(discover([tmp_path / "named"])) == ["b.log"]
    found = discover([tmp_path / "logs", tmp_path / "elsewhere"])
    assert len(_paths(found)) == 2
    assert not found.problems


def test_links_in_a_circle_end(tmp_path):
    _write(tmp_path, "logs/a.log", "outside/b.log")
    _link(tmp_path / "logs/self", tmp_path / "logs")
    _link(tmp_path / "logs/up", tmp_path)
    found = discover([tmp_path / "logs"])
    assert _paths(found) == ["a.log"]
    assert [skip.path for skip in found.skipped] == ["up"]


def test_a_link_to_nothing_is_skipped_with_the_reason(tmp_path):
    _link(tmp_path / "gone.log", tmp_path / "missing")
    assert [(s.path, str(s.reason)) for s in discover([tmp_path]).skipped] == [
        ("gone.log", "a link to nothing")
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes exist on POSIX only")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.log")
    assert [skip.path for skip in discover([tmp_path]).skipped] == ["pipe.log"]


def test_what_systems_and_tools_leave_is_skipped_with_the_reason(tmp_path):
    _write(tmp_path, "a.log", ".DS_Store", "Thumbs.db", "__MACOSX/a.log", "x/._a.log", ".git/HEAD")
    found = discover([tmp_path])
    assert _paths(found) == ["a.log"]
    assert [skip.path for skip in found.skipped] == [
        ".DS_Store",
        ".git",
        "Thumbs.db",
        "__MACOSX",
        "x/._a.log",
    ]
    assert all(str(skip.reason) for skip in found.skipped)


def test_a_folder_that_may_not_be_listed_is_a_problem_and_the_rest_is_read(tmp_path, monkeypatch):
    _write(tmp_path, "a.log", "locked/b.log")
    scandir = os.scandir

    def refuse(path):
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = discover([tmp_path])
    assert _paths(found) == ["a.log"]
    (problem,) = found.problems
    assert (problem.address.path, problem.kind, str(problem.detail)) == (
        "locked",
        ProblemKind.UNREADABLE,
        "permission denied",
    )


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read anything")
def test_a_file_that_may_not_be_read_is_a_problem(tmp_path):
    _write(tmp_path, "a.log")
    (tmp_path / "a.log").chmod(stat.S_IWUSR)
    assert [problem.kind for problem in discover([tmp_path]).problems] == [ProblemKind.UNREADABLE]


@pytest.mark.skipif(os.name != "posix", reason="other systems have no names that are no text")
def test_a_name_that_is_no_text_still_makes_a_printable_address(tmp_path):
    try:
        (tmp_path / os.fsdecode(b"bad\xff.log")).write_bytes(TEXT)
    except OSError:
        pytest.skip("the file system refuses such names")
    (source,) = discover([tmp_path]).sources
    assert source.address.path == "bad\ufffd.log"
    assert b"".join(blocks(source)) == TEXT


def test_the_container_is_told_by_content_not_by_name(tmp_path):
    (tmp_path / "really.log").write_bytes(gzip.compress(TEXT))
    (tmp_path / "text.zip").write_bytes(TEXT)
    with zipfile.ZipFile(tmp_path / "zipped.log", "w") as archive:
        archive.writestr("inner.log", TEXT)
    found = discover([tmp_path])
    assert [(str(s.address), s.container) for s in found.sources] == [
        ("really.log", Container.GZ),
        ("text.zip", Container.PLAIN),
        ("zipped.log!inner.log", Container.ZIP),
    ]
    assert found.archives == 2
    assert found.problems == ()


def test_sizes_are_those_of_the_text_and_of_the_file(tmp_path):
    _write(tmp_path, "a.log")
    packed = gzip.compress(TEXT * 100)
    (tmp_path / "b.log.gz").write_bytes(packed)
    plain, gz = discover([tmp_path]).sources
    assert (plain.size, plain.packed) == (len(TEXT) + 5, len(TEXT) + 5)
    assert (gz.size, gz.packed) == (-1, len(packed))


def test_an_empty_file_is_a_source_but_an_empty_archive_is_damage(tmp_path):
    (tmp_path / "a.csv").touch()
    (tmp_path / "b.log.zip").touch()
    found = discover([tmp_path])
    assert _paths(found) == ["a.csv"]
    assert list(blocks(found.sources[0])) == []
    assert [(p.address.path, p.kind) for p in found.problems] == [("b.log.zip", ProblemKind.DAMAGED)]


def test_a_zip_of_nothing_but_zeros_is_damage(tmp_path):
    """A power failure leaves a file of the right length and no content."""
    (tmp_path / "a.log.zip").write_bytes(bytes(1000))
    found = discover([tmp_path])
    assert (found.sources, found.archives) == ((), 1)
    assert [p.kind for p in found.problems] == [ProblemKind.DAMAGED]


@pytest.mark.parametrize("magic", [b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\x01\x00", b"\x28\xb5\x2f\xfd"])
def test_archives_of_other_kinds_are_named_not_read(tmp_path, magic):
    (tmp_path / "logs.bin").write_bytes(magic + bytes(100))
    found = discover([tmp_path])
    assert [(p.kind, p.address.path) for p in found.problems] == [(ProblemKind.UNSUPPORTED, "logs.bin")]


def test_sources_travel_to_worker_processes(tmp_path):
    _write(tmp_path, "a.log")
    found = discover([tmp_path])
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - its own bytes


def test_hundreds_of_archives_are_listed_without_unpacking(tmp_path, monkeypatch):
    for number in range(300):
        with zipfile.ZipFile(tmp_path / f"{number:03}.log.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{number:03}.log", TEXT)
    monkeypatch.setattr("logaudit.sources.read.inflate", None)
    assert len(discover([tmp_path]).sources) == 300
