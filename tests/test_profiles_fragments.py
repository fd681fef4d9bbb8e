"""Fragments spare a profile's author the spelling of numbers, symbols and sides."""

from __future__ import annotations

import re

import pytest

from logaudit.profiles.fragments import UnknownFragmentError, expand


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("NUMBER", "-0.5"),
        ("NUMBER", "1,234.5"),
        ("NUMBER", ".25"),
        ("NUMBER", "1e-7"),
        ("NUMBER", "\u22125"),
        ("MONEY", "$+1.9434"),
        ("MONEY", "-$4.10"),
        ("SYMBOL", "BTC/USDT:USDT"),
        ("SYMBOL", "1000PEPE-USDT-SWAP"),
        ("SIDE", "SHORT"),
        ("SIDE", "Buy"),
        ("WORD", "max_holding_time"),
        ("FILE", "logs/trades_2025-01-02.csv"),
        ("INT", "12"),
    ],
)
def test_fragment_takes_the_whole_text(fragment: str, text: str) -> None:
    """Each fragment matches its own kind from end to end."""
    assert re.fullmatch(expand(f"%{{{fragment}}}", {}), text)


@pytest.mark.parametrize(
    ("fragment", "text"),
    [("NUMBER", "abc"), ("NUMBER", "12.5.1"), ("SYMBOL", "btc"), ("SIDE", "longing"), ("INT", "1.5")],
)
def test_fragment_refuses_what_is_of_another_kind(fragment: str, text: str) -> None:
    """A text of another kind does not match as a whole."""
    assert re.fullmatch(expand(f"%{{{fragment}}}", {}), text) is None


def test_number_is_never_cut_short_by_what_follows() -> None:
    """A refused percentage is not read as its first digits."""
    assert re.search(expand(r"pnl=%{NUMBER:pnl}(?!%)", {}), "pnl=12.5%") is None


def test_named_fragment_becomes_a_group() -> None:
    """The part after the colon names what is captured; a profile's fragments may use others."""
    match = re.search(expand("%{LEG:symbol}!", {"LEG": "%{COIN}-%{COIN}", "COIN": "[A-Z]+"}), "x LTC-BTC!")
    assert match is not None
    assert match["symbol"] == "LTC-BTC"


def test_plain_regexes_stay_as_they_are() -> None:
    """Percent signs and braces of ordinary regexes are no references."""
    assert expand(r"5% {2} \d{3} %\{x\}", {}) == r"5% {2} \d{3} %\{x\}"


def test_circle_and_unknown_name_are_said() -> None:
    """Neither hangs nor passes silently."""
    with pytest.raises(UnknownFragmentError, match="circle"):
        expand("%{A}", {"A": "x%{A}"})
    with pytest.raises(UnknownFragmentError, match="did you mean SYMBOL"):
        expand("%{SYMBL}", {})
