"""Findings that can be mended say how: the rows to restore, the call that is missing and where."""

from __future__ import annotations

import re
from pathlib import Path

from msgspec.structs import replace
from test_restore import FIRST, LAST, LOST, one_lost, patched, restored
from world import Deal, World

from logaudit.cli import app
from logaudit.cli.command_modules import load
from logaudit.core.report import Report
from logaudit.locale.languages import language
from logaudit.rules import REGISTRY

PATH = "futures.position_manager:_close_position_by_reason"


def remedies(report: Report) -> dict[str, str]:
    return {f.rule: str(f.remedy) for f in report.findings if f.remedy is not None}


def test_a_lost_row_is_to_be_restored_and_its_code_to_be_read(tmp_path: Path) -> None:
    told = remedies(one_lost(tmp_path).scan())
    assert told == {
        "LA101": "Write the missing rows as a patch: logaudit restore LOGS -o FOLDER.",
        "LA102": f"Check whether {PATH} calls the recorder each time it closes a position.",
    }


def test_what_is_restored_asks_for_nothing_more(tmp_path: Path) -> None:
    one_lost(tmp_path)
    assert remedies(patched(restored(tmp_path), tmp_path)) == {}


def test_losses_of_several_functions_ask_for_log_lines(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.lost(FIRST, by="bot.a:close:1")
    world.lost(LOST, by="bot.b:close:1")
    assert remedies(world.scan())["LA102"].startswith("Log every call of the recorder")


def test_a_blind_path_is_where_the_call_belongs(tmp_path: Path) -> None:
    world = World(tmp_path, end="13:00:00")
    for n in range(5):
        world.lost(replace(LOST, closed=f"10:{10 + 5 * n}:30.250", held=120))
        world.kept(replace(LAST, closed=f"11:{10 + 5 * n}:30.250", held=120))
    assert remedies(world.scan())["LA110"] == f"Call the recorder in {PATH}, with the result of the trade."


def test_a_row_too_many_is_to_be_deleted(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.kept(FIRST, Deal("11:40:00.500"))
    world.rows.append(world.rows[0])
    assert remedies(world.scan())["LA107"] == "Delete one of the two rows."


def test_commands_that_remedies_name_exist() -> None:
    """What a page of a rule tells a reader to type is a command of the program."""
    load()
    known = {c.name or (c.callback.__name__ if c.callback else "") for c in app.registered_commands}
    known |= {group.name for group in app.registered_groups}
    named = {word for r in REGISTRY for word in re.findall(r"`logaudit ([a-z]+)", r.page)}
    assert "restore" in named
    assert named <= known


def test_remedies_are_said_in_russian_too(tmp_path: Path) -> None:
    russian = language("ru")
    for finding in one_lost(tmp_path).scan().findings:
        if finding.remedy is not None:
            assert russian.text(finding.remedy.text, finding.remedy.context) != finding.remedy.text
