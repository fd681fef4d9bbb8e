"""The seed's incident, statement by statement, in the Markdown report of its fixture, in both languages.

Each statement of the document that a person wrote is looked for in the section where a reader would look, with
the evidence it rests on. Where that document guessed wrong, the report must not repeat the guess.
"""

from __future__ import annotations

import re
from functools import cache

import pytest
from test_scan_fixtures import outcome_of

from logaudit.core.message import (
    label,
    msg,
    plain_text,
)
from logaudit.locale import language
from logaudit.renderers.document import render

LANG = pytest.mark.parametrize("lang", ["en", "ru"])

#: The close as the log has it.
CLOSE = (
    "ПОЗИЦИЯ ЗАКРЫТА: BTC-USDT SHORT\n",
    "   Entry price: $91480.000000\n",
    "   Exit price: $90579.200000\n",
    "   Gross PnL: $+2.1619 USDT\n",
    "   Net PnL: $+1.9434 USDT\n",
    "   Причина закрытия: tp\n",
)
#: Name → section and what must stand in it, one after another, in English and in Russian; [E] is any citation.
STATEMENTS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "the ledger of the day of the close does not exist": (
        "ledgers",
        ("`trades_2025-11-28.csv` | ✗ **not observed** | 2025-11-28",),
        ("`trades_2025-11-28.csv` | ✗ **не наблюдался** | 2025-11-28",),
    ),
    "the ledger of the day before holds only its header, 109 bytes": (
        "ledgers",
        ("`trades_2025-11-27.csv` | ✗ **header only** | 2025-11-27 | 109 | 0 ", "[E]"),
        ("`trades_2025-11-27.csv` | ✗ **только заголовок** | 2025-11-27 | 109 | 0 ", "[E]"),
    ),
    "both are findings of their own": (
        "findings",
        (
            "error** `LA201`",
            "2025-11-28",
            "no ledger file of that day",
            "[E]",
            "error** `LA202`",
            "109 bytes",
            "[E]",
        ),
        (
            "ошибка** `LA201`",
            "За 2025-11-28",
            "журнала за этот день нет",
            "[E]",
            "ошибка** `LA202`",
            "109 байт",
            "[E]",
        ),
    ),
    "the position was closed at 05:13:38 by take profit and has no row": (
        "findings",
        ("`BTC-USDT` short closed 2025-11-28 05:13:38.049 (`tp`) with net PnL +1.9434 has no row", "[E]"),
        (
            "`BTC-USDT` short, закрытие 2025-11-28 05:13:38.049 (причина `tp`), чистый PnL +1.9434: строки ",
            "нет",
            "[E]",
        ),
    ),
    "the close is quoted with all its fields": (
        "findings",
        ("info_2025-11-28.log:121` [E]", *CLOSE),
        ("info_2025-11-28.log:121` [E]", *CLOSE),
    ),
    "it is logged, but not recorded": (
        "reconciliation",
        (
            "05:13:38.049 | `BTC-USDT` short `tp` | +1.9434 | – | [E] | not observed | not observed | ✗ **silent",
        ),
        (
            "05:13:38.049 | `BTC-USDT` short `tp` | +1.9434 | – | [E] | не наблюдалось | не наблюдалось | ",
            "✗ **молча",
        ),
    ),
    "the expected chain of calls, from the recorder to the row": (
        "failure-points",
        (
            "**A** | `PerformanceTracker.__init__()`",
            "**B** | `_init_csv()`",
            "**C** | the code that closes the position calls `record_trade()`",
            "**D** | `trade_result`",
            "**E** | `_export_trade_to_csv()`",
        ),
        (
            "**A** | `PerformanceTracker.__init__()`",
            "**B** | `_init_csv()`",
            "**C** | код, закрывающий позицию, вызывает `record_trade()`",
            "**D** | `trade_result`",
            "**E** | `_export_trade_to_csv()`",
        ),
    ),
    "points of failure A to E with their states, the failure point marked": (
        "failure-points",
        (
            "**A** ? not observable → **B** ? not observable → **C** ✗ not observed (failure point) → **D** ",
            "✗ not observed → **E** ✗ not observed",
        ),
        (
            "**A** ? нельзя наблюдать → **B** ? нельзя наблюдать → **C** ✗ не наблюдалось (точка отказа) → ",
            "**D** ✗ не наблюдалось → **E** ✗ не наблюдалось",
        ),
    ),
    "no record of the recorder's initialisation, in which streams and levels": (
        "findings",
        (
            "No recorder initialisation was observed in this run. Searched: `futures_main`, `info` (levels ",
            "DEBUG, INFO, WARNING)",
        ),
        (
            "Инициализация регистратора в этом запуске не наблюдалась. Искали в: `futures_main`, `info` ",
            "(уровни DEBUG, INFO, WARNING)",
        ),
    ),
    "which proves nothing: the run began before the logs at hand": (
        "findings",
        ("began before the first log line at hand (2025-11-28 00:03:23)",),
        ("начался раньше первой имеющейся строки лога (2025-11-28 00:03:23)",),
    ),
    "possible reasons: not initialised, or logged to another stream or level": (
        "hypotheses",
        (
            "The recorder was initialised, but its lines went to another stream, level or time",
            "The recorder was never initialised",
        ),
        (
            "Регистратор инициализируется, но его строки не попадают в имеющиеся логи: другой поток, уровень или время",
            "Регистратор не инициализируется",
        ),
    ),
    "no line of record_trade around the close, in which streams": (
        "failure-points",
        ("**C** | ", "not observed", "`futures_main`, `info` ", "2025-11-28 05:13:38", "[E]"),
        ("**C** | ", "не наблюдалось", "`futures_main`, `info` ", "2025-11-28 05:13:38", "[E]"),
    ),
    "hypothesis 1, lines elsewhere: high, and where to look": (
        "hypotheses",
        (
            "### H1. The recorder was initialised, but its lines went",
            "Likelihood: ! **high**",
            "[E]",
            "**Check:** Look through every stream of the run",
        ),
        (
            "### H1. Регистратор инициализируется, но его строки",
            "Вероятность: ! **высокая**",
            "[E]",
            "**Проверка:** Просмотрите все потоки запуска",
        ),
    ),
    "hypothesis 2, no trade result: medium, and what to log": (
        "hypotheses",
        (
            "The recorder's caller has no trade result",
            "Likelihood: i **medium**",
            "**Check:** Log what the closing function returns",
            "trade_result={trade_result}",
        ),
        (
            "У вызывающего кода нет результата сделки",
            "Вероятность: i **средняя**",
            "**Проверка:** Логируйте, что возвращает функция закрытия",
            "trade_result={trade_result}",
        ),
    ),
    "hypothesis 3, a swallowed exception: medium, not refuted for want of a line": (
        "hypotheses",
        (
            "The recorder raises, and the exception is swallowed",
            "Likelihood: i **medium**",
            "leaves no line, so this refutes nothing",
            "**Check:** Log the exception in every except",
            "level of its logger is not above ERROR",
        ),
        (
            "Регистратор бросает исключение, и оно поглощается",
            "Вероятность: i **средняя**",
            "не оставляет строк, так что это ничего не опровергает",
            "**Проверка:** Логируйте исключение в каждом except",
            "не выше ERROR",
        ),
    ),
    "hypothesis 4, the file is elsewhere: low, and the directory to check": (
        "hypotheses",
        (
            "The rows are written into a file in another folder",
            "Likelihood: ? **low**",
            "lies where it should",
            "**Check:** Check the directory that the bot runs in",
        ),
        (
            "Строки записываются в файл в другой папке",
            "Вероятность: ? **низкая**",
            "лежит там, где должен",
            "**Проверка:** Проверьте, в какой директории запускается бот",
        ),
    ),
    "a path that never calls the recorder, the true cause, is not ruled out": (
        "hypotheses",
        ("A code path that closes positions never calls the recorder", "Likelihood: i **medium**"),
        ("Путь кода, закрывающий позиции, не вызывает регистратор", "Вероятность: i **средняя**"),
    ),
    "one trade is too few to name the code path": (
        "blind-paths",
        ("No code path is named: One trade is too few to name a code path",),
        ("Путь кода не называется: Одной сделки слишком мало, чтобы назвать путь кода",),
    ),
    "the time zone is examined and cleared, with the arithmetic": (
        "works",
        (
            "Time zone is not the cause: the close at 05:13:38 local lies on 2025-11-28 in UTC for every ",
            "offset up to +05:13:38",
            "previous day's file; `trades_2025-11-27.csv` holds no row at all. [E]",
        ),
        (
            "Часовой пояс — не причина: закрытие в 05:13:38 местного времени приходится на 2025-11-28 и по ",
            "UTC при любом смещении до +05:13:38",
            "предыдущий день; в `trades_2025-11-27.csv` нет ни одной строки. [E]",
        ),
    ),
    "and stands among the refuted hypotheses with the reason": (
        "hypotheses",
        ("### Refuted hypotheses", "another time zone", "**refuted**", "05:13:38", "+05:13:38"),
        ("### Опровергнутые гипотезы", "другой часовой пояс", "**опровергнута**", "05:13:38", "+05:13:38"),
    ),
    "111 archives, one every 10 to 15 minutes": (
        "collection",
        ("`futures_main` is cut into 111 archives, one every 10 to 14 min (median 12 min)", "[E]"),
        (
            "`futures_main` разрезан на 111 архивов: один раз в 10–14 мин (медиана 12 мин)",
            "[E]",
        ),
    ),
    "examples of their names": (
        "collection",
        ("00-05-07_046547.log.zip`", "00-17-33_039647.log.zip`", "00-28-56_884048.log.zip`"),
        ("00-05-07_046547.log.zip`", "00-17-33_039647.log.zip`", "00-28-56_884048.log.zip`"),
    ),
    "what to set instead": (
        "collection",
        ('**Recommendation:** Set `rotation="00:00"` (daily)',),
        ('**Рекомендация:** Задайте `rotation="00:00"` (раз в сутки)',),
    ),
    "that rotation lost the lines is refuted: the logs go on around the close": (
        "hypotheses",
        (
            "Rotation or compression lost the recorder's lines",
            "go on without a break around every lost close",
        ),
        ("Строки регистратора потеряны при ротации или сжатии логов", "идут без разрыва"),
    ),
    "the debug CSV is filled, so writing CSV works; its columns": (
        "ledgers",
        (
            "✓ **alive** debug CSV `futures/debug/debug_20251127_225221.csv`: 374 rows ",
            "bot writes CSV files ",
            "`timestamp,event_type,symbol,data`",
            "[E]",
        ),
        (
            "✓ **работает** debug CSV `futures/debug/debug_20251127_225221.csv`: 374 строки ",
            "запись в CSV у бота работает",
            "`timestamp,event_type,symbol,data`",
            "[E]",
        ),
    ),
    "step 1: search the logs of the start for the initialisation": (
        "checks",
        (
            "**1.** Search the logs of the run's start",
            "grep ",
            "'PerformanceTracker initialized'",
            "'Created new trades CSV:'",
            "'Using existing trades CSV:'",
        ),
        (
            "**1.** Проверьте логи начала запуска",
            "grep ",
            "'PerformanceTracker initialized'",
            "'Created new trades CSV:'",
            "'Using existing trades CSV:'",
        ),
    ),
    "step 2: log before the check and around the export, ready to copy": (
        "checks",
        (
            "(stage C), and restart",
            "```python\n# orchestrator.py",
            "hasattr performance_tracker=",
            "(stage E), and restart",
            "Failed to export trade to CSV",
        ),
        (
            "(точка C), и перезапустите",
            "```python\n# orchestrator.py",
            "hasattr performance_tracker=",
            "(точка E), и перезапустите",
            "Failed to export trade to CSV",
        ),
    ),
    "step 3: check what the closing function returns": (
        "checks",
        ("Log what the closing function returns",),
        ("Логируйте, что возвращает функция закрытия",),
    ),
    "step 4: check the levels of logging": (
        "checks",
        ("compare the sinks' levels and filters with the recorder's module",),
        ("сравните уровни и фильтры логов с модулем регистратора",),
    ),
    "statistics: files read, CSV files, closes, rows, errors": (
        "statistics",
        (
            "Sources read | 114, of them 111 archives",
            "Trades ledgers found | 1 (`trades_2025-11-27.csv`)",
            "Closes | 1 |",
            "Ledger rows | 0 |",
            "level ERROR or above | 0 |",
            "logged by the recorder | 0 |",
        ),
        (
            "Прочитано источников | 114, из них 111 архивов",
            "Найдено журналов сделок | 1 (`trades_2025-11-27.csv`)",
            "Закрытий | 1 |",
            "Строк в журналах | 0 |",
            "уровня ERROR и выше | 0 |",
            "сообщил регистратор | 0 |",
        ),
    ),
    "zero errors are stated as observed, and where": (
        "works",
        ("0 recorder errors observed in 1,345 records of `futures_main`, `info`",),
        ("Ошибок регистратора наблюдалось 0 на 1 345 записей в `futures_main`, `info`",),
    ),
    "conclusion: positions are closed, nothing is recorded": (
        "summary",
        ("**Problem.** The bot closed positions and logged it, and 1 close has no row", "+1.9434", "[E]"),
        (
            "**Проблема.** Бот закрывал позиции и писал об этом в лог, но 1 закрытие осталось без строки",
            "+1.9434",
            "[E]",
        ),
    ),
    "conclusion: the most likely cause": (
        "summary",
        (
            "**Why.**",
            "Most likely the recorder was initialised, but its lines went to another stream, level or time.",
        ),
        ("**Почему.**", "регистратор инициализируется, но его строки не попадают"),
    ),
    "conclusion: the next step": (
        "summary",
        ("**Next step.** Search the logs of the run's start",),
        ("**Следующий шаг.** Проверьте логи начала запуска",),
    ),
    "impact: the ledger shows nothing of a winning trade": (
        "impact",
        ("**+1.9434** net PnL never reached", "Win rate | 100% | – ", "| reason | `tp` | 1 |"),
        ("чистый PnL **+1.9434**", "Доля прибыльных | 100 % | – ", "| причина | `tp` | 1 |"),
    ),
    "testing the fix: every close after a restart must be recorded": (
        "verification",
        ("--since 'YYYY-MM-DD HH:MM:SS'", "every close after that time has its row"),
        ("--since 'ГГГГ-ММ-ДД ЧЧ:ММ:СС'", "записано каждое закрытие"),
    ),
}


