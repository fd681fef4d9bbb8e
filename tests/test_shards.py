"""Shards: parts of the evidence, read apart, give the report of one scan over everything."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from logaudit.audit.pipeline import ScanOptions, run
from logaudit.audit.shards import scan_shards, write_shard
from logaudit.audit.shards.container import ShardFile
from logaudit.audit.shards.held_file import HeldFile
from logaudit.audit.shards.merge import shard_files
from logaudit.audit.shards.write import ShardPart
from logaudit.core.errors import UserError
from logaudit.ingest.executor import Cause, Lost, Progress
from logaudit.ingest.read_context import ReadContext
from logaudit.ingest.tasks import ProbeTask, ProbeTaskResult
from logaudit.renderers import json_report
from logaudit.sources.lazy_path import LazyPath
from logaudit.sources.source import FileState

FIXTURES = Path(__file__).parent.parent / "fixtures"
ALONE = ScanOptions(jobs=1)


def shards(folder: Path, into: Path, parts: int, options: ScanOptions = ALONE) -> list[Path]:
    made = [into / f"{number}.arrow" for number in range(1, parts + 1)]
    for number, path in enumerate(made, 1):
        write_shard([str(folder)], options, path, ShardPart(number, parts), Progress())
    return made


def rendered(paths: list[str], options: ScanOptions = ALONE) -> str:
    return json_report.render(run(paths, options))


@pytest.mark.parametrize("parts", [1, 4])
@pytest.mark.parametrize(
    "fixture",
    ["damaged-archive", "generic-english", "rows-in-another-zone", "seed-incident", "same-call-two-sinks"],
)
def test_parts_read_apart_give_the_report_of_one_scan(
    fixture: str, parts: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs = FIXTURES / fixture / "logs"
    made = shards(logs, tmp_path, parts)
    assert sum(len(ShardFile(path).header.files) for path in made) == sum(
        p.is_file() for p in logs.rglob("*")
    )
    # The shards alone must do: from here, the paths in them lead nowhere.
    away = tmp_path / "away"
    away.mkdir()
    monkeypatch.chdir(away)
    assert json_report.render(scan_shards(made, ALONE)) == rendered([str(logs)])


@pytest.mark.parametrize("name", ["trades_2026-02-10.csv", "info_2026-02-10.log", "15-15-04_384669.log.zip"])
def test_a_source_that_kills_whoever_reads_it_is_not_read_again_by_the_merging_scan(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That one has no other process to lose."""
    logs = FIXTURES / "clean" / "logs"

    def read(task: ProbeTask, context: ReadContext) -> ProbeTaskResult | Lost:
        if task.source.address.path.endswith(name):
            return Lost(Cause.DIED)
        return task._run(context)

    with monkeypatch.context() as deadly:
        deadly.setattr(ProbeTask, "run", read)
        made = shards(logs, tmp_path, 3)
        whole = rendered([str(logs)])
    assert "the process that read it died" in whole
    assert json_report.render(scan_shards(made, ALONE)) == whole


class Named(ShardPart, frozen=True):
    """The part that holds some names, or all the others."""

    name: str = ""

    def holds(self, label: str) -> bool:
        return (Path(label).name == self.name) == (self.number == 1)


def test_a_part_whose_own_lines_name_no_bot_is_read_again_with_the_sessions_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs = tmp_path / "logs"
    shutil.copytree(FIXTURES / "clean" / "logs", logs)
    folder = next(path.parent for path in sorted(logs.rglob("*.log")))
    line = "2026-01-09 10:00:{:02}.123 | INFO     | desk.lamp:glow:{} - the lamp is on\n"
    (folder / "lamp.log").write_text("".join(line.format(i, i + 1) for i in range(40)), encoding="utf-8")
    made = [tmp_path / "1.arrow", tmp_path / "2.arrow"]
    for number, path in enumerate(made, 1):
        write_shard([str(logs)], ALONE, path, Named(number, 2, "lamp.log"), Progress())
    whole = rendered([str(logs)])
    shutil.rmtree(logs)
    asked: list[int] = []
    text = ShardFile.text

    def counted(self: ShardFile, number: int) -> bytes:
        asked.append(number)
        return text(self, number)

    monkeypatch.setattr(ShardFile, "text", counted)
    assert json_report.render(scan_shards(made, ALONE)) == whole
    assert len(asked) == 1


