"""What to check next, in Russian: separations of causes, commands and log statements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from logaudit.core.finding import Data
from logaudit.renderers.phrases.fill import Template, fill, lowered, strings, text, title
from logaudit.renderers.phrases.ru_causes import CAUSES

_Params = Mapping[str, Data]


def stage_of(params: _Params) -> str:
    """A stage by its letter and title."""
    return f"{text(params['stage'])} ({title(params, 'ru')})"


def _names(params: _Params) -> tuple[str, str]:
    early, late = (lowered(fill(CAUSES[f"{text(params[k])}.title"], {})) for k in ("early", "late"))
    return early, late


def _at_start(params: _Params) -> str:
    early, late = _names(params)
    return (
        f"Найдите строку точки {stage_of(params)} в логах начала запуска, а если её нет — добавьте её в "
        "код. Если она "
        f"есть, регистратор работал, и остаётся: {late}. Если в полном логе начала её нет: {early}."
    )


def _at_close(params: _Params) -> str:
    early, late = _names(params)
    return (
        f"Добавьте логирование точки {stage_of(params)} и дождитесь следующей потерянной сделки. Если "
        "строка для неё "
        f"появится: {late}. Если нет: {early}."
    )


def _same_place(params: _Params) -> str:
    early, late = _names(params)
    return (
        "Логируйте каждый исход регистратора, включая ошибки: только его собственная строка различит два случая — "
        f"{early} или {late}."
    )


def _no_stage(params: _Params) -> str:
    early, late = _names(params)
    return (
        "Логируйте каждый вызов регистратора с его исходом и дождитесь следующей потерянной сделки. Нет вызова: "
        f"{early}. Вызов есть, строки нет: {late}."
    )


def _start_check(params: _Params) -> str:
    terms = ", ".join(f"«{term}»" for term in strings(params, "terms"))
    return (
        f"Проверьте логи начала запуска, до {text(params['from'])}, во всех потоках "
        f"({', '.join(strings(params, 'streams'))}) на наличие: {terms}. Если они найдутся, положите их рядом и "
        "повторите проверку."
    )


def _lines(params: _Params) -> str:
    early, late = _names(params)
    return (
        f"Найдите строку точки {stage_of(params)} в логах начала запуска, а строку регистратора о "
        "потерянных сделках — "
        f"во всех потоках, которых здесь нет. Если такая строка есть: {early}. Если есть только строка "
        f"начала: {late}."
    )


CHECKS: Final[dict[str, Template]] = {
    "separate.lines": _lines,
    "separate.at-start": _at_start,
    "separate.at-close": _at_close,
    "separate.same-place": _same_place,
    "separate.no-stage": _no_stage,
    "check.start": _start_check,
    "check.log-format": (
        "Строк, не подходящих ни к одному известному формату: {lines}. Среди них могут быть строки регистратора: "
        "укажите формат логов бота."
    ),
    "check.log-statement": lambda p: f"Добавьте логирование точки {stage_of(p)} и перезапустите бота.",
}