#: Sections by the names under which the statements above ask for them.
TITLES = {
    "impact": msg("Impact in money"),
    "findings": label("figure", "Findings"),
    "reconciliation": msg("Reconciliation"),
    "failure-points": msg("Failure points"),
    "blind-paths": msg("Blind code paths"),
    "hypotheses": msg("Hypotheses"),
    "works": msg("What works"),
    "collection": msg("Log collection"),
    "ledgers": msg("Ledgers and other CSV files"),
    "checks": msg("Next checks"),
    "verification": msg("Verification after a fix"),
    "statistics": msg("Statistics"),
    "summary": label("section", "Summary"),
    "evidence": msg("Evidence register"),
}


@cache
def report(lang: str) -> str:
    return render(outcome_of("seed-incident"), "md", lang=lang, command="logaudit report logs")


def section(lang: str, name: str) -> str:
    """One section; citations lose their numbers."""
    title = re.escape(plain_text(TITLES[name], language(lang)))
    (found,) = re.findall(rf"^## \d+\. {title}\n(.*?)(?=^## |\Z)", report(lang), re.MULTILINE | re.DOTALL)
    return re.sub(r"\[E\d+\]", "[E]", found)


@LANG
@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_report_says(statement: str, lang: str) -> None:
    name, english, russian = STATEMENTS[statement]
    text, at = section(lang, name), 0
    for part in english if lang == "en" else russian:
        found = text.find(part, at)
        assert found >= 0, f"{part!r} does not follow in:\n{text[at:]}"
        at = found + len(part)


