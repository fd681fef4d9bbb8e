"""Bundles: the report in one follows from its extracts and from the logs, and what no longer holds is named."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import test_learn
from english import English
from program import run
from world import Deal, World

from logaudit.audit.build_report import build_report
from logaudit.audit.bundle.container import read_container, write_container
from logaudit.audit.bundle.make import EVIDENCE, LINES, PAGE, REPORT, SETTINGS, make_bundle
from logaudit.audit.bundle.verify import verify
from logaudit.audit.pipeline import ScanOptions, read
from logaudit.codepaths.locate import locate
from logaudit.core.errors import UserError
from logaudit.renderers import json_report

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"


def bundle(folder: Path, options: ScanOptions | None = None) -> bytes:
    options = options or ScanOptions(jobs=1)
    return make_bundle(read([folder], options), options)[0]


def faults(data: bytes, *logs: Path) -> list[str]:
    return [str(fault) for fault in verify(data, [str(path) for path in logs], jobs=1).faults]


def forged(data: bytes, member: str, change: Callable[[str], str]) -> bytes:
    """The bundle with a member changed by somebody who wrote the manifest anew."""
    members = dict(read_container(data).members)
    text = members[member].decode()
    changed = change(text)
    assert changed != text
    return write_container(members | {member: changed.encode()})


def lossy(root: Path) -> World:
    """Two trades of which one has no row."""
    world = World(root, end="13:00:00")
    world.kept(Deal("10:20:00.500"))
    world.lost(Deal("11:00:00.500"))
    world.save()
    return world


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    return lossy(tmp_path / "logs").root


@pytest.mark.parametrize(
    "name", ["seed-incident", "two-causes", "damaged-archive", "clean", "generic-english"]
)
def test_the_report_in_a_bundle_is_that_of_a_scan_and_follows_from_it(name: str, tmp_path: Path) -> None:
    folder = FIXTURES / name / "logs"
    data = bundle(folder)
    scanned = json_report.render(build_report(read([folder], ScanOptions(jobs=1)).case))
    assert read_container(data).members[REPORT].decode() == scanned
    assert faults(data) == []
    assert faults(data, folder) == []
    shutil.copytree(folder, tmp_path / "elsewhere" / "copy")
    assert faults(data, tmp_path / "elsewhere" / "copy") == []


def test_a_learned_profile_is_in_the_bundle(tmp_path: Path) -> None:
    every = test_learn.deals(12)
    folder = test_learn.write(tmp_path, every, [deal for deal in every if deal is not every[6]])
    data = bundle(folder)
    members = read_container(data).members
    assert "profiles/1-learned.toml" in members
    assert json.loads(members[REPORT])["summary"]["missing"] == 1
    assert faults(data) == []
    assert faults(data, folder) == []


def test_closes_that_only_the_logs_can_show_are_in_the_bundle(tmp_path: Path) -> None:
    world = English(tmp_path / "logs")
    world.open(Deal("11:10:00.500", symbol="ETH-USDT"))
    world.say("11:20:00.000", "EXIT long ETH-USDT @ 3010.0", by="trader.exits:leave:77")
    world.save()
    data = bundle(world.root)
    rules = [finding["rule"] for finding in json.loads(read_container(data).members[REPORT])["findings"]]
    assert "LA407" in rules
    assert faults(data) == []
    assert faults(data, world.root) == []


def test_what_the_bots_source_said_is_in_the_bundle_and_the_source_is_not() -> None:
    folder = FIXTURES / "blind-in-code"
    options = ScanOptions(jobs=1, source=locate(str(folder / "bot")))
    data = bundle(folder / "logs", options)
    rules = {finding["rule"] for finding in json.loads(read_container(data).members[REPORT])["findings"]}
    assert any(rule.startswith("LA6") for rule in rules)
    assert faults(data) == []
    assert faults(data, folder / "logs") == []


def test_a_profile_of_the_users_is_in_the_bundle_and_its_place_is_not(logs: Path, tmp_path: Path) -> None:
    mine = tmp_path / "secret-place" / "mine.toml"
    mine.parent.mkdir()
    shutil.copyfile(ROOT / "logaudit" / "profiles" / "okx-scalper.toml", mine)
    data = bundle(logs, ScanOptions(jobs=1, profile=str(mine), zone="Europe/Moscow"))
    mine.unlink()
    assert faults(data, logs) == []
    members = read_container(data).members
    assert json.loads(members[SETTINGS])["zone"] == "Europe/Moscow"
    assert not any(b"secret-place" in content for content in members.values())


def test_a_credential_in_a_profile_is_not_passed_on(logs: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    text = (ROOT / "logaudit" / "profiles" / "okx-scalper.toml").read_text("utf-8")
    mine.write_text(f"# api_key={'hunter2' * 2}\n{text}", encoding="utf-8")
    data = bundle(logs, ScanOptions(jobs=1, profile=str(mine)))
    assert not any(b"hunter2" in content for content in read_container(data).members.values())
    assert faults(data, logs) == []
    pattern = "\n[[patterns]]\nid = 'x'\nevent = 'position-opened'\nregex = 'x api_key=hunter2hunter2'\n"
    sample = "samples = [{ line = 'x api_key=hunter2hunter2' }]\n"
    mine.write_text(text + pattern + sample, encoding="utf-8")
    with pytest.raises(UserError, match="hold a credential"):
        bundle(logs, ScanOptions(jobs=1, profile=str(mine)))


def test_200_changed_bytes_are_all_found(logs: Path) -> None:
    data = bundle(logs)
    draw = random.Random(20_251_128)  # noqa: S311 - the same changes in every run
    for _ in range(200):
        at, bit = draw.randrange(len(data)), draw.randrange(8)
        changed = bytearray(data)
        changed[at] ^= 1 << bit
        assert verify(bytes(changed)).faults, (at, bit)


def test_findings_that_no_longer_follow_from_the_extracts_are_named(logs: Path) -> None:
    def without_closes(text: str) -> str:
        evidence = json.loads(text)
        for item in evidence["sessions"][0]["extracts"]:
            item["extract"] |= {"matches": []} if item["type"] == "log" else {}
        return json.dumps(evidence)

    data = bundle(logs)
    report = json.loads(read_container(data).members[REPORT])
    said = faults(forged(data, EVIDENCE, without_closes))
    assert any(finding["rule"] == "LA101" for finding in report["findings"])
    for finding in report["findings"]:
        named = f"{finding['rule']} {finding['fingerprint']} "
        assert any(
            one.startswith(named) and one.endswith("does not follow from the extracts.") for one in said
        )


def test_a_finding_taken_out_of_the_report_is_named(logs: Path) -> None:
    def without(text: str) -> str:
        report = json.loads(text)
        report["findings"] = [f for f in report["findings"] if f["rule"] != "LA101"]
        return json.dumps(report)

    (fault,) = faults(forged(bundle(logs), REPORT, without))
    assert fault.startswith("LA101 ")
    assert fault.endswith("follows from the extracts and is not in the report.")


@pytest.mark.parametrize(
    ("member", "old", "new", "said"),
    [
        (REPORT, '"missing": 1', '"missing": 0', "summary of the report does not follow from the extracts."),
        (PAGE, "Incident report", "Incident rep0rt", "report.md is not the page of this report."),
        (SETTINGS, '"formats"', '"f0rmats"', "settings.json is missing or cannot be read."),
        (EVIDENCE, '"sessions"', '"sess10ns"', "evidence.json is missing or cannot be read."),
        (LINES, "[", "", "lines.json is missing or cannot be read."),
        (REPORT, '"findings"', '"f1ndings"', "report.json is missing or cannot be read."),
        ("profiles/1-okx-scalper.toml", "[[patterns]]", "[[patt", "No report follows from the extracts: "),
    ],
)
def test_what_no_longer_holds_is_named(logs: Path, member: str, old: str, new: str, said: str) -> None:
    assert any(
        one.startswith(said)
        for one in faults(forged(bundle(logs), member, lambda text: text.replace(old, new, 1)))
    )


def test_a_changed_log_is_named_with_the_findings_that_it_changes(tmp_path: Path) -> None:
    world = lossy(tmp_path / "logs")
    data = bundle(world.root)
    assert faults(data, world.root) == []
    ledger = world.root / world.ledger
    ledger.write_text(ledger.read_text("utf-8").replace("10:20", "10:21"), "utf-8")
    said = faults(data, world.root)
    assert f"{world.ledger} is not the file that was bundled: its bytes differ." in said
    assert f"The extract of {world.ledger} does not follow from the logs." in said
    assert any(one.endswith("does not follow from the logs.") for one in said)
    ledger.unlink()
    (world.root / "new.txt").write_text("new", "utf-8")
    said = faults(data, world.root)
    assert f"{world.ledger} is not among the logs." in said
    assert "new.txt lies among the logs and is not in the bundle." in said


def test_a_line_in_context_that_the_log_does_not_have_is_named(logs: Path) -> None:
    data = bundle(logs)
    first = json.loads(read_container(data).members[LINES])[0]
    other = forged(data, LINES, lambda text: text.replace("INFO", "INF0", 1))
    assert faults(other) == []  # only the logs themselves can tell
    (fault,) = faults(other, logs)
    assert fault.startswith(f"The line at {first['path']}:")


def test_lines_stand_in_their_surroundings(logs: Path) -> None:
    members = read_container(bundle(logs)).members
    lines = json.loads(members[LINES])
    written = {p.name: p.read_text("utf-8").splitlines() for p in logs.rglob("*") if p.is_file()}
    assert all(line["text"] == written[Path(line["path"]).name][line["line"] - 1] for line in lines)
    places = {
        (place["path"], place["line"])
        for finding in json.loads(members[REPORT])["findings"]
        for place in finding["locations"]
        if 0
        < place["line"]
        <= len(written[Path(place["path"]).name])  # a row that is not there has a place too
    }
    assert {(line["path"], line["line"]) for line in lines if line["cited"]} == places
    assert any(not line["cited"] for line in lines)


def test_credentials_are_in_no_member(tmp_path: Path) -> None:
    world = World(tmp_path / "logs", end="13:00:00")
    world.lost(Deal("11:00:00.500"))
    world.say("11:00:00.600", "api_key=hunter2hunter2 sent", by="bot.net:send:1")
    world.save()
    members = read_container(bundle(world.root)).members
    assert not any(b"hunter2" in content for content in members.values())
    assert "«redacted:api-key#1»".encode() in members[LINES]


def made(folder: Path, target: Path, *words: str, **environment: str) -> bytes:
    done = subprocess.run(
        [sys.executable, "-m", "logaudit", "bundle", str(folder), "-q", "-o", str(target), *words],
        check=False,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, **environment},
        timeout=300,
    )
    assert done.returncode == 0, done.stderr.decode()
    return target.read_bytes()


def test_the_same_logs_give_the_same_bytes(tmp_path: Path) -> None:
    folder = FIXTURES / "backfilled-rows" / "logs"
    first = made(folder, tmp_path / "1.zip", "--jobs", "1", TZ="UTC", LC_ALL="C", PYTHONHASHSEED="1")
    other = made(folder, tmp_path / "2.zip", "--jobs", "3", TZ="Asia/Tokyo", PYTHONHASHSEED="77")
    assert first == other


# --- The commands


def test_bundle_and_verify_as_a_user_runs_them(logs: Path, tmp_path: Path) -> None:
    done = run(tmp_path, "bundle", "logs", "-q", "-o", "night.logaudit.zip")
    assert done.returncode == 0
    checked = run(tmp_path, "verify", "night.logaudit.zip", "logs")
    assert checked.returncode == 0
    assert checked.stdout.startswith(done.stdout)
    assert "They follow from the logs too" in checked.stdout
    ledger = next(logs.rglob("*.csv"))
    ledger.write_bytes(ledger.read_bytes() + b"\n")
    assert run(tmp_path, "verify", "night.logaudit.zip").returncode == 0
    changed = run(tmp_path, "verify", "night.logaudit.zip", "logs", "--lang", "ru")
    assert changed.returncode == 1
    assert f"{ledger.name}: это не тот файл, который вошёл в пакет" in changed.stdout


def test_a_bundle_is_never_written_among_the_logs(logs: Path, tmp_path: Path) -> None:
    done = run(tmp_path, "bundle", "logs", "-o", "logs/night.zip")
    assert done.returncode == 2
    assert not (logs / "night.zip").exists()


def test_what_is_no_bundle_is_not_verified_and_what_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("no bundle", "utf-8")
    assert run(tmp_path, "verify", "text.zip").returncode == 1
    assert run(tmp_path, "verify", "missing.zip").returncode == 2
    assert run(tmp_path, "bundle", "text.zip").returncode == 2
