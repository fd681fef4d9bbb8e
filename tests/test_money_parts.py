"""Money in parts: every announcement and every entry once, sums exact, what is unknown never 0, gross and net apart."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from evidence_factory import PROFILE, beats, block, csv, digests, in_order, row_line, said
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from logaudit.core.fields import TradeFields
from logaudit.core.money_parts import Amount, LedgerMoney, LogMoney, MoneyParts, added, amount_of, together
from logaudit.reconcile.build_session import build_session
from logaudit.reconcile.money_parts import money_of
from logaudit.reconcile.normalize import merge

NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9)


class Term(Struct, frozen=True):
    """What shows a PnL."""

    result: Decimal | None
    gross_only: bool = False


TERMS = st.lists(st.builds(Term, st.none() | NUMBERS, st.booleans()), max_size=12)


def net(*texts: str) -> list[Term]:
    return [Term(Decimal(text)) for text in texts]


def test_a_sum_keeps_the_digits_of_its_most_precise_term():
    assert str(amount_of(net("1.5", "-0.2500")).value) == "1.2500"
    assert amount_of([]).value == 0


def test_a_sum_with_an_unknown_term_is_unknown_and_says_what_is_known():
    amount = amount_of([*net("1.5", "2"), Term(None)])
    assert (amount.value, amount.known_sum, amount.left_out) == (None, Decimal("3.5"), 1)


def test_gross_alone_is_a_gross_sum_and_unknown_beside_net():
    gross = [Term(Decimal("2.00"), gross_only=True)]
    assert (amount_of(gross).value, amount_of(gross).is_gross) == (Decimal("2.00"), True)
    mixed = amount_of([*gross, *net("1.00")])
    assert (mixed.value, mixed.known_sum, mixed.left_out, mixed.is_gross) == (None, Decimal("1.00"), 1, False)


def test_gross_less_commission_is_net_and_an_unnamed_pnl_counts_as_net():
    gross, fee = Decimal("2.00"), Decimal("0.25")
    fields = [
        TradeFields(gross_pnl=gross, commission=fee),
        TradeFields(pnl=gross),
        TradeFields(net_pnl=gross),
    ]
    assert [f.gross_only for f in fields] == [False] * 3
    assert amount_of(fields).value == Decimal("5.75")
    assert TradeFields(gross_pnl=gross).gross_only


@given(TERMS, st.randoms(use_true_random=False))
def test_the_order_of_terms_changes_nothing(terms: list[Term], dice):
    shuffled = list(terms)
    dice.shuffle(shuffled)
    assert amount_of(shuffled) == amount_of(terms)


@given(st.lists(TERMS, max_size=5))
def test_sums_of_sums_are_the_sums_of_all_their_terms(groups: list[list[Term]]):
    every = [term for group in groups for term in group]
    assert together(map(amount_of, groups)) == amount_of(every)


@given(TERMS)
def test_a_known_sum_is_the_sum_of_every_term_of_one_kind(terms: list[Term]):
    value = amount_of(terms).value
    one_kind = len({term.gross_only for term in terms}) <= 1
    if all(term.result is not None for term in terms) and one_kind:
        assert value is not None
        assert Fraction(value) == sum(Fraction(term.result) for term in terms)
    else:
        assert value is None


@given(st.lists(TERMS, min_size=5, max_size=5), st.lists(TERMS, min_size=6, max_size=6))
def test_the_parts_of_a_side_make_its_total(log: list[list[Term]], ledger: list[list[Term]]):
    sides = (LogMoney(*map(amount_of, log)), log), (LedgerMoney(*map(amount_of, ledger)), ledger)
    for money, groups in sides:
        parts = dict(money.parts())
        total = parts.pop("total")
        assert total == amount_of(term for group in groups for term in group)
        values = [amount.value for amount in parts.values()]
        if None in values:
            assert total.value is None
        elif total.value is not None:
            assert Fraction(total.value) == sum(map(Fraction, values))


def test_sessions_are_added_part_by_part():
    one, two = (Amount(Decimal(text), 1) for text in ("1.5", "-4"))
    first = MoneyParts(LogMoney(lost=one), LedgerMoney(orphan=two), two)
    second = MoneyParts(LogMoney(lost=two, repeats=one), LedgerMoney(orphan=two), one)
    both = added([first, second])
    assert both.log == LogMoney(lost=together([one, two]), repeats=one)
    assert both.ledger.orphan.value == Decimal(-8)
    assert both.recorder.value == Decimal("-2.5")


#: One close each minute: symbol, cents of its net PnL, whether the log prints it, echoes, rows beside it.
STORIES = st.lists(
    st.tuples(
        st.sampled_from(["BTC-USDT", "ETH-USDT", "SOL-USDT"]),
        st.integers(-9999, 9999),
        st.booleans(),
        st.integers(0, 2),
        st.sampled_from(["none", "own", "twice", "orphan"]),
    ),
    min_size=1,
    max_size=6,
)


def written(story) -> tuple[dict[str, str], list[Decimal | None], list[Decimal]]:
    """The files of a bot that lives through a story, what each announcement prints, what each row holds."""
    lines, rows = beats("10:00:00", "10:20:00"), []
    told: list[Decimal | None] = []
    held: list[Decimal] = []
    for minute, (symbol, cents, printed, echoes, kept) in enumerate(story, 1):
        at, net = f"10:{minute * 2:02d}:00", Decimal(cents).scaleb(-2)
        lines.append(said(f"10:{minute * 2 - 1:02d}:10", f"OPENED {symbol} LONG @ 100.0 x 2.0"))
        if kept != "orphan":
            lines += block(at, symbol, net=str(net)) if printed else [said(at, f"DONE {symbol}")]
            told.append(net if printed else None)
            for echo in range(echoes if printed else 0):
                lines.append(
                    said(f"{at[:-2]}{10 + echo * 8}", f"DONE {symbol} pnl {net}", "desk.notify:tell:9")
                )
                told.append(net)
        copies = {"none": 0, "own": 1, "twice": 2, "orphan": 1}[kept]
        rows += [row_line(at, symbol, net=str(net))] * copies
        held += [net] * copies
    return {"desk.log": in_order(lines), "trades_2026-03-10.csv": csv(*rows)}, told, held


@given(STORIES, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_every_announcement_and_every_row_of_a_session_is_in_one_part(story, dice):
    files, told, held = written(story)
    with tempfile.TemporaryDirectory() as folder:
        sources = digests(Path(folder), files)
    money = money_of(build_session(merge(".", sources, PROFILE)))
    log, ledger = dict(money.log.parts())["total"], dict(money.ledger.parts())["total"]
    assert (log.nets, log.unknown) == (sum(net is not None for net in told), told.count(None))
    assert Fraction(log.known_sum) == sum(Fraction(net) for net in told if net is not None)
    assert (log.value is None) == (None in told)
    assert (ledger.nets, ledger.unknown, ledger.value) == (len(held), 0, sum(held, Decimal(0)))
    dice.shuffle(sources)
    assert money_of(build_session(merge(".", sources, PROFILE))) == money