@LANG
def test_it_blames_no_missing_rotation_zone_or_person(lang: str) -> None:
    """The refuted do not lead, and what only a person can know is left open."""
    assert report(lang).count("**TODO(human)**") >= 4
    ranked = re.findall(r"^\| \*\*H\d+\*\* \| (.*?) \| (.*?) \|", report(lang), re.MULTILINE)
    assert len(ranked) >= 10
    refuted = [title for title, likelihood in ranked if likelihood.startswith("✗")]
    assert len(refuted) == 2
    assert [title for title, _ in ranked[-2:]] == refuted


@LANG
def test_utc_is_not_claimed_without_a_zone(lang: str) -> None:
    assert "05:13:38.049Z" not in report(lang)
    assert not re.search(r"\d\d:\d\d:\d\d(\.\d+)?Z", section(lang, "evidence"))


def test_with_a_zone_the_seeds_own_arithmetic_comes_out() -> None:
    """05:13:38 less three hours is 02:13:38 of the same day."""
    from test_scan_fixtures import FIXTURES  # noqa: PLC0415 - only here

    from logaudit.audit.pipeline import ScanOptions, run  # noqa: PLC0415 - as above

    outcome = run([str(FIXTURES / "seed-incident" / "logs")], ScanOptions(zone="+03:00", jobs=1))
    text = render(outcome, "md", lang="ru")
    assert "(при +03:00: 2025-11-28 02:13:38 UTC)" in text
    assert "`2025-11-28 05:13:38.049` | 2025-11-28 02:13:38.049Z |" in text
