"""The few sentences of the diagnosis, and the steps it proposes."""

from __future__ import annotations

import shlex

from diagnosed import FIXTURES, fixture
from msgspec.structs import replace
from world import DAY, Deal, World, ordered

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.core.diagnosis import Diagnosis
from logaudit.core.message import plain_text
from logaudit.locale import language

BASE = Deal("10:05:00.250")
PATH = "src.strategies.scalping.futures.position_manager:_close_position_by_reason"
LEADING = (
    "Leading explanation: a code path that closes positions never calls the recorder (likelihood high; 9 of 12 "
    "explanations refuted)."
)
FAILED = (
    "Точка отказа: C (код, закрывающий позицию, вызывает record_trade()), не наблюдается у 1 потерянной сделки; "
    "A, B — нельзя наблюдать."
)
LED = (
    "Ведущее объяснение: регистратор инициализируется, но его строки не попадают в имеющиеся логи: другой поток, "
    "уровень или время (вероятность высокая; опровергнуто объяснений: 2 из 12)."
)
SEED = [FAILED, "Одной сделки слишком мало, чтобы назвать путь кода; нужно не меньше 5.", LED]


def told(diagnosis: Diagnosis, lang: str = "en") -> list[str]:
    return [plain_text(message, language(lang), spaced=True) for message in diagnosis.headline]


def test_two_causes_in_four_sentences():
    stage = "the code that closes the position calls record_trade()"
    assert told(fixture("two-causes").diagnosis) == [
        f"Failure point: stage C ({stage}), not observed for 19 lost trades; A, B observed.",
        f"Blind path: the code path is {PATH}: 12 of 19 lost trades, no recorded one (p = 0.0000604).",
        "Blind path: the reason is critical_loss_cut_2x: 7 of 19 lost trades, no recorded one (p = 0.00749).",
        LEADING,
    ]


def test_the_seed_in_russian():
    assert told(fixture("seed-incident").diagnosis, "ru") == SEED


def test_without_stages_the_learned_chain_speaks():
    first = told(fixture("open-close-only").diagnosis)[0]
    assert (
        first == "Every recorded close goes on to desk.book:append, desk.book:flush; the 7 lost ones do not."
    )


def test_explanations_that_the_evidence_holds_equal_are_told_as_equal():
    last = told(fixture("random-losses").diagnosis)[-1]
    assert last.startswith("Not settled between: the recorder's caller has no trade result")


def test_few_closes_bring_a_word_about_chance(tmp_path):
    world = World(tmp_path)
    world.kept(replace(BASE, held=60))
    world.lost(*[replace(BASE, closed=f"11:{n:02d}:00.250", held=60) for n in range(10, 50, 10)])
    assert any(
        "(p = 0.2); so few closes could fall so by chance" in line for line in told(world.scan().diagnosis)
    )


def test_sessions_that_say_the_same_are_told_in_one_sentence(tmp_path):
    for name, symbol in (("first", "BTC-USDT"), ("second", "SOL-USDT")):
        world = World(tmp_path / name)
        world.kept(replace(BASE, held=60, symbol=symbol))
        world.lost(replace(BASE, closed="11:10:00.250", held=60, symbol=symbol))
        world.save()
    found = build_report(read_case([tmp_path], ScanOptions(profile="okx-scalper", jobs=1))).diagnosis
    lines = told(found)
    assert lines[0].endswith("not observed for 2 lost trades; A, B observed.")
    assert lines[1].startswith("In 2 sessions the trades are too few")
    assert len(lines) == 3
    assert len(found.impacts) == 2


def test_a_start_outside_the_logs_is_searched_for_first_with_the_profiles_own_words():
    first = fixture("seed-incident").diagnosis.next_checks[0]
    for term in ("PerformanceTracker initialized", "Created new trades CSV", "Using existing trades CSV"):
        assert term in plain_text(first.what, spaced=True)
        assert term in first.command
    words = shlex.split(first.command.splitlines()[0])
    assert words[:2] == ["grep", "-rnF"]
    assert words[-1] == "futures"


def test_log_statements_follow_from_the_failed_stage_on():
    checks = fixture("seed-incident").diagnosis.next_checks
    statements = [check.log_statement for check in checks if check.log_statement]
    assert [text for text in statements if "trade_result={trade_result}" in text]
    assert [text for text in statements if "Failed to export trade to CSV" in text]
    assert not [text for text in statements if "PerformanceTracker initialized" in text]


def test_the_days_ledger_is_asked_for_by_its_name():
    commands = [check.command for check in fixture("seed-incident").diagnosis.next_checks]
    assert "ls -l trades_2025-11-28.csv" in commands


def test_lines_that_no_layout_fits_ask_for_the_bots_format(tmp_path):
    world = World(tmp_path)
    world.lost(replace(BASE, held=60))
    strange = [f"{DAY}T12:00:{i:02d}.123 ~~ INFO ~~ order {i} placed" for i in range(40)]
    world.write(world.log, [*ordered(world.lines), *strange])
    world.log = ""
    (check,) = [c for c in world.scan().diagnosis.next_checks if "--log-format" in c.command]
    assert plain_text(check.what, spaced=True).startswith("40 lines fit no known layout")


def test_nothing_is_proposed_where_nothing_was_lost():
    assert fixture("clean").diagnosis == Diagnosis()


def test_the_same_case_gives_the_same_diagnosis():
    first, second = (
        build_report(read_case([FIXTURES / "two-causes" / "logs"], ScanOptions(jobs=1))).diagnosis
        for _ in range(2)
    )
    assert first == second
    assert told(first) == told(second)


def test_trades_are_named_as_the_outcome_names_them(tmp_path):
    world = World(tmp_path / "bot")
    world.lost(*[replace(BASE, closed=f"11:{n:02d}:00.250", held=60) for n in range(10, 50, 10)])
    world.kept(*[replace(BASE, closed=f"10:{n:02d}:00.250", held=60) for n in range(10, 50, 10)])
    world.save()
    other = World(tmp_path / "other")
    other.kept(replace(BASE, held=60))
    other.save()
    outcome = build_report(read_case([tmp_path], ScanOptions(profile="okx-scalper", jobs=1)))
    names = {t.id for t in outcome.trades}
    (session,) = outcome.diagnosis.blind_paths
    assert set(session.paths[0].trades) <= names
    assert {p.subject for p in outcome.diagnosis.failure_points if p.kind == "trade"} <= names
    assert {p.subject for p in outcome.diagnosis.failure_points if p.kind == "run"} <= {
        r.id for r in outcome.runs
    }
    assert f"bot/BTCUSDT-short-{DAY}T11:10:00.250" in names