def test_folders_extracted_apart_are_named_as_in_one_scan_of_both(tmp_path: Path) -> None:
    bots = [FIXTURES / "clean" / "logs", FIXTURES / "two-causes" / "logs"]
    made = [tmp_path / "a.arrow", tmp_path / "b.arrow"]
    for folder, path in zip(bots, made, strict=True):
        write_shard([str(folder)], ALONE, path, ShardPart(), Progress())
    assert json_report.render(scan_shards(made, ALONE)) == rendered([str(folder) for folder in bots])


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
@pytest.mark.parametrize("follow", [False, True])
def test_links_that_lead_away_are_followed_as_a_scan_follows_them(tmp_path: Path, *, follow: bool) -> None:
    logs = tmp_path / "logs"
    shutil.copytree(FIXTURES / "clean" / "logs", logs)
    (tmp_path / "away.log").write_text(
        "2026-01-09 10:00:00.123 | INFO     | a.b:c:1 - away\n", encoding="utf-8"
    )
    (logs / "link.log").symlink_to(tmp_path / "away.log")
    options = ScanOptions(jobs=1, follow_links=follow)
    (tmp_path / "shards").mkdir()
    made = shards(logs, tmp_path / "shards", 2, options)
    assert json_report.render(scan_shards(made, options)) == rendered([str(logs)], options)


def test_what_is_missing_damaged_or_read_otherwise_is_refused(tmp_path: Path) -> None:
    made = shards(FIXTURES / "clean" / "logs", tmp_path, 3)
    with pytest.raises(UserError, match=r"Of 3 shards 1 are missing: part 2\."):
        scan_shards([made[0], made[2]], ALONE)
    with pytest.raises(UserError, match="other settings"):
        scan_shards(made, ScanOptions(encoding="cp1251"))
    made[1].write_bytes(made[1].read_bytes()[:-100])
    with pytest.raises(UserError, match="no shard that can be read"):
        scan_shards(made, ALONE)
    with pytest.raises(UserError, match="Nothing matches"):
        shard_files([str(tmp_path / "none" / "*.arrow")])


def test_bytes_that_nobody_has_are_asked_for_and_never_taken_for_a_damaged_file(tmp_path: Path) -> None:
    state = FileState(3, 0, 0, 0, 0)
    lost = HeldFile("a/b.log", state, b"\1" * 32, "3.arrow", -1, str(tmp_path), str(tmp_path / "b.log"))
    (tmp_path / "b.log").write_bytes(b"changed since")
    with (
        pytest.raises(UserError, match=r"a/b\.log must be read again"),
        LazyPath.of("b.log", lost).open("rb"),
    ):
        pass


def test_the_commands_write_and_merge(tmp_path: Path) -> None:
    def logaudit(*words: str) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "logaudit", *words, "--quiet"]
        return subprocess.run(command, capture_output=True, check=False, cwd=FIXTURES / "two-causes")

    for part in ("1/2", "2/2"):
        target = str(tmp_path / f"{part[0]}.arrow")
        assert logaudit("extract", "logs", "--part", part, "-o", target).returncode == 0
    merged = logaudit("scan", "--extracts", str(tmp_path / "*.arrow"), "--output-format", "json")
    whole = logaudit("scan", "logs", "--no-cache", "--output-format", "json")
    assert (merged.stdout, merged.returncode) == (whole.stdout, whole.returncode)
    assert logaudit("extract", "logs", "--part", "3/2", "-o", str(tmp_path / "x")).returncode == 2
    assert logaudit("extract", "logs", "-o", str(FIXTURES / "two-causes" / "logs" / "x")).returncode == 2
    assert logaudit("scan", "logs", "--extracts", str(tmp_path)).returncode == 2
