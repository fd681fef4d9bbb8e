"""The profile is chosen by evidence, the same way every time, and the reason is given in words."""

from __future__ import annotations

import pytest

from logaudit.profiles import BUILT_IN, Choice, detect, load_built_in, parse
from logaudit.profiles.detect import hits_by_profile

PROFILES = [load_built_in(name) for name in BUILT_IN]
HEADER = "timestamp,symbol,side,entry_price,exit_price,size,gross_pnl,commission,net_pnl,duration_sec,reason,win_rate"
PREFIX = "2025-01-02 10:00:00.000 | INFO     | src.strategies.scalping.futures.position_manager:close:10 | "


def choose(lines: list[str], headers: list[str] | None = None) -> Choice:
    return detect(PROFILES, lines, headers or [])


def test_module_names_and_phrases_speak_for_a_bot() -> None:
    """The choice names markers, patterns and how many lines were looked at."""
    choice = choose(
        [PREFIX + "💰 ПОЗИЦИЯ ЗАКРЫТА: LTC-USDT SHORT", PREFIX + "   Entry price: $84.1", "   noise"]
    )
    assert choice.profile.name == "okx-scalper"
    assert str(choice.why).startswith(
        "okx-scalper: 2 of 13 markers (src.strategies.scalping.futures., ПОЗИЦИЯ ЗАКРЫТА: L)"
    )
    assert "2 patterns matched in 3 sampled lines" in str(choice.why)


def test_patterns_of_other_bots_are_not_asked_where_one_bots_markers_are() -> None:
    exit_line = "POSITION CLOSED: BTC-USDT SHORT"
    alone = hits_by_profile(
        PROFILES, [PREFIX.replace("src.strategies.scalping.futures.", "bot.") + exit_line]
    )
    assert alone["generic"].patterns
    beside = hits_by_profile(PROFILES, [PREFIX + exit_line])
    assert beside["okx-scalper"].markers.count(None) < len(beside["okx-scalper"].markers)
    assert (beside["generic"].patterns, beside["freqtrade"].patterns) == ((), ())


def test_phrases_alone_are_enough() -> None:
    """A format without module names hides no bot: its messages are its own."""
    lines = ["2025-01-02 10:00:00.000 | INFO | ПОЗИЦИЯ ЗАКРЫТА: LTC-USDT SHORT", "   Причина закрытия: tp"]
    assert choose(lines).profile.name == "okx-scalper"


def test_general_profile_reads_english_bots() -> None:
    """Messages are recognised behind the prefixes of different dialects."""
    for prefix in (
        "2025-01-02 10:00:00,123 - bot.core - INFO - ",
        "2025-01-02 10:00:00.123 | INFO     | bot:run:7 - ",
        "[INFO | 2025-01-02T10:00:00] ",
        "2025-01-02 10:00:00,123 INFO bot: ",
    ):
        choice = choose([prefix + "POSITION CLOSED: BTC-USDT SHORT", prefix + "   Exit price: $90.5"])
        assert choice.profile.name == "generic"
        assert str(choice.why) == "generic: 2 patterns matched in 2 sampled lines"


def test_general_matches_never_beat_a_marked_bot() -> None:
    """However many English lines there are, one marker in the log decides."""
    english = [
        "Bot started",
        "trade recorder ready",
        "Created trades file trades.csv",
        "Trade recorded: BTC-USDT",
    ]
    choice = choose([*english, "🚀 Запуск Futures торгового бота..."])
    assert choice.profile.name == "okx-scalper"


def test_shared_phrases_do_not_make_a_bot() -> None:
    """Recorder lines and a header that many bots could write leave an English bot to the general profile."""
    lines = [
        "✅ PerformanceTracker initialized",
        "📊 TRADE RECORDED | Total: 1 | x",
        "Closed long position BTC-USDT @ 9",
    ]
    assert choose(lines, [HEADER]).profile.name == "generic"


def test_header_decides_where_no_line_speaks() -> None:
    """A ledger without logs is still known by its header."""
    choice = choose([], [HEADER])
    assert choice.profile.name == "okx-scalper"
    assert "11 ledger columns named by table headers" in str(choice.why)


def test_nothing_speaks() -> None:
    """The fallback is general, and says that it is one."""
    choice = choose(["12:00 all quiet", "12:01 all quiet"], ["a,b,c"])
    assert choice.profile.name == "generic"
    assert str(choice.why) == "generic: nothing in 2 sampled lines and 1 table header speaks for any profile"


def test_choice_does_not_depend_on_the_order_of_lines() -> None:
    """Reversed lines and profiles give the same choice."""
    lines = [PREFIX + "✅ PerformanceTracker initialized", "noise", "Closed long position BTC-USDT @ 9 pnl=1"]
    forward, backward = choose(lines), detect(PROFILES[::-1], lines[::-1], [])
    assert forward.profile == backward.profile
    assert sorted(s.strength for s in forward.scores) == sorted(s.strength for s in backward.scores)


def test_scores_keep_the_given_order() -> None:
    """Each profile's evidence is at hand, for those who ask why not another."""
    assert tuple(s.profile for s in choose(["x"]).scores) == BUILT_IN


def test_excerpts_of_hostile_lines_are_harmless() -> None:
    """What a marker found is shown without its control characters, and cut."""
    text = "schema = 1\nname = 'x'\ntitle = 'x'\nmarkers = ['mark.*']\n[[patterns]]\nid = 'p'\nevent = 'run-started'\n"
    profile = parse((text + "regex = 'start'\nsamples = [{ line = 'start' }]").encode(), "x.toml")
    why = str(detect([profile], ["mark\x1b[31m" + "z" * 500], []).why)
    assert "\x1b" not in why
    assert len(why) < 200


@pytest.mark.parametrize("lines", [[], [""], ["\x00" * 50], ["x" * 100_000]])
def test_odd_lines_are_no_evidence(lines: list[str]) -> None:
    """Empty, binary and endless lines speak for nobody."""
    assert "speaks for any profile" in str(choose(lines).why)
