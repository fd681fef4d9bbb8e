"""Learning: the close line of an unknown bot is found from the rows that it matches, and nothing where none do."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
from program import run

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.core.report import Report
from logaudit.core.timestamp import MINUTE
from logaudit.learn.both_ends import ReadAsClose, tells_of_both_ends
from logaudit.learn.wording import TokenKind, regex_of, tail_of, tokens_of, wording_of
from logaudit.profiles import parse
from logaudit.profiles.fragments import expand

START = datetime.fromisoformat("2026-05-04T08:00:00")
MARKETS = ("BTC-USDT", "ETH-USDT", "SOL-USDT")
SIDES = ("long", "short")
REASONS = ("target", "stop_loss", "manual")


class Deal(NamedTuple):
    """A trade with numbers of its own; ``at`` is its close on the log's clock."""

    at: datetime
    market: str
    side: str
    entry: str
    exit: str
    size: str
    pnl: str
    reason: str


def deals(count: int) -> list[Deal]:
    """Trades at irregular times, no two of which print an equal number."""
    found, at = [], START
    for i in range(count):
        at += timedelta(seconds=700 + (i * i * 37) % 411)
        entry, size = 100.37 + 7.193 * i, 1.317 + 0.113 * i
        moved = (-1) ** i * (0.731 + 0.0917 * i)
        pnl = moved * size * (1 if i % 2 == 0 else -1)
        found.append(
            Deal(
                at,
                MARKETS[i % 3],
                SIDES[i % 2],
                f"{entry:.3f}",
                f"{entry + moved:.3f}",
                f"{size:.3f}",
                f"{pnl:+.4f}",
                REASONS[i % 3],
            )
        )
    return found


def italian(deal: Deal) -> list[str]:
    """An open, its neighbours, a close and its echo, in words that no profile knows."""
    opened = deal.at - timedelta(seconds=300)
    return [
        said(opened, f"Entrata {deal.market} {deal.side.upper()} prezzo {deal.entry} quota {deal.size}"),
        said(deal.at - timedelta(seconds=2), f"Obiettivo raggiunto {deal.market} @ {deal.exit}"),
        said(
            deal.at,
            f"{deal.market} {deal.side.upper()} chiusa a {deal.exit} (quota {deal.size}), "
            f"esito {deal.pnl} [{deal.reason}]",
        ),
        said(deal.at, f"Avviso inviato: {deal.market} esito {deal.pnl}"),
    ]


