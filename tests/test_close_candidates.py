"""Lines are first searched for the stems of closing words, all at once: no closing word may be without one."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from logaudit.ingest import close_candidates
from logaudit.ingest.close_candidates import _CLOSING, _SIGNED, speaks_of_closing

words = st.from_regex(_CLOSING.pattern, fullmatch=True)
amounts = st.from_regex(_SIGNED.pattern, fullmatch=True)
texts = st.text(max_size=8)


@given(texts, words, texts)
@example("", "encerrada", "")
@example("", "abgeschlossen", "")
def test_what_a_regex_takes_for_a_closing_word_is_one(before: str, word: str, behind: str) -> None:
    text = f"{before} {word} {behind}"
    assert speaks_of_closing(text) is (_CLOSING.search(text.lower()) is not None)
    assert speaks_of_closing(f"a {word.lower()} b")


@given(texts, amounts, texts)
def test_every_amount_with_a_sign_is_found(before: str, amount: str, behind: str) -> None:
    text = before + amount + behind
    assert close_candidates._is_signed(text) is (_SIGNED.search(text) is not None)
    assert close_candidates._is_signed(amount)


def test_a_stem_alone_is_no_closing_word() -> None:
    assert not speaks_of_closing("enclosed: the closest of 3, inflated, unsold")
    assert not speaks_of_closing("\ud800 half a letter")
