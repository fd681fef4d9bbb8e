"""Quoted text: cut, printable, and never with a credential in it."""

from __future__ import annotations

import json

import pytest
from world import Deal, World

from logaudit.audit.pipeline import ScanOptions, run
from logaudit.core.text import QUOTE_LIMIT, printable, quote
from logaudit.renderers import json_report, text
from logaudit.renderers.json_text import dumps
from logaudit.renderers.style import RenderStyle


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("api_key=Zx81kqPv92", "Zx81kqPv92"),
        ("headers={'OK-ACCESS-SIGN': 'bGV0IG1lIGlu', 'x': 1}", "bGV0IG1lIGlu"),
        ("Authorization: Bearer eyJhbGciOi.abc", "eyJhbGciOi.abc"),
        ("GET /v5/order?symbol=BTC&signature=deadbeef01&x=1", "deadbeef01"),
        ('{"passphrase": "hunter22"}', "hunter22"),
        ("listenKey: pqia91ma19a5s61cv6", "pqia91ma19a5s61cv6"),
    ],
)
def test_a_credential_is_redacted_by_its_name(line: str, secret: str) -> None:
    assert secret not in quote(line)
    assert "«redacted:" in quote(line)


@pytest.mark.parametrize(
    "line",
    [
        "📊 Private WS: Ордер 3066958007089307648 для DOGE-USDT - filled",
        "2026-01-10T10:30:00.500000,ETH-USDT,long,3000.0,3010.0,0.2,2.0,0.1,1.9,600,tp,50",
        "the signature could not be verified",
        "",
    ],
)
def test_everything_else_is_quoted_as_it_is(line: str) -> None:
    assert quote(line) == line


def test_a_long_line_is_cut_and_marked() -> None:
    assert quote("x" * 900) == "x" * (QUOTE_LIMIT - 1) + "…"


def test_what_a_terminal_could_obey_is_shown_as_an_escape() -> None:
    assert printable("a\x1b[31m\u202eb\n") == "a\\x1b[31m\\u202eb\\n"


def test_no_output_of_a_scan_shows_a_credential(tmp_path) -> None:
    world = World(tmp_path)
    deal = Deal("11:00:00", "BTC-USDT")
    world.lost(deal)
    world.say("11:00:00", "Failed to export trade to CSV: api_key=Zx81kqPv92 refused", level="ERROR")
    world.save()
    outcome = run([str(tmp_path)], ScanOptions(profile="okx-scalper", jobs=1))
    assert "LA108" in {f.rule for f in outcome.findings}
    for shown in (
        json_report.render(outcome),
        text.render(outcome, RenderStyle(color=False, width=200, unicode=True, verbose=True)),
    ):
        assert "redacted" in shown
        assert "Zx81kqPv92" not in shown


@pytest.mark.parametrize("char", ["\u3164", "\u2800", "\u115f", "\uffa0", "\u200b", "\u202e"])
def test_letters_that_look_like_nothing_are_shown_as_escapes(char):
    assert printable(f"BTC{char}USDT") == f"BTC\\u{ord(char):04x}USDT"
    assert json.loads(dumps({"a": char})) == {"a": char}
    assert char not in dumps({"a": char})


def test_emoji_and_letters_of_any_alphabet_stay():
    text = "🚀 ⚠\ufe0f ПОЗИЦИЯ 거래 مركز é"
    assert printable(text) == text