def said(at: datetime, message: str) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S},{at.microsecond // 1000:03d} INFO {message}"


def write(
    root: Path,
    log: Sequence[Deal],
    rows: Sequence[Deal],
    *,
    words: Callable[[Deal], list[str]] = italian,
    behind: int = 0,
) -> Path:
    """A bot's folder; the rows' clock is so many hours behind the log's."""
    lines = [said(START - timedelta(seconds=5), "avvio 1")]
    lines += sorted(line for deal in log for line in words(deal))
    lines.append(said(log[-1].at + timedelta(seconds=600), "fine 1"))
    (root / "bot.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    table = ["closed_at,symbol,side,entry_price,exit_price,size,net_pnl,reason"]
    table += [
        f"{deal.at - timedelta(hours=behind):%Y-%m-%d %H:%M:%S},{deal.market},{deal.side},{deal.entry},{deal.exit},"
        f"{deal.size},{deal.pnl},{deal.reason}"
        for deal in rows
    ]
    (root / "trades.csv").write_text("\n".join(table) + "\n", encoding="utf-8")
    return root


def scanned(root: Path, profile: str = "") -> Report:
    return build_report(read_case([str(root)], ScanOptions(profile=profile)))


def learned(report: Report) -> list[str]:
    return [str(choice.why) for choice in report.profiles if choice.learned]


@pytest.mark.parametrize("behind", [0, 2])
def test_the_close_line_of_an_unknown_bot_is_learned_and_its_lost_close_found(
    tmp_path: Path, behind: int
) -> None:
    every = deals(12)
    report = scanned(write(tmp_path, every, [d for d in every if d is not every[6]], behind=behind))
    assert [why.partition(" that ")[0] for why in learned(report)] == ["learned from 11 rows"]
    assert (report.summary.closes, report.summary.recorded, report.summary.missing) == (12, 11, 1)
    lost = [t for t in report.trades if t.state == "silent-drop"]
    assert [t.symbol for t in lost] == [every[6].market]


@pytest.mark.parametrize(("kept", "beyond"), [(slice(3, 12), 3), (slice(0, 9), 3), (slice(1, 11), 2)])
def test_closes_that_no_rows_surround_are_not_called_lost(tmp_path: Path, kept: slice, beyond: int) -> None:
    """Paper trades in the same words come before the first row; a ledger may end before the logs do."""
    every = deals(12)
    report = scanned(write(tmp_path, every, every[kept]))
    assert (report.summary.closes, report.summary.recorded) == (12, 12 - beyond)
    assert (report.summary.missing, report.summary.unverifiable) == (0, beyond)
    (said,) = [s for s in report.unjudged if s.code == "closes-beyond-learned"]
    assert "logaudit learn PATHS" in str(said.message)


def test_a_close_between_rows_is_lost_and_one_behind_them_is_not(tmp_path: Path) -> None:
    every = deals(12)
    report = scanned(write(tmp_path, every, [*every[:5], *every[6:11]]))
    states = [t.state for t in report.trades if t.state != "recorded"]
    assert states == ["silent-drop", "unverifiable"]


def test_closes_of_another_log_in_the_same_words_are_not_called_lost(tmp_path: Path) -> None:
    """A paper bot beside the real one: no row stands for any of its lines."""
    every = deals(24)
    write(tmp_path, every[:12], every[:12])
    others = sorted(
        line for deal in every[12:] for line in italian(deal._replace(at=deal.at - (every[12].at - START)))
    )
    (tmp_path / "prova.log").write_text("\n".join(others) + "\n", encoding="utf-8")
    report = scanned(tmp_path)
    assert (report.summary.recorded, report.summary.missing) == (12, 0)
    assert report.summary.unverifiable == 12


def test_neither_opens_nor_neighbours_nor_the_notifier_are_taken_for_closes(tmp_path: Path) -> None:
    every = deals(10)
    case = read_case([str(write(tmp_path, every, every))], ScanOptions())
    texts = [close.location.text for session in case.sessions for close in session.closes]
    assert len(texts) == 10
    assert all("chiusa a" in text for text in texts)


def test_rows_with_nothing_in_common_with_the_logs_teach_nothing(tmp_path: Path) -> None:
    every = deals(24)
    others = [d._replace(at=e.at) for d, e in zip(every[12:], every[:12], strict=True)]
    report = scanned(write(tmp_path, every[:12], others))
    assert (learned(report), report.summary.closes, report.summary.missing) == ([], 0, 0)


def test_rows_whose_times_are_exchanged_teach_nothing(tmp_path: Path) -> None:
    """Values that match at no constant shift are chance or another run of the same strategy."""
    every = deals(12)
    times = [d.at for d in every]
    mixed = [times[(i * 5 + 3) % 12] for i in range(12)]
    rows = sorted((d._replace(at=at) for d, at in zip(every, mixed, strict=True)), key=lambda d: d.at)
    assert learned(scanned(write(tmp_path, every, rows))) == []


def test_equal_trades_at_equal_distances_teach_nothing(tmp_path: Path) -> None:
    """Each row fits each line: the control finds as many matches as the rows' own times."""
    one = deals(1)[0]
    every = [one._replace(at=one.at + timedelta(hours=i)) for i in range(12)]
    assert learned(scanned(write(tmp_path, every, every))) == []


def test_trades_at_equal_distances_teach_by_their_values(tmp_path: Path) -> None:
    """A bot that closes with every candle: with each other's times the rows fit as well, at another shift not."""
    every = [d._replace(at=START + timedelta(minutes=5 * i)) for i, d in enumerate(deals(12), 1)]
    report = scanned(write(tmp_path, every, [d for d in every if d is not every[6]], behind=2))
    assert [why.partition(" that ")[0] for why in learned(report)] == ["learned from 11 rows"]
    assert (report.summary.recorded, report.summary.missing) == (11, 1)


def test_equal_rounds_of_trades_have_each_close_once(tmp_path: Path) -> None:
    """A bot's own tests make the same trades again and again, within a second: no row is a duplicate."""
    once = [d._replace(at=START + timedelta(milliseconds=3 * i)) for i, d in enumerate(deals(9))]
    every = [d._replace(at=d.at + timedelta(seconds=later)) for later in (0, 63, 286, 700) for d in once]
    report = scanned(write(tmp_path, every, every, words=lambda deal: italian(deal)[2:3], behind=3))
    assert (report.summary.closes, report.summary.recorded, report.summary.missing) == (36, 36, 0)
    assert {"LA107", "LA503"}.isdisjoint(finding.rule for finding in report.findings)


def test_a_rare_wording_whose_line_goes_on_behind_the_result_is_learned_with_the_others(
    tmp_path: Path,
) -> None:
    """Where a word parts the closes, the rarest kind has too few rows of its own; what follows is no matter."""

    def words(deal: Deal) -> list[str]:
        tip = "QUICK" if deal.reason == "manual" else "SLOW"
        return [
            said(
                deal.at,
                f"{deal.market} {tip} settled now: {deal.pnl} (stake {len(deal.exit)}.{deal.at.second})",
            )
        ]

    every = deals(14)
    report = scanned(write(tmp_path, every, every, words=words))
    assert (report.summary.closes, report.summary.recorded) == (14, 14)


def test_a_market_that_is_spelled_in_parts_is_told_from_others(tmp_path: Path) -> None:
    """Contracts and wagers are no pairs of currencies, and small letters name them as well."""
    names = dict(zip(MARKETS, ("ES-2606", "kx_rain_ny", "gold_spot"), strict=True))
    every = [d._replace(market=names[d.market]) for d in deals(12)]
    report = scanned(write(tmp_path, every, [d for d in every if d is not every[6]]))
    assert (report.summary.closes, report.summary.recorded, report.summary.missing) == (12, 11, 1)


def test_four_rows_with_a_single_number_are_too_few_and_five_are_enough(tmp_path: Path) -> None:
    def words(deal: Deal) -> list[str]:
        return [said(deal.at, f"{deal.market} chiusa, esito {deal.pnl}")]

    for count in (4, 5):
        folder = tmp_path / str(count)
        folder.mkdir()
        every = deals(count)
        assert len(learned(scanned(write(folder, every, every, words=words)))) == (count == 5)


def test_lines_that_print_what_an_open_prints_are_no_closes(tmp_path: Path) -> None:
    every = deals(12)

    def words(deal: Deal) -> list[str]:
        return [said(deal.at, f"Entrata {deal.market} {deal.side} prezzo {deal.entry} quota {deal.size}")]

    assert learned(scanned(write(tmp_path, every, every, words=words))) == []


def test_what_the_recorder_says_is_no_close(tmp_path: Path) -> None:
    every = deals(12)

    def words(deal: Deal) -> list[str]:
        return [said(deal.at, f"csv <- {deal.market} {deal.exit} {deal.pnl}")]

    assert learned(scanned(write(tmp_path, every, every, words=words))) == []


def test_what_follows_the_last_number_tells_a_close_from_an_update(tmp_path: Path) -> None:
    every = deals(12)

    def words(deal: Deal) -> list[str]:
        before = deal.at - timedelta(seconds=60)
        return [
            said(before, f"{deal.market} {deal.side} {deal.entry} esito +9.8765 aggiornata"),
            said(deal.at, f"{deal.market} {deal.side} {deal.exit} esito {deal.pnl} chiusa"),
        ]

    report = scanned(write(tmp_path, every, every, words=words))
    assert (len(learned(report)), report.summary.closes, report.summary.recorded) == (1, 12, 12)


def test_the_written_profile_is_proved_by_its_samples_and_reads_the_same(tmp_path: Path) -> None:
    every = deals(12)
    (tmp_path / "logs").mkdir()
    write(tmp_path / "logs", every, every[:5] + every[6:])
    done = run(tmp_path, "learn", "logs", "-o", "mine.toml", "-q")
    assert (done.returncode, done.stdout) == (0, "")
    text = (tmp_path / "mine.toml").read_bytes()
    profile = parse(text, "mine.toml")
    pattern = profile.patterns[0]
    assert len(pattern.samples) == 3
    assert any("Entrata" in line or "Avviso" in line or "Obiettivo" in line for line in pattern.rejects)
    assert text.startswith(b"# Learned from 11 of the 11 rows")
    by_itself = scanned(tmp_path / "logs")
    named = scanned(tmp_path / "logs", str(tmp_path / "mine.toml"))
    assert by_itself.trades == named.trades
    assert by_itself.summary.missing == 1


def test_where_nothing_is_learned_the_command_says_so_and_exits_3(tmp_path: Path) -> None:
    every = deals(24)
    (tmp_path / "logs").mkdir()
    write(tmp_path / "logs", every[:12], every[12:])
    done = run(tmp_path, "learn", "logs", "-q")
    assert (done.returncode, done.stdout) == (3, "")
    assert "nothing was learned" in done.stderr


def test_the_first_lines_of_the_report_say_that_it_was_learned(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    every = deals(12)
    write(tmp_path / "logs", every, every)
    done = run(tmp_path, "scan", "logs", "-q", "--no-cache")
    assert done.returncode == 0
    assert any("learned from 12 rows" in line for line in done.stdout.splitlines()[:6])


def test_a_scan_that_recognises_closes_loads_nothing_that_learns(tmp_path: Path) -> None:
    every = deals(12)

    def words(deal: Deal) -> list[str]:
        return [
            said(
                deal.at,
                f"Closed {deal.side} position {deal.market} @ {deal.exit} size={deal.size} pnl={deal.pnl}",
            )
        ]

    write(tmp_path, every, every, words=words)
    code = (
        "import sys, logaudit\n"
        f"report = logaudit.scan([{str(tmp_path)!r}])\n"
        "print(report.summary.closes, 'logaudit.learn' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["12", "False"]


def test_a_message_is_split_into_words_and_slots() -> None:
    tokens = tokens_of("[BTCUSDT_SHORT] ✅ chiusa: -0.73$ (+1.2%) id a1b2 take profit", (), ("take profit",))
    assert wording_of(tokens) == (
        "<symbol>", "<side>", "chiusa", "<number>", "<percent>", "id", "<other>", "<reason>",
    )  # fmt: skip
    assert [t.text for t in tokens if t.kind is TokenKind.NUMBER] == ["-0.73"]


def test_words_of_a_script_without_spaces_end_where_a_number_a_side_or_a_reason_begins() -> None:
    tokens = tokens_of("止盈触发：BTC-USDT 方向空 盈亏-0.73USDT", (), ("止盈",))
    assert wording_of(tokens) == (
        "<reason>", "触发", "<symbol>", "方向", "<side>", "盈亏", "<number>", "USDT",
    )  # fmt: skip


def test_a_price_that_was_touched_is_no_close_beside_a_line_with_the_result(tmp_path: Path) -> None:
    """Both print a value of each row; the result tells the close, also where a word parts its wording in two."""
    every = deals(12)

    def words(deal: Deal) -> list[str]:
        return [
            said(deal.at - timedelta(seconds=1), f"Obiettivo raggiunto {deal.market} @ {deal.exit}"),
            said(deal.at, f"{deal.market} {'su' if deal.side == 'long' else 'giu'} finita, esito {deal.pnl}"),
        ]

    case = read_case([str(write(tmp_path, every, every, words=words))], ScanOptions())
    texts = [close.location.text for session in case.sessions for close in session.closes]
    assert (len(texts), sum("finita" in text for text in texts)) == (12, 12)


def test_a_wording_whose_first_words_look_like_a_loggers_name_is_learned_whole(tmp_path: Path) -> None:
    every = deals(12)

    def words(deal: Deal) -> list[str]:
        return [
            said(deal.at - timedelta(seconds=60), f"{deal.market} quotata 12.5"),
            said(deal.at, f"Posizione finita: {deal.market} {deal.side} a {deal.exit}, esito {deal.pnl}"),
        ]

    report = scanned(write(tmp_path, every, every, words=words))
    assert (report.summary.closes, report.summary.recorded) == (12, 12)


def test_a_bot_that_logs_every_record_twice_is_learned_and_has_each_close_once(tmp_path: Path) -> None:
    every = deals(12)

    def words(deal: Deal) -> list[str]:
        return [line for line in italian(deal) for _ in range(2)]

    report = scanned(write(tmp_path, every, [*every[:4], *every[5:]], words=words))
    assert (report.summary.closes, report.summary.recorded, report.summary.missing) == (12, 11, 1)


def test_the_words_after_the_last_slot_end_at_the_next() -> None:
    tokens = tokens_of("ETH-USDT 1.5 chiusa bene 3.2", ())
    assert [t.text for t in tail_of(tokens, 1)] == ["chiusa", "bene"]
    assert tail_of(tokens, len(tokens) - 1) == ()


def test_symbols_that_are_no_pairs_of_currencies_are_read_too(tmp_path: Path) -> None:
    every = [d._replace(market=("US30", "BTC-USDT", "DUSDT")[i % 3]) for i, d in enumerate(deals(12))]
    report = scanned(write(tmp_path, every, every))
    assert (report.summary.closes, report.summary.recorded) == (12, 12)
    assert {t.symbol for t in report.trades} == {"US30", "BTC-USDT", "DUSDT"}


def test_an_amount_with_its_currency_is_no_symbol() -> None:
    tokens = tokens_of("chiusa 12USDT 1.5USDT DUSDT", ())
    assert [t.text for t in tokens if t.kind is TokenKind.SYMBOL] == ["DUSDT"]
    assert [t.text for t in tokens if t.kind is TokenKind.NUMBER] == ["12", "1.5"]


def orders(deal: Deal) -> list[str]:
    """Orders in JSON, opening and closing ones in the same words: only their side tells them apart."""
    opened, name = deal.at - timedelta(seconds=300), deal.market

    def line(at: datetime, side: str) -> str:
        data = {"pair": name, "qty": float(deal.size), "ref": at.microsecond + int(at.timestamp()) % 9973}
        at_ms = f"{at:%Y-%m-%dT%H:%M:%S}.000Z"
        return json.dumps({"ts": at_ms, "lvl": "info", "msg": f"Ordine {side} {name}", "ctx": {"of": data}})

    return [line(opened, "BUY"), line(deal.at, "SELL")]


def json_session(root: Path, rows: Sequence[Deal]) -> Path:
    """Longs only, whose log prints no more of a close than its size."""
    every = [deal._replace(side="long") for deal in deals(12)]
    write(root, every, [deal._replace(side="long") for deal in rows])
    (root / "bot.log").write_text(
        "\n".join(sorted(line for deal in every for line in orders(deal))) + "\n", encoding="utf-8"
    )
    return root


def test_closing_orders_in_json_are_told_from_opening_ones_by_their_side(tmp_path: Path) -> None:
    report = scanned(json_session(tmp_path, deals(12)))
    assert len(learned(report)) == 1
    assert (report.summary.closes, report.summary.recorded, report.summary.missing) == (12, 12, 0)


def test_a_closing_order_without_its_row_is_no_longer_clean(tmp_path: Path) -> None:
    every = deals(12)
    report = scanned(json_session(tmp_path, [*every[:5], *every[6:]]))
    assert (report.summary.closes, report.summary.recorded) == (12, 11)
    assert [t.symbol for t in report.trades if t.state != "recorded"] == [every[5].market]


def test_orders_of_one_side_that_have_no_rows_teach_nothing(tmp_path: Path) -> None:
    """As many sell orders again, some of them refused, between those that have rows: none is told from a close."""
    every = deals(12)
    write(tmp_path, every, [deal._replace(side="long") for deal in every])
    others = [
        deal._replace(at=deal.at + timedelta(seconds=90), size=f"{9 + i}.5") for i, deal in enumerate(every)
    ]
    lines = sorted(orders(deal)[1] for deal in (*every, *others))
    (tmp_path / "bot.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert learned(scanned(tmp_path)) == []


def test_orders_on_the_side_of_the_position_are_no_closes(tmp_path: Path) -> None:
    """Lines that open a long, in a table that has the time of the open alone."""
    every = [deal._replace(side="long") for deal in deals(12)]
    write(tmp_path, every, every)
    lines = [orders(deal._replace(at=deal.at + timedelta(seconds=300)))[0] for deal in every]
    (tmp_path / "bot.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert learned(scanned(tmp_path)) == []


def lone(tmp_path: Path) -> Path:
    """The folder of a bot that recorded nothing, with opens, closes and prices."""
    every = deals(6)
    lines = [said(START - timedelta(seconds=5), "avvio 1")]
    for deal in every:
        lines += [line for line in italian(deal) if "Avviso" not in line]
        lines.append(said(deal.at, f"{deal.market} quotata {deal.exit}"))
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "bot.log").write_text("\n".join(sorted(lines)) + "\n", encoding="utf-8")
    return tmp_path / "logs"


def test_where_nothing_was_recorded_likely_wordings_are_listed_and_nothing_is_claimed(tmp_path: Path) -> None:
    lone(tmp_path)
    done = run(tmp_path, "learn", "logs", "-q")
    assert (done.returncode, done.stdout) == (3, "")
    listed = [line for line in done.stderr.splitlines() if " × " in line]
    assert len(listed) == 1
    assert "6 × <symbol> <side> chiusa a <number>" in listed[0]
    assert "--choose 1,3" in done.stderr


def test_a_chosen_wording_makes_a_profile_whose_samples_prove_it(tmp_path: Path) -> None:
    lone(tmp_path)
    done = run(tmp_path, "learn", "logs", "-q", "--choose", "1", "-o", "mine.toml")
    assert (done.returncode, done.stdout) == (0, "")
    pattern = parse((tmp_path / "mine.toml").read_bytes(), "mine.toml").patterns[0]
    first = deals(1)[0]
    values = {name.value: value for name, value in pattern.samples[0].values.items()}
    assert values["symbol"] == first.market
    assert values["pnl"] == first.pnl
    report = scanned(tmp_path / "logs", str(tmp_path / "mine.toml"))
    assert report.summary.closes == 6


@pytest.mark.parametrize("number", ["0", "2", "x"])
def test_a_choice_that_is_not_listed_is_refused(tmp_path: Path, number: str) -> None:
    lone(tmp_path)
    done = run(tmp_path, "learn", "logs", "-q", "--choose", number)
    assert done.returncode == 2
    assert "no number of the list" in done.stderr


def test_a_written_profile_is_taken_at_its_word_once_it_has_a_name_of_its_own(tmp_path: Path) -> None:
    every = deals(12)
    (tmp_path / "logs").mkdir()
    write(tmp_path / "logs", every, every[:9])
    run(tmp_path, "learn", "logs", "-o", "mine.toml", "-q")
    text = (tmp_path / "mine.toml").read_text(encoding="utf-8")
    (tmp_path / "checked.toml").write_text(
        text.replace('name = "learned"', 'name = "mine"'), encoding="utf-8"
    )
    missing = [
        scanned(tmp_path / "logs", str(tmp_path / name)).summary.missing
        for name in ("mine.toml", "checked.toml")
    ]
    assert missing == [0, 3]


def test_init_writes_what_was_learned_and_the_next_scan_reads_it(tmp_path: Path) -> None:
    every = deals(12)
    (tmp_path / "logs").mkdir()
    write(tmp_path / "logs", every, every)
    assert run(tmp_path, "init", "logs", "-q").returncode == 0
    assert 'profile = "bot-profile.toml"' in (tmp_path / "logaudit.toml").read_text(encoding="utf-8")
    done = run(tmp_path, "scan", "-q", "--no-cache")
    assert done.returncode == 0
    assert "12 closes" in done.stdout


@pytest.mark.parametrize("numbers", [4, 1])
def test_times_in_each_others_columns_teach_where_numbers_alone_link_the_rows(
    tmp_path: Path, numbers: int
) -> None:
    every = deals(12)

    def words(deal: Deal) -> list[str]:
        shown = f"entrata {deal.entry}, uscita {deal.exit}, quota {deal.size}, " if numbers > 1 else ""
        return [said(deal.at, f"{deal.market} {deal.side} finita: {shown}esito {deal.pnl}")]

    write(tmp_path, every, every, words=words)
    table = ["opened_at,closed_at,symbol,side,entry_price,exit_price,size,net_pnl"]
    table += [
        f"{deal.at:%Y-%m-%d %H:%M:%S},{deal.at - timedelta(seconds=300 + 40 * i):%Y-%m-%d %H:%M:%S},{deal.market},"
        f"{deal.side},{deal.entry},{deal.exit},{deal.size},{deal.pnl}"
        for i, deal in enumerate(every)
    ]
    (tmp_path / "trades.csv").write_text("\n".join(table) + "\n", encoding="utf-8")
    report = scanned(tmp_path)
    assert (len(learned(report)), report.summary.missing) == (int(numbers > 1), 0)
    assert report.summary.recorded == (12 if numbers > 1 else 0)


def test_nothing_is_learned_of_an_empty_folder_and_that_is_why(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    done = run(tmp_path, "learn", "logs", "-q")
    assert done.returncode == 3
    assert "nothing was learned: neither a log nor a trades ledger was found" in done.stderr


def ends(deal: Deal, last: str = "") -> list[str]:
    """Both ends of a trade in one wording; ``last`` is said of the close alone."""
    orders_of = ("BUY", "SELL") if deal.side == "long" else ("SELL", "BUY")
    opened = deal.at - timedelta(seconds=300)
    return [
        said(opened, f"[{orders_of[0]}] {deal.market} quota {deal.size} prezzo {deal.entry} costo 80.1"),
        said(
            deal.at, f"[{orders_of[1]}] {deal.market} quota {deal.size} prezzo {deal.exit} costo 80.1{last}"
        ),
    ]


def held(deal: Deal) -> list[str]:
    return ends(deal, f" tenuta {deal.at.minute + 3}")


def test_what_follows_the_last_value_tells_closes_from_opens_in_the_same_words(tmp_path: Path) -> None:
    every = deals(12)
    report = scanned(write(tmp_path, every, [*every[:5], *every[6:]], words=held))
    assert (report.summary.closes, report.summary.recorded, report.summary.missing) == (12, 11, 1)


def test_the_side_tells_closes_of_longs_from_opens_in_the_same_words(tmp_path: Path) -> None:
    every = [deal._replace(side="long") for deal in deals(12)]
    report = scanned(write(tmp_path, every, every, words=ends))
    assert (report.summary.closes, report.summary.recorded, report.summary.missing) == (12, 12, 0)


def test_where_nothing_tells_closes_from_opens_nothing_is_learned(tmp_path: Path) -> None:
    every = deals(12)
    assert learned(scanned(write(tmp_path, every, every, words=ends))) == []


def told(*lines: tuple[str, int, str, bool]) -> list[ReadAsClose]:
    return [ReadAsClose(symbol, minute * MINUTE, Decimal(price), row) for symbol, minute, price, row in lines]


def test_lines_without_and_with_a_row_in_turn_are_both_ends() -> None:
    pairs = [
        line
        for n in range(4)
        for line in (("SOL", 10 * n, f"9{n}.1", False), ("SOL", 10 * n + 4, f"9{n}.7", True))
    ]
    assert tells_of_both_ends(told(*pairs), {})
    assert not tells_of_both_ends(told(*pairs[:4]), {})
    lost = [(symbol, minute, price, row or n % 4 > 0) for n, (symbol, minute, price, row) in enumerate(pairs)]
    assert not tells_of_both_ends(told(*lost), {})


def test_a_line_that_is_written_twice_is_no_other_end() -> None:
    pairs = [line for n in range(4) for line in (("SOL", n, f"9{n}.1", False), ("SOL", n, f"9{n}.1", True))]
    assert not tells_of_both_ends(told(*pairs), {})


def test_lines_with_the_prices_of_opens_are_both_ends_but_one_may_be_by_chance() -> None:
    lines = told(*(("SOL", n, f"9{n}.1", n > 1) for n in range(8)))
    assert tells_of_both_ends(lines, {"SOL": [Decimal("90.1"), Decimal("91.1")]})
    assert not tells_of_both_ends(lines, {"SOL": [Decimal("90.1"), Decimal("97.1")]})
    assert not tells_of_both_ends(lines, {"ADA": [Decimal("90.1"), Decimal("91.1")]})


def test_a_close_line_may_show_its_fee_last(tmp_path: Path) -> None:
    def words(deal: Deal) -> list[str]:
        return [
            said(deal.at, f"{deal.market} gone at {deal.exit}, lot {deal.size}, pnl {deal.pnl}, fee 0.21")
        ]

    every = deals(12)
    report = scanned(write(tmp_path, every, [*every[:5], *every[6:]], words=words))
    assert (report.summary.closes, report.summary.recorded, report.summary.missing) == (12, 11, 1)


@pytest.mark.parametrize("words", ["fee {m} 0.21 at {x}, lot {s}", "{m} at {x}, lot {s}: fee 0.21"])
def test_a_line_about_a_fee_is_no_close(tmp_path: Path, words: str) -> None:
    def line(deal: Deal) -> list[str]:
        return [said(deal.at, words.format(m=deal.market, x=deal.exit, s=deal.size))]

    every = deals(12)
    assert learned(scanned(write(tmp_path, every, every, words=line))) == []


# --- Decimal commas


def with_comma(text: str) -> str:
    """A number as German writes it: `61.234,50`."""
    return f"{Decimal(text):,}".translate(str.maketrans(",.", ".,"))


def german(deal: Deal) -> list[str]:
    exit_, size, pnl = map(with_comma, (deal.exit, deal.size, deal.pnl))
    return [
        said(deal.at - timedelta(seconds=9), f"Kurs {deal.market} {exit_}"),
        said(deal.at, f"Verkauft {deal.market} zu {exit_} Menge {size} Gewinn {pnl} EUR"),
    ]


def of_thousands(deal: Deal) -> Deal:
    return deal._replace(exit=f"{60_000 + float(deal.exit):.2f}", size=f"{float(deal.size) / 10:.3f}")


def test_numbers_with_decimal_commas_are_learned_whole(tmp_path: Path) -> None:
    every = [of_thousands(deal) for deal in deals(12)]
    report = scanned(write(tmp_path, every, [d for d in every if d is not every[6]], words=german))
    assert (report.summary.closes, report.summary.recorded, report.summary.missing) == (12, 11, 1)
    assert sorted(t.exit_price for t in report.trades if t.exit_price) == sorted(
        Decimal(d.exit) for d in every
    )
    assert not any(f.rule == "LA106" for f in report.findings)


def test_a_number_that_may_be_thousands_is_not_misread_beside_decimal_commas(tmp_path: Path) -> None:
    """`12,350` between sizes such as `0,350`: the row says what it is, and the line alone does not."""
    every = [of_thousands(deal) for deal in deals(12)]
    every[4] = every[4]._replace(size="12.350")
    report = scanned(write(tmp_path, every, every, words=german))
    assert (report.summary.closes, report.summary.recorded) == (12, 12)
    assert not any(f.rule == "LA106" for f in report.findings)


@pytest.mark.parametrize(
    ("message", "numbers"),
    [
        ("Gewinn 12,35 EUR", ["12,35"]),
        ("zu 1.234.567,89", ["1.234.567,89"]),
        ("at 1,234.50 and 1,234", ["1,234.50", "1,234"]),
        ("BTCUSDT,100,50,1", ["100", "50", "1"]),
    ],
)
def test_a_comma_is_a_decimal_sign_where_it_can_be_nothing_else(message: str, numbers: list[str]) -> None:
    assert [t.text for t in tokens_of(message, ()) if t.kind is TokenKind.NUMBER] == numbers


@pytest.mark.parametrize(("unit", "known"), [("USDT", 12), ("marks", 11)])
def test_a_result_in_another_currency_is_told_in_the_same_words(
    tmp_path: Path, unit: str, known: int
) -> None:
    """The rows teach closes in USDC; one in another currency is a close as well, one in other words is none."""

    def words(deal: Deal) -> list[str]:
        counted = unit if deal is every[4] else "USDC"
        return [said(deal.at, f"Vendita {deal.market} a {deal.exit} esito {deal.pnl} {counted} fatta")]

    every = deals(12)
    report = scanned(write(tmp_path, every, [d for d in every if d is not every[4]], words=words))
    assert (report.summary.closes, report.summary.recorded) == (known, 11)


def test_a_currency_that_is_glued_to_its_amount_may_be_another_one() -> None:
    tokens = tokens_of("DOT-USDT 平仓 收益-1.25USDT", {"DOTUSDT"})
    pattern = expand(regex_of(tokens, {}, len(tokens) - 1), {})
    assert [
        bool(re.search(pattern, f"DOT-USDT 平仓 收益 3.10{unit}")) for unit in ("USDT", "USDC", "张")
    ] == [
        True,
        True,
        False,
    ]


def test_closes_of_a_log_that_prints_no_year_are_learned(tmp_path: Path) -> None:
    """As the system's own log does: the file's name says the year."""
    told = deals(12)
    write(tmp_path, told, [*told[:5], *told[6:]])
    text = (tmp_path / "bot.log").read_text(encoding="utf-8")
    lines = [
        f"{datetime.fromisoformat(line[:19]):%b %d %H:%M:%S} host bot[812]: {line.partition(' INFO ')[2]}"
        for line in text.splitlines()
    ]
    (tmp_path / "bot.log").unlink()
    (tmp_path / f"journal-{START.year}.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    report = build_report(read_case([tmp_path], ScanOptions(jobs=1)))
    assert (report.summary.recorded, report.summary.missing) == (11, 1)
