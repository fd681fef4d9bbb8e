"""[[ledgers]]: what the user states of a table comes before what its cells seem to say."""

from __future__ import annotations

from pathlib import Path

import pytest

from logaudit.audit.pipeline import read_case
from logaudit.audit.prepare import options_of
from logaudit.config.resolve import resolve
from logaudit.core.errors import UserError

LOG = "2026-04-02 08:10:05.120 | INFO | exits:close:8 - Closed long position AVAX-USDT @ 21.40 size=15 pnl=+4.50\n"
TABLE = "when|coin pair|way|out|result\n04/02/2026 08:10:05|AVAX-USDT|long|21.40|4.50\n"
STATED = """
[[ledgers]]
files = "results*.csv"
separator = "|"
date-order = "month-first"
columns = { closed = "When", symbol = "coin pair", side = "way", exit_price = "out", net_pnl = "Result" }
"""


def test_a_table_that_only_the_settings_explain_is_read(tmp_path):
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "bot.log").write_text(LOG, encoding="utf-8")
    (logs / "results_april.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "logaudit.toml").write_text(STATED, encoding="utf-8")
    resolved = resolve({}, {}, tmp_path)
    case = read_case([logs], options_of(resolved))
    assert [row.at.iso() for row in case.sessions[0].rows] == ["2026-04-02T08:10:05"]
    assert [trade.state.value for trade in case.sessions[0].closed] == ["recorded"]


def test_without_the_settings_it_is_no_table_that_can_be_read(tmp_path):
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "bot.log").write_text(LOG, encoding="utf-8")
    (logs / "results_april.csv").write_text(TABLE, encoding="utf-8")
    assert read_case([logs], options_of(resolve({}, {}, tmp_path))).sessions[0].ledgers == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('date-order = "year-first"', "date-order"),
        ('zone = "Mars/Base"', "Mars/Base"),
        ('columns = { profit = "x" }', "profit"),
        ('separators = ";"', "separator"),
        ('decimal = ";"', "decimal"),
    ],
)
def test_a_wrong_statement_is_refused_with_its_name(tmp_path: Path, line, said):
    (tmp_path / "logaudit.toml").write_text(f'[[ledgers]]\nfiles = "*.csv"\n{line}\n', encoding="utf-8")
    with pytest.raises(UserError, match=said):
        options_of(resolve({}, {}, tmp_path))
